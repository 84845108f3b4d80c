"""What a person decided: tolerances, releases, names."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from nuanliu.warehouse.schema.tables.shared import INSTANT, key_column, metadata

tolerance = Table(
    "tolerance",
    metadata,
    key_column("tolerance_key"),
    Column("union_id", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("measure_id", Text),
    Column("limit_value", Numeric(18, 2)),
    Column("reason", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("ended_at", INSTANT, comment="when a person ended it before it expired"),
    Column("ended_by", Text),
)

answered_again = Table(
    "answered_again",
    metadata,
    Column("object_id", BigInteger, ForeignKey("registry.object_id"), primary_key=True),
    # No foreign key: of a lost warehouse the registry is rebuilt before the receipts are.
    Column("receipt_no", Text, nullable=False, unique=True, comment="the receipt whose file is answered again"),
    Column("arrived_at", INSTANT, nullable=False, comment="when the bytes arrived; registry.received_at: the release"),
    comment="Files answered a second time, because an engineer let some of their queries pass.",
)

released_query = Table(
    "released_query",
    metadata,
    Column("object_id", BigInteger, ForeignKey("answered_again.object_id"), nullable=False),
    Column("source_sheet", Text, nullable=False, comment="'' for CSV"),
    Column("source_row", Integer, nullable=False, comment="0: the whole file"),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("released_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("object_id", "source_sheet", "source_row", "rule"),
    comment="Queries that an engineer let pass; those of the file's earlier answers stand here again.",
)

learned_alias = Table(
    "learned_alias",
    metadata,
    key_column("alias_key"),
    Column("union_id", Text, comment="whose files it is read in; null: everybody's"),
    Column("kind", Text, nullable=False),
    Column("folded_text", Text, nullable=False, comment="look-up form, nuanliu.contract.label_text.fold_label"),
    Column("target_id", Text, nullable=False, comment="union, category, group, column or measure id"),
    Column("person", Text, nullable=False),
    Column("confirmed_at", INSTANT, nullable=False),
    UniqueConstraint("union_id", "kind", "folded_text", postgresql_nulls_not_distinct=True),
    CheckConstraint("kind in ('header', 'union', 'category', 'group')", name="kind"),
)

name_proposal = Table(
    "name_proposal",
    metadata,
    key_column("proposal_key"),
    Column("union_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("folded_text", Text, nullable=False),
    Column("written_text", Text, nullable=False, comment="as first written, personal data masked"),
    Column("proposed_id", Text, comment="the nearest that is known; null when nothing is near"),
    Column("first_receipt_no", Text, ForeignKey("receipt.receipt_no"), nullable=False),
    Column("last_receipt_no", Text, ForeignKey("receipt.receipt_no"), nullable=False),
    Column("first_seen_at", INSTANT, nullable=False),
    Column("drop_count", Integer, nullable=False, server_default="1"),
    Column("state", Text, nullable=False, server_default="open", comment="open, confirmed, dismissed"),
    UniqueConstraint("union_id", "kind", "folded_text"),
    CheckConstraint("kind in ('header', 'union', 'category', 'group')", name="kind"),
    CheckConstraint("state in ('open', 'confirmed', 'dismissed')", name="state"),
    comment="Texts that nobody knew: the engineers' list. One row per union, kind and text.",
)
