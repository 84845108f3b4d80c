"""Two more things that several statements of include/sql say alike: which kinds are carried, and what a drop was.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# One plain expression each, so that the planner puts it in place of the call and finds the index of carried rows by it.
_IS_CARRIED = """
create function is_carried(period_kind text)
returns boolean
language sql immutable parallel safe
as $$
    select period_kind in ('ytd', 'cumulative_since', 'stock')
$$
"""
_REASON_OF_VERSION = """
create function reason_of_version(submission_key bigint, submission_type text, object_id bigint)
returns text
language sql stable parallel safe
as $$
    select
        case
            when exists (
                select 1
                from answered_again
                where answered_again.object_id = reason_of_version.object_id
            )
                then '核实放行'
            when
                reason_of_version.submission_type <> '补充'
                and exists (
                    select 1
                    from dim_submission as earlier
                    where
                        earlier.superseded_by = reason_of_version.submission_key
                        and cardinality(earlier.fact_weeks) > 0
                )
                then '更正'
            else '补报'
        end
$$
"""


def upgrade() -> None:
    """Add the functions."""
    op.execute(_IS_CARRIED)
    op.execute(
        "comment on function is_carried(text) is "
        "'Whether figures of a 统计口径 stand in every later week until they are said anew.'"
    )
    op.execute(_REASON_OF_VERSION)
    op.execute(
        "comment on function reason_of_version(bigint, text, bigint) is 'What a version did to the figures that it changed. "
        "A file that is answered again has not changed: an engineer let a row of it pass. A file that took the place of one "
        "with activities corrects it; every other adds.'"
    )


def downgrade() -> None:
    """Take the functions away."""
    op.execute("drop function reason_of_version(bigint, text, bigint)")
    op.execute("drop function is_carried(text)")
