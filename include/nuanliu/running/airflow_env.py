"""The environment of Airflow's processes on one machine. Every setting of ours that differs from Airflow's stands here."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nuanliu.running.secret_file import Secrets, write_private
from nuanliu.settings import INCLUDE_DIR, Settings

PROJECT_DIR = INCLUDE_DIR.parent


@dataclass(frozen=True)
class Ports:
    """Where the processes listen, on 127.0.0.1."""

    api: int
    smtp: int


TUNED = {
    # Measured on 2 cores: the default of 5 s blocks a slot after each task, 1.7 → 5–11 tasks a second.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
    # A task reports every second (above); one that is silent for so long is taken over: within 90 s, retry_delay included.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "45",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "10",
    # Six drops at once, and four slots that they leave to everything else (orchestration/defaults.py).
    "AIRFLOW__CORE__PARALLELISM": "10",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
}
"""May be overridden from outside."""


def airflow_environment(
    settings: Settings, ports: Ports, secrets: Secrets, metadata_dsn: str, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The complete environment for ``airflow …`` and for our own commands beside it; writes the password file.

    ``metadata_dsn``: Airflow's database. ``base``: what to build on, default this process's environment; its tuning
    settings win over ours, its paths, addresses and secrets do not.
    """
    airflow_home = settings.var / "airflow"
    airflow_home.mkdir(parents=True, exist_ok=True)
    passwords = airflow_home / "passwords.json"
    write_private(passwords, json.dumps(secrets.passwords) + "\n")
    base_url = f"http://127.0.0.1:{ports.api}"
    outer = dict(os.environ if base is None else base)
    outer.pop("NUANLIU_SMTP_URL_FILE", None)  # the address below is the only one
    return {
        **TUNED,
        **outer,
        "AIRFLOW_HOME": str(airflow_home),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.jwt_secret,
        "AIRFLOW__API__BASE_URL": base_url,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(ports.api),
        "AIRFLOW__API__SECRET_KEY": secrets.api_secret,
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_DIR / "dags"),
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base_url}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__FERNET_KEY": secrets.fernet_key,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_DIR / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{user}" for user in secrets.passwords),
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": _with_driver(metadata_dsn, "psycopg"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": _with_driver(metadata_dsn, "asyncpg"),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(airflow_home / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(airflow_home / "logs" / "dag_processor"),
        "GX_ANALYTICS_ENABLED": "False",
        "NO_PROXY": _joined(",", "127.0.0.1,localhost", outer.get("NO_PROXY")),
        "NUANLIU_HOME": str(settings.home),
        "NUANLIU_SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "PATH": _joined(os.pathsep, str(Path(sys.executable).parent), outer.get("PATH", os.defpath)),
        "PYTHONPATH": _joined(os.pathsep, str(INCLUDE_DIR), outer.get("PYTHONPATH")),
        "PYTHONUNBUFFERED": "1",
        "SPT_NOENV": "1",  # else a process that sets its title wipes the mark by which `make down` finds it
    }


def _with_driver(dsn: str, driver: str) -> str:
    return f"postgresql+{driver}://{dsn.partition('://')[2]}"


def _joined(separator: str, first: str, rest: str | None) -> str:
    """``first`` before ``rest``, which it is not repeated in."""
    others = [part for part in (rest or "").split(separator) if part and part not in first.split(separator)]
    return separator.join([first, *others])
