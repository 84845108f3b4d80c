"""Three unions over two weeks: what they drop and what the pipeline then does, step by step, as a month would happen."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.corpus.personal_numbers import invent_id_number
from tests.integration.weekly_workbook import HEADER, workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEKS = ("2024-W48", "2024-W49")
RECIPIENTS = (
    "address,name,role,union_id\nleader@soak.example,领导,leader,\nchair@soak.example,主席,leader,\n"
    "engineer@soak.example,工程师,engineer,\nlanzhou@soak.example,兰州,union,620100\n"
)
_FIRST_MONDAY, _SECOND_MONDAY, _TUESDAY = "2024-12-02T09:00+08:00", "2024-12-09T09:00+08:00", "2024-12-10T09:00+08:00"


@dataclass(frozen=True)
class Drop:
    """One file that a union puts into the bucket."""

    key: str
    data: bytes


@dataclass(frozen=True)
class Step:
    """One thing that is done at one time: a job's name and the week it is about; the drops come just before it."""

    job: str
    now: str
    week: str | None = None
    drops: tuple[Drop, ...] = ()

    @property
    def label(self) -> str:
        """For people."""
        return f"{self.job} {self.week}" if self.week else self.job


def scenario() -> tuple[Step, ...]:
    """Drops of every fate, each week published, corrected, published again, and played again from the archive.

    What depends on the answer to an earlier file comes in a later step, as a union would wait for it.
    """
    first_week, second_week = WEEKS
    return (
        Step("intake", _FIRST_MONDAY, drops=_first_reports()),
        Step("publish", _FIRST_MONDAY, first_week),
        Step("mail", _FIRST_MONDAY, first_week),
        Step("intake", _SECOND_MONDAY, drops=_second_reports()),
        Step("roll-up", _SECOND_MONDAY, first_week),
        Step("publish", _SECOND_MONDAY, second_week),
        Step("mail", _SECOND_MONDAY, second_week),
        Step("remind", _SECOND_MONDAY, second_week),
        Step("intake", _TUESDAY, drops=_corrections()),
        Step("publish", _TUESDAY, first_week),
        Step("mail", _TUESDAY, first_week),
        Step("publish", _TUESDAY, second_week),
        Step("mail", _TUESDAY, second_week),
        Step("replay", _TUESDAY),
    )


def _first_reports() -> tuple[Drop, ...]:
    return (
        Drop("intake/620300/2024-W48/周报.csv", _JINCHANG_FIRST),
        Drop(
            "intake/620400/2024-W48/周报.xlsx",
            workbook(
                [
                    ("货车司机体检", "健康体检", "2024-11-25", "2024-11-26", "本次", None, 320, 32000, None),
                    ("困难职工走访", "送温暖慰问", "2024-11-28", "2024-11-28", "本次", None, 60, 60000, None),
                    ("户外站点用餐", "爱心餐", None, None, "累计", "2024-11-01", 10000, None, None),
                ]
            ),
        ),
    )


def _second_reports() -> tuple[Drop, ...]:
    rows = [
        ("体检回访", "健康体检", "2024-12-02", "2024-12-03", "本次", None, 400, 30000, None),
        (
            "迟报的慰问",
            "送温暖慰问",
            "2024-11-29",
            "2024-11-29",
            "本次",
            None,
            25,
            5000,
            None,
        ),  # counts in the week before
        ("户外站点用餐", "爱心餐", None, None, "累计", "2024-11-01", 15000, None, None),
        ("培训", "技能培训竞赛", "2024-12-04", "2024-12-05", "本次", None, "30-50", None, None),  # held
    ]
    twice = workbook(rows)
    return (
        Drop("intake/620100/2024-W49/扫描.xlsx", b"%PDF-1.7\n%soak\n"),
        Drop("intake/620100/2024-W49/花名册.xlsx", _roll_of_names()),
        Drop("intake/620300/2024-W49/周报.csv", _JINCHANG_SECOND),
        Drop("intake/620400/2024-W49/周报-2.xlsx", twice),
        Drop("intake/620400/2024-W49/周报.xlsx", twice),
    )


def _corrections() -> tuple[Drop, ...]:
    return (
        Drop("intake/620100/2024-W49/汇总.csv", _OF_ANOTHER_WEEK),
        Drop("intake/620300/2024-W49/补充.csv", _JINCHANG_MORE),
        Drop("intake/620400/2024-W48/更正.csv", _BAIYIN_CORRECTED),
    )


def _roll_of_names() -> bytes:
    """A list of people, whom nobody may see; the numbers are invented."""
    chance = random.Random(7)
    rows = [(name, invent_id_number(chance), "慰问") for name in ("张某", "李某", "王某")]
    return workbook(rows, header=("姓名", "身份证号", "备注"))


_COLUMNS = ("填报单位", "报告期", "报送类型", *HEADER)


def _csv(union: str, week: str, kind: str, rows: Sequence[Sequence[Any]], encoding: str = "gb18030") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_COLUMNS, *((union, week, kind, *row) for row in rows)])
    return text.getvalue().encode(encoding)


_JINCHANG_FIRST = _csv(
    "金昌市总工会",
    "2024-W48",
    "首报",
    [
        ("送岗位", "就业服务", "2024-11-26", "2024-11-26", "本次", "", "200余", "8000", ""),
        ("普法", "普法宣传", "2024-11-27", "2024-11-28", "本次", "", "90", "3000", ""),
    ],
)
_JINCHANG_SECOND = _csv(
    "金昌市总工会",
    "2024-W49",
    "首报",
    [("送岗位", "就业服务", "2024-12-03", "2024-12-03", "本次", "", "180", "7000", "")],
)
_JINCHANG_MORE = _csv(
    "金昌市总工会",
    "2024-W49",
    "补充",
    [("走访", "送温暖慰问", "2024-12-05", "2024-12-06", "本次", "", "近1.8万", "12000", "")],
)
_BAIYIN_CORRECTED = _csv(
    "白银市总工会",
    "2024-W48",
    "更正",
    [
        ("货车司机体检", "健康体检", "2024-11-25", "2024-11-26", "本次", "", "302", "32000", ""),
        ("困难职工走访", "送温暖慰问", "2024-11-28", "2024-11-28", "本次", "", "60", "60000", ""),
        ("户外站点用餐", "爱心餐", "", "", "累计", "2024-11-01", "9000", "", "重新核对"),
    ],
)
_OF_ANOTHER_WEEK = _csv(  # its folder says another week: held
    "兰州市总工会",
    "2024-W48",
    "首报",
    [("体检", "健康体检", "2024-11-26", "2024-11-27", "本次", "", "77", "", "")],
)
