"""What the warehouse knows that a new file must be held against. Read once per drop, before the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from nuanliu.domain.tolerance import Tolerance
from nuanliu.domain.waiver import AnsweredAgain

OVERTAKEN = "file.version.overtaken"
"""The rule that says in a receipt that a younger file was answered before; its value is the number of that one's receipt."""


@dataclass(frozen=True)
class EarlierVersion:
    """One earlier drop of the same (union, week) that was answered."""

    receipt_no: str
    version: int | None
    sha256: str
    content_hash: str
    is_current: bool
    receipt: Mapping[str, Any]
    """Its receipt JSON."""
    is_younger: bool = False
    """Whether its file arrived after the one that is checked, and was answered before."""


@dataclass(frozen=True)
class History:
    """Everything ``set.*``/``time.*``/``org.*`` rules against earlier weeks need; values in hundredths of base units.

    ``versions``: answered, non-trial drops of the same union and week, oldest first.
    ``current_rows``: activities that the current version(s) of the same union and week hold. Columns: activity_key,
        content_hash, activity_name, receipt_no, explanation, is_counting (False: waits behind another row). All others here count.
    ``current_figures``: of those that count. Columns: activity_key, measure_id, value_cents, exactness.
    ``other_activities``: the union's activities that other current submissions hold, events and other kinds, for the weeks
        touched and those beside them. Columns: activity_key, series_key, identity_key, measures_hash, content_hash, start_on,
        week_start, receipt_no, is_dated, is_numbered, owner_id (the 填报单位 of 含下级, else "").
    ``own_activities``: the same of the current version(s) of the file's own week that a 补充 adds to; else empty.
    ``series``: what the union's other reports say of the cumulative series of the file at the as-of nearest before each
        row's own, earlier ones first. Columns: series_key, measure_id, scope, period_kind, since_on, as_of_on, value_cents,
        exactness, explanation, receipt_no. ``later_series``: the same at the as-of nearest after it.
    ``current_series``: cumulative figures of the union that count, those of the file's own week too; read only when the file
        brings a series that is new. Columns: series_key, measure_id, period_kind, scope, since_on, as_of_on, activity_name,
        activity_no, category_id, item_name, organizer_union_id, reporting_union_id, explanation, receipt_no, week_start (reported on).
    ``foreign``: activities with the same organiser reported by another union. Columns: organizer_union_id, category_id,
        activity_name, start_on, week_start, reporting_union_id, receipt_no, identity_key, period_kind.
    ``typical``: the union's own past event figures. Columns: category_id, measure_id, weeks, median_cents, max_cents.
    ``tolerances``: of the union, in force when the file arrived.
    ``same_bytes``: other unions' current submissions that came as the very bytes of this file: (union id, receipt number).
    ``again``: set when the file is answered a second time, with what an engineer let pass in it.
    ``handed_over``: activities of the union that its receipts have not told to be counted at another union, or to count again.
    ``younger``: current versions of the week that arrived after the file; then ``versions`` and the current rows and
        figures are those before them. ``younger_keys``: their activities, and the receipt that each stands in.
    """

    versions: tuple[EarlierVersion, ...]
    current_rows: pd.DataFrame
    current_figures: pd.DataFrame
    other_activities: pd.DataFrame
    own_activities: pd.DataFrame
    series: pd.DataFrame
    foreign: pd.DataFrame
    typical: pd.DataFrame
    later_series: pd.DataFrame
    current_series: pd.DataFrame
    tolerances: tuple[Tolerance, ...] = ()
    same_bytes: tuple[tuple[str, str], ...] = ()
    again: AnsweredAgain | None = None
    handed_over: tuple[HandedOver, ...] = ()
    younger: tuple[EarlierVersion, ...] = ()
    younger_keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HandedOver:
    """An activity that the union had reported and that its organiser has reported itself since; or, ``is_given_back``, that
    counts again since another union's report of it went away.
    """

    object_id: int
    """The organiser's drop; of what is given back the one that took the other report away."""
    activity_key: str
    week_start: date
    activity_name: str
    organizer_union_id: str
    receipt_no: str
    """That drop's."""
    from_receipt_no: str
    is_given_back: bool = False
