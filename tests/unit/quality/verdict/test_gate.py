"""What becomes of rows and files, and what the receipt says. received = accepted + returned + held + ignored, always."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from tests.patching import replace_everywhere
from tests.unit.quality.hand_made import (
    ARRIVAL,
    SENDER,
    WEEK,
    Row,
    decided,
    history,
    row,
    rows_of,
    submission,
    total,
    version,
)

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.checked import CheckedDrop, FileStatus, LoadAction
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt, RowCounts
from nuanliu.errors import UnknownUnion
from nuanliu.quality.verdict.gate import IdentityBroken, count_rows, decide, decide_rows

if TYPE_CHECKING:
    from nuanliu.domain.submission import Submission

GOOD, BAD = row("好"), row("坏", end_on=date(2024, 12, 20))
DOUBTFUL = row("疑", figures={"people_served": 600000})
POOR = row("差", figures={})
SUM = total({})


def finding(severity: str, row_id: int | None = None, rule: str = "row.figure.unreadable") -> Finding:
    return Finding(rule=rule, severity=Severity(severity), message="m", fix="f", row_id=row_id)


def plain(file: Submission, **words: Any) -> CheckedDrop:
    """Settle without checking: the findings are those given."""
    given_words = {"object_key": "k", "sha256": "now", "received_at": ARRIVAL, "is_trial": False}
    return decide(file, words.pop("past", None), **{**given_words, **words})


@pytest.mark.parametrize(
    ("rows", "status", "counts"),
    [
        ((GOOD,), "accepted", (1, 1, 0, 0, 0)),
        ((GOOD, SUM), "accepted", (2, 1, 0, 0, 1)),
        ((GOOD, POOR), "accepted_with_warnings", (2, 2, 0, 0, 0)),
        ((GOOD, BAD), "partially_accepted", (2, 1, 1, 0, 0)),
        ((GOOD, DOUBTFUL), "partially_accepted", (2, 1, 0, 1, 0)),
        ((GOOD, BAD, DOUBTFUL, SUM), "partially_accepted", (4, 1, 1, 1, 1)),
        ((BAD, DOUBTFUL), "held", (2, 0, 1, 1, 0)),
        ((DOUBTFUL,), "held", (1, 0, 0, 1, 0)),
        ((BAD, SUM), "rejected", (2, 0, 1, 0, 1)),
    ],
)
def test_the_file_status_follows_from_its_rows(rows: tuple[Row, ...], status: str, counts: tuple[int, ...]) -> None:
    drop = decided(submission(*rows))
    assert drop.status == status == drop.receipt.status
    assert drop.receipt.rows == RowCounts(*counts)
    assert drop.action is (LoadAction.NOTHING if status in {"held", "rejected"} else LoadAction.REPLACE)


@pytest.mark.parametrize(
    ("grades", "status"),
    [
        ([], "accepted"),
        (["info"], "accepted"),
        (["warning"], "accepted"),
        (["query"], "held"),
        (["error"], "returned"),
        (["error", "query"], "returned"),
        (["warning", "query", "info"], "held"),
    ],
)
def test_the_worst_finding_of_a_row_wins(grades: list[str], status: str) -> None:
    file = submission(GOOD, findings=tuple(finding(grade, 0, f"row.figure.{grade}") for grade in grades))
    assert list(decide_rows_of(file)) == [status]


def decide_rows_of(file: Submission) -> Any:
    class AnyRule:
        """A registry in which no rule has parameters."""

        def __getitem__(self, rule_id: str) -> Any:
            return rule_registry()["row.figure.unreadable"]

    return decide_rows(file, AnyRule())  # type: ignore[arg-type]


@pytest.mark.parametrize("at", [0, 1])
def test_all_rows_of_a_long_activity_share_its_fate(at: int) -> None:
    file = submission(GOOD, row(figures={"service_visits": 200}, of=0), row("别的"), findings=(finding("query", at),))
    drop = plain(file)
    assert rows_of(drop) == ["held", "held", "accepted"]
    assert drop.receipt.activities == 2
    assert drop.receipt.rows.received == 3


def test_a_finding_on_an_ignored_row_changes_nothing() -> None:
    drop = plain(submission(GOOD, SUM, findings=(finding("query", 1), finding("error", 1, "row.figure.negative"))))
    assert rows_of(drop) == ["accepted", "ignored"]


def test_a_file_level_error_returns_every_activity_row() -> None:
    drop = plain(submission(GOOD, row("b"), SUM, findings=(finding("error"),)))
    assert (drop.status, rows_of(drop)) == ("rejected", ["returned", "returned", "ignored"])
    assert (drop.receipt.rows.accepted, drop.receipt.totals, drop.action) == (0, (), LoadAction.NOTHING)


def test_a_file_level_query_holds_every_activity_row_even_returned_ones() -> None:
    drop = plain(submission(GOOD, BAD, SUM, findings=(finding("query"), finding("error", 1))))
    assert (drop.status, rows_of(drop)) == ("held", ["held", "held", "ignored"])
    assert (drop.receipt.rows.accepted, drop.receipt.totals, drop.action) == (0, (), LoadAction.NOTHING)


def test_a_file_level_warning_does_no_harm() -> None:
    assert plain(submission(GOOD, findings=(finding("warning"),))).status == "accepted_with_warnings"


def test_an_info_alone_leaves_a_file_simply_accepted() -> None:
    assert plain(submission(GOOD, findings=(finding("info"),))).status == "accepted"


def test_an_unreadable_file_is_rejected_with_no_rows() -> None:
    drop = plain(submission(is_readable=False, findings=(finding("error", rule="file.corrupt"),)))
    assert (drop.status, drop.receipt.rows, drop.receipt.submission_type) == ("rejected", RowCounts(), None)


def test_the_receipt_is_the_contracts_document() -> None:
    document = decided(submission(GOOD, BAD)).receipt.as_json()
    assert document["schema"] == "nuanliu.receipt/1"
    assert document["receipt_no"] is None
    assert document["union_name"] == "白银市总工会"
    assert document["week"] == "2024-W49"
    assert document["received_at"] == "2024-12-09T01:00:00Z"
    assert document["submission_type"] == "首报"
    assert document["rows"] == {"received": 2, "accepted": 1, "returned": 1, "held": 0, "ignored": 0}
    assert document["findings"][0]["cell"] == "H3"
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document


def test_findings_begin_with_the_gravest() -> None:
    ranks = [f.severity.rank for f in decided(submission(POOR, DOUBTFUL, BAD)).receipt.findings]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 4


def test_a_receipt_without_a_certain_week_names_none_and_is_not_late() -> None:
    drop = plain(
        submission(GOOD, is_week_certain=False, findings=(finding("query", rule="file.period.conflict"),)),
        received_at=datetime(2025, 1, 9, tzinfo=UTC),
    )
    assert (drop.status, drop.receipt.week, drop.receipt.late) == ("held", None, False)


@pytest.mark.parametrize(
    ("received", "late"),
    [
        (datetime(2024, 12, 9, 4, 0, tzinfo=UTC), False),
        (datetime(2024, 12, 9, 4, 0, 1, tzinfo=UTC), True),
        (datetime(2024, 12, 4, 4, 0, tzinfo=UTC), False),
    ],
    ids=["Monday noon in Shanghai", "a second later", "during the week"],
)
def test_late_begins_after_monday_noon_in_shanghai(received: datetime, late: bool) -> None:
    assert decided(submission(GOOD), received_at=received).receipt.late is late


def test_an_unknown_sender_is_an_error_of_the_caller() -> None:
    with pytest.raises(UnknownUnion):
        decided(submission(GOOD, union_id="999999"))


@pytest.mark.parametrize(
    ("rows", "would_be"),
    [((GOOD,), "accepted"), ((GOOD, BAD), "partially_accepted"), ((BAD,), "rejected"), ((DOUBTFUL,), "held")],
)
def test_a_trial_says_what_it_would_have_been_and_loads_nothing(rows: tuple[Row, ...], would_be: str) -> None:
    real, trial = decided(submission(*rows)), decided(submission(*rows), is_trial=True)
    assert (trial.status, trial.receipt.status, trial.receipt.would_be) == ("trial", "trial", would_be)
    assert trial.action is LoadAction.NOTHING
    assert (trial.receipt.rows, trial.receipt.totals) == (real.receipt.rows, real.receipt.totals)


def test_rows_that_do_not_add_up_raise_and_survive_pickling(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_everywhere(
        monkeypatch, "nuanliu.quality.verdict.gate.count_rows", lambda _: RowCounts(received=2, accepted=1)
    )
    with pytest.raises(IdentityBroken) as raised:
        decided(submission(GOOD))
    copy = pickle.loads(pickle.dumps(raised.value))
    assert (copy.object_key, copy.counts) == ("intake/620400/周报.xlsx", RowCounts(received=2, accepted=1))


GRADES = st.sampled_from(["error", "query", "warning", "info"])


@given(data=st.data())
@budget(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_no_row_is_ever_lost(data: st.DataObject) -> None:
    classes = data.draw(
        st.lists(st.sampled_from(["activity", "activity", "total", "header", "note", "example"]), max_size=9)
    )
    rows: list[Row] = []
    for position, row_class in enumerate(classes):
        activities = [i for i, r in enumerate(rows) if r.row_class == "activity" and r.of is None]
        joins = row_class == "activity" and activities and data.draw(st.booleans())
        rows.append(
            row(f"活动{position}", row_class=row_class, of=data.draw(st.sampled_from(activities)) if joins else None)
        )
    places = [None, *range(len(rows))]
    rules = sorted(rule.id for rule in rule_registry())
    findings = data.draw(
        st.lists(
            st.builds(lambda g, p, r: finding(g, p, r), GRADES, st.sampled_from(places), st.sampled_from(rules)),
            max_size=6,
        )
    )
    file = submission(*rows, findings=tuple(findings))
    past = history(versions=[version()]) if data.draw(st.booleans()) else None
    drop = plain(file, past=past, is_trial=data.draw(st.booleans()))
    counts = drop.receipt.rows
    assert counts.received == len(rows) == len(drop.row_status)
    assert counts == count_rows(drop.row_status)
    assert counts.is_identity_kept
    judged = FileStatus(drop.receipt.would_be or drop.receipt.status)
    assert (counts.accepted > 0) == (
        judged in LOADED and "activity" in set(file.rows["row_class"]) and counts.accepted > 0
    )
    if judged in {FileStatus.HELD, FileStatus.REJECTED}:
        assert counts.accepted == 0
        assert drop.receipt.totals == ()
    for _, fates in drop.row_status.groupby(file.rows["activity_id"]):
        assert fates.nunique() == 1
    assert Receipt.from_json(drop.receipt.as_json()).rows == counts


LOADED = {FileStatus.ACCEPTED, FileStatus.ACCEPTED_WITH_WARNINGS, FileStatus.PARTIALLY_ACCEPTED}


def test_the_week_of_the_file_is_kept() -> None:
    assert decided(submission(GOOD)).receipt.week == str(WEEK)
    assert decided(submission(GOOD)).receipt.union_id == SENDER
