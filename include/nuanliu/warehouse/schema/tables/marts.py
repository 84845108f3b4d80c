"""What is built from facts, and which weeks wait for it or were found clean."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from nuanliu.warehouse.schema.tables.shared import INSTANT, metadata

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
    Column("clean_at", INSTANT, comment="null: it is being looked at"),
    comment="Weeks that the nightly reconcile found clean; a row goes with whatever touches its week.",
)
