"""One thing that is wrong or worth knowing about a file, with the cell it is in and the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """error: goes back · query: held until explained or released · warning: loaded, shown · info."""

    ERROR = "error"
    QUERY = "query"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as it stands in a receipt. Never contains personal data; at most one per cell and rule.

    ``sheet``, ``cell``, ``row``, ``column`` are None for file-level findings. ``row`` is the 1-based sheet row (CSV:
    record number, the header being 1), ``column`` the template's header. ``row_id`` ties it to ``Submission.rows``.

    For programs, and in no receipt: ``column_id`` is the canonical column or measure that ``column`` is the header of,
    ``answered_message`` what a query says once it is answered, without the clause that its row waits; None for what no
    explanation answers.
    """

    rule: str
    severity: Severity
    message: str
    fix: str
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: str | None = None
    row_id: int | None = None
    column_id: str | None = None
    answered_message: str | None = None

    @property
    def is_file_level(self) -> bool:
        """Whether it concerns the whole file and not one row."""
        return self.row_id is None

    def as_receipt(self) -> dict[str, Any]:
        """The finding as the receipt JSON writes it."""
        keys = ("rule", "severity", "sheet", "cell", "row", "column", "value", "expected", "message", "fix")
        return {key: getattr(self, key) for key in keys}
