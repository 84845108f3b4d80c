"""A revision as fields: value and exactness of a published figure, before and after, and why it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from nuanliu.domain.exactness import Exactness, show_figure


class Reason(StrEnum):
    """What happened to a published figure; the strongest first."""

    CORRECTED = "更正"
    """A file took the place of one with activities."""
    RELEASED = "核实放行"
    """An engineer let a held row pass."""
    REPORTED = "补报"
    """A file came in addition."""
    UNIONS = "单位变动"
    """Unions were renamed, moved, ended."""
    RULES = "规则变动"
    """The same files, read under other rules or code lists."""
    ROLLED_UP = "重新汇总"
    """No file is behind it."""
    UNKNOWN = "原因不明"
    """Several things may be behind it, and nobody noted which."""


@dataclass(frozen=True)
class ToldFigure:
    """A figure as readers know it. ``exactness`` is None where they were told the number only."""

    value: Decimal
    exactness: str | None


Step = tuple[ToldFigure | None, ToldFigure | None]
"""A figure before and after; None where there is none."""


def read_revisions(revisions: Sequence[Mapping[str, Any]], notes: Mapping[str, Any]) -> list[Step]:
    """The figures of revisions before and after.

    ``revisions``: ``RevisionEntry``s. ``notes``: the ``NotesDocument`` beside them, whose ``revision_steps`` say the same as
    numbers, one for one. An edition that was published before there were steps has one revision a figure, and
    ``revision_values`` and ``revision_marks`` by figure; one that was written down anew without notes has only what the
    document prints. Both are read back here and nowhere else.
    """
    steps = notes.get("revision_steps")
    if steps is not None and len(steps) == len(revisions):
        return [(_told(*step["old"]), _told(*step["new"])) for step in steps]
    return [_read_revision(revision, notes) for revision in revisions]


def _told(value: str | None, exactness: str | None) -> ToldFigure | None:
    return None if value is None else ToldFigure(Decimal(value), exactness)


def _read_revision(revision: Mapping[str, Any], notes: Mapping[str, Any]) -> Step:
    figure_id = revision["figure_id"]
    marks = notes.get("revision_marks", {}).get(figure_id, (None, None))
    values = notes.get("revision_values", {}).get(figure_id)
    if values is None:
        old, new = (_parse_printed(revision[side], mark) for side, mark in zip(("old", "new"), marks, strict=True))
    else:
        old, new = (_told(value, mark) for value, mark in zip(values, marks, strict=True))
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
