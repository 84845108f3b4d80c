"""Does anything of Airflow still run? Tables are changed while nothing works on them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, inspect

from nuanliu.domain import schemas
from nuanliu.errors import UsageError
from nuanliu.settings import database_setting
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.schema.migrating import is_current
from nuanliu.warehouse.schema.sql_files import load_sql

METADATA = "NUANLIU_METADATA_DSN"
OF_AIRFLOW = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
"""By which Airflow's processes know their own database."""


class StillRunning(UsageError):
    """Schedulers, triggerers or DAG processors work on the installation."""


def look_for_standstill(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """``{"ok", "running": ["SchedulerJob on host (3 s ago)"]}``: whether tables may be changed now."""
    running = running_processes(environment)
    return {"schema": schemas.STANDSTILL, "ok": not running, "running": running}


def require_standstill(environment: Mapping[str, str] = os.environ) -> None:
    """Raises: StillRunning, naming what runs and where. Where no address is known, nothing can be said."""
    running = running_processes(environment)
    if running:
        raise StillRunning(
            f"still running: {', '.join(running)}. Stop them first (one that was killed counts for a minute more); the order "
            "of an upgrade stands in docs/engineers/operations.md"
        )


def require_standstill_to_upgrade(engine: Engine) -> None:
    """The same where the warehouse's tables are about to change: not for new ones, nor when nothing is to do."""
    if not is_current(engine) and inspect(engine).has_table("registry"):
        require_standstill()


def running_processes(environment: Mapping[str, str]) -> list[str]:
    """``SchedulerJob on host (3 s ago)`` and so on; empty where no address is known or the database is new."""
    address = database_setting(environment, METADATA) or environment.get(OF_AIRFLOW)
    if address is None or not address.startswith("postgresql"):
        return []
    engine = open_engine(address)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("job"):
                return []
            rows = connection.execute(load_sql("airflow", "running_job")).all()
    finally:
        engine.dispose()
    return [f"{row.job_type} on {row.hostname} ({row.silent_seconds} s ago)" for row in rows]
