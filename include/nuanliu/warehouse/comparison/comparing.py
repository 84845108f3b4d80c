"""The own figures of a week beside another week: 环比, 同比 and 春节对齐, each with its bridge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any, Literal

from sqlalchemy import Connection, Row

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.spring_festival import festival_year_before
from nuanliu.domain.documents import ComparisonEntry, ComparisonsEntry, MatchedEntry, TermEntry
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import Term
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.comparison.added import FigureKey, read_added
from nuanliu.warehouse.comparison.bridge import Added, Amount, Between, Bridge, build_bridge
from nuanliu.warehouse.marts.comparability import Comparability, change_pct, read_comparability
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import read_places

Shown = Literal["plain", "matched", "none"]
Wanted = Callable[[Row[Any]], bool]
"""Whether a row of ``week_figures_earlier.sql`` is asked for."""


@dataclass(frozen=True)
class Compared:
    """One own figure of a week that stood in another week too."""

    figure: Row[Any]
    """Of ``week_figures_earlier.sql``."""
    bridge: Bridge
    between: Between
    is_comparable: bool
    """Whether all that may add to it are the same unions in both weeks."""

    def senders(self, term: Term) -> frozenset[str]:
        """The unions of a term: those that added anything, and those below that reported so without adding any."""
        added = self.bridge.senders(term)
        if term is Term.MOVED:
            return added
        if term is Term.MATCHED:  # who reported in neither week stands there too
            added &= self.between.now & self.between.then
        below = self.between.senders_below(self.figure.union_id, term)
        if self.figure.period_kind == "campaign":
            below &= {self.figure.union_id}
        return added | below

    @property
    def shown(self) -> Shown:
        """Which percentage may be printed, never two: the figure's own, that of the matched unions, or none."""
        if self.is_comparable and self.bridge.is_all_matched:
            return "plain"
        share = self.bridge.share
        least = Decimal(str(input_contract().limits["min_matched_share"]))
        return "matched" if share is not None and share >= least and self.senders(Term.MATCHED) else "none"

    def entry(self, other: ReportingWeek) -> ComparisonEntry:
        """As documents tell it."""
        previous = self.bridge.previous
        return {
            "week": str(other),
            "previous": plain_number(previous.value),
            "previous_exactness": exactness_word(previous.exactness),
            "bridge": [self._term(term) for term in Term],
            "matched": self._matched(),
            "shown": self.shown,
        }

    def _term(self, term: Term) -> TermEntry:
        change = self.bridge.change(term)
        return {
            "term": str(term),
            "value": plain_number(change.value),
            "exactness": exactness_word(change.exactness),
            "unions": len(self.senders(term)),
        }

    def _matched(self) -> MatchedEntry:
        now, then = self.bridge.part_now(Term.MATCHED), self.bridge.part_then(Term.MATCHED)
        share = self.bridge.share
        return {
            "value": plain_number(now.value),
            "exactness": exactness_word(now.exactness),
            "previous": plain_number(then.value),
            "previous_exactness": exactness_word(then.exactness),
            "change_pct": change_pct(now.value, then.value),
            "share": None if share is None else str(share),
            "unions": len(self.senders(Term.MATCHED)),
        }


def other_weeks(week: ReportingWeek) -> Mapping[str, ReportingWeek | None]:
    """The weeks that a week is compared with, by their names in documents; None where there is no such week."""
    return {
        "week_before": week.shift(-1),
        "year_before": week.year_before(),
        "spring_festival": festival_year_before(week),
    }


@as_transient("comparing a week")
def read_comparisons(connection: Connection, week: ReportingWeek) -> Mapping[str, ComparisonsEntry]:
    """Figure id → its comparisons, of own figures that stood in any of the other weeks."""
    found: dict[str, ComparisonsEntry] = {}
    for name, other, compared in compare_all(connection, week):
        entries = found.setdefault(compared.figure.figure_id, no_comparisons())
        entries[name] = compared.entry(other)  # type: ignore[literal-required]  # the names of other_weeks
    return found


def no_comparisons() -> ComparisonsEntry:
    """Of a figure that stood in no other week."""
    return {"week_before": None, "year_before": None, "spring_festival": None}


def compare_all(
    connection: Connection, week: ReportingWeek, is_wanted: Wanted = lambda _: True
) -> Iterator[tuple[str, ReportingWeek, Compared]]:
    """Every own figure beside each of the other weeks in which it stood, or those that are wanted."""
    added = cache(partial(read_added, connection))
    for name, other in other_weeks(week).items():
        if other is not None:
            for compared in _compare(connection, week, other, added, is_wanted):
                yield name, other, compared


def compare_figure(
    connection: Connection, week: ReportingWeek, other: ReportingWeek, figure_id: str
) -> Compared | None:
    """One figure beside any other week; None where it did not stand there, or is no own figure."""
    return next(compare_with(connection, week, other, lambda figure: figure.figure_id == figure_id), None)


def compare_with(
    connection: Connection, week: ReportingWeek, other: ReportingWeek, is_wanted: Wanted
) -> Iterator[Compared]:
    """The wanted own figures beside one other week, those that stood in it."""
    return _compare(connection, week, other, partial(read_added, connection), is_wanted)


def _compare(
    connection: Connection,
    week: ReportingWeek,
    other: ReportingWeek,
    added: Callable[[ReportingWeek], Mapping[FigureKey, Added]],
    is_wanted: Wanted,
) -> Iterator[Compared]:
    """The figures whose parts add up to what the marts say of both weeks: those of a week that waits for its roll-up do not,
    and a bridge that leads elsewhere is not told.
    """
    mondays = {"week_start": week.monday, "earlier_start": other.monday}
    rows = connection.execute(load_sql("marts", "week_figures_earlier"), mondays).all()
    figures = [row for row in rows if row.scope == "own" and is_wanted(row)]
    if not figures:
        return
    comparability = read_comparability(connection, week, other)
    between = _between(connection, week, other, comparability)
    now, then = added(week), added(other)
    for figure in figures:
        key = FigureKey.of(figure)
        bridge = build_bridge(now.get(key, {}), then.get(key, {}), partial(between.term, figure.union_id))
        told = (Amount(figure.value, figure.exactness), Amount(figure.earlier_value, figure.earlier_exactness))
        if (bridge.value, bridge.previous) == told:
            yield Compared(figure, bridge, between, comparability.allows(figure))


def _between(
    connection: Connection, week: ReportingWeek, other: ReportingWeek, comparability: Comparability
) -> Between:
    mondays = {"week_start": week.monday, "other_start": other.monday}
    ended = connection.execute(load_sql("marts", "ended_between"), mondays).scalars()
    return Between(
        comparability.now,
        comparability.before,
        comparability.tree,
        comparability.tree_before or comparability.tree,
        frozenset(ended),
        read_places(connection, week),
        read_places(connection, other),
    )
