"""From where a replay of some weeks plays, and what it takes as it is loaded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replay_start import FROM_THE_BEGINNING, ReplayStart, choose_start
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.recovery.replay_tables import LoadedObject

W46 = ReportingWeek.parse("2024-W46")
ONE_WEEK = ReplayScope(first=W46.shift(3), last=W46.shift(3))


def start(objects: dict[int, tuple[int, int | None]], scope: ReplayScope = ONE_WEEK, **more: date) -> ReplayStart:
    """``objects``: by id the week (after W46) that each is about, answered on the Monday after it in the order of the ids, and
    the object that replaced it. ``more``: of object ``o1`` … another Monday in which its rows count.
    """
    order, loaded = [], {}
    for object_id, (later, newer) in objects.items():
        week = W46.shift(later)
        order.append((object_id, datetime.combine(week.shift(1).monday, datetime.min.time(), SHANGHAI)))
        mondays = (week.monday, *([more[f"o{object_id}"]] if f"o{object_id}" in more else []))
        loaded[object_id] = LoadedObject(object_id, str(week), mondays, newer)
    return choose_start(order, loaded, scope)


def test_what_came_before_the_monday_of_the_week_stays_as_it_is_loaded() -> None:
    # the file about the second week after W46 comes on the Monday on which the third begins
    assert start({1: (0, None), 2: (1, None), 3: (2, None), 4: (3, None)}) == ReplayStart(frozenset({1, 2}))


def test_a_version_that_was_replaced_since_is_played_again_with_all_it_had_replaced() -> None:
    chain = {1: (0, 2), 2: (0, 5), 3: (1, 4), 4: (1, None), 5: (3, None)}
    assert start(chain) == ReplayStart(kept=frozenset({3, 4}), again=frozenset({1, 2}))


def test_what_touches_the_week_all_the_same_is_played_and_all_after_it() -> None:
    ahead = ONE_WEEK.first.monday if ONE_WEEK.first else date.min
    assert start({1: (0, None), 2: (0, None), 3: (1, None)}, o2=ahead) == ReplayStart(frozenset({1}))


def test_without_a_first_week_and_with_an_object_that_nobody_knows_everything_is_played() -> None:
    objects = {1: (0, None), 2: (3, None)}
    assert start(objects, ReplayScope(union_id="620400")) == FROM_THE_BEGINNING
    arrived = datetime.combine(W46.monday, datetime.min.time(), SHANGHAI) - timedelta(days=1)
    assert choose_start([(1, arrived)], {}, ONE_WEEK) == FROM_THE_BEGINNING
