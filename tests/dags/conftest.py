"""One parse of the real DAG folder, in a process of its own, for all DAG tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def airflow_env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an Airflow command that needs no server: an empty SQLite home and our folders."""
    home = tmp_path_factory.mktemp("airflow")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "NUANLIU_"))},
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "NUANLIU_HOME": str(home),
        "PYTHONPATH": str(PROJECT / "include"),
        "PYTHONWARNINGS": "ignore",
    }


@pytest.fixture(scope="session")
def run_airflow_python(airflow_env: dict[str, str]) -> Iterator[Any]:
    """Run a script in that environment; it prints one JSON document as its last line."""

    def run(script: str, *arguments: str, **settings: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env={**airflow_env, **settings},
            cwd=airflow_env["AIRFLOW_HOME"],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


_DESCRIBE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization

bag = DagBag(dag_folder=sys.argv[1])

def describe(dag):
    return {
        "file": dag.fileloc,
        "display": dag.dag_display_name,
        "doc": dag.doc_md,
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_tasks": dag.max_active_tasks,
        "max_active_runs": dag.max_active_runs,
        "start": dag.start_date.isoformat(),
        "timezone": str(dag.timezone),
        "timetable": type(dag.timetable).__name__,
        "deadline": dag.deadline is not None,
        "tasks": {
            task.task_id: {
                "owner": task.owner,
                "retries": task.retries,
                "delay": task.retry_delay.total_seconds(),
                "backoff": task.retry_exponential_backoff,
                "timeout": task.execution_timeout and task.execution_timeout.total_seconds(),
                "failure": [call.__module__ + "." + call.__qualname__ for call in _calls(task)],
                "downstream": sorted(task.downstream_task_ids),
                "mapped": task.is_mapped,
                "weight": task.priority_weight,
                "weight_rule": type(task.weight_rule).__name__ if not isinstance(task.weight_rule, str) else task.weight_rule,
                "queue": task.queue,
                "pool": task.pool,
                "label": getattr(task, "map_index_template", None),
                "pushes": (task.partial_kwargs if task.is_mapped else vars(task)).get("do_xcom_push", True),
                "outlets": [asset.name for asset in task.outlets],
                "is_teardown": task.is_teardown,
            }
            for task in dag.tasks
        },
    }

def describe_back(name, dag):
    # what comes back of a DAG that was serialized
    back = DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(dag))))
    timetable = back.timetable
    return {
        "timetable": type(timetable).__module__ + "." + type(timetable).__qualname__,
        "partitioned": timetable.partitioned,
        "mapped": timetable.get_partition_mapper(name="union_week").to_downstream("2024-W49|620400")
        if name == "roll_up_week" else None,
        "summary": timetable.summary,
    }

def _calls(task):
    calls = task.on_failure_callback
    return list(calls) if isinstance(calls, (list, tuple)) else [calls] if calls else []

dags = {name: {**describe(dag), "back": describe_back(name, dag)} for name, dag in bag.dags.items()}
print(json.dumps({"errors": bag.import_errors, "dags": dags}))
"""


@pytest.fixture(scope="session")
def dag_folder(run_airflow_python: Any) -> dict[str, Any]:
    """``errors`` and ``dags`` of one DagBag over the absolute path of the DAG folder."""
    return run_airflow_python(_DESCRIBE, str(PROJECT / "dags"))


@pytest.fixture(scope="session")
def dags(dag_folder: dict[str, Any]) -> dict[str, Any]:
    """The DAGs by id, described."""
    return dag_folder["dags"]
