"""Partition keys: ``2024-W49|620400`` is one union's week, ``2024-W49`` the week of all."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from airflow.partition_mappers.base import PartitionMapper

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SEPARATOR = "|"


def union_week_keys(union_id: str, weeks: Iterable[str]) -> list[str]:
    """The ``union_week`` partitions of one union, one a week, without repeats."""
    return [f"{ReportingWeek.parse(week)}{_SEPARATOR}{union_id}" for week in sorted(set(weeks))]


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
    """Maps ``2024-W49|620400`` to ``2024-W49``.

    It is no rollup mapper, so the week waits for nobody: the first union that reports starts a run, unions that
    report until the scheduler takes it up join that run, later ones start another (docs/decisions/0003).
    """

    def to_downstream(self, key: str) -> str:
        """The week of a union's week. Raises: InvalidWeek, which the scheduler writes to the audit log."""
        return str(week_of(key))

    def to_partition_date(self, downstream_key: str) -> datetime | None:
        """The Monday that begins the week."""
        return monday_of(downstream_key)
