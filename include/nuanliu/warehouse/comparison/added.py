"""What each sender added to each own figure of a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import PeriodKind
from nuanliu.warehouse.comparison.bridge import Added, Amount, place_leaf
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import WeekTree, read_places, read_tree


class FigureKey(NamedTuple):
    """What a figure is of, whatever its week."""

    union_id: str
    basis: str
    category: str
    """``all`` for a total."""
    measure: str
    period_kind: str
    since: date | None

    @classmethod
    def of(cls, figure: Row[Any]) -> FigureKey:
        """The key of a row of mart_week_figure."""
        return cls(
            figure.union_id, figure.basis, figure.category_id, figure.measure_id, figure.period_kind, figure.since_on
        )


def read_added(connection: Connection, week: ReportingWeek) -> Mapping[FigureKey, Added]:
    """Every own figure of a week → sender and where it stands → what it added. Facts are added up as the roll-up does."""
    tree, places = read_tree(connection, week), read_places(connection, week)
    added: dict[FigureKey, dict[tuple[str, str], Amount]] = defaultdict(dict)
    for part in connection.execute(load_sql("marts", "week_parts"), {"week_start": week.monday}):
        amount = Amount(part.value, part.exactness)
        for leaf, key in _figures_of(part, tree, places):
            of_figure = added[key]
            where = (part.sender_union_id, leaf)
            of_figure[where] = of_figure[where] + amount if where in of_figure else amount
    return added


def _figures_of(part: Row[Any], tree: WeekTree, places: Mapping[str, str]) -> Iterator[tuple[str, FigureKey]]:
    """The figures that a part stands in, each with where it stands: 专项期间 figures go no higher than their union."""
    stands = [("organizer", part.union_id, part.union_id)]
    if part.period_kind != PeriodKind.CAMPAIGN:
        stands.append(("place", place_leaf(part.division_code), places.get(part.division_code, tree.root)))
    for basis, leaf, union_id in stands:
        nodes = (union_id,) if part.period_kind == PeriodKind.CAMPAIGN else tree.upwards(union_id)
        for node in nodes:
            for category in (part.category_id, "all"):
                yield leaf, FigureKey(node, basis, category, part.measure_id, part.period_kind, part.since_on)
