"""What a week hands on that nobody touched: its carried figures by its own tree, not by that of the week before.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LINEAGE_OF_WEEK = """
create function lineage_of_week(monday date)
returns table (union_id text, node_id text)
language sql stable parallel safe
as $$
    with recursive unit as materialized (
        select
            unit_of_week.union_id,
            unit_of_week.parent_union_id
        from union_of_week(monday) as unit_of_week
    ),

    lineage as (
        select
            unit.union_id,
            unit.union_id as node_id
        from unit
        union
        select
            lineage.union_id,
            unit.parent_union_id as node_id
        from lineage
        inner join unit on lineage.node_id = unit.union_id
        where unit.parent_union_id is not null
    )

    select
        lineage.union_id,
        lineage.node_id
    from lineage
$$
"""
_FIGURE_OF_WEEK = """
create function figure_of_week(monday date)
returns table (
    union_id text, basis text, category_id text, measure_id text, period_kind text, scope text, since_on date,
    value numeric, exactness integer
)
language sql stable parallel safe
as $$
    with lineage as materialized (
        select
            lineage_of_week.union_id,
            lineage_of_week.node_id
        from lineage_of_week(monday)
    ),

    last_week as (
        select max(mart_cumulative.week_start) as week_start
        from mart_cumulative
        where
            mart_cumulative.week_start <= monday
            and not exists (select 1 from mart_week_figure where mart_week_figure.week_start = monday)
    ),

    ended_union as materialized (
        select distinct dim_union.union_id
        from dim_union
        where has_ended(dim_union.union_id, monday)
    ),

    leaf as (
        select
            mart_cumulative.*,
            coalesce(place.union_id, province.union_id) as place_union_id
        from mart_cumulative
        inner join last_week on mart_cumulative.week_start = last_week.week_start
        inner join union_of_week(monday) as province on province.level = 'province'
        left join union_of_place(monday) as place on mart_cumulative.place_division_code = place.division_code
        where
            mart_cumulative.sender_union_id not in (select ended_union.union_id from ended_union)
            and mart_cumulative.union_id not in (select ended_union.union_id from ended_union)
            and (
                mart_cumulative.period_kind <> 'ytd'
                or extract(year from mart_cumulative.as_of_on) = extract(year from monday + 6)
            )
    ),

    standing as (
        select
            lineage.node_id,
            'organizer' as basis,
            leaf.*
        from leaf
        inner join lineage
            on leaf.union_id = lineage.union_id and (leaf.scope = 'own' or leaf.union_id = lineage.node_id)
        union all
        select
            lineage.node_id,
            'place' as basis,
            leaf.*
        from leaf
        inner join lineage on leaf.place_union_id = lineage.union_id
        where leaf.scope = 'own'
    )

    select
        mart_week_figure.union_id,
        mart_week_figure.basis,
        mart_week_figure.category_id,
        mart_week_figure.measure_id,
        mart_week_figure.period_kind,
        mart_week_figure.scope,
        mart_week_figure.since_on,
        mart_week_figure.value,
        mart_week_figure.exactness
    from mart_week_figure
    where mart_week_figure.week_start = monday
    union all
    select
        standing.node_id as union_id,
        standing.basis,
        case when grouping(standing.category_id) = 1 then 'all' else standing.category_id end as category_id,
        standing.measure_id,
        standing.period_kind,
        standing.scope,
        standing.since_on,
        sum(standing.value) as value,
        bit_or(standing.exactness) as exactness
    from standing
    group by
        standing.node_id,
        standing.basis,
        standing.measure_id,
        standing.period_kind,
        standing.scope,
        standing.since_on,
        grouping sets ((standing.category_id), ())
$$
"""


def upgrade() -> None:
    """Add the functions."""
    op.execute(_LINEAGE_OF_WEEK)
    op.execute(
        "comment on function lineage_of_week(date) is "
        "'Each union with itself and everyone above it, as they stood on a Monday.'"
    )
    op.execute(_FIGURE_OF_WEEK)
    op.execute(
        "comment on function figure_of_week(date) is 'The figures of a week. Of one that nobody touched those that it hands "
        "on: what was said last, without the unions that have ended by then, added by the tree of that Monday.'"
    )


def downgrade() -> None:
    """Take the functions away."""
    op.execute("drop function figure_of_week(date)")
    op.execute("drop function lineage_of_week(date)")
