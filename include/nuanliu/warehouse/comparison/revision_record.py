"""How first published figures fared: of each week's total what was published first, what later, and by how much it was revised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import ceil
from typing import Any

from sqlalchemy import Connection

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.domain.documents import (
    NotesDocument,
    RecordedFigureEntry,
    RevisionRecordEntry,
    RollupDocument,
    SummaryRecordEntry,
)
from nuanliu.domain.exactness import plain_number
from nuanliu.domain.figure_id import FigureId, parse_figure_id
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import ToldFigure, read_revisions
from nuanliu.domain.submission import PeriodKind
from nuanliu.warehouse.marts.comparability import change_pct
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql

SUMMARISED = ("people_served", "funds_total")
"""The measures whose record the summary may speak of."""
_OUTSIDE = Fraction(5, 100)
"""Left out at either end of the 90 % range."""


@dataclass(frozen=True)
class Told:
    """One value of a figure, as an edition told it. ``told`` is None where it said that there is none any more.

    ``before``: of a step; ``is_step``: it is told as a change, not as what stands.
    """

    figure: FigureId
    edition: str
    published_at: datetime
    told: ToldFigure | None
    reason: str | None
    before: ToldFigure | None = None
    is_step: bool = False


@as_transient("reading what was published")
def read_told(connection: Connection, union_id: str, first: ReportingWeek, last: ReportingWeek) -> list[Told]:
    """Every value of a union's event totals of some weeks that an edition told, in the order of publication."""
    parameters = {"union_id": union_id, "first": str(first), "last": str(last)}
    found: list[Told] = []
    for row in connection.execute(load_sql("marts", "published_values"), parameters):
        edition = f"{row.week_id}/{row.edition_no}"
        if row.figure is not None:
            told = ToldFigure(Decimal(row.figure["value"]), row.figure["exactness"])
            found.append(Told(FigureId.parse(row.figure["figure_id"]), edition, row.published_at, told, None))
        else:
            notes = {"revision_steps": [row.step]} if row.step is not None else {}
            found += _steps([row.revision], notes, edition, row.published_at)
    return found


def told_by(document: RollupDocument, notes: NotesDocument, published_at: datetime) -> list[Told]:
    """What an edition tells of other weeks that is not written down yet."""
    edition = f"{document['week']}/{document['edition']}"
    return _steps(document["revisions"], notes, edition, published_at)


def _steps(
    revisions: Sequence[Mapping[str, Any]], notes: Mapping[str, Any], edition: str, published_at: datetime
) -> list[Told]:
    steps = zip(revisions, read_revisions(revisions, notes), strict=True)
    return [
        Told(figure, edition, published_at, new, revision["reason"], old, is_step=True)
        for revision, (old, new) in steps
        if isinstance(figure := parse_figure_id(revision["figure_id"]), FigureId) and _is_event_total(figure)
    ]


def _is_event_total(figure: FigureId) -> bool:
    is_total = (figure.category, figure.period_kind) == ("all", PeriodKind.EVENT)
    return is_total and not figure.is_by_place and not figure.is_inclusive


def revision_record(told: Iterable[Told]) -> list[RevisionRecordEntry]:
    """The record of each measure that adds up, in the order of the measure list; its figures by week."""
    by_figure: dict[FigureId, list[Told]] = defaultdict(list)
    for each in told:
        by_figure[each.figure].append(each)
    published = {figure: values for figure, those in by_figure.items() if (values := _without_repetitions(those))}
    order = {measure.id: number for number, measure in enumerate(codes().measures)}
    figures = sorted(published, key=lambda f: (order.get(f.measure, len(order)), f.measure, f.week))
    return [
        _of_measure(measure, {figure: published[figure] for figure in those})
        for measure, those in groupby(figures, key=lambda figure: figure.measure)
        if measure not in codes().measures or codes().measures[measure].kind != "descriptive"
    ]


def _without_repetitions(told: Sequence[Told]) -> list[Told]:
    """Each value once, as it was told first. That there is none any more is told only to those who knew one.

    A week's own edition tells again, step by step, what the first edition of whatever week told before it.
    """
    kept: list[Told] = []
    for _, of_edition in groupby(told, key=lambda each: each.edition):
        said = list(of_edition)
        steps = [each for each in said if each.is_step]
        known = _known_steps([each for each in kept if each.is_step], steps)
        for each in [*steps[known:], *(other for other in said if not other.is_step)]:
            if _is_new(each.told, kept[-1].told) if kept else each.told is not None:
                kept.append(each)
    return kept


def _known_steps(told: Sequence[Told], again: Sequence[Told]) -> int:
    """How many of the first of some steps are the last of those that were told."""

    def is_same(one: Told, other: Told) -> bool:
        return not (_is_new(one.before, other.before) or _is_new(one.told, other.told))

    for number in range(min(len(told), len(again)), 0, -1):
        if all(map(is_same, told[-number:], again)):
            return number
    return 0


def _is_new(now: ToldFigure | None, before: ToldFigure | None) -> bool:
    if now is None or before is None:
        return now is not before
    is_same_kind = now.exactness == before.exactness or None in {now.exactness, before.exactness}
    return now.value != before.value or not is_same_kind


def _of_measure(measure: str, published: Mapping[FigureId, Sequence[Told]]) -> RevisionRecordEntry:
    changes = {figure: _value(told[-1]) - _value(told[0]) for figure, told in published.items()}
    percents = sorted(
        Fraction(changes[figure]) / Fraction(first) * 100
        for figure, told in published.items()
        if (first := _value(told[0]))
    )
    return {
        "measure": measure,
        "unit": codes().measures[measure].unit if measure in codes().measures else "",
        "weeks": len(published),
        "up": sum(change > 0 for change in changes.values()),
        "down": sum(change < 0 for change in changes.values()),
        "compared": len(percents),
        "mean_pct": _tenths(sum(percents, Fraction()) / len(percents)) if percents else None,
        "low_pct": _tenths(percents[ceil(_OUTSIDE * len(percents)) - 1]) if percents else None,
        "high_pct": _tenths(percents[ceil((1 - _OUTSIDE) * len(percents)) - 1]) if percents else None,
        "figures": [_figure(figure, told, changes[figure]) for figure, told in published.items()],
    }


def _figure(figure: FigureId, told: Sequence[Told], change: Decimal) -> RecordedFigureEntry:
    first = _value(told[0])
    return {
        "week": str(figure.week),
        "figure_id": str(figure),
        "difference": plain_number(change),
        "revision_pct": change_pct(first + change, first),
        "published": [
            {
                "edition": each.edition,
                "published_at": each.published_at.isoformat(),
                "value": plain_number(each.told.value) if each.told else None,
                "exactness": each.told.exactness if each.told else None,
                "reason": each.reason,
            }
            for each in told
        ],
    }


def _value(told: Told) -> Decimal:
    """What is gone counts as nothing: the first figure has not stood."""
    return told.told.value if told.told else Decimal(0)


def _tenths(percent: Fraction) -> str:
    """One decimal, half away from zero, as every other percentage."""
    tenths = abs(percent) * 10
    rounded = Decimal(int(tenths + Fraction(1, 2))) / 10
    return f"{-rounded if percent < 0 and rounded else rounded:.1f}"


def summary_record(
    connection: Connection, document: RollupDocument, notes: NotesDocument, published_at: datetime
) -> list[SummaryRecordEntry]:
    """What the summary of a week says of the weeks before it, as they stand with what it tells itself; only what matters
    (``revision_record`` in limits.yaml).
    """
    limits = input_contract().limits["revision_record"]
    week = ReportingWeek.parse(document["week"])
    first, last = window_before(week)
    now = [
        told
        for told in told_by(document, notes, published_at)
        if told.figure.union_id == PROVINCE and first <= told.figure.week <= last
    ]
    record = revision_record([*read_told(connection, PROVINCE, first, last), *now])
    return [
        {"measure": of["measure"], "weeks": of["weeks"], "up": of["up"], "down": of["down"], "mean_pct": of["mean_pct"]}
        for of in record
        if of["measure"] in SUMMARISED
        and of["mean_pct"] is not None
        and of["compared"] >= limits["least_weeks"]
        and abs(Decimal(of["mean_pct"])) >= Decimal(str(limits["worth_telling_pct"]))
    ]


def window_before(week: ReportingWeek) -> tuple[ReportingWeek, ReportingWeek]:
    """The weeks that a week's summary looks back on."""
    return week.shift(-input_contract().limits["revision_record"]["weeks"]), week.shift(-1)
