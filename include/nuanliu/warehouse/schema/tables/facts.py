"""Facts, partitioned by week."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from nuanliu.warehouse.schema.tables.shared import metadata

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
