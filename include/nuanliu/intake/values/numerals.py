"""The bare number in a cell: digits with separators, Chinese numerals normal and financial, and the two mixed.

What is accepted has one reading only; everything else is None, and the caller asks the union. So ``三五`` (35, or three to
five?), ``1万200`` (10200, or 12000?), ``三亿五千`` (350000000 or 300005000?), ``1,20`` and ``0931`` are None, while ``三万五``
and ``3万5`` are always 35000: a place that is passed over is said as 零 (decisions/0016).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import pairwise

# No blanket NFKC: it would turn ①150双 into 1150双 and 10² into 102 (catalogue M47). Width, look-alikes and the
# traditional forms of the words that stand beside figures.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOK_ALIKES = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501", "-"),
    **dict.fromkeys("‘’ʼ", "'"),
    **dict.fromkeys("\t\x0b\x0c\r\n\x85\u2028\u2029", "\n"),
    **dict.fromkeys("\u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " "),
    **dict.fromkeys("〜∼", "~"),
    "￥": "¥",
    "≧": "≥",
    "≦": "≤",
    **dict(
        zip(
            "萬億餘兩圓個雙頂張數幾約達過無暫場條冊戶處項類貳叄弍參陸負點塊錢號來",
            "万亿余两元个双顶张数几约达过无暂场条册户处项类贰叁贰叁陆负点块钱号来",
            strict=True,
        )
    ),
    "佰": "百",
    "仟": "千",
    "拾": "十",
    "圆": "元",
}
_INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_TABLE = {ord(old): new for old, new in _LOOK_ALIKES.items()} | dict.fromkeys(map(ord, _INVISIBLE)) | _WIDTH
_FOLDABLE = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}]")

DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    "〇": 0,
    "○": 0,  # how many keyboards write 〇
    "两": 2,
}
POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_CONTRACTED = {"廿": "二十", "卅": "三十", "卌": "四十"}
POINT = "点"
"""The decimal point of a number in Chinese numerals: 十二点五六, 二点五万."""
CHINESE = "".join((*DIGITS, *POWERS, *_CONTRACTED))
"""Every character of a Chinese numeral after ``fold_numeral``."""

ERROR_VALUE = re.compile(
    r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA)\Z",
    re.IGNORECASE,
)
"""What Excel and WPS show for a formula that failed."""

_ARABIC = re.compile(
    r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[1-9][0-9]{0,2}(?:'[0-9]{3})+)"
    r"(?:\.[0-9]+)?"
)
_SCALE = re.compile(r"[十百千]?(?:万亿|万|亿)?")
_TOKEN = re.compile(rf"(?P<arabic>[0-9][0-9,.' ]*)|(?P<chinese>[{''.join(DIGITS)}{''.join(POWERS)}])")
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_EVEN)
_FLOAT_NOISE = Decimal("1e-6")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as printed. ``step``: one unit of its last printed digit or last named unit (35.9万 → 1000, 一千八百 → 100).

    ``is_bare``: a named unit without a count (万, 百万), which is a figure only beside a mark (万余, 近百万).
    """

    value: Decimal
    step: Decimal
    is_bare: bool = False


def fold_numeral(text: str) -> str:
    """One spelling for what is looked at: half width, simplified, one dash, one blank; nothing that changes a number."""
    if _FOLDABLE.search(text) is not None:  # asking is quicker than folding, which most texts do not need
        text = text.translate(_TABLE)
    return text.strip()


def scale_of(text: str) -> Decimal | None:
    """What a chain of named units multiplies by: 万 → 10000, 百万 → 1000000; None when it is no such chain."""
    if not text or not _SCALE.fullmatch(text):
        return None
    return Decimal(10) ** sum(POWERS[char] for char in text)


def read_numeral(text: str) -> Numeral | None:
    """Read a folded text that is one number and nothing else."""
    if plain := read_arabic(text):
        return plain
    for contracted, full in _CONTRACTED.items():
        text = text.replace(contracted, full)
    if POINT in text:
        return _read_pointed(text)
    tokens = _tokens(text)
    if not tokens:
        return None
    if isinstance(tokens[0], Numeral) and (scale := scale_of("".join(map(str, tokens[1:])))):
        if tokens[1] == "十" and (tokens[0].value >= 10 or tokens[0].step < 1):
            return None
        return Numeral(tokens[0].value * scale, tokens[0].step * scale)
    if all(isinstance(token, str) and token in DIGITS for token in tokens):
        return _positional(text)
    if (scale := scale_of(text)) and text[0] != "十":
        return Numeral(scale, scale, is_bare=True)
    if not _is_well_counted(tokens):
        return None
    read = _below_power(tokens, ("亿", "万"), may_shorten=True)
    return Numeral(Decimal(read[0]), Decimal(10) ** read[1]) if read else None


def read_arabic(text: str) -> Numeral | None:
    """Read digits with optional thousands separators and decimals; no leading zeros (0931 is an area code)."""
    if not _ARABIC.fullmatch(text):
        return None
    value = Decimal(text.replace(",", "").replace(" ", "").replace("'", ""))
    decimals = -int(value.as_tuple().exponent)
    if decimals > 0 and len(value.as_tuple().digits) > 15:
        # 0.30000000000000004: the noise of binary floats, which Excel itself hides by printing 15 digits
        rounded = _FIFTEEN.plus(value)
        if abs(rounded - value) < _FLOAT_NOISE:
            value = rounded.normalize()
            decimals = max(0, -int(value.as_tuple().exponent))
    return Numeral(value, Decimal(1).scaleb(-decimals))


def _read_pointed(text: str) -> Numeral | None:
    """十二点五六 → 12.56, 二点五万 → 25000. With Arabic digits only before a named unit (1点5万): 12点5 may be a time."""
    whole, _, rest = text.partition(POINT)
    decimals = rest.rstrip("".join(POWERS))
    scale = scale_of(rest[len(decimals) :]) if len(decimals) < len(rest) else Decimal(1)
    if not decimals or scale is None or rest[len(decimals) :].startswith("十"):
        return None
    is_arabic = decimals.isascii()
    if is_arabic:
        if scale == 1 or not (whole.isascii() and decimals.isdigit()):
            return None
    elif not set(decimals) <= DIGITS.keys() - {"两", "○"}:
        return None
    before = read_numeral(whole)
    if before is None or before.is_bare or before.value != int(before.value) or whole.isascii() != is_arabic:
        return None
    if any(POWERS[char] >= POWERS["万"] for char in whole if char in POWERS) and scale > 1:
        return None
    printed = decimals if is_arabic else "".join(str(DIGITS[char]) for char in decimals)
    step = scale.scaleb(-len(printed))
    return Numeral(before.value * scale + int(printed) * step, step)


_Token = Numeral | str
_Read = tuple[int, int]
"""A value and the power of ten of its last named unit."""


def _tokens(text: str) -> list[_Token]:
    """Split into Arabic numbers and single Chinese characters; empty when something else stands between."""
    tokens: list[_Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() != end:
            return []
        end = match.end()
        if match["chinese"]:
            tokens.append(match["chinese"])
        elif number := read_arabic(match["arabic"]):
            tokens.append(number)
        else:
            return []
    return tokens if end == len(text) else []


def _is_well_counted(tokens: list[_Token]) -> bool:
    """Whether 两 stands alone or before 百 and above (not 五百两, 两十), and 十 beside Arabic digits has a count (not 十5, 2百十)."""
    signs = [token if isinstance(token, str) else "0" for token in tokens]
    if any(sign == "两" and after not in ("百", "千", "万", "亿") for sign, after in pairwise([*signs, ""])):
        return False
    return "0" not in signs or all(before in ("0", *DIGITS) for before, sign in pairwise(["", *signs]) if sign == "十")


def _positional(text: str) -> Numeral | None:
    """一二〇〇 → 1200. Two digits without a zero are None: 三五 may be 35 or three to five."""
    if len(text) > 1 and "两" in text:
        return None
    digits = [DIGITS[char] for char in text]
    if len(digits) == 1:
        return None if text == "○" else Numeral(Decimal(digits[0]), Decimal(1))
    if digits[0] == 0 or (len(digits) == 2 and digits[1] != 0):
        return None
    return Numeral(Decimal("".join(map(str, digits))), Decimal(1))


def _below_power(tokens: list[_Token], powers: tuple[str, ...], *, may_shorten: bool) -> _Read | None:
    """Read around 亿, then around 万, then within a section of four digits.

    ``may_shorten``: nothing follows, so that the last unit may be left out (三万五); 三万五亿 is a slip of the pen.
    """
    if not powers:
        return _section(tokens, may_shorten=may_shorten)
    unit, smaller = powers[0], powers[1:]
    if unit not in tokens:
        return _below_power(tokens, smaller, may_shorten=may_shorten)
    at = len(tokens) - 1 - tokens[::-1].index(unit)
    power = POWERS[unit]
    left = _below_power(tokens[:at], smaller, may_shorten=False)
    if left is None or not 0 < left[0] < 10**power:
        return None
    head, rest = left[0] * 10**power, tokens[at + 1 :]
    if not rest:
        return head, power
    if len(rest) == 1:
        right = _last_after_unit(rest[0], power, may_shorten=may_shorten and _goes_down_to_tens(tokens[at - 1]))
    else:
        right = _after_unit(rest, power, smaller, is_round=left[0] % 10 == 0, may_shorten=may_shorten)
    return (head + right[0], right[1]) if right else None


def _goes_down_to_tens(count: _Token) -> bool:
    """Whether what stands before 万 or 亿 ends in ones or tens: 二十万五 is said, 三百万五 may be a slip of 三百五十万."""
    if isinstance(count, Numeral):
        return count.value % 100 != 0
    return count in DIGITS or count == "十"


def _last_after_unit(token: _Token, power: int, *, may_shorten: bool) -> _Read | None:
    """One thing behind 万 or 亿: the digit of the next lower unit (三万五, 3万5), or Arabic digits for all its zeros (1万2000)."""
    return (_shortened(token, power) if may_shorten else None) or _filling(token, power)


def _after_unit(
    rest: list[_Token], power: int, smaller: tuple[str, ...], *, is_round: bool, may_shorten: bool
) -> _Read | None:
    """What follows 万 or 亿: 零五十, 二千; 零 only where a digit is zero: a unit that is left out, or the last one before 万.

    Behind 亿 without 零 a 万 has to stand: 三亿五千 and 一亿三千五百 leave it out as often as not.
    ``is_round``: that last one is. 壹拾万零柒仟 and 壹拾万柒仟 are both right (支付结算办法, 附件一), 三万零五千 is a slip.
    """
    first = rest[0]
    has_zero = isinstance(first, str) and DIGITS.get(first) == 0
    if "万" in smaller and not has_zero and "万" not in rest:
        return None
    right = _below_power(rest[1:] if has_zero else rest, smaller, may_shorten=may_shorten)
    if right is None or not 0 < right[0] < 10 ** (power - 1 if has_zero and not is_round else power):
        return None
    return right


def _section(tokens: list[_Token], *, may_shorten: bool) -> _Read | None:
    """Read a number below 10000: named units fall from 千 to 十, 零 stands only where a unit is left out."""
    if len(tokens) == 1 and isinstance(tokens[0], Numeral):
        number = tokens[0].value
        return (int(number), 0) if number == int(number) and tokens[0].step == 1 and number < 10_000 else None
    value, last, position = 0, 4, 0
    while position < len(tokens):
        part = tokens[position]
        has_zero = isinstance(part, str) and DIGITS.get(part) == 0
        if has_zero:
            position += 1
            if position == len(tokens) or last == 4:
                return None
            part = tokens[position]
        follower = tokens[position + 1] if position + 1 < len(tokens) else None
        if part == "十" and last != 1:
            count, power, used = 1, 1, 1
        elif isinstance(follower, str) and follower in POWERS:
            count, power, used = _count(part), POWERS[follower], 2
        elif position == len(tokens) - 1:
            tail = _tail(part, last, has_zero=has_zero, may_shorten=may_shorten)
            return (value + tail[0], tail[1]) if tail else None
        else:
            return None
        if not count or power >= last or (has_zero and power == last - 1):
            return None
        value, last, position = value + count * 10**power, power, position + used
    return (value, last) if value else None


def _count(token: _Token) -> int:
    """How many of the following named unit: one digit, Chinese or Arabic; 0 when it is none."""
    if isinstance(token, str):
        return DIGITS.get(token, 0)
    return int(token.value) if token.step == 1 and token.value < 10 else 0


def _tail(token: _Token, last: int, *, has_zero: bool, may_shorten: bool) -> _Read | None:
    """The last digit of a section: its units, or after 百 and 千 without 零 the next lower unit (一千八 = 1800, 1千8 too)."""
    if isinstance(token, Numeral):
        if has_zero:
            return (int(token.value), 0) if token.step == 1 and 0 < token.value < 10 ** (last - 1) else None
        if last == 4:
            return None
    elif not (digit := DIGITS.get(token)):
        return None
    elif has_zero:
        return (digit, 0) if last > 1 else None
    elif last in (1, 4):
        return digit, 0
    return (_shortened(token, last) if may_shorten and last > 1 else None) or _filling(token, last)


def _shortened(token: _Token, power: int) -> _Read | None:
    """One digit behind a named unit and nothing after it counts the next lower unit; what is passed over would be said as 零."""
    digit = _count(token)
    return (digit * 10 ** (power - 1), power - 1) if digit else None


def _filling(token: _Token, power: int) -> _Read | None:
    """More Arabic digits behind a named unit are certain only when they fill all its places: 1万2000, but not 1万200."""
    is_full = isinstance(token, Numeral) and token.step == 1 and 10 ** (power - 1) <= token.value < 10**power
    return (int(token.value), 0) if isinstance(token, Numeral) and is_full else None
