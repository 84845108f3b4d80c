"""Years of weekly reports of every union, made by SQL: nobody waits for 520 weeks of intake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from tests.bench.results.rows import By, Figure, Row, Way

from nuanliu.contract.due_time import report_due_at
from nuanliu.warehouse.schema.partitions import ensure_partitions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine
    from tests.bench.measuring.cost import Cost
    from tests.bench.sizes import Sizes

    from nuanliu.domain.reporting_week import ReportingWeek

YEAR = 52
FIGURES = 4
"""Of an activity."""
_WEEKS_AT_A_TIME = 40
_DOCUMENT = '{"rows":{"received":1,"accepted":1,"returned":0,"held":0,"ignored":0}}'
_FILL = text("""
with sender as (
    select union_id, union_key, row_number() over (order by union_id) as number from dim_union where level <> 'province'
),
drops as (
    insert into registry (
        object_key, source_key, union_id, is_trial, state, stored_key, sha256, size_bytes, received_at,
        arrival_order
    )
    select
        'intake/' || union_id || '/' || :week_id, 'waiting/' || union_id || '/' || :week_id, 'x' || union_id, false,
        'archived', 'archive/' || union_id || '/' || :week_id, md5(union_id || :week_id), 1, cast(:at as timestamptz),
        cast(:at as text)
    from sender
    returning object_id, substr(union_id, 2) as union_id
),
receipts as (
    insert into receipt (
        receipt_no, object_id, union_id, filed_week, status, document, touched_weeks, written_at
    )
    select
        union_id || '-' || replace(:week_id, '-', '') || '-001', object_id, union_id, :week_id, 'accepted',
        cast(:document as jsonb),
        array[]::text[], cast(:at as timestamptz)
    from drops
    returning object_id, receipt_no, union_id
),
counts as (
    insert into fact_submission (
        object_id, union_id, week_start, received_at, received_count, accepted_count, returned_count, held_count,
        ignored_count, activity_count, figure_count, is_late
    )
    select object_id, union_id, cast(:monday as date), cast(:at as timestamptz), 1, 1, 0, 0, 0, 1, :figures, false
    from receipts
),
submissions as (
    insert into dim_submission (
        object_id, receipt_no, union_id, week_id, week_start, version, submission_type, status, sha256, content_hash,
        is_late, received_at, arrival_order, fact_weeks
    )
    select
        object_id, receipt_no, union_id, :week_id, cast(:monday as date), 1, '首报', 'accepted', 'x', 'x', false,
        cast(:at as timestamptz), cast(:at as text), array[cast(:monday as date)]
    from receipts
    returning submission_key, union_id
),
activities as (
    insert into stored_activity (
        week_start, submission_key, reporting_union_id, organizer_union_key, category_key, campaign_key,
        place_division_key, is_date_inferred, is_crossing_week, period_kind, scope, as_of_on, activity_name,
        has_open_list, natural_key, series_key, measures_hash, content_hash, identity_key, is_accepted, is_counting,
        source_sheet, source_row
    )
    select
        cast(:monday as date), submissions.submission_key, submissions.union_id, sender.union_key, 1 + n % 19,
        case when n % 7 = 0 then 1 end, 1 + n % 100, false, false,
        case when n % 9 = 0 then 'ytd' when n % 31 = 0 then 'stock' else 'event' end, 'own', cast(:sunday as date),
        '活动', false, submissions.union_id || n, decode(md5(submissions.union_id || n % 2000), 'hex'), '', '', '', true,
        true, '活动明细', n
    from generate_series(1, :activities) as n
    inner join sender on sender.number = 1 + n % (select count(*) from sender)
    inner join submissions on submissions.union_id = sender.union_id
    returning *
)
insert into stored_measure (
    week_start, activity_key, measure_key, submission_key, organizer_union_key, category_key, campaign_key,
    place_division_key, period_kind, scope, since_on, as_of_on, series_key, value_cents, exactness, raw_text, source_sheet,
    source_row, source_column, is_counting
)
select
    week_start, activity_key, measure, submission_key, organizer_union_key, category_key, campaign_key,
    place_division_key, period_kind, scope, since_on, as_of_on, series_key, 1000 + 100 * measure, 0, null, '活动明细',
    source_row, 1, true
from activities, generate_series(1, :figures) as measure
""")


def fill_weeks(engine: Engine, weeks: Sequence[ReportingWeek], sizes: Sizes) -> None:
    """In each of the weeks every union has reported; ``sizes.activities`` of all unions together, ``FIGURES`` each."""
    for first in range(0, len(weeks), _WEEKS_AT_A_TIME):
        some = weeks[first : first + _WEEKS_AT_A_TIME]
        with engine.begin() as connection:
            ensure_partitions(connection, some)
        with engine.begin() as connection:
            connection.execute(text("alter table registry disable trigger all"))  # drops of nobody
            for week in some:
                connection.execute(
                    _FILL,
                    {
                        "week_id": str(week),
                        "monday": week.monday,
                        "sunday": week.sunday,
                        "at": report_due_at(week),
                        "activities": sizes.activities,
                        "figures": FIGURES,
                        "document": _DOCUMENT,
                    },
                )
            connection.execute(text("alter table registry enable trigger all"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def grown(work: str, one: Cost, ten: Cost, *, target: float, runs: int) -> Row:
    """What is held against itself with ten times as many years: by what PostgreSQL takes, which alone knows of them."""
    return Row(
        title=f"{work}, with 10 years of facts against one",
        ways={"one": Way("with one year", one, runs), "ten": Way("with ten years", ten, runs)},
        figures={
            "postgres": Figure("PostgreSQL's seconds", ten.postgres / one.postgres, "×", By.PROCESSOR, target),
            "clock": Figure("by the clock", ten.wall / one.wall, "×", By.CLOCK),
        },
    )
