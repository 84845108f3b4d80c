"""What readers of an edition were told beside its document.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the notes; editions published before have none."""
    op.add_column(
        "edition",
        sa.Column(
            "notes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="what readers were told beside the document",
        ),
    )


def downgrade() -> None:
    """Take the notes away."""
    op.drop_column("edition", "notes")
