"""Some of the generated files, in every test run; ``python -m tests.corpus --count 2000`` judges many more."""

from __future__ import annotations

import pytest
from tests.corpus.generating import generate
from tests.corpus.mutations import MUTATIONS
from tests.corpus.properties import judge
from tests.corpus.written import Said

COUNT, CHUNK = 120, 20


@pytest.mark.parametrize("first", range(1, COUNT + 1, CHUNK))
def test_every_generated_file_is_answered_and_no_figure_differs_from_what_was_written(first: int) -> None:
    broken, strict = [], []
    for seed in range(first, first + CHUNK):
        file = generate(seed)
        verdict = judge(file)
        what = f"seed {seed} ({file.draft.kind}: {', '.join(file.draft.mutations) or 'tidy'})"
        broken += [f"{what}: {line}" for line in verdict.broken]
        strict += [f"{what}: {line}" for line in verdict.strict]
    assert broken == []
    assert strict == [], "files in which every cell can be read were held or returned"


def test_the_files_of_a_run_use_every_mutation() -> None:
    used = {name for seed in range(1, COUNT + 1) for name in generate(seed).draft.mutations}
    assert used == set(MUTATIONS)


def test_a_figure_that_was_read_otherwise_is_noticed() -> None:
    file = next(file for seed in range(1, 50) if not judge(file := generate(seed)).broken and judge(file).figures)
    for place, said in file.said.items():
        changed = {cell: (measure, value + 1, exactness) for cell, (measure, value, exactness) in said.figures.items()}
        file.said[place] = Said(said.row, changed)
    assert judge(file).broken


def test_a_row_that_must_not_be_accepted_is_noticed() -> None:
    file = next(file for seed in range(1, 50) if judge(file := generate(seed)).accepted)
    for said in file.said.values():
        said.row.is_doubtful = True
    assert judge(file).broken
