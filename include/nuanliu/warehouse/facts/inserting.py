"""Write the facts and bridges of a version: COPY in its binary form straight into the tables, every key known before."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from nuanliu.errors import LoadIncomplete
from nuanliu.warehouse.facts.bridge_rows import GROUP_COLUMNS, PARTNER_COLUMNS, bridge, group_rows, partner_rows
from nuanliu.warehouse.facts.dimension_keys import name_rows, organizer_keys, read_keys
from nuanliu.warehouse.facts.kept_rows import KeptRows
from nuanliu.warehouse.facts.stored_rows import ACTIVITY_COLUMNS, FIGURE_COLUMNS, Keys, activity_rows, figure_rows
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.copying import copy_binary
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables.facts import ACTIVITY_KEYS

_ACTIVITY, _FIGURE = "stored_activity", "stored_measure"
_GROUP, _PARTNER = "bridge_activity_group", "bridge_activity_partner"


def insert_facts(connection: Connection, kept: KeptRows, submission_key: int) -> None:
    """Write everything that a version keeps, in the caller's transaction; its campaigns and partners are there.

    Raises: LoadIncomplete when a row names something that its dimension lacks, or fewer rows arrive than were sent.
    """
    keys = _keys(connection, kept, submission_key)
    groups = bridge(kept, "beneficiary_groups", keys.activities, _group_keys(connection, kept), table=_GROUP)
    partners = bridge(kept, "co_organizers", keys.activities, _partner_keys(connection, kept), table=_PARTNER)
    _copy(connection, _ACTIVITY, ACTIVITY_COLUMNS, activity_rows(kept, keys), len(kept.activity_places))
    _copy(connection, _FIGURE, FIGURE_COLUMNS, figure_rows(kept, keys), len(kept.figure_places))
    _copy(connection, _GROUP, GROUP_COLUMNS, [group_rows(groups, submission_key)], len(groups))
    _copy(connection, _PARTNER, PARTNER_COLUMNS, [partner_rows(partners, submission_key)], len(partners))


def _copy(
    connection: Connection, table: str, columns: tuple[str, ...], pieces: Iterable[memoryview], sent: int
) -> None:
    if not sent:
        return
    arrived = copy_binary(connection, table, columns, pieces)
    if arrived != sent:
        raise LoadIncomplete(table, sent, arrived)


def _keys(connection: Connection, kept: KeptRows, submission_key: int) -> Keys:
    category, campaign, division, measure = (
        tables.dim_category.c, tables.dim_campaign.c, tables.dim_division.c, tables.dim_measure.c,
    )  # fmt: skip
    measures = kept.submission.figures["measure_id"].iloc[kept.figure_places]
    return Keys(
        submission=submission_key,
        activities=_activity_keys(connection, len(kept.activity_places)),
        organizers=organizer_keys(
            connection, kept.column("organizer_union_id"), kept.column("counts_week"), table=_ACTIVITY
        ),
        categories=name_rows(
            kept.column("category_id"),
            lambda names: read_keys(connection, category.category_key, category.category_id, names),
            table=_ACTIVITY,
        ),
        campaigns=name_rows(
            kept.column("campaign_id"),
            lambda names: read_keys(connection, campaign.campaign_key, campaign.campaign_id, names),
            table=_ACTIVITY,
        ),
        places=name_rows(
            kept.column("place_division"),
            lambda names: read_keys(connection, division.division_key, division.division_code, names),
            table=_ACTIVITY,
        ),
        measures=name_rows(
            measures,
            lambda names: read_keys(connection, measure.measure_key, measure.measure_id, names),
            table=_FIGURE,
        ),
    )


def _group_keys(connection: Connection, kept: KeptRows) -> dict[str, int]:
    group = tables.dim_beneficiary_group.c
    return read_keys(connection, group.group_key, group.group_id, kept.names("beneficiary_groups"))


def _partner_keys(connection: Connection, kept: KeptRows) -> dict[str, int]:
    partner = tables.dim_partner.c
    return read_keys(connection, partner.partner_key, partner.partner_name, kept.names("co_organizers"))


def _activity_keys(connection: Connection, count: int) -> NDArray[np.int64]:
    """Keys that nobody else has or gets, ascending: whole thousands of them, of which the last are left over."""
    thousands = -(-count // ACTIVITY_KEYS)
    firsts = connection.execute(load_sql("warehouse", "activity_keys"), {"count": thousands}).scalars().all()
    keys = np.array(firsts, dtype="int64")[:, np.newaxis] + np.arange(ACTIVITY_KEYS)
    return keys.ravel()[:count]
