"""A revision is told as fields; what an older edition only printed is still understood."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.domain.exactness import Exactness, show_figure
from nuanliu.domain.revised_figures import ToldFigure, read_revision

ID = "2024-W48/620400/all/people_served/event"


def revised(old: str | None, new: str | None) -> dict[str, str | None]:
    return {"week": "2024-W48", "figure_id": ID, "old": old, "new": new, "reason": "更正"}


def test_value_and_exactness_are_fields_of_the_notes_and_no_text_is_read() -> None:
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
