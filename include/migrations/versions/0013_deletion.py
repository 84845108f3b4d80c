"""What was deleted because its time had come.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add deletion."""
    op.create_table(
        "deletion",
        sa.Column("deletion_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False, comment="archive/…, quarantine/… or receipts/…"),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the bytes that were deleted"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, comment="originals, quarantine"),
        sa.Column(
            "period", sa.Text(), nullable=False, comment="how long such objects were kept then: 2 years, 30 days"
        ),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False, comment="before the object is touched"),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True, comment="null: begun; the next run ends it"),
        sa.Column(
            "withdrawn_at", sa.DateTime(timezone=True), nullable=True, comment="it did not happen: the object stays"
        ),
        sa.CheckConstraint("rule in ('originals', 'quarantine')", name=op.f("ck_deletion__rule")),
        sa.PrimaryKeyConstraint("deletion_key", name=op.f("pk_deletion")),
        comment="Objects of the bucket that were deleted because their time had come. One row each.",
    )
    op.create_index("ix_deletion__object_key", "deletion", ["object_key"])


def downgrade() -> None:
    """Forget what was deleted."""
    op.drop_table("deletion")
