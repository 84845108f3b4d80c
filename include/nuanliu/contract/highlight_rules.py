"""Which activities of a week are told in 本周亮点, and in which words: contracts/highlights.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nuanliu.contract.code_lists import codes
from nuanliu.contract.person_names import PersonWords
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

FILE = "highlights.yaml"
LARGEST, FIRST_OF_CAMPAIGN, UNUSUAL_GROUP, IN_TURN = (
    "largest",
    "first_of_campaign",
    "unusual_group",
    "prefecture_in_turn",
)
_NEEDED: Mapping[str, frozenset[str]] = {
    LARGEST: frozenset({"measure"}),
    FIRST_OF_CAMPAIGN: frozenset(),
    UNUSUAL_GROUP: frozenset({"weeks", "least_weeks"}),
    IN_TURN: frozenset(),
}
"""Kind of rule → what it needs beside id, kind, take and label."""


@dataclass(frozen=True)
class HighlightRule:
    """One rule that chooses activities."""

    id: str
    kind: str
    take: int
    """How many at most."""
    label: str
    """What readers are told of the choice."""
    measure: str | None = None
    """Of ``largest``."""
    weeks: int = 0
    """Of ``unusual_group``: how far back a group is looked for."""
    least_weeks: int = 0
    """How many of these must have been reported."""


@dataclass(frozen=True)
class Wording:
    """What sentences are made of."""

    sentence: str
    parts: Mapping[str, str]
    verbs: tuple[str, ...]
    measures: Mapping[str, str]
    """Measure id → its clause, in the order in which they are told."""
    default_item: str
    most_numbers: int
    most_names: int


@dataclass(frozen=True)
class HighlightRules:
    """All of the file."""

    rules: tuple[HighlightRule, ...]
    most: int
    most_of_a_prefecture: int
    least_people: int
    wording: Wording
    persons: PersonWords

    def label(self, rule_id: str) -> str:
        """What readers are told of a choice; nothing where an old edition names a rule that is gone."""
        return next((rule.label for rule in self.rules if rule.id == rule_id), "")

    @property
    def unusual(self) -> HighlightRule | None:
        """The rule on groups, where there is one."""
        return next((rule for rule in self.rules if rule.kind == UNUSUAL_GROUP), None)


@reloads_with_data
@cache
def highlight_rules() -> HighlightRules:
    """The project's own file."""
    return read_highlight_rules(INCLUDE_DIR / "contracts" / FILE)


def read_highlight_rules(path: Path) -> HighlightRules:
    """Raises: BrokenContract for a rule of an unknown kind, one that lacks something or has too much, an id that stands twice,
    a measure or a clause of one that does not exist.
    """
    data = yaml.safe_load(path.read_text("utf-8"))
    rules = tuple(_rule(entry) for entry in data["rules"])
    ids = [rule.id for rule in rules]
    if len(set(ids)) < len(ids):
        raise BrokenContract(f"{path.name}: a rule id stands twice among {', '.join(ids)}")
    _check_measures([*data["measures"], *(rule.measure for rule in rules if rule.measure)])
    wording = Wording(
        data["sentence"],
        data["parts"],
        tuple(data["verbs"]),
        data["measures"],
        data["default_item"],
        data["most_numbers"],
        data["most_names"],
    )
    persons = PersonWords.of(data["persons"], data["organisations"])
    return HighlightRules(rules, data["most"], data["most_of_a_prefecture"], data["least_people"], wording, persons)


def _rule(entry: Mapping[str, Any]) -> HighlightRule:
    kind = str(entry.get("kind"))
    if kind not in _NEEDED:
        raise BrokenContract(f"{FILE}: {entry.get('id')} is of kind {kind!r}; write one of {', '.join(_NEEDED)}")
    wanted = {"id", "kind", "take", "label", *_NEEDED[kind]}
    if wanted != set(entry):
        raise BrokenContract(f"{FILE}: {entry.get('id')} says {', '.join(entry)}; write {', '.join(sorted(wanted))}")
    return HighlightRule(**entry)


def _check_measures(measures: Sequence[str]) -> None:
    unknown = [measure for measure in measures if measure not in codes().measures]
    if unknown:
        raise BrokenContract(f"{FILE}: there is no measure {', '.join(unknown)}; write ids of measures.csv")
