"""Where the program and the model say different things of one moment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.histories.making.saying import count_rows
from tests.histories.program import Program
from tests.histories.receipts import list_changes, read_changes
from tests.model.drops import Drop
from tests.model.figures import Figure, build_figures
from tests.model.history import Edition, History
from tests.model.versions import Answer, State, Version
from tests.model.weeks import shift

ROWS = ("received", "accepted", "returned", "held", "ignored")
ANSWERED = ("status", "rows", "would_be", "week", "late")


@dataclass(frozen=True)
class Difference:
    """``kind`` sorts them; ``program`` and ``model`` are what each says of ``subject``."""

    kind: str
    subject: str
    program: object
    model: object

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: program {self.program}, model {self.model}"


def compare_answer(
    drop: Drop, receipt: Mapping[str, Any] | None, answer: Answer, before: State
) -> Iterator[Difference]:
    """Status, counts, week, version, lateness and changes of one drop. ``before``: what stood when it was answered."""
    who = f"{drop.union} {drop.week} {drop.type} {drop.arrived:%m-%d %H:%M}"
    if receipt is None:
        yield Difference("answer", who, "no receipt", answer.status)
        return
    said = {"status": plain(receipt["status"]), "would_be": plain(receipt["would_be"])}
    said |= {"rows": tuple(receipt["rows"][name] for name in ROWS), "week": receipt["week"], "late": receipt["late"]}
    counts = count_rows(answer)
    ours = {"status": answer.status, "would_be": answer.would_be}
    ours |= {"rows": tuple(counts[name] for name in ROWS), "week": answer.week, "late": answer.late}
    for name, model in ours.items():
        if said[name] != model:
            rules = [f"{found['rule']}@{found['row']}" for found in receipt["findings"] if found["severity"] != "info"]
            yield Difference(
                name, who, (said[name], rules), (model, [(row.outcome, *sorted(row.queries)) for row in answer.rows])
            )
    number = before.current.get((drop.union, answer.filed), Version()).number + 1
    if answer.loads and receipt["version"] != number:
        yield Difference("version", who, receipt["version"], number)
    said_changes, our_changes = Counter(read_changes(receipt)), Counter(list_changes(answer, before))
    if not drop.trial and said_changes != our_changes:
        yield Difference("change", who, [*(said_changes - our_changes)][:3], [*(our_changes - said_changes)][:3])


def plain(status: str | None) -> str | None:
    """The model does not tell warnings."""
    return "accepted" if status == "accepted_with_warnings" else status


def compare_week_states(program: Program, history: History, weeks: list[str]) -> Iterator[Difference]:
    for week, units in program.coverages(weeks).items():
        for unit in units:
            model = history.state_of(unit.union_id, week)
            if unit.state != model:
                yield Difference("state", f"{unit.union_id} {week}", unit.state, model)


def compare_figures(program: Program, history: History, weeks: list[str]) -> Iterator[Difference]:
    ours = {figure_id: figure for week in weeks for figure_id, figure in build_figures(history.state, week).items()}
    yield from compare_values("figure", program.figures(), {key: ours[key] for key in ours if not is_of_campaign(key)})


def compare_campaigns(program: Program, history: History, weeks: list[str]) -> Iterator[Difference]:
    for week in weeks:
        said = {
            entry["figure_id"]: (
                entry["value"],
                entry["exactness"],
                entry["unions"],
                entry["first_week"],
                entry["last_week"],
            )
            for entry in program.document(week)["campaigns"]
        }
        found = build_figures(history.state, week)
        ours = {
            figure_id: (str(one.value), one.exactness, one.unions, one.first_week, one.last_week)
            for figure_id, one in found.items()
            if is_of_campaign(figure_id)
        }
        yield from compare_values("campaign", said, ours)


def is_of_campaign(figure_id: str) -> bool:
    return figure_id.split("/")[1] == "campaign"


def compare_edition(
    answer: Mapping[str, Any], document: Mapping[str, Any] | None, edition: Edition | None, *, published: bool
) -> Iterator[Difference]:
    """Number, figures and corrections of what a publication made."""
    week = answer["week"]
    number = edition.number if edition else None
    if (answer["published"], answer["edition"]) != (published, number):
        yield Difference(
            "edition", week, (answer["published"], answer["edition"], answer["reason"]), (published, number)
        )
        return
    if not published or document is None or edition is None:
        return
    said = {entry["figure_id"]: (entry["value"], entry["exactness"]) for entry in document["figures"]}
    said |= {entry["figure_id"]: (entry["value"], entry["exactness"]) for entry in document["campaigns"]}
    ours = {figure_id: (str(figure.value), figure.exactness) for figure_id, figure in edition.figures.items()}
    yield from compare_values("edition figure", said, ours)
    told = [(one["week"], one["figure_id"], one["reason"]) for one in document["revisions"]]
    model = [(one.week, one.figure_id, one.reason) for one in edition.revisions]
    if sorted(told) != sorted(model):
        yield Difference("revision", week, sorted(set(told) - set(model))[:3], sorted(set(model) - set(told))[:3])


def compare_values(kind: str, said: Mapping[str, object], ours: Mapping[str, object]) -> Iterator[Difference]:
    for figure_id in sorted(said.keys() | ours.keys()):
        if said.get(figure_id) != ours.get(figure_id):
            yield Difference(kind, figure_id, show(said.get(figure_id)), show(ours.get(figure_id)))


def show(value: object) -> object:
    return f"{value.value} {value.exactness} of {value.activities}" if isinstance(value, Figure) else value


def list_weeks(history: History) -> list[str]:
    """Every week that anybody spoke of, with the one before and the one after."""
    known = {answer.filed for answer in history.answers}
    known |= {said.week for said in history.state.list_counting()}
    return sorted(known | {shift(week, 1) for week in known} | {shift(week, -1) for week in known})


def sign(found: Sequence[Difference]) -> str:
    """What differences are about, the same for histories that fail alike: kinds, rules and outcomes, not places or values."""
    if not found:
        return ""
    first = found[0]
    sides = (re.sub(r"@\w+|\d+", "", str(side)) for side in (first.program, first.model))
    return " | ".join((first.kind, *sides)) if first.kind in ANSWERED else first.kind
