"""Accounts of a server's Airflow, made from the command line without a password on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import InvalidSetting, Permanent, UsageError

FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
ROLES = ("viewer", "op", "admin")
SHORTEST = 12


class LoginNotMade(Permanent):
    """Airflow could not make an account; the message holds its last words."""


def add_login(
    name: str, role: str, password: str, *, email: str | None = None, source: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Make an account in the database of the Airflow that this process's variables describe; one that is there is kept.

    Returns ``nuanliu.login/1``. Raises: UsageError, InvalidSetting, LoginNotMade.
    """
    env = dict(os.environ if source is None else source)
    if env.get("AIRFLOW__CORE__AUTH_MANAGER") != FAB:
        raise InvalidSetting(
            f"AIRFLOW__CORE__AUTH_MANAGER is not {FAB}: this Airflow keeps no accounts in its database "
            "(docs/engineers/logins.md)"
        )
    if role not in ROLES:
        raise UsageError(f"{role!r} is no role; choose one of {', '.join(ROLES)}")
    if len(password) < SHORTEST:
        raise UsageError(f"the password is too short: at least {SHORTEST} characters")
    order = {"name": name, "role": role, "email": email or f"{name}@localhost", "password": password}
    done = subprocess.run(
        [sys.executable, "-m", "nuanliu.orchestration.logins.adding"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        errors="replace",
        env=env,
        check=False,
    )
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip() or "(no output)").splitlines()[-1]
        raise LoginNotMade(f"the account {name} was not made: {words.replace(password, '***')}")
    outcome = json.loads(done.stdout.strip().splitlines()[-1])["outcome"]
    return {"schema": schemas.LOGIN, "name": name, "role": role, "outcome": outcome}
