"""What was deleted because its time had come."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Table,
    Text,
)

from nuanliu.warehouse.schema.tables.shared import INSTANT, key_column, metadata

deletion = Table(
    "deletion",
    metadata,
    key_column("deletion_key"),
    Column("object_key", Text, nullable=False, comment="archive/…, quarantine/… or receipts/…"),
    Column("union_id", Text, nullable=False),
    Column("sha256", Text, nullable=False, comment="of the bytes that were deleted"),
    Column("size_bytes", BigInteger, nullable=False),
    Column("rule", Text, nullable=False, comment="originals, quarantine"),
    Column("period", Text, nullable=False, comment="how long such objects were kept then: 2 years, 30 days"),
    Column("logged_at", INSTANT, nullable=False, comment="before the object is touched"),
    Column("deleted_at", INSTANT, comment="null: begun; the next run ends it"),
    Column("withdrawn_at", INSTANT, comment="it did not happen: the object stays"),
    CheckConstraint("rule in ('originals', 'quarantine')", name="rule"),
    Index("ix_deletion__object_key", "object_key"),
    comment="Objects of the bucket that were deleted because their time had come. One row each.",
)
