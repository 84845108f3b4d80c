"""Numbers that stay numbers in their cells while the format prints their 余, 近 or 约."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nuanliu.domain.exactness import Exactness, plain_number, with_mark
from nuanliu.domain.figure_id import FigureId
from nuanliu.reporting.labels import is_money

_WAN, _CENT = Decimal(10000), Decimal("0.01")
_MOST_DIGITS = 15
"""What a spreadsheet program keeps of a number; a longer one stays a text, so that no digit of it is lost."""
_SHOWN = re.compile(r"(?P<sign>[增减]?)(?P<before>[近约]?)(?P<digits>\d+(?:\.(?P<decimals>\d+))?)(?P<after>余?)")
_NO_CHANGE = {"持平", "约持平"}


@dataclass(frozen=True)
class Amount:
    """A number for a cell."""

    value: Decimal
    pattern: str
    """Its number format."""
    text: str
    """What the cell shows with it."""


def base_amount(value: str, exactness: str) -> Amount | str:
    """A figure in its base unit with every digit: 467000, 1925余."""
    number = Decimal(value)
    return _amount(number, _decimals(number), Exactness(exactness))


def column_amount(figure_id: str, value: str, exactness: str) -> Amount | str:
    """A figure for a column of its measure, ``value`` in the base unit: money in 万元.

    It shows two decimals of it and keeps all, so that the column adds up. Money that would read 0.00 shows as many as it has.
    """
    number = Decimal(value)
    if not is_money(FigureId.parse(figure_id).measure):
        return _amount(number, _decimals(number), Exactness(exactness))
    wan = number / _WAN
    is_hidden = number != 0 and wan.quantize(_CENT, ROUND_HALF_UP) == 0
    return _amount(wan, _decimals(wan) if is_hidden else 2, Exactness(exactness))


def shown_amount(text: str | None) -> Amount | str | None:
    """What a line of the summary shows, as the number that it is: 增46.70余. What is no number alone stays a text."""
    if text is None or text in _NO_CHANGE:
        return Amount(Decimal(0), f'0;-0;"{text}"', text) if text else None
    found = _SHOWN.fullmatch(text)
    if found is None or _is_too_long(found["digits"]):
        return text
    number = Decimal(found["digits"]) * (-1 if found["sign"] == "减" else 1)
    printed = _quoted(found["before"]) + _zeros(len(found["decimals"] or "")) + _quoted(found["after"])
    return Amount(number, f'"增"{printed};"减"{printed}' if found["sign"] else printed, text)


def _amount(number: Decimal, decimals: int, exactness: Exactness) -> Amount | str:
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) if decimals else number
    text = with_mark(f"{rounded:f}" if decimals else plain_number(number), exactness)
    if _is_too_long(plain_number(number)):
        return text
    before, _, after = with_mark("0", exactness).partition("0")
    return Amount(number, _quoted(before) + _zeros(decimals) + _quoted(after), text)


def _is_too_long(digits: str) -> bool:
    return len(digits.replace(".", "").lstrip("-0")) > _MOST_DIGITS


def _decimals(number: Decimal) -> int:
    return len(plain_number(number).partition(".")[2])


def _zeros(decimals: int) -> str:
    return f"0.{'0' * decimals}" if decimals else "0"


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""
