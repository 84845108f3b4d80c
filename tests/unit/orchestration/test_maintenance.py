"""What is not set is skipped with a sentence, never passed over in silence or failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from nuanliu.orchestration import maintenance
from nuanliu.orchestration.maintenance import (
    MetadataNotCleaned,
    clean_old_runs,
    database_environment,
    require_drill_day,
    require_second_place,
)
from nuanliu.settings import Settings

DSN = "postgresql://airflow:s3cret@db/airflow"


def test_without_a_second_place_the_backup_is_skipped_and_says_which_setting_is_missing() -> None:
    settings = Settings.from_env({})
    with pytest.raises(AirflowSkipException, match="NUANLIU_BACKUPS"):
        require_second_place(SimpleNamespace(settings=settings))  # type: ignore[arg-type]
    require_second_place(SimpleNamespace(settings=replace(settings, backups=Path("/second"))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("run_after", "asked", "drills"),
    [
        (datetime(2026, 11, 28, 17, 0, tzinfo=UTC), False, True),  # Sunday 01:00 in Shanghai
        (datetime(2026, 11, 29, 17, 0, tzinfo=UTC), False, False),  # Monday there, Sunday in UTC
        (datetime(2026, 11, 29, 17, 0, tzinfo=UTC), True, True),
    ],
)
def test_the_drill_is_on_sunday_in_shanghai_or_when_somebody_asks(
    run_after: datetime, *, asked: bool, drills: bool
) -> None:
    if drills:
        require_drill_day(run_after, asked=asked)
    else:
        with pytest.raises(AirflowSkipException, match="周日"):
            require_drill_day(run_after, asked=asked)


def test_without_the_databases_address_nothing_is_cleaned_and_the_task_says_so() -> None:
    with pytest.raises(AirflowSkipException, match="NUANLIU_METADATA_DSN"):
        clean_old_runs()


def test_a_tasks_ban_is_lifted_for_the_one_command_only() -> None:
    of_a_task = {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "airflow-db-not-allowed:///",
        "AIRFLOW__CORE__SQL_ALCHEMY_CONN": "airflow-db-not-allowed:///",
        "_AIRFLOW_PROCESS_CONTEXT": "client",
        "PATH": "/bin",
    }
    assert database_environment(of_a_task, DSN) == {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg://airflow:s3cret@db/airflow",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": "postgresql+asyncpg://airflow:s3cret@db/airflow",
        "PATH": "/bin",
    }


def test_the_address_is_on_no_command_line_and_in_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    commands: list[list[str]] = []

    def refuse(command: list[str], **_: Any) -> Any:
        commands.append(command)
        return SimpleNamespace(returncode=1, stdout="", stderr=f"cannot reach {DSN}")

    monkeypatch.setenv("NUANLIU_METADATA_DSN", DSN)
    monkeypatch.setattr(maintenance.subprocess, "run", refuse)
    with caplog.at_level("INFO"), pytest.raises(MetadataNotCleaned) as caught:
        clean_old_runs()
    assert "s3cret" not in f"{commands} {caplog.text} {caught.value}"
