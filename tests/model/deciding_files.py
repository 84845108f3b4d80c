"""What becomes of a file: its status, its rows, and the version it makes (contract §2 Which week, Which version; §3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.model.deciding_rows import Beside, Decision, decide_row
from tests.model.drops import Drop, arrival_order
from tests.model.sameness import Said
from tests.model.tree import tree_of
from tests.model.versions import Standing, State, Version, list_counting
from tests.model.weeks import shift, week_of, weeks_between

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

    @property
    def counts(self) -> dict[str, int]:
        """received = accepted + returned + held + ignored (contract §3)."""
        outcomes = Counter(decision.outcome for decision in self.rows)
        return {"received": len(self.rows), **{name: outcomes[name] for name in OUTCOMES}}


OUTCOMES = ("accepted", "returned", "held", "ignored")


def answer_drop(drop: Drop, state: State) -> Answer:
    """Answer one drop, given what stands when it is answered."""
    answer = answer_file(drop, state)
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
    if not 0 <= weeks_between(filed, week_of(drop.arrived.date())) <= WEEKS_BACK:
        return hold_file(drop, filed, filed)
    current = state.current.get((drop.union, filed))
    if current and current.drop.bytes_of == drop.bytes_of:
        return repeat(current, "duplicate", filed)
    return answer_content(drop, filed, current, state)


def answer_content(drop: Drop, filed: str, current: Version | None, state: State) -> Answer:
    """零报告, withdrawal, files without rows, files in another union's name; then the rows."""
    file = tuple(Said(drop.union, filed, row) for row in drop.rows)
    if not drop.says_zero and not file:
        return hold_file(drop, filed, filed)
    if drop.says_zero:
        return answer_zero_report(drop, filed, current)
    if not all(tree_of(said.week, state.tree_changes).may_write_for(drop.union, said.reporting) for said in file):
        return hold_file(drop, filed, filed, ("org",))
    return answer_rows(drop, filed, file, current, state)


def answer_zero_report(drop: Drop, filed: str, current: Version | None) -> Answer:
    """零报告 with rows or over rows is held; 更正零报告 withdraws the week (contract §2, Withdrawing a week)."""
    if drop.rows or (current and current.rows and drop.type == "零报告"):
        return hold_file(drop, filed, filed)
    if current and not current.whole:
        return repeat(current, "unchanged", filed)
    return load(drop, filed, current, Answer("accepted", filed, filed), (), ())


def answer_rows(drop: Drop, filed: str, file: tuple[Said, ...], current: Version | None, state: State) -> Answer:
    """A first version may be accepted in part; a later one is taken whole or held (contract §2, Which version)."""
    before = list_counting(state.current.values())
    counted = [said for said in before if (said.sender, said.report_week) == (drop.union, filed)]
    adds = drop.type == "补充" and current is not None
    others = before if adds else [said for said in before if said not in counted]
    own = tuple(row.said for row in current.rows) if adds and current else ()
    beside = Beside(file, others, before, own)
    rows = tuple(
        decide_row(said, place, beside, tree_of(said.week, state.tree_changes)) for place, said in enumerate(file)
    )
    answer = Answer(file_status(rows), filed, filed, rows)
    blocked = any(row.outcome in ("returned", "held") and not row.waits for row in rows)
    if current and says_the_same(drop, file, current) and not gains(rows, current):
        return repeat(current, "unchanged", filed)
    if current and (blocked or (drop.type not in ("补充", "更正") and takes_away(counted, file))):
        return hold_file(drop, filed, filed, causes(rows))
    if blocked and not any(row.outcome == "accepted" for row in rows):
        return answer
    return load(drop, filed, current, answer, file, own)


def load(
    drop: Drop, filed: str, current: Version | None, answer: Answer, file: tuple[Said, ...], own: tuple[Said, ...]
) -> Answer:
    """The next version of the key; a file answered after a younger one never replaces it (contract §2, Order)."""
    order = arrival_order(drop)
    if current and current.order > order:
        return replace(answer, overtaken=True)
    added = tuple(
        Standing(said, row.outcome == "accepted", order)
        for said, row in zip(file, answer.rows, strict=True)
        if row.outcome == "accepted" or row.waits
    )
    kept = current.rows if own and current else ()
    whole = (*(current.whole if own and current else ()), *(said for said in file if said.key not in keys(own)))
    version = Version(current.number + 1 if current else 1, drop, (*kept, *added), whole, file, answer.rows)
    return replace(answer, version=version)


def hold_file(drop: Drop, filed: str, week: str | None, families: tuple[str, ...] = ()) -> Answer:
    """File held: every activity row counts as held (contract §3)."""
    return Answer("held", filed, week, tuple(Decision("held", ("file",)) for _ in drop.rows), ("file", *families))


def repeat(current: Version, status: str, filed: str) -> Answer:
    """duplicate and unchanged load nothing and repeat the counts of the version they repeat (contract §2)."""
    rows = tuple(row for row in current.answer if isinstance(row, Decision))
    return Answer(status, filed, filed, rows)


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


def gains(rows: Sequence[Decision], current: Version) -> bool:
    """More would be accepted than now: an answer in 说明, or an obstacle gone, is not "unchanged"."""
    return sum(row.outcome == "accepted" for row in rows) > sum(row.accepted for row in current.rows)


def takes_away(counted: Sequence[Said], file: Sequence[Said]) -> bool:
    """Whether activities that count now are not in the file; two of one key are two (contract §2)."""
    return bool(Counter(said.key for said in counted) - Counter(said.key for said in file))


def keys(said: Sequence[Said]) -> set[tuple[object, ...]]:
    return {row.key for row in said}


def causes(rows: Sequence[Decision]) -> tuple[str, ...]:
    return tuple(sorted({family for row in rows for family in row.families}))
