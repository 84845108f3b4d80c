"""Partition keys: ``2024-W49`` is a week, ``2024-W49|last-call`` a slot of it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from airflow.partition_mappers.base import PartitionMapper

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEPARATOR = "|"
"""What follows it says more than the week: the slot of a reminder, or the union in events that Airflow keeps of before."""


def week_of(key: str) -> ReportingWeek:
    """The week of a partition key, whatever follows the separator. Raises: InvalidWeek."""
    return ReportingWeek.parse(key.partition(_SEPARATOR)[0])


def monday_of(key: str) -> datetime:
    """Where a key's week begins: Monday 00:00 in Asia/Shanghai, as an instant in UTC. Raises: InvalidWeek."""
    return datetime.combine(week_of(key).monday, time(), tzinfo=SHANGHAI).astimezone(UTC)


def run_week(partition_key: str | None, params: Mapping[str, Any]) -> str:
    """The week a run is for: its partition, or the parameter ``week`` of a run started by hand.

    Raises: InvalidWeek when neither names a week; that is permanent, so the task fails at once.
    """
    return str(week_of(partition_key or str(params.get("week") or "")))


class WeekOfUnionWeek(PartitionMapper):
    """Maps ``2024-W49`` to itself, and what follows a separator away.

    It is no rollup mapper, so the week waits for nobody: the first event starts a run, events that come until the scheduler
    takes it up join that run, later ones start another (docs/decisions/0003).
    """

    def to_downstream(self, key: str) -> str:
        """The week of a key. Raises: InvalidWeek, which the scheduler writes to the audit log."""
        return str(week_of(key))

    def to_partition_date(self, downstream_key: str) -> datetime | None:
        """The Monday that begins the week."""
        return monday_of(downstream_key)
