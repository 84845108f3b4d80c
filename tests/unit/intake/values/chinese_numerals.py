"""Write numbers in Chinese, independently of the reader, so that tests can read them back."""

from __future__ import annotations

NORMAL = ("零一二三四五六七八九", "十百千", "万亿")
FINANCIAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万亿")
TRADITIONAL = ("零一二三四五六七八九", "十百千", "萬億")


def write_chinese(number: int, style: tuple[str, str, str] = NORMAL) -> str:
    """一万零五十 for 10050, below 10^12. Financial writing keeps 壹拾 where the normal one says 十."""
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
        if text and (was_gap or section < 1000):
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
