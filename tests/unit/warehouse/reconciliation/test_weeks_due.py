"""Every week has its turn: the nightly reconcile leaves none unseen for longer than eight weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.reconciliation.weeks_due import SEEN_WITHIN, choose_due

FIRST = ReportingWeek.parse("2015-W01")
NIGHT = datetime(2025, 1, 6, 2, 30, tzinfo=UTC)


def nights(weeks: int, number: int, fails: int = 0) -> list[set[ReportingWeek]]:
    """What is looked at in each of many nights, all weeks having been found clean in the one before; every ``fails``-th fails."""
    clean_at: dict[ReportingWeek, datetime | None] = {FIRST.shift(later): NIGHT for later in range(weeks)}
    looked: list[set[ReportingWeek]] = []
    for night in range(1, number + 1):
        now = NIGHT + timedelta(days=night)
        due = choose_due(clean_at, now)
        is_failed = bool(fails) and night % fails == 0
        looked.append(set() if is_failed else set(due))
        if not is_failed:
            clean_at |= dict.fromkeys(due, now)
    return looked


@pytest.mark.parametrize("weeks", [1, 8, 49, 50, 520])
@pytest.mark.parametrize("fails", [0, 2, 7])
def test_no_week_stays_unseen_for_longer_than_eight_weeks_even_when_nights_fail(weeks: int, fails: int) -> None:
    looked = nights(weeks, 200, fails)
    for later in range(weeks):
        seen = [0, *(night for night, those in enumerate(looked, start=1) if FIRST.shift(later) in those)]
        gaps = [after - before for before, after in zip(seen, [*seen[1:], 200], strict=True)]
        assert max(gaps) <= SEEN_WITHIN.days


def test_a_night_looks_at_a_small_share_of_ten_years() -> None:
    assert max(map(len, nights(520, 200))) <= 11


def test_what_was_touched_or_never_seen_is_due_whatever_the_share() -> None:
    weeks = [FIRST.shift(later) for later in range(100)]
    touched = {weeks[3], weeks[40], weeks[97]}
    due = choose_due({week: None if week in touched else NIGHT for week in weeks}, NIGHT + timedelta(days=1))
    assert touched <= set(due)
    assert len(due) == len(touched) + 3
    assert due == sorted(due)


def test_after_a_long_pause_everything_is_due_at_once() -> None:
    weeks = {FIRST.shift(later): NIGHT for later in range(100)}
    assert len(choose_due(weeks, NIGHT + timedelta(days=60))) == 100


def test_a_warehouse_without_weeks_has_none_due() -> None:
    assert choose_due({}, NIGHT) == []
