"""Rows whose colour a line of the sheet calls void: 标红的行作废, 灰色表示取消 (M44).

Colour alone proves nothing: clerks tint what is new, what is doubtful and every second row. So the colours of a sheet are
looked at only where it says itself that a colour means void, and only the rows in that colour are asked about.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Iterator

import pandas as pd

ANY = "?"
"""A colour nobody can name, or a line that names none: 标色的作废."""

_HUES = "红黄灰绿蓝橙紫粉"
_NAMED = re.compile(
    rf"(?:标|涂|填|描)([{_HUES}])|([{_HUES}])色?(?:字体?|底色?|底纹|填充|标|部分|单元格|的|行|为|表示|代表|是|系|[:=])"
)
_UNNAMED = re.compile(r"颜色|底色|标色|涂色|着色|填色|填充色|色块|带色|有色")
_VOID = re.compile(
    r"(?<![勿不])(?<!不[得要能用])(作废|取消|不计|无效|不统计|不算|不作数|删除|剔除|废止|停办|未开展|不报)"
)
_CLAUSES = re.compile(r"[。;；\n]")
_LONGEST_CLAUSE = 60
_TOP_ROWS, _FOOT_ROWS = 20, 40
_HUE_ENDS = ((15, "红"), (40, "橙"), (70, "黄"), (170, "绿"), (260, "蓝"), (330, "紫"), (345, "粉"), (361, "红"))
_ALIKE = {"橙": "橙黄红", "粉": "粉红", "红": "红粉", "黄": "黄橙"}


def void_colours(grid: pd.DataFrame, others: Iterable[str]) -> frozenset[str]:
    """The colours that a line of a sheet calls void; none when no line does.

    Lines are looked for above and below the table and in ``others``: comments, texts in drawings.
    """
    edges = [grid] if len(grid) <= _TOP_ROWS + _FOOT_ROWS else [grid.iloc[:_TOP_ROWS], grid.iloc[-_FOOT_ROWS:]]
    written = (text for edge in edges for column in edge.columns for text in edge[column] if text)
    return frozenset(colour for texts in (written, others) for text in texts for colour in _named_void(text))


def _named_void(text: str) -> Iterator[str]:
    if not _VOID.search(text):
        return
    for clause in _CLAUSES.split(text.replace("：", ":")):
        if len(clause) > _LONGEST_CLAUSE or not _VOID.search(clause):
            continue
        named = {first or second for first, second in _NAMED.findall(clause)}
        yield from named
        if not named and _UNNAMED.search(clause):
            yield ANY


def calls_colour_void(text: str) -> bool:
    """标红的行作废: a line about the table, not an activity."""
    return any(_named_void(text))


def colour_names(red: int, green: int, blue: int) -> str:
    """What people call a colour, one character for each name; "" for black and white, which mark nothing."""
    hue, lightness, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    if lightness > 0.97 or lightness < 0.08:
        return ""
    if saturation < 0.12 or max(red, green, blue) - min(red, green, blue) < 12:
        return "灰"
    name = next(name for end, name in _HUE_ENDS if hue * 360 < end)
    return _ALIKE.get(name, name)


def is_void(names: str, wanted: frozenset[str]) -> bool:
    """Whether a colour with these names is one that was called void. What cannot be told is taken for it."""
    return bool(names) and (ANY in wanted or ANY in names or not wanted.isdisjoint(names))
