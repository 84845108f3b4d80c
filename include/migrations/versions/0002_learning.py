"""What unions write their own way, and tolerances that end early.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add learned_alias, name_proposal and the end of a tolerance."""
    op.add_column(
        "tolerance",
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when a person ended it before it expired",
        ),
    )
    op.add_column("tolerance", sa.Column("ended_by", sa.Text(), nullable=True))
    op.create_table(
        "learned_alias",
        sa.Column("alias_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=True, comment="whose files it is read in; null: everybody's"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("folded_text", sa.Text(), nullable=False, comment="look-up form, nuanliu.label_text.fold_label"),
        sa.Column("target_id", sa.Text(), nullable=False, comment="union, category, group, column or measure id"),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('header', 'union', 'category', 'group')", name=op.f("ck_learned_alias__kind")),
        sa.PrimaryKeyConstraint("alias_key", name=op.f("pk_learned_alias")),
        sa.UniqueConstraint(
            "union_id",
            "kind",
            "folded_text",
            name=op.f("uq_learned_alias__union_id_kind_folded_text"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "name_proposal",
        sa.Column("proposal_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("folded_text", sa.Text(), nullable=False),
        sa.Column("written_text", sa.Text(), nullable=False, comment="as first written, personal data masked"),
        sa.Column("proposed_id", sa.Text(), nullable=True, comment="the nearest that is known; null when nothing is near"),
        sa.Column("first_receipt_no", sa.Text(), nullable=False),
        sa.Column("last_receipt_no", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drop_count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False, comment="open, confirmed, dismissed"),
        sa.CheckConstraint("kind in ('header', 'union', 'category', 'group')", name=op.f("ck_name_proposal__kind")),
        sa.CheckConstraint("state in ('open', 'confirmed', 'dismissed')", name=op.f("ck_name_proposal__state")),
        sa.ForeignKeyConstraint(
            ["first_receipt_no"], ["receipt.receipt_no"], name=op.f("fk_name_proposal__first_receipt_no")
        ),
        sa.ForeignKeyConstraint(
            ["last_receipt_no"], ["receipt.receipt_no"], name=op.f("fk_name_proposal__last_receipt_no")
        ),
        sa.PrimaryKeyConstraint("proposal_key", name=op.f("pk_name_proposal")),
        sa.UniqueConstraint("union_id", "kind", "folded_text", name=op.f("uq_name_proposal__union_id_kind_folded_text")),
        comment="Texts that nobody knew: the engineers' list. One row per union, kind and text.",
    )


def downgrade() -> None:
    """Forget what was learned."""
    op.drop_table("name_proposal")
    op.drop_table("learned_alias")
    op.drop_column("tolerance", "ended_by")
    op.drop_column("tolerance", "ended_at")
