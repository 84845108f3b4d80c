"""One thing that is wrong or worth knowing about a file, with the cell it is in and the way to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

_QUOTED = re.compile("“([^”]+)”")
NO_HEADERS: Mapping[str, str] = {}


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

    def told(self, own_headers: Mapping[str, str] = NO_HEADERS) -> Finding:
        """The finding with its texts made. ``own_headers``: the template's header → what its sheet calls the column; texts that
        were made before stay as they are.
        """
        return self

    def advising(self, words: str, *, for_words: str) -> Finding:
        """The finding whose fix says ``words`` where its rule says ``for_words``."""
        told = self.told()
        return replace(told, fix=told.fix.replace(for_words, words))

    def answered(self, why: str, fix: str) -> Finding:
        """A query as the info it is once it is answered: it no longer says that its row waits."""
        return replace(self, severity=Severity.INFO, message=_message_of_answered(self, why), fix=fix)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a finding says beside its place and value."""

    message: str
    fix: str
    expected: str | None = None
    answered_message: str | None = None


class LateFinding(Finding):
    """A finding whose texts are made when somebody reads them.

    Of 100,000 cells that are wrong in one way a receipt shows few, though each of them decides its row: what all cost must
    be little. ``tell``: what it says, from the finding and ``words``; one function for all findings of a rule. ``veil``:
    masks personal numbers in each text.
    """

    __slots__ = ("_texts", "_untold")
    _texts: Texts
    _untold: tuple[Callable[[Finding, Any], Texts], Any, Callable[[str], str] | None]

    def __init__(
        self,
        rule: str,
        severity: Severity,
        *,
        tell: Callable[[Finding, Any], Texts],
        words: Any,
        veil: Callable[[str], str] | None,
        sheet: str | None,
        cell: str | None,
        row: int | None,
        column: str | None,
        value: str | None,
        row_id: int | None,
        column_id: str | None,
    ) -> None:
        put = object.__setattr__
        put(self, "rule", rule)
        put(self, "severity", severity)
        put(self, "sheet", sheet)
        put(self, "cell", cell)
        put(self, "row", row)
        put(self, "column", column)
        put(self, "value", value)
        put(self, "row_id", row_id)
        put(self, "column_id", column_id)
        put(self, "_untold", (tell, words, veil))

    @property
    def is_veiled(self) -> bool:
        """Whether its texts are masked when they are made."""
        return self._untold[2] is not None

    @property
    def message(self) -> str:
        """As in ``Finding``."""
        return self._said().message

    @property
    def fix(self) -> str:
        """As in ``Finding``."""
        return self._said().fix

    @property
    def expected(self) -> str | None:
        """As in ``Finding``."""
        return self._said().expected

    @property
    def answered_message(self) -> str | None:
        """As in ``Finding``."""
        return self._said().answered_message

    def told(self, own_headers: Mapping[str, str] = NO_HEADERS) -> Finding:
        """The finding with its texts made, naming columns in the words of its sheet."""
        told = Finding(**{name: getattr(self, name) for name in _FIELDS})
        if not own_headers or self.row_id is None:  # about the file as a whole: what it names is the template's
            return told
        called = {
            template: own for template, own in own_headers.items() if template != self.value
        }  # what is quoted stays
        texts = {name: _in_own_words(text, called) for name in _TEXTS if (text := getattr(told, name))}
        return replace(told, **texts)  # type: ignore[arg-type]  # all of them are texts

    def answered(self, why: str, fix: str) -> Finding:
        """A query as the info it is once it is answered."""
        places = {name: getattr(self, name) for name in _PLACES}
        return LateFinding(self.rule, Severity.INFO, tell=_tell_answered, words=(self, why, fix), veil=None, **places)

    def _said(self) -> Texts:
        known: Texts | None = getattr(self, "_texts", None)  # the slot is empty until somebody reads them
        if known is not None:
            return known
        tell, words, veil = self._untold
        texts = tell(self, words)
        if veil is not None:
            expected, answered = texts.expected, texts.answered_message
            texts = Texts(
                veil(texts.message), veil(texts.fix), expected and veil(expected), answered and veil(answered)
            )
        object.__setattr__(self, "_texts", texts)
        return texts

    def __eq__(self, other: object) -> bool:
        return self.told() == other.told() if isinstance(other, Finding) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.told())

    def __reduce__(self) -> tuple[type[Finding], tuple[Any, ...]]:
        return Finding, tuple(getattr(self, name) for name in _FIELDS)


_FIELDS = tuple(field.name for field in fields(Finding))
_TEXTS = tuple(field.name for field in fields(Texts))
_PLACES = ("sheet", "cell", "row", "column", "value", "row_id", "column_id")


def _in_own_words(text: str, own_headers: Mapping[str, str]) -> str:
    """“结束日期” → “截止日期”: rules name columns in quotes."""
    return _QUOTED.sub(lambda quoted: f"“{own_headers.get(quoted[1], quoted[1])}”", text)


def _tell_answered(_: Finding, words: tuple[Finding, str, str]) -> Texts:
    query, why, fix = words
    return Texts(_message_of_answered(query, why), fix, query.expected, query.answered_message)


def _message_of_answered(query: Finding, why: str) -> str:
    return f"{query.message if query.answered_message is None else query.answered_message}{why}"
