"""How often what is of one kind is played: some times in ``make test``, the full number in ``make soak``."""

from __future__ import annotations

import os

TO_THE_FULL = os.environ.get("NUANLIU_TEST_ALL_ROUNDS") == "1"
"""Set by ``make soak``, which names every file that asks (tests/unit/test_rounds.py)."""


def rounds(few: int, *, full: int) -> int:
    """So many rounds of the same kind: ``few`` must meet everything that they are made for, ``full`` looks for luck."""
    return full if TO_THE_FULL else few
