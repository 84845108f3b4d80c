"""What facts are of: weeks, unions, places, categories, measures, campaigns, partners."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from nuanliu.warehouse.schema.tables.shared import key_column, metadata

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
    key_column("union_key"),
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
    key_column("division_key"),
    Column("division_code", Text, nullable=False, unique=True),
    Column("division_name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent_code", Text),
)

dim_category = Table(
    "dim_category",
    metadata,
    key_column("category_key"),
    Column("category_id", Text, nullable=False, unique=True),
    Column("category_name", Text, nullable=False),
)

dim_measure = Table(
    "dim_measure",
    metadata,
    key_column("measure_key"),
    Column("measure_id", Text, nullable=False, unique=True),
    Column("measure_name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("part_of_measure_id", Text),
)

dim_beneficiary_group = Table(
    "dim_beneficiary_group",
    metadata,
    key_column("group_key"),
    Column("group_id", Text, nullable=False, unique=True),
    Column("group_name", Text, nullable=False),
    Column("parent_group_id", Text),
)

dim_campaign = Table(
    "dim_campaign",
    metadata,
    key_column("campaign_key"),
    Column("campaign_id", Text, nullable=False, unique=True, comment="of the code list, or the name as written"),
    Column("campaign_name", Text, nullable=False),
    Column("is_listed", Boolean, nullable=False, comment="stands in reference/campaigns.csv"),
    Column("starts_on", Text, comment="2024-11-01, or 11-01 of every year"),
    Column("ends_on", Text, comment="its last day, written like starts_on"),
)

dim_partner = Table(
    "dim_partner",
    metadata,
    key_column("partner_key"),
    Column("partner_name", Text, nullable=False, unique=True),
    Column("union_id", Text, comment="when the partner is a union we know"),
)
