"""A clerk at her desk: writes a workbook cell by cell, drops it, reads the receipt, mends what the receipt says, drops again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nuanliu.operations.context import Context

VISIT: Mapping[str, Any] = {
    "活动名称": "走访慰问",
    "活动类别": "送温暖慰问",
    "开始日期": "2024-12-03",
    "结束日期": "2024-12-03",
    "统计口径": "本次",
    "服务人数(人)": 120,
}
"""An activity that nobody has to ask about."""


def visit(**says: Any) -> dict[str, Any]:
    """``VISIT`` with some cells otherwise; ``None`` empties one. Brackets of a header are written as ``_``: 服务人数_人."""
    return {**VISIT, **{name.replace("_", "(", 1) + ")" * ("_" in name): value for name, value in says.items()}}


@dataclass(frozen=True)
class Paper:
    """What the clerk writes. ``header``: the columns; default: all that some row fills. ``above``: lines over the header.

    ``folder``: below the union's own; None: that of the week, "": none. ``touch``: does what a row of cells cannot say (hides a row, adds a comment). ``data``: a file of other kinds.
    """

    rows: Sequence[Mapping[str, Any]] = (VISIT,)
    cover: Mapping[str, Any] = field(default_factory=dict)
    header: Sequence[str] = ()
    above: Sequence[Sequence[Any]] = ()
    below: Sequence[Sequence[Any]] = ()
    sheet: str = "活动明细"
    touch: Callable[[Workbook], object] | None = None
    data: bytes | None = None
    name: str = "周报.xlsx"
    folder: str | None = None

    def but(self, **changes: Any) -> Paper:
        """The same paper with something changed."""
        return replace(self, **changes)

    def write(self) -> bytes:
        """The file."""
        if self.data is not None:
            return self.data
        book = Workbook()
        table = book.active
        assert table is not None
        table.title = self.sheet
        columns = self.header or tuple(dict.fromkeys(name for row in self.rows for name in row)) or tuple(VISIT)
        for line in self.above:
            table.append(list(line))
        table.append(list(columns))
        for row in self.rows:
            table.append([row.get(name) for name in columns])
        for line in self.below:
            table.append(list(line))
        if self.cover:
            cover = book.create_sheet("报送信息", 0)
            for label, value in self.cover.items():
                cover.append([label, value])
        if self.touch:
            self.touch(book)
        book.properties.identifier = secrets.token_hex(8)  # no two files of this desk have the same bytes
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def paper(*rows: Mapping[str, Any], kind: str | None = None, **more: Any) -> Paper:
    """A paper of these rows; ``kind``: 报送类型 on its cover."""
    cover = {**({"报送类型": kind} if kind else {}), **more.pop("cover", {})}
    return Paper(rows=rows, cover=cover, **more)


def drop(ctx: Context, written: Paper, *, union_id: str = "620400", week: str = "2024-W49") -> dict[str, Any]:
    """Drop a paper on the Monday after a week, into its folder, and take it; returns its receipt."""
    monday = ReportingWeek.parse(week).shift(1).monday
    now = datetime.combine(monday, time(9), SHANGHAI)
    place = "/".join(
        filter(None, ("intake", union_id, week if written.folder is None else written.folder, written.name))
    )
    assert ctx.bucket.create(place, written.write())
    (receipt,) = take_all(replace(ctx, settings=replace(ctx.settings, now=now, settle_seconds=0)))["receipts"]
    return dict(receipt)


def rules(receipt: Mapping[str, Any], *severities: str) -> set[str]:
    """The rules of a receipt's findings, of these severities or of any."""
    return {f["rule"] for f in receipt["findings"] if not severities or f["severity"] in severities}


def told(receipt: Mapping[str, Any], rule: str) -> dict[str, Any]:
    """The one finding of a rule."""
    (finding,) = [f for f in receipt["findings"] if f["rule"] == rule]
    return dict(finding)


def people(ctx: Context, union_id: str = "620400", week: str = "2024-W49", kind: str = "event") -> str | None:
    """服务人数 of a union's own activities in a week, all categories; None when nothing is reported."""
    return figure_of(roll_up_week(ctx, week), union_id, kind)


def figure_of(document: Mapping[str, Any], union_id: str, kind: str = "event") -> str | None:
    """The same from the week's ``nuanliu.rollup/1``."""
    wanted = f"{document['week']}/{union_id}/all/people_served/{kind}"
    found = {figure["figure_id"]: figure["value"] for figure in document["figures"]}
    return found.get(wanted)
