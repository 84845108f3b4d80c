"""A file against what is current already: earlier versions of its week, the union's other weeks, other unions' reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.rules import Rule, RuleRegistry
from nuanliu.domain.findings import Finding
from nuanliu.domain.history import EarlierVersion, History
from nuanliu.domain.submission import PeriodKind, Submission, SubmissionType
from nuanliu.quality.finding_places import NAME_COLUMNS, point_at_name, records

_MOST_NAMES = 5
_MOST_TAKEN_AWAY = 20
_MOST_MOVED = 20
_RULE_OF_VANISHING = {
    SubmissionType.FIRST: "file.version.activity_vanished",
    SubmissionType.ZERO: "file.version.zero_over_activities",
    SubmissionType.CORRECTION: "file.version.takes_away",
    SubmissionType.WITHDRAWAL: "file.version.withdraws",
}
_FOREIGN = (*NAME_COLUMNS, "organizer_union_id", "reporting_union_id_foreign", "receipt_no")


def find_version_problems(
    submission: Submission, activities: pd.DataFrame, history: History, rules: RuleRegistry
) -> list[Finding]:
    """All findings of ``file.version.*`` and ``org.foreign.*`` but those that need the fate of every row (gate)."""
    found = list(_file_findings(submission, activities, history, rules))
    if activities.empty:
        return found
    found += _same_file(history, rules)
    known: set[int] = set()
    if submission.submission_type is SubmissionType.SUPPLEMENT and current_versions(history):
        added = list(_against_current(submission, activities, history, rules))
        known = {finding.row_id for finding in added if finding.row_id is not None}
        found += added
    fresh = activities.drop(list(known))
    events = fresh[fresh["period_kind"].eq(PeriodKind.EVENT)]
    found += _against_other_weeks(submission, events, history, rules)
    found += _against_other_unions(submission, fresh, history, rules)
    return found


def current_versions(history: History | None) -> tuple[EarlierVersion, ...]:
    """The versions of the same week that count now: one, and its supplements."""
    return tuple(version for version in history.versions if version.is_current) if history else ()


def _file_findings(
    submission: Submission, activities: pd.DataFrame, history: History, rules: RuleRegistry
) -> Iterator[Finding]:
    current = current_versions(history)
    kind = submission.submission_type
    if not current:
        if history.younger:
            return  # what it corrects or adds to cannot be known: it came before all that stands
        if kind.is_correction:
            taken_as = SubmissionType.ZERO if kind.is_zero else SubmissionType.FIRST
            yield rules["file.version.nothing_to_correct"].finding(taken_as=str(taken_as))
        elif kind is SubmissionType.SUPPLEMENT:
            yield rules["file.version.nothing_to_add_to"].finding()
        return
    if kind is SubmissionType.SUPPLEMENT:
        return
    gone = _vanishing(history.current_rows[history.current_rows["is_counting"]], activities)
    mended = _mended(submission, activities, gone, history)
    if kind.is_correction:
        gone = [row for number, row in enumerate(gone) if number not in mended]
    if gone:
        names = list(dict.fromkeys(row["activity_name"] for row in gone))
        most = _MOST_NAMES if not kind.is_correction else _MOST_TAKEN_AWAY
        shown = "、".join(names[:most]) + ("等" if len(names) > most else "")
        rule = rules[_RULE_OF_VANISHING[kind]]
        clause = "" if mended else str(rule.params.get("or_supplement", ""))
        yield rule.finding(count=len(gone), names=shown, week=submission.week.label, or_supplement=clause)
        if kind.is_zero or not kind.is_correction:
            return
    receipt_nos = "、".join(version.receipt_no for version in current)
    yield rules["file.version.replaces"].finding(receipt_no=receipt_nos, week=submission.week.label)


def _vanishing(before: pd.DataFrame, activities: pd.DataFrame) -> list[dict[str, Any]]:
    """The accepted activities that a file no longer has; one that stood twice, explained, is looked for twice."""
    left = before["activity_key"].map(activities["activity_key"].value_counts()).fillna(0).astype("int64")
    gone = before[before.groupby("activity_key").cumcount().ge(left)]
    return list(records(gone, ("activity_key", "activity_name")))


def _mended(submission: Submission, activities: pd.DataFrame, gone: list[dict[str, Any]], history: History) -> set[int]:
    """The places of those that are gone but whose figures a new activity has, one for one: a mended name, date or number, which 补充 would
    add twice.
    """
    fresh = activities[~activities["activity_key"].isin(history.current_rows["activity_key"])]
    said = _said_by(submission.figures[submission.figures["activity_id"].isin(fresh.index)], "activity_id")
    left = Counter(said.values())
    before = _said_by(history.current_figures, "activity_key")
    mended = set()
    for number, row in enumerate(gone):
        figures = before.get(row["activity_key"])
        if figures is not None and left[figures] > 0:
            left[figures] -= 1
            mended.add(number)
    return mended


def _said_by(figures: pd.DataFrame, by: str) -> dict[Any, frozenset[tuple[Any, ...]]]:
    said: dict[Any, set[tuple[Any, ...]]] = defaultdict(set)
    for figure in records(figures, (by, "measure_id", "value_cents", "exactness")):
        said[figure[by]].add((figure["measure_id"], int(figure["value_cents"]), int(figure["exactness"])))
    return {key: frozenset(values) for key, values in said.items()}


def _same_file(history: History, rules: RuleRegistry) -> Iterator[Finding]:
    """The very bytes that another union's figures rest on. A zero report without a name may well read like another's."""
    if history.same_bytes:
        sender, receipt_no = history.same_bytes[0]
        yield rules["org.foreign.same_file"].finding(receipt_no=receipt_no, other_union=_union_name(sender))


def describe_superseded(history: History, rules: RuleRegistry) -> list[Finding]:
    """A finding for all activities of the union that count at another since its last receipt, and one for those given back."""
    found = []
    for rule, says, is_given_back in (
        ("org.foreign.handed_over", "里报送", False),
        ("org.foreign.given_back", "里去掉", True),
    ):
        moved = [activity for activity in history.handed_over if activity.is_given_back is is_given_back]
        if not moved:
            continue
        shown = ";".join(
            f"“{activity.activity_name}”({activity.from_receipt_no}),{_union_name(activity.organizer_union_id)}"
            f"在 {activity.receipt_no} {says}"
            for activity in moved[:_MOST_MOVED]
        )
        if len(moved) > _MOST_MOVED:
            shown += f";等 {len(moved)} 个"
        found.append(rules[rule].finding(activities=shown))
    return found


def _against_current(
    submission: Submission, activities: pd.DataFrame, history: History, rules: RuleRegistry
) -> Iterator[Finding]:
    """补充 only adds: what is there already is set aside, what would change it is asked about."""
    before = history.current_rows
    contents = set(zip(before["activity_key"], before["content_hash"], strict=True))
    receipt_nos = dict(zip(before["activity_key"], before["receipt_no"], strict=True))
    known = activities[activities["activity_key"].isin(before["activity_key"])]
    for row in records(known, (*NAME_COLUMNS, "activity_key", "content_hash")):
        is_same = (row["activity_key"], row["content_hash"]) in contents
        rule = rules["file.version.already_there" if is_same else "file.version.key_exists"]
        yield point_at_name(submission, rule, row, receipt_no=receipt_nos[row["activity_key"]])


def _against_other_weeks(
    submission: Submission, events: pd.DataFrame, history: History, rules: RuleRegistry
) -> Iterator[Finding]:
    """An event counts once: the same key and week in another current submission of the union."""
    if history.other_activities.empty:
        return
    others = history.other_activities[["activity_key", "week_start", "content_hash", "receipt_no"]]
    both = events.merge(
        others.drop_duplicates(["activity_key", "week_start", "content_hash"]),
        left_on=["activity_key", "counts_week"],
        right_on=["activity_key", "week_start"],
        suffixes=("", "_other"),
    )
    # Two of one key may stand there, explained: the row is the one that it agrees with.
    is_same = both["content_hash"].eq(both["content_hash_other"])
    both = both.assign(is_same=is_same).sort_values(["row_id", "is_same"], ascending=[True, False], kind="stable")
    for row in records(both.drop_duplicates("row_id"), (*NAME_COLUMNS, "is_same", "receipt_no")):
        rule = rules["file.version.counted_elsewhere" if row["is_same"] else "file.version.differs_elsewhere"]
        yield point_at_name(submission, rule, row, receipt_no=row["receipt_no"])


def _against_other_unions(
    submission: Submission, activities: pd.DataFrame, history: History, rules: RuleRegistry
) -> Iterator[Finding]:
    """The organiser's own report counts; any other later report of the activity is held, naming the first."""
    if activities.empty or history.foreign.empty:
        return
    same = activities.merge(history.foreign, on="identity_key", suffixes=("", "_foreign"))
    for row in records(same.drop_duplicates("row_id"), _FOREIGN):
        is_own = row["organizer_union_id"] == submission.union_id
        rule = rules["org.foreign.takes_over" if is_own else "org.foreign.already_reported"]
        yield _foreign_finding(submission, rule, row)
    rest = activities[activities["period_kind"].eq(PeriodKind.EVENT) & ~activities["row_id"].isin(same["row_id"])]
    similar = rules["org.foreign.similar"]
    alike = _similar_activities(rest, history.foreign, int(similar.params["most_days_apart"]))
    for row in records(alike.drop_duplicates("row_id"), _FOREIGN):
        yield _foreign_finding(submission, similar, row)


def _similar_activities(events: pd.DataFrame, foreign: pd.DataFrame, most_days_apart: int) -> pd.DataFrame:
    """Events beside events of other unions that differ in their start by some days, in week, item or scope."""
    same = ["organizer_union_id", "category_id", "folded_name"]
    others = foreign[foreign["period_kind"].eq(PeriodKind.EVENT)]
    both = _folded(events).merge(_folded(others), on=same, suffixes=("", "_foreign"))
    apart = (both["start_on"] - both["start_on_foreign"]).abs()
    return both[apart <= np.timedelta64(most_days_apart, "D")]


def _folded(table: pd.DataFrame) -> pd.DataFrame:
    spellings = {name: fold_label(name) for name in table["activity_name"].dropna().unique()}
    folded = table["activity_name"].map(spellings).astype("str")
    return table.assign(folded_name=folded)[folded.notna()]


def _foreign_finding(submission: Submission, rule: Rule, row: dict[str, Any]) -> Finding:
    name = _union_name(row["reporting_union_id_foreign"])
    return point_at_name(submission, rule, row, receipt_no=row["receipt_no"], other_union=name)


def _union_name(union_id: str) -> str:
    unions = codes().unions.list
    return unions[union_id].name if union_id in unions else union_id
