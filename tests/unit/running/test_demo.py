"""What the demo counts as its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nuanliu.errors import UsageError
from nuanliu.running.demo import WEEK, YEAR, runs_since, year_home
from nuanliu.settings import Settings

QUEUED = {"i1": "08:00:00Z", "r1": "08:00:05.5Z", "i2": "09:30:00Z", "r2": "09:30:07.25Z"}


class FakeApi:
    """Answers with the runs of each DAG, as Airflow does."""

    def get(self, path: str, **_: object) -> dict[str, Any]:
        dag_id = path.split("/")[2]
        runs = [
            {"dag_id": dag_id, "dag_run_id": run_id, "queued_at": f"2026-01-05T{clock}"}
            for run_id, clock in QUEUED.items()
            if dag_id.startswith(run_id[0])
        ]
        return {"dag_runs": runs}


def test_a_second_demo_looks_at_none_of_the_runs_that_were_there_before_it() -> None:
    began = datetime(2026, 1, 5, 9, 29, tzinfo=UTC)
    assert [run["dag_run_id"] for run in runs_since(FakeApi(), began)] == ["i2", "r2"]  # type: ignore[arg-type]


def test_a_year_is_played_in_a_home_of_its_own_inside_the_home(tmp_path: Path) -> None:
    settings = year_home(Settings.from_env({"NUANLIU_HOME": str(tmp_path)}))
    assert settings == Settings.from_env({"NUANLIU_HOME": str(tmp_path / "var" / "year")})


@pytest.mark.parametrize(
    "real",
    [
        {"NUANLIU_WAREHOUSE_DSN": "postgresql://login@host/warehouse"},
        {"NUANLIU_BUCKET": "s3://bucket"},
        {"NUANLIU_BUCKET": "file:///srv/bucket"},
    ],
)
def test_a_year_is_never_played_into_stores_that_somebody_named(tmp_path: Path, real: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="home of its own"):
        year_home(Settings.from_env({"NUANLIU_HOME": str(tmp_path), **real}))


def test_the_year_ends_with_the_week_before_the_demos_own() -> None:
    assert len(YEAR.weeks) == 60
    assert str(YEAR.last.shift(1)) == WEEK
