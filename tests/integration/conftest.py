"""Real servers for the integration tests, and a bucket of each kind."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from tests.integration.played_week import context
from tests.patching import replace_everywhere

from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """An S3 API served over HTTP on loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Bucket:
    """An empty bucket: a folder, and one behind a served S3 API."""
    if request.param == "folder":
        return open_bucket(f"file://{tmp_path}/bucket")
    options: dict[str, Any] = {
        "key": "test",
        "secret": "test",
        "client_kwargs": {"endpoint_url": request.getfixturevalue("s3_endpoint"), "region_name": "us-east-1"},
    }
    name = f"b{uuid.uuid4().hex[:12]}"
    client = boto3.client(
        "s3", aws_access_key_id=options["key"], aws_secret_access_key=options["secret"], **options["client_kwargs"]
    )
    client.create_bucket(Bucket=name)
    return open_bucket(f"s3://{name}/root", options)


@pytest.fixture
def ctx(tmp_path: Path, bucket: Bucket, warehouse: Engine) -> Context:
    """A fresh pipeline at the arrival time of the samples."""
    return context(tmp_path, bucket, warehouse)


@pytest.fixture
def loads_without_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts that come by the loader alone have no objects, which a publication would miss."""
    replace_everywhere(
        monkeypatch,
        "nuanliu.operations.weeks.reconciling.reconcile_at_rest",
        lambda *_: {"ok": True, "differences": []},
    )
