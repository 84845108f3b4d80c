"""Every rule that an expectation finds: one file that passes and one that fails, and the cell it points at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.unit.quality.hand_made import Row, Written, check, found, row, rules_of, submission

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Severity

PAST = {"start_on": date(2024, 11, 20), "end_on": date(2024, 11, 22)}
LONG = "字" * 81


def since(day: date | None, **more: object) -> dict[str, object]:
    return {"period_kind": "cumulative_since", "since_on": day, "end_on": None, "start_on": None, **more}


CASES: dict[str, tuple[Row, Row]] = {
    "row.end_date.after_period": (
        row(end_on=date(2024, 12, 8)),
        row(end_on=date(2024, 12, 20)),
    ),
    "row.end_date.before_start": (
        row(start_on=date(2024, 12, 3), end_on=date(2024, 12, 3)),
        row(start_on=date(2024, 12, 5), end_on=date(2024, 12, 4)),
    ),
    "row.end_date.too_old": (
        row(start_on=None, end_on=date(2024, 10, 7)),
        row(start_on=None, end_on=date(2024, 10, 6)),
    ),
    "row.end_date.own_week": (
        row(start_on=date(2024, 11, 30), end_on=date(2024, 12, 2)),
        row(start_on=date(2024, 11, 28), end_on=date(2024, 12, 1)),
    ),
    "row.start_date.after_period": (
        row(start_on=date(2024, 12, 8), end_on=None),
        row(start_on=date(2024, 12, 9), end_on=None),
    ),
    "row.dates.long_run": (
        row(start_on=date(2024, 7, 1), end_on=date(2024, 12, 8)),
        row(start_on=date(2023, 12, 3), end_on=date(2024, 12, 3)),
    ),
    "row.since_date.missing": (row(**since(date(2022, 1, 1))), row(**since(None))),
    "row.since_date.in_future": (row(**since(date(2024, 12, 8))), row(**since(date(2025, 1, 1)))),
    "row.since_date.after_as_of": (
        row(**since(date(2024, 11, 1), end_on=date(2024, 11, 30))),
        row(**since(date(2024, 12, 1), end_on=date(2024, 11, 30))),
    ),
    "row.since_date.unneeded": (row(), row(since_on=date(2024, 1, 1))),
    "row.since_date.not_new_year": (
        row(period_kind="ytd", since_on=date(2024, 1, 1)),
        row(period_kind="ytd", since_on=date(2024, 3, 1)),
    ),
    "row.measure.impossible": (
        row(figures={"funds_total": Decimal("999999999999.99")}),
        row(figures={"funds_total": 10**12}),
    ),
    "row.measure.over_limit": (row(figures={"people_served": 500000}), row(figures={"people_served": 500001})),
    "row.measure.over_ratio": (
        row(figures={"people_served": 57, "funds_total": 467000}),
        row(figures={"people_served": 57, "funds_total": 100000 * 57 + 1}),
    ),
    "row.parts.above_total": (
        row(figures={"funds_total": 1000, "funds_condolence": 600, "goods_value": 400}),
        row(figures={"funds_total": 1000, "funds_condolence": 600, "goods_value": 402}),
    ),
    "row.parts.rounding": (
        row(figures={"funds_total": 1000, "funds_condolence": 600, "goods_value": 400}),
        row(figures={"funds_total": 1000, "funds_condolence": 600, "goods_value": 401}),
    ),
    "row.service_visits.below_people": (
        row(figures={"people_served": 100, "service_visits": 100}),
        row(figures={"people_served": 100, "service_visits": 99}),
    ),
    "row.hire_intents.above_seekers": (
        row(figures={"job_seekers": 500, "hire_intents": 216}),
        row(figures={"job_seekers": 216, "hire_intents": 500}),
    ),
    "row.hired.above_seekers": (
        row(figures={"job_seekers": 500, "hired": 500}),
        row(figures={"job_seekers": 500, "hired": 501}),
    ),
    "row.job_seekers.above_people": (
        row(figures={"people_served": 500, "job_seekers": 500}),
        row(figures={"people_served": 499, "job_seekers": 500}),
    ),
    "row.insured_people.above_people": (
        row(figures={"people_served": 350, "insured_people": 350}),
        row(figures={"people_served": 349, "insured_people": 350}),
    ),
    "row.sessions.above_people": (
        row(figures={"people_served": 9, "sessions": 9}),
        row(figures={"people_served": 8, "sessions": 9}),
    ),
    "row.people_served.zero_with_money": (
        row(figures={"people_served": 0, "funds_total": 0}),
        row(figures={"people_served": 0, "funds_total": 5000}),
    ),
    "row.measures.none": (row(figures={"leaflets": 0}), row(figures={})),
    "row.measures.only_descriptive": (
        row(figures={"exam_items": 7, "people_served": 1}),
        row(figures={"exam_items": 7}),
    ),
    "row.item_name.missing": (
        row(figures={"goods_items": 150}, item_name="手套"),
        row(figures={"goods_items": 150}),
    ),
    "row.job_posts.no_firms": (
        row(figures={"job_posts": 1200, "firms": 37}),
        row(figures={"job_posts": 1200}),
    ),
    "row.period_kind.planned": (row(), row(period_kind="planned", end_on=date(2025, 1, 5))),
    "row.activity_name.too_long": (row("字" * 80), row(LONG)),
    "row.activity_name.no_words": (row("12月5日志愿服务"), row("2024-12.5")),
    "row.item_name.too_long": (row(item_name="手" * 30), row(item_name="手" * 31)),
    "row.explanation.too_long": (row(explanation="说" * 500), row(explanation="说" * 501)),
    "row.remarks.too_long": (row(remarks="备" * 1000), row(remarks="备" * 1001)),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_row_that_keeps_the_rule_is_not_found(rule: str) -> None:
    assert not found(check(submission(CASES[rule][0])), rule)


@pytest.mark.parametrize("rule", CASES)
def test_a_row_that_breaks_the_rule_is_found_once_with_its_place(rule: str) -> None:
    file = check(submission(row("另一个活动"), CASES[rule][1]))
    (finding,) = found(file, rule)
    entry = rule_registry()[rule]
    assert (finding.severity, finding.sheet, finding.row, finding.row_id) == (entry.severity, "活动明细", 3, 1)
    assert "{" not in finding.message + finding.fix + (finding.expected or "")
    if entry.column:
        assert finding.column
        assert finding.cell
        assert finding.cell.endswith("3")


def test_every_rule_found_by_an_expectation_has_a_passing_and_a_failing_file() -> None:
    assert set(CASES) == {rule.id for rule in rule_registry() if rule.found_by == "expectation"}


def test_at_least_twenty_five_rules_are_expectations() -> None:
    assert len(CASES) >= 25


def test_the_contracts_example_finding_is_said_as_the_contract_shows_it() -> None:
    (finding,) = found(check(submission(row(end_on=date(2024, 12, 20)))), "row.end_date.after_period")
    assert finding.severity is Severity.ERROR
    assert (finding.column, finding.value, finding.expected) == ("结束日期", "2024-12-20", "不晚于 2024-12-08")
    assert finding.cell == "H2"


def test_a_planned_activity_may_end_after_the_period() -> None:
    file = check(submission(row(period_kind="planned", start_on=date(2025, 1, 5), end_on=date(2025, 1, 5))))
    assert rules_of(file) == {"row.period_kind.planned"}


def test_a_future_activity_is_told_of_once() -> None:
    file = check(submission(row(start_on=date(2024, 12, 20), end_on=date(2024, 12, 20))))
    assert rules_of(file) == {"row.end_date.after_period"}


def test_a_good_row_has_no_findings() -> None:
    assert rules_of(check(submission(row()))) == set()


def test_a_date_in_the_one_column_for_both_is_pointed_at_there() -> None:
    layout = {"活动明细": {"activity_name": "B", "activity_time": "D"}}
    (finding,) = found(check(submission(row(end_on=date(2024, 12, 20)), layout=layout)), "row.end_date.after_period")
    assert (finding.cell, finding.column) == ("D2", "活动时间")


def test_a_row_of_an_earlier_week_is_told_which_week_it_counts_in() -> None:
    (finding,) = found(check(submission(row(start_on=None, end_on=date(2024, 11, 28)))), "row.end_date.own_week")
    assert finding.severity is Severity.INFO
    assert "2024年第48周(11月25日—12月1日),不计入 2024年第49周" in finding.message


def test_only_what_adds_up_over_weeks_is_told_of_its_own_week() -> None:
    past = {"start_on": None, "end_on": date(2024, 11, 28)}
    assert rules_of(check(submission(row(period_kind="stock", **past)))) == set()
    assert rules_of(check(submission(row(start_on=None, end_on=date(2024, 10, 6))))) == {"row.end_date.too_old"}


def test_a_period_kind_is_quoted_in_the_words_of_the_template() -> None:
    (finding,) = found(check(submission(row(period_kind="planned"))), "row.period_kind.planned")
    assert finding.value == "计划"


def test_dates_of_one_column_for_both_are_named_by_that_column() -> None:
    layout = {"活动明细": {"activity_name": "B", "activity_time": "D", "start_date": "D", "end_date": "D"}}
    late = submission(row(end_on=date(2024, 12, 20)), layout=layout)
    (finding,) = found(check(late), "row.end_date.after_period")
    assert (finding.cell, finding.column) == ("D2", "活动时间")


def test_a_csv_file_has_no_sheet_but_a_cell() -> None:
    (finding,) = found(check(submission(row(end_on=date(2024, 12, 20), sheet=None))), "row.end_date.after_period")
    assert (finding.sheet, finding.cell, finding.row) == (None, "H2", 2)


def test_yuan_under_a_header_in_ten_thousands_is_asked_about() -> None:
    file = check(submission(row(figures={"people_served": 57, "funds_total": Written(4670000000)})))
    assert rules_of(file) == {"row.measure.over_limit"}
    (finding,) = found(file, "row.measure.over_limit")
    assert finding.severity is Severity.QUERY
    assert (finding.column, finding.value) == ("投入资金(元)", "4670000000")
    assert finding.expected == "不超过 500000000元"


@pytest.mark.parametrize(
    ("measure", "most", "limit"),
    [
        ("funds_total", Decimal("999999999999.99"), "小于 1000000000000元"),
        ("funds_transferred", Decimal("999999999999.99"), "小于 1000000000000元"),
        ("people_served", 999_999_999, "小于 1000000000人"),
        ("leaflets", 999_999_999, "小于 1000000000份"),
        ("exam_items", 999_999_999, "小于 1000000000项"),
    ],
)
def test_a_single_figure_has_an_upper_bound_that_no_explanation_lifts(
    measure: str, most: int | Decimal, limit: str
) -> None:
    at_the_bound = int(most) + 1
    explained = {"explanation": "数字没错"}
    assert "row.measure.impossible" not in rules_of(check(submission(row(figures={measure: most}, **explained))))
    file = check(submission(row(figures={measure: at_the_bound}, **explained)))
    (finding,) = found(file, "row.measure.impossible")
    assert (finding.severity, finding.expected) == (Severity.ERROR, limit)
    assert "row.measure.over_limit" not in rules_of(file), "one word on it is enough"


def test_dates_are_not_judged_when_the_week_is_not_certain() -> None:
    assert not rules_of(check(submission(row(end_on=date(2024, 12, 20)), is_week_certain=False)))


def test_nothing_is_checked_in_a_file_that_could_not_be_read() -> None:
    file = submission(is_readable=False)
    assert check(file) is file


def test_nothing_is_checked_in_a_file_that_goes_to_quarantine() -> None:
    file = submission(row(end_on=date(2024, 12, 20)), quarantine=True)
    assert check(file) is file


def test_a_cell_the_intake_could_not_read_gets_no_second_finding() -> None:
    unreadable = rule_registry()["row.date.unreadable"].finding(
        sheet="活动明细", cell="L2", row=2, column_id="since_date", value="入冬", row_id=0
    )
    file = check(submission(row(**since(None)), findings=(unreadable,)))
    assert rules_of(file) == {"row.date.unreadable"}


def test_a_row_whose_only_figure_could_not_be_read_is_not_said_to_have_none() -> None:
    unreadable = rule_registry()["row.figure.range"].finding(
        sheet="活动明细", cell="Q2", row=2, column_id="people_served", value="30-50", row_id=0, unit="人"
    )
    file = check(submission(row(figures={}), findings=(unreadable,)))
    assert rules_of(file) == {"row.figure.range"}


def test_long_rows_are_judged_as_one_activity_and_pointed_at_in_their_own_rows() -> None:
    file = check(
        submission(
            row(figures={"people_served": 100}),
            row(figures={"service_visits": 90}, of=0),
        )
    )
    (finding,) = found(file, "row.service_visits.below_people")
    assert (finding.row, finding.row_id, finding.value) == (3, 1, "90")
    assert "row.measures.none" not in rules_of(file)


@pytest.mark.parametrize(
    ("end_on", "since_on", "is_asked"),
    [
        (date(2024, 12, 3), date(2023, 1, 1), True),
        (date(2024, 12, 3), date(2024, 1, 2), True),
        (date(2024, 12, 3), date(2024, 1, 1), False),
        (date(2023, 12, 31), date(2023, 1, 1), False),
        (None, date(2024, 1, 1), False),
    ],
)
def test_the_start_of_this_year_is_new_year_of_the_years_own_as_of(
    end_on: date | None, since_on: date, is_asked: bool
) -> None:
    file = check(
        submission(row(period_kind="ytd", start_on=None, end_on=end_on, since_on=since_on, explanation="有据"))
    )
    asked = found(file, "row.since_date.not_new_year")
    assert [finding.severity for finding in asked] == ["query"] * is_asked
