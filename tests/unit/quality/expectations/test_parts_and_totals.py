"""The parts of a total against the total: half of the last printed digit × (parts + 1) is rounding, more is an error."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.quality.hand_made import Written, check, decided, found, row, rules_of, submission

from nuanliu.quality.expectations.frames import activity_figures, activity_rows, check_frames
from nuanliu.quality.expectations.parts_and_total import parts_fit
from nuanliu.quality.expectations.suites import contract_values
from nuanliu.quality.written_value import cents_text, highest, lowest, rounding_allowance, slack

if TYPE_CHECKING:
    from nuanliu.domain.submission import Submission

PARTS = ("funds_condolence", "goods_value", "insurance_value")


def money(
    total: str | None, *parts: str, total_kind: str = "exact", part_kind: str = "exact", step: int = 1000
) -> Submission:
    """A row in 万元, one digit after the point."""
    figures = {name: Written(Decimal(text) * 10000, part_kind, step) for name, text in zip(PARTS, parts, strict=False)}
    if total is not None:
        figures["funds_total"] = Written(Decimal(total) * 10000, total_kind, step)
    return submission(row(figures=figures))


@pytest.mark.parametrize(
    ("total", "parts", "rule"),
    [
        ("46.7", ("35.9", "10.8"), None),
        ("46.7", ("35.9",), None),
        ("46.6", ("35.9", "10.8"), "row.parts.rounding"),
        ("46.5", ("35.9", "10.8"), "row.parts.above_total"),
        ("46.5", ("35.9", "10.7", "0.1"), "row.parts.rounding"),
        ("46.4", ("35.9", "10.7", "0.1"), "row.parts.above_total"),
        ("10.0", ("10.1",), "row.parts.rounding"),
        ("10.0", ("10.2",), "row.parts.above_total"),
        (None, ("35.9", "10.8"), None),
    ],
)
def test_parts_above_the_total_are_an_error_beyond_rounding(
    total: str | None, parts: tuple[str, ...], rule: str | None
) -> None:
    assert rules_of(check(money(total, *parts))) == ({rule} if rule else set())


def test_an_error_returns_the_row_and_says_both_sums() -> None:
    drop = decided(money("46.0", "35.9", "10.8"))
    (finding,) = found(drop.submission, "row.parts.above_total")
    assert drop.status == "rejected"
    assert finding.column == "投入资金(元)"
    assert finding.value == "460000.0"
    assert "467000 元" in finding.message


def test_a_total_written_with_yu_is_never_exceeded() -> None:
    assert rules_of(check(money("40", "35.9", "10.8", total_kind="over"))) == set()


def test_a_part_written_as_nearly_may_be_less() -> None:
    # 近1.8万 may be anything above 1.7万, so a total of 1.75万 does not contradict it.
    figures = {"funds_total": Written(17500), "funds_condolence": Written(18000, "under", 1000)}
    assert rules_of(check(submission(row(figures=figures)))) == {"row.parts.rounding"}


def test_the_coarsest_digit_counts_when_they_differ() -> None:
    figures = {
        "funds_total": Written(467000, step=1),
        "funds_condolence": Written(359000, step=1000),
        "goods_value": Written(109000, step=1000),
    }
    assert rules_of(check(submission(row(figures=figures)))) == {"row.parts.rounding"}


def test_money_passed_down_is_no_part() -> None:
    file = submission(row(figures={"funds_total": 100, "funds_transferred": 100000, "funds_condolence": 100}))
    assert rules_of(check(file)) == set()


def passes(file: Submission, *, allow_rounding: bool) -> bool:
    """What the expectation says of the one row, without the cost of a suite."""
    activities = activity_rows(file)
    frame = check_frames(activities, activity_figures(file, activities))["activities"]
    return bool(parts_fit(frame[contract_values()["parts_of.funds_total"]], allow_rounding=allow_rounding)[0])


@given(
    parts=st.lists(st.integers(0, 10**8), min_size=1, max_size=3),
    step=st.sampled_from([1, 10, 100, 1000, 10000]),
)
def test_rounding_parts_and_total_never_makes_an_error(parts: list[int], step: int) -> None:
    def rounded(value: int) -> Written:
        return Written((value + step // 2) // step * step, step=step)

    figures = {name: rounded(part) for name, part in zip(PARTS, parts, strict=False)}
    assert passes(submission(row(figures={**figures, "funds_total": rounded(sum(parts))})), allow_rounding=True)


@given(
    parts=st.lists(st.integers(0, 10**6), min_size=1, max_size=3),
    step=st.sampled_from([1, 10, 100, 1000, 10000]),
    excess=st.integers(-20, 20),
)
def test_an_error_begins_exactly_beyond_the_allowance(parts: list[int], step: int, excess: int) -> None:
    if excess > sum(parts):
        excess = 0
    figures = {name: Written(part * step, step=step) for name, part in zip(PARTS, parts, strict=False)}
    file = submission(row(figures={**figures, "funds_total": Written((sum(parts) - excess) * step, step=step)}))
    assert passes(file, allow_rounding=True) == (2 * excess <= len(parts) + 1)
    assert passes(file, allow_rounding=False) == (excess <= 0)


@pytest.mark.parametrize(
    ("value", "step"), [(0, 0), (1, 1), (1425, 1), (700, 100), (2600, 100), (8000, 1000), (60000, 10000), (-70, 10)]
)
def test_what_yu_leaves_open_is_the_place_of_the_lowest_digit(value: int, step: int) -> None:
    import numpy as np

    assert slack(np.array([value]))[0] == step


@given(value=st.integers(0, 10**15), kind=st.integers(0, 3))
def test_a_written_figure_stands_for_a_range_that_holds_its_value(value: int, kind: int) -> None:
    import numpy as np

    values, kinds = np.array([value]), np.array([kind], dtype="int8")
    low, high = int(lowest(values, kinds)[0]), int(highest(values, kinds)[0])
    assert 0 <= low <= value <= high
    step = int(slack(values)[0])
    assert value - step < low or value == 0
    assert high < value + step or value == 0
    assert (low == value) == (kind in (0, 1) or step <= 1)
    assert (high == value) == (kind in (0, 2) or step <= 1)


@pytest.mark.parametrize(("steps", "parts", "allowance"), [([1000], 2, 1500), ([1, 1000], 1, 1000), ([], 3, 0)])
def test_the_allowance_is_half_the_coarsest_step_for_each_part_and_the_total(
    steps: list[int], parts: int, allowance: float
) -> None:
    assert rounding_allowance(steps, parts) == allowance


@pytest.mark.parametrize(
    ("cents", "text"), [(142500, "1425"), (3590, "35.9"), (46700000, "467000"), (0, "0"), (5, "0.05")]
)
def test_values_are_printed_plainly(cents: int, text: str) -> None:
    assert cents_text(cents) == text
