"""Numbers that point to one person, in any text: identity cards, mobile telephones, bank cards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

_BLANKS, _DASHES = "\t\u3000\u00a0\u2002\u2009\u200b\u202f\ufeff", "－–—‐‑‒−_"
POSSIBLE = f"[0-9０-９](?:[ \\-{_BLANKS}{_DASHES}]{{0,2}}[0-9０-９]){{10}}"
"""RE2 pattern that every text with a personal number matches; most texts do not, so look closer only at these."""
SIEVE = rf"{POSSIBLE}|[1-8]\.[0-9]{{9,14}}[eE]\+17"
"""The same, and an identity number that a spreadsheet shows as a power of ten."""

# Full-width digits and X, blanks and dashes become ASCII one for one, so that positions stay.
_WIDTH = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF38, 0xFF58)},
    **dict.fromkeys(map(ord, _BLANKS), " "),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
_POSSIBLE = re.compile(POSSIBLE)
_GAP = r"[ \-]{0,2}"
_FIFTEEN = re.compile(rf"[0-9](?:{_GAP}[0-9]){{14}}")
"""As many digits as the shortest identity number has."""
_START, _END = r"(?<![0-9])(?<![0-9]\.)", r"(?![0-9]|\.[0-9])"
_ID18 = re.compile(rf"{_START}[1-8][0-9]{{5}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{3}}[0-9Xx]{_END}")
_ID15 = re.compile(rf"{_START}[1-8][0-9]{{5}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{3}}{_END}")
_FLOAT_ID = re.compile(rf"{_START}[1-8]\.[0-9]{{9,14}}E\+17{_END}", re.I)
_CARD = re.compile(rf"{_START}[3-69][0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}[0-9]{{1,3}})?{_END}")
_MOBILE = re.compile(rf"{_START}(?:(?:\+|00)?86{_GAP})?1[3-9][0-9](?:{_GAP}[0-9]{{4}}){{2}}{_END}")

_MASKED = re.compile(
    r"[1-8][0-9]{5}\*{6,8}[0-9]{3}[0-9X]?|1[3-9][0-9]\*{4}[0-9]{4}|\*{12,15}[0-9]{4}|[1-8][0-9]{5}\*{12}"
)

# The first two digits of GB/T 2260: provinces and their like.
_PROVINCES = frozenset(
    f"{tens}{ones}"
    for tens, digits in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",
    }.items()
    for ones in digits
)
# GB 11643-1999: weights and check characters of the 18-digit number.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# Numbering plan of mobile services (工信部 号码资源使用): the third digits in use after each second one.
_MOBILE_THIRDS = {
    "3": "0123456789",
    "4": "01456789",
    "5": "012356789",
    "6": "2567",
    "7": "012345678",
    "8": "0123456789",
    "9": "012356789",
}
_MOBILE_DIGITS = 11
ID_NUMBER, MOBILE, BANK_CARD = "身份证号", "手机号", "银行卡号"


class PersonalNumber(NamedTuple):
    """One number found in a text: its kind, where it stands, and how it is shown."""

    kind: str
    start: int
    end: int
    masked: str


def find_personal_numbers(text: str) -> tuple[PersonalNumber, ...]:
    """Every personal number in a text, left to right; full-width digits and digits in groups included."""
    if len(text) == _MOBILE_DIGITS and text.isascii() and text.isdigit():  # a column may hold 100,000 of them
        is_mobile = text[0] == "1" and text[1] in _MOBILE_THIRDS
        return (PersonalNumber(MOBILE, 0, _MOBILE_DIGITS, _mask_mobile(text)),) if is_mobile else ()
    if not _POSSIBLE.search(text) and not _FLOAT_ID.search(text):
        return ()
    plain = text.translate(_WIDTH)
    found: list[PersonalNumber] = []
    taken = bytearray(len(plain))  # comparing each with every other costs seconds where thousands stand in one text
    for number in _candidates(plain):
        if not any(taken[number.start : number.end]):
            taken[number.start : number.end] = b"\x01" * (number.end - number.start)
            found.append(number)
    return tuple(sorted(found, key=lambda number: number.start))


def mask_text(text: str) -> str:
    """The text with every personal number masked: 620102********1234, 138****1234, the last 4 digits of a card."""
    return mask_numbers(text, find_personal_numbers(text))


def mask_numbers(text: str, numbers: Iterable[PersonalNumber]) -> str:
    """The text with these of its numbers masked. ``numbers``: as they were found, left to right."""
    parts = []
    at = 0
    for number in numbers:
        parts += [text[at : number.start], number.masked]
        at = number.end
    return "".join((*parts, text[at:]))


def mask_if_any(text: str | None) -> str | None:
    """``mask_text``, where a text may be missing."""
    return None if text is None else mask_text(text)


def names_person(file_name: str) -> bool:
    """Whether a file name holds a personal number, or held one: a replay knows the name only as it was masked."""
    return bool(find_personal_numbers(file_name) or _MASKED.search(file_name))


def _candidates(plain: str) -> Iterator[PersonalNumber]:
    if _FIFTEEN.search(plain):
        yield from _long_candidates(plain)
    for match in _FLOAT_ID.finditer(plain) if "+17" in plain else ():
        digits = _digits(match[0])[:-2].ljust(18, "0")
        if digits[:2] in _PROVINCES and _is_day(digits[6:14]):
            yield PersonalNumber(ID_NUMBER, *match.span(), f"{digits[:6]}************")
    for match in _MOBILE.finditer(plain):
        yield PersonalNumber(MOBILE, *match.span(), _mask_mobile(_digits(match[0])[-_MOBILE_DIGITS:]))


def _mask_mobile(digits: str) -> str:
    return f"{digits[:3]}****{digits[-4:]}"


def _long_candidates(plain: str) -> Iterator[PersonalNumber]:
    for match in _ID18.finditer(plain):
        digits = _digits(match[0])
        if is_id_number(digits):
            yield PersonalNumber(ID_NUMBER, *match.span(), f"{digits[:6]}********{digits[-4:]}")
    for match in _CARD.finditer(plain):
        digits = _digits(match[0])
        if _passes_luhn(digits):
            yield PersonalNumber(BANK_CARD, *match.span(), "*" * (len(digits) - 4) + digits[-4:])
    for match in _ID15.finditer(plain):
        digits = _digits(match[0])
        if digits[:2] in _PROVINCES and _is_day(f"19{digits[6:12]}"):
            yield PersonalNumber(ID_NUMBER, *match.span(), f"{digits[:6]}******{digits[-3:]}")


def is_id_number(digits: str) -> bool:
    """Whether 18 characters are an identity number: province, day of birth, check digit.

    An 18-digit number that a spreadsheet stored as a number lost its last three digits to zeros (M63) and counts too.
    """
    if digits[:2] not in _PROVINCES or not _is_day(digits[6:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return digits[17] == _CHECKS[total % 11] or digits.endswith("000")


def is_mobile_prefix(three: str) -> bool:
    """Whether mobile numbers begin with these three digits."""
    return three[0] == "1" and three[2] in _MOBILE_THIRDS.get(three[1], "")


def _digits(written: str) -> str:
    return re.sub(r"[^0-9X]", "", written.upper())


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year >= 1900
    except ValueError:
        return False


def _passes_luhn(digits: str) -> bool:
    if not 16 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
