"""Queries that engineers let pass, and activities that moved to their organiser's report.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add answered_again, released_query and handed_over."""
    op.create_table(
        "answered_again",
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False, comment="the receipt whose file is answered again"),
        sa.Column(
            "arrived_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the bytes arrived; registry.received_at: the release",
        ),
        sa.ForeignKeyConstraint(["object_id"], ["registry.object_id"], name=op.f("fk_answered_again__object_id")),
        sa.PrimaryKeyConstraint("object_id", name=op.f("pk_answered_again")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_answered_again__receipt_no")),
        comment="Files answered a second time, because an engineer let some of their queries pass.",
    )
    op.create_table(
        "released_query",
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("source_sheet", sa.Text(), nullable=False, comment="'' for CSV"),
        sa.Column("source_row", sa.Integer(), nullable=False, comment="0: the whole file"),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["object_id"], ["answered_again.object_id"], name=op.f("fk_released_query__object_id")),
        sa.PrimaryKeyConstraint("object_id", "source_sheet", "source_row", "rule", name=op.f("pk_released_query")),
        comment="Queries that an engineer let pass; those of the file's earlier answers stand here again.",
    )
    op.create_table(
        "handed_over",
        sa.Column("object_id", sa.BigInteger(), nullable=False, comment="the organiser's drop"),
        sa.Column("receipt_no", sa.Text(), nullable=False, comment="the organiser's receipt"),
        sa.Column("organizer_union_id", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False, comment="who had reported it first"),
        sa.Column("from_receipt_no", sa.Text(), nullable=False),
        sa.Column("natural_key", sa.Text(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False, comment="Monday of the week it counted in"),
        sa.Column("activity_name", sa.Text(), nullable=False),
        sa.Column(
            "told_receipt_no",
            sa.Text(),
            nullable=True,
            comment="the receipt that told the first union; null until it gets one",
        ),
        sa.ForeignKeyConstraint(["object_id"], ["registry.object_id"], name=op.f("fk_handed_over__object_id")),
        sa.PrimaryKeyConstraint("object_id", "union_id", "natural_key", "week_start", name=op.f("pk_handed_over")),
        comment="Activities that their organiser's own report took over from another union's. One row each.",
    )
    op.create_index(
        "ix_handed_over__untold",
        "handed_over",
        ["union_id"],
        unique=False,
        postgresql_where=sa.text("told_receipt_no is null"),
    )


def downgrade() -> None:
    """Forget releases and handovers."""
    op.drop_table("handed_over")
    op.drop_table("released_query")
    op.drop_table("answered_again")
