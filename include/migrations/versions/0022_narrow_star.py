"""Facts as narrow rows: small keys, hashes as bytes, values in hundredths; fact_activity and fact_measure are views on them.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_CARRIED = sa.text("period_kind in ('ytd', 'cumulative_since', 'stock')")
_ACTIVITY_KEYS = 1000
"""A load takes its keys by the thousand."""

# A key is a hash and, of some, a year, a union or a day behind it: 0123…ef/2024.
_KEY_BYTES = """
create function key_bytes(key text)
returns bytea
language sql immutable strict parallel safe
as $$
    select decode(substr(key, 1, 32), 'hex') || decode(substr(key, 33), 'escape')
$$
"""
_KEY_TEXT = """
create function key_text(key bytea)
returns text
language sql immutable strict parallel safe
as $$
    select encode(substr(key, 1, 16), 'hex') || encode(substr(key, 17), 'escape')
$$
"""
_CELL_ADDRESS = """
create function cell_address(column_number integer, row_number integer)
returns text
language sql immutable strict parallel safe
as $$
    select
        case
            when column_number <= 26 then chr(64 + column_number)
            when column_number <= 702 then chr(64 + (column_number - 1) / 26) || chr(65 + (column_number - 1) % 26)
            else
                chr(64 + (column_number - 27) / 676)
                || chr(65 + (column_number - 27) / 26 % 26)
                || chr(65 + (column_number - 1) % 26)
        end || row_number
$$
"""
_COLUMN_NUMBERS = """
create temporary table column_number on commit drop as
select
    rtrim(cell_address(number, 0), '0') as letters,
    cast(number as smallint) as number
from generate_series(1, 16384) as number
"""
_NATURAL_KEY = """
    {series} || '/' || case
        when activity_no is null and period_kind not in ('ytd', 'cumulative_since', 'stock')
            then coalesce(to_char(start_on, 'YYYY-MM-DD'), '')
        else ''
    end || '/' || case when period_kind = 'event' then to_char(week_start, 'YYYY-MM-DD') else '' end
"""
"""What the intake makes of most rows; any other key stands in its column."""

_VIEWS = (
    f"""
create view fact_activity as
select
    activity_key, week_start, submission_key, reporting_union_id, organizer_union_key, category_key, campaign_key,
    place_division_key, place_detail, start_on, end_on, is_date_inferred, is_crossing_week, period_kind, scope, since_on,
    as_of_on, activity_no, activity_name, item_name, has_open_list,
    coalesce(natural_key, {_NATURAL_KEY.format(series="key_text(series_key)")}) as natural_key,
    key_text(series_key) as series_key, encode(content_hash, 'hex') as content_hash, explanation, remarks, source_sheet,
    source_row, identity_key, is_accepted, is_counting, encode(measures_hash, 'hex') as measures_hash
from stored_activity
""",
    """
create view fact_measure as
select
    week_start, activity_key, measure_key, submission_key, organizer_union_key, category_key, campaign_key,
    place_division_key, period_kind, scope, since_on, as_of_on, key_text(series_key) as series_key,
    value_cents * 0.01 as value, exactness, coalesce(raw_text, trim_scale(value_cents * 0.01)::text) as raw_text,
    source_sheet, source_row, cell_address(source_column, source_row) as source_cell, is_counting
from stored_measure
""",
)
_VIEW_COMMENTS = {
    "fact_activity": "stored_activity as readers and checks know it: keys and hashes as texts.",
    "fact_measure": "stored_measure as readers and checks know it: value in the base unit, cell and text as in the file.",
}

_TAKE_ACTIVITIES = f"""
insert into stored_activity (
    activity_key, submission_key, week_start, organizer_union_key, campaign_key, place_division_key, start_on, end_on,
    since_on, as_of_on, source_row, category_key, is_date_inferred, is_crossing_week, has_open_list, is_accepted,
    is_counting, period_kind, scope, series_key, content_hash, measures_hash, identity_key, reporting_union_id,
    activity_name, activity_no, natural_key, item_name, place_detail, explanation, remarks, source_sheet
)
select
    activity_key, submission_key, week_start, organizer_union_key, campaign_key, place_division_key, start_on, end_on,
    since_on, as_of_on, source_row, category_key, is_date_inferred, is_crossing_week, has_open_list, is_accepted,
    is_counting, period_kind, scope, key_bytes(series_key), decode(content_hash, 'hex'), decode(measures_hash, 'hex'),
    identity_key, reporting_union_id, activity_name, activity_no,
    nullif(natural_key, {_NATURAL_KEY.format(series="series_key")}), item_name, place_detail, explanation, remarks,
    source_sheet
from old_activity
where week_start = :monday
order by activity_key
"""
_TAKE_FIGURES = """
insert into stored_measure (
    activity_key, value_cents, week_start, submission_key, organizer_union_key, campaign_key, place_division_key,
    since_on, as_of_on, source_row, measure_key, category_key, source_column, exactness, is_counting, period_kind, scope,
    series_key, raw_text, source_sheet
)
select
    activity_key, cast(value * 100 as bigint), week_start, submission_key, organizer_union_key, campaign_key,
    place_division_key, since_on, as_of_on, source_row, measure_key, category_key, column_number.number,
    exactness, is_counting, period_kind, scope, key_bytes(series_key),
    nullif(raw_text, trim_scale(value)::text), source_sheet
from old_measure
inner join column_number on rtrim(source_cell, '0123456789') = column_number.letters
where week_start = :monday
order by activity_key, measure_key
"""
_ACTIVITY_COLUMNS = """
    activity_key, week_start, submission_key, reporting_union_id, organizer_union_key, category_key, campaign_key,
    place_division_key, place_detail, start_on, end_on, is_date_inferred, is_crossing_week, period_kind, scope, since_on,
    as_of_on, activity_no, activity_name, item_name, has_open_list, natural_key, series_key, content_hash, explanation,
    remarks, source_sheet, source_row, identity_key, is_accepted, is_counting, measures_hash
"""
_FIGURE_COLUMNS = """
    week_start, activity_key, measure_key, submission_key, organizer_union_key, category_key, campaign_key,
    place_division_key, period_kind, scope, since_on, as_of_on, series_key, value, exactness, raw_text, source_sheet,
    source_row, source_cell, is_counting
"""
_DIGEST = """
select count(*) || '/' || coalesce(sum(hashtextextended(cast(row({columns}) as text), 0)), 0)
from {table}
where week_start = :monday
"""
_MAKE_WEEK_PARTITIONS = """
create or replace function make_week_partitions(monday date)
returns void
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
    fact text;
    week text;
begin
    if extract(isodow from monday) <> 1 then
        raise exception '% is no Monday', monday using errcode = 'invalid_parameter_value';
    end if;
    foreach fact in array array['{activity}', '{measure}'] loop
        week := fact || to_char(monday, '_IYYY"w"IW');
        execute format(
            'create table %I (like %I including defaults including constraints including comments)', week, fact
        );
        execute format(
            'alter table %I attach partition %I for values from (%L) to (%L)', fact, week, monday, monday + 7
        );
    end loop;
end $$
"""
_BRIDGES = {"bridge_activity_group": ("group_key", "smallint"), "bridge_activity_partner": ("partner_key", "integer")}
"""Table → what it leads to, and how wide that is from now on."""


def upgrade() -> None:
    """Copy every week into narrow rows, hold them against the old ones, and let the old tables go: all of it or nothing.

    Needs the room of both until it ends.
    """
    connection = op.get_bind()
    # a load that committed meanwhile would be lost with the old tables
    op.execute("lock table fact_activity, fact_measure, bridge_activity_group, bridge_activity_partner")
    for statement in (_KEY_BYTES, _KEY_TEXT, _CELL_ADDRESS, _COLUMN_NUMBERS):
        op.execute(statement)
    op.execute(
        "comment on function key_bytes(text) is 'A key of the intake as it is stored: 16 bytes of hash and what follows.'"
    )
    op.execute("comment on function key_text(bytea) is 'A stored key as the intake writes it.'")
    op.execute(
        "comment on function cell_address(integer, integer) is 'The address of a cell as a spreadsheet shows it; column 1 is A.'"
    )
    op.execute("alter table fact_activity rename to old_activity")
    op.execute("alter table fact_measure rename to old_measure")
    _create_narrow()
    for view in _VIEWS:
        op.execute(view)
    for name, comment in _VIEW_COMMENTS.items():
        op.execute(f"comment on view {name} is '{comment}'")
    op.execute(_MAKE_WEEK_PARTITIONS.format(activity="stored_activity", measure="stored_measure"))
    for monday in _mondays(connection, "old_measure"):
        _convert(
            connection,
            monday,
            (("old_activity", "fact_activity", _TAKE_ACTIVITIES), ("old_measure", "fact_measure", _TAKE_FIGURES)),
        )
    last = connection.execute(sa.text("select last_value from fact_activity_activity_key_seq")).scalar_one()
    op.execute("drop table old_activity")
    op.execute("drop table old_measure")
    _go_on_after(connection, "stored_activity_activity_key_seq", last)
    for table, (key, kind) in _BRIDGES.items():
        op.drop_index(f"ix_{table}__submission_key", table_name=table)
        op.execute(f"alter table {table} alter column {key} type {kind}, alter column submission_key type integer")
        _create_brin(table)
    op.execute("analyze stored_activity, stored_measure, bridge_activity_group, bridge_activity_partner")


def downgrade() -> None:
    """Copy every week back into wide rows."""
    connection = op.get_bind()
    op.execute("lock table stored_activity, stored_measure, bridge_activity_group, bridge_activity_partner")
    for table, (key, _) in _BRIDGES.items():
        op.drop_index(f"ix_{table}__submission_key", table_name=table)
        op.execute(f"alter table {table} alter column {key} type bigint, alter column submission_key type bigint")
        op.create_index(f"ix_{table}__submission_key", table, ["submission_key"])
    op.execute("alter view fact_activity rename to new_activity")
    op.execute("alter view fact_measure rename to new_measure")
    _create_wide()
    op.execute(_MAKE_WEEK_PARTITIONS.format(activity="fact_activity", measure="fact_measure"))
    take = (
        "insert into {table} ({columns}) select {columns} from {view} where week_start = :monday order by activity_key"
    )
    activities = take.format(table="fact_activity", view="new_activity", columns=_ACTIVITY_COLUMNS)
    figures = take.format(table="fact_measure", view="new_measure", columns=_FIGURE_COLUMNS)
    for monday in _mondays(connection, "stored_measure"):
        _convert(
            connection,
            monday,
            (("new_activity", "fact_activity", activities), ("new_measure", "fact_measure", figures)),
        )
    last = connection.execute(sa.text("select last_value from stored_activity_activity_key_seq")).scalar_one()
    for view in ("new_activity", "new_measure"):
        op.execute(f"drop view {view}")
    for table in ("stored_activity", "stored_measure"):
        op.execute(f"drop table {table}")
    _go_on_after(connection, "fact_activity_activity_key_seq", last + _ACTIVITY_KEYS)
    for function in ("cell_address(integer, integer)", "key_text(bytea)", "key_bytes(text)"):
        op.execute(f"drop function {function}")


def _mondays(connection: sa.Connection, table: str) -> Iterator[date]:
    """The weeks that have partitions, empty ones too."""
    found = connection.execute(
        sa.text(
            "select to_date(substring(part.relname from '[0-9]{4}w[0-9]{2}$'), 'IYYY\"w\"IW') from pg_inherits "
            "inner join pg_class as part on pg_inherits.inhrelid = part.oid "
            "where pg_inherits.inhparent = cast(:table as regclass) order by 1"
        ),
        {"table": table},
    )
    yield from found.scalars().all()


def _convert(connection: sa.Connection, monday: date, steps: tuple[tuple[str, str, str], ...]) -> None:
    """One week. ``steps``: the rows of before, what shows them from now on, the statement that takes them over."""
    week = {"monday": monday}
    connection.execute(sa.text("select make_week_partitions(:monday)"), week)
    for before, after, statement in steps:
        connection.execute(sa.text(statement), week)
        columns = _ACTIVITY_COLUMNS if after == "fact_activity" else _FIGURE_COLUMNS
        said = [
            connection.execute(sa.text(_DIGEST.format(columns=columns, table=table)), week).scalar_one()
            for table in (before, after)
        ]
        if said[0] != said[1]:
            raise RuntimeError(f"{before} of the week of {monday} is not what {after} shows: {said[0]} and {said[1]}")


def _go_on_after(connection: sa.Connection, sequence: str, last: int) -> None:
    connection.execute(
        sa.text("select setval(cast(:sequence as regclass), :last)"), {"sequence": sequence, "last": last}
    )


def _create_brin(table: str) -> None:
    op.create_index(
        f"ix_{table}__submission_key",
        table,
        ["submission_key"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "true"},
    )


def _create_narrow() -> None:
    op.create_table(
        "stored_activity",
        sa.Column("activity_key", sa.BigInteger(), sa.Identity(increment=_ACTIVITY_KEYS), nullable=False),
        sa.Column("submission_key", sa.Integer(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False, comment="Monday of the week it counts in"),
        sa.Column("organizer_union_key", sa.Integer(), nullable=False),
        sa.Column("campaign_key", sa.Integer()),
        sa.Column("place_division_key", sa.Integer()),
        sa.Column("start_on", sa.Date()),
        sa.Column("end_on", sa.Date()),
        sa.Column("since_on", sa.Date()),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("category_key", sa.SmallInteger(), nullable=False),
        sa.Column("is_date_inferred", sa.Boolean(), nullable=False),
        sa.Column("is_crossing_week", sa.Boolean(), nullable=False),
        sa.Column("has_open_list", sa.Boolean(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False, comment="false: it waited from the first"),
        sa.Column("is_counting", sa.Boolean(), nullable=False, comment="false: it waits behind another row"),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("series_key", BYTEA(), nullable=False, comment="key_bytes()"),
        sa.Column("content_hash", BYTEA(), nullable=False),
        sa.Column("measures_hash", BYTEA(), nullable=False, comment="of measures, values and exactness"),
        sa.Column("identity_key", sa.Text(), nullable=False, comment="alike in rows of two unions on one activity"),
        sa.Column("reporting_union_id", sa.Text(), nullable=False),
        sa.Column("activity_name", sa.Text(), nullable=False),
        sa.Column("activity_no", sa.Text()),
        sa.Column(
            "natural_key",
            sa.Text(),
            comment="intake's activity_key, where the view does not make it of the other columns",
        ),
        sa.Column("item_name", sa.Text()),
        sa.Column("place_detail", sa.Text()),
        sa.Column("explanation", sa.Text()),
        sa.Column("remarks", sa.Text()),
        sa.Column("source_sheet", sa.Text()),
        sa.PrimaryKeyConstraint("activity_key", "week_start", name=op.f("pk_stored_activity")),
        comment="One row per activity that a current submission version holds: accepted, or waiting behind another row that "
        "counts in its place. Read it as fact_activity. Partition: one week.",
        postgresql_partition_by="RANGE (week_start)",
    )
    op.create_index("ix_stored_activity__organizer_union_key", "stored_activity", ["organizer_union_key"])
    op.create_index("ix_stored_activity__identity_key", "stored_activity", ["identity_key"], postgresql_where=_CARRIED)
    op.create_index(
        "ix_stored_activity__waiting", "stored_activity", ["identity_key"], postgresql_where=sa.text("not is_counting")
    )
    op.create_table(
        "stored_measure",
        sa.Column("activity_key", sa.BigInteger(), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=False, comment="hundredths of the measure's base unit"),
        sa.Column("submission_key", sa.Integer(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("organizer_union_key", sa.Integer(), nullable=False),
        sa.Column("campaign_key", sa.Integer()),
        sa.Column("place_division_key", sa.Integer()),
        sa.Column("since_on", sa.Date()),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("measure_key", sa.SmallInteger(), nullable=False),
        sa.Column("category_key", sa.SmallInteger(), nullable=False),
        sa.Column("source_column", sa.SmallInteger(), nullable=False, comment="1 is A"),
        sa.Column("exactness", sa.SmallInteger(), nullable=False, comment="0 exact 1 over 2 under 3 approx"),
        sa.Column("is_counting", sa.Boolean(), nullable=False, comment="its activity's"),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("series_key", BYTEA(), nullable=False, comment="key_bytes()"),
        sa.Column("raw_text", sa.Text(), comment="as in the cell, where that is not what the value prints"),
        sa.Column("source_sheet", sa.Text()),
        sa.PrimaryKeyConstraint("activity_key", "week_start", "measure_key", name=op.f("pk_stored_measure")),
        comment="One row per figure that a current submission version holds: activity × measure. Sums take those that count. "
        "Read it as fact_measure. Partition: one week.",
        postgresql_partition_by="RANGE (week_start)",
    )
    for table in ("stored_activity", "stored_measure"):
        _create_brin(table)


def _create_wide() -> None:
    op.create_table(
        "fact_activity",
        sa.Column("activity_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False, comment="Monday of the week it counts in"),
        sa.Column("submission_key", sa.BigInteger(), nullable=False),
        sa.Column("reporting_union_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("organizer_union_key", "category_key")),
        *(sa.Column(name, sa.BigInteger()) for name in ("campaign_key", "place_division_key")),
        sa.Column("place_detail", sa.Text()),
        *(sa.Column(name, sa.Date()) for name in ("start_on", "end_on")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("is_date_inferred", "is_crossing_week")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("period_kind", "scope")),
        sa.Column("since_on", sa.Date()),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("activity_no", sa.Text()),
        sa.Column("activity_name", sa.Text(), nullable=False),
        sa.Column("item_name", sa.Text()),
        sa.Column("has_open_list", sa.Boolean(), nullable=False),
        sa.Column("natural_key", sa.Text(), nullable=False, comment="intake's activity_key"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("series_key", "content_hash")),
        *(sa.Column(name, sa.Text()) for name in ("explanation", "remarks", "source_sheet")),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column(
            "identity_key",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="alike in rows of two unions on one activity",
        ),
        sa.Column(
            "is_accepted",
            sa.Boolean(),
            nullable=False,
            server_default="true",
            comment="false: it waited from the first",
        ),
        sa.Column(
            "is_counting",
            sa.Boolean(),
            nullable=False,
            server_default="true",
            comment="false: it waits behind another row",
        ),
        sa.Column(
            "measures_hash", sa.Text(), nullable=False, server_default="", comment="of measures, values and exactness"
        ),
        sa.PrimaryKeyConstraint("week_start", "activity_key", name=op.f("pk_fact_activity")),
        comment="One row per activity that a current submission version holds: accepted, or waiting behind another row that "
        "counts in its place. Partition: one week.",
        postgresql_partition_by="RANGE (week_start)",
    )
    op.create_index("ix_fact_activity__organizer_union_key", "fact_activity", ["organizer_union_key"])
    op.create_index("ix_fact_activity__submission_key", "fact_activity", ["submission_key"])
    op.create_index("ix_fact_activity__identity_key", "fact_activity", ["identity_key"], postgresql_where=_CARRIED)
    op.create_index(
        "ix_fact_activity__waiting", "fact_activity", ["identity_key"], postgresql_where=sa.text("not is_counting")
    )
    keys = ("activity_key", "measure_key", "submission_key", "organizer_union_key", "category_key")
    op.create_table(
        "fact_measure",
        sa.Column("week_start", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in keys),
        *(sa.Column(name, sa.BigInteger()) for name in ("campaign_key", "place_division_key")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("period_kind", "scope")),
        sa.Column("since_on", sa.Date()),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("series_key", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(18, 2), nullable=False),
        sa.Column("exactness", sa.SmallInteger(), nullable=False, comment="0 exact 1 over 2 under 3 approx"),
        sa.Column("raw_text", sa.Text(), nullable=False),
        sa.Column("source_sheet", sa.Text()),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("source_cell", sa.Text(), nullable=False),
        sa.Column("is_counting", sa.Boolean(), nullable=False, server_default="true", comment="its activity's"),
        sa.PrimaryKeyConstraint("week_start", "activity_key", "measure_key", name=op.f("pk_fact_measure")),
        comment="One row per figure that a current submission version holds: activity × measure. Sums take those that count. "
        "Partition: one week.",
        postgresql_partition_by="RANGE (week_start)",
    )
    op.create_index("ix_fact_measure__submission_key", "fact_measure", ["submission_key"])
