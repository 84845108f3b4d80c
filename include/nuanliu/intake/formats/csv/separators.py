"""Where the fields of a text table end, and which record is its header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import islice

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data

SEPARATORS = (",", "\t", ";", "，")
_HEAD_CHARACTERS = 1 << 16
_HEAD_RECORDS = 40
_MOST_FIELDS = 1000
"""A record of more is no header, and one of millions must not cost seconds."""
_UNIT = re.compile(r"\([^()]*\)\Z")


def sniff_separator(text: str) -> str:
    """The separator under which the first records look most like a table.

    Known column labels in one record decide; without any, how many records have the most common number of fields.
    """
    return max(SEPARATORS, key=lambda separator: _likeness(_head(text, separator)))


def find_header_record(records: Sequence[Sequence[str]]) -> int | None:
    """The index of the record with the most known labels, at least two, among the first ones; None if there is none."""
    search = records[: int(input_contract().limits["header_search_rows"])]
    hits = [_label_count(record) for record in search]
    best = max(hits, default=0)
    return hits.index(best) if best >= 2 else None


@reloads_with_data
@cache
def known_labels() -> frozenset[str]:
    """All headers that recognition knows, folded, without units."""
    labels = [label for column in input_contract().columns.values() for label in (column.header, *column.aliases)]
    for measure in codes().measures:
        labels += [measure.name, *measure.aliases]
    return frozenset(_bare(label) for label in labels)


def _head(text: str, separator: str) -> list[list[str]]:
    head = text[:_HEAD_CHARACTERS]
    if len(text) > _HEAD_CHARACTERS:  # without the record that was cut
        head = head[: head.rfind("\n") + 1] or head
    try:
        return list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=separator), _HEAD_RECORDS))
    except csv.Error:  # a field beyond csv's limit: under this separator it is no table
        return []


def _likeness(records: list[list[str]]) -> tuple[int, int]:
    labels = max((_label_count(record) for record in records), default=0)
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return labels, 0
    width, count = widths.most_common(1)[0]
    return labels, count * (width - 1)


def _label_count(record: Sequence[str]) -> int:
    labels = known_labels()
    return len({label for field in record[:_MOST_FIELDS] if len(field) < 40 and (label := _bare(field)) in labels})


def _bare(label: str) -> str:
    folded = fold_label(label)
    return _UNIT.sub("", folded) or folded
