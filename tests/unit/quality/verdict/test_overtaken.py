"""What an overtaken file is held against, and what its receipt says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.quality.hand_made import decided, found, history, row, submission, version

from nuanliu.domain.checked import CheckedDrop, LoadAction
from nuanliu.domain.history import OVERTAKEN, EarlierVersion, History
from nuanliu.domain.submission import SubmissionType
from nuanliu.quality.verdict.overtaken import before_younger

OLDER, YOUNGER = "620400-2024W49-001", "620400-2024W49-002"


def standing(receipt_no: str, kind: str, **fields: Any) -> EarlierVersion:
    made = version(receipt_no, **fields)
    return EarlierVersion(**{**vars(made), "receipt": {**made.receipt, "submission_type": kind}})


def known(*versions: EarlierVersion, keys: dict[str, str] | None = None) -> History:
    """The history as it is read; ``keys``: activity key → receipt number."""
    rows = [
        {"activity_key": key, "content_hash": "…", "activity_name": key, "receipt_no": number}
        for key, number in (keys or {}).items()
    ]
    past = before_younger(history(versions=versions, current_rows=rows))
    assert past is not None
    return past


def late(past: History, kind: SubmissionType = SubmissionType.FIRST, **words: Any) -> CheckedDrop:
    return decided(submission(row("慰问", key="甲"), row("体检", key="乙"), submission_type=kind), past, **words)


def test_a_file_beneath_a_younger_version_is_judged_as_a_first_one_and_loads_nothing() -> None:
    checked = late(known(standing(YOUNGER, "更正", is_younger=True), keys={"丙": YOUNGER}))
    assert checked.action is LoadAction.NOTHING
    assert checked.status.startswith("accepted")
    (told,) = found(checked.submission, OVERTAKEN)
    assert YOUNGER in told.message
    assert told.value == YOUNGER
    assert found(checked.submission, "file.version.activity_vanished") == []


@pytest.mark.parametrize("kind", [SubmissionType.CORRECTION, SubmissionType.SUPPLEMENT])
def test_it_is_not_told_that_there_is_nothing_to_correct_or_to_add_to(kind: SubmissionType) -> None:
    checked = late(known(standing(YOUNGER, "更正", is_younger=True)), kind)
    rules = {finding.rule for finding in checked.submission.findings}
    assert not rules & {"file.version.nothing_to_correct", "file.version.nothing_to_add_to"}


def test_beneath_a_supplement_its_rows_stand_but_for_those_that_one_says_too() -> None:
    checked = late(known(standing(YOUNGER, "补充", is_younger=True), keys={"乙": YOUNGER}))
    assert checked.action is LoadAction.REPLACE
    assert list(checked.row_status) == ["accepted", "ignored"]
    assert checked.receipt.rows.is_identity_kept


def test_an_older_version_beneath_a_younger_supplement_is_what_it_is_held_against() -> None:
    past = known(standing(OLDER, "首报"), standing(YOUNGER, "补充", is_younger=True), keys={"丙": OLDER, "丁": YOUNGER})
    assert list(past.current_rows["activity_key"]) == ["丙"]
    assert [each.receipt_no for each in past.versions] == [OLDER]
    assert late(past).status == "held"  # 丙 vanishes
    assert late(past, SubmissionType.SUPPLEMENT).action is LoadAction.ADD


def test_a_younger_file_that_is_not_current_overtakes_nobody() -> None:
    past = history(versions=(standing(YOUNGER, "首报", is_younger=True, is_current=False),))
    assert before_younger(past) is past


def test_the_same_content_as_a_younger_version_is_not_unchanged_but_the_same_bytes_are_a_duplicate() -> None:
    same = standing(YOUNGER, "首报", is_younger=True, content_hash="same", sha256="now")
    file = submission(row("慰问"), content_hash="same")
    assert decided(file, known(same), sha256="other").status.startswith("accepted")
    assert decided(file, known(same), sha256="now").status == "duplicate"


def test_a_trial_is_told_of_no_version() -> None:
    checked = late(known(standing(YOUNGER, "更正", is_younger=True)), is_trial=True)
    assert found(checked.submission, OVERTAKEN) == []


def test_without_a_warehouse_there_is_nothing_to_set_back() -> None:
    assert before_younger(None) is None
