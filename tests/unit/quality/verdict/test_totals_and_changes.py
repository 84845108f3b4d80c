"""The sums of a receipt, and what a new version changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.quality.hand_made import Written, decided, history, row, submission, version

from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness, combine
from nuanliu.domain.receipt import Change, MeasureTotal
from nuanliu.domain.submission import SubmissionType
from nuanliu.quality.verdict.changes import find_changes
from nuanliu.quality.verdict.totals import sum_totals

KINDS = [str(kind) for kind in EXACTNESS_CODES]


def test_totals_are_by_measure_kind_and_scope_in_the_order_of_the_code_list() -> None:
    file = submission(
        row("a", figures={"funds_total": Written("359000.5"), "people_served": 1425}),
        row("b", figures={"people_served": 75}),
        row("c", figures={"people_served": 8}, scope="inclusive"),
        row("d", figures={"people_served": 350}, period_kind="ytd", start_on=None, end_on=None),
    )
    assert decided(file).receipt.totals == (
        MeasureTotal("people_served", "人", "event", "own", "1500", "exact"),
        MeasureTotal("people_served", "人", "event", "inclusive", "8", "exact"),
        MeasureTotal("people_served", "人", "ytd", "own", "350", "exact"),
        MeasureTotal("funds_total", "元", "event", "own", "359000.5", "exact"),
    )


def test_totals_leave_out_rows_that_are_not_accepted_and_total_rows() -> None:
    file = submission(
        row("a", figures={"people_served": 10}),
        row("b", figures={"people_served": 20}, end_on=date(2024, 12, 20)),
        row("合计", figures={"people_served": 30}, row_class="total"),
    )
    (total,) = decided(file).receipt.totals
    assert total.value == "10"


def test_planned_rows_and_rows_of_earlier_weeks_are_in_the_receipt() -> None:
    later, earlier = date(2025, 1, 5), date(2024, 11, 28)
    file = submission(
        row("a", period_kind="planned", start_on=later, end_on=later),
        row("b", start_on=earlier, end_on=earlier),
    )
    assert [(t.period_kind, t.value) for t in decided(file).receipt.totals] == [("event", "100"), ("planned", "100")]


def test_a_written_zero_is_a_total_of_zero() -> None:
    assert [t.value for t in decided(submission(row(figures={"people_served": 0}))).receipt.totals] == ["0"]


@given(written=st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(KINDS)), min_size=1, max_size=8))
def test_a_total_is_the_sum_and_keeps_the_exactness_algebra(written: list[tuple[int, str]]) -> None:
    rows = [row(f"活动{i}", figures={"people_served": Written(v, kind)}) for i, (v, kind) in enumerate(written)]
    file = submission(*rows)
    (total,) = sum_totals(file.rows, file.figures)
    assert Decimal(total.value) == sum(value for value, _ in written)
    assert total.exactness == combine(Exactness(kind) for _, kind in written)


A10, A20, A30 = (row("a", figures={"people_served": people}, explanation=f"第{people}场") for people in (10, 20, 30))
B10 = row("a", figures={"people_served": 10}, explanation="又一场")
"""Of one key; each 说明 is its own, so that all may stand."""


def long_history(rows: list[object]) -> object:
    table = submission(*rows)  # type: ignore[arg-type]
    key_of = table.rows.set_index("row_id")["activity_key"]
    return history(
        versions=[version()],
        current_rows=[
            {**entry, "receipt_no": "r"}
            for entry in table.rows[["activity_key", "content_hash", "activity_name"]].to_dict("records")
        ],
        current_figures=[
            {"activity_key": key_of[f.row_id], "activity_id": f.row_id, "measure_id": f.measure_id, "value_cents": f.value_cents,
             "exactness": f.exactness}
            for f in table.figures.itertuples()
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "changes"),
    [
        ([row("a", figures={"people_served": 1200})], [row("a", figures={"people_served": 1020})],
         (Change("a", "服务人数", "1200", "1020"),)),
        ([row("a", figures={"people_served": 1200})], [row("a", figures={"people_served": Written(1200, "over")})],
         (Change("a", "服务人数", "1200", "1200余"),)),
        ([row("a", figures={"people_served": 5})], [row("a", figures={"people_served": 5, "firms": 2})],
         (Change("a", "参与企业", None, "2"),)),
        ([row("a", figures={"people_served": 5, "firms": 2})], [row("a", figures={"people_served": 5})],
         (Change("a", "参与企业", "2", None),)),
        ([row("a"), row("b")], [row("a")], (Change("b", "服务人数", "100", None),)),
        ([row("a")], [row("a"), row("b")], (Change("b", "服务人数", None, "100"),)),
        ([row("a")], [row("a")], ()),
        ([A10, B10], [A10, B10], ()),
        ([A10, B10], [A10], (Change("a", "服务人数", "10", None),)),
        ([A10], [A10, B10], (Change("a", "服务人数", None, "10"),)),
        ([A10, A20], [A20, A10], ()),
        ([A10, A20], [A10, A30], (Change("a", "服务人数", "20", "30"),)),
        ([A10, A20], [A20], (Change("a", "服务人数", "10", None),)),
        ([A10, A20], [A30], (Change("a", "服务人数", "10", "30"), Change("a", "服务人数", "20", None))),
    ],
    ids=[
        "value", "exactness", "new figure", "figure gone", "activity gone", "new activity", "nothing", "twins stay",
        "one of twins gone", "a twin comes", "twins in another order", "one of two mended", "the first of two gone",
        "two become one",
    ],
)  # fmt: skip
def test_a_correction_lists_what_it_changes(
    before: list[object], now: list[object], changes: tuple[Change, ...]
) -> None:
    file = submission(*now, submission_type=SubmissionType.CORRECTION)  # type: ignore[arg-type]
    assert decided(file, long_history(before)).receipt.changes == changes  # type: ignore[arg-type]


def test_a_held_version_changes_nothing() -> None:
    file = submission(row("b"))
    drop = decided(file, long_history([row("a")]))  # type: ignore[arg-type]
    assert (drop.status, drop.receipt.changes) == ("held", ())


def test_a_supplement_changes_nothing() -> None:
    file = submission(row("b"), submission_type=SubmissionType.SUPPLEMENT)
    drop = decided(file, long_history([row("a")]))  # type: ignore[arg-type]
    assert (drop.status, drop.receipt.changes) == ("accepted", ())


def test_changes_stand_in_file_order_and_then_what_is_gone() -> None:
    now = submission(row("c", figures={"people_served": 2}), row("b", figures={"people_served": 2}))
    past = long_history([row("a"), row("b"), row("c")])
    assert [c.activity for c in find_changes(now.rows, now.figures, past)] == ["c", "b", "a"]  # type: ignore[arg-type]
