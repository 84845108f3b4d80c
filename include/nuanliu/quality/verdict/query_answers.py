"""What answers a query: 说明 on the row, an engineer, 说明 given earlier for the same value, a tolerance. Then it is an info."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import pandas as pd

from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.history import History
from nuanliu.domain.submission import Submission
from nuanliu.domain.tolerance import Tolerance
from nuanliu.quality.finding_places import measure_of
from nuanliu.quality.verdict.earlier_explanations import EarlierExplanations

_NOTHING_TO_DO = "不用处理。"
_QUOTED = 60


def waiver_answered(submission: Submission, rules: RuleRegistry, history: History | None = None) -> Submission:
    """Turn releasable queries that are answered into infos; an explanation that answers again is written into its row.

    Never an unreadable figure, a name or a period: their rules are not releasable. An error stays an error.
    """
    open_queries = [f for f in submission.findings if f.severity is Severity.QUERY and rules[f.rule].releasable]
    if not open_queries:
        return submission
    desk = _Desk(submission, rules, history, open_queries)
    if not desk.has_answers:
        return submission
    released = {id(finding): desk.answer(finding) for finding in open_queries}
    findings = tuple(released.get(id(finding), finding) for finding in submission.findings)
    return replace(submission, findings=findings, rows=desk.rows())


class _Desk:
    """Answers the releasable queries of one submission."""

    def __init__(
        self, submission: Submission, rules: RuleRegistry, history: History | None, queries: list[Finding]
    ) -> None:
        self._submission = submission
        self._rules = rules
        rows = submission.rows
        filled = rows["explanation"].str.strip().fillna("").ne("")
        self._explained = set(rows.loc[filled, "activity_id"])
        self._explained_anew = self._explained - _copied_explanations(rows[filled])
        is_queried = rows["row_id"].isin([f.row_id for f in queries if f.row_id is not None])
        queried = rows[["row_id", "activity_id"]][is_queried]
        self._activity_of = dict(zip(queried["row_id"], queried["activity_id"], strict=True))
        asked = {self._activity_of[f.row_id] for f in queries if f.row_id is not None} - self._explained
        self._earlier = EarlierExplanations(submission, history, asked) if history and asked else None
        again = history.again if history else None
        self._let_pass = {waiver.place: waiver for waiver in again.waivers} if again else {}
        self._tolerances: tuple[Tolerance, ...] = history.tolerances if history else ()
        self._said: dict[int, str] = {}

    @property
    def has_answers(self) -> bool:
        """Whether anything at all could answer a query; of most files nothing can, however many they raise."""
        return bool(self._explained or self._earlier or self._let_pass or self._tolerances)

    def answer(self, query: Finding) -> Finding:
        """The query as an info that says why, or unchanged when nothing answers it."""
        if self._rules[query.rule].needs_own_explanation:
            # A second row of one activity counts twice once it is let through: only words written for it may do that.
            own = query.row_id is not None and self._activity_of[query.row_id] in self._explained_anew
            return query.answered("已写说明,这一条不再追问。", _NOTHING_TO_DO) if own else query
        activity = None if query.row_id is None else self._activity_of[query.row_id]
        if activity in self._explained:
            return query.answered("已写说明,这一条不再追问。", _NOTHING_TO_DO)
        waiver = self._let_pass.get((query.sheet, query.row, query.rule))
        if waiver is not None:
            self._say(activity, waiver.words)
            return query.answered(f"{waiver.words}。", _NOTHING_TO_DO)
        if activity is not None:
            why = self._earlier_explanation(query, activity)
            if why is not None:
                self._say(activity, why)
                return query.answered(f"数字没有变,沿用以前的说明“{_quoted(why)}”,这一条不再追问。", _NOTHING_TO_DO)
        tolerance = self._tolerance(query)
        if tolerance is None:
            return query
        until = f"{tolerance.expires_on.isoformat()} 以前有效"
        return query.answered(f"已按约定不再追问({tolerance.reason};{until})。", _NOTHING_TO_DO)

    def _say(self, activity: int | None, words: str) -> None:
        """Let the activity's row say it, as if the union had written it there. A query on the whole file has no row."""
        if activity is None:
            return
        said = self._said.get(activity)
        if said is None or words not in said:
            self._said[activity] = words if said is None else f"{said};{words}"

    def rows(self) -> pd.DataFrame:
        """The submission's rows; those that an engineer or an earlier explanation answers now say it themselves."""
        rows = self._submission.rows
        if not self._said:
            return rows
        again = rows["activity_id"].map(self._said).astype("str")
        return rows.assign(explanation=rows["explanation"].where(again.isna(), again))

    def _earlier_explanation(self, query: Finding, activity: int) -> str | None:
        if self._earlier is None:
            return None
        measure_id = measure_of(query)
        if measure_id is not None and self._rules[query.rule].params.get("about_one_figure"):
            return self._earlier.of_figure(activity, measure_id)
        if self._rules[query.rule].is_about_row:
            # It asks about the row beside others of this file: words of another week were written beside other rows.
            return self._earlier.of_row(activity)
        return self._earlier.of_activity(activity)

    def _tolerance(self, query: Finding) -> Tolerance | None:
        """The tolerance that covers a query; of several the one that lasts longest."""
        if not self._tolerances:
            return None
        measure_id = value = None
        if query.row_id is not None:
            measure_id = measure_of(query)
            value = self._value(query.row_id, measure_id) if measure_id is not None else None
        is_floor = bool(self._rules[query.rule].params.get("tolerated_from_limit"))
        covering = [t for t in self._tolerances if t.covers(query.rule, measure_id, value, is_floor=is_floor)]
        return max(covering, key=lambda t: (t.expires_on, t.tolerance_id), default=None)

    def _value(self, row_id: int, measure_id: str) -> int | None:
        return self._values.get((row_id, measure_id))

    @cached_property
    def _values(self) -> dict[tuple[int, str], int]:
        """The figures of the rows that are asked about; none of those that stand twice."""
        figures = self._submission.figures
        own = figures[figures["row_id"].isin(list(self._activity_of))]
        once = own[~own.duplicated(["row_id", "measure_id"], keep=False)]
        return dict(zip(zip(once["row_id"], once["measure_id"], strict=True), once["value_cents"], strict=True))


def _copied_explanations(explained: pd.DataFrame) -> set[int]:
    """Activities whose 说明 an earlier row of the same activity key has word for word: copied along with the row."""
    by_activity = explained.drop_duplicates("activity_id")
    words = by_activity.assign(explanation=by_activity["explanation"].str.strip())
    copied = words.duplicated(["activity_key", "explanation"]) & words["activity_key"].notna()
    return set(words.loc[copied, "activity_id"])


def _quoted(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"
