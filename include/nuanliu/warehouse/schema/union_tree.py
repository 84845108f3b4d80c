"""The unions as they stood in a week: who stands below whom, and for which union a place counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.sql_files import load_sql


@dataclass(frozen=True)
class UnionOfWeek:
    """One union, as dim_union has it for a week."""

    union_id: str
    level: str
    parent_union_id: str | None
    division_code: str


@dataclass(frozen=True)
class WeekTree:
    """All unions of a week by id."""

    unions: Mapping[str, UnionOfWeek]

    @cached_property
    def root(self) -> str:
        """The province's id."""
        return next(union.union_id for union in self.unions.values() if union.level == "province")

    def upwards(self, union_id: str) -> tuple[str, ...]:
        """The union and everyone above it, nearest first; a union nobody knows stands alone."""
        chain = [union_id]
        while (union := self.unions.get(chain[-1])) and union.parent_union_id and union.parent_union_id not in chain:
            chain.append(union.parent_union_id)
        return tuple(chain)

    def subtree(self, union_id: str) -> tuple[str, ...]:
        """The union and everyone below it, in code order."""
        return tuple(sorted(member for member in self.unions if union_id in self.upwards(member)))


def read_tree(connection: Connection, week: ReportingWeek) -> WeekTree:
    """The unions as they stood on the week's Monday."""
    rows = connection.execute(load_sql("marts", "union_of_week"), {"week_start": week.monday})
    return WeekTree(
        {row.union_id: UnionOfWeek(row.union_id, row.level, row.parent_union_id, row.division_code) for row in rows}
    )


def read_places(connection: Connection, week: ReportingWeek) -> dict[str, str]:
    """Division code → the union for which a place there counts in a week: the one that lives there, else its heir, else that
    of the place above.
    """
    rows = connection.execute(load_sql("marts", "union_of_place"), {"week_start": week.monday})
    return {row.division_code: row.union_id for row in rows}
