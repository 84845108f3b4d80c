"""Have everything at hand before the first drop: modules imported, code lists and rules read, suites built.

Meant for a process that forks tasks: what it holds, each task inherits. Nothing here reads a drop, so that no thread
pool of a library runs when the process forks.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import datetime

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.reloading import forget_data
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.quality.checking import warm_up_suites
from nuanliu.settings import INCLUDE_DIR

_ROOMS = ("storage", "intake", "quality", "warehouse", "reporting", "operations")
_LAZY_LIBRARIES = (
    "chinese_calendar",
    "defusedxml.ElementTree",
    "great_expectations",
    "jinja2",
    "openpyxl",
    "pandas",
    "psycopg",
    "pyarrow.csv",
    "sqlalchemy.dialects.postgresql.psycopg",
)
"""What the rooms import inside functions only."""

_DATA = (INCLUDE_DIR / "contracts", INCLUDE_DIR / "reference")
_read_at: list[frozenset[tuple[str, int, int]]] = []
"""The state of the data files when this process warmed up; empty in a process that never did."""


def warm_up(now: datetime) -> None:
    """Import all rooms and read all data, once: a forked task that calls it again has it all already.

    ``now`` tells for which weeks suites are built: the current one and the one before.
    """
    if _read_at:
        return

    _read_at.append(_data_state())
    for name in _LAZY_LIBRARIES:
        importlib.import_module(name)
    for module in _room_modules():
        importlib.import_module(module)
    codes()
    input_contract()
    rule_registry()

    for week in (ReportingWeek.at(now), ReportingWeek.last_closed_before(now)):
        warm_up_suites(week)
    gc.collect()
    # What is at hand stays: no task's collector looks through it again, and a fork shares its pages untouched.
    gc.freeze()


def forget_stale_data() -> bool:
    """Empty every cache of data if a data file changed since ``warm_up``, so that an edit needs no restart.

    Returns whether it did. Costs one stat a file.
    """
    if not _read_at or _read_at[0] == (state := _data_state()):
        return False
    _read_at[:] = [state]
    forget_data()
    return True


def _data_state() -> frozenset[tuple[str, int, int]]:
    found = ((path, path.stat()) for folder in _DATA for path in folder.rglob("*") if path.is_file())
    return frozenset((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def _room_modules() -> Iterator[str]:
    for room in _ROOMS:
        package = importlib.import_module(f"nuanliu.{room}")
        yield from (info.name for info in pkgutil.walk_packages(package.__path__, f"nuanliu.{room}."))
