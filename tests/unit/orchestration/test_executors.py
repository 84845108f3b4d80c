"""Every executor and provider that a setting can choose can be imported with the versions that are locked together."""

from __future__ import annotations

import importlib
import re
from importlib.metadata import version

import pytest
from airflow.executors.executor_loader import ExecutorLoader

from nuanliu.running.airflow_env import PROJECT_DIR

LOCK = (PROJECT_DIR / "requirements.txt").read_text()
PROVIDERS = re.findall(r"^apache-airflow-providers-([a-z-]+)==", LOCK, re.MULTILINE)
CHOSEN = re.findall(r"LocalExecutor|CeleryExecutor", (PROJECT_DIR / ".env.example").read_text())
BY_SETTINGS = [
    "airflow.providers.amazon.aws.hooks.base_aws",  # the connection nuanliu_bucket
    "airflow.providers.celery.cli.celery_command",  # `airflow celery worker`
    "airflow.providers.standard.operators.hitl",  # approval of an edition
]


@pytest.mark.parametrize("name", sorted(set(CHOSEN)))
def test_an_executor_of_the_settings_can_be_imported(name: str) -> None:
    module, _, cls = ExecutorLoader.executors[name].rpartition(".")
    assert getattr(importlib.import_module(module), cls).__name__ == name


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_locked_provider_describes_itself(name: str) -> None:
    described = importlib.import_module(f"airflow.providers.{name.replace('-', '.')}.get_provider_info")
    assert described.get_provider_info()["package-name"] == f"apache-airflow-providers-{name}"


@pytest.mark.parametrize("name", BY_SETTINGS)
def test_what_a_setting_makes_airflow_load_can_be_imported(name: str) -> None:
    assert importlib.import_module(name).__name__ == name


def test_the_celery_that_runs_is_the_locked_one() -> None:
    (locked,) = re.findall(r"^celery==(.+)$", LOCK, re.MULTILINE)
    assert version("celery") == locked
