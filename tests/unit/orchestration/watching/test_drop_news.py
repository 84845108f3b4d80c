"""What the intake folder tells is heard at once; a file counts as whole only as it was when that was said of it."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest

from nuanliu.operations.drops.claiming import complete_objects, mark_of
from nuanliu.orchestration.drops import whole_marks
from nuanliu.orchestration.watching.drop_news import DropNews
from nuanliu.storage.folder_bucket import FolderBucket

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context

LONG = 600.0
"""Seconds that no test waits."""


@dataclass
class _Settings:
    settle_seconds: float


@dataclass
class _Context:
    bucket: FolderBucket
    settings: _Settings


@pytest.fixture
def ctx(tmp_path: Path) -> _Context:
    (tmp_path / "bucket" / "intake" / "620400").mkdir(parents=True)
    return _Context(FolderBucket("file://bucket", tmp_path / "bucket"), _Settings(LONG))


def names(ctx: _Context, news: DropNews) -> list[str]:
    found = complete_objects(cast("Context", ctx), news.whole())
    return [item.key.rpartition("/")[2] for item in found]


@contextmanager
def listening(ctx: _Context) -> Iterator[DropNews]:
    news = DropNews()
    news.listen(cast("Context", ctx))
    try:
        yield news
    finally:
        news.close()


def play(ctx: _Context, what: Callable[[DropNews, Path], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        with listening(ctx) as news:
            async with asyncio.timeout(20):
                return await what(news, ctx.bucket.root / "intake" / "620400")

    return asyncio.run(run())


async def heard(ctx: _Context, news: DropNews, wanted: list[str]) -> list[str]:
    """What is whole after as much news as it takes."""
    while names(ctx, news) != wanted:
        await news.wait(LONG)
    return names(ctx, news)


def test_a_file_that_was_moved_there_is_whole_at_once(ctx: _Context, tmp_path: Path) -> None:
    async def move(news: DropNews, folder: Path) -> list[str]:
        (tmp_path / "elsewhere.xlsx").write_bytes(b"whole")
        (tmp_path / "elsewhere.xlsx").rename(folder / "a.xlsx")
        (folder / "b.xlsx.part").write_bytes(b"whole")
        (folder / "b.xlsx.part").rename(folder / "b.xlsx")
        return await heard(ctx, news, ["a.xlsx", "b.xlsx"])

    assert play(ctx, move) == ["a.xlsx", "b.xlsx"]


def test_a_file_that_is_being_written_is_not_whole_and_one_that_was_closed_a_while_ago_is(ctx: _Context) -> None:
    ctx.settings.settle_seconds = 10.0  # so that a closed one is whole after two

    async def write(news: DropNews, folder: Path) -> list[float]:
        started = time.monotonic()
        with (folder / "a.xlsx").open("wb") as stream:
            stream.write(b"half")
            stream.flush()
            await news.wait(LONG)
            assert names(ctx, news) == []
        closed = time.monotonic()
        await heard(ctx, news, ["a.xlsx"])
        return [closed - started, time.monotonic() - closed]

    _, quiet = play(ctx, write)
    assert quiet >= 1.9


def test_a_file_that_is_written_on_after_it_was_called_whole_is_so_no_more(ctx: _Context, tmp_path: Path) -> None:
    async def write_on(news: DropNews, folder: Path) -> list[str]:
        (tmp_path / "a.xlsx").write_bytes(b"first")
        (tmp_path / "a.xlsx").rename(folder / "a.xlsx")
        await heard(ctx, news, ["a.xlsx"])
        with (folder / "a.xlsx").open("ab") as stream:
            stream.write(b" and more")
            stream.flush()
            return names(ctx, news)

    assert play(ctx, write_on) == []


def test_a_file_that_the_pipeline_itself_drops_wakes_and_has_no_need_of_news(ctx: _Context) -> None:
    async def drop(news: DropNews, _: Path) -> list[str]:
        ctx.bucket.create("intake/620400/a.xlsx", b"whole")
        await news.wait(LONG)
        return [*names(ctx, news), *news.whole()]

    assert play(ctx, drop) == ["a.xlsx"]


def test_where_no_folder_is_nothing_is_told_and_a_minute_later_it_is_asked_again(ctx: _Context) -> None:
    folder = ctx.bucket.root / "intake"
    (folder / "620400").rmdir()
    folder.rmdir()

    async def run() -> bool:
        news = DropNews()
        news.listen(cast("Context", ctx))
        was_deaf = news._watch is None
        (folder / "620400").mkdir(parents=True)
        news.listen(cast("Context", ctx))
        is_still_deaf = news._watch is None
        news._asks_again_at -= 60.0
        news.listen(cast("Context", ctx))
        (folder / "620400" / "a.xlsx").write_bytes(b"")
        async with asyncio.timeout(20):
            await news.wait(LONG)
        news.close()
        return was_deaf and is_still_deaf

    assert asyncio.run(run())


def test_marks_hold_no_name_and_another_size_or_time_is_another_mark(ctx: _Context) -> None:
    key = "intake/620400/张三.xlsx"
    ctx.bucket.write(key, b"1")
    first = ctx.bucket.stat(key)
    ctx.bucket.write(key, b"1")
    second = ctx.bucket.stat(key)
    assert first
    assert second
    assert mark_of(first) == mark_of(first) != mark_of(second)
    assert len(mark_of(first)) == 16
    assert os.fsencode("张三") not in mark_of(first).encode()


def test_the_run_reads_the_marks_of_all_events_that_started_it_and_none_of_one_made_by_hand() -> None:
    @dataclass
    class Event:
        extra: Any

    told = [
        Event({"from_trigger": True, "payload": {"waiting": 1, "whole": ["a", "b"]}}),
        Event({"from_trigger": True, "payload": {"waiting": 1}}),
        Event({}),
        Event(None),
        Event({"payload": "by hand"}),
    ]
    assert whole_marks(told) == {"a", "b"}
