"""What a reader sees in a cell of a workbook: its number as its format prints it."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_FORMAT = re.compile(r'(?P<before>(?:"[^"]*")*)(?P<zeros>0(?:\.0+)?)?(?P<after>(?:"[^"]*")*)')


def shown(cell: Any) -> str:
    """The text; of formats only those that this project writes."""
    if not isinstance(cell.value, int | float):
        return "" if cell.value is None else str(cell.value)
    value = Decimal(str(cell.value))
    if cell.number_format == "General":
        return str(cell.value)
    sections = cell.number_format.split(";")
    place = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    found = _FORMAT.fullmatch(sections[place].removeprefix("-"))
    assert found is not None, cell.number_format
    decimals = len((found["zeros"] or "").partition(".")[2])
    digits = f"{abs(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}" if found["zeros"] else ""
    return f"{found['before']}{digits}{found['after']}".replace('"', "")
