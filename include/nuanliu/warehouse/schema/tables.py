"""The warehouse as SQLAlchemy Core tables. Migrations in include/migrations create exactly these; a test compares."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from nuanliu.domain import schemas

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s__%(column_0_N_name)s",
        "uq": "uq_%(table_name)s__%(column_0_N_name)s",
        "ck": "ck_%(table_name)s__%(constraint_name)s",
        "fk": "fk_%(table_name)s__%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_instant = DateTime(timezone=True)


def _key(name: str) -> Column[int]:
    return Column(name, BigInteger, Identity(), primary_key=True)


# --- dimensions ------------------------------------------------------------------------------------------------------

dim_date = Table(
    "dim_date",
    metadata,
    Column("date_key", Integer, primary_key=True, comment="yyyymmdd"),
    Column("date_on", Date, nullable=False, unique=True),
    Column("week_id", Text, nullable=False, comment="2024-W49"),
    Column("week_start", Date, nullable=False),
    Column("month_id", Text, nullable=False, comment="2024-12"),
    Column("year_number", Integer, nullable=False),
    Column("is_workday", Boolean, nullable=False, comment="调休 included"),
)

dim_union = Table(
    "dim_union",
    metadata,
    _key("union_key"),
    Column("union_id", Text, nullable=False),
    Column("union_name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent_union_id", Text),
    Column("division_code", Text, nullable=False),
    Column("is_expected_weekly", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False, comment="a week takes the row that is valid on its Monday"),
    Column("valid_to", Date, nullable=False, comment="exclusive; 9999-12-31 while current"),
    Column("successor_union_id", Text, comment="who reports instead once it has ended"),
    UniqueConstraint("union_id", "valid_from"),
    CheckConstraint("valid_from < valid_to", name="valid_range"),
)

dim_division = Table(
    "dim_division",
    metadata,
    _key("division_key"),
    Column("division_code", Text, nullable=False, unique=True),
    Column("division_name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent_code", Text),
)

dim_category = Table(
    "dim_category",
    metadata,
    _key("category_key"),
    Column("category_id", Text, nullable=False, unique=True),
    Column("category_name", Text, nullable=False),
)

dim_measure = Table(
    "dim_measure",
    metadata,
    _key("measure_key"),
    Column("measure_id", Text, nullable=False, unique=True),
    Column("measure_name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("part_of_measure_id", Text),
)

dim_beneficiary_group = Table(
    "dim_beneficiary_group",
    metadata,
    _key("group_key"),
    Column("group_id", Text, nullable=False, unique=True),
    Column("group_name", Text, nullable=False),
    Column("parent_group_id", Text),
)

dim_campaign = Table(
    "dim_campaign",
    metadata,
    _key("campaign_key"),
    Column("campaign_id", Text, nullable=False, unique=True, comment="of the code list, or the name as written"),
    Column("campaign_name", Text, nullable=False),
    Column("is_listed", Boolean, nullable=False, comment="stands in reference/campaigns.csv"),
    Column("starts_on", Text, comment="2024-11-01, or 11-01 of every year"),
    Column("ends_on", Text, comment="its last day, written like starts_on"),
)

dim_partner = Table(
    "dim_partner",
    metadata,
    _key("partner_key"),
    Column("partner_name", Text, nullable=False, unique=True),
    Column("union_id", Text, comment="when the partner is a union we know"),
)

# --- the intake's registry -------------------------------------------------------------------------------------------

registry = Table(
    "registry",
    metadata,
    _key("object_id"),
    Column("object_key", Text, nullable=False, comment="where the union dropped it, personal data masked"),
    Column("source_key", Text, nullable=False, comment="the key as it stands in intake/, to move it by"),
    Column("union_id", Text, nullable=False, comment="the sender by path; 'unknown' when the path names none"),
    Column("path_week", Text),
    Column("is_trial", Boolean, nullable=False),
    Column("state", Text, nullable=False, comment="claimed, archived, quarantined"),
    Column("stored_key", Text, comment="archive/… or quarantine/…, once moved"),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("received_at", _instant, nullable=False, comment="fixed at the claim; nothing later reads a clock"),
    Column("finished_at", _instant),
    Column("attempt_count", Integer, nullable=False, server_default="0"),
    Column("arrived_at", _instant, comment="when it came to lie in the bucket; null where that is not known"),
    Column(
        "arrival_order",
        Text(collation="C"),
        nullable=False,
        comment="nuanliu.domain.arrival: receipt, arrival, name; ties by object_id",
    ),
    Column("claimed_at", _instant, comment="when it was taken, by the clock of who took it; null: at received_at"),
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
    Column("written_at", _instant, comment="when receipts/ held its files"),
    Column("answer_no", BigInteger, Identity(), nullable=False, comment="ascending in the order of the answers"),
    Index("ix_receipt__union_week", "union_id", "filed_week"),
)

dim_submission = Table(
    "dim_submission",
    metadata,
    _key("submission_key"),
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
    Column("received_at", _instant, nullable=False),
    # Its facts are deleted when it is superseded; the weeks stay, so that partitions can be pruned by them.
    Column("fact_weeks", ARRAY(Date), nullable=False, comment="Mondays of the weeks its facts count in, ascending"),
    Column("superseded_at", _instant, comment="received_at of the version that replaced it; null while current"),
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
    Column("received_at", _instant, nullable=False),
    Column("checked_at", _instant),
    Column("loaded_at", _instant),
    Column("answered_at", _instant),
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

tolerance = Table(
    "tolerance",
    metadata,
    _key("tolerance_key"),
    Column("union_id", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("measure_id", Text),
    Column("limit_value", Numeric(18, 2)),
    Column("reason", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("created_at", _instant, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("ended_at", _instant, comment="when a person ended it before it expired"),
    Column("ended_by", Text),
)

answered_again = Table(
    "answered_again",
    metadata,
    Column("object_id", BigInteger, ForeignKey("registry.object_id"), primary_key=True),
    # No foreign key: of a lost warehouse the registry is rebuilt before the receipts are.
    Column("receipt_no", Text, nullable=False, unique=True, comment="the receipt whose file is answered again"),
    Column("arrived_at", _instant, nullable=False, comment="when the bytes arrived; registry.received_at: the release"),
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
    Column("released_at", _instant, nullable=False),
    PrimaryKeyConstraint("object_id", "source_sheet", "source_row", "rule"),
    comment="Queries that an engineer let pass; those of the file's earlier answers stand here again.",
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

learned_alias = Table(
    "learned_alias",
    metadata,
    _key("alias_key"),
    Column("union_id", Text, comment="whose files it is read in; null: everybody's"),
    Column("kind", Text, nullable=False),
    Column("folded_text", Text, nullable=False, comment="look-up form, nuanliu.contract.label_text.fold_label"),
    Column("target_id", Text, nullable=False, comment="union, category, group, column or measure id"),
    Column("person", Text, nullable=False),
    Column("confirmed_at", _instant, nullable=False),
    UniqueConstraint("union_id", "kind", "folded_text", postgresql_nulls_not_distinct=True),
    CheckConstraint("kind in ('header', 'union', 'category', 'group')", name="kind"),
)

name_proposal = Table(
    "name_proposal",
    metadata,
    _key("proposal_key"),
    Column("union_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("folded_text", Text, nullable=False),
    Column("written_text", Text, nullable=False, comment="as first written, personal data masked"),
    Column("proposed_id", Text, comment="the nearest that is known; null when nothing is near"),
    Column("first_receipt_no", Text, ForeignKey("receipt.receipt_no"), nullable=False),
    Column("last_receipt_no", Text, ForeignKey("receipt.receipt_no"), nullable=False),
    Column("first_seen_at", _instant, nullable=False),
    Column("drop_count", Integer, nullable=False, server_default="1"),
    Column("state", Text, nullable=False, server_default="open", comment="open, confirmed, dismissed"),
    UniqueConstraint("union_id", "kind", "folded_text"),
    CheckConstraint("kind in ('header', 'union', 'category', 'group')", name="kind"),
    CheckConstraint("state in ('open', 'confirmed', 'dismissed')", name="state"),
    comment="Texts that nobody knew: the engineers' list. One row per union, kind and text.",
)

# --- facts, partitioned by week --------------------------------------------------------------------------------------
# No foreign keys here: their triggers cost two thirds of a load's time (measured), and every key is joined from its
# dimension by the very statement that inserts it. Of the dimensions only dim_union loses rows, when a union's past is written
# anew (union_history), after its facts were moved; a test looks for orphans.

fact_activity = Table(
    "fact_activity",
    metadata,
    Column("activity_key", BigInteger, Identity(), nullable=False),
    Column("week_start", Date, nullable=False, comment="Monday of the week it counts in"),
    Column("submission_key", BigInteger, nullable=False),
    Column("reporting_union_id", Text, nullable=False),
    Column("organizer_union_key", BigInteger, nullable=False),
    Column("category_key", BigInteger, nullable=False),
    Column("campaign_key", BigInteger),
    Column("place_division_key", BigInteger),
    Column("place_detail", Text),
    Column("start_on", Date),
    Column("end_on", Date),
    Column("is_date_inferred", Boolean, nullable=False),
    Column("is_crossing_week", Boolean, nullable=False),
    Column("period_kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("since_on", Date),
    Column("as_of_on", Date, nullable=False),
    Column("activity_no", Text),
    Column("activity_name", Text, nullable=False),
    Column("item_name", Text),
    Column("has_open_list", Boolean, nullable=False),
    Column("natural_key", Text, nullable=False, comment="intake's activity_key"),
    Column("series_key", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("explanation", Text),
    Column("remarks", Text),
    Column("source_sheet", Text),
    Column("source_row", Integer, nullable=False),
    Column(
        "identity_key", Text, nullable=False, server_default="", comment="alike in rows of two unions on one activity"
    ),
    Column("is_accepted", Boolean, nullable=False, server_default="true", comment="false: it waited from the first"),
    Column("is_counting", Boolean, nullable=False, server_default="true", comment="false: it waits behind another row"),
    Column("measures_hash", Text, nullable=False, server_default="", comment="of measures, values and exactness"),
    PrimaryKeyConstraint("week_start", "activity_key"),
    Index("ix_fact_activity__submission_key", "submission_key"),
    Index("ix_fact_activity__organizer_union_key", "organizer_union_key"),  # the same activity from another union
    # Cumulative figures of one activity are compared over all weeks; events within theirs, where a scan is cheaper.
    Index(
        "ix_fact_activity__identity_key",
        "identity_key",
        postgresql_where="period_kind in ('ytd', 'cumulative_since', 'stock')",
    ),
    Index("ix_fact_activity__waiting", "identity_key", postgresql_where="not is_counting"),
    postgresql_partition_by="RANGE (week_start)",
    comment="One row per activity that a current submission version holds: accepted, or waiting behind another row that "
    "counts in its place. Partition: one week.",
)

fact_measure = Table(
    "fact_measure",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("activity_key", BigInteger, nullable=False),
    Column("measure_key", BigInteger, nullable=False),
    Column("submission_key", BigInteger, nullable=False),
    Column("organizer_union_key", BigInteger, nullable=False),
    Column("category_key", BigInteger, nullable=False),
    Column("campaign_key", BigInteger),
    Column("place_division_key", BigInteger),
    Column("period_kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("since_on", Date),
    Column("as_of_on", Date, nullable=False),
    Column("series_key", Text, nullable=False),
    Column("value", Numeric(18, 2), nullable=False),
    Column("exactness", SmallInteger, nullable=False, comment="0 exact 1 over 2 under 3 approx"),
    Column("raw_text", Text, nullable=False),
    Column("source_sheet", Text),
    Column("source_row", Integer, nullable=False),
    Column("source_cell", Text, nullable=False),
    Column("is_counting", Boolean, nullable=False, server_default="true", comment="its activity's"),
    PrimaryKeyConstraint("week_start", "activity_key", "measure_key"),
    Index("ix_fact_measure__submission_key", "submission_key"),
    postgresql_partition_by="RANGE (week_start)",
    comment="One row per figure that a current submission version holds: activity × measure. Sums take those that count. "
    "Partition: one week.",
)

bridge_activity_group = Table(
    "bridge_activity_group",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("activity_key", BigInteger, nullable=False),
    Column("group_key", BigInteger, nullable=False),
    Column("submission_key", BigInteger, nullable=False),
    PrimaryKeyConstraint("week_start", "activity_key", "group_key"),
    Index("ix_bridge_activity_group__submission_key", "submission_key"),
)

bridge_activity_partner = Table(
    "bridge_activity_partner",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("activity_key", BigInteger, nullable=False),
    Column("partner_key", BigInteger, nullable=False),
    Column("role", Text, nullable=False, comment="joint"),
    Column("submission_key", BigInteger, nullable=False),
    PrimaryKeyConstraint("week_start", "activity_key", "partner_key", "role"),
    Index("ix_bridge_activity_partner__submission_key", "submission_key"),
)

# --- marts -----------------------------------------------------------------------------------------------------------

mart_week_figure = Table(
    "mart_week_figure",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("figure_id", Text, nullable=False, comment="contract §4"),
    Column("union_id", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("basis", Text, nullable=False, comment="organizer or place"),
    Column("category_id", Text, nullable=False, comment="'all' for totals"),
    Column("measure_id", Text, nullable=False),
    Column("period_kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("since_on", Date),
    Column("value", Numeric(), nullable=False),
    Column("exactness", SmallInteger, nullable=False),
    Column("activity_count", Integer, nullable=False),
    PrimaryKeyConstraint("week_start", "figure_id"),
)

mart_cumulative = Table(
    "mart_cumulative",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("union_id", Text, nullable=False, comment="the organiser"),
    Column("series_key", Text, nullable=False),
    Column("measure_id", Text, nullable=False),
    Column("period_kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("since_on", Date),
    Column("category_id", Text, nullable=False),
    Column("as_of_on", Date, nullable=False, comment="latest up to the week's Sunday"),
    Column("value", Numeric(), nullable=False),
    Column("exactness", SmallInteger, nullable=False),
    Column("increment", Numeric(), comment="against the as-of before; null at the first"),
    Column("is_restated", Boolean, nullable=False, comment="it fell, and 说明 says why"),
    Column("activity_key", BigInteger, nullable=False),
    Column("fact_week_start", Date, nullable=False, comment="partition of the fact the value was read from"),
    Column("place_division_code", Text),
    Column("sender_union_id", Text, nullable=False, comment="who reported it"),
    PrimaryKeyConstraint("week_start", "activity_key", "measure_id"),
)

mart_campaign_week = Table(
    "mart_campaign_week",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("campaign_id", Text, nullable=False),
    Column("union_id", Text, nullable=False, comment="the organiser"),
    Column("measure_id", Text, nullable=False),
    Column("value", Numeric(), nullable=False),
    Column("exactness", SmallInteger, nullable=False),
    Column("activity_count", Integer, nullable=False),
    PrimaryKeyConstraint("campaign_id", "measure_id", "week_start", "union_id"),
    Index("ix_mart_campaign_week__week_start", "week_start"),
    comment="Own event figures of a campaign, one week each; a campaign's sum to a week adds them up.",
)

mart_week_coverage = Table(
    "mart_week_coverage",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("union_id", Text, nullable=False),
    Column("is_expected", Boolean, nullable=False),
    Column("state", Text, nullable=False, comment="reported, confirmed_zero, missing, returned, held"),
    Column("is_late", Boolean, nullable=False),
    Column("version", Integer),
    Column("receipt_no", Text),
    PrimaryKeyConstraint("week_start", "union_id"),
)

stale_week = Table(
    "stale_week",
    metadata,
    Column("week_id", Text, nullable=False),
    Column("object_id", BigInteger, nullable=False, comment="the drop that touched it; 0: rules or code lists"),
    PrimaryKeyConstraint("week_id", "object_id"),
    comment="Weeks to roll up; a row goes with the rollup that saw what its drop brought.",
)

reconciled_week = Table(
    "reconciled_week",
    metadata,
    Column("week_start", Date, primary_key=True),
    Column("clean_at", _instant, comment="null: it is being looked at"),
    comment="Weeks that the nightly reconcile found clean; a row goes with whatever touches its week.",
)

# --- publication -----------------------------------------------------------------------------------------------------

edition = Table(
    "edition",
    metadata,
    _key("edition_key"),
    Column("week_id", Text, nullable=False),
    Column("edition_no", Integer, nullable=False),
    Column("content_hash", Text, nullable=False, comment="of the figures, coverage and revisions"),
    Column("document", JSONB, nullable=False, comment=f"{schemas.ROLLUP} as published"),
    Column("files", JSONB, nullable=False, comment="object keys and their sha256"),
    Column("published_at", _instant, nullable=False),
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
    _key("change_key"),
    Column("week_id", Text, nullable=False),
    Column("figure_id", Text, nullable=False),
    Column("old_value", Numeric()),
    Column("old_exactness", SmallInteger),
    Column("new_value", Numeric()),
    Column("new_exactness", SmallInteger),
    Column("reason", Text, nullable=False),
    Column("object_id", BigInteger, comment="the drop that changed it; null where none did"),
    Column("noted_at", _instant, nullable=False, server_default=func.now()),
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
    _key("mail_key"),
    Column("purpose", Text, nullable=False, comment="edition/2024-W49/1, reminder/2024-W49/620400/2024-12-09, alert/…"),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("message", LargeBinary, nullable=False, comment="the whole message, RFC 5322"),
    Column("state", Text, nullable=False, comment="pending, sending, sent, uncertain, refused"),
    Column("attempt_count", Integer, nullable=False, server_default="0"),
    Column("created_at", _instant, nullable=False),
    Column("sent_at", _instant),
    Column("last_error", Text),
    UniqueConstraint("purpose", "recipient"),
    CheckConstraint("state in ('pending', 'sending', 'sent', 'uncertain', 'refused')", name="state"),
)

mail_decision = Table(
    "mail_decision",
    metadata,
    _key("decision_key"),
    Column("mail_key", BigInteger, ForeignKey("outbox.mail_key"), nullable=False),
    Column("state", Text, nullable=False, comment="what the mail was: uncertain, refused"),
    Column("decision", Text, nullable=False, comment="resend, drop"),
    Column("person", Text, nullable=False),
    Column("decided_at", _instant, nullable=False),
    CheckConstraint("decision in ('resend', 'drop')", name="decision"),
    comment="What engineers decided about mails that may have arrived or were refused. A dropped one is settled for good.",
)

# --- upkeep ----------------------------------------------------------------------------------------------------------

deletion = Table(
    "deletion",
    metadata,
    _key("deletion_key"),
    Column("object_key", Text, nullable=False, comment="archive/…, quarantine/… or receipts/…"),
    Column("union_id", Text, nullable=False),
    Column("sha256", Text, nullable=False, comment="of the bytes that were deleted"),
    Column("size_bytes", BigInteger, nullable=False),
    Column("rule", Text, nullable=False, comment="originals, quarantine"),
    Column("period", Text, nullable=False, comment="how long such objects were kept then: 2 years, 30 days"),
    Column("logged_at", _instant, nullable=False, comment="before the object is touched"),
    Column("deleted_at", _instant, comment="null: begun; the next run ends it"),
    Column("withdrawn_at", _instant, comment="it did not happen: the object stays"),
    CheckConstraint("rule in ('originals', 'quarantine')", name="rule"),
    Index("ix_deletion__object_key", "object_key"),
    comment="Objects of the bucket that were deleted because their time had come. One row each.",
)
