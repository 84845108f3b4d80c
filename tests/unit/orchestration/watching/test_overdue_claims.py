"""Claims without an answer are announced when no run works on them, at once never, and ever more seldom."""

from __future__ import annotations

from nuanliu.orchestration.watching.overdue_claims import OverdueClaims


def announced(looks: list[tuple[float, set[int]]]) -> list[float]:
    """The times at which a run was asked for."""
    claims, times = OverdueClaims(), []
    for now, object_ids in looks:
        claims, is_due = claims.look(object_ids, now)
        if is_due:
            times.append(now)
    return times


def test_a_claim_that_was_just_made_is_not_announced() -> None:
    assert announced([(1000.0, {1, 2}), (1299.0, {1, 2})]) == []


def test_a_claim_that_stays_open_is_announced_though_nothing_else_arrives() -> None:
    assert announced([(1000.0, {1}), (1300.0, {1}), (1330.0, {1})]) == [1300.0]


def test_while_claims_are_answered_one_by_one_nothing_is_announced() -> None:
    looks = [(60.0 * minute, set(range(minute, 40))) for minute in range(40)]
    assert announced(looks) == []


def test_a_new_claim_is_the_work_of_a_run_that_takes_the_old_ones_too() -> None:
    assert announced([(0.0, {1}), (290.0, {1, 2}), (310.0, {1, 2})]) == []


def test_the_same_claims_are_announced_after_ever_longer_pauses() -> None:
    times = announced([(30.0 * number, {1}) for number in range(6 * 120)])
    pauses = [(later - earlier) / 60 for earlier, later in zip([0.0, *times], times, strict=False)]
    assert pauses[:5] == [5, 10, 20, 40, 60]
    assert set(pauses[5:]) == {60}


def test_no_open_claim_is_never_announced() -> None:
    assert announced([(0.0, {1}), (100.0, set()), (10_000.0, set())]) == []
