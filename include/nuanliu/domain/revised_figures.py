"""A revision as fields: value and exactness of a published figure, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nuanliu.domain.exactness import Exactness, show_figure


@dataclass(frozen=True)
class ToldFigure:
    """A figure as readers know it. ``exactness`` is None where they were told the number only."""

    value: Decimal
    exactness: str | None


def read_revision(revision: Mapping[str, Any], notes: Mapping[str, Any]) -> tuple[ToldFigure | None, ToldFigure | None]:
    """A revision's figure before and after; None where there is none.

    ``revision``: a ``RevisionEntry``. ``notes``: the ``NotesDocument`` beside it, whose ``revision_values`` and
    ``revision_marks`` say both. An edition that was published before there were values, or written down anew without notes,
    has only what the document prints: that is read back here and nowhere else.
    """
    figure_id = revision["figure_id"]
    marks = notes.get("revision_marks", {}).get(figure_id, (None, None))
    values = notes.get("revision_values", {}).get(figure_id)
    if values is None:
        old, new = (_parse_printed(revision[side], mark) for side, mark in zip(("old", "new"), marks, strict=True))
    else:
        old, new = (
            None if value is None else ToldFigure(Decimal(value), mark)
            for value, mark in zip(values, marks, strict=True)
        )
    return old, new


def _parse_printed(text: str | None, exactness: str | None) -> ToldFigure | None:
    """What ``show_figure`` printed. A number without a mark is exact, or its exactness is told elsewhere or not at all.

    Raises: InvalidOperation for any other text.
    """
    if text is None:
        return None
    digits = text.strip("余近约")
    for kind in (Exactness.OVER, Exactness.UNDER, Exactness.APPROX):
        if digits != text and show_figure(Decimal(digits), kind) == text:
            return ToldFigure(Decimal(digits), str(kind))
    return ToldFigure(Decimal(text), exactness)
