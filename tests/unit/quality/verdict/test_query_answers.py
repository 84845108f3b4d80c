"""A query is answered by 说明, by 说明 given earlier for the same value, or by a tolerance; never otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from tests.unit.quality.hand_made import check, found, history, row, rules_of, submission

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.tolerance import Tolerance

LIMIT = "row.measure.over_limit"
HUGE = 90_000_000


def before(people: int, why: str | None, **more: int) -> Any:
    """A current version that holds the same activity with these figures."""
    file = submission(row(figures={"people_served": people}))
    key = file.rows["activity_key"].iloc[0]
    figures = {"people_served": people, **more}
    return history(
        current_rows=[{"activity_key": key, "content_hash": "x", "activity_name": "货车司机慰问", "explanation": why}],
        current_figures=[
            {"activity_key": key, "measure_id": measure, "value_cents": value * 100, "exactness": 0}
            for measure, value in figures.items()
        ],
    )


def test_a_limit_is_asked_about_once_while_the_value_stays() -> None:
    file = submission(row(figures={"people_served": HUGE}))
    answered = check(file, before(HUGE, "全省职工"))
    (finding,) = found(answered, LIMIT)
    assert finding.severity == "info"
    assert "沿用以前的说明“全省职工”" in finding.message
    assert "暂不入库" not in finding.message
    assert answered.rows["explanation"].tolist() == ["全省职工"]


@pytest.mark.parametrize("past", [before(HUGE - 1, "全省职工"), before(HUGE, None), before(HUGE, " "), history()])
def test_another_value_or_no_explanation_is_asked_about(past: Any) -> None:
    asked = check(submission(row(figures={"people_served": HUGE})), past)
    assert [finding.severity for finding in found(asked, LIMIT)] == ["query"]
    assert asked.rows["explanation"].isna().all()


def test_another_figure_of_the_row_may_change_meanwhile() -> None:
    file = submission(row(figures={"people_served": HUGE, "firms": 3}))
    (finding,) = found(check(file, before(HUGE, "全省职工", firms=2)), LIMIT)
    assert finding.severity == "info"


def test_a_repetition_is_answered_by_its_own_words_alone() -> None:
    from dataclasses import replace

    rule = "set.key.repeated"
    twice = submission(row(figures={"people_served": 100}), row(figures={"people_served": 100}))
    tolerated = Tolerance(7, rule, None, None, "约定", date(2025, 3, 31))
    for past in (before(100, "上午、下午各一场"), replace(history(), tolerances=(tolerated,))):
        assert [finding.severity for finding in found(check(twice, past), rule)] == ["query"]


@pytest.mark.parametrize(("rule", "severity"), [("set.number.missing", "query"), (LIMIT, "info")])
def test_the_words_of_another_week_answer_for_a_value_and_never_for_a_row_beside_another(
    rule: str, severity: str
) -> None:
    year_to_date = {"period_kind": "ytd", "start_on": None, "end_on": None, "content": "同一内容"}
    numbered = row(figures={"people_served": HUGE}, activity_no="2", key="numbered", **year_to_date)
    bare = row(figures={"people_served": HUGE}, key="bare", **year_to_date)
    file = submission(numbered, bare)
    said = {
        **file.rows.iloc[1][["series_key", "scope", "period_kind", "since_on"]].to_dict(),
        **{"measure_id": "people_served", "value_cents": HUGE * 100, "exactness": 0},
        **{"as_of_on": date(2024, 11, 24), "explanation": "已核实", "receipt_no": "620400-2024W47-001"},
    }
    asked = found(check(file, history(series=[said])), rule)
    assert [finding.severity for finding in asked if finding.row == 3] == [severity]


def test_the_words_of_a_repetition_answer_nothing_that_is_asked_of_the_first_row() -> None:
    from dataclasses import replace

    past = before(HUGE, "上午、下午各一场")
    first = past.current_rows.assign(explanation=None).astype(past.current_rows.dtypes)
    twice = replace(past, current_rows=pd.concat([first, past.current_rows], ignore_index=True))
    asked = check(submission(row(figures={"people_served": HUGE})), twice)
    assert [finding.severity for finding in found(asked, LIMIT)] == ["query"]


def test_a_query_about_two_figures_needs_both_to_stay() -> None:
    rule = "row.hired.above_seekers"
    file = submission(row(figures={"people_served": 100, "job_seekers": 10, "hired": 20}))
    same = before(100, "含线上求职", job_seekers=10, hired=20)
    assert [f.severity for f in found(check(file, same), rule)] == ["info"]
    other = before(100, "含线上求职", job_seekers=11, hired=20)
    assert [f.severity for f in found(check(file, other), rule)] == ["query"]


def test_a_tolerance_answers_after_everything_else_and_names_its_reason_and_its_last_day() -> None:
    from dataclasses import replace

    given = Tolerance(7, LIMIT, "people_served", HUGE * 100, "按全省总数填报", date(2025, 3, 31))
    past = replace(history(), tolerances=(given,))
    answered = check(submission(row(figures={"people_served": HUGE})), past)
    (finding,) = found(answered, LIMIT)
    assert finding.severity == "info"
    assert "按全省总数填报" in finding.message
    assert "2025-03-31" in finding.message
    (above,) = found(check(submission(row(figures={"people_served": HUGE + 1})), past), LIMIT)
    assert above.severity == "query"
    explained = check(submission(row(figures={"people_served": HUGE}, explanation="另有原因")), past)
    assert "按全省总数填报" not in found(explained, LIMIT)[0].message


def test_a_name_is_never_released_by_what_was_explained_before() -> None:
    file = submission(row("123", figures={"people_served": HUGE}))
    key = file.rows["activity_key"].iloc[0]
    past = history(
        current_rows=[{"activity_key": key, "content_hash": "x", "activity_name": "123", "explanation": "就叫这个"}],
        current_figures=[
            {"activity_key": key, "measure_id": "people_served", "value_cents": HUGE * 100, "exactness": 0}
        ],
    )
    asked = check(file, past)
    assert LIMIT in rules_of(asked)
    assert [f.severity for f in found(asked, "row.activity_name.no_words")] == ["query"]


def test_only_queries_against_the_past_across_rows_and_of_limits_are_answered_by_words() -> None:
    """Never an unreadable figure or date, a name or the file's period."""
    queries = [rule for rule in rule_registry() if rule.severity == "query"]
    limits = {
        "row.measure.over_limit",
        "row.measure.over_ratio",
        "row.end_date.too_old",
        "row.hire_intents.above_seekers",
        "row.hired.above_seekers",
    }
    across = {rule.id for rule in queries if rule.id.startswith(("time.", "set."))}
    assert {rule.id for rule in rule_registry() if rule.releasable} == across | limits
