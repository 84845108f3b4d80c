"""Heavy modules are imported in the process that forks tasks, and in no other."""

from __future__ import annotations

import importlib
import sys

import pytest

from nuanliu.orchestration import preload


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
    imported: list[str] = []
    monkeypatch.setattr(importlib, "import_module", imported.append)
    assert preload.preload_for_forks(argv) is forks
    assert bool(imported) is forks


def test_every_module_to_preload_exists() -> None:
    for name in preload.HEAVY_MODULES:
        assert importlib.util.find_spec(name) is not None, name


def test_a_module_that_cannot_be_imported_does_not_stop_the_scheduler(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(preload, "HEAVY_MODULES", ("nuanliu_no_such_module", "json"))
    assert preload.preload_for_forks(["airflow", "scheduler"])
    assert "nuanliu_no_such_module" in caplog.text
    assert "json" in sys.modules
