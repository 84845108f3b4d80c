"""docs/scale.md says what docs/bench.json recorded, and every change is held against it."""

from __future__ import annotations

import re

import pytest
from tests.bench.results import document
from tests.bench.results.catalogue import GUARD, ROWS
from tests.bench.results.page import PAGE, page_text
from tests.bench.results.rows import By
from tests.measured_row import LOADED, MACHINE, QUIET

from nuanliu.running.airflow_env import PROJECT_DIR

SHIPPED = document.read(document.RECORDED)
MARKS = re.findall(r"<!-- bench: (\w+) -->", PAGE.read_text("utf-8"))


def test_the_page_is_what_the_recorded_rows_give() -> None:
    page = PAGE.read_text("utf-8")
    assert page_text(page, SHIPPED) == page, "run `make bench ARGS='--record FILE'`, or write no table by hand"


def test_the_page_has_every_table_once() -> None:
    assert sorted(MARKS) == ["costs", "measured_on", "nation", "stages", "targets"]


def test_tables_are_written_between_their_marks_and_nowhere_else() -> None:
    page = "before\n<!-- bench: targets -->\nold\n<!-- end -->\nafter\n"
    written = page_text(page, {"big": QUIET, GUARD: LOADED})
    assert written.startswith("before\n<!-- bench: targets -->\n\n| | measured |")
    assert written.endswith("\n\n<!-- end -->\nafter\n")
    assert "old" not in written
    assert "| a row: by the clock | 7.00 × | 10 × | met | `big` |" in written
    assert "| a row: by the clock | not said | 10 × |  | `guard` |" in written
    assert "| a row: in processor seconds | 18.00 × | 16 × | **missed** | `big` |" in written
    assert "Not recorded yet: `check`" in written


def test_a_mark_without_a_table_is_refused() -> None:
    with pytest.raises(KeyError, match="nothing"):
        page_text("<!-- bench: nothing -->\n<!-- end -->\n", {"big": QUIET})


def test_a_row_of_a_loaded_machine_has_no_seconds_by_the_clock_on_the_page() -> None:
    page = "<!-- bench: costs -->\n<!-- end -->\n"
    assert "| 3 | 9.50 s | 4.25 s |" in page_text(page, {"big": QUIET})
    assert "| 3 |  | 4.25 s |" in page_text(page, {"big": LOADED})


def test_what_is_recorded_names_rows_that_there_are_and_no_host() -> None:
    assert SHIPPED.keys() <= ROWS.keys()
    assert all(each.machine.keys() == MACHINE.keys() for each in SHIPPED.values())


def test_the_guard_goes_by_nothing_that_a_loaded_machine_changes() -> None:
    assert {each.by for each in SHIPPED[GUARD].row.figures.values()} == {By.PROCESSOR, By.COUNT}
    assert SHIPPED[GUARD].row.figures.keys() == {"bare", "load", "wal", "bytes"}
    assert all(each.value for each in SHIPPED[GUARD].row.figures.values())


def test_ci_holds_every_change_against_the_guard_before_the_tests() -> None:
    program = (PROJECT_DIR / ".ci" / "run").read_text("utf-8")
    assert program.index("make bench ARGS=--guard") < program.index("make test")
