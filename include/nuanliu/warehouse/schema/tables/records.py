"""What was taken and answered: objects, receipts, versions, findings, rows that wait."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from nuanliu.domain import schemas
from nuanliu.warehouse.schema.tables.shared import INSTANT, key_column, metadata

registry = Table(
    "registry",
    metadata,
    key_column("object_id"),
    Column("object_key", Text, nullable=False, comment="where the union dropped it, personal data masked"),
    Column("source_key", Text, nullable=False, comment="the key as it stands in intake/, to move it by"),
    Column("union_id", Text, nullable=False, comment="the sender by path; 'unknown' when the path names none"),
    Column("path_week", Text),
    Column("is_trial", Boolean, nullable=False),
    Column("state", Text, nullable=False, comment="claimed, archived, quarantined"),
    Column("stored_key", Text, comment="archive/… or quarantine/…, once moved"),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("received_at", INSTANT, nullable=False, comment="fixed at the claim; nothing later reads a clock"),
    Column("finished_at", INSTANT),
    Column("attempt_count", Integer, nullable=False, server_default="0"),
    Column("arrived_at", INSTANT, comment="when it came to lie in the bucket; null where that is not known"),
    Column(
        "arrival_order",
        Text(collation="C"),
        nullable=False,
        comment="nuanliu.domain.arrival: receipt, arrival, name; ties by object_id",
    ),
    Column("claimed_at", INSTANT, comment="when it was taken, by the clock of who took it; null: at received_at"),
    CheckConstraint("state in ('claimed', 'archived', 'quarantined')", name="state"),
    CheckConstraint("(state = 'claimed') = (stored_key is null)", name="stored_key"),
    Index("ix_registry__claimed", "source_key", unique=True, postgresql_where="state = 'claimed'"),
    Index("ix_registry__arrived", "union_id", "arrived_at"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("receipt_no", Text, primary_key=True),
    Column("object_id", BigInteger, ForeignKey("registry.object_id"), nullable=False, unique=True),
    Column("union_id", Text, nullable=False),
    Column("filed_week", Text, nullable=False, comment="the week it is filed under, even when the receipt says null"),
    Column("status", Text, nullable=False),
    Column("document", JSONB, nullable=False, comment=schemas.RECEIPT),
    Column(
        "touched_weeks", ARRAY(Text), nullable=False, comment="weeks to roll up again because of this drop, ascending"
    ),
    Column("written_at", INSTANT, comment="when receipts/ held its files"),
    Column("answer_no", BigInteger, Identity(), nullable=False, comment="ascending in the order of the answers"),
    Index("ix_receipt__union_week", "union_id", "filed_week"),
)

dim_submission = Table(
    "dim_submission",
    metadata,
    key_column("submission_key"),
    Column("object_id", BigInteger, ForeignKey("registry.object_id"), nullable=False, unique=True),
    Column("receipt_no", Text, ForeignKey("receipt.receipt_no"), nullable=False, unique=True),
    Column("union_id", Text, nullable=False),
    Column("week_id", Text, nullable=False),
    Column("week_start", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("submission_type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    # Its facts are deleted when it is superseded; the weeks stay, so that partitions can be pruned by them.
    Column("fact_weeks", ARRAY(Date), nullable=False, comment="Mondays of the weeks its facts count in, ascending"),
    Column("superseded_at", INSTANT, comment="received_at of the version that replaced it; null while current"),
    Column("superseded_by", BigInteger, ForeignKey("dim_submission.submission_key")),
    Column("arrival_order", Text(collation="C"), nullable=False, comment="of its object in the registry"),
    UniqueConstraint("union_id", "week_id", "version"),
    Index("ix_dim_submission__current", "week_id", "union_id", postgresql_where="superseded_at is null"),
    comment="Versions that were loaded, in whole or part. A 补充 stands beside the version it adds to, both current.",
)

fact_submission = Table(
    "fact_submission",
    metadata,
    Column("object_id", BigInteger, ForeignKey("registry.object_id"), primary_key=True),
    Column("union_id", Text, nullable=False),
    Column("week_start", Date, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    Column("checked_at", INSTANT),
    Column("loaded_at", INSTANT),
    Column("answered_at", INSTANT),
    Column("received_count", Integer, nullable=False),
    Column("accepted_count", Integer, nullable=False),
    Column("returned_count", Integer, nullable=False),
    Column("held_count", Integer, nullable=False),
    Column("ignored_count", Integer, nullable=False),
    Column(
        "activity_count", Integer, nullable=False, comment="activities loaded, waiting ones too; 0 when nothing was"
    ),
    Column("figure_count", Integer, nullable=False, comment="figures loaded"),
    # For reconcile: of a current version, facts = activity_count - moved_count. Since 0008 nothing moves: rows wait.
    Column(
        "moved_count",
        Integer,
        nullable=False,
        server_default="0",
        comment="activities the organiser's report took over",
    ),
    Column("is_late", Boolean, nullable=False),
    comment="Accumulating snapshot: one row per answered object.",
)

finding = Table(
    "finding",
    metadata,
    Column("receipt_no", Text, ForeignKey("receipt.receipt_no"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("sheet", Text),
    Column("cell", Text),
    Column("source_row", Integer),
    Column("column_header", Text),
    Column("value", Text),
    Column("expected", Text),
    Column("message", Text, nullable=False),
    Column("fix", Text, nullable=False),
    PrimaryKeyConstraint("receipt_no", "ordinal"),
)

held_row = Table(
    "held_row",
    metadata,
    Column("receipt_no", Text, ForeignKey("receipt.receipt_no"), nullable=False),
    Column("source_sheet", Text, nullable=False, comment="'' for CSV"),
    Column("source_row", Integer, nullable=False),
    Column("rules", Text, nullable=False, comment="query rule ids joined by ;"),
    Column("activity_key", Text),
    PrimaryKeyConstraint("receipt_no", "source_sheet", "source_row"),
)

handed_over = Table(
    "handed_over",
    metadata,
    Column("object_id", BigInteger, ForeignKey("registry.object_id"), nullable=False, comment="the organiser's drop"),
    Column("receipt_no", Text, nullable=False, comment="the organiser's receipt"),
    Column("organizer_union_id", Text, nullable=False),
    Column("union_id", Text, nullable=False, comment="who had reported it first"),
    Column("from_receipt_no", Text, nullable=False),
    Column("natural_key", Text, nullable=False),
    Column("week_start", Date, nullable=False, comment="Monday of the week it counted in"),
    Column("activity_name", Text, nullable=False),
    Column("told_receipt_no", Text, comment="the receipt that told the first union; null until it gets one"),
    Column(
        "is_given_back",
        Boolean,
        nullable=False,
        comment="the other way round: that drop went away, and it counts again",
    ),
    PrimaryKeyConstraint("object_id", "union_id", "natural_key", "week_start"),
    Index("ix_handed_over__untold", "union_id", postgresql_where="told_receipt_no is null"),
    comment="Activities that their organiser's own report took over from another union's. One row each.",
)
