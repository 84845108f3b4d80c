"""What a receipt tells beside its verdict: which version it made, and what it changes (contract §2, §3 `changes`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from tests.histories.making.writing import write_amount
from tests.model.drops import Amount, arrival_order
from tests.model.sameness import Said, fold
from tests.model.tree import read_reference
from tests.model.versions import Answer, State, Version

Told = tuple[str, str, str | None, str | None]
"""Folded name, measure, old, new."""


def list_changes(answer: Answer, before: State) -> list[Told]:
    """What a file that replaced another says otherwise: its accepted figures beside those that counted before it came."""
    key = (answer.drop.union, answer.filed)
    files = before.current.get(key, Version()).files
    older = tuple(file for file in files if arrival_order(file.drop) < arrival_order(answer.drop))
    if not answer.loads or not older or answer.drop.type == "补充":
        return []
    counting = before.put(key, Version(0, older)).list_counting()
    replaced = [said for said in counting if (said.sender, said.report_week) == key]
    return list(pair_figures(replaced, [row.said for row in answer.rows if row.said and row.outcome == "accepted"]))


def pair_figures(replaced: list[Said], accepted: list[Said]) -> Iterator[Told]:
    """Old beside new of each activity and measure; of twins what neither side says as often as the other."""
    names = {said.key: fold(said.row.name) for said in (*replaced, *accepted)}
    for key, measure in dict.fromkeys((said.key, each) for said in (*accepted, *replaced) for each in said.measures):
        old, new = (Counter(list_amounts(those, key, measure)) for those in (replaced, accepted))
        gone, come = (sorted(some.elements(), key=lambda one: one.value) for some in (old - new, new - old))
        for pair in zip_longest(gone, come):
            yield (names[key], name_measure(measure), *(amount and write_amount(amount) for amount in pair))


def list_amounts(rows: Iterable[Said], key: object, measure: str) -> Iterator[Amount]:
    return (said.measures[measure] for said in rows if said.key == key and measure in said.measures)


def name_measure(measure: str) -> str:
    return next(line["name"] for line in read_reference("measures.csv") if line["measure_id"] == measure)


def read_changes(receipt: Mapping[str, Any]) -> list[Told]:
    return [(fold(one["activity"]), one["column"], one["old"], one["new"]) for one in receipt["changes"]]
