"""What becomes of a file: its status, its rows, and the version it makes (contract §2 Which week, Which version; §3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from tests.model.deciding_rows import Beside, decide_row
from tests.model.drops import Drop, arrival_order
from tests.model.sameness import Said
from tests.model.tree import tree_of
from tests.model.versions import Decision, Standing, State, Version, list_counting
from tests.model.weeks import monday, shift, week_of, weeks_between

WEEKS_BACK = 8


@dataclass(frozen=True)
class Answer:
    """The receipt as far as the model tells it: ``accepted`` stands for accepted_with_warnings too.

    ``filed`` is the unit-week it is filed under, ``week`` is null when the period conflicts (contract §1).
    """

    status: str
    filed: str
    week: str | None
    rows: tuple[Decision, ...] = ()
    families: tuple[str, ...] = ()
    version: Version | None = None
    overtaken: bool = False
    would_be: str | None = None
    late: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """received = accepted + returned + held + ignored (contract §3)."""
        outcomes = Counter(decision.outcome for decision in self.rows)
        return {"received": len(self.rows), **{name: outcomes[name] for name in OUTCOMES}}


OUTCOMES = ("accepted", "returned", "held", "ignored")


def answer_drop(drop: Drop, state: State) -> Answer:
    """Answer one drop, given what stands when it is answered."""
    answer = answer_file(drop, state)
    answer = replace(answer, late=answer.week is not None and drop.arrived.replace(tzinfo=None) > due_time(answer.week))
    if not drop.trial:
        return answer
    return replace(answer, status="trial", would_be=answer.status, version=None)  # checked and answered, never loaded


def answer_file(drop: Drop, state: State) -> Answer:
    """The checks in the order in which one makes the next idle: period, bytes, kind of file, rows."""
    said_weeks = {week for week in (drop.week, drop.path_week) if week}
    last_closed = shift(week_of(drop.arrived.date()), -1)
    filed = said_weeks.pop() if len(said_weeks) == 1 else last_closed
    if said_weeks:  # cover and folder disagree
        return hold_file(drop, last_closed, None)
    current = state.current.get((drop.union, filed))
    if current and current.drop.bytes_of == drop.bytes_of:
        return repeat(current, "duplicate", filed)
    if not 0 <= weeks_between(filed, week_of(drop.arrived.date())) <= WEEKS_BACK:
        return hold_file(drop, filed, filed)
    if tree_of(filed, state.tree_changes).has_ended(drop.union):
        return reject_file(drop, filed, ("org",))
    if current and current.order > arrival_order(drop):
        return answer_overtaken(drop, filed, current, state)
    return answer_content(drop, filed, current, state)


def answer_content(drop: Drop, filed: str, current: Version | None, state: State) -> Answer:
    """零报告, withdrawal, files without rows, files in another union's name; then the rows."""
    file = tuple(Said(drop.union, filed, row) for row in drop.rows)
    if drop.says_zero:
        return answer_zero_report(drop, filed, current)
    if not file:
        return hold_file(drop, filed, filed)
    trees = [tree_of(said.week, state.tree_changes) for said in file]
    if not all(
        tree.has_ended(said.reporting) or tree.may_write_for(drop.union, said.reporting)
        for tree, said in zip(trees, file, strict=True)
    ):
        return hold_file(drop, filed, filed, ("org",))
    return answer_rows(drop, filed, file, current, state)


def answer_zero_report(drop: Drop, filed: str, current: Version | None) -> Answer:
    """零报告 with rows or over rows is held; 更正零报告 withdraws the week (contract §2, Withdrawing a week)."""
    if drop.rows or (current and current.rows and drop.type == "零报告"):
        return hold_file(drop, filed, filed)
    if current and not current.whole:
        return repeat(current, "unchanged", filed)
    return load(drop, filed, current, Answer("accepted", filed, filed, list_notes(drop)), (), ())


def answer_rows(drop: Drop, filed: str, file: tuple[Said, ...], current: Version | None, state: State) -> Answer:
    """A first version may be accepted in part; a later one is taken whole or held (contract §2, Which version)."""
    before = list_counting(state.current.values())
    counted = [said for said in before if (said.sender, said.report_week) == (drop.union, filed)]
    adds = drop.type == "补充" and current is not None
    others = before if adds else [said for said in before if (said.sender, said.report_week) != (drop.union, filed)]
    own = tuple(row.said for row in current.rows) if adds and current else ()
    beside = Beside(file, others, before, own)
    trees = [tree_of(said.week, state.tree_changes) for said in file]
    rows = tuple(decide_row(said, at, beside, trees[at]) for at, said in enumerate(file))
    answer = Answer(file_status(rows), filed, filed, rows)
    blocked = any(row.outcome in ("returned", "held") and not row.waits for row in rows)
    accepted = sum(row.outcome == "accepted" for row in rows)
    gains = accepted > (0 if adds else len(counted))  # a 说明 or an obstacle gone: more than "unchanged"
    if current and says_the_same(drop, file, current) and not gains:
        return repeat(current, "unchanged", filed)
    if current and (blocked or (drop.type not in ("补充", "更正") and takes_away(counted, file))):
        return hold_file(drop, filed, filed, causes(rows))
    if blocked and not accepted:
        return answer
    return load(drop, filed, current, answer, file, own)


def answer_overtaken(drop: Drop, filed: str, current: Version, state: State) -> Answer:
    """A file answered after a younger one of its key never replaces it (contract §2, Order).

    It is judged as it would have been before the younger ones. Where all that came since only adds (补充), its rows
    go in beneath: the outcome is that of answering each in the order of arrival.
    """
    younger: list[Version] = []
    older: Version | None = current
    while older and older.order > arrival_order(drop):
        younger.append(older)
        older = older.below
    before = {key: version for key, version in state.current.items() if version is not current}
    earlier = replace(state, current={**before, **({(drop.union, filed): older} if older else {})})
    answer = answer_content(drop, filed, older, earlier)
    beneath = answer.version
    if beneath is None or any(version.drop.type != "补充" for version in younger):
        return replace(answer, version=None, overtaken=True)
    said_since = keys([said for version in younger for said in added_by(version)])
    left_out = [said.key in said_since for said in beneath.file] + [False] * (len(answer.rows) - len(beneath.file))
    rows = tuple(
        replace(row, outcome="ignored") if is_left_out and row.outcome == "accepted" else row
        for row, is_left_out in zip(answer.rows, left_out, strict=True)
    )
    both = replace(
        beneath,
        rows=tuple(row for row in beneath.rows if row.said.key not in said_since),
        whole=tuple(said for said in beneath.whole if said.key not in said_since),
        answer=rows,
    )
    for version in reversed(younger):
        own = version.rows[len(version.below.rows) if version.below else 0 :]
        whole = (*both.whole, *added_by(version))
        both = replace(version, number=current.number + 1, rows=(*both.rows, *own), whole=whole, below=both)
    return replace(answer, rows=rows, version=both, overtaken=True)


def added_by(version: Version) -> tuple[Said, ...]:
    """The rows of a version's own file that were not there before."""
    known = keys([row.said for row in version.below.rows]) if version.below else set()
    return tuple(said for said in version.file if said.key not in known)


def load(
    drop: Drop, filed: str, current: Version | None, answer: Answer, file: tuple[Said, ...], own: tuple[Said, ...]
) -> Answer:
    """The next version of the key: 补充 adds to what stands, any other type replaces it (contract §2)."""
    order = arrival_order(drop)
    added = tuple(
        Standing(said, row.outcome == "accepted", order)
        for said, row in zip(file, answer.rows, strict=False)
        if row.outcome == "accepted" or row.waits
    )
    new = tuple(said for said in file if said.key not in keys(own))
    kept = current if current and drop.type == "补充" else None
    rows = (*(kept.rows if kept else ()), *added)
    whole = (*(said for said in (kept.whole if kept else ()) if said.key not in keys(new)), *new)
    number = current.number + 1 if current else 1
    return replace(answer, version=Version(number, drop, rows, whole, file, answer.rows, kept))


def due_time(week: str) -> datetime:
    """Monday 12:00 after the week, Shanghai time; the workday calendar is left out (contract §2, late)."""
    return datetime.combine(monday(shift(week, 1)), time(12))


def reject_file(drop: Drop, filed: str, families: tuple[str, ...]) -> Answer:
    return Answer("rejected", filed, filed, tuple(Decision("returned", families) for _ in drop.rows), families)


def hold_file(drop: Drop, filed: str, week: str | None, families: tuple[str, ...] = ()) -> Answer:
    """File held: every activity row counts as held (contract §3)."""
    held = (Decision("held", ("file", *families)),) * len(drop.rows)
    return Answer("held", filed, week, (*held, *list_notes(drop)), ("file", *families))


def list_notes(drop: Drop) -> tuple[Decision, ...]:
    """A line 本周无活动 below the header is a received row that is ignored (contract §3)."""
    return (Decision("ignored"),) * drop.zero_line


def repeat(current: Version, status: str, filed: str) -> Answer:
    """duplicate and unchanged load nothing and repeat the counts of the version they repeat (contract §2)."""
    return Answer(status, filed, filed, current.answer)


def file_status(rows: Sequence[Decision]) -> str:
    """Contract §3, file status."""
    outcomes = {row.outcome for row in rows}
    if not outcomes & {"returned", "held"}:
        return "accepted"
    if "accepted" in outcomes:
        return "partially_accepted"
    return "held" if "held" in outcomes else "rejected"


def says_the_same(drop: Drop, file: Sequence[Said], current: Version) -> bool:
    """Same content in any format, row by row, as the version; a 补充 also as the 补充 that made it."""
    contents = Counter(said.content for said in file)
    repeated = drop.type == "补充" == current.drop.type and contents == Counter(said.content for said in current.file)
    return repeated or contents == Counter(said.content for said in current.whole)


def takes_away(counted: Sequence[Said], file: Sequence[Said]) -> bool:
    """Whether activities that count now are not in the file; two of one key are two (contract §2)."""
    return bool(Counter(said.key for said in counted) - Counter(said.key for said in file))


def keys(said: Sequence[Said]) -> set[tuple[object, ...]]:
    return {row.key for row in said}


def causes(rows: Sequence[Decision]) -> tuple[str, ...]:
    return tuple(sorted({family for row in rows for family in row.families}))
