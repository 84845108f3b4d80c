"""Rules across the rows of one file: keys, repeated figures, look-alikes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.unit.quality.hand_made import check, decided, found, row, rows_of, rules_of, submission

from nuanliu.contract.rules import RuleRegistry, rule_registry
from nuanliu.domain.findings import Severity
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
    file = submission(row(), row(), row("别的活动"), row("别的活动"), findings=(*unread, counted))
    assert [finding.row for finding in found(check(file), "set.key.repeated")] == [5]


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
