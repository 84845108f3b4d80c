"""What settling costs grows with the rows that came, not with their square: the planner knows nothing of a week's first file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.builders import activity, checked, load, submission

from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.submissions import loading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine

    from nuanliu.domain.reporting_week import ReportingWeek

ROWS = 1500
_TOUCHES = 100
"""Scans, sorts and joins of one statement, as often as they may look at each row: it is some thirty; in pairs it was 1500."""


def looked_at(node: dict[str, Any]) -> int:
    """How many rows the nodes of a plan have handed on or thrown away."""
    thrown = sum(int(count) for name, count in node.items() if name.startswith("Rows Removed by"))
    own = (int(node["Actual Rows"]) + thrown) * int(node["Actual Loops"])
    return own + sum(looked_at(child) for child in node.get("Plans", ()))


@pytest.mark.parametrize("kind", ["event", "stock"])
def test_a_first_big_file_is_settled_in_time_that_grows_with_its_rows(
    warehouse: Engine, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    seen: list[int] = []

    def explain(connection: Connection, submission_keys: Iterable[int], weeks: Iterable[ReportingWeek]) -> tuple[()]:
        statement = text(f"explain (analyze, timing off, format json) {load_sql('warehouse', 'settle_counting').text}")
        params = {"submission_keys": sorted(submission_keys), "week_starts": [week.monday for week in weeks]}
        (document,) = connection.execute(statement, params).scalar_one()
        seen.append(looked_at(document["Plan"]))
        return ()

    monkeypatch.setattr(loading, "settle_counting", explain)
    says = [activity(f"活动{number}", figures={"people_served": number}, period_kind=kind) for number in range(ROWS)]
    load(warehouse, checked(submission(activities=says)))
    assert 0 < seen[0] < _TOUCHES * ROWS
