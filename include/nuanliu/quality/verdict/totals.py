"""What the accepted rows of a file add up to, for its receipt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness
from nuanliu.domain.receipt import MeasureTotal
from nuanliu.domain.submission import PeriodKind, Scope
from nuanliu.quality.finding_places import records
from nuanliu.quality.written_value import APPROX, OVER, UNDER, cents_text, summable


def sum_totals(rows: pd.DataFrame, figures: pd.DataFrame) -> tuple[MeasureTotal, ...]:
    """Sum the figures of accepted activities by measure, period kind and scope.

    ``rows``: activity_id, period_kind and scope of the accepted rows. ``figures``: as ``Submission.figures``; those of
    other rows are left out. Rows of earlier weeks and 计划 rows are included. Order: as the measures' code list, then kind,
    then scope.
    """
    labels = rows[["activity_id", "period_kind", "scope"]].drop_duplicates("activity_id").dropna()
    kind_codes, kind_names = pd.factorize(labels["period_kind"])
    scope_codes, scope_names = pd.factorize(labels["scope"])
    label_codes = kind_codes * len(scope_names) + scope_codes
    at = pd.Index(labels["activity_id"]).get_indexer(pd.Index(figures["activity_id"]))
    own = np.flatnonzero(at >= 0)
    measure_of, measure_names = pd.factorize(figures["measure_id"])
    marks = figures["exactness"].to_numpy()[own]
    own_figures = pd.DataFrame(
        {
            "case": measure_of[own] * (len(kind_names) * len(scope_names)) + label_codes[at[own]],
            "value": summable(figures["value_cents"].to_numpy()[own]),
            "over": marks == OVER,
            "under": marks == UNDER,
            "approx": marks == APPROX,
        }
    )
    grouped = own_figures.groupby("case")
    groups = grouped[["over", "under", "approx"]].any().assign(value=grouped["value"].sum())
    measure_at, kind_at = np.divmod(groups.index.to_numpy(), len(kind_names) * len(scope_names) or 1)
    kind_at, scope_at = np.divmod(kind_at, len(scope_names) or 1)
    groups = groups.assign(
        measure_id=measure_names.take(measure_at),
        period_kind=kind_names.take(kind_at),
        scope=scope_names.take(scope_at),
    )
    measures = codes().measures
    totals = []
    for group in records(groups, ("measure_id", "period_kind", "scope", "value", "over", "under", "approx")):
        measure = measures[group["measure_id"]]
        exactness = _exactness(over=group["over"], under=group["under"], approx=group["approx"])
        totals.append(
            MeasureTotal(
                measure=measure.id,
                unit=measure.unit,
                period_kind=group["period_kind"],
                scope=group["scope"],
                value=cents_text(group["value"]),
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
