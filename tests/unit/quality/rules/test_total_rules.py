"""合计 rows against the rows that the union added, with the rounding rule of the contract."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.quality.hand_made import Written, check, decided, found, row, rows_of, rules_of, submission, total

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Severity
from nuanliu.quality.rules.total_rules import find_total_problems

THOUSANDS = {"step": 1000}


def people(*counts: int) -> list[object]:
    return [row(f"活动{number}", figures={"people_served": count}) for number, count in enumerate(counts)]


def verdict(*rows: object) -> set[str]:
    return rules_of(check(submission(*rows)))  # type: ignore[arg-type]


def test_a_total_that_adds_up_is_ignored_without_a_word() -> None:
    drop = decided(submission(*people(100, 200), total({"people_served": 300})))
    assert rules_of(drop.submission) == set()
    assert rows_of(drop) == ["accepted", "accepted", "ignored"]


def test_a_total_that_does_not_add_up_holds_the_file() -> None:
    drop = decided(submission(*people(100, 200), total({"people_served": 303})))
    (finding,) = found(drop.submission, "set.total.mismatch")
    assert (finding.severity, finding.sheet, finding.cell, finding.row) == (Severity.QUERY, None, None, None)
    assert "第 4 行“服务人数”写 303,各行相加 300人" in finding.message
    assert (drop.status, rows_of(drop)) == ("held", ["held", "held", "ignored"])


@pytest.mark.parametrize(
    ("written", "rule"),
    [("46.7", None), ("46.8", "set.total.rounding"), ("46.6", "set.total.rounding"), ("46.9", "set.total.mismatch")],
)
def test_half_of_the_last_printed_digit_for_each_row_and_the_total_is_rounding(written: str, rule: str | None) -> None:
    shown = {name: Written(Decimal(value) * 10000, **THOUSANDS) for name, value in (("a", "35.9"), ("b", "10.8"))}
    rows = [row(name, figures={"funds_total": figure}) for name, figure in shown.items()]
    whole = total({"funds_total": Written(Decimal(written) * 10000, **THOUSANDS)})
    assert verdict(*rows, whole) == ({rule} if rule else set())


def test_a_rounding_difference_is_shown_in_its_cell_and_harms_nothing() -> None:
    drop = decided(submission(*people(100, 200), total({"people_served": 301})))
    (finding,) = found(drop.submission, "set.total.rounding")
    assert (finding.severity, finding.row, finding.expected) == (Severity.WARNING, 4, "300人")
    assert drop.status == "accepted_with_warnings"
    assert rows_of(drop) == ["accepted", "accepted", "ignored"]


def test_a_total_counts_rows_that_come_back_for_other_reasons() -> None:
    rows = [
        row("好", figures={"people_served": 1}),
        row("坏", figures={"people_served": 2}, start_on=None, end_on=None),
    ]
    assert verdict(*rows, total({"people_served": 3})) == set()


def test_a_total_on_top_is_compared_too() -> None:
    assert verdict(total({"people_served": 30}), *people(10, 20)) == set()
    assert verdict(total({"people_served": 40}), *people(10, 20)) == {"set.total.mismatch"}


def test_subtotals_and_a_grand_total_are_each_held_against_their_rows() -> None:
    first, second, third, fourth = people(10, 20, 30, 40)
    rows = [first, second, total({"people_served": 30}), third, fourth, total({"people_served": 70})]
    assert verdict(*rows, total({"people_served": 100})) == set()
    assert verdict(*rows, total({"people_served": 170})) == {"set.total.mismatch"}


def test_a_wrong_subtotal_is_found_though_the_grand_total_is_right() -> None:
    first, second, third, fourth = people(10, 20, 30, 40)
    rows = [first, second, total({"people_served": 33}), third, fourth, total({"people_served": 70})]
    assert verdict(*rows, total({"people_served": 100})) == {"set.total.mismatch"}


def test_one_total_may_not_pick_other_rows_for_each_column() -> None:
    rows = [
        row("a", figures={"people_served": 1000, "firms": 100}),
        total({"people_served": 1000, "firms": 100}),
        row("b", figures={"people_served": 2000, "firms": 200}),
        total({"people_served": 3000, "firms": 200}),
    ]
    assert verdict(*rows) == {"set.total.mismatch"}


def test_a_total_on_a_sheet_of_its_own_covers_the_file() -> None:
    rows = [
        row("a", figures={"people_served": 10}, sheet="甲县"),
        row("b", figures={"people_served": 20}, sheet="乙县"),
    ]
    assert verdict(*rows, total({"people_served": 30}, sheet="汇总")) == set()
    assert verdict(*rows, total({"people_served": 31.0}, sheet="甲县")) == {"set.total.rounding"}


def test_each_sheets_total_covers_its_own_rows() -> None:
    rows = [
        row("a", figures={"people_served": 10}, sheet="甲县"),
        total({"people_served": 10}, sheet="甲县"),
        row("b", figures={"people_served": 20}, sheet="乙县"),
        total({"people_served": 20}, sheet="乙县"),
    ]
    assert verdict(*rows) == set()


def test_event_and_ytd_rows_add_up_alike() -> None:
    rows = [
        row("a", figures={"funds_total": 359000}, period_kind="ytd"),
        row("b", figures={"funds_total": 108000}, period_kind="ytd"),
        row("c", figures={"funds_total": 1}),
    ]
    assert verdict(*rows, total({"funds_total": 467001})) == set()


def test_figures_with_yu_leave_room_above() -> None:
    rows = [row("a", figures={"people_served": Written(700, "over")}), row("b", figures={"people_served": 300})]
    assert verdict(*rows, total({"people_served": Written(1000, "over")})) == set()
    assert verdict(*rows, total({"people_served": 1080})) == {"set.total.rounding"}
    assert verdict(*rows, total({"people_served": 1200})) == {"set.total.mismatch"}


def test_a_column_with_a_cell_that_could_not_be_read_is_not_compared() -> None:
    unreadable = rule_registry()["row.figure.range"].finding(
        sheet="活动明细", cell="Q3", row=3, column_id="people_served", value="30-50", row_id=1, unit="人"
    )
    rows = [row("a", figures={"people_served": 10, "firms": 1}), row("b", figures={"firms": 2})]
    file = submission(*rows, total({"people_served": 50, "firms": 3}), findings=(unreadable,))
    assert rules_of(check(file)) == {"row.figure.range"}


def test_counts_that_describe_and_do_not_add_up_are_not_compared() -> None:
    rows = [row(name, figures={"exam_items": 24, "people_served": 1}) for name in "ab"]
    assert verdict(*rows, total({"exam_items": 24, "people_served": 2})) == set()


def test_an_explained_total_row_releases_the_file() -> None:
    file = submission(*people(100, 200), total({"people_served": 350}, explanation="含已上报的50人"))
    (finding,) = found(check(file), "set.total.mismatch")
    assert finding.severity is Severity.INFO
    assert decided(file).status == "accepted"


def test_many_wrong_totals_make_one_finding_that_counts_them() -> None:
    rows = [entry for number in range(1, 8) for entry in (*people(number), total({"people_served": number * 1000}))]
    (finding,) = found(check(submission(*rows)), "set.total.mismatch")
    assert "等 7 处" in finding.message


@given(
    values=st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    step=st.sampled_from([1, 10, 100, 1000, 10000]),
)
def test_rounding_every_row_and_the_total_never_makes_a_mismatch(values: list[int], step: int) -> None:
    def rounded(value: int) -> int:
        return (value + step // 2) // step * step

    rows = [row(f"活动{i}", figures={"funds_total": Written(rounded(v), step=step)}) for i, v in enumerate(values)]
    file = submission(*rows, total({"funds_total": Written(rounded(sum(values)), step=step)}))
    assert {f.rule for f in find_total_problems(file, rule_registry())} <= {"set.total.rounding"}


@given(
    values=st.lists(st.integers(0, 10**6), min_size=1, max_size=12),
    step=st.sampled_from([1, 10, 100, 1000]),
    excess=st.integers(-30, 30),
)
def test_a_mismatch_begins_exactly_beyond_half_a_step_for_each_row_and_the_total(
    values: list[int], step: int, excess: int
) -> None:
    rows = [row(f"活动{i}", figures={"funds_total": Written(v * step, step=step)}) for i, v in enumerate(values)]
    whole = (sum(values) + excess) * step
    file = submission(*rows, total({"funds_total": Written(whole, step=step)}))
    expected = set() if not excess else {"set.total.rounding"}
    if abs(excess) * 2 > len(values) + 1:
        expected = {"set.total.mismatch"}
    assert {f.rule for f in find_total_problems(file, rule_registry())} == expected
