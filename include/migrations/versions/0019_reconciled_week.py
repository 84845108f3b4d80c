"""The nightly reconcile knows which weeks it found clean, and when.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty: the first night looks at every week."""
    op.create_table(
        "reconciled_week",
        sa.Column("week_start", sa.Date(), primary_key=True),
        sa.Column("clean_at", sa.DateTime(timezone=True), comment="null: it is being looked at"),
        comment="Weeks that the nightly reconcile found clean; a row goes with whatever touches its week.",
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("reconciled_week")
