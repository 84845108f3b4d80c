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
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from nuanliu.warehouse.schema.tables.shared import metadata

# No foreign keys here: their triggers cost two thirds of a load's time (measured), and every key is looked up in its
# dimension by the load that writes it. Of the dimensions only dim_union loses rows, when a union's past is written
# anew (union_history), after its facts were moved; a test looks for orphans.
# Columns stand widest first, in rows and in keys, so that none has gaps. fact_activity and fact_measure are views on these
# tables: 元 instead of hundredths, keys and hashes as texts (migration 0022, decision 0024).

ACTIVITY_KEYS = 1000
"""A load takes its keys by the thousand: the sequence gives the first of each."""


def _of_submission(table: str) -> Index:
    """Rows of one version lie together, so the ranges of pages tell them apart at a hundredth of a B-tree's price."""
    return Index(
        f"ix_{table}__submission_key",
        "submission_key",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "true"},
    )


stored_activity = Table(
    "stored_activity",
    metadata,
    Column("activity_key", BigInteger, Identity(increment=ACTIVITY_KEYS), nullable=False),
    Column("submission_key", Integer, nullable=False),
    Column("week_start", Date, nullable=False, comment="Monday of the week it counts in"),
    Column("organizer_union_key", Integer, nullable=False),
    Column("campaign_key", Integer),
    Column("place_division_key", Integer),
    Column("start_on", Date),
    Column("end_on", Date),
    Column("since_on", Date),
    Column("as_of_on", Date, nullable=False),
    Column("source_row", Integer, nullable=False),
    Column("category_key", SmallInteger, nullable=False),
    Column("is_date_inferred", Boolean, nullable=False),
    Column("is_crossing_week", Boolean, nullable=False),
    Column("has_open_list", Boolean, nullable=False),
    Column("is_accepted", Boolean, nullable=False, comment="false: it waited from the first"),
    Column("is_counting", Boolean, nullable=False, comment="false: it waits behind another row"),
    Column("period_kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("series_key", LargeBinary, nullable=False, comment="key_bytes()"),
    Column("content_hash", LargeBinary, nullable=False),
    Column("measures_hash", LargeBinary, nullable=False, comment="of measures, values and exactness"),
    Column("identity_key", Text, nullable=False, comment="alike in rows of two unions on one activity"),
    Column("reporting_union_id", Text, nullable=False),
    Column("activity_name", Text, nullable=False),
    Column("activity_no", Text),
    Column("natural_key", Text, comment="intake's activity_key, where the view does not make it of the other columns"),
    Column("item_name", Text),
    Column("place_detail", Text),
    Column("explanation", Text),
    Column("remarks", Text),
    Column("source_sheet", Text),
    PrimaryKeyConstraint("activity_key", "week_start"),
    _of_submission("stored_activity"),
    Index("ix_stored_activity__organizer_union_key", "organizer_union_key"),  # the same activity from another union
    # Cumulative figures of one activity are compared over all weeks; events within theirs, where a scan is cheaper.
    Index(
        "ix_stored_activity__identity_key",
        "identity_key",
        postgresql_where="period_kind in ('ytd', 'cumulative_since', 'stock')",
    ),
    Index("ix_stored_activity__waiting", "identity_key", postgresql_where="not is_counting"),
    postgresql_partition_by="RANGE (week_start)",
    comment="One row per activity that a current submission version holds: accepted, or waiting behind another row that "
    "counts in its place. Read it as fact_activity. Partition: one week.",
)

stored_measure = Table(
    "stored_measure",
    metadata,
    Column("activity_key", BigInteger, nullable=False),
    Column("value_cents", BigInteger, nullable=False, comment="hundredths of the measure's base unit"),
    Column("submission_key", Integer, nullable=False),
    Column("week_start", Date, nullable=False),
    Column("organizer_union_key", Integer, nullable=False),
    Column("campaign_key", Integer),
    Column("place_division_key", Integer),
    Column("since_on", Date),
    Column("as_of_on", Date, nullable=False),
    Column("source_row", Integer, nullable=False),
    Column("measure_key", SmallInteger, nullable=False),
    Column("category_key", SmallInteger, nullable=False),
    Column("source_column", SmallInteger, nullable=False, comment="1 is A"),
    Column("exactness", SmallInteger, nullable=False, comment="0 exact 1 over 2 under 3 approx"),
    Column("is_counting", Boolean, nullable=False, comment="its activity's"),
    Column("period_kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("series_key", LargeBinary, nullable=False, comment="key_bytes()"),
    Column("raw_text", Text, comment="as in the cell, where that is not what the value prints"),
    Column("source_sheet", Text),
    PrimaryKeyConstraint("activity_key", "week_start", "measure_key"),
    _of_submission("stored_measure"),
    postgresql_partition_by="RANGE (week_start)",
    comment="One row per figure that a current submission version holds: activity × measure. Sums take those that count. "
    "Read it as fact_measure. Partition: one week.",
)

bridge_activity_group = Table(
    "bridge_activity_group",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("activity_key", BigInteger, nullable=False),
    Column("group_key", SmallInteger, nullable=False),
    Column("submission_key", Integer, nullable=False),
    PrimaryKeyConstraint("week_start", "activity_key", "group_key"),
    _of_submission("bridge_activity_group"),
)

bridge_activity_partner = Table(
    "bridge_activity_partner",
    metadata,
    Column("week_start", Date, nullable=False),
    Column("activity_key", BigInteger, nullable=False),
    Column("partner_key", Integer, nullable=False),
    Column("role", Text, nullable=False, comment="joint"),
    Column("submission_key", Integer, nullable=False),
    PrimaryKeyConstraint("week_start", "activity_key", "partner_key", "role"),
    _of_submission("bridge_activity_partner"),
)
