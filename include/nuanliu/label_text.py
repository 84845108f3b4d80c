"""Fold the ways people write one label into one spelling, for look-ups only; what is stored is what was written."""

from __future__ import annotations

import re

# No blanket NFKC: it would turn ①150双 into 1150双 and 10² into 102 (catalogue M47). Only width and look-alikes.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_REPLACEMENTS = {
    "巿": "市",  # U+5DFF looks like 市 and survives NFKC (M71)
    "總": "总",
    "會": "会",
    "縣": "县",
    "區": "区",
    "蘭": "兰",
    "肅": "肃",
    "慶": "庆",
    "陽": "阳",
    "臨": "临",
    "張": "张",
    "涼": "凉",
    "隴": "陇",
    "單": "单",
    "動": "动",
    "類": "类",
    "別": "别",
    "・": "·",
    "•": "·",
    "‧": "·",
    "･": "·",
    "∙": "·",
    "【": "(",
    "】": ")",
    "〔": "(",
    "〕": ")",
    "[": "(",
    "]": ")",
}
_DROPPED = "“”\"「」『』‘’'《》"
_TABLE = {ord(old): new for old, new in _REPLACEMENTS.items()} | dict.fromkeys(map(ord, _DROPPED)) | _FULL_WIDTH
FOLDED = "".join(map(chr, _TABLE))
"""Every character that folding changes or drops, beside blanks and small letters."""
_INVISIBLE = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad]+")


def fold_label(text: str) -> str:
    """The look-up form of a label: no spaces or quotes, half width, one dot, one 市, upper-case Latin."""
    return _INVISIBLE.sub("", text).translate(_TABLE).upper()
