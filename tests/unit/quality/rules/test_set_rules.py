"""Rules across the rows of one file: keys, repeated figures, look-alikes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.unit.quality.hand_made import (
    Row,
    check,
    decided,
    found,
    history,
    row,
    rows_of,
    rules_of,
    submission,
    version,
)

from nuanliu.contract.rules import RuleRegistry, rule_registry
from nuanliu.domain.findings import Severity
from nuanliu.domain.submission import SubmissionType
from nuanliu.quality.checking import check_submission

GLOVES = {"item_name": "手套"}
HATS = {"item_name": "帽子"}


def test_an_activity_written_twice_is_asked_about_in_its_second_row_only() -> None:
    drop = decided(submission(row(), row("别的活动"), row()))
    (finding,) = found(drop.submission, "set.key.repeated")
    assert (finding.row, finding.severity, finding.column) == (4, Severity.QUERY, "活动名称")
    assert "工作表“活动明细”第 2 行" in finding.message
    assert rows_of(drop) == ["accepted", "accepted", "held"]


def test_an_activity_written_three_times_is_asked_about_twice() -> None:
    assert len(found(check(submission(row(), row(), row())), "set.key.repeated")) == 2


def test_rows_whose_key_could_not_be_read_are_not_called_one_activity() -> None:
    """12.3 and 12.4 stored as numbers: two days that nobody can read are not the same day."""
    dated = rule_registry()["row.date.number"]
    unread = [
        dated.finding(row_id=at, row=at + 2, column_id="start_date", value=text)
        for at, text in ((0, "12.3"), (1, "12.4"))
    ]
    counted = rule_registry()["row.figure.range"].finding(row_id=3, row=5, column_id="people_served", value="30-50")
    nobodys = {"start_on": None}
    file = submission(row(**nobodys), row(**nobodys), row("别的活动"), row("别的活动"), findings=(*unread, counted))
    assert [finding.row for finding in found(check(file), "set.key.repeated")] == [5]


def test_a_key_twice_holds_the_second_row_even_when_the_first_goes_back() -> None:
    """A date that was read and is wrong makes a key: 12-20 as the end of two rows is one activity written twice."""
    late = {"activity_no": "7", "start_on": date(2024, 12, 20), "end_on": None, "counts_week": date(2024, 12, 2)}
    drop = decided(submission(row(**late), row(**{**late, "start_on": date(2024, 12, 3)})))
    assert rows_of(drop) == ["returned", "held"]
    assert [finding.row for finding in found(drop.submission, "set.key.repeated")] == [3]


def test_rows_without_a_name_or_a_category_are_not_called_one_activity() -> None:
    nameless = [row(None) for _ in range(40)]
    assert found(check(submission(*nameless)), "set.key.repeated") == []
    assert found(check(submission(row(category_id=None), row(category_id=None))), "set.key.repeated") == []


def test_a_repetition_says_nothing_of_what_became_of_the_first_row() -> None:
    """It may have been returned or held itself."""
    text = rule_registry()["set.key.repeated"].message
    assert "已收" not in text
    late = {"end_on": date(2024, 12, 20), "start_on": date(2024, 12, 3)}
    drop = decided(submission(row(**late), row(**late)))
    assert rows_of(drop) == ["returned", "returned"]
    assert not [finding for finding in drop.receipt.findings if finding.rule == "set.key.repeated"]


def test_rows_of_one_long_activity_are_not_the_same_activity_twice() -> None:
    file = submission(row(figures={"people_served": 1}), row(figures={"service_visits": 2}, of=0))
    assert rules_of(check(file)) == set()


def test_an_explained_repetition_is_let_through() -> None:
    drop = decided(submission(row(), row(explanation="上午、下午各一场")))
    (finding,) = found(drop.submission, "set.key.repeated")
    assert finding.severity is Severity.INFO
    assert rows_of(drop) == ["accepted", "accepted"]


def test_a_row_copied_with_its_explanation_explains_nothing_and_is_not_counted_twice() -> None:
    said = {"explanation": "人数以签到表为准"}
    drop = decided(submission(row(**said), row(**said), row(explanation="下午又办一场")))
    assert rows_of(drop) == ["accepted", "held", "accepted"]


def test_one_measure_twice_in_a_long_activity_holds_the_whole_activity() -> None:
    drop = decided(
        submission(
            row(figures={"people_served": 1}), row(figures={"people_served": 2}, of=0, explanation="说明不能放行")
        )
    )
    (finding,) = found(drop.submission, "row.measure.repeated")
    assert finding.row == 3
    assert rows_of(drop) == ["held", "held"]


def test_gloves_and_hats_of_one_visit_are_two_rows() -> None:
    file = submission(row(figures={"goods_items": 150}, **GLOVES), row(figures={"goods_items": 50}, **HATS))
    assert rules_of(check(file)) == set()


def test_people_written_beside_each_item_are_warned_of_since_they_would_add_up() -> None:
    gloves = row(figures={"goods_items": 150, "people_served": 80}, **GLOVES)
    hats = row(figures={"goods_items": 50, "people_served": 80}, **HATS)
    (finding,) = found(check(submission(gloves, hats)), "set.items.figure_repeated")
    assert (finding.row, finding.column, finding.severity) == (3, "服务人数(人)", Severity.WARNING)
    assert "第 2 行" in finding.message


def test_different_people_beside_each_item_are_fine() -> None:
    gloves = row(figures={"goods_items": 150, "people_served": 80}, **GLOVES)
    hats = row(figures={"goods_items": 50, "people_served": 40}, **HATS)
    assert rules_of(check(submission(gloves, hats))) == set()


def test_equal_numbers_of_different_items_are_fine() -> None:
    file = submission(row(figures={"goods_items": 150}, **GLOVES), row(figures={"goods_items": 150}, **HATS))
    assert rules_of(check(file)) == set()


def similar(second_day: int, **more: object) -> set[str]:
    first = row("“冬送温暖”慰问", place_detail="元通物流")
    second_date = date(2024, 12, second_day)
    second = row("冬送温暖慰问", **{"place_detail": "元通物流", "start_on": second_date, "end_on": second_date, **more})
    return rules_of(check(submission(first, row("别的"), second)))


def test_rows_alike_within_three_days_are_warned_of() -> None:
    assert similar(6) == {"set.activity.similar"}


def test_rows_alike_four_days_apart_are_two_activities() -> None:
    assert similar(7) == set()


def test_how_near_two_rows_must_be_is_data_and_the_text_says_it() -> None:
    rule = rule_registry()["set.activity.similar"]
    wider = RuleRegistry({**rule_registry().rules, rule.id: replace(rule, params={"most_days_apart": 4})})
    first, second = (
        row(place_detail="元通物流"),
        row(place_detail="元通物流", start_on=date(2024, 12, 7), end_on=date(2024, 12, 7)),
    )
    assert found(check_submission(submission(first, second), None), rule.id) == []
    (told,) = found(check_submission(submission(first, second), None, registry=wider), rule.id)
    assert "日期相差不超过 4 天" in told.message


def test_rows_at_different_places_are_two_activities() -> None:
    assert similar(4, place_detail="中通快递") == set()


NUMBERED = {"activity_no": "7"}


@pytest.mark.parametrize("rows", [(row(), row(**NUMBERED)), (row(**NUMBERED), row())], ids=["gains", "loses"])
def test_two_rows_that_differ_in_nothing_but_a_number_that_one_lacks_are_asked_about(rows: tuple[Row, Row]) -> None:
    drop = decided(submission(row("别的活动"), *rows))
    (finding,) = found(drop.submission, "set.number.missing")
    assert (finding.row, finding.severity) == (4, Severity.QUERY)
    assert "工作表“活动明细”第 3 行" in finding.message
    assert rows_of(drop) == ["accepted", "accepted", "held"]


def test_two_numbers_are_two_activities() -> None:
    """What the question offers as an answer works: 请给两行填不同的“活动编号”."""
    drop = decided(submission(row(**NUMBERED), row(activity_no="8")))
    assert rows_of(drop) == ["accepted", "accepted"]
    assert rules_of(drop.submission) == {"set.activity.similar"}


def test_a_row_with_and_one_without_a_number_that_say_other_things_are_two_activities() -> None:
    assert rules_of(check(submission(row(), row(figures={"people_served": 99}, **NUMBERED)))) == set()


def test_the_explanation_that_the_question_offers_lets_the_second_row_count() -> None:
    drop = decided(submission(row(), row(explanation="下午又办一场", **NUMBERED)))
    assert rows_of(drop) == ["accepted", "accepted"]
    assert found(drop.submission, "set.number.missing")[0].severity is Severity.INFO


def test_of_three_rows_every_later_one_beside_one_without_a_number_is_asked_about() -> None:
    file = check(submission(row(), row(**NUMBERED), row(activity_no="8")))
    assert [finding.row for finding in found(file, "set.number.missing")] == [3, 4]


SAID = {"content_hash": "c", "receipt_no": "620400-2024W48-001"}


def elsewhere(key: str = "key of theirs", **differs: object) -> dict[str, object]:
    return {**SAID, "activity_key": key, "week_start": date(2024, 12, 2), "is_dated": True, **differs}


@pytest.mark.parametrize("number", [None, "7"], ids=["loses its number", "gains or changes it"])
@pytest.mark.parametrize("kind", ["event", "ytd", "stock"])
def test_a_row_that_another_submission_holds_under_another_number_is_asked_about(number: str | None, kind: str) -> None:
    entry = row(content="c", activity_no=number, period_kind=kind, start_on=None, end_on=date(2024, 12, 3))
    drop = decided(submission(entry), history(other_activities=[elsewhere()]))
    (finding,) = found(drop.submission, "set.number.changed")
    assert "620400-2024W48-001" in finding.message
    assert rows_of(drop) == ["held"]
    explained = row(content="c", activity_no=number, explanation="另一场", end_on=date(2024, 12, 3))
    assert rows_of(decided(submission(explained), history(other_activities=[elsewhere()]))) == ["accepted"]


@pytest.mark.parametrize(
    "differs", [{"week_start": date(2024, 11, 25)}, {"content_hash": "d"}], ids=["another week", "says something else"]
)
def test_another_week_or_other_words_are_another_activity(differs: dict[str, object]) -> None:
    past = history(other_activities=[elsewhere(**differs)])
    assert rules_of(check(submission(row(content="c", **NUMBERED)), past)) == set()


@pytest.mark.parametrize(("kind", "outcome"), [("补充", "held"), ("更正", "accepted")])
def test_the_own_version_is_looked_at_for_what_adds_to_it_and_not_for_what_replaces_it(kind: str, outcome: str) -> None:
    standing = [{**SAID, "activity_key": "key of before", "activity_name": "货车司机慰问"}]
    past = history(versions=[version()], current_rows=standing)
    file = submission(row(content="c", **NUMBERED), submission_type=SubmissionType(kind))
    assert rows_of(decided(file, past)) == [outcome]
    assert bool(found(check(file, past), "set.number.changed")) is (kind == "补充")
