"""An activity that its organiser reports itself moves there; the union that had reported it is told by its next receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.weekly_workbook import HEADER, answer, found, workbook
from tests.patching import replace_everywhere

from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

RULE, BACK = "org.foreign.handed_over", "org.foreign.given_back"
COLUMNS = (*HEADER, "主办单位")
FIGURE = "2024-W49/620402/free_clinic/people_served/event"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def event(name: str, day: str, people: int, organizer: str | None = None) -> tuple[Any, ...]:
    return (name, "健康义诊", day, day, "本次", None, people, None, None, organizer)


def report(ctx: Context, union_id: str, week: str, *rows: tuple[Any, ...], note: str = "") -> dict[str, Any]:
    return answer(ctx, week, workbook(rows, COLUMNS, note), union_id=union_id)


@pytest.fixture
def moved(ctx: Context) -> dict[str, str]:
    """白银市 reports an activity of 白银区, which then reports it itself; the numbers of both receipts."""
    first = report(ctx, "620400", "2024-W49", event("广场义诊", "2024-12-03", 40, "白银区总工会"))
    own = report(ctx, "620402", "2024-W49", event("广场义诊", "2024-12-03", 44))
    assert [each["rows"]["accepted"] for each in (first, own)] == [1, 1]
    return {"first": first["receipt_no"], "own": own["receipt_no"]}


def test_the_next_receipt_names_activity_organiser_and_receipt_once(ctx: Context, moved: dict[str, str]) -> None:
    (told,) = found(report(ctx, "620400", "2024-W50", event("送药", "2024-12-10", 5)), RULE)
    assert (told["severity"], told["sheet"], told["row"]) == ("info", None, None)
    for word in ("广场义诊", "白银区总工会", moved["own"], moved["first"]):
        assert word in told["message"]
    assert found(report(ctx, "620400", "2024-W51", event("送药", "2024-12-17", 5)), RULE) == []
    assert found(report(ctx, "620402", "2024-W50", event("送药", "2024-12-10", 5)), RULE) == []


def test_a_receipt_for_the_same_bytes_tells_too(ctx: Context, moved: dict[str, str]) -> None:
    again = report(ctx, "620400", "2024-W49", event("广场义诊", "2024-12-03", 40, "白银区总工会"))
    assert again["status"] in {"duplicate", "unchanged"}
    assert len(found(again, RULE)) == 1


def test_a_trial_is_no_receipt_that_counts_as_telling(ctx: Context, moved: dict[str, str]) -> None:
    trial = answer(ctx, "2024-W50", workbook([event("送药", "2024-12-10", 5)], COLUMNS), name="试报/周报.xlsx")
    assert (trial["status"], len(found(trial, RULE))) == ("trial", 1)
    assert len(found(report(ctx, "620400", "2024-W50", event("送药", "2024-12-10", 6)), RULE)) == 1


def test_several_activities_are_told_in_one_finding(ctx: Context) -> None:
    names = [f"义诊{number}" for number in range(3)]
    report(ctx, "620400", "2024-W49", *(event(name, "2024-12-03", 40, "白银区总工会") for name in names))
    report(ctx, "620402", "2024-W49", *(event(name, "2024-12-03", 44) for name in names))
    (told,) = found(report(ctx, "620400", "2024-W50", event("送药", "2024-12-10", 5)), RULE)
    assert all(name in told["message"] for name in names)


def other(day: str, people: int = 5) -> tuple[Any, ...]:
    """Something else to report, so that the next receipt can be read."""
    return event("送药", day, people)


def withdraw(ctx: Context, union_id: str, week: str = "2024-W49") -> dict[str, Any]:
    return answer(ctx, week, workbook([], COLUMNS, kind="更正零报告"), union_id=union_id)


def test_what_was_handed_over_and_counts_again_is_told_by_the_next_receipt(ctx: Context, moved: dict[str, str]) -> None:
    report(ctx, "620400", "2024-W50", other("2024-12-10"))
    gone = withdraw(ctx, "620402")
    assert gone["status"].startswith("accepted")
    (told,) = found(report(ctx, "620400", "2024-W51", other("2024-12-17")), BACK)
    assert (told["severity"], told["sheet"], told["row"]) == ("info", None, None)
    for word in ("广场义诊", "白银区总工会", gone["receipt_no"], moved["first"]):
        assert word in told["message"]
    assert found(report(ctx, "620400", "2024-W52", other("2024-12-24")), BACK) == []
    assert found(report(ctx, "620402", "2024-W52", other("2024-12-24")), BACK) == []
    assert reconcile(ctx)["ok"]
    document = replay(ctx, ReplayScope())
    assert (document["differences"], document["receipts"]) == ([], [])


def test_a_row_that_was_held_for_anothers_and_counts_now_is_told(ctx: Context) -> None:
    """Its own receipt said that it is not counted; nobody sends it again."""
    report(ctx, "620402", "2024-W49", event("广场义诊", "2024-12-03", 44))
    held = report(ctx, "620400", "2024-W49", event("广场义诊", "2024-12-03", 40, "白银区总工会"), other("2024-12-03"))
    assert (held["status"], held["rows"]["held"]) == ("partially_accepted", 1)
    withdraw(ctx, "620402")
    figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, "2024-W49")["figures"]}
    assert figures[FIGURE] == "40"
    (told,) = found(report(ctx, "620400", "2024-W50", other("2024-12-10")), BACK)
    assert held["receipt_no"] in told["message"]


def test_there_and_back_before_anybody_was_told_is_told_by_nobody(ctx: Context, moved: dict[str, str]) -> None:
    withdraw(ctx, "620402")
    answered = report(ctx, "620400", "2024-W50", other("2024-12-10"))
    assert found(answered, RULE) + found(answered, BACK) == []
    report(ctx, "620402", "2024-W49", event("广场义诊", "2024-12-03", 44))
    (told,) = found(report(ctx, "620400", "2024-W51", other("2024-12-17")), RULE)
    withdraw(ctx, "620402")
    report(ctx, "620402", "2024-W49", event("广场义诊", "2024-12-03", 45))
    answered = report(ctx, "620400", "2024-W52", other("2024-12-24"))
    assert found(answered, RULE) + found(answered, BACK) == []
    assert moved["first"] in told["message"]


def test_what_a_union_gives_back_to_itself_it_is_not_told(ctx: Context) -> None:
    """A row moved between its own weeks."""
    report(ctx, "620400", "2024-W48", event("广场义诊", "2024-11-26", 40))
    again = report(ctx, "620400", "2024-W49", event("广场义诊", "2024-11-26", 40), other("2024-12-03"))
    assert again["rows"]["ignored"] == 1
    withdraw(ctx, "620400", "2024-W48")
    answered = report(ctx, "620400", "2024-W50", other("2024-12-10"))
    assert found(answered, RULE) + found(answered, BACK) == []


def test_the_fact_moves_and_a_replay_tells_the_same(ctx: Context, moved: dict[str, str]) -> None:
    report(ctx, "620400", "2024-W50", event("送药", "2024-12-10", 5))
    figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, "2024-W49")["figures"]}
    assert figures[FIGURE] == "44"
    assert reconcile(ctx)["ok"]
    document = replay(ctx, ReplayScope())
    assert (document["differences"], document["receipts"]) == ([], [])
    assert found(report(ctx, "620400", "2024-W51", event("送药", "2024-12-17", 5)), RULE) == []


NUMBERED = (*COLUMNS, "活动编号")
OF_DISTRICT = ReplayScope(union_id="620402")
MANY = 99_000_000
"""So many people are asked about."""


@pytest.fixture
def lenient(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Rules that ask about nothing but whose an activity is; undone, they are today's again."""
    from nuanliu.quality import checking

    original = checking.check_submission

    def check(submission: Any, history: Any) -> Any:
        made = original(submission, history)
        kept = [each for each in made.findings if str(each.severity) != "query" or each.rule.startswith("org.")]
        return replace(made, findings=tuple(kept))

    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.quality.checking.check_submission", check)
        yield patch


def numbered(ctx: Context) -> dict[str, Any]:
    """The city reports the district's activity under a number of its own, so that the keys of the two rows differ."""
    row = (*event("广场义诊", "2024-12-03", 40, "白银区总工会"), "A-1")
    receipt = answer(ctx, "2024-W49", workbook([row], NUMBERED), union_id="620400")
    assert receipt["rows"]["accepted"] == 1
    return receipt


def value(ctx: Context) -> str | None:
    figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, "2024-W49")["figures"]}
    return figures.get(FIGURE)


def test_what_waits_since_a_replay_is_told_as_if_the_file_had_come_under_todays_rules(
    ctx: Context, request: pytest.FixtureRequest
) -> None:
    own = report(ctx, "620402", "2024-W49", event("广场义诊", "2024-12-03", MANY))
    assert (own["status"], own["rows"]["held"]) == ("held", 1)
    first = numbered(ctx)
    assert value(ctx) == "40"
    request.getfixturevalue("lenient")
    replay(ctx, OF_DISTRICT)
    assert value(ctx) == str(MANY)
    (told,) = found(report(ctx, "620400", "2024-W50", other("2024-12-10")), RULE)
    for word in ("广场义诊", "白银区总工会", own["receipt_no"], first["receipt_no"]):
        assert word in told["message"]
    assert found(report(ctx, "620400", "2024-W51", other("2024-12-17")), RULE) == []
    assert reconcile(ctx)["differences"] == []


def test_what_counts_again_since_a_replay_is_told_to_who_was_told_that_it_did_not(
    ctx: Context, lenient: pytest.MonkeyPatch
) -> None:
    first = numbered(ctx)
    own = report(ctx, "620402", "2024-W49", event("广场义诊", "2024-12-03", MANY))
    assert value(ctx) == str(MANY)
    assert found(report(ctx, "620400", "2024-W50", other("2024-12-10")), RULE)
    lenient.undo()
    replay(ctx, OF_DISTRICT)
    assert value(ctx) == "40"
    (told,) = found(report(ctx, "620400", "2024-W51", other("2024-12-17")), BACK)
    for word in ("广场义诊", own["receipt_no"], first["receipt_no"]):
        assert word in told["message"]
    assert reconcile(ctx)["differences"] == []
