"""What several statements of include/sql say alike, said once.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_UNION_OF_WEEK = """
create function union_of_week(monday date)
returns table (union_id text, level text, parent_union_id text, division_code text)
language sql stable parallel safe
as $$
    select distinct on (dim_union.union_id)
        dim_union.union_id,
        dim_union.level,
        dim_union.parent_union_id,
        dim_union.division_code
    from dim_union
    order by
        dim_union.union_id asc,
        (dim_union.valid_from <= monday and dim_union.valid_to > monday) desc,
        (dim_union.valid_from <= monday) desc,
        abs(dim_union.valid_from - monday) asc
$$
"""
_SUM_TEXT = """
create function sum_text(value numeric, activity_count numeric, exactness integer)
returns text
language sql stable parallel safe
as $$
    select coalesce(value || ' of ' || activity_count || ' exactness ' || exactness, 'none')
$$
"""
_FIGURE_SUBJECT = """
create function figure_subject(figure_id text, week_start date, variadic parts text[])
returns text
language sql stable parallel safe
as $$
    select coalesce(figure_id, to_char(week_start, 'IYYY-"W"IW') || '/' || array_to_string(parts, '/'))
$$
"""


def upgrade() -> None:
    """Add the functions."""
    op.execute(_UNION_OF_WEEK)
    op.execute(
        "comment on function union_of_week(date) is 'The unions as they stood on a Monday, one row each. A union without a "
        "row that is valid then takes its nearest one (the last before, else the first after), so that every fact has a union.'"
    )
    op.execute(_SUM_TEXT)
    op.execute(
        "comment on function sum_text(numeric, numeric, integer) is "
        "'A sum as the checks of reconcile show it; none where there is none.'"
    )
    op.execute(_FIGURE_SUBJECT)
    op.execute(
        "comment on function figure_subject(text, date, text[]) is "
        "'What a check of reconcile calls a figure: its id, or what it would be made of where there is none.'"
    )


def downgrade() -> None:
    """Take the functions away."""
    op.execute("drop function figure_subject(text, date, text[])")
    op.execute("drop function sum_text(numeric, numeric, integer)")
    op.execute("drop function union_of_week(date)")
