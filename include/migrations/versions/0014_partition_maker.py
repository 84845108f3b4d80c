"""What who loads has no right to is done by functions of the tables' owner: week partitions are made, vain claims taken back.

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

# The union took its file back before anybody read it: the one record that ever goes, since it answers nothing.
_WITHDRAW_CLAIM = """
create function withdraw_claim(claimed_id bigint)
returns void
language sql security definer
set search_path = public, pg_temp
as $$
    delete from registry
    where
        object_id = claimed_id
        and state = 'claimed'
        and not exists (select 1 from receipt where receipt.object_id = claimed_id)
$$
"""


def upgrade() -> None:
    """Add the functions; ``nuanliu init`` lets the loader use them."""
    op.execute(_MAKE_WEEK_PARTITIONS)
    op.execute(
        "comment on function make_week_partitions(date) is "
        "'Makes the partitions of the two fact tables for the week of a Monday, with the rights of their owner.'"
    )
    op.execute("revoke all on function make_week_partitions(date) from public")
    op.execute(_WITHDRAW_CLAIM)
    op.execute(
        "comment on function withdraw_claim(bigint) is "
        "'Forgets a claim without a receipt, whose file was taken back before it was read.'"
    )
    op.execute("revoke all on function withdraw_claim(bigint) from public")


def downgrade() -> None:
    """Take the functions away."""
    op.execute("drop function withdraw_claim(bigint)")
    op.execute("drop function make_week_partitions(date)")
