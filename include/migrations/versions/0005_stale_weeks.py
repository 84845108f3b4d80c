"""Weeks whose figures wait for a rollup since a drop touched them.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add stale_week; weeks that drops of before left behind are not in it."""
    op.create_table(
        "stale_week",
        sa.Column("week_id", sa.Text(), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False, comment="the drop that touched it"),
        sa.PrimaryKeyConstraint("week_id", "object_id", name=op.f("pk_stale_week")),
        comment="Weeks to roll up; a row goes with the rollup that saw what its drop brought.",
    )


def downgrade() -> None:
    """Forget which weeks wait."""
    op.drop_table("stale_week")
