"""Rows of figures and of their cells, as links name them."""

from __future__ import annotations

import pytest

from nuanliu.reporting.summary.workbook.places import Places, runs
from nuanliu.reporting.summary.workbook.tables import Link


@pytest.mark.parametrize(
    ("rows", "named"),
    [([], []), ([5], ["5"]), ([5, 6, 7, 9], ["5—7", "9"]), ([2, 4, 6], ["2", "4", "6"])],
)
def test_rows_that_follow_each_other_are_one_run(rows: list[int], named: list[str]) -> None:
    assert list(map(str, runs(rows))) == named


def test_a_figure_leads_to_its_first_run_all_selected_and_names_the_rest() -> None:
    places = Places({}, {"f": [5, 6, 9]})
    assert places.to_sources("f", 3) == Link("第5—6、9行", "'来源'!A5:C6")


def test_of_many_runs_the_first_are_named_and_their_number() -> None:
    link = Places({}, {"f": list(range(2, 42, 2))}).to_sources("f", 3)
    assert isinstance(link, Link)
    assert link.value == "第2、4、6、8、10、12、14、16行等20段"


def test_what_is_not_listed_leads_nowhere() -> None:
    places = Places({"f": 2})
    assert places.to_figure("5", "g") == "5"
    assert places.to_figure("5", "f") == Link("5", "'全部数据'!A2")
    assert places.to_sources("f", 3) is None
    assert places.to_number("一句", ["x"]) == "一句"
