"""What engineers decide about mails that may have arrived or were refused.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add mail_decision."""
    op.create_table(
        "mail_decision",
        sa.Column("decision_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mail_key", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="what the mail was: uncertain, refused"),
        sa.Column("decision", sa.Text(), nullable=False, comment="resend, drop"),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decision in ('resend', 'drop')", name=op.f("ck_mail_decision__decision")),
        sa.ForeignKeyConstraint(["mail_key"], ["outbox.mail_key"], name=op.f("fk_mail_decision__mail_key")),
        sa.PrimaryKeyConstraint("decision_key", name=op.f("pk_mail_decision")),
        comment="What engineers decided about mails that may have arrived or were refused. A dropped one is settled for good.",
    )


def downgrade() -> None:
    """Forget the decisions."""
    op.drop_table("mail_decision")
