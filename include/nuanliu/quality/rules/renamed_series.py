"""A cumulative series that may go on under another name: a new one while the file is silent on one that differs in its name only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from nuanliu.contract.former_names import MARK, SeriesNames, continues
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.rules import Rule
from nuanliu.domain.findings import Finding
from nuanliu.domain.submission import PeriodKind, Scope, Submission, SubmissionType
from nuanliu.quality.finding_places import NAME_COLUMNS, point_at_name, records, text_or_none

_CARRIED = tuple(str(kind) for kind in (PeriodKind.YTD, PeriodKind.CUMULATIVE_SINCE, PeriodKind.STOCK))
_NAMES = {
    "activity_name": "活动名称",
    "activity_no": "活动编号",
    "category_id": "活动类别",
    "item_name": "物资名称",
    "owners": "主办单位",
}
"""What may change when a series is renamed, and what it is called. ``owners``: organiser and, of 含下级, 填报单位."""
_OF_FORMER = ["former_as_of", "former_name", "former_no", "receipt_no"]
_SERIES = ["series_key", "year"]
_SAME = ["period_kind", "scope", "since", "year", "measure_id"]
"""What stays the same then."""
_WRITTEN = (
    "written_name",
    "written_no",
    "category_id",
    "item_name",
    "organizer_union_id",
    "reporting_union_id",
    "scope",
)
"""What ``SeriesNames`` has."""
_MEANT = [name for name in _SAME if name not in _WRITTEN]


def find_renamed(
    submission: Submission, activities: pd.DataFrame, figures: pd.DataFrame, current: pd.DataFrame, rule: Rule
) -> Iterator[Finding]:
    """One query for each new series that may be a current one of which the file says nothing.

    ``current``: as ``History.current_series``. What a version that the file replaces says is current too, but it neither
    makes its own successor an old series nor ends a former one.
    """
    carried = activities[activities["period_kind"].isin(_CARRIED)]
    if current.empty or carried.empty:
        return
    labels = _comparable(carried)[[*_SAME[:-1], *_NAMES, "numbered_by", "series_key", "as_of_on", "sheet", "row"]]
    said = labels.merge(figures[["activity_id", "measure_id"]], left_index=True, right_on="activity_id")
    known = _comparable(current)
    is_own = known["week_start"].eq(pd.Timestamp(submission.week.monday))
    adds = submission.submission_type is SubmissionType.SUPPLEMENT
    staying = known if adds else known[~is_own]
    silent = _without(_without(known, said), known[is_own]) if adds else _without(known, said)
    former = silent[~_has_ended(silent, staying)]
    pairs = _pairs(_without(said, staying), former)
    words = activities[["activity_name"]].rename(columns={"activity_name": "value"})
    columns = (*NAME_COLUMNS, "part", "former_name", "former_no", "receipt_no")
    for pair in records(pairs.join(words, on="activity_id").assign(row_id=pairs["activity_id"]), (*columns, "value")):
        name, number = text_or_none(pair["former_name"]), text_or_none(pair["former_no"])
        answer = number if pair["part"] == _NAMES["activity_no"] and number else name
        yield point_at_name(
            submission,
            rule,
            {**pair, "activity_name": pair["value"]},
            former=f"{name}(编号 {number})" if number else name,
            receipt_no=pair["receipt_no"],
            part=pair["part"],
            answer=answer,
        )


def _pairs(said: pd.DataFrame, former: pd.DataFrame) -> pd.DataFrame:
    """Each new row with the latest former series from which exactly one of the five differs.

    A number is its 填报单位's own: of another one it is another series, and 填报单位 is what differs.
    """
    kept = former[[*_SAME, *_NAMES, "numbered_by", "as_of_on", "written_name", "written_no", "receipt_no"]].rename(
        columns={"as_of_on": "former_as_of", "written_name": "former_name", "written_no": "former_no"}
    )
    found = []
    for column in _NAMES:
        others = [name for name in _NAMES if name != column]
        by_number = ["numbered_by"] if column not in ("activity_no", "owners") else []
        pairs = said.merge(kept, on=[*_SAME, *others, *by_number], suffixes=("", "_before"))
        is_one = pairs[column].ne(pairs[f"{column}_before"])
        if column == "owners":
            is_one |= pairs["numbered_by"].ne(pairs["numbered_by_before"])
        is_one &= pairs["former_as_of"].le(pairs["as_of_on"])
        found.append(pairs[is_one].assign(part=_part_of(pairs[is_one], column))[[*said.columns, "part", *_OF_FORMER]])
    every = pd.concat(found, ignore_index=True).sort_values("former_as_of", ascending=False, kind="stable")
    latest: pd.DataFrame = every.drop_duplicates("activity_id").sort_values("activity_id")
    return latest


def _part_of(pairs: pd.DataFrame, column: str) -> pd.Series:
    """What differs, by its header."""
    part = pd.Series(_NAMES[column], index=pairs.index, dtype="str")
    if column != "owners":
        return part
    then, now = (pairs[name].str.replace("/.*", "", regex=True) for name in ("owners_before", "owners"))
    return part.mask(then.eq(now), "填报单位")


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """The names in their look-up form; 累计起始 and year where they belong to the series."""
    inclusive_by = rows["reporting_union_id"].where(rows["scope"].eq(str(Scope.INCLUSIVE)), "")
    owners = rows["organizer_union_id"].str.cat(inclusive_by, sep="/")
    folded = {name: _folded(rows[name]) for name in _NAMES if name != "owners"}
    is_to_date = rows["period_kind"].eq(str(PeriodKind.YTD))
    return rows.assign(
        **folded,
        owners=owners,
        numbered_by=rows["reporting_union_id"].where(rows["activity_no"].notna(), ""),
        written_name=rows["activity_name"],
        written_no=rows["activity_no"],
        since=rows["since_on"].where(rows["period_kind"].eq(str(PeriodKind.CUMULATIVE_SINCE)), pd.Timestamp(0)),
        year=rows["as_of_on"].dt.year.where(is_to_date, 0),
    )


def _folded(texts: pd.Series) -> pd.Series:
    forms = {text: fold_label(text) for text in texts.dropna().unique()}
    return pd.Series([forms.get(text, "") for text in texts], index=texts.index, dtype="str")


def _without(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """The rows of series of which the others say nothing."""
    said = pd.MultiIndex.from_frame(others[_SERIES])
    return rows[~pd.MultiIndex.from_frame(rows[_SERIES]).isin(said)]


def _has_ended(former: pd.DataFrame, staying: pd.DataFrame) -> pd.Series:
    """Whether another submission says as of then or later, with 原:…, that it continues the series."""
    marked = staying[staying["explanation"].fillna("").map(fold_label).str.contains(MARK, regex=False)]
    ended = pd.Series(data=False, index=former.index)
    for heir in records(marked, ("series_key", "week_start", "as_of_on", "explanation", *_MEANT, *_WRITTEN)):
        is_same = former["series_key"].ne(heir["series_key"]) & former["week_start"].ne(heir["week_start"])
        for name in _SAME:
            is_same &= former[name].eq(heir[name])
        is_same &= former["as_of_on"].le(heir["as_of_on"])
        of_heir = _names(heir)
        goes_on = [continues(heir["explanation"], of_heir, _names(each)) for each in records(former[is_same], _WRITTEN)]
        ended |= pd.Series(goes_on, index=former.index[is_same], dtype=bool).reindex(former.index, fill_value=False)
    return ended


def _names(row: Mapping[str, Any]) -> SeriesNames:
    return SeriesNames(*(text_or_none(row[name]) for name in _WRITTEN))  # type: ignore[arg-type]  # two are never empty
