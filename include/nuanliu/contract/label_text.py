"""Fold the ways people write one label into one spelling, for look-ups only; what is stored is what was written."""

from __future__ import annotations

import re

# No blanket NFKC: it would turn ①150双 into 1150双 and 10² into 102 (catalogue M47). Only width and look-alikes.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_REPLACEMENTS = {
    "巿": "市",  # U+5DFF looks like 市 and survives NFKC (M71)
    # Traditional forms that stand in the names of Gansu's unions and in our headers (M71).
    **dict(
        zip(
            "總會縣區蘭肅慶陽臨張涼隴單動類別關寧銀遠華東鄉積環靈臺靜涇鎮莊禮兩當樂廣瑪澤門紅麥稱開結數資務備註說計統圍點對員報時間發項聯辦",
            "总会县区兰肃庆阳临张凉陇单动类别关宁银远华东乡积环灵台静泾镇庄礼两当乐广玛泽门红麦称开结数资务备注说计统围点对员报时间发项联办",
            strict=True,
        )
    ),
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
_UNSEEN = r"\s\u00a0\u3000\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad"
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_FOLDABLE = re.compile(f"[{_UNSEEN}{re.escape(FOLDED)}]")


def fold_label(text: str) -> str:
    """The look-up form of a label: no spaces or quotes, half width, one dot, one 市, upper-case Latin."""
    if _FOLDABLE.search(text) is None:  # as most of 100,000 names; asking is quicker than folding
        return text.upper()
    return _INVISIBLE.sub("", text).translate(_TABLE).upper()
