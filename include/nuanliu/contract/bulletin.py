"""What the 简报 prints as names, and in which words it says what is open: contracts/bulletin.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from nuanliu.contract.reloading import reloads_with_data
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

FILE = "bulletin.yaml"
_NAMED = frozenset({"count", "names"})
_PROBLEMS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("missing", "held", "returned", "late"), _NAMED),
    "none": frozenset(),
}
_NEXT_STEPS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("missing", "held", "returned"), _NAMED),
    "findings": frozenset({"union", "findings"}),
    "finding": frozenset({"title", "number"}),
    "none": frozenset(),
}
"""Sentence → what may be filled in."""


@dataclass(frozen=True)
class BulletinWords:
    """All of the file."""

    name: str
    """In the 报头."""
    number: str
    issuer: str
    title: tuple[str, ...]
    """A line each."""
    incomplete: str
    report_to: tuple[str, ...]
    send_to: tuple[str, ...]
    copy_to: tuple[str, ...]
    printer: str
    """印发机关."""
    problems: Mapping[str, str]
    next_steps: Mapping[str, str]


@reloads_with_data
@cache
def bulletin_words() -> BulletinWords:
    """The project's own file."""
    return read_bulletin_words(INCLUDE_DIR / "contracts" / FILE)


def read_bulletin_words(path: Path) -> BulletinWords:
    """Raises: BrokenContract for an entry or a sentence that lacks, is unknown or has a place that nothing fills."""
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    _check_names(data, {field.name for field in fields(BulletinWords)}, FILE)
    for name, places in (("number", {"number", "year"}), ("incomplete", set[str]())):
        _check_places(f"{FILE}: {name}", data[name], places)
    for line in data["title"]:
        _check_places(f"{FILE}: title", line, {"week"})
    for part, known in (("problems", _PROBLEMS), ("next_steps", _NEXT_STEPS)):
        _check_names(data[part], set(known), f"{FILE}: {part}")
        for name, text in data[part].items():
            _check_places(f"{FILE}: {part}: {name}", text, set(known[name]))
    lists = ("title", "report_to", "send_to", "copy_to")
    said: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in data.items()}
    return BulletinWords(**said)


def _check_names(data: Mapping[str, Any], wanted: set[str], place: str) -> None:
    if wanted != set(data):
        raise BrokenContract(f"{place} says {', '.join(data)}; write {', '.join(sorted(wanted))}")


def _check_places(place: str, text: str, known: set[str]) -> None:
    unknown = [name for _, name, _, _ in Formatter().parse(text) if name is not None and name not in known]
    if unknown:
        raise BrokenContract(
            f"{place}: nothing fills {{{unknown[0]}}}; {', '.join(sorted(known)) or 'it takes nothing'}"
        )
