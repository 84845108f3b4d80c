"""When something is due in a reporting week, moved by the workday calendar of China.

A cron line cannot say "Monday, or the first working day after it", and its key format cannot be read back for ISO
weeks (``strptime`` wants a weekday), so the weekly DAGs bring their own timetable.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import chain, count, islice, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

import pendulum
from airflow.exceptions import InvalidPartitionKeyError
from airflow.timetables.base import DagRunInfo, DataInterval, Timetable

from nuanliu.contract.workdays import is_workday
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import InvalidWeek
from nuanliu.orchestration.partitions import monday_of, week_of
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from airflow.timetables.base import TimeRestriction
    from airflow.utils.types import DagRunType

_GRACE = timedelta(hours=1)
"""A first run is planned for the future, but a slot this fresh still counts: it may just have passed while we looked."""
_LONGEST_HOLIDAY_WEEKS = 3


class Slot(NamedTuple):
    """One moment of every reporting week.

    ``name`` becomes part of the partition key when a week has several slots. ``days`` counts from the week's Monday, so
    7 is the Monday after it. When people do not work that day the slot moves to the next working day, or with
    ``moves_back`` to the one before, if the week has one.
    """

    name: str
    days: int
    hour: int
    moves_back: bool = False

    def key(self, week: ReportingWeek) -> str:
        """The partition key of this slot in a week."""
        return f"{week}|{self.name}" if self.name else str(week)

    def at(self, week: ReportingWeek) -> datetime:
        """When this slot of a week is due, in UTC."""
        return datetime.combine(self._workday(week), time(self.hour), SHANGHAI).astimezone(UTC)

    def _workday(self, week: ReportingWeek) -> date:
        wanted = week.monday + timedelta(days=self.days)
        earlier = [wanted - timedelta(days=back) for back in range(self.days + 1)] if self.moves_back else []
        later = (wanted + timedelta(days=ahead) for ahead in count())
        return next(day for day in chain(earlier, later) if is_workday(day))


class ReportingWeekTimetable(Timetable):
    """One run for each slot of each reporting week; the partition key names the week the run is for."""

    partitioned = True

    def __init__(self, slots: Sequence[Slot], *, missed_weeks: int = 0) -> None:
        """``missed_weeks``: slots of so many closed weeks are run even when they were missed, each of them, oldest first. Of
        older ones, and with 0 of all, only the newest that was missed is run.
        """
        self.slots = tuple(Slot(*slot) for slot in slots)
        self.missed_weeks = missed_weeks
        self.description = "Each reporting week, moved by the workday calendar"

    @property
    def summary(self) -> str:
        """What the UI shows as schedule."""
        days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        return ", ".join(f"{days[slot.days % 7]} {slot.hour:02d}:00" for slot in self.slots)

    def serialize(self) -> dict[str, Any]:
        """For the serialized DAG."""
        return {"slots": [list(slot) for slot in self.slots], "missed_weeks": self.missed_weeks}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> ReportingWeekTimetable:
        """From the serialized DAG."""
        return cls([Slot(*slot) for slot in data["slots"]], missed_weeks=data.get("missed_weeks", 0))

    def next_dagrun_info_v2(
        self, *, last_dagrun_info: DagRunInfo | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The slot after the last run. Without catchup, of several missed slots only the newest is run, and those of the
        ``missed_weeks`` last closed weeks. Two slots that are due at one moment are two of these: after Spring Festival two
        weeks are, and each is published.

        A deployment that never ran begins with the next slot to come: starting a system on a Wednesday must not
        remind or publish anybody for last Monday.
        """
        now = pendulum.now("UTC")
        if last_dagrun_info is not None and last_dagrun_info.partition_key:
            coming = self._after(last_dagrun_info.partition_key)
        else:
            recent = self._since(ReportingWeek.at(now).shift(-_LONGEST_HOLIDAY_WEEKS))
            coming = (info for info in recent if info.run_after > now - _GRACE)
        earliest = restriction.earliest
        allowed = (info for info in coming if earliest is None or info.run_after >= earliest)
        chosen = next(allowed)
        if not restriction.catchup:
            kept_since = monday_of(str(ReportingWeek.at(now).shift(-self.missed_weeks)))
            for later in takewhile(lambda info: info.run_after <= now, allowed):
                if self.missed_weeks and chosen.partition_date >= kept_since:
                    break
                chosen = later
        return None if restriction.latest is not None and chosen.run_after > restriction.latest else chosen

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The form for timetables without partitions; a DAG that never ran is the only case they share."""
        return self.next_dagrun_info_v2(last_dagrun_info=None, restriction=restriction)

    def iter_partition_dagrun_infos(self, *, earliest: datetime, latest: datetime) -> Iterator[DagRunInfo]:
        """The slots of the weeks that begin within a window, for backfills."""
        for info in self._since(ReportingWeek.at(earliest)):
            began = info.partition_date
            if began is None or began > latest:
                return
            if began >= earliest:
                yield info

    def infer_manual_data_interval(self, *, run_after: pendulum.DateTime) -> DataInterval:
        """A run started by hand covers no interval; its week is a partition or a parameter."""
        return DataInterval.exact(run_after)

    def generate_run_id(self, *, run_type: DagRunType, run_after: pendulum.DateTime, **extra: Any) -> str:
        """A run id that names the partition, so that a list of runs can be read."""
        key = extra.get("partition_key")
        return str(run_type.generate_run_id(suffix=f"{run_after.isoformat()}{f'__{key}' if key else ''}"))

    def _decode_partition_date(self, partition_key: str) -> datetime:
        try:
            return monday_of(partition_key)
        except InvalidWeek as error:
            raise InvalidPartitionKeyError(error.message) from error

    def _after(self, key: str) -> Iterator[DagRunInfo]:
        """What follows a key; a key of a slot that no longer exists counts as the last of its week."""
        week = week_of(key)
        keys = [slot.key(week) for slot in self.slots]
        return islice(self._since(week), keys.index(key) + 1 if key in keys else len(keys), None)

    def _since(self, week: ReportingWeek) -> Iterator[DagRunInfo]:
        """All slots from a week on, by week and then in the order given, which is the order of their times."""
        for shift in count():
            for slot in self.slots:
                this = week.shift(shift)
                yield DagRunInfo(
                    run_after=pendulum.instance(slot.at(this)),
                    data_interval=None,
                    partition_date=pendulum.instance(monday_of(str(this))),
                    partition_key=slot.key(this),
                )
