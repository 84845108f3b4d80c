"""The warehouse as SQLAlchemy Core tables, taken from here; migrations make exactly these. Begin with ``facts``."""

from __future__ import annotations

from nuanliu.warehouse.schema.tables.decisions import (
    answered_again,
    learned_alias,
    name_proposal,
    released_query,
    tolerance,
)
from nuanliu.warehouse.schema.tables.dimensions import (
    dim_beneficiary_group,
    dim_campaign,
    dim_category,
    dim_date,
    dim_division,
    dim_measure,
    dim_partner,
    dim_union,
)
from nuanliu.warehouse.schema.tables.facts import (
    bridge_activity_group,
    bridge_activity_partner,
    stored_activity,
    stored_measure,
)
from nuanliu.warehouse.schema.tables.marts import (
    mart_campaign_week,
    mart_cumulative,
    mart_week_coverage,
    mart_week_figure,
    reconciled_week,
    stale_week,
)
from nuanliu.warehouse.schema.tables.publication import edition, figure_change, mail_decision, outbox, published_figure
from nuanliu.warehouse.schema.tables.records import (
    dim_submission,
    fact_submission,
    finding,
    handed_over,
    held_row,
    receipt,
    registry,
)
from nuanliu.warehouse.schema.tables.shared import metadata
from nuanliu.warehouse.schema.tables.upkeep import deletion

__all__ = [
    "answered_again",
    "bridge_activity_group",
    "bridge_activity_partner",
    "deletion",
    "dim_beneficiary_group",
    "dim_campaign",
    "dim_category",
    "dim_date",
    "dim_division",
    "dim_measure",
    "dim_partner",
    "dim_submission",
    "dim_union",
    "edition",
    "fact_submission",
    "figure_change",
    "finding",
    "handed_over",
    "held_row",
    "learned_alias",
    "mail_decision",
    "mart_campaign_week",
    "mart_cumulative",
    "mart_week_coverage",
    "mart_week_figure",
    "metadata",
    "name_proposal",
    "outbox",
    "published_figure",
    "receipt",
    "reconciled_week",
    "registry",
    "released_query",
    "stale_week",
    "stored_activity",
    "stored_measure",
    "tolerance",
]
