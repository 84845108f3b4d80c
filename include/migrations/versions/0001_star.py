"""The whole star, as it was first laid out.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of nuanliu.warehouse.tables."""
    op.create_table(
        "dim_date",
        sa.Column("date_key", sa.Integer(), nullable=False, comment="yyyymmdd"),
        sa.Column("date_on", sa.Date(), nullable=False),
        sa.Column("week_id", sa.Text(), nullable=False, comment="2024-W49"),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("month_id", sa.Text(), nullable=False, comment="2024-12"),
        sa.Column("year_number", sa.Integer(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False, comment="调休 included"),
        sa.PrimaryKeyConstraint("date_key", name=op.f("pk_dim_date")),
        sa.UniqueConstraint("date_on", name=op.f("uq_dim_date__date_on")),
    )
    op.create_table(
        "dim_union",
        sa.Column("union_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("union_name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_union_id", sa.Text(), nullable=True),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("is_expected_weekly", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="a week takes the row that is valid on its Monday"),
        sa.Column("valid_to", sa.Date(), nullable=False, comment="exclusive; 9999-12-31 while current"),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_dim_union__valid_range")),
        sa.PrimaryKeyConstraint("union_key", name=op.f("pk_dim_union")),
        sa.UniqueConstraint("union_id", "valid_from", name=op.f("uq_dim_union__union_id_valid_from")),
    )
    op.create_table(
        "dim_division",
        sa.Column("division_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("division_name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("division_key", name=op.f("pk_dim_division")),
        sa.UniqueConstraint("division_code", name=op.f("uq_dim_division__division_code")),
    )
    op.create_table(
        "dim_category",
        sa.Column("category_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("category_id", sa.Text(), nullable=False),
        sa.Column("category_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("category_key", name=op.f("pk_dim_category")),
        sa.UniqueConstraint("category_id", name=op.f("uq_dim_category__category_id")),
    )
    op.create_table(
        "dim_measure",
        sa.Column("measure_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("measure_name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part_of_measure_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("measure_key", name=op.f("pk_dim_measure")),
        sa.UniqueConstraint("measure_id", name=op.f("uq_dim_measure__measure_id")),
    )
    op.create_table(
        "dim_beneficiary_group",
        sa.Column("group_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("parent_group_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("group_key", name=op.f("pk_dim_beneficiary_group")),
        sa.UniqueConstraint("group_id", name=op.f("uq_dim_beneficiary_group__group_id")),
    )
    op.create_table(
        "dim_campaign",
        sa.Column("campaign_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.Text(), nullable=False, comment="of the code list, or the name as written"),
        sa.Column("campaign_name", sa.Text(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False, comment="stands in reference/campaigns.csv"),
        sa.PrimaryKeyConstraint("campaign_key", name=op.f("pk_dim_campaign")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_dim_campaign__campaign_id")),
    )
    op.create_table(
        "dim_partner",
        sa.Column("partner_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("partner_name", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=True, comment="when the partner is a union we know"),
        sa.PrimaryKeyConstraint("partner_key", name=op.f("pk_dim_partner")),
        sa.UniqueConstraint("partner_name", name=op.f("uq_dim_partner__partner_name")),
    )
    op.create_table(
        "registry",
        sa.Column("object_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False, comment="where the union dropped it, personal data masked"),
        sa.Column("source_key", sa.Text(), nullable=False, comment="the key as it stands in intake/, to move it by"),
        sa.Column(
            "union_id", sa.Text(), nullable=False, comment="the sender by path; 'unknown' when the path names none"
        ),
        sa.Column("path_week", sa.Text(), nullable=True),
        sa.Column("is_trial", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="claimed, archived, quarantined"),
        sa.Column("stored_key", sa.Text(), nullable=True, comment="archive/… or quarantine/…, once moved"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="fixed at the claim; nothing later reads a clock",
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_count", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("(state = 'claimed') = (stored_key is null)", name=op.f("ck_registry__stored_key")),
        sa.CheckConstraint("state in ('claimed', 'archived', 'quarantined')", name=op.f("ck_registry__state")),
        sa.PrimaryKeyConstraint("object_id", name=op.f("pk_registry")),
    )
    op.create_index(
        "ix_registry__claimed", "registry", ["source_key"], unique=True, postgresql_where="state = 'claimed'"
    )
    op.create_table(
        "receipt",
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column(
            "filed_week",
            sa.Text(),
            nullable=False,
            comment="the week it is filed under, even when the receipt says null",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False, comment="nuanliu.receipt/1"),
        sa.Column(
            "touched_weeks",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="weeks to roll up again because of this drop, ascending",
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True, comment="when receipts/ held its files"),
        sa.ForeignKeyConstraint(["object_id"], ["registry.object_id"], name=op.f("fk_receipt__object_id")),
        sa.PrimaryKeyConstraint("receipt_no", name=op.f("pk_receipt")),
        sa.UniqueConstraint("object_id", name=op.f("uq_receipt__object_id")),
    )
    op.create_index("ix_receipt__union_week", "receipt", ["union_id", "filed_week"], unique=False)
    op.create_table(
        "dim_submission",
        sa.Column("submission_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("week_id", sa.Text(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "fact_weeks",
            postgresql.ARRAY(sa.Date()),
            nullable=False,
            comment="Mondays of the weeks its facts count in, ascending",
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="received_at of the version that replaced it; null while current",
        ),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["object_id"], ["registry.object_id"], name=op.f("fk_dim_submission__object_id")),
        sa.ForeignKeyConstraint(["receipt_no"], ["receipt.receipt_no"], name=op.f("fk_dim_submission__receipt_no")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["dim_submission.submission_key"], name=op.f("fk_dim_submission__superseded_by")
        ),
        sa.PrimaryKeyConstraint("submission_key", name=op.f("pk_dim_submission")),
        sa.UniqueConstraint("object_id", name=op.f("uq_dim_submission__object_id")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_dim_submission__receipt_no")),
        sa.UniqueConstraint("union_id", "week_id", "version", name=op.f("uq_dim_submission__union_id_week_id_version")),
        comment="Versions that were loaded, in whole or part. A 补充 stands beside the version it adds to, both current.",
    )
    op.create_index(
        "ix_dim_submission__current",
        "dim_submission",
        ["week_id", "union_id"],
        unique=False,
        postgresql_where="superseded_at is null",
    )
    op.create_table(
        "fact_submission",
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_count", sa.Integer(), nullable=False),
        sa.Column("accepted_count", sa.Integer(), nullable=False),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.Column("held_count", sa.Integer(), nullable=False),
        sa.Column("ignored_count", sa.Integer(), nullable=False),
        sa.Column("activity_count", sa.Integer(), nullable=False, comment="activities loaded; 0 when nothing was"),
        sa.Column("figure_count", sa.Integer(), nullable=False, comment="figures loaded"),
        sa.Column(
            "moved_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="activities the organiser's report took over",
        ),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["object_id"], ["registry.object_id"], name=op.f("fk_fact_submission__object_id")),
        sa.PrimaryKeyConstraint("object_id", name=op.f("pk_fact_submission")),
        comment="Accumulating snapshot: one row per answered object.",
    )
    op.create_table(
        "finding",
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("cell", sa.Text(), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("column_header", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("fix", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["receipt_no"], ["receipt.receipt_no"], name=op.f("fk_finding__receipt_no")),
        sa.PrimaryKeyConstraint("receipt_no", "ordinal", name=op.f("pk_finding")),
    )
    op.create_table(
        "held_row",
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("source_sheet", sa.Text(), nullable=False, comment="'' for CSV"),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False, comment="query rule ids joined by ;"),
        sa.Column("activity_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["receipt_no"], ["receipt.receipt_no"], name=op.f("fk_held_row__receipt_no")),
        sa.PrimaryKeyConstraint("receipt_no", "source_sheet", "source_row", name=op.f("pk_held_row")),
    )
    op.create_table(
        "tolerance",
        sa.Column("tolerance_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=True),
        sa.Column("limit_value", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tolerance_key", name=op.f("pk_tolerance")),
    )
    op.create_table(
        "fact_activity",
        sa.Column("activity_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False, comment="Monday of the week it counts in"),
        sa.Column("submission_key", sa.BigInteger(), nullable=False),
        sa.Column("reporting_union_id", sa.Text(), nullable=False),
        sa.Column("organizer_union_key", sa.BigInteger(), nullable=False),
        sa.Column("category_key", sa.BigInteger(), nullable=False),
        sa.Column("campaign_key", sa.BigInteger(), nullable=True),
        sa.Column("place_division_key", sa.BigInteger(), nullable=True),
        sa.Column("place_detail", sa.Text(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("is_date_inferred", sa.Boolean(), nullable=False),
        sa.Column("is_crossing_week", sa.Boolean(), nullable=False),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("activity_no", sa.Text(), nullable=True),
        sa.Column("activity_name", sa.Text(), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=True),
        sa.Column("has_open_list", sa.Boolean(), nullable=False),
        sa.Column("natural_key", sa.Text(), nullable=False, comment="intake's activity_key"),
        sa.Column("series_key", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("source_sheet", sa.Text(), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week_start", "activity_key", name=op.f("pk_fact_activity")),
        comment="One row per accepted activity of a current submission version. Partition: one week.",
        postgresql_partition_by="RANGE (week_start)",
    )
    op.create_index("ix_fact_activity__organizer_union_key", "fact_activity", ["organizer_union_key"], unique=False)
    op.create_index("ix_fact_activity__submission_key", "fact_activity", ["submission_key"], unique=False)
    op.create_table(
        "fact_measure",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("activity_key", sa.BigInteger(), nullable=False),
        sa.Column("measure_key", sa.BigInteger(), nullable=False),
        sa.Column("submission_key", sa.BigInteger(), nullable=False),
        sa.Column("organizer_union_key", sa.BigInteger(), nullable=False),
        sa.Column("category_key", sa.BigInteger(), nullable=False),
        sa.Column("campaign_key", sa.BigInteger(), nullable=True),
        sa.Column("place_division_key", sa.BigInteger(), nullable=True),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("series_key", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("exactness", sa.SmallInteger(), nullable=False, comment="0 exact 1 over 2 under 3 approx"),
        sa.Column("raw_text", sa.Text(), nullable=False),
        sa.Column("source_sheet", sa.Text(), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("source_cell", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("week_start", "activity_key", "measure_key", name=op.f("pk_fact_measure")),
        comment="One row per accepted figure of a current submission version: activity × measure. Partition: one week.",
        postgresql_partition_by="RANGE (week_start)",
    )
    op.create_index("ix_fact_measure__submission_key", "fact_measure", ["submission_key"], unique=False)
    op.create_table(
        "bridge_activity_group",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("activity_key", sa.BigInteger(), nullable=False),
        sa.Column("group_key", sa.BigInteger(), nullable=False),
        sa.Column("submission_key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("week_start", "activity_key", "group_key", name=op.f("pk_bridge_activity_group")),
    )
    op.create_index(
        "ix_bridge_activity_group__submission_key", "bridge_activity_group", ["submission_key"], unique=False
    )
    op.create_table(
        "bridge_activity_partner",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("activity_key", sa.BigInteger(), nullable=False),
        sa.Column("partner_key", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False, comment="joint"),
        sa.Column("submission_key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "week_start", "activity_key", "partner_key", "role", name=op.f("pk_bridge_activity_partner")
        ),
    )
    op.create_index(
        "ix_bridge_activity_partner__submission_key", "bridge_activity_partner", ["submission_key"], unique=False
    )
    op.create_table(
        "mart_week_figure",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("figure_id", sa.Text(), nullable=False, comment="contract §4"),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False, comment="organizer or place"),
        sa.Column("category_id", sa.Text(), nullable=False, comment="'all' for totals"),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("value", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("exactness", sa.SmallInteger(), nullable=False),
        sa.Column("activity_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week_start", "figure_id", name=op.f("pk_mart_week_figure")),
    )
    op.create_table(
        "mart_cumulative",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False, comment="the organiser"),
        sa.Column("series_key", sa.Text(), nullable=False),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("category_id", sa.Text(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="latest up to the week's Sunday"),
        sa.Column("value", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("exactness", sa.SmallInteger(), nullable=False),
        sa.Column(
            "increment",
            sa.Numeric(precision=18, scale=2),
            nullable=True,
            comment="against the as-of before; null at the first",
        ),
        sa.Column("is_restated", sa.Boolean(), nullable=False, comment="it fell, and 说明 says why"),
        sa.Column("activity_key", sa.BigInteger(), nullable=False),
        sa.Column(
            "fact_week_start", sa.Date(), nullable=False, comment="partition of the fact the value was read from"
        ),
        sa.Column("place_division_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "week_start",
            "union_id",
            "series_key",
            "measure_id",
            "period_kind",
            "scope",
            name=op.f("pk_mart_cumulative"),
        ),
    )
    op.create_table(
        "mart_campaign_week",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("campaign_id", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False, comment="the organiser"),
        sa.Column("measure_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("exactness", sa.SmallInteger(), nullable=False),
        sa.Column("activity_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "campaign_id", "measure_id", "week_start", "union_id", name=op.f("pk_mart_campaign_week")
        ),
        comment="Own event figures of a campaign, one week each; a campaign's sum to a week adds them up.",
    )
    op.create_index("ix_mart_campaign_week__week_start", "mart_campaign_week", ["week_start"], unique=False)
    op.create_table(
        "mart_week_coverage",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=False),
        sa.Column("is_expected", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="reported, confirmed_zero, missing, returned, held"),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("receipt_no", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("week_start", "union_id", name=op.f("pk_mart_week_coverage")),
    )
    op.create_table(
        "edition",
        sa.Column("edition_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("week_id", sa.Text(), nullable=False),
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="of the figures, coverage and revisions"),
        sa.Column("document", postgresql.JSONB(), nullable=False, comment="nuanliu.rollup/1 as published"),
        sa.Column("files", postgresql.JSONB(), nullable=False, comment="object keys and their sha256"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("edition_key", name=op.f("pk_edition")),
        sa.UniqueConstraint("week_id", "edition_no", name=op.f("uq_edition__week_id_edition_no")),
    )
    op.create_table(
        "outbox",
        sa.Column("mail_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "purpose", sa.Text(), nullable=False, comment="edition/2024-W49/1, reminder/2024-W49/2024-12-09, alert/…"
        ),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False, comment="the whole message, RFC 5322"),
        sa.Column("state", sa.Text(), nullable=False, comment="pending, sending, sent, uncertain, refused"),
        sa.Column("attempt_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('pending', 'sending', 'sent', 'uncertain', 'refused')", name=op.f("ck_outbox__state")
        ),
        sa.PrimaryKeyConstraint("mail_key", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox__message_id")),
        sa.UniqueConstraint("purpose", "recipient", name=op.f("uq_outbox__purpose_recipient")),
    )


def downgrade() -> None:
    """Drop every table, and with them everything that was ever loaded."""
    op.drop_table("outbox")
    op.drop_table("edition")
    op.drop_table("mart_week_coverage")
    op.drop_table("mart_campaign_week")
    op.drop_table("mart_cumulative")
    op.drop_table("mart_week_figure")
    op.drop_table("bridge_activity_partner")
    op.drop_table("bridge_activity_group")
    op.drop_table("fact_measure")
    op.drop_table("fact_activity")
    op.drop_table("tolerance")
    op.drop_table("held_row")
    op.drop_table("finding")
    op.drop_table("fact_submission")
    op.drop_table("dim_submission")
    op.drop_table("receipt")
    op.drop_table("registry")
    op.drop_table("dim_partner")
    op.drop_table("dim_campaign")
    op.drop_table("dim_beneficiary_group")
    op.drop_table("dim_measure")
    op.drop_table("dim_category")
    op.drop_table("dim_division")
    op.drop_table("dim_union")
    op.drop_table("dim_date")
