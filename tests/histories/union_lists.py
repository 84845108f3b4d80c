"""The code lists of unions as changes of the tree make them: what is today and what was before."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.model.drops import TreeChange
from tests.model.tree import REFERENCE
from tests.model.weeks import monday


def write_reference(folder: Path, changes: Sequence[TreeChange]) -> None:
    """The project's code lists with the unions that moved or ended."""
    if not folder.exists():
        shutil.copytree(REFERENCE, folder)
    with (REFERENCE / "unions.csv").open(encoding="utf-8", newline="") as lines:
        unions = list(csv.DictReader(lines))
    with (REFERENCE / "union_history.csv").open(encoding="utf-8", newline="") as lines:
        columns = csv.DictReader(lines).fieldnames or ()
    past: list[dict[str, str]] = []
    for union in unions:
        before = ""
        for change in list_parents(union["union_id"], changes):
            until = monday(change.from_week).isoformat()
            past.append(
                {"union_id": union["union_id"], "parent_id": union["parent_id"], "valid_from": before}
                | {"valid_to": until}
            )
            union["parent_id"], before = change.parent or "", until
        if end := find_end(union["union_id"], changes):
            day, heir = monday(end.from_week).isoformat(), end.successor or "-"
            past.append({"union_id": union["union_id"], "valid_from": before, "valid_to": day, "successor": heir})
    write_list(folder / "unions.csv", list(unions[0]), unions)
    write_list(folder / "union_history.csv", columns, past)


def list_parents(union_id: str, changes: Sequence[TreeChange]) -> list[TreeChange]:
    """The moves of a union by the week in which they begin; of two in one week the one said last."""
    ends = [change.from_week for change in changes if change.union == union_id and change.ended]
    moves = [change for change in changes if change.union == union_id and change.parent]
    moves = [move for move in moves if not ends or move.from_week < min(ends)]
    by_week = {change.from_week: change for change in sorted(moves, key=lambda move: (move.at, move.parent or ""))}
    return [by_week[week] for week in sorted(by_week)]


def find_end(union_id: str, changes: Sequence[TreeChange]) -> TreeChange | None:
    """The first end of a union, of two for one week the one said first; what is said of it for later weeks changes nothing."""
    ends = [change for change in changes if change.union == union_id and change.ended]
    return min(ends, key=lambda end: (end.from_week, end.at), default=None)


def write_list(path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
