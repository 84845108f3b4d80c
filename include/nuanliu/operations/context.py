"""What every use case works with: the settings, the bucket and the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from nuanliu.settings import Settings
from nuanliu.storage.bucket import Bucket, open_bucket
from nuanliu.storage.database import open_engine, owner_dsn, warehouse_dsn


@dataclass(frozen=True)
class Context:
    """Open adapters of one process."""

    settings: Settings
    bucket: Bucket
    engine: Engine


@contextmanager
def open_context(
    settings: Settings, bucket_options: Mapping[str, Any] | None = None, *, as_owner: bool = False
) -> Iterator[Context]:
    """Open the bucket and the warehouse; starts the embedded server when no DSN is set and none runs.

    ``as_owner``: to change the tables themselves.
    Raises: WarehouseUnavailable, BucketUnavailable, InvalidSetting.
    """
    bucket = open_bucket(settings.bucket_url, bucket_options or settings.bucket_key)
    engine = open_engine(owner_dsn(settings) if as_owner else warehouse_dsn(settings))
    try:
        yield Context(settings, bucket, engine)
    finally:
        engine.dispose()
