"""A revision is told as fields; what an older edition only printed is still understood."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.domain.exactness import Exactness, show_figure
from nuanliu.domain.revised_figures import Step, ToldFigure, read_revisions

ID = "2024-W48/620400/all/people_served/event"


def revised(old: str | None, new: str | None) -> dict[str, str | None]:
    return {"week": "2024-W48", "figure_id": ID, "old": old, "new": new, "reason": "更正"}


def read_revision(revision: dict[str, str | None], notes: dict[str, Any]) -> Step:
    (step,) = read_revisions([revision], notes)
    return step


def test_each_step_of_a_figure_has_its_own_numbers() -> None:
    steps = [
        {"old": ["1200", "exact"], "new": ["1020", "over"]},
        {"old": ["1020", "over"], "new": [None, None]},
        {"old": [None, None], "new": ["1200", "exact"]},
    ]
    first, middle = ToldFigure(Decimal(1200), "exact"), ToldFigure(Decimal(1020), "over")
    told = read_revisions([revised("a", "b"), revised("c", None), revised(None, "d")], {"revision_steps": steps})
    assert told == [(first, middle), (middle, None), (None, first)]


def test_value_and_exactness_are_fields_of_an_older_edition_s_notes_and_no_text_is_read() -> None:
    notes = {"revision_values": {ID: ["260", "260"]}, "revision_marks": {ID: ["exact", "over"]}}
    told = (ToldFigure(Decimal(260), "exact"), ToldFigure(Decimal(260), "over"))
    assert read_revision(revised("whatever", "is printed"), notes) == told


@pytest.mark.parametrize(
    ("values", "marks", "told"),
    [
        ([None, "3"], [None, "exact"], (None, ToldFigure(Decimal(3), "exact"))),
        (["3", None], [None, None], (ToldFigure(Decimal(3), None), None)),
    ],
)
def test_a_figure_that_is_new_or_gone_has_one_side(
    values: list[str | None], marks: list[str | None], told: tuple[ToldFigure | None, ToldFigure | None]
) -> None:
    notes = {"revision_values": {ID: values}, "revision_marks": {ID: marks}}
    assert read_revision(revised(*values), notes) == told


@given(st.sampled_from(Exactness), st.decimals("-1e9", "1e9", allow_nan=False, places=2))
def test_what_an_older_edition_printed_is_read_back_with_its_mark(kind: Exactness, value: Decimal) -> None:
    mark = None if kind is Exactness.EXACT else str(kind)
    assert read_revision(revised(None, show_figure(value, kind)), {}) == (None, ToldFigure(value, mark))


def test_the_marks_of_an_older_edition_say_the_exactness_of_its_plain_numbers() -> None:
    told = read_revision(revised("1425", "1020"), {"revision_marks": {ID: ["over", None]}})
    assert told == (ToldFigure(Decimal(1425), "over"), ToldFigure(Decimal(1020), None))
