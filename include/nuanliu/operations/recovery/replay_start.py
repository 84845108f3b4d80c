"""From where a replay of some weeks plays: what was answered before nothing of them could have arrived stays as it is loaded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.recovery.replay_tables import LoadedObject


@dataclass(frozen=True)
class ReplayStart:
    """``kept``: objects whose outcome is taken as it is loaded. ``again``: objects before them in time, current then and
    replaced since: their facts are gone, so they are played over what is kept. All others are played, after these.
    """

    kept: frozenset[int] = frozenset()
    again: frozenset[int] = frozenset()


FROM_THE_BEGINNING = ReplayStart()


def choose_start(
    order: Sequence[tuple[int, datetime]], loaded: Mapping[int, LoadedObject], scope: ReplayScope
) -> ReplayStart:
    """``order``: object ids and times of arrival, as they are played. ``loaded``: what the warehouse holds of them, by object id.

    A file can bring something of a week from the Monday of that week on: no period lies in the future, and a row counts in
    the week of the period or an earlier one. An object that touches the scope all the same (a plan reaches ahead) is not kept.
    """
    if scope.first is None:
        return FROM_THE_BEGINNING
    begins_at = datetime.combine(scope.first.monday, time(), SHANGHAI)
    touching = {object_id for object_id, each in loaded.items() if any(map(scope.holds_week, _weeks(each)))}
    before: list[int] = []
    for object_id, received_at in order:
        if received_at >= begins_at or object_id in touching or object_id not in loaded:
            break
        before.append(object_id)
    again: set[int] = set()
    kept = set(before)
    while True:
        replaced = {each for each in kept if (newer := loaded[each].superseded_by) is not None and newer not in kept}
        if not replaced:
            return ReplayStart(frozenset(kept), frozenset(again))
        kept -= replaced
        again |= replaced


def _weeks(loaded: LoadedObject) -> Collection[str]:
    return {loaded.filed_week, *(str(ReportingWeek(monday)) for monday in loaded.fact_weeks)}
