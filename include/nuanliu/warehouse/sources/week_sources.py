"""Where every figure of a week comes from: the cells, each with the figures that it is part of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, select

from nuanliu.contract.highlight_rules import highlight_rules
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.person_names import PersonWords
from nuanliu.domain.documents import SourceEntry
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import ActivityNumberId, FigureId, digest_key
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import WeekTree, read_places, read_tree

_HARMLESS = re.compile(r"20[0-9]{2}[01][0-9][0-3][0-9]|周报")
"""What looks like somebody's number or name and stands in many file names: 总工会20241202-20241208.xlsx, 周报.xlsx."""


@as_transient("reading where a week's figures come from")
def read_sources(connection: Connection, week: ReportingWeek) -> list[SourceEntry]:
    """The cells of all figures of a rolled-up week but campaigns' (which reach over weeks); reads the marts as they stand.

    The cells of a figure add up to it with their exactness, by whatever it is counted. They stand by measure and period kind,
    then along the tree and by category, so that those of a union's figure lie together. Of more than ``most_sources``
    (``limits.yaml``) those of the longest files are told together.
    """
    carried = tables.mart_cumulative.c
    read_from = select(carried.fact_week_start).distinct().where(carried.week_start == week.monday)
    parameters = {
        "week_start": week.monday,
        "fact_week_starts": list(connection.execute(read_from).scalars()),
        "most": input_contract().limits["most_sources"],
    }
    rows = connection.execute(load_sql("marts", "week_sources"), parameters).all()
    tree, places, persons = read_tree(connection, week), read_places(connection, week), highlight_rules().persons
    ordered = sorted(enumerate(rows), key=lambda pair: (*_place(pair[1], tree), pair[0]))
    return [_entry(week, row, tree, places, persons) for _, row in ordered]


def _place(row: Row[Any], tree: WeekTree) -> tuple[str, str, str, str, tuple[str, ...], str]:
    path = tuple(reversed(tree.upwards(row.union_id)))
    return row.measure_id, row.period_kind, row.scope, str(row.since_on or ""), path, row.category_id


def _entry(
    week: ReportingWeek, row: Row[Any], tree: WeekTree, places: Mapping[str, str], persons: PersonWords
) -> SourceEntry:
    is_one = row.cell_count == 1
    number_id = None
    if is_one and row.natural_key is not None:
        number_id = str(ActivityNumberId(week, row.sender_union_id, digest_key(row.natural_key), row.measure_id))
    return {
        "union_id": row.sender_union_id,
        "file": _unless_person(row.object_key.rpartition("/")[2], persons),
        "sha256": row.sha256,
        "sheet": row.source_sheet and _unless_person(row.source_sheet, persons),
        "cell": row.source_cell if is_one else f"{row.first_row}—{row.last_row}",
        "cells": row.cell_count,
        "raw_text": row.raw_text if is_one else None,
        "value": plain_number(row.value),
        "exactness": exactness_word(row.exactness),
        "figure_ids": list(dict.fromkeys(map(str, _figures(week, row, tree, places)))),
        "number_id": number_id,
    }


def _figures(week: ReportingWeek, row: Row[Any], tree: WeekTree, places: Mapping[str, str]) -> Iterator[FigureId]:
    """As ``mart_week_figure.sql`` adds up: only own figures go up the tree and are counted by place too."""
    goes_up = row.scope == "own" and row.period_kind != "campaign"
    organisers = tree.upwards(row.union_id) if goes_up else (row.union_id,)
    there = tree.upwards(places.get(row.division_code, tree.root)) if goes_up else ()
    for (unions, is_by_place), category in product(((organisers, False), (there, True)), (row.category_id, "all")):
        for union_id in unions:
            yield FigureId(
                week,
                union_id,
                category,
                row.measure_id,
                row.period_kind,
                since=row.since_on,
                is_by_place=is_by_place,
                is_inclusive=row.scope == "inclusive",
            )


def _unless_person(name: str, persons: PersonWords) -> str:
    """Readers of a summary are many: a name like 周报(张伟).xlsx is not told to them."""
    return "" if persons.may_name_a_person(_HARMLESS.sub("", name)) else name
