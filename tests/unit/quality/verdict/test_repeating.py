"""What repeats a current version, and what is judged anew (contract §2, Which version)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.unit.quality.hand_made import Row, decided, history, row, rows_of, submission, version

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.checked import LoadAction
from nuanliu.domain.file_content import hash_activities
from nuanliu.domain.receipt import RowCounts
from nuanliu.domain.submission import SubmissionType

if TYPE_CHECKING:
    from nuanliu.domain.submission import Submission

GOOD, BAD = row("好"), row("坏", end_on=date(2024, 12, 20))
DOUBTFUL = row("疑", figures={"people_served": 600000})


def test_the_same_bytes_again_are_a_duplicate_and_repeat_the_counts() -> None:
    drop = decided(submission(BAD), history(versions=[version(sha256="now")]))
    receipt = drop.receipt
    assert (drop.status, drop.action, receipt.version, receipt.activities) == ("duplicate", LoadAction.NOTHING, 1, 3)
    assert receipt.rows == RowCounts(received=4, accepted=3, ignored=1)
    assert [total.value for total in receipt.totals] == ["300"]
    assert drop.repeats is not None
    assert drop.repeats.receipt_no == "620400-2024W49-001"
    assert [f.rule for f in receipt.findings] == ["file.version.duplicate"]
    assert rows_of(drop) == ["ignored"]


def test_the_bytes_of_a_version_accepted_in_part_are_told_that_rows_are_still_open() -> None:
    drop = decided(submission(GOOD), history(versions=[version(sha256="now", status="partially_accepted")]))
    assert [f.rule for f in drop.receipt.findings] == ["file.version.duplicate_partial"]
    assert "620400-2024W49-001" in drop.receipt.findings[0].message


@pytest.mark.parametrize("status", ["held", "rejected", "accepted"])
def test_the_bytes_of_a_file_that_is_not_current_are_looked_at_anew(status: str) -> None:
    """What was held may be taken today; what was replaced may be meant to come back."""
    past = history(versions=[version(sha256="now", status=status, is_current=False)])
    assert decided(submission(GOOD), past).status == "accepted"


def test_the_bytes_beneath_a_supplement_are_looked_at_anew() -> None:
    """The file that made the current version is the 补充; the 首报 alone would take its activities away."""
    versions = [version("620400-2024W49-001", sha256="now"), version("620400-2024W49-002", submission_type="补充")]
    past = history(versions=versions, current_rows=standing(GOOD, row("补充的活动")))
    drop = decided(submission(GOOD), past)
    assert drop.status == "held"
    assert "file.version.activity_vanished" in [finding.rule for finding in drop.receipt.findings]
    past = history(versions=[versions[0], version("620400-2024W49-002", sha256="of 补充", submission_type="补充")])
    again = decided(submission(GOOD, submission_type=SubmissionType.SUPPLEMENT), past, sha256="of 补充")
    assert (again.status, again.repeats and again.repeats.receipt_no) == ("duplicate", "620400-2024W49-002")


def test_a_file_that_disagrees_about_its_week_repeats_nothing() -> None:
    past = history(versions=[version(sha256="now")])
    assert decided(submission(GOOD, is_week_certain=False), past).status != "duplicate"


def standing(*rows: Row) -> list[dict[str, object]]:
    """The rows as the current version holds them."""
    columns = ["activity_key", "content_hash", "activity_name"]
    known = submission(*rows).rows[columns].to_dict("records")
    return [{**entry, "receipt_no": "620400-2024W49-001"} for entry in known]


def content_of(*rows: Row) -> str:
    table = submission(*rows).rows
    return hash_activities(table["activity_key"], table["content_hash"])


def says(*rows: Row, **more: object) -> Submission:
    return submission(*rows, **{"content_hash": content_of(*rows), **more})


def test_the_same_content_in_another_format_is_unchanged() -> None:
    past = history(versions=[version(content_hash=content_of(GOOD))], current_rows=standing(GOOD))
    drop = decided(says(GOOD), past)
    assert (drop.status, drop.action, drop.receipt.rows.received) == ("unchanged", LoadAction.NOTHING, 4)
    assert [f.rule for f in drop.receipt.findings] == ["file.version.unchanged"]


@pytest.mark.parametrize("kind", list(SubmissionType)[:3])
def test_the_type_of_a_file_is_no_part_of_its_content(kind: SubmissionType) -> None:
    past = history(versions=[version(content_hash=content_of(GOOD))], current_rows=standing(GOOD))
    assert decided(says(GOOD, submission_type=kind), past).status == "unchanged"


def test_the_rows_that_count_tell_the_content_where_the_versions_hash_does_not() -> None:
    """A version and its 补充 together, and versions of a warehouse whose hashes could not be made anew."""
    other = row("补充的活动")
    versions = [version("620400-2024W49-001"), version("620400-2024W49-002", submission_type="补充")]
    past = history(versions=versions, current_rows=standing(GOOD, other))
    drop = decided(says(other, GOOD), past)
    assert (drop.status, drop.repeats and drop.repeats.receipt_no) == ("unchanged", "620400-2024W49-002")
    assert decided(says(GOOD, row("别的活动")), past).status == "held"
    assert decided(says(GOOD, other, other), past).status == "held"


def test_the_content_of_the_last_supplement_again_is_unchanged_and_that_of_the_report_beneath_is_not() -> None:
    other = row("补充的活动")
    versions = [
        version("620400-2024W49-001", content_hash=content_of(GOOD)),
        version("620400-2024W49-002", content_hash=content_of(other), submission_type="补充"),
    ]
    past = history(versions=versions, current_rows=standing(GOOD, other))
    assert decided(says(other, submission_type=SubmissionType.SUPPLEMENT), past).status == "unchanged"
    assert decided(says(other), past).status == "held"
    assert decided(says(GOOD), past).status == "held"


def test_the_content_of_a_version_accepted_in_part_is_told_that_rows_are_still_open() -> None:
    past = history(
        versions=[version(content_hash=content_of(GOOD, DOUBTFUL), status="partially_accepted")],
        current_rows=standing(GOOD),
    )
    drop = decided(says(GOOD, DOUBTFUL), past)
    assert (drop.status, [f.rule for f in drop.receipt.findings]) == ("unchanged", ["file.version.unchanged_partial"])


def test_an_explanation_that_answers_an_open_query_gets_its_row_in() -> None:
    past = history(
        versions=[version(content_hash=content_of(GOOD, DOUBTFUL), status="partially_accepted")],
        current_rows=standing(GOOD),
    )
    explained = replace(DOUBTFUL, says={**DOUBTFUL.says, "explanation": "全区职工普惠"})
    assert content_of(explained) == content_of(DOUBTFUL)
    drop = decided(says(GOOD, explained), past)
    assert (drop.action, rows_of(drop)) == (LoadAction.REPLACE, ["accepted", "accepted"])


def test_an_explanation_beside_an_accepted_row_changes_nothing() -> None:
    past = history(versions=[version(content_hash=content_of(GOOD))], current_rows=standing(GOOD))
    explained = replace(GOOD, says={**GOOD.says, "explanation": "已核实", "remarks": "三楼"})
    assert decided(says(explained), past).status == "unchanged"


def test_what_is_asked_about_the_file_as_a_whole_is_not_called_unchanged() -> None:
    """A 合计 that no longer adds up is news; but not once the version was let pass with the same one."""
    asked = rule_registry()["set.total.mismatch"].finding(places="G9")
    rows = content_of(GOOD)
    past = history(versions=[version(content_hash=rows)], current_rows=standing(GOOD))
    assert decided(submission(GOOD, content_hash=f"{rows}/21", findings=(asked,)), past).status == "held"
    past = history(versions=[version(content_hash=f"{rows}/21")], current_rows=standing(GOOD))
    assert decided(submission(GOOD, content_hash=f"{rows}/21", findings=(asked,)), past).status == "unchanged"
    assert decided(submission(GOOD, content_hash=f"{rows}/20"), past).status == "unchanged"


def test_the_same_content_as_a_version_that_is_not_current_is_looked_at_anew() -> None:
    past = history(versions=[version(content_hash=content_of(GOOD), is_current=False, status="held")])
    assert decided(says(GOOD), past).status == "accepted"


def test_a_file_without_a_content_hash_is_never_unchanged() -> None:
    past = history(versions=[version(content_hash="")], current_rows=standing(GOOD))
    assert decided(submission(GOOD, content_hash=""), past).status == "accepted"


def test_a_zero_report_says_the_same_as_a_zero_report_and_not_as_a_week_whose_activities_all_moved() -> None:
    nothing = content_of()
    zero = submission(submission_type=SubmissionType.ZERO, content_hash=nothing)
    assert decided(zero, history(versions=[version(content_hash=nothing)])).status == "unchanged"
    assert decided(zero, history(versions=[version(content_hash=content_of(GOOD))])).status != "unchanged"


def test_a_trial_of_the_same_bytes_would_be_a_duplicate() -> None:
    drop = decided(submission(GOOD), history(versions=[version(sha256="now")]), is_trial=True)
    assert (drop.status, drop.receipt.would_be) == ("trial", "duplicate")
