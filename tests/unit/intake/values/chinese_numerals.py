"""Write numbers in Chinese, independently of the reader, so that tests can read them back."""

from __future__ import annotations

NORMAL = ("零一二三四五六七八九", "十百千", "万亿")
FINANCIAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万亿")
TRADITIONAL = ("零一二三四五六七八九", "十百千", "萬億")


def write_chinese(number: int, style: tuple[str, str, str] = NORMAL, *, zero_after_round: bool = False) -> str:
    """一万零五十 for 10050, below 10^12. Financial writing keeps 壹拾 where the normal one says 十.

    ``zero_after_round``: 壹拾万零柒仟 instead of 壹拾万柒仟; 支付结算办法, 附件一, allows both where the digit before 万 is 0
    and the one behind it is not.
    """
    digits, _, large = style
    if number == 0:
        return digits[0]
    sections: list[int] = []
    while number:
        number, section = divmod(number, 10_000)
        sections.append(section)
    text = ""
    was_gap = False
    for place in range(len(sections) - 1, -1, -1):
        section = sections[place]
        if section == 0:
            was_gap = bool(text)
            continue
        if text and (was_gap or section < 1000 or (zero_after_round and sections[place + 1] % 10 == 0)):
            text += digits[0]
        text += _section(section, style) + (large[place - 1] if place else "")
        was_gap = False
    if style != FINANCIAL and text.startswith("一十"):
        text = text[1:]
    return text


def _section(section: int, style: tuple[str, str, str]) -> str:
    digits, small, _ = style
    text, was_gap = "", False
    for power in (3, 2, 1, 0):
        digit = section // 10**power % 10
        if digit == 0:
            was_gap = bool(text)
            continue
        if was_gap:
            text += digits[0]
            was_gap = False
        text += digits[digit] + (small[power - 1] if power else "")
    return text


def in_both_scripts(text: str, style: tuple[str, str, str], arabic: set[int]) -> str:
    """The same numeral with the digits at these places in Arabic: 3万五, 六千7. 十 without a count then gets its 一."""
    digits = style[0]
    if arabic and text.startswith("十"):
        text = "一" + text
    return "".join(
        str(digits.index(char)) if at in arabic and char in digits[1:] else char for at, char in enumerate(text)
    )


def write_amount(cents: int, *, zero_after_round: bool = False, zero_after_yuan: bool = False) -> str:
    """壹拾万零柒仟元伍角叁分 for 10700053, as 支付结算办法, 附件一, has it.

    ``zero_after_yuan``: 壹仟陆佰捌拾元零叁角贰分, which it allows where the last digit before 元 is 0 and 角 is not.
    """
    digits = FINANCIAL[0]
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    text = write_chinese(yuan, FINANCIAL, zero_after_round=zero_after_round) + "元" if yuan or not rest else ""
    if not rest:
        return text + "整"
    if text and ((not jiao) or (zero_after_yuan and yuan % 10 == 0)):
        text += digits[0]
    text += digits[jiao] + "角" if jiao else ""
    return text + (digits[fen] + "分" if fen else "整")


def write_mixed(number: int, *, sections_whole: bool = False) -> str:
    """3万5千, 1万零500: Arabic digits before named units. ``sections_whole``: 1亿2000万5000, four digits to a section."""
    if not number:
        return "0"
    text, was_gap = "", False
    for place, unit in ((8, "亿"), (4, "万"), (0, "")):
        section = number // 10**place % 10_000
        if not section:
            was_gap = bool(text)
            continue
        gap = bool(text) and (was_gap or section < 1000)
        was_gap = False
        text += ("零" if gap else "") + (str(section) if sections_whole else _mixed_section(section)) + unit
    return text


def _mixed_section(section: int) -> str:
    if section < 100:
        return str(section)
    text = ""
    for power, unit in ((3, "千"), (2, "百")):
        digit = section // 10**power % 10
        text += f"{digit}{unit}" if digit else ""
    rest = section % 100
    if not rest:
        return text
    last = 3 if not section // 100 % 10 else 2
    return text + ("零" if rest < 10 ** (last - 1) else "") + str(rest)
