"""Where a task's settings come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from airflow.sdk import Connection

from nuanliu.errors import InvalidSetting
from nuanliu.orchestration.connections import board_settings, bucket_options, task_settings
from nuanliu.settings import Settings


def settings(bucket_url: str) -> Settings:
    return Settings(home=Path("/tmp"), bucket_url=bucket_url, warehouse_dsn=None, now=None)


def test_the_environment_s_address_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", "postgresql://here/warehouse")
    monkeypatch.setenv("NUANLIU_WAREHOUSE_CONN_ID", "elsewhere")
    assert task_settings().warehouse_dsn == "postgresql://here/warehouse"


def test_a_connection_that_is_named_gives_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_CONN_ID", "warehouse")
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", "postgresql://reader:p%40ss@db:5433/warehouse")
    dsn = task_settings().warehouse_dsn
    assert dsn is not None
    assert dsn.partition("://")[2] == "reader:p%40ss@db:5433/warehouse"


def test_a_named_connection_that_is_missing_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_CONN_ID", "nobody_made_this")
    with pytest.raises(InvalidSetting, match="nobody_made_this"):
        task_settings()


def test_the_board_s_own_address_comes_before_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_BOARD_DSN", "postgresql://board@here/warehouse")
    monkeypatch.setenv("NUANLIU_WAREHOUSE_CONN_ID", "nobody_made_this")
    assert board_settings()[0].warehouse_dsn == "postgresql://board@here/warehouse"


def test_the_board_reads_where_tasks_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_CONN_ID", "warehouse")
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", "postgresql://reader:p%40ss@db:5433/warehouse")
    assert board_settings() == (task_settings(), None)


def test_a_folder_needs_no_connection() -> None:
    assert bucket_options(settings("file:///tmp/bucket")) is None


def test_s3_takes_keys_and_endpoint_from_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(
        conn_id="nuanliu_bucket",
        conn_type="aws",
        login="key",
        password="not-a-secret",
        extra='{"endpoint_url": "http://127.0.0.1:9000", "region_name": "cn-north-1"}',
    )
    monkeypatch.setenv("AIRFLOW_CONN_NUANLIU_BUCKET", connection.get_uri())
    assert bucket_options(settings("s3://drops")) == {
        "key": "key",
        "secret": "not-a-secret",
        "client_kwargs": {"endpoint_url": "http://127.0.0.1:9000", "region_name": "cn-north-1"},
    }
    monkeypatch.delenv("AIRFLOW_CONN_NUANLIU_BUCKET")
