"""In which order files came, which their time of receipt alone does not tell.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PLACE = (
    "to_char(registry.received_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    "|| ' ' || lpad(cast(registry.object_id as text), 19, '0')"
)
"""Of files taken before: when they came is not known, so they keep the order in which they were taken, before all to come."""


def upgrade() -> None:
    """Add the arrival to registry and its order to dim_submission too."""
    op.add_column(
        "registry",
        sa.Column(
            "arrived_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it came to lie in the bucket; null where that is not known",
        ),
    )
    op.create_index("ix_registry__arrived", "registry", ["union_id", "arrived_at"])
    for table in ("registry", "dim_submission"):
        op.add_column(table, sa.Column("arrival_order", sa.Text(collation="C"), nullable=True))
    op.execute(f"update registry set arrival_order = {_PLACE}")  # noqa: S608  # a constant of this file
    op.execute(
        "update dim_submission set arrival_order = registry.arrival_order "
        "from registry where registry.object_id = dim_submission.object_id"
    )
    op.alter_column(
        "registry",
        "arrival_order",
        nullable=False,
        comment="nuanliu.domain.arrival: receipt, arrival, name; ties by object_id",
    )
    op.add_column(
        "registry",
        sa.Column(
            "claimed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was taken, by the clock of who took it; null: at received_at",
        ),
    )
    op.alter_column("stale_week", "object_id", comment="the drop that touched it; 0: rules or code lists")
    op.alter_column("dim_submission", "arrival_order", nullable=False, comment="of its object in the registry")


def downgrade() -> None:
    """Forget the order."""
    op.alter_column("stale_week", "object_id", comment="the drop that touched it")
    op.drop_column("registry", "claimed_at")
    op.drop_column("dim_submission", "arrival_order")
    op.drop_index("ix_registry__arrived", "registry")
    op.drop_column("registry", "arrival_order")
    op.drop_column("registry", "arrived_at")
