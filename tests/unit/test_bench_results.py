"""What `make bench` says: nothing by the clock on a busy machine, and a guard that is loose."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.bench.results import document
from tests.bench.results.catalogue import GUARD, ONLY_BY_NAME, ONLY_IN_FULL, ROWS
from tests.bench.results.guarding import WORSE, worse_than_recorded
from tests.bench.results.rows import By, Figure, Measured, Row
from tests.bench.results.screen import amount, lines
from tests.measured_row import LOADED, QUIET, ROW

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from pathlib import Path


def shown(measured: Measured) -> str:
    return "\n".join(lines(measured))


def test_a_quiet_machine_says_every_figure_and_which_target_it_reaches() -> None:
    said = shown(QUIET)
    assert "ok   by the clock: 7.00 ×  (target 10 ×)" in said
    assert "MISS in processor seconds: 18.00 ×  (target 16 ×)" in said
    assert "loaded" not in said


def test_a_loaded_machine_says_nothing_by_the_clock_and_why_but_all_else() -> None:
    said = shown(LOADED)
    assert "by the clock: not said" in said
    assert "The machine is loaded: others kept 0.3 processors busy" in said
    assert "MISS in processor seconds: 18.00 ×" in said
    assert "disk: 170 bytes" in said


def test_what_is_not_said_is_neither_met_nor_missed() -> None:
    assert LOADED.figures["clock"].is_met is None
    assert [each.says for each in LOADED.missed] == ["in processor seconds"]
    assert QUIET.figures["bytes"].is_met is None


def test_every_way_shows_clock_client_postgres_wal_and_peak() -> None:
    (line,) = [line for line in lines(QUIET) if line.startswith("  ours")]
    assert line.split() == ["ours", "(3", "runs)", "9.50", "s", "4.25", "s", "3.50", "s", "61.5", "MB", "800", "MB"]


@pytest.mark.parametrize("measured", [QUIET, LOADED], ids=["quiet", "loaded"])
def test_the_document_gives_back_what_was_said(measured: Measured, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    document.write(path, {"a": measured})
    again = document.read(path)["a"]
    assert (again.figures, again.row.ways, again.row.stages, again.is_quiet) == (
        measured.figures,
        ROW.ways,
        ROW.stages,
        measured.is_quiet,
    )
    said = json.loads(path.read_text("utf-8"))
    assert said["schema"] == "nuanliu.bench/1"
    assert said["rows"]["a"]["figures"]["processor"]["is_met"] is False


def test_another_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"schema": "nuanliu.bench/2", "rows": {}}', "utf-8")
    with pytest.raises(ValueError, match=r"is no nuanliu\.bench/1"):
        document.read(path)


def test_a_run_replaces_the_rows_that_it_measured_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, run = tmp_path / "bench.json", tmp_path / "run.json"
    document.write(recorded, {"a": QUIET, "b": QUIET})
    document.write(run, {"b": LOADED})
    monkeypatch.setattr(document, "RECORDED", recorded)
    document.record(run)
    assert {name: each.is_quiet for name, each in document.read(recorded).items()} == {"a": True, "b": False}


def test_every_row_can_be_measured() -> None:
    assert ONLY_IN_FULL | ONLY_BY_NAME | {GUARD} <= ROWS.keys()
    for place in ROWS.values():
        module, function = place.split(":")
        program = (PROJECT_DIR / "tests" / "bench" / f"{module}.py").read_text("utf-8")
        assert f"def {function}(bench: Bench) -> Row:" in program.replace("(_: Bench)", "(bench: Bench)")


def of(**values: float) -> Row:
    return replace(ROW, figures={name: Figure(name, value, "×", By.PROCESSOR) for name, value in values.items()})


@pytest.mark.parametrize(("now", "worse"), [(15.1, 1), (15.0, 1), (14.9, 0), (5.0, 0)])
def test_the_guard_refuses_half_as_much_again(now: float, worse: int) -> None:
    assert WORSE == 1.5
    assert len(list(worse_than_recorded(of(bare=now, load=1.2), of(bare=10.0, load=1.2)))) == worse


def test_the_guard_says_what_is_worse_and_by_how_much() -> None:
    assert list(worse_than_recorded(of(load=2.0), of(load=1.2))) == ["load: 2.00 ×, recorded are 1.20"]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0834, "s", "83 ms"),
        (12.34, "s", "12.3 s"),
        (1250.0, "MB", "1,250 MB"),
        (0.86, "×", "0.86 ×"),
        (0.0, "", "0"),
        (10.0, "s", "10 s"),
    ],
)
def test_numbers_are_as_long_as_they_are_worth(value: float, unit: str, said: str) -> None:
    assert amount(value, unit) == said
