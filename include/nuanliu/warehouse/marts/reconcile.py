"""The records against each other: bucket = registry = receipts; rows add up; facts = accepted activities; rollup = facts;
traces = figures; coverage = records; readers = figures; reports = editions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_ as both
from typing import Any

from sqlalchemy import ColumnElement, Connection, TextClause, or_, select

from nuanliu.domain import schemas
from nuanliu.domain.documents import DifferenceEntry, ReconcileDocument
from nuanliu.domain.exactness import Exactness, plain_number
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.comparison.term_tracing import terms_traced_otherwise
from nuanliu.warehouse.marts.coverage import read_coverages
from nuanliu.warehouse.marts.editions import document_hash
from nuanliu.warehouse.marts.renamed_series import find_ended_between
from nuanliu.warehouse.marts.tracing import trace_document
from nuanliu.warehouse.reconciliation.scope import EVERYTHING, Scope, WeekSpan
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql

IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "bucket = registry": ("registry__object_missing", "registry__object_unnamed", "deletion__object_present"),
    "registry = receipts": ("registry__unanswered",),
    "received = accepted + returned + held + ignored": ("receipt__row_identity",),
    "facts = accepted activities": (
        "fact_activity__accepted_activities",
        "fact_activity__dimension_missing",
        "fact_measure__activity_missing",
        "fact_measure__receipt_totals",
    ),
    "an activity counts once": ("fact_activity__counting", "fact_measure__counting"),
    "rollup = facts": (
        "mart_week_figure__events",
        "mart_week_figure__campaigns",
        "mart_week_figure__cumulatives",
        "mart_week_figure__places",
        "mart_week_figure__place_facts",
        "mart_cumulative__facts",
        "mart_campaign_week__facts",
    ),
    "traces = figures": ("trace__figures", "trace__terms"),
    "coverage = records": ("mart_week_coverage__records",),
    "readers = figures": ("published_figure__figures",),
    "reports = editions": ("edition__report_changed", "edition__report_unnamed", "edition__document_changed"),
}
"""Identity → its checks. Most are files in include/sql/checks, which return offending rows as subject, expected, found; the
others ask what readers ask (``_ASKED``): a trace, the coverage, the hash of a document.
"""
KEPT_IDENTITIES = frozenset({"bucket = registry", "registry = receipts", "reports = editions"})
"""What no snapshot of the warehouse can answer: the bucket, and drops whose answer is being written."""
COUNTED_IDENTITIES = frozenset(IDENTITIES) - KEPT_IDENTITIES
_OF_REPORTS = frozenset(IDENTITIES["reports = editions"])
_OF_OBJECTS = frozenset(IDENTITIES["bucket = registry"])
_OF_THE_WHOLE_BUCKET = _OF_OBJECTS - {"registry__object_missing"}
"""These say nothing unless everything that the bucket holds is given."""
_AT_ONCE = {*_OF_OBJECTS, "registry__unanswered", "edition__report_unnamed"}
"""These ask nothing of single weeks, so a gap between weeks is no reason to ask twice."""
_CUMULATIVE_WEEKS = "cumulative_week_starts"
_RESTS_ON: Mapping[str, None] = dict.fromkeys(
    ("submission_keys", "fact_week_starts", "carried_week_starts", _CUMULATIVE_WEEKS)
)
"""What the checks call the versions and partitions that weeks rest on; None: all there are."""
_ENDED = "ended_activity_keys"
"""What a check calls the activities that only their names tell to have ended, which no SQL folds."""
_OF_CAMPAIGNS = {
    "mart_campaign_week__facts",
    "fact_activity__accepted_activities",
    "fact_measure__receipt_totals",
    *IDENTITIES["an activity counts once"],
}
"""What a campaign's sum rests on, in each week that it reaches back to."""
_Offence = tuple[str, str, str]
"""Subject, expected, found."""
_MOST_TRACED = 40
"""Figures of the province over all categories, the youngest first: each is some queries, and all others are sums of the same
facts.
"""


@as_transient("reconciling")
def reconcile_document(
    connection: Connection,
    objects: Mapping[str, Collection[str]] | None,
    *,
    reports: Mapping[str, str] | None = None,
    scope: Scope = EVERYTHING,
) -> ReconcileDocument:
    """The document of ``nuanliu reconcile``.

    ``objects``: the keys that the bucket holds under ``intake``, ``archive`` and ``quarantine``, as the registry writes
    them; None leaves the bucket unlooked at. ``reports``: object key → sha256 of what it holds under ``reports/``; None leaves what was published unlooked at.
    ``scope``: only some weeks, with the versions of other weeks that count in them or are carried into them, which costs the
    same after ten years; without it everything, which takes seconds a year.
    Differences: ``{"identity", "check", "subject", "expected", "found"}``, in the order of the identities. Call it
    between loads and roll-ups: a week that waits for its roll-up differs.
    """
    given: dict[str, Any] = {
        **{f"{prefix}_keys": [] for prefix in ("intake", "archive", "quarantine")},
        **{f"{prefix.strip('/')}_keys": sorted(keys) for prefix, keys in (objects or {}).items()},
        "report_keys": sorted(reports or ()),
        "report_hashes": [digest for _, digest in sorted((reports or {}).items())],
        "object_ids": None if scope.object_ids is None else list(scope.object_ids),
    }
    connection.execute(load_sql("warehouse", "plan_anew"))
    rests_on: dict[WeekSpan, dict[str, Any]] = {}
    differences = [
        DifferenceEntry(identity=identity, check=check, subject=subject, expected=expected, found=found)
        for identity, checks in IDENTITIES.items()
        if scope.identities is None or identity in scope.identities
        for check in checks
        if (reports is not None or check not in _OF_REPORTS)
        and (objects is not None or check not in _OF_OBJECTS)
        and (scope.object_ids is None or check not in _OF_THE_WHOLE_BUCKET)
        for subject, expected, found in _offending(connection, check, given, scope, rests_on)
    ]
    return {"schema": schemas.RECONCILE, "ok": not differences, "differences": differences}


def _offending(
    connection: Connection, check: str, given: Mapping[str, Any], scope: Scope, rests_on: dict[WeekSpan, dict[str, Any]]
) -> list[_Offence]:
    if check in _ASKED:
        return _ASKED[check](connection, scope)
    statement = load_sql("checks", check)
    named = statement.compile().params
    found: dict[_Offence, None] = {}  # a version that counts in two spans is looked at twice and told once
    for span in _spans(check, scope):
        if _RESTS_ON.keys() & named and span not in rests_on:
            rests_on[span] = _rests_on(connection, span) if scope.is_limited else dict(_RESTS_ON)
        ended = _ended(connection, span) if _ENDED in named else {}
        known = {**given, **span.parameters, **rests_on.get(span, {}), **ended}
        offences = _rows(connection, statement, known)
        if offences and known.get(_CUMULATIVE_WEEKS) is not None:  # what seems to be missing may count in a later week
            offences = _rows(connection, statement, {**known, _CUMULATIVE_WEEKS: None})
        found.update(dict.fromkeys(offences))
    return list(found)


def _ended(connection: Connection, span: WeekSpan) -> dict[str, list[Any]]:
    first, last = (
        each.monday if each else open_end for each, open_end in ((span.first, date.min), (span.last, date.max))
    )
    return find_ended_between(connection, first, last)


def _rows(connection: Connection, statement: TextClause, known: Mapping[str, Any]) -> list[_Offence]:
    rows = connection.execute(statement, {name: known[name] for name in statement.compile().params})
    return [(row.subject, row.expected, row.found) for row in rows]


def _spans(check: str, scope: Scope) -> tuple[WeekSpan, ...]:
    if check in _AT_ONCE:
        return (scope.whole_span,)
    return scope.campaign_spans if check in _OF_CAMPAIGNS else scope.spans


def _rests_on(connection: Connection, span: WeekSpan) -> dict[str, Any]:
    """The versions that some weeks rest on, and the partitions of theirs: named, so that no others are read."""
    carried = tables.mart_cumulative.c
    ends = span.parameters
    in_span = carried.week_start.between(ends["first_week_start"], ends["last_week_start"])
    mondays = list(connection.execute(select(carried.fact_week_start).distinct().where(in_span)).scalars())
    wanted = {name: ends[name] for name in ("first_week_start", "last_week_start")}
    weeks = [week.monday for week in span.weeks()]
    versions = connection.execute(
        load_sql("warehouse", "version_of_weeks"), {**wanted, "week_starts": weeks, "carried_week_starts": mondays}
    ).all()
    return {
        "submission_keys": [version.submission_key for version in versions],
        "fact_week_starts": sorted({monday for version in versions for monday in version.fact_weeks}),
        "carried_week_starts": mondays,
        _CUMULATIVE_WEEKS: sorted({*mondays, *weeks}),
    }


def _in(column: ColumnElement[date], scope: Scope) -> ColumnElement[bool]:
    """Whether a Monday lies in the scope."""
    ends = [span.parameters for span in scope.spans]
    return or_(*(column.between(each["first_week_start"], each["last_week_start"]) for each in ends))


def _youngest(connection: Connection, scope: Scope) -> Sequence[Any]:
    figure = tables.mart_week_figure.c
    wanted = (
        select(figure.week_start, figure.figure_id, figure.value, figure.exactness, figure.activity_count)
        .where(_in(figure.week_start, scope), figure.level == "province", figure.category_id == "all")
        .order_by(figure.week_start.desc(), figure.figure_id)
        .limit(_MOST_TRACED)
    )
    return connection.execute(wanted).all()


def _traced_otherwise(connection: Connection, scope: Scope) -> list[_Offence]:
    """Figures of the province whose cells do not add up to them."""
    offences = []
    for row in _youngest(connection, scope):
        cells = trace_document(connection, row.figure_id)["cells"]
        total = sum((Decimal(cell["value"]) for cell in cells), Decimal(0))
        exactness = reduce(both, (Exactness(cell["exactness"]).code for cell in cells), 0)
        if (total, exactness, len(cells)) != (row.value, row.exactness, row.activity_count):
            said = f"{plain_number(row.value)} of {row.activity_count} cells"
            offences.append((f"figure {row.figure_id}", said, f"{plain_number(total)} of {len(cells)} cells"))
    return offences


def _compared_otherwise(connection: Connection, scope: Scope) -> list[_Offence]:
    """Terms of the same figures beside the week before whose cells do not add up to them."""
    of_week: dict[date, set[str]] = defaultdict(set)
    for row in _youngest(connection, scope):
        of_week[row.week_start].add(row.figure_id)

    def offences(monday: date, wanted: Collection[str]) -> Iterator[_Offence]:
        return terms_traced_otherwise(connection, ReportingWeek(monday), lambda figure: figure.figure_id in wanted)

    return [
        (f"term {subject}", expected, found)
        for monday, wanted in of_week.items()
        for subject, expected, found in offences(monday, wanted)
    ]


def _covered_otherwise(connection: Connection, scope: Scope) -> list[_Offence]:
    """Unions of whose report the marts say something else than the records do."""
    rolled_up = tables.mart_week_coverage.c
    rows = connection.execute(select(tables.mart_week_coverage).where(_in(rolled_up.week_start, scope))).all()
    records = read_coverages(connection, sorted({ReportingWeek(row.week_start) for row in rows}))
    now = {
        (week.monday, unit.union_id): (unit.state, unit.version, unit.receipt_no)
        for week, units in records.items()
        for unit in units
    }
    return [
        (f"{ReportingWeek(row.week_start)} union {row.union_id}", _words(now[where]), _words(said))
        for row in rows
        if (where := (row.week_start, row.union_id)) in now
        and (said := (row.state, row.version, row.receipt_no)) != now[where]
    ]


def _words(parts: tuple[object, ...]) -> str:
    return " ".join(str(part) for part in parts if part is not None)


def _changed_documents(connection: Connection, scope: Scope) -> list[_Offence]:
    """Editions whose document is no longer the one whose hash was recorded."""
    edition, ends = tables.edition.c, [span.parameters for span in scope.spans]
    rows = connection.execute(
        select(edition.week_id, edition.edition_no, edition.content_hash, edition.document)
        .where(or_(*(edition.week_id.between(each["first_week_id"], each["last_week_id"]) for each in ends)))
        .order_by(edition.week_id, edition.edition_no)
    )
    hashed = (
        (f"edition {row.edition_no} of {row.week_id}", row.content_hash, document_hash(row.document)) for row in rows
    )
    return [(subject, recorded, found) for subject, recorded, found in hashed if recorded != found]


_ASKED: Mapping[str, Callable[[Connection, Scope], list[_Offence]]] = {
    "trace__figures": _traced_otherwise,
    "trace__terms": _compared_otherwise,
    "mart_week_coverage__records": _covered_otherwise,
    "edition__document_changed": _changed_documents,
}
