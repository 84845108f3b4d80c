"""Play one history and show where program and model differ: what printed scripts call."""

from __future__ import annotations

import sys

from tests.histories.playing import play_beside
from tests.histories.warehouses import open_program, serve_warehouses
from tests.model.drops import Step


def show(steps: tuple[Step, ...]) -> None:
    """Print the differences; exit 1 when there are any."""
    with serve_warehouses() as warehouses, open_program(warehouses) as program:
        found = play_beside(program, steps)
    print("\n".join(map(str, found)) or "no difference")
    sys.exit(bool(found))
