"""What becomes of a file: its status, its rows, and whether it loads (contract §2 Which week, Which version; §3)."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, time

from tests.model.deciding_rows import Beside, decide_row
from tests.model.drops import Drop, arrival_order
from tests.model.sameness import Said
from tests.model.versions import Answer, Decision, State, Version
from tests.model.weeks import monday, shift, week_of

WEEKS_BACK = 8


def answer_drop(drop: Drop, state: State) -> Answer:
    """Answer one drop, given what stands when it is answered.

    Late is after Monday 12:00 that follows the week; the workday calendar is left out (contract §2, late).
    """
    answer = answer_file(drop, state)
    due = datetime.combine(monday(shift(answer.filed, 1)), time(12), drop.arrived.tzinfo)
    answer = replace(answer, late=answer.week is not None and drop.arrived > due)
    # 试报 is checked and answered, never loaded.
    return replace(answer, status="trial", would_be=answer.status, loads=False) if drop.trial else answer


def answer_file(drop: Drop, state: State) -> Answer:
    """The checks in the order in which one makes the next idle: period, bytes, order, kind of file, rows."""
    said_weeks = {week for week in (drop.week, drop.path_week) if week}
    last_closed = shift(week_of(drop.arrived.date()), -1)
    if len(said_weeks) > 1:  # cover and folder disagree
        return refuse_file(drop, "held", last_closed, None)
    filed = min(said_weeks, default=last_closed)
    current = state.current.get((drop.union, filed), Version())
    if current.files and current.files[-1].drop.bytes_of == drop.bytes_of:
        return repeat(drop, current, "duplicate", filed)
    if state.tree(filed).has_ended(drop.union):
        return refuse_file(drop, "rejected", filed, filed)
    if not shift(last_closed, 1 - WEEKS_BACK) <= filed <= shift(last_closed, 1):
        return refuse_file(drop, "held", filed, filed)
    return answer_in_order(drop, filed, current.files, state)


def answer_in_order(drop: Drop, filed: str, files: tuple[Answer, ...], state: State) -> Answer:
    """A file answered after a younger one of its key never replaces it (contract §2, Order).

    It is judged as it would have been before the younger ones. Where all that came since only adds (补充), its rows
    go in beneath: the outcome is that of answering each in the order of arrival.
    """
    older = tuple(file for file in files if arrival_order(file.drop) <= arrival_order(drop))
    younger = files[len(older) :]
    before = Version(0, older)
    answer = answer_content(drop, filed, before, state.put((drop.union, filed), before))
    if not answer.loads or any(file.drop.type != "补充" for file in younger):
        return replace(answer, loads=False, overtaken=bool(younger))
    said_since = {row.said.key for row in Version(0, younger).whole}
    rows = tuple(
        replace(row, outcome="ignored") if row.outcome == "accepted" and row.said.key in said_since else row
        for row in answer.rows
    )
    return replace(judge_file(drop, filed, rows), overtaken=bool(younger))


def answer_content(drop: Drop, filed: str, current: Version, state: State) -> Answer:
    """零报告 with rows or over rows is held, 更正零报告 withdraws the week (contract §2, Withdrawing a week); files without
    rows and files in another union's name are held; then the rows."""
    file = [Said(drop, place, filed) for place in range(len(drop.rows))]
    counts = any((said.sender, said.report_week) == (drop.union, filed) for said in state.list_counting())
    if drop.says_zero and not file and not (counts and drop.type == "零报告"):
        if current.files and not current.whole:
            return repeat(drop, current, "unchanged", filed)
        return Answer(drop, "accepted", filed, filed, (Decision("ignored"),) * drop.zero_line, loads=True)
    if drop.says_zero or not file:
        return refuse_file(drop, "held", filed, filed)
    for said in file:
        tree = state.tree(said.week)
        if not tree.has_ended(said.reporting) and not tree.may_write_for(said.sender, said.reporting):
            return refuse_file(drop, "held", filed, filed)
    return answer_rows(drop, filed, file, current, state)


def answer_rows(drop: Drop, filed: str, file: list[Said], current: Version, state: State) -> Answer:
    """A first version may be accepted in part; a later one is taken whole or held (contract §2, Which version)."""
    counting = state.list_counting()
    before = [said for said in counting if said.sender == drop.union]
    adds = drop.type == "补充" and bool(current.files)
    replaced = [said for said in before if said.report_week == filed and not adds]
    staying = [said for said in before if said.report_week != filed or adds]
    own = [row.said for row in current.rows if adds]
    beside = Beside(file, staying, replaced, own, [said for said in counting if said.sender != drop.union])
    rows = tuple(replace(decide_row(said, beside, state.tree(said.week)), said=said) for said in file)
    answer = judge_file(drop, filed, rows)
    # A 说明 or an obstacle gone: more than "unchanged".
    gains = sum(row.outcome == "accepted" for row in rows) > len(replaced)
    if current.files and says_the_same(drop, file, current) and not gains:
        return repeat(drop, current, "unchanged", filed)
    vanishing = Counter(said.key for said in replaced) - Counter(said.key for said in file)  # two of one key are two
    is_held = current.files and (is_blocked(rows) or (vanishing and drop.type not in ("补充", "更正")))
    return refuse_file(drop, "held", filed, filed) if is_held else answer


def refuse_file(drop: Drop, status: str, filed: str, week: str | None) -> Answer:
    """Every activity row shares the file's fate (contract §3); a line 本周无活动 below the header is ignored."""
    row = Decision("held" if status == "held" else "returned")
    return Answer(drop, status, filed, week, (row,) * len(drop.rows) + (Decision("ignored"),) * drop.zero_line)


def repeat(drop: Drop, current: Version, status: str, filed: str) -> Answer:
    """duplicate and unchanged load nothing and repeat the counts of the version they repeat (contract §2)."""
    return Answer(drop, status, filed, filed, current.files[-1].rows)


def judge_file(drop: Drop, filed: str, rows: tuple[Decision, ...]) -> Answer:
    """Contract §3, file status. Kept is what has a row accepted, or none that is held or returned for its own sake."""
    outcomes = {row.outcome for row in rows}
    status = "held" if "held" in outcomes else "rejected" if "returned" in outcomes else "accepted"
    status = "partially_accepted" if status != "accepted" and "accepted" in outcomes else status
    return Answer(drop, status, filed, filed, rows, loads="accepted" in outcomes or not is_blocked(rows))


def is_blocked(rows: tuple[Decision, ...]) -> bool:
    """Whether a row is held or returned, and not for another row that counts in its place."""
    return any(row.outcome in ("returned", "held") and not row.waits for row in rows)


def says_the_same(drop: Drop, file: list[Said], current: Version) -> bool:
    """Same content in any format, row by row, as the version; a 补充 also as the 补充 that made it."""
    last = current.files[-1]
    repeated = last.rows if drop.type == "补充" == last.drop.type else ()
    contents = Counter(said.content for said in file)
    return contents in [Counter(row.said.content for row in rows if row.said) for rows in (repeated, current.whole)]
