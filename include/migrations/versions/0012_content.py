"""Keys and contents that depend on their row alone: those of what is reported already are made anew.

Read docs/runbook.md, "Upgrading: keys and contents made anew", for what it costs and what it cannot know.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa
from alembic import op

from nuanliu.contract.label_text import fold_label
from nuanliu.domain.file_content import hash_activities
from nuanliu.domain.submission import ROW_COLUMNS
from nuanliu.intake.rows.contents import OwnFigures, content_hash
from nuanliu.intake.rows.keys import row_keys
from nuanliu.warehouse.schema.copying import copy_frame

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ROWS_AT_A_TIME = 50_000
_KEYS = ("natural_key", "series_key", "identity_key", "measures_hash", "content_hash")

_WEEKS = sa.text("select distinct unnest(fact_weeks) as week_start from dim_submission order by 1")
_ACTIVITIES = sa.text("""
select
    activity.activity_key as activity_id,
    activity.activity_no,
    activity.reporting_union_id,
    organizer.union_id as organizer_union_id,
    category.category_id,
    activity.activity_name,
    activity.period_kind,
    activity.scope,
    activity.since_on,
    activity.item_name,
    activity.start_on,
    activity.end_on,
    activity.as_of_on,
    activity.week_start as counts_week,
    campaign.campaign_id,
    place.division_code as place_division,
    (
        select string_agg(beneficiary.group_id, ';')
        from bridge_activity_group as bridge
        inner join dim_beneficiary_group as beneficiary on bridge.group_key = beneficiary.group_key
        where bridge.week_start = activity.week_start and bridge.activity_key = activity.activity_key
    ) as beneficiary_groups,
    (
        select string_agg(partner.partner_name, ';')
        from bridge_activity_partner as bridge
        inner join dim_partner as partner on bridge.partner_key = partner.partner_key
        where bridge.week_start = activity.week_start and bridge.activity_key = activity.activity_key
    ) as co_organizers
from fact_activity as activity
inner join dim_union as organizer on activity.organizer_union_key = organizer.union_key
inner join dim_category as category on activity.category_key = category.category_key
left join dim_campaign as campaign on activity.campaign_key = campaign.campaign_key
left join dim_division as place on activity.place_division_key = place.division_key
where activity.week_start = :week_start and activity.activity_key > :after
order by activity.activity_key
limit :limit
""")
_FIGURES = sa.text("""
select
    figure.activity_key as activity_id,
    measure.measure_id,
    cast(figure.value * 100 as bigint) as value_cents,
    figure.exactness
from fact_measure as figure
inner join dim_measure as measure on figure.measure_key = measure.measure_key
where figure.week_start = :week_start and figure.activity_key between :first and :last
""")
_TAKE_ACTIVITIES = sa.text("""
update fact_activity
set
    natural_key = made.natural_key,
    series_key = made.series_key,
    identity_key = made.identity_key,
    measures_hash = made.measures_hash,
    content_hash = made.content_hash
from made_anew as made
where fact_activity.week_start = :week_start and fact_activity.activity_key = made.activity_key
""")
_TAKE_FIGURES = sa.text("""
update fact_measure
set series_key = made.series_key
from made_anew as made
where
    fact_measure.week_start = :week_start
    and fact_measure.activity_key = made.activity_key
    and fact_measure.series_key <> made.series_key
""")
# A series that had two keys, numbered in files of numbers only and in others, becomes one: its latest figure stays.
_CARRIED = sa.text("""
create temporary table carried_anew on commit drop as
select
    carried.week_start,
    carried.union_id,
    carried.series_key,
    carried.measure_id,
    carried.period_kind,
    carried.scope,
    made.series_key as new_key,
    row_number() over (
        partition by
            carried.week_start, carried.union_id, made.series_key, carried.measure_id, carried.period_kind, carried.scope
        order by carried.as_of_on desc, carried.fact_week_start desc, carried.activity_key desc
    ) as place
from mart_cumulative as carried
left join fact_activity as activity
    on carried.fact_week_start = activity.week_start and carried.activity_key = activity.activity_key
cross join lateral (
    select coalesce(
        case
            when carried.period_kind = 'cumulative_since'
                then activity.series_key || coalesce('|since=' || carried.since_on, '')
            else activity.series_key
        end,
        carried.series_key
    ) as series_key
) as made
""")
_SAME_CARRIED = """
    mart_cumulative.week_start = carried_anew.week_start
    and mart_cumulative.union_id = carried_anew.union_id
    and mart_cumulative.series_key = carried_anew.series_key
    and mart_cumulative.measure_id = carried_anew.measure_id
    and mart_cumulative.period_kind = carried_anew.period_kind
    and mart_cumulative.scope = carried_anew.scope
"""
# 含下级 figures of two 填报单位 under one name were one series, of which the older as-of was lost: rolled up anew, they are two.
_SPLIT = sa.text("""
insert into stale_week (week_id, object_id)
with split as (
    select identity_key
    from fact_activity
    where scope = 'inclusive' and period_kind in ('ytd', 'cumulative_since', 'stock')
    group by identity_key
    having count(distinct reporting_union_id) > 1
)

select distinct
    to_char(carried.week_start, 'IYYY-"W"IW') as week_id,
    0 as object_id
from mart_cumulative as carried
inner join fact_activity as activity
    on carried.fact_week_start = activity.week_start and carried.activity_key = activity.activity_key
inner join split on activity.identity_key = split.identity_key
on conflict do nothing
""")
# Campaigns on no list that differ in blanks, width or case only are one, under the look-up form of their name.
_FOLD_CAMPAIGN = tuple(
    map(
        sa.text,
        (
            "insert into dim_campaign (campaign_id, campaign_name, is_listed) values (:folded, :folded, false) "
            "on conflict (campaign_id) do nothing",
            "update fact_activity set campaign_key = folded.campaign_key from dim_campaign as folded "
            "where folded.campaign_id = :folded and fact_activity.campaign_key = :campaign_key",
            "update fact_measure set campaign_key = folded.campaign_key from dim_campaign as folded "
            "where folded.campaign_id = :folded and fact_measure.campaign_key = :campaign_key",
            "insert into mart_campaign_week as folded "
            "(week_start, campaign_id, union_id, measure_id, value, exactness, activity_count) "
            "select week_start, :folded, union_id, measure_id, value, exactness, activity_count "
            "from mart_campaign_week where campaign_id = :campaign_id "
            "on conflict (campaign_id, measure_id, week_start, union_id) do update set "
            "value = folded.value + excluded.value, exactness = folded.exactness | excluded.exactness, "
            "activity_count = folded.activity_count + excluded.activity_count",
            "delete from mart_campaign_week where campaign_id = :campaign_id",
            # Readers know its figures by the name that was written; of two such names of one campaign, one goes on.
            "update published_figure as known set figure_id = named.figure_id from ("
            "select week_start, figure_id as old_id, regexp_replace(figure_id, '^campaign/.*(/[^/]+/[^/]+)$', "
            "'campaign/' || :folded || '\\1') as figure_id from published_figure where is_campaign "
            "and regexp_replace(figure_id, '^campaign/(.*)/[^/]+/[^/]+$', '\\1') = :campaign_id) as named "
            "where known.week_start = named.week_start and known.figure_id = named.old_id and not exists ("
            "select 1 from published_figure as other "
            "where other.week_start = named.week_start and other.figure_id = named.figure_id)",
            "delete from dim_campaign where campaign_key = :campaign_key",
        ),
    )
)
# Whole in the facts: every activity of the file was accepted, and none has moved to its organiser's report since.
_VERSIONS = sa.text("""
select
    version.submission_key,
    version.fact_weeks,
    counts.activity_count = cast(answer.document ->> 'activities' as integer) and counts.moved_count = 0 as is_whole
from dim_submission as version
inner join fact_submission as counts on version.object_id = counts.object_id
inner join receipt as answer on version.object_id = answer.object_id
where version.superseded_at is null
order by version.submission_key
""")
_ROWS_OF_VERSION = sa.text("""
select
    natural_key as activity_key,
    content_hash
from fact_activity
where week_start = any(cast(:fact_weeks as date[])) and submission_key = :submission_key
""")


def upgrade() -> None:
    """Add the column, make all keys from the facts some thousand at a time, and lead the carried series over."""
    connection = op.get_bind()
    op.add_column(
        "fact_activity",
        sa.Column(
            "measures_hash", sa.Text(), nullable=False, server_default="", comment="of measures, values and exactness"
        ),
    )
    op.execute(
        "create temporary table made_anew (activity_key bigint primary key, natural_key text, series_key text, "
        "identity_key text, measures_hash text, content_hash text) on commit drop"
    )
    _fold_campaigns(connection)
    for (week_start,) in connection.execute(_WEEKS).all():
        for made in _made_anew(connection, week_start):
            copy_frame(connection, "made_anew", made)
            connection.execute(_TAKE_ACTIVITIES, {"week_start": week_start})
            connection.execute(_TAKE_FIGURES, {"week_start": week_start})
            op.execute("truncate made_anew")
    connection.execute(_CARRIED)
    op.execute(
        "insert into stale_week (week_id, object_id) select distinct to_char(week_start, 'IYYY-\"W\"IW'), 0 "
        "from carried_anew where place > 1 on conflict do nothing"
    )
    op.execute(f"delete from mart_cumulative using carried_anew where {_SAME_CARRIED} and carried_anew.place > 1")
    op.execute(
        f"update mart_cumulative set series_key = carried_anew.new_key from carried_anew where {_SAME_CARRIED} "
        "and carried_anew.new_key <> carried_anew.series_key"
    )
    connection.execute(_SPLIT)
    _name_contents(connection)


def downgrade() -> None:
    """Take the column away. Keys and contents stay as they are: the code of before will ask about rows again."""
    op.drop_column("fact_activity", "measures_hash")


def _fold_campaigns(connection: sa.Connection) -> None:
    written = sa.text("select campaign_key, campaign_id from dim_campaign where not is_listed order by campaign_key")
    for campaign_key, campaign_id in connection.execute(written).all():
        folded = fold_label(campaign_id)
        if folded != campaign_id:
            given = {"campaign_key": campaign_key, "campaign_id": campaign_id, "folded": folded}
            for statement in _FOLD_CAMPAIGN:
                connection.execute(statement, {name: given[name] for name in statement.compile().params})


def _made_anew(connection: sa.Connection, week_start: date) -> Iterator[pd.DataFrame]:
    """Keys and contents of a week's activities, by activity_key."""
    last = 0
    while True:
        given = {"week_start": week_start, "after": last, "limit": _ROWS_AT_A_TIME}
        found = connection.execute(_ACTIVITIES, given).all()
        if not found:
            return
        columns = dict(zip(found[0]._fields, zip(*found, strict=True), strict=True))
        rows = {name: pd.Series(values, dtype=ROW_COLUMNS[name]) for name, values in columns.items()}
        first, last = found[0].activity_id, found[-1].activity_id
        said = connection.execute(_FIGURES, {"week_start": week_start, "first": first, "last": last}).all()
        figures = pd.DataFrame(said, columns=["activity_id", "measure_id", "value_cents", "exactness"])
        own = OwnFigures(rows["activity_id"], figures.astype({"measure_id": "str", "value_cents": "int64"}))
        rows |= row_keys(rows)
        rows |= {"measures_hash": own.measures_hash(), "content_hash": content_hash(rows, own, {})}
        made = {"activity_key": rows["activity_id"], "natural_key": rows["activity_key"]}
        yield pd.DataFrame(made | {name: rows[name] for name in _KEYS[1:]})


def _name_contents(connection: sa.Connection) -> None:
    """What the versions that count call their content; of one whose rows are not all in the facts nothing is known."""
    for version in connection.execute(_VERSIONS).all():
        content = ""
        if version.is_whole:
            given = {"submission_key": version.submission_key, "fact_weeks": version.fact_weeks}
            found = connection.execute(_ROWS_OF_VERSION, given, execution_options={"yield_per": _ROWS_AT_A_TIME})
            pieces = [_version_rows(some) for some in found.partitions()]
            rows = pd.concat(pieces, ignore_index=True) if pieces else _version_rows(())
            content = hash_activities(rows["activity_key"], rows["content_hash"])
        connection.execute(
            sa.text("update dim_submission set content_hash = :content where submission_key = :submission_key"),
            {"content": content, "submission_key": version.submission_key},
        )


def _version_rows(found: Sequence[sa.Row[tuple[str, str]]]) -> pd.DataFrame:
    return pd.DataFrame(found, columns=["activity_key", "content_hash"], dtype="str")
