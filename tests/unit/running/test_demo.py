"""What the demo counts as its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nuanliu.running.demo import runs_since

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
