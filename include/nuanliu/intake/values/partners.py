"""Split a list of organisations: 、，；/ and 和/与 where they join, not where they belong to a name; 等 leaves it open."""

from __future__ import annotations

import re

from nuanliu.intake.values.unique_texts import clean_text

_OPEN = re.compile(
    r"(?:等+(?:[0-9一二三四五六七八九十两多余几]*[家个所名]?(?:[\u4e00-\u9fff]{0,6}?(?:单位|部门|机构|企业|医院|组织|团体))?)?[。.]?|…+|\.{3,}|。{3,})\Z"
)
_SEPARATORS = re.compile(r"[、,，;；/／|\n]+")
# 和 joins two organisations only behind the end of one: 县民政局和县残联, but 西和县, 和政县, 平和医院. So does a blank, which
# a line break in the cell has become by now.
_JOINT = re.compile(
    r"(?<=[会局院司部处委校厂站队社团办行所厅校联库店馆])(?: *(?:和|与|及|以及|会同|联合) *|[ \u00a0\u3000]+)(?=[\u4e00-\u9fff]{2})(?!政县)"
)


def split_partners(text: str) -> tuple[tuple[str, ...], bool]:
    """The names in a list as written, without repeats, and whether it ends in 等 (等单位, 等5家医院).

    A bracket is never cut: 甘肃电信(兰州、临夏)公司 is one name.
    """
    whole = clean_text(text)
    parts: list[str] = []
    depth = 0
    start = 0
    for at, character in enumerate(whole):
        depth += character in "(（"
        depth -= character in ")）" and depth > 0
        if depth == 0 and _SEPARATORS.match(character):
            parts.append(whole[start:at])
            start = at + 1
    parts.append(whole[start:])
    is_open = False
    names: list[str] = []
    for part in parts:
        for name in _JOINT.split(part):
            closed = _OPEN.sub("", name.strip())
            is_open |= closed != name.strip()
            if closed.strip():
                names.append(closed.strip())
    return tuple(dict.fromkeys(names)), is_open
