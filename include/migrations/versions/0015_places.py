"""Unions know who reports instead of them after their end, so that a place counts for the union that lives there.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# A union that has ended stands in union_of_week() as its last row: that row's end is before the Monday.
_UNION_OF_PLACE = """
create function union_of_place(monday date)
returns table (division_code text, union_id text)
language sql stable parallel safe
as $$
    with recursive standing as materialized (
        select
            unit.union_id,
            unit.level,
            unit.division_code,
            has_ended(unit.union_id, monday) as is_over,
            (
                select dim_union.successor_union_id
                from dim_union
                where dim_union.union_id = unit.union_id
                order by dim_union.valid_to desc
                limit 1
            ) as successor_union_id
        from union_of_week(monday) as unit
    ),

    heir as (
        select
            standing.union_id as former_union_id,
            standing.union_id,
            standing.level,
            standing.is_over,
            standing.successor_union_id
        from standing
        union
        select
            heir.former_union_id,
            standing.union_id,
            standing.level,
            standing.is_over,
            standing.successor_union_id
        from heir
        inner join standing on heir.successor_union_id = standing.union_id
        where heir.is_over
    ),

    -- of two that live on one ground, one that takes over from the other later on comes after it
    of_ground as (
        select
            standing.division_code,
            heir.union_id,
            standing.is_over,
            exists (
                select 1
                from standing as former
                where
                    former.successor_union_id = standing.union_id
                    and former.division_code = standing.division_code
                    and not former.is_over
            ) as is_yet_to_come
        from standing
        inner join heir on standing.union_id = heir.former_union_id
        where
            not heir.is_over
            and standing.level in ('county', 'special', 'prefecture', 'province')
            and heir.level in ('county', 'special', 'prefecture', 'province')
    ),

    division_step as (
        select
            dim_division.division_code,
            dim_division.division_code as step_code,
            0 as step
        from dim_division
        union all
        select
            division_step.division_code,
            dim_division.parent_code as step_code,
            division_step.step + 1 as step
        from division_step
        inner join dim_division on division_step.step_code = dim_division.division_code
        where dim_division.parent_code is not null and division_step.step < 9
    )

    select distinct on (division_step.division_code)
        division_step.division_code,
        of_ground.union_id
    from division_step
    inner join of_ground on division_step.step_code = of_ground.division_code
    order by
        division_step.division_code asc,
        division_step.step asc,
        of_ground.is_over asc,
        of_ground.is_yet_to_come asc,
        of_ground.union_id asc
$$
"""


def upgrade() -> None:
    """Add the column and the function; ``nuanliu init`` fills in who succeeded whom, and rolls up what changes by it."""
    op.add_column(
        "dim_union", sa.Column("successor_union_id", sa.Text(), comment="who reports instead once it has ended")
    )
    op.execute(_UNION_OF_PLACE)
    op.execute(
        "comment on function union_of_place(date) is 'The union for which each place counts on a Monday: the one that lives "
        "there, else the heir of one that has ended, else that of the place above.'"
    )
    op.execute(
        "insert into stale_week (week_id, object_id) "
        "select distinct to_char(week_start, 'IYYY-\"W\"IW'), 0 from mart_week_coverage "
        "where exists (select from dim_union where has_ended(union_id, mart_week_coverage.week_start)) "
        "on conflict do nothing"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("drop function union_of_place(date)")
    op.drop_column("dim_union", "successor_union_id")
