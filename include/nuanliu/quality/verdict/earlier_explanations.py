"""说明 that was given before: it answers a query again for as long as what it explained stays the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from nuanliu.domain.history import History
from nuanliu.domain.submission import Submission
from nuanliu.quality.finding_places import records, text_or_none

Said = tuple[str, int, int]
"""measure id, value in hundredths, exactness."""
_SAID = ("measure_id", "value_cents", "exactness")
_SERIES = ("series_key", "scope", "period_kind")


class EarlierExplanations:
    """Explanations of the current version of the same week, and of the latest figures of the series a file continues."""

    def __init__(self, submission: Submission, history: History, activities: Iterable[int]) -> None:
        wanted = list(activities)
        rows = submission.rows
        heads = rows[rows["activity_id"].isin(wanted)].drop_duplicates("activity_id")
        labels = list(records(heads, ("activity_id", "activity_key", *_SERIES)))
        self._key_of = {row["activity_id"]: text_or_none(row["activity_key"]) for row in labels}
        self._series_of = {row["activity_id"]: tuple(row[name] for name in _SERIES) for row in labels}
        self._now = _figures(submission.figures[submission.figures["activity_id"].isin(wanted)], "activity_id")
        # A key may stand twice in a file, explained: then the two are compared together.
        keys = set(self._key_of.values())
        together = rows[rows["activity_key"].isin([key for key in keys if key])].drop_duplicates("activity_id")
        key_of = together.set_index("activity_id")["activity_key"]
        own = submission.figures[submission.figures["activity_id"].isin(key_of.index)]
        self._now_of_key = _figures(own.assign(activity_key=own["activity_id"].map(key_of)), "activity_key")
        self._said_of_key = _figures(_among(history.current_figures, "activity_key", keys), "activity_key")
        self._why_of_key = _explanations(_among(history.current_rows, "activity_key", keys), "activity_key")
        series = {labels[0] for labels in self._series_of.values()}
        self._of_series: dict[tuple[Any, ...], tuple[Said, str | None]] = {
            (*(row[name] for name in _SERIES), row["measure_id"]): (_said(row), text_or_none(row["explanation"]))
            for row in records(_among(history.series, "series_key", series), (*_SERIES, *_SAID, "explanation"))
        }

    def of_figure(self, activity_id: int, measure_id: str) -> str | None:
        """What explained this figure when it last had this value."""
        now = {said for said in self._now.get(activity_id, ()) if said[0] == measure_id}
        key = self._key_of.get(activity_id)
        if now and now <= set(self._said_of_key.get(key, ())) and key in self._why_of_key:
            return self._why_of_key[key]
        said, why = self._of_series.get((*self._series_of[activity_id], measure_id), (None, None))
        return why if said is not None and now == {said} else None

    def of_row(self, activity_id: int) -> str | None:
        """What explained this activity in the current version of the week, which said all of what it says now."""
        key = self._key_of.get(activity_id)
        if key in self._why_of_key and self._now_of_key.get(key) == self._said_of_key.get(key):
            return self._why_of_key[key]
        return None

    def of_activity(self, activity_id: int) -> str | None:
        """What explained this activity when it last said all of what it says now, in this week or an earlier one."""
        if (why := self.of_row(activity_id)) is not None:
            return why
        before = [
            self._of_series.get((*self._series_of[activity_id], measure_id), (None, None))
            for measure_id, _, _ in self._now.get(activity_id, ())
        ]
        if before and {said for said, _ in before} == set(self._now[activity_id]):
            return next((why for _, why in before if why), None)
        return None


def _among(table: Any, column: str, wanted: Iterable[str | None]) -> Any:
    return table[table[column].isin([text for text in wanted if text])]


def _said(row: Mapping[str, Any]) -> Said:
    return str(row["measure_id"]), int(row["value_cents"]), int(row["exactness"])


def _figures(table: Any, by: str) -> dict[Any, Counter[Said]]:
    found: dict[Any, Counter[Said]] = defaultdict(Counter)
    for row in records(table, (by, *_SAID)):
        found[row[by]][_said(row)] += 1
    return dict(found)


def _explanations(table: Any, by: str) -> dict[str | None, str]:
    """What every row of a key says why; of a repetition the words are its own and answer nothing asked of the first row."""
    said: dict[str | None, list[str]] = defaultdict(list)
    for row in records(table, (by, "explanation")):
        said[row[by]].append((text_or_none(row["explanation"]) or "").strip())
    return {key: words[-1] for key, words in said.items() if all(words)}
