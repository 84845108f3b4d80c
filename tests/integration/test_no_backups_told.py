"""A server without backups is told of: to the engineers once, and in every status. One machine for oneself stays calm."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from tests.integration.played_week import context

from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.operations.weeks.inquiries import status
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.operations.context import Context


@pytest.fixture
def ctx(tmp_path: Path, warehouse: Engine) -> Context:
    return context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), warehouse)


def told(ctx: Context) -> int:
    watch_pipeline(ctx)
    with ctx.engine.connect() as connection:
        asked = text("select count(distinct purpose) from outbox where purpose like 'alert/watch/no_backups/%'")
        return int(connection.execute(asked).scalar_one())


def on_a_server(ctx: Context) -> Context:
    return replace(ctx, settings=replace(ctx.settings, bucket_url="s3://nuanliu"))


def test_one_machine_without_a_second_place_stays_calm(ctx: Context) -> None:
    assert told(ctx) == 0
    assert not any("NUANLIU_BACKUPS" in note for note in status(ctx)["notes"])


def test_a_server_without_one_is_told_of_once_however_often_it_is_looked_at(ctx: Context) -> None:
    server = on_a_server(ctx)
    assert told(server) == 1
    later = replace(server, settings=replace(server.settings, now=server.settings.clock().replace(year=2025)))
    assert told(later) == 1
    assert any("NUANLIU_BACKUPS" in note for note in status(server)["notes"])


def test_a_server_with_one_is_not(ctx: Context, tmp_path: Path) -> None:
    server = on_a_server(ctx)
    server = replace(server, settings=replace(server.settings, backups=tmp_path / "second"))
    assert told(server) == 0
    assert not any("NUANLIU_BACKUPS" in note for note in status(server)["notes"])
