"""Some of the odd files in every test run; ``python -m tests.corpus --made 3000`` tries many more, with their time and memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.corpus.bounded import MEGABYTE, Answer, Bounds, answer
from tests.corpus.judges import judge_cells
from tests.corpus.odd_sheets import make_odd_file
from tests.corpus.trying import Tally, try_folder

COUNT, CHUNK = 60, 20


@pytest.mark.parametrize("first", range(1, COUNT + 1, CHUNK))
def test_odd_files_are_read_as_a_spreadsheet_shows_them(first: int) -> None:
    wrong = []
    for seed in range(first, first + CHUNK):
        made = make_odd_file(seed)
        if made.rules or made.kind.startswith(("few texts", "spread texts")):
            continue
        found = Answer()
        judge_cells(made.shown, made.data, found, with_judges=made.is_judged)
        wrong += [f"seed {seed} [{made.kind}]: {line}" for line in found.differences]
    assert wrong == []


def test_a_value_that_is_read_otherwise_is_noticed() -> None:
    made = next(made for seed in range(1, 40) if (made := make_odd_file(seed)).kind == "lower")
    assert made.shown is not None
    found = Answer()
    judge_cells({**made.shown, (2, 4): 999_999}, made.data, found)
    assert found.differences == [f"D2: we read {str(made.shown[2, 4])!r}, written has '999999'"]


def test_a_folder_is_tried_file_by_file_and_a_child_that_dies_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = next(made for seed in range(1, 40) if (made := make_odd_file(seed)).kind == "lower")
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "周报.xlsx").write_bytes(made.data)
    (tmp_path / "空.csv").write_bytes(b"")
    assert try_folder(tmp_path, Bounds()) == 0
    said = capsys.readouterr().out
    assert "甲/周报.xlsx" in said
    assert "file.empty" in said
    assert "2 files" in said

    def die(_: bytes, __: Answer) -> None:
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)

    given = answer(made.data, made.name, Bounds(512 * MEGABYTE, 20), die)
    assert given.trace is not None
    assert "SIGKILL" in given.trace
    tally = Tally()
    tally.add("x", given, [])
    assert tally.report() == 1
