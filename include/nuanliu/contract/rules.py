"""The rule registry: what is checked, how grave it is, and what we say about it. Data in contracts/rules/*.yaml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.findings import Finding, LateFinding, Severity, Texts
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

_PLACE = frozenset({"value", "cell", "row", "column", "sheet"})
Words = Mapping[str, object]
"""What fills the format strings of a rule."""
NO_WORDS: Words = {}
RESEND = "以“更正”重报"
"""What ``{resend}`` says in a fix, until the gate knows what of the week counts (quality/verdict/resending.py)."""


@cache
def _needed(text: str) -> frozenset[str]:
    """The words that a format string names."""
    return frozenset(re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(text) if name)


@dataclass(frozen=True)
class Rule:
    """One rule. ``message``, ``expected`` and ``fix`` are format strings in Chinese.

    ``found_by``: ``intake`` (needs raw cells), ``expectation`` (a GX expectation built from ``expectation``), ``set``
    (across rows of the file) or ``time`` (against earlier weeks). ``releasable``: 说明 on the row turns it into info.
    ``column``: canonical column or measure id it looks at, or None. ``held_clause``: the part of a releasable query's
    message that says the row waits; the message names it as ``{held_clause}`` and says it only until the query is answered.
    """

    id: str
    severity: Severity
    owner: str
    found_by: str
    message: str
    fix: str
    title: str
    expected: str | None = None
    column: str | None = None
    releasable: bool = False
    held_clause: str | None = None
    expectation: Mapping[str, Any] | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """file, row, set, time, org or pii."""
        return self.id.split(".", 1)[0]

    @property
    def needs_own_explanation(self) -> bool:
        """Whether nothing but a 说明 written for the very row releases it: no earlier one and no tolerance."""
        return bool(self.params.get("needs_own_explanation"))

    @property
    def is_about_row(self) -> bool:
        """Whether it points at an activity's name because it asks about the activity as a whole."""
        return bool(self.params.get("about_row"))

    @property
    def is_by_union_tree(self) -> bool:
        """Whether it asks about what was read well, because of how the unions stand in the row's week."""
        return bool(self.params.get("by_union_tree"))

    @property
    def names_submission_type(self) -> bool:
        """Whether its fix sends the clerk to 报送类型."""
        return "报送类型" in self.fix or "以“更正" in self.fix or self.asks_to_resend

    @cached_property
    def asks_to_resend(self) -> bool:
        """Whether its fix says ``{resend}``: mend what is written, and send the file again."""
        return "resend" in _needed(self.fix)

    @cached_property
    def own_words(self) -> dict[str, Any]:
        """What every text knows by itself: the single limits of limits.yaml, the bounds of its expectation, ``resend``, its params."""
        limits = {name: value for name, value in input_contract().limits.items() if not isinstance(value, dict)}
        kwargs = (self.expectation or {}).get("kwargs", {})
        bounds = {name: kwargs[name] for name in ("min_value", "max_value") if name in kwargs}
        return {**limits, **bounds, "resend": RESEND, **self.params}

    @cached_property
    def needed_words(self) -> frozenset[str]:
        """Every word that one of its texts names."""
        return frozenset().union(*(_needed(text) for text in (self.message, self.fix, self.expected) if text))

    @cached_property
    def _fixed_texts(self) -> Mapping[str, tuple[str, frozenset[str]]]:
        """Format string → text and words, of those that name only ``own_words``: of 100,000 findings they are one text."""
        return {
            text: (text.format_map(self.own_words), _needed(text))
            for text in (self.message, self.fix, self.expected)
            if text and _needed(text) <= self.own_words.keys() - _PLACE
        }

    def _told(self, text: str, words: Words, given: Words) -> str:
        fixed = self._fixed_texts.get(text)
        if fixed is not None and (not words or fixed[1].isdisjoint(words)):
            return fixed[0]
        return text.format_map(given)

    def finding(
        self,
        *,
        sheet: str | None = None,
        cell: str | None = None,
        row: int | None = None,
        column_id: str | None = None,
        value: str | None = None,
        row_id: int | None = None,
        severity: Severity | None = None,
        **words: object,
    ) -> Finding:
        """A finding of this rule. ``words`` and ``value``, ``cell``, ``row``, ``column`` fill the format strings, and ``own_words``.

        ``column_id``: canonical column or measure id; texts and receipt name its header in the template.
        Raises: BrokenContract when the text names a word that was not given.
        """
        place = {"sheet": sheet, "cell": cell, "row": row, "column_id": column_id, "value": value, "row_id": row_id}
        return self.late_finding(**place, severity=severity, words=words).told()  # type: ignore[arg-type]

    def late_finding(
        self,
        *,
        sheet: str | None,
        cell: str | None,
        row: int | None,
        column_id: str | None,
        value: str | None,
        row_id: int | None,
        severity: Severity | None = None,
        words: Words | Callable[[], Words] = NO_WORDS,
        veil: Callable[[str], str] | None = None,
    ) -> LateFinding:
        """The same for cells that may be 100,000: its texts are made when they are read, and ``words`` if they are a function."""
        return LateFinding(
            self.id,
            severity or self.severity,
            tell=self._tell,
            words=words,
            veil=veil,
            sheet=sheet,
            cell=cell,
            row=row,
            column=input_contract().header(column_id) if column_id else None,
            value=value,
            row_id=row_id,
            column_id=column_id,
        )

    def _tell(self, about: Finding, words: Words | Callable[[], Words]) -> Texts:
        given = words() if callable(words) else words
        place = {name: getattr(about, name) for name in _PLACE}
        filled = {**self.own_words, **place, "held_clause": self.held_clause, **given}
        try:
            message = self._told(self.message, given, filled)
            answered = self.message.format_map({**filled, "held_clause": ""}) if self.held_clause else None
            fix = self._told(self.fix, given, filled)
            expected = self._told(self.expected, given, filled) if self.expected else None
        except KeyError as error:
            raise BrokenContract(f"rule {self.id}: its text needs {error}, which the check does not give") from error
        return Texts(message, fix, expected, answered)


@dataclass(frozen=True)
class RuleRegistry:
    """All rules by id."""

    rules: Mapping[str, Rule]

    def __getitem__(self, rule_id: str) -> Rule:
        try:
            return self.rules[rule_id]
        except KeyError as error:
            raise BrokenContract(f"no rule {rule_id!r} in include/contracts/rules") from error

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def __len__(self) -> int:
        return len(self.rules)


FAMILIES = ("file", "row", "set", "time", "org", "pii")
FOUND_BY = ("intake", "expectation", "set", "time")


def read_rules(folder: Path) -> RuleRegistry:
    """Read every ``*.yaml`` of a folder; each is called ``<family>.<part>.yaml`` and holds a list of rules of that family.

    Raises: BrokenContract for a rule in the wrong file, a repeated id, an unknown severity or checker, or a missing text.
    """
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text("utf-8")) or []:
            rule = _rule(entry, path.name)
            if rule.id in rules:
                raise BrokenContract(f"rule {rule.id} stands twice")
            rules[rule.id] = rule
    return RuleRegistry(rules)


@reloads_with_data
@cache
def rule_registry() -> RuleRegistry:
    """The project's own registry, read once per process."""
    return read_rules(INCLUDE_DIR / "contracts" / "rules")


def _rule(entry: Mapping[str, Any], file_name: str) -> Rule:
    try:
        rule = Rule(**{**entry, "severity": Severity(entry["severity"])})
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenContract(f"rule {entry.get('id')!r} in {file_name}: {error}") from error
    if rule.family != file_name.split(".", 1)[0] or rule.family not in FAMILIES:
        raise BrokenContract(f"rule {rule.id} does not belong in {file_name}")
    if rule.found_by not in FOUND_BY:
        raise BrokenContract(f"rule {rule.id}: found_by {rule.found_by!r} is none of {', '.join(FOUND_BY)}")
    if rule.found_by == "expectation" and not rule.expectation:
        raise BrokenContract(f"rule {rule.id} is found by an expectation but gives none")
    return rule
