"""Who gets mail: leaders the summary, engineers alerts, a union its reminders. A CSV of address, name, role, union_id.

A line that cannot be followed is refused with its fix, and never stops the others: the engineers are told of it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nuanliu.contract.code_lists import PROVINCE, PROVINCE_OWN, codes
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.union_life import UnionsOfWeek, unions_on
from nuanliu.domain import schemas
from nuanliu.errors import InvalidSetting
from nuanliu.operations.mailing.publication_plan import publication_plans

GETS: Mapping[str, str] = {"leader": "summary", "engineer": "alert", "union": "reminder"}
"""What each role gets; the summary goes by the plans of contracts/publication.yaml."""
_COLUMNS = ("address", "name", "role", "union_id")
_NEEDED = ("address", "role")
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@dataclass(frozen=True)
class Recipient:
    """One address."""

    address: str
    name: str
    role: str
    union_id: str | None


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line of the file, and how to mend it; in Chinese, since offices keep the file."""

    line: int
    problem: str
    fix: str


@dataclass(frozen=True)
class Recipients:
    """The file as it can be followed. ``lines``: by number, in the order of the list."""

    lines: Mapping[int, Recipient]
    problems: tuple[Problem, ...]
    is_usable: bool
    """False: no line can be read at all."""

    @property
    def all(self) -> tuple[Recipient, ...]:
        """In the order of the list."""
        return tuple(self.lines.values())


def recipients_of(role: str, path: Path) -> list[Recipient]:
    """The recipients of one role, in the order of the list; refused lines are left out. Raises: as ``usable_recipients``."""
    return [recipient for recipient in usable_recipients(path) if recipient.role == role]


def usable_recipients(path: Path) -> tuple[Recipient, ...]:
    """Every recipient, in the order of the list; refused lines are left out.

    Raises: InvalidSetting for a file of which no line can be read.
    """
    found = read_recipients(path)
    if not found.is_usable:
        problem = found.problems[0]
        raise InvalidSetting(f"NUANLIU_RECIPIENTS: {path} line {problem.line}: {problem.problem}{problem.fix}")
    return found.all


def check_recipients(path: Path, today: date) -> dict[str, Any]:
    """The ``nuanliu.recipients/1`` document: refused lines, and who would get what. Raises: InvalidSetting.

    A union that owes no weekly report gets no reminder; one that has ended will never get any.
    """
    found = read_recipients(path)
    lists = codes()
    unions = unions_on(today, lists.unions.list.entries, lists.union_past)
    ended = [
        _ended_problem(line, unions, recipient.union_id)
        for line, recipient in found.lines.items()
        if recipient.union_id and recipient.union_id in unions.ends
    ]
    problems = sorted([*found.problems, *ended], key=lambda problem: problem.line)
    return {
        "schema": schemas.RECIPIENTS,
        "ok": not problems,
        "problems": [asdict(problem) for problem in problems],
        "recipients": [{**asdict(recipient), "gets": _gets(recipient, unions)} for recipient in found.all],
    }


def _gets(recipient: Recipient, unions: UnionsOfWeek) -> list[str]:
    is_planned = any(plan.reaches(recipient.address, recipient.role) for plan in publication_plans())
    summary = ["summary"] * is_planned
    if recipient.union_id is None:
        return summary + [GETS[recipient.role]] * (GETS[recipient.role] != "summary")
    owes = recipient.union_id not in unions.ends and unions.standing[recipient.union_id].expected_weekly
    return summary + [GETS[recipient.role]] * owes


def is_address(text: str) -> bool:
    """Whether mail can be sent to it."""
    return text.isascii() and _ADDRESS.fullmatch(text) is not None


def _ended_problem(line: int, unions: UnionsOfWeek, union_id: str) -> Problem:
    heir = unions.heir(union_id)
    return Problem(
        line,
        f"{union_id}({unions.standing[union_id].name})已于 {unions.ends[union_id].valid_to} 撤并,不再有催报。",
        f"请把 union_id 改成 {heir.id}({heir.name}),或删去这一行。" if heir else "请删去这一行。",
    )


def read_recipients(path: Path) -> Recipients:
    """Read the list. Ids are trimmed; addresses are compared without case. Raises: InvalidSetting."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidSetting(f"NUANLIU_RECIPIENTS: {path}: {error.strerror}") from error
    reader = csv.reader(io.StringIO(_decoded(data, path), newline=""))
    header = [cell.strip().lower() for cell in next(reader, [])]
    problems = list(_header_problems(header))
    is_usable = all(name in header for name in _NEEDED)
    found: dict[tuple[str, str, str | None], Recipient] = {}
    first_lines: dict[tuple[str, str, str | None], int] = {}
    for cells in reader:
        line = reader.line_num
        if not is_usable or not any(cell.strip() for cell in cells):
            continue
        said = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        wrong = next(_line_problems(line, said, len(cells) - len(header)), None)
        if wrong is not None:
            problems.append(wrong)
            continue
        recipient = Recipient(said["address"], said.get("name", ""), said["role"].lower(), said.get("union_id") or None)
        key = (recipient.address.lower(), recipient.role, recipient.union_id)
        if key in found:
            problems.append(
                Problem(line, f"“{recipient.address}”与第 {first_lines[key]} 行重复(不分大小写)。", "请删去其中一行。")
            )
            continue
        found[key], first_lines[key] = recipient, line
    lines = {first_lines[key]: recipient for key, recipient in found.items()}
    return Recipients(lines, tuple(problems), is_usable)


def _header_problems(header: list[str]) -> Iterator[Problem]:
    """Columns that are missing, unknown or there twice."""
    columns = ",".join(_COLUMNS)
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        yield Problem(1, f"第一行的列名里没有 {'、'.join(missing)}。", f"第一行请写成 {columns}。")
    for name in dict.fromkeys(name for name in header if name not in _COLUMNS or header.count(name) > 1):
        why = "写了不止一次" if name in _COLUMNS else "没有用处"
        yield Problem(1, f"列“{name}”{why}。", f"请删去这一列;列名是 {columns}。")


def _line_problems(line: int, said: Mapping[str, str], surplus: int) -> Iterator[Problem]:
    if surplus > 0:
        yield Problem(line, "这一行的格子比列名多。", "内容里有逗号的,请用英文双引号括起来;否则请删去多余的逗号。")
    address, role, union_id = said.get("address", ""), said.get("role", ""), said.get("union_id", "")
    if not is_address(address):
        yield Problem(line, f"“{address}”不是邮件地址。", "请写成 name@example.com 的样子,一行一个地址。")
    if role.lower() not in GETS:
        yield Problem(line, f"role 写的是“{role}”。", f"请写成 {'、'.join(GETS)} 之一。")
    elif role.lower() != "union" and union_id:
        yield Problem(
            line,
            f"role 是 {role},却写了 union_id“{union_id}”。",
            "请清空 union_id;要收这个工会的催报的,role 请写 union。",
        )
    elif role.lower() == "union":
        yield from _union_problems(line, union_id)


def _union_problems(line: int, union_id: str) -> Iterator[Problem]:
    unions = codes().unions
    if union_id in unions.list and union_id != PROVINCE:
        return
    if not union_id:
        yield Problem(line, "role 是 union,却没有写 union_id。", "请写上工会代码,例如 620400。")
        return
    meant = unions.list.find(fold_label(union_id))
    if meant is not None:
        right = PROVINCE_OWN if meant.id == PROVINCE else meant.id
        yield Problem(line, f"union_id 写的是“{union_id}”,不是工会代码。", f"请写成 {right}。")
        return
    alike = unions.list.nearest(union_id) if not union_id.isascii() else ()
    ids = [unions.list.find(name) for name in alike]
    near = "、".join(f"{union.id}({union.name})" for union in ids if union) or "、".join(unions.ids_like(union_id))
    yield Problem(
        line,
        f"union_id“{union_id}”不在工会名录里。",
        f"请写工会代码{',是不是 ' + near if near else ',例如 620400'}。",
    )


def _decoded(data: bytes, path: Path) -> str:
    """UTF-8, or GB18030 as a Chinese Excel saves CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidSetting(f"NUANLIU_RECIPIENTS: {path} is neither UTF-8 nor GB18030 text")
