"""The records after recovery against those of an undisturbed run."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LOST, DOUBLE, OTHER = "lost", "double", "other"
_SAME = ("figures", "coverage", "receipt numbers", "editions", "rows", "bucket")
"""Parts that must be equal as they are."""
_LISTS = ("objects", "receipts", "facts")
"""Parts of which a missing entry is something lost, and one too many something counted twice."""


@dataclass(frozen=True)
class Difference:
    """``kind``: lost, double or other."""

    kind: str
    text: str


def compare(undisturbed: Mapping[str, Any], found: Mapping[str, Any], deliveries: Counter[str]) -> list[Difference]:
    """Everything in which a run under faults ended otherwise; ``deliveries``: messages at the mail server by Message-ID."""
    return [
        *(_problem(text) for text in found["problems"]),
        *_same(undisturbed, found),
        *(each for name in _LISTS for each in _members(name, undisturbed[name], found[name])),
        *_mails(undisturbed["mails"], found["mails"], deliveries),
    ]


def _problem(text: str) -> Difference:
    kind = next((kind for kind in (LOST, DOUBLE) if text.startswith(f"{kind}:")), OTHER)
    return Difference(kind, text)


def _same(undisturbed: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    for name in _SAME:
        yield from (Difference(OTHER, text) for text in _unequal(name, undisturbed[name], found[name]))


def _unequal(place: str, wanted: Any, got: Any) -> Iterator[str]:
    """The innermost places at which two values differ."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in sorted(wanted.keys() | got.keys()):
            yield from _unequal(f"{place}/{key}", wanted.get(key), got.get(key))
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, (one, other) in enumerate(zip(wanted, got, strict=True)):
            yield from _unequal(f"{place}[{number}]", one, other)
    elif wanted != got:
        yield f"{place}: {str(wanted)[:200]} became {str(got)[:200]}"


def _members(name: str, wanted: Sequence[Any], got: Sequence[Any]) -> Iterator[Difference]:
    before, after = (Counter(json.dumps(each, ensure_ascii=False) for each in those) for those in (wanted, got))
    for text in before - after:
        yield Difference(LOST, f"{name}: {text} is missing")
    for text in after - before:
        yield Difference(DOUBLE, f"{name}: {text} is too many")


def _mails(wanted: Sequence[Any], got: Sequence[Any], deliveries: Counter[str]) -> Iterator[Difference]:
    """One mail a recipient and edition: sent and there once, or said to be uncertain and there at most once."""
    states = {tuple(mail[:3]): mail[3] for mail in got}
    expected = {tuple(mail[:3]) for mail in wanted}
    for mail in sorted(expected - states.keys()):
        yield Difference(LOST, f"mail: {mail[0]} to {mail[1]} was never written")
    for mail in sorted(states.keys() - expected):
        yield Difference(DOUBLE, f"mail: {mail[0]} to {mail[1]} is too many")
    for (purpose, recipient, message_id), state in states.items():
        arrived = deliveries[message_id]
        if arrived > 1:
            yield Difference(DOUBLE, f"mail: {purpose} reached {recipient} {arrived} times")
        elif state == "sent" and not arrived:
            yield Difference(LOST, f"mail: {purpose} to {recipient} is noted as sent and never arrived")
        elif state not in {"sent", "uncertain"}:
            yield Difference(OTHER, f"mail: {purpose} to {recipient} is {state}")
