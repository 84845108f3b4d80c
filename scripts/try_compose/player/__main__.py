"""``python -m player STEP …``: exit 1 and a sentence on stderr when something was not seen."""

from __future__ import annotations

import sys

from player import crowd, kept, people, unions
from player.seen import Problem

STEPS = {
    "week": unions.play_week,
    "forbidden": unions.try_forbidden,
    "receipts": kept.print_receipts,
    "new-drop": crowd.drop_one,
    "same": kept.compare_figures,
    "publish": people.publish,
    "mails": people.look_at_mails,
    "board": people.look_at_the_board,
    "maintain": people.maintain,
    "idle": lambda: people.wait_until_idle(people.logged_in("op")),
    "crowd": crowd.drop_crowd,
    "victims": crowd.wait_for_victims,
    "take-over": lambda host, killed_at: crowd.watch_take_over(host, float(killed_at)),
    "received": crowd.wait_for_crowd,
    "figures": crowd.check_figures,
}

if __name__ == "__main__":
    try:
        STEPS[sys.argv[1]](*sys.argv[2:])
    except Problem as problem:
        sys.exit(f"not seen: {problem}")
