"""Cumulative series know their sender and keep explained twins; campaigns have seasons.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# A series whose fact is gone is damage that the next roll-up mends; its organiser is whom it most likely came from.
_SENDERS = """
update mart_cumulative
set sender_union_id = coalesce(sent.union_id, mart_cumulative.union_id)
from mart_cumulative as mart
left join (
    select distinct
        fact_activity.week_start,
        fact_activity.activity_key,
        dim_submission.union_id
    from fact_activity
    inner join dim_submission on fact_activity.submission_key = dim_submission.submission_key
) as sent on mart.fact_week_start = sent.week_start and mart.activity_key = sent.activity_key
where
    mart_cumulative.week_start = mart.week_start
    and mart_cumulative.activity_key = mart.activity_key
    and mart_cumulative.measure_id = mart.measure_id
"""


_HAS_ENDED = """
create function has_ended(id text, monday date)
returns boolean
language sql stable parallel safe
as $$
    select coalesce(bool_or(valid_to <= monday) and not bool_or(valid_from <= monday and valid_to > monday), false)
    from dim_union
    where union_id = id
$$
"""


def upgrade() -> None:
    """Add the columns, fill them from the facts, and key the series by activity."""
    op.add_column("mart_cumulative", sa.Column("sender_union_id", sa.Text(), comment="who reported it"))
    op.execute(_SENDERS)
    op.alter_column("mart_cumulative", "sender_union_id", nullable=False)
    op.drop_constraint(op.f("pk_mart_cumulative"), "mart_cumulative")
    op.create_primary_key(
        op.f("pk_mart_cumulative"), "mart_cumulative", ["week_start", "activity_key", "measure_id"]
    )
    op.add_column("dim_campaign", sa.Column("starts_on", sa.Text(), comment="2024-11-01, or 11-01 of every year"))
    op.add_column("dim_campaign", sa.Column("ends_on", sa.Text(), comment="its last day, written like starts_on"))
    # Twins, 专项期间, 含下级 and renumbered series are added up otherwise: every week waits for its roll-up.
    op.execute(
        "insert into stale_week (week_id, object_id) "
        "select distinct to_char(week_start, 'IYYY-\"W\"IW'), 0 from mart_week_coverage on conflict do nothing"
    )
    op.execute("update figure_change set figure_id = week_id || '/' || figure_id where figure_id like 'campaign/%'")
    op.execute(_HAS_ENDED)
    op.execute(
        "comment on function has_ended(text, date) is "
        "'Whether a union exists no more on a Monday: no row of it is valid then, though one was before.'"
    )


def downgrade() -> None:
    """Take them away; of twins one row is kept, until the week is rolled up again."""
    op.execute("drop function has_ended(text, date)")
    op.execute(
        "update figure_change set figure_id = substr(figure_id, strpos(figure_id, '/') + 1) "
        "where figure_id like '____-W__/campaign/%'"
    )
    op.drop_column("dim_campaign", "ends_on")
    op.drop_column("dim_campaign", "starts_on")
    op.drop_constraint(op.f("pk_mart_cumulative"), "mart_cumulative")
    op.execute(
        "delete from mart_cumulative as twin using mart_cumulative as kept "
        "where twin.week_start = kept.week_start and twin.union_id = kept.union_id and twin.series_key = kept.series_key "
        "and twin.measure_id = kept.measure_id and twin.period_kind = kept.period_kind and twin.scope = kept.scope "
        "and twin.activity_key < kept.activity_key"
    )
    op.create_primary_key(
        op.f("pk_mart_cumulative"),
        "mart_cumulative",
        ["week_start", "union_id", "series_key", "measure_id", "period_kind", "scope"],
    )
    op.drop_column("mart_cumulative", "sender_union_id")
