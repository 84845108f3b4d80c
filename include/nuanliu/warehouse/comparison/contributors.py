"""Which senders changed the province's totals most, and what they said of it themselves."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from nuanliu.domain.documents import ContributorEntry
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import Term
from nuanliu.domain.reporting_week import ReportingWeek
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
        for _, other, compared in compare_all(connection, week)
        if _is_total(compared)
    }


def _is_total(compared: Compared) -> bool:
    figure = compared.figure
    is_event = (figure.period_kind, figure.basis, figure.category_id) == ("event", "organizer", "all")
    return is_event and figure.union_id == compared.between.tree_now.root


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
