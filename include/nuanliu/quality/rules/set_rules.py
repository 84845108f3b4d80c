"""Rules across the rows of one file: activities written twice, figures repeated, totals that do not add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.rules import Rule, RuleRegistry
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.submission import Submission
from nuanliu.quality.finding_places import (
    FIGURE_PLACE,
    NAME_COLUMNS,
    describe_row,
    first_places,
    name_finding,
    point_at_figure,
    point_at_name,
    records,
    text_or_none,
)
from nuanliu.quality.rules.renumbered import find_unnumbered_twins
from nuanliu.quality.rules.total_rules import find_total_problems

_ONE_ACTIVITY = [
    "activity_no",
    "reporting_union_id",
    "organizer_union_id",
    "category_id",
    "folded_name",
    "start_on",
    "end_on",
    "period_kind",
    "since_on",
    "scope",
]
"""What two rows have in common when they differ in the item only."""
_KEY_CELLS: Mapping[str, tuple[str, ...]] = {
    "activity_no": ("activity_no",),
    "reporting_union": ("reporting_union_id",),
    "organizer_union": ("organizer_union_id",),
    "activity_name": ("activity_name",),
    "category": ("category_id",),
    "start_date": ("start_on",),
    "end_date": ("end_on",),
    "activity_time": ("start_on", "end_on"),
    "period_kind": ("period_kind",),
    "since_date": ("since_on",),
    "item_name": ("item_name",),
    "scope": ("scope",),
}
"""Cells that make the key, and what is read from them; when that could not be read, the row equals no other."""
_REPEATABLE = ("people", "visits", "money", "households", "events")
"""Kinds of measures that belong to the activity as a whole and not to the item handed out."""
_NOT_HEARD = "[ \\t\\r\\n\\f\\v\u3000“”\"「」『』‘’'《》·・•()()]+"
"""Spaces, quotes and dots: names that differ in nothing else are worth a closer look. A column of few long names
is searched by Python and every other by Arrow, so only what both dialects read alike stands here."""


def find_set_problems(
    submission: Submission, activities: pd.DataFrame, figures: pd.DataFrame, rules: RuleRegistry
) -> list[Finding]:
    """All findings of ``set.*`` rules. ``activities``, ``figures``: as in ``frames``."""
    found = find_total_problems(submission, rules)
    if activities.empty:
        return found
    found += _repeated_keys(submission, activities, rules["set.key.repeated"])
    found += find_unnumbered_twins(submission, activities, rules["set.number.missing"])
    found += _repeated_measures(submission, activities, len(figures), rules["row.measure.repeated"])
    bare = _bare(activities["activity_name"])
    alike = activities[bare.notna() & bare.duplicated(keep=False)]
    if alike.empty:
        return found
    named = alike.assign(folded_name=_folded(alike["activity_name"]))
    found += _repeated_item_figures(named, figures, rules["set.items.figure_repeated"])
    found += _similar_activities(submission, named, figures, rules["set.activity.similar"])
    return found


def _repeated_keys(submission: Submission, activities: pd.DataFrame, rule: Rule) -> list[Finding]:
    """A key twice in a file: the first is accepted, every later one is asked about."""
    unread = _rows_unread(submission)
    is_keyed = activities["activity_key"].notna() & ~activities["row_id"].isin(unread)
    is_keyed &= activities["activity_name"].notna() & activities["category_id"].notna()  # no name equals no name
    keyed = activities.loc[is_keyed, [*NAME_COLUMNS, "activity_key"]]
    repeats = keyed[keyed["activity_key"].duplicated()]
    if repeats.empty:
        return []
    place_of = first_places(keyed[keyed["activity_key"].duplicated(keep=False)], "activity_key")
    words = {key: {"first_place": place_of(key)} for key in repeats["activity_key"].unique()}
    places = zip(*(repeats[name].tolist() for name in NAME_COLUMNS), strict=True)
    return [
        name_finding(submission, rule, place, words[key])
        for place, key in zip(places, repeats["activity_key"].tolist(), strict=True)
    ]


def _rows_unread(submission: Submission) -> set[int]:
    """Rows with a finding that a cell of their key could not be read. One that was read and is wrong makes a key."""
    doubted: dict[str, set[int]] = {}
    for finding in submission.findings:
        if finding.row_id is not None and finding.severity in (Severity.ERROR, Severity.QUERY):
            for name in _KEY_CELLS.get(finding.column_id or "", ()):
                doubted.setdefault(name, set()).add(finding.row_id)
    unread: set[int] = set()
    for name, row_ids in doubted.items():
        missing = submission.rows[name].isna().to_numpy()
        unread |= {row_id for row_id in row_ids if missing[row_id]}
    return unread


def _repeated_measures(
    submission: Submission, activities: pd.DataFrame, measure_count: int, rule: Rule
) -> list[Finding]:
    """Long shape: one measure twice for one activity. Which one holds cannot be told.

    ``measure_count``: how many figures there are when each measure of an activity counts once.
    """
    figures = submission.figures
    is_own = figures["activity_id"].isin(activities.index)
    if is_own.sum() == measure_count:
        return []
    own = figures[is_own]
    later = own[own.duplicated(["activity_id", "measure_id"])]
    return [point_at_figure(rule, figure) for figure in records(later, FIGURE_PLACE)]


def _repeated_item_figures(activities: pd.DataFrame, figures: pd.DataFrame, rule: Rule) -> list[Finding]:
    """Gloves and hats of one visit are two rows; the visit's people and money may stand in one of them only."""
    by_item = activities[activities["item_name"].notna()]
    by_item = by_item[by_item.duplicated(_ONE_ACTIVITY, keep=False)]
    if by_item.empty:
        return []
    kinds = {measure.id: measure.kind for measure in codes().measures}
    own = figures[figures["activity_id"].isin(by_item.index) & figures["measure_id"].map(kinds).isin(_REPEATABLE)]
    own = own[own["value_cents"].ne(0)]
    group = by_item.groupby(_ONE_ACTIVITY, dropna=False).ngroup()
    own = own.assign(
        group=own["activity_id"].map(group), item=own["activity_id"].map(by_item["item_name"])
    ).drop_duplicates(["group", "item", "measure_id", "value_cents"])
    cases = own.assign(case=own.groupby(["group", "measure_id", "value_cents"]).ngroup())
    repeats = cases[cases["case"].duplicated()]
    place_of = first_places(cases[cases["case"].isin(repeats["case"])], "case")
    return [
        point_at_figure(rule, figure, first_place=place_of(figure["case"]))
        for figure in records(repeats, (*FIGURE_PLACE, "case"))
    ]


def _similar_activities(
    submission: Submission, activities: pd.DataFrame, figures: pd.DataFrame, rule: Rule
) -> list[Finding]:
    """Same name, place and people, dates at most ``most_days_apart`` apart, and yet another key."""
    people = figures[figures["measure_id"].eq("people_served")].set_index("activity_id")["value_cents"]
    table = activities.assign(people=people.reindex(activities.index))
    table = table[table["people"].notna() & table["start_on"].notna() & table["period_kind"].eq("event")]
    same = ["organizer_union_id", "category_id", "folded_name", "place_division", "place_detail", "item_name", "people"]
    table = table[table.duplicated(same, keep=False)].sort_values([*same, "start_on", "row_id"])
    if len(table) < 2:
        return []
    group = table.groupby(same, dropna=False).ngroup()
    apart = table["start_on"].diff().dt.days
    is_near = apart <= int(rule.params["most_days_apart"])
    close = group.eq(group.shift()) & is_near & table["activity_key"].ne(table["activity_key"].shift())
    before = table[["sheet", "row"]].shift()[close]
    places = (describe_row(text_or_none(sheet), int(row)) for sheet, row in before.itertuples(index=False))
    return [
        point_at_name(submission, rule, row, first_place=place)
        for row, place in zip(records(table[close], NAME_COLUMNS), places, strict=True)
    ]


def _folded(names: pd.Series[str]) -> pd.Series[str]:
    def fold(some: pd.Series[str]) -> pd.Series[str]:
        return some.map({name: fold_label(name) for name in some.dropna().unique()})

    return _each_once(names, fold)


def _bare(names: pd.Series[str]) -> pd.Series[str]:
    return _each_once(names, lambda some: some.str.replace(_NOT_HEARD, "", regex=True))


def _each_once(names: pd.Series[str], change: Callable[[pd.Series[str]], pd.Series[str]]) -> pd.Series[str]:
    """A column of references to few long names stays one: each is changed once, missing stays missing."""
    if getattr(names.dtype, "storage", None) != "python":
        return change(names)
    codes, distinct = pd.factorize(names)
    changed = np.array([*change(pd.Series(distinct, dtype=names.dtype)), np.nan], dtype=object)
    return pd.Series(changed[codes], index=names.index, dtype=names.dtype)
