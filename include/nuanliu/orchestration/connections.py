"""Settings of a task and of the board: the environment first, then Airflow's connections, where secrets belong."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nuanliu.errors import InvalidSetting
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.sdk import Connection

    from nuanliu.operations.context import Context

WAREHOUSE_CONN_ID = "NUANLIU_WAREHOUSE_CONN_ID"
"""Names the Airflow connection that holds the warehouse's address. Unset, no task pays for asking."""
BUCKET_CONNECTION = "nuanliu_bucket"


@contextmanager
def open_pipeline() -> Iterator[Context]:
    """The context of the process a task or the watcher runs in.

    Raises: WarehouseUnavailable, BucketUnavailable, InvalidSetting.
    """
    from nuanliu.operations.context import open_context

    settings = task_settings()
    with open_context(settings, bucket_options(settings)) as ctx:
        yield ctx


def board_settings() -> tuple[Settings, dict[str, Any] | None]:
    """Where the board reads: the settings with the warehouse's address for its eyes, and what s3fs needs of the bucket.

    As tasks find it, with NUANLIU_BOARD_DSN before everything else. Raises: InvalidSetting.
    """
    settings = Settings.from_env()
    settings = replace(settings, warehouse_dsn=settings.board_dsn) if settings.board_dsn else _with_address(settings)
    return settings, bucket_options(settings)


def task_settings() -> Settings:
    """The NUANLIU_* variables; the warehouse's address also from the connection NUANLIU_WAREHOUSE_CONN_ID names.

    Raises: InvalidSetting when there is no such connection.
    """
    return _with_address(Settings.from_env())


def _with_address(settings: Settings) -> Settings:
    name = os.environ.get(WAREHOUSE_CONN_ID)
    if settings.warehouse_dsn is not None or not name:
        return settings
    if (connection := _connection(name)) is None:
        raise InvalidSetting(f"{WAREHOUSE_CONN_ID}={name!r}: Airflow has no connection of that name")
    return replace(settings, warehouse_dsn=connection.get_uri())


def bucket_options(settings: Settings) -> dict[str, Any] | None:
    """What s3fs needs of the connection ``nuanliu_bucket`` (type aws); None leaves it to the AWS_* variables."""
    if not settings.bucket_url.startswith("s3://") or (connection := _connection(BUCKET_CONNECTION)) is None:
        return None
    extra = connection.extra_dejson
    client = {name: extra[name] for name in ("endpoint_url", "region_name") if extra.get(name)}
    return {"key": connection.login, "secret": connection.password, "client_kwargs": client}


def _connection(name: str) -> Connection | None:
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return BaseHook.get_connection(name)
    except AirflowNotFoundException:
        return None
