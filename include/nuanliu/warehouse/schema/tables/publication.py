"""What was published and mailed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from nuanliu.domain import schemas
from nuanliu.warehouse.schema.tables.shared import INSTANT, key_column, metadata

edition = Table(
    "edition",
    metadata,
    key_column("edition_key"),
    Column("week_id", Text, nullable=False),
    Column("edition_no", Integer, nullable=False),
    Column("content_hash", Text, nullable=False, comment="of the figures, coverage and revisions"),
    Column("document", JSONB, nullable=False, comment=f"{schemas.ROLLUP} as published"),
    Column("files", JSONB, nullable=False, comment="object keys and their sha256"),
    Column("published_at", INSTANT, nullable=False),
    Column("notes", JSONB, nullable=False, server_default="{}", comment="what readers were told beside the document"),
    Column(
        "change_seen", BigInteger, nullable=False, server_default="0", comment="last figure_change when it was made"
    ),
    Column("submission_seen", BigInteger, nullable=False, server_default="0", comment="last dim_submission then"),
    UniqueConstraint("week_id", "edition_no"),
)

published_figure = Table(
    "published_figure",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("figure_id", Text, nullable=False, comment="contract §4; a campaign's figure without its week"),
    Column("is_campaign", Boolean, nullable=False),
    Column("value", Numeric(), comment="as it stands since the last line of figure_change; null: there is none now"),
    Column("exactness", SmallInteger, comment="null: there is none now, or readers were never told"),
    PrimaryKeyConstraint("week_start", "figure_id"),
    comment="Every figure that an edition of its week has shown, as it was when its changes were noted last.",
)

figure_change = Table(
    "figure_change",
    metadata,
    key_column("change_key"),
    Column("week_id", Text, nullable=False),
    Column("figure_id", Text, nullable=False),
    Column("old_value", Numeric()),
    Column("old_exactness", SmallInteger),
    Column("new_value", Numeric()),
    Column("new_exactness", SmallInteger),
    Column("reason", Text, nullable=False),
    Column("object_id", BigInteger, comment="the drop that changed it; null where none did"),
    Column("noted_at", INSTANT, nullable=False, server_default=func.now()),
    CheckConstraint(
        "reason in ('补报', '更正', '核实放行', '单位变动', '规则变动', '重新汇总', '原因不明')",
        name="reason",
    ),
    Index("ix_figure_change__object_id", "object_id"),
    comment="Every step of a published figure, in the order in which they happened; editions tell them.",
)

outbox = Table(
    "outbox",
    metadata,
    key_column("mail_key"),
    Column("purpose", Text, nullable=False, comment="edition/2024-W49/1, reminder/2024-W49/620400/2024-12-09, alert/…"),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("message", LargeBinary, nullable=False, comment="the whole message, RFC 5322"),
    Column("state", Text, nullable=False, comment="pending, sending, sent, uncertain, refused"),
    Column("attempt_count", Integer, nullable=False, server_default="0"),
    Column("created_at", INSTANT, nullable=False),
    Column("sent_at", INSTANT),
    Column("last_error", Text),
    UniqueConstraint("purpose", "recipient"),
    CheckConstraint("state in ('pending', 'sending', 'sent', 'uncertain', 'refused')", name="state"),
)

mail_decision = Table(
    "mail_decision",
    metadata,
    key_column("decision_key"),
    Column("mail_key", BigInteger, ForeignKey("outbox.mail_key"), nullable=False),
    Column("state", Text, nullable=False, comment="what the mail was: uncertain, refused"),
    Column("decision", Text, nullable=False, comment="resend, drop"),
    Column("person", Text, nullable=False),
    Column("decided_at", INSTANT, nullable=False),
    CheckConstraint("decision in ('resend', 'drop')", name="decision"),
    comment="What engineers decided about mails that may have arrived or were refused. A dropped one is settled for good.",
)
