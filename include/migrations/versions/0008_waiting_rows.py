"""Facts that wait: a current version keeps every row that another row counts in place of.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CARRIED = sa.text("period_kind in ('ytd', 'cumulative_since', 'stock')")


def upgrade() -> None:
    """Add what tells which facts count. All that are there do: what moved to its organiser before is gone, until a replay."""
    op.add_column(
        "fact_activity",
        sa.Column(
            "identity_key",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="alike in rows of two unions on one activity",
        ),
    )
    op.add_column(
        "fact_activity",
        sa.Column(
            "is_accepted",
            sa.Boolean(),
            nullable=False,
            server_default="true",
            comment="false: it waited from the first",
        ),
    )
    op.add_column(
        "fact_activity",
        sa.Column(
            "is_counting",
            sa.Boolean(),
            nullable=False,
            server_default="true",
            comment="false: it waits behind another row",
        ),
    )
    op.add_column(
        "fact_measure",
        sa.Column("is_counting", sa.Boolean(), nullable=False, server_default="true", comment="its activity's"),
    )
    op.create_index(
        "ix_fact_activity__identity_key", "fact_activity", ["identity_key"], unique=False, postgresql_where=_CARRIED
    )
    op.create_index(
        "ix_fact_activity__waiting",
        "fact_activity",
        ["identity_key"],
        unique=False,
        postgresql_where=sa.text("not is_counting"),
    )
    op.alter_column("fact_submission", "activity_count", comment="activities loaded, waiting ones too; 0 when nothing was")
    op.create_table_comment(
        "fact_activity",
        "One row per activity that a current submission version holds: accepted, or waiting behind another row that "
        "counts in its place. Partition: one week.",
    )
    op.create_table_comment(
        "fact_measure",
        "One row per figure that a current submission version holds: activity × measure. Sums take those that count. "
        "Partition: one week.",
    )


def downgrade() -> None:
    """Forget the rows that wait."""
    op.execute("delete from fact_measure where not is_counting")
    op.execute("delete from fact_activity where not is_counting")
    op.drop_index("ix_fact_activity__waiting", table_name="fact_activity")
    op.drop_index("ix_fact_activity__identity_key", table_name="fact_activity")
    op.drop_column("fact_measure", "is_counting")
    for column in ("is_counting", "is_accepted", "identity_key"):
        op.drop_column("fact_activity", column)
