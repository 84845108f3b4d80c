"""When a table is ours: how much of its header must be known before its rows are read as activities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.intake.tables.header_labels import Label, read_header
from nuanliu.intake.values.units import split_header_unit

TELLING = frozenset({"activity_name", "category", "long_measure"})
"""Columns that make a table one of activities."""
_FEWEST = 3
_Stacks = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a header. ``own``: columns named by a word that is not in every table, 服务人数 but not 日期."""

    ids: frozenset[str]
    own: frozenset[str]
    has_measure: bool


def is_long_shape(stacks: _Stacks, aliases: Aliases = NO_ALIASES) -> bool:
    """Whether 指标 and 数值 both stand in a header: one measure a row."""
    ids = {label.id for label in _labels(stacks, aliases, is_long=True).values()}
    return {"long_measure", "long_value"} <= ids


def count_known(stacks: _Stacks, aliases: Aliases = NO_ALIASES) -> int:
    """How many columns of a header are known; a 序号 does not count."""
    return len(_known(stacks, aliases).ids)


def belongs_to_us(stacks: _Stacks, aliases: Aliases = NO_ALIASES) -> bool:
    """Whether a header is one of activities (decisions/0019).

    With all required columns one of the words must be our own; without, it takes three known columns, two of them in words
    of our own.
    """
    known = _known(stacks, aliases)
    if not (known.ids & TELLING or known.has_measure):
        return False
    required = {column.id for column in input_contract().columns.values() if column.required}
    if required <= known.ids:
        return bool(known.own)
    return len(known.ids) >= _FEWEST and len(known.own) >= _FEWEST - 1


def known_texts(stacks: _Stacks, aliases: Aliases = NO_ALIASES) -> dict[str, str]:
    """The columns of a header that are known: letter → the header as written."""
    labels = _labels(stacks, aliases, is_long=is_long_shape(stacks, aliases))
    return {letter: "/".join(stacks[letter]) for letter in labels}


def _known(stacks: _Stacks, aliases: Aliases) -> _Known:
    is_long = is_long_shape(stacks, aliases)
    labels = _labels(stacks, aliases, is_long=is_long)
    labels = {letter: label for letter, label in labels.items() if label.id != "ordinal"}
    own = {label.id for letter, label in labels.items() if not all(map(_is_generic, stacks[letter]))}
    return _Known(
        frozenset(label.id for label in labels.values()),
        frozenset(own | ({"long_value"} if is_long else set())),  # 数量 is anybody's, 数量 beside 指标 is ours
        any(label.measure is not None for label in labels.values()),
    )


def _labels(stacks: _Stacks, aliases: Aliases, *, is_long: bool) -> dict[str, Label]:
    labels = {letter: read_header(texts, is_long=is_long, aliases=aliases) for letter, texts in stacks.items()}
    return {letter: label for letter, label in labels.items() if label is not None}


@reloads_with_data
@cache
def _generic_headers() -> frozenset[str]:
    return frozenset(fold_label(word) for word in input_contract().vocabulary["generic_headers"])


def _is_generic(text: str) -> bool:
    return fold_label(split_header_unit(text)[0]).strip("*★※:") in _generic_headers()
