"""The ways people write a day or a span of days (M64–M69)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.corpus.written import Cell
from tests.unit.intake.values.chinese_numerals import write_chinese

if TYPE_CHECKING:
    from random import Random

VAGUE = ("近日", "日前", "连日来", "12月上旬", "12月", "", "-", None)
IMPOSSIBLE = (
    "2月30日",
    "2024-13-01",
    "2042-12-03",
    "不详",
    "某日",
    "2024.1",
    "十三月五日",
    "2024-12-20",
    "99999",
    "12-",
    "0",
    "明年",
)


def write_day(rng: Random, day: date) -> Cell:
    """One day, in any writing that names it with certainty."""
    texts: list[str | date | int] = [
        day,
        day,
        f"{day:%Y-%m-%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day:%y}-{day.month}-{day.day}",
        f"{day.month}月{day.day}日",
        f"{day.year}年{day.month}月{day.day}日",
        f"{write_chinese(day.month)}月{write_chinese(day.day)}日",
        f"{day.month}月{day.day}号",
        f"{day.year}年{day.month:02}月{day.day:02}日".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        (day - date(1899, 12, 30)).days,
    ]
    return Cell(rng.choice(texts))


def write_span(rng: Random, start: date, end: date) -> Cell:
    """A span in one cell."""
    if start == end:
        return write_day(rng, end)
    dash = rng.choice("-–—~～至到")
    short = f"{end.day}日" if start.month == end.month else f"{end.month}月{end.day}日"
    texts = [
        f"{start.month}月{start.day}日{dash}{end.month}月{end.day}日",
        f"{start.month}月{start.day}日{dash}{short}",
        f"{start.year}年{start.month}月{start.day}日{dash}{end.year}年{end.month}月{end.day}日",
        f"{start.month}.{start.day}{dash}{end.month}.{end.day}",
        f"{start.year}.{start.month}.{start.day}{dash}{end.year}.{end.month}.{end.day}",
        f"{start:%Y/%m/%d}至{end:%Y/%m/%d}",
    ]
    return Cell(rng.choice(texts))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
