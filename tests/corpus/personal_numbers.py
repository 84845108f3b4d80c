"""Invented personal numbers, made at run time: valid by their check digits, belonging to nobody we know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def invent_id_number(rng: Random) -> str:
    """An 18-character identity number."""
    area = rng.choice(("620102", "620402", "110105", "510104"))
    born = f"{rng.randint(1950, 2003)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    body = f"{area}{born}{rng.randint(1, 999):03}"
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]


def invent_mobile(rng: Random) -> str:
    """An 11-digit mobile number."""
    return f"1{rng.choice('3456789')}{rng.randint(0, 999_999_999):09}"


def invent_card(rng: Random) -> str:
    """A 19-digit bank card number that passes Luhn's test."""
    body = f"62284{rng.randint(0, 10**13 - 1):013}"
    doubled = [int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(reversed(body))]
    return body + str(-sum(v - 9 if v > 9 else v for v in doubled) % 10)


def written_variants(number: str) -> tuple[str, ...]:
    """The number as people also write it: full-width, in groups, with a country code."""
    full_width = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    if len(number) == 11:
        groups = (number[:3], number[3:7], number[7:])
        return (number, full_width, "-".join(groups), " ".join(groups), f"+86 {number}", f"86{number}")
    if len(number) == 18:
        groups = (number[:6], number[6:10], number[10:14], number[14:])
        return (number, full_width, " ".join(groups), "-".join(groups), number.lower())
    groups = tuple(number[at : at + 4] for at in range(0, len(number), 4))
    return (number, full_width, " ".join(groups), "-".join(groups))


def secret_part(number: str) -> str:
    """The digits in the middle whose presence betrays the number: the birthday and more, or nine digits of a telephone number.

    Seven digits are too few: the times and process numbers in a log hold any seven sooner or later.
    """
    return {11: number[1:10], 18: number[5:15]}.get(len(number), number[3:-3])
