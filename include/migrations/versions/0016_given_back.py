"""A union is told, too, when an activity that another union's report had counted in place of counts again.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what went to and fro before today was never noted."""
    op.add_column(
        "handed_over",
        sa.Column(
            "is_given_back",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="the other way round: that drop went away, and it counts again",
        ),
    )
    op.alter_column("handed_over", "is_given_back", server_default=None)


def downgrade() -> None:
    """Take the column away, with what only it can tell."""
    op.execute("delete from handed_over where is_given_back")
    op.drop_column("handed_over", "is_given_back")
