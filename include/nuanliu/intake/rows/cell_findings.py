"""Findings about cells of a table: from marked rows of a column to one finding each, with address and written value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from nuanliu.contract.rules import NO_WORDS, rule_registry
from nuanliu.domain.findings import Finding, Severity
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.intake.tables.table_rows import TableRows
from nuanliu.intake.values.unique_texts import UniqueTexts

SHOWN = 60
"""Characters of a cell that a finding quotes."""


def shorten(text: str) -> str:
    """A cell's text as a finding quotes it."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class CellFindings:
    """Collects the findings of one table. ``counts``: which received rows are activities; others get no finding."""

    def __init__(self, table: TableRows, counts: npt.NDArray[np.bool_], first_row_id: int) -> None:
        self._table = table
        self._counts = counts
        self._first = first_row_id
        self._sheet_rows = table.body.index.to_numpy()
        self.findings: list[Finding] = []

    def add(
        self,
        rule_id: str,
        at: npt.NDArray[np.bool_] | Sequence[int],
        column_id: str,
        *,
        values: Callable[[int], str] | None = None,
        words: Callable[[int], Mapping[str, object]] | None = None,
    ) -> npt.NDArray[np.bool_]:
        """One finding per marked activity row (a mask, or positions). Returns where they are, as a mask.

        ``values``, ``words``: position → the written value, the words of the rule's text.
        """
        marked = np.zeros(len(self._counts), dtype=bool)
        marked[np.asarray(at, dtype=bool if getattr(at, "dtype", None) == np.bool_ else "int64")] = True
        marked &= self._counts
        positions = np.flatnonzero(marked)
        if not len(positions):
            return marked
        rule = rule_registry()[rule_id]
        letter = self._table.letter(column_id)
        for position, row in zip(positions.tolist(), self._sheet_rows[positions].tolist(), strict=True):
            self.findings.append(
                rule.late_finding(
                    sheet=self._table.sheet.name,
                    cell=f"{letter}{row}" if letter else None,
                    row=row,
                    column_id=column_id,
                    value=shorten(values(position)) if values else None,
                    row_id=self._first + position,
                    words=words(position) if words else NO_WORDS,
                    veil=mask_text,
                )
            )
        return marked

    def add_readings(
        self, column: UniqueTexts, rules: Sequence[str | None], column_id: str, words: Sequence[Mapping[str, object]]
    ) -> None:
        """Findings of a column by distinct text: ``rules`` and ``words`` are as long as ``column.distinct``."""
        quote = cache(lambda code: shorten(column.arrow[code].as_py()))
        places = column.codes.tolist() if any(rules) else []
        for rule_id in dict.fromkeys(rule for rule in rules if rule):
            marked = column.where([rule == rule_id for rule in rules])
            if np.any(marked):
                self.add(
                    rule_id,
                    marked,
                    column_id,
                    values=lambda at: quote(places[at]),
                    words=lambda at: words[places[at]],
                )


def holds(finding: Finding) -> bool:
    """Whether a finding keeps its row or file from being accepted."""
    return finding.severity in (Severity.ERROR, Severity.QUERY)
