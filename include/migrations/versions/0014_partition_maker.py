"""Week partitions are made by a function of the tables' owner: who loads needs no right to make tables.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Create first and attach after: unlike `partition of`, that does not shut out readers and running loads.
_MAKE_WEEK_PARTITIONS = """
create function make_week_partitions(monday date)
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
    foreach fact in array array['fact_activity', 'fact_measure'] loop
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


def upgrade() -> None:
    """Add the function; ``nuanliu init`` lets the loader use it."""
    op.execute(_MAKE_WEEK_PARTITIONS)
    op.execute(
        "comment on function make_week_partitions(date) is "
        "'Makes the partitions of the two fact tables for the week of a Monday, with the rights of their owner.'"
    )
    op.execute("revoke all on function make_week_partitions(date) from public")


def downgrade() -> None:
    """Take the function away."""
    op.execute("drop function make_week_partitions(date)")
