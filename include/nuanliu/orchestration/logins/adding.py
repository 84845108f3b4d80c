"""``python -m nuanliu.orchestration.logins.adding``: make one account in Airflow's database.

The order comes as JSON on stdin (name, role, email, password), because a command line can be read by everyone on the machine.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from nuanliu.orchestration.logins.settings import ROLES


def add_login(order: dict[str, Any]) -> str:
    """Make the account: ``added``, or ``kept`` where one of that name is there, which stays as it is."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        accounts = builder.sm
        if accounts.find_user(username=order["name"]):
            return "kept"
        role = accounts.find_role(ROLES[order["role"]])
        made = accounts.add_user(order["name"], order["name"], "-", order["email"], role, order["password"])
        if not made:
            raise SystemExit(f"the account {order['name']} could not be made; is {order['email']} another one's?")
    return "added"


if __name__ == "__main__":
    # Airflow logs to stdout; the last line is the answer.
    outcome = add_login(json.load(sys.stdin))
    print(json.dumps({"outcome": outcome}))
