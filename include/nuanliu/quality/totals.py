"""What the accepted rows of a file add up to, for its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuanliu.codes import codes
from nuanliu.exactness import EXACTNESS_CODES, Exactness
from nuanliu.quality.places import records
from nuanliu.quality.written_value import APPROX, OVER, UNDER, plain_text
from nuanliu.receipt import MeasureTotal
from nuanliu.submission import PeriodKind, Scope

if TYPE_CHECKING:
    import pandas as pd


def sum_totals(rows: pd.DataFrame, figures: pd.DataFrame) -> tuple[MeasureTotal, ...]:
    """Sum the figures of accepted activities by measure, period kind and scope.

    ``rows``: accepted rows, as ``Submission.rows``. ``figures``: as ``Submission.figures``; those of other rows are left
    out. Rows of earlier weeks and 计划 rows are included. Order: as the measures' code list, then kind, then scope.
    """
    labels = rows.drop_duplicates("activity_id").set_index("activity_id")[["period_kind", "scope"]]
    own = figures.merge(labels, left_on="activity_id", right_index=True, how="inner")
    own = own.assign(
        is_over=own["exactness"].eq(OVER), is_under=own["exactness"].eq(UNDER), is_approx=own["exactness"].eq(APPROX)
    )
    groups = own.groupby(["measure_id", "period_kind", "scope"]).agg(
        value=("value_cents", "sum"), over=("is_over", "any"), under=("is_under", "any"), approx=("is_approx", "any")
    )
    measures = codes().measures
    totals = []
    for group in records(
        groups.reset_index(), ("measure_id", "period_kind", "scope", "value", "over", "under", "approx")
    ):
        measure = measures[group["measure_id"]]
        exactness = _exactness(over=group["over"], under=group["under"], approx=group["approx"])
        totals.append(
            MeasureTotal(
                measure=measure.id,
                unit=measure.unit,
                period_kind=group["period_kind"],
                scope=group["scope"],
                value=plain_text(group["value"]),
                exactness=str(exactness),
            )
        )
    places = {measure.id: place for place, measure in enumerate(measures)}
    kinds, scopes = list(PeriodKind), list(Scope)
    return tuple(
        sorted(
            totals,
            key=lambda t: (places[t.measure], kinds.index(PeriodKind(t.period_kind)), scopes.index(Scope(t.scope))),
        )
    )


def _exactness(*, over: bool, under: bool, approx: bool) -> Exactness:
    """The exactness of a sum whose parts hold these kinds, beside exact ones."""
    kinds = [kind for kind, held in zip(EXACTNESS_CODES[1:], (over, under, approx), strict=True) if held]
    if not kinds:
        return Exactness.EXACT
    return kinds[0] if len(kinds) == 1 else Exactness.APPROX
