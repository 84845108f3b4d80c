"""What was seen, one line a thing: ``what<TAB>seen`` on stdout, which the script gathers into its table."""

from __future__ import annotations

import time
from collections.abc import Iterator


class Problem(Exception):
    """Something that was to be seen was not; the message says what."""


def seen(what: str, told: str) -> None:
    """A line of the table."""
    print(f"{what}\t{told}", flush=True)


def patience(most: float, problem: str) -> Iterator[float]:
    """The seconds since the first look, one look a second. Raises: Problem after ``most`` of them."""
    began = time.monotonic()
    while (waited := time.monotonic() - began) < most:
        yield waited
        time.sleep(1)
    raise Problem(f"{problem} within {most:.0f} s")
