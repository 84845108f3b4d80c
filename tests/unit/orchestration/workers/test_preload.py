"""Heavy modules are imported in the process that forks tasks, and in no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nuanliu.operations.upkeep import warming
from nuanliu.orchestration.workers.preload import preload_for_forks

if TYPE_CHECKING:
    from datetime import datetime


@pytest.mark.parametrize(
    ("argv", "forks"),
    [
        (["/venv/bin/airflow", "scheduler"], True),
        (["/venv/bin/airflow", "scheduler", "--skip-serve-logs"], True),
        (["/venv/bin/airflow", "celery", "worker", "--concurrency", "4"], True),
        (["/venv/bin/airflow", "api-server"], False),
        (["/venv/bin/airflow", "dag-processor"], False),
        (["/venv/bin/airflow", "triggerer"], False),
        (["/venv/bin/airflow", "dags", "list"], False),
        (["/venv/bin/pytest", "scheduler"], False),
        ([], False),
    ],
)
def test_only_the_parents_of_tasks_preload(argv: list[str], forks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    warmed: list[datetime] = []
    monkeypatch.setattr(warming, "warm_up", warmed.append)
    assert preload_for_forks(argv) is forks
    assert bool(warmed) is forks


def test_a_preload_that_fails_does_not_stop_the_scheduler(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(now: datetime) -> None:
        raise ImportError("no such module")

    monkeypatch.setattr(warming, "warm_up", broken)
    assert preload_for_forks(["airflow", "scheduler"])
    assert "no such module" in caplog.text
