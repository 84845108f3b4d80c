"""``nuanliu.bench/1``: rows by name, in a file of each run below var/bench/ and, recorded, in docs/bench.json.

Every row says on which day and machine and in which size it was measured, so that one may be measured anew by itself.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.bench.results.rows import Measured

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA = "nuanliu.bench/1"
RECORDED = PROJECT_DIR / "docs" / "bench.json"
_RUNS = PROJECT_DIR / "var" / "bench"
_DECIMALS = 4


def new_run() -> Path:
    """Where this run is kept."""
    _RUNS.mkdir(parents=True, exist_ok=True)
    return _RUNS / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.json"


def write(path: Path, rows: Mapping[str, Measured]) -> None:
    """All of them; numbers to the tenth of a millisecond, which is finer than any clock of these."""
    document = {"schema": SCHEMA, "rows": {name: each.as_json() for name, each in rows.items()}}
    rounded = json.loads(json.dumps(document), parse_float=lambda text: round(float(text), _DECIMALS))
    path.write_text(json.dumps(rounded, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read(path: Path) -> dict[str, Measured]:
    """Raises: ValueError when it is another document."""
    document = json.loads(path.read_text("utf-8"))
    if document.get("schema") != SCHEMA:
        raise ValueError(f"{path} is no {SCHEMA}")
    return {name: Measured.read(each) for name, each in document["rows"].items()}


def record(path: Path) -> None:
    """Let the rows of a run stand in docs/bench.json, in place of those of before."""
    write(RECORDED, read(RECORDED) | read(path))
