"""The masks we take from Great Expectations against what Batch.validate says, and what happens without them."""

from __future__ import annotations

import random
import shutil
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml
from test_row_rules import CASES
from tests.patching import replace_everywhere
from tests.unit.quality.hand_made import WEEK, Row, Written, found, row, submission

from nuanliu.contract.code_lists import codes
from nuanliu.contract.rules import read_rules, rule_registry
from nuanliu.errors import BrokenContract
from nuanliu.quality.checking import check_rows, check_submission, find_failures, prepare
from nuanliu.quality.expectations import masks
from nuanliu.quality.expectations.frames import activity_figures, activity_rows, check_frames
from nuanliu.quality.expectations.measure_limits import read_measure_limits
from nuanliu.quality.expectations.suites import FRAMES, build_checks, build_suite, contract_values, period_values
from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.domain.submission import Submission

RULES = INCLUDE_DIR / "contracts" / "rules"
MEASURES = ["people_served", "service_visits", "funds_total", "funds_condolence", "goods_value", "job_seekers", "hire_intents", "hired", "sessions", "insured_people", "exam_items", "goods_items", "job_posts"]  # fmt: skip


def mixed_file(size: int, seed: int, *more: Row) -> Submission:
    """A file of rows put together by chance, good and bad, and some given ones."""
    dice = random.Random(seed)
    rows = []
    for number in range(size):
        start = WEEK.monday + timedelta(days=dice.randint(-90, 9))
        says: dict[str, Any] = {
            "start_on": dice.choice([None, start]),
            "end_on": dice.choice([None, start + timedelta(days=dice.choice([0, 1, -1, 400]))]),
            "period_kind": dice.choice(["event", "event", "ytd", "cumulative_since", "stock", "planned"]),
            "since_on": dice.choice([None, None, date(2024, 1, 1), date(2023, 5, 1), date(2025, 3, 1)]),
            "item_name": dice.choice([None, "手套", "物" * 40]),
            "explanation": dice.choice([None, None, None, "说" * 501]),
            "remarks": dice.choice([None, "备" * 1001]),
        }
        figures = {
            name: Written(dice.choice([0, 3, 100, 4000, 10**9]), dice.choice(["exact", "over", "under", "approx"]))
            for name in dice.sample(MEASURES, dice.randint(0, 6))
        }
        rows.append(row(dice.choice([f"活动{number}", "123", "字" * 90]), figures=figures, **says))
    return submission(*rows, *more)


def frames_of(file: Submission) -> dict[str, Any]:
    activities = activity_rows(file)
    return check_frames(activities, activity_figures(file, activities))


def as_lists(failing: masks.Failing) -> dict[str, list[int]]:
    return {rule: sorted(map(int, labels)) for rule, labels in failing.items()}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_masks_say_what_batch_validate_says(frame: str, seed: int) -> None:
    ready = prepare(rule_registry(), WEEK)[frame]
    assert ready.plan is not None
    table = frames_of(mixed_file(150, seed, *(failing for _, failing in CASES.values())))[frame]
    by_masks = as_lists(masks.find_failing(ready.plan, table))
    assert by_masks == as_lists(masks.validate_complete(ready.suite, table))
    assert set(by_masks) == {check.rule.id for check in ready.checks}


def test_without_masks_the_findings_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    file = mixed_file(60, 3)
    activities = activity_rows(file)
    arguments = (file, activities, activity_figures(file, activities))
    expected = check_rows(*arguments)

    def absent(*_: object) -> None:
        raise masks.MasksUnavailable("gone")

    replace_everywhere(monkeypatch, "nuanliu.quality.expectations.masks.find_failing", absent)
    assert check_rows(*arguments) == expected
    replace_everywhere(monkeypatch, "nuanliu.quality.expectations.masks.plan_masks", absent)
    prepared = prepare(rule_registry(), WEEK)
    assert all(ready.plan is None for ready in prepared.values())
    assert as_lists(find_failures(prepared["figures"], frames_of(file)["figures"]))


def test_a_graph_that_cannot_be_built_is_told_as_masks_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = prepare(rule_registry(), WEEK)["figures"].suite
    monkeypatch.setattr("great_expectations.validator.validation_graph.ValidationGraph", None)
    with pytest.raises(masks.MasksUnavailable):
        masks.plan_masks(suite)


def test_a_mask_that_counts_other_rows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = prepare(rule_registry(), WEEK)["activities"]
    assert ready.plan is not None
    real = masks._resolve

    def one_more(plan: masks.MaskPlan, frame: Any) -> Any:
        metrics, aborted = real(plan, frame)
        _, count_id = plan.metric_ids["row.activity_name.no_words"]
        return {**metrics, count_id: metrics[count_id] + 1}, aborted

    monkeypatch.setattr(masks, "_resolve", one_more)
    with pytest.raises(masks.CheckBroken, match="no_words"):
        masks.find_failing(ready.plan, frames_of(mixed_file(10, 4))["activities"])


def test_an_expectation_that_cannot_be_computed_is_an_error_and_no_silence() -> None:
    ready = prepare(rule_registry(), WEEK)["activities"]
    assert ready.plan is not None
    broken = frames_of(mixed_file(10, 4))["activities"].drop(columns="remarks")
    with pytest.raises(masks.CheckBroken, match="remarks"):
        masks.find_failing(ready.plan, broken)
    with pytest.raises(masks.CheckBroken):
        masks.validate_complete(ready.suite, broken)


def test_every_expectation_carries_its_rules_severity_and_owner() -> None:
    checks = build_checks(rule_registry(), {**contract_values(), **period_values(WEEK)})
    for expectation in (e for frame in FRAMES for e in build_suite(checks, frame).expectations):
        assert expectation.meta is not None
        rule = rule_registry()[expectation.meta["rule"]]
        assert expectation.meta["severity"] == rule.severity
        assert expectation.meta["owner"] == rule.owner
        grave = rule.severity in ("error", "query")
        assert expectation.severity == ("critical" if grave else str(rule.severity))


def test_frames_hold_numbers_and_dates_as_gx_is_fast_with() -> None:
    frames = frames_of(mixed_file(5, 5))
    kinds = frames["activities"].dtypes.astype(str)
    assert set(kinds[[*MEASURES, "funds_total.step", "run_days"]]) == {"float64"}
    assert set(kinds[["start_on", "end_on", "since_on", "as_of_on"]]) == {"datetime64[ns]"}
    limits = frames["figures"][["value_cents", "limit_cents", "ratio_limit_cents"]]
    assert set(limits.dtypes.astype(str)) == {"float64"}


def test_values_up_to_trillions_are_kept_to_the_last_fen() -> None:
    file = submission(row(figures={"funds_total": Written("9999999999999.99")}))
    assert frames_of(file)["activities"]["funds_total"].iloc[0] == 999999999999999


def contract_with(tmp_path: Path, entry: dict[str, Any]) -> Any:
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    (folder / "row.added.yaml").write_text(yaml.safe_dump([entry], allow_unicode=True), "utf-8")
    return read_rules(folder)


ADDED = {
    "id": "row.firms.too_many",
    "severity": "query",
    "owner": "数据组",
    "found_by": "expectation",
    "title": "企业太多",
    "column": "firms",
    "message": "参与企业 {value} 家,太多了。",
    "fix": "请核对。",
    "expected": "不超过 50 家",
    "releasable": True,
    "expectation": {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "firms", "max_value": 5000},
    },
}


def test_adding_a_rule_touches_data_only(tmp_path: Path) -> None:
    rules = contract_with(tmp_path, ADDED)
    file = submission(row("a", figures={"firms": 51}), row("b", figures={"firms": 50}))
    (finding,) = found(check_submission(file, None, registry=rules), "row.firms.too_many")
    assert (finding.row, finding.column, finding.value) == (2, "参与企业(家)", "51")
    assert finding.message == "参与企业 51 家,太多了。"


def test_an_added_rule_can_be_explained_away_like_any_other(tmp_path: Path) -> None:
    rules = contract_with(tmp_path, ADDED)
    file = submission(row(figures={"firms": 51}, explanation="招聘大会"))
    (finding,) = found(check_submission(file, None, registry=rules), "row.firms.too_many")
    assert finding.severity == "info"


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ({"type": "expect_nothing_known", "kwargs": {}}, "makes no expectation"),
        ({"type": "expect_column_values_to_be_between", "kwargs": {"columns": "firms"}}, "makes no expectation"),
        ({"type": "expect_table_row_count_to_be_between", "kwargs": {"max_value": 5}}, "not rows"),
        ({"type": "expect_filled_when", "frame": "weeks", "kwargs": {"column_list": ["a", "b"]}}, "frame 'weeks'"),
    ],
)
def test_an_entry_that_makes_no_expectation_is_refused_by_name(
    tmp_path: Path, expectation: dict[str, Any], message: str
) -> None:
    rules = contract_with(tmp_path, {**ADDED, "expectation": expectation})
    with pytest.raises(BrokenContract, match=message) as raised:
        prepare(rules, WEEK)
    assert "row.firms.too_many" in raised.value.message


def test_a_limit_for_an_unknown_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "measure_limits.yaml"
    path.write_text("row_limit: {vouchers: 5}\nratio_limit: {}\nimpossible: {others: 9}\n", "utf-8")
    with pytest.raises(BrokenContract, match="vouchers"):
        read_measure_limits(path, codes().measures)


def test_a_limit_that_is_not_positive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "measure_limits.yaml"
    path.write_text("row_limit: {people_served: 0}\nratio_limit: {}\nimpossible: {others: 9}\n", "utf-8")
    with pytest.raises(BrokenContract, match="people_served"):
        read_measure_limits(path, codes().measures)


def test_two_hundred_rows_are_checked_quickly_once_warm() -> None:
    file = replace(mixed_file(200, 6))
    activities = activity_rows(file)
    figures = activity_figures(file, activities)
    check_rows(file, activities, figures)
    spent = []
    for _ in range(5):
        begin = time.process_time()
        check_rows(file, activities, figures)
        spent.append(time.process_time() - begin)
    assert float(np.median(spent)) < 0.6  # a guard against another order of magnitude; `make bench` has the real figure
