"""Which senders changed the province's totals most, and what they said of it themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from nuanliu.contract.code_lists import PROVINCE
from nuanliu.domain.documents import ContributorEntry
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import Term
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import PeriodKind
from nuanliu.warehouse.comparison.comparing import Compared, compare_all
from nuanliu.warehouse.schema.sql_files import load_sql

MOST_CONTRIBUTORS = 3
"""More names do not stand on a phone; the terms have their cells for whoever asks on."""
_Explanations = Mapping[tuple[str, str], str]
"""(sender, measure) → 说明."""


def read_contributors(connection: Connection, week: ReportingWeek) -> dict[str, list[ContributorEntry]]:
    """``<figure_id>/vs/<week>`` → the senders that changed it most, of the events of the whole province by measure."""
    explained: _Explanations = {
        (row.sender_union_id, row.measure_id): row.explanation
        for row in connection.execute(load_sql("marts", "week_part_explanations"), {"week_start": week.monday})
    }
    return {
        f"{compared.figure.figure_id}/vs/{other}": _largest(compared, explained)
        for _, other, compared in compare_all(connection, week, _is_total)
    }


def _is_total(figure: Row[Any]) -> bool:
    stands_for_all = (figure.union_id, figure.basis, figure.category_id) == (PROVINCE, "organizer", "all")
    return stands_for_all and figure.period_kind == PeriodKind.EVENT


def _largest(compared: Compared, explained: _Explanations) -> list[ContributorEntry]:
    changes = [
        (compared.bridge.change_of(term, sender), term, sender)
        for term in Term
        for sender in compared.bridge.senders(term)
    ]
    ordered = sorted((each for each in changes if each[0].value), key=lambda each: (-abs(each[0].value), each[2]))
    return [
        {
            "union_id": sender,
            "term": str(term),
            "value": plain_number(change.value),
            "exactness": exactness_word(change.exactness),
            "explanation": explained.get((sender, compared.figure.measure_id)),
        }
        for change, term, sender in ordered[:MOST_CONTRIBUTORS]
    ]
