"""The weekly partitions of the two fact tables, made when the first fact of a week arrives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Connection

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.locks import limit_lock_wait
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql

PARTITIONED = ("stored_activity", "stored_measure")
_PARTITION_NAME = re.compile(r"stored_(?:activity|measure)_[0-9]{4}w[0-9]{2}\Z")


def partition_name(table: str, week: ReportingWeek) -> str:
    """The partition of a table for a week: stored_measure_2024w49."""
    return f"{table}_{week.compact.lower()}"


def is_partition_name(name: str) -> bool:
    """Whether a table is one of the weekly partitions."""
    return _PARTITION_NAME.match(name) is not None


def ensure_partitions(connection: Connection, weeks: Iterable[ReportingWeek]) -> None:
    """See to it that both fact tables have a partition for each week.

    Missing ones are made in a short transaction of their own, on a second connection: attaching a partition locks the
    dimensions against writers, and a load of a million rows must not hold such a lock to its end. Call it before the
    caller's transaction has written to a dimension. A partition that is left empty does no harm. The tables' owner makes
    them, through a function of the schema: the caller needs no right to make tables.
    Raises: WarehouseUnavailable when the locks were not granted in time.
    """
    missing = _missing(connection, sorted(set(weeks)))
    if not missing:
        return
    with as_transient("making a week's partitions"), connection.engine.begin() as own:
        limit_lock_wait(own, "1min")
        own.execute(load_sql("warehouse", "lock_partitions"))
        for week in _missing(own, missing):
            own.execute(load_sql("warehouse", "week_partitions"), {"monday": week.monday})


def _missing(connection: Connection, weeks: list[ReportingWeek]) -> list[ReportingWeek]:
    """The weeks that lack a partition; both tables get theirs together, so one name tells."""
    names = {partition_name(PARTITIONED[-1], week): week for week in weeks}
    if not names:
        return []
    found = connection.execute(load_sql("warehouse", "partition"), {"names": list(names)}).scalars()
    return [names[name] for name in set(names) - set(found)]
