"""The figures of a week as they stood at any past publication."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from tests.integration.played_week import context
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.errors import InvalidWeek, UsageError
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.known_at import NoEdition, edition_known_at, edition_numbered, parse_instant
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nuanliu.operations.context import Context

FIGURE = "2024-W49/620400/all/people_served/event"
FIRST, SECOND = "2024-12-09T18:00+08:00", "2024-12-16T18:00+08:00"


@pytest.fixture(scope="module")
def ctx(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """白银 reported 1200, which was published; a 更正 to 1020 was published a week later; 900 was never published."""
    home = tmp_path_factory.mktemp("known")
    engine = open_engine(request.getfixturevalue("module_warehouse_dsn"))
    bucket = open_bucket(f"file://{home}/bucket")
    for count, kind, arrival, published_at in (
        (1200, "首报", "2024-12-09T09:00+08:00", FIRST),
        (1020, "更正", "2024-12-10T09:00+08:00", SECOND),
        (900, "更正", "2024-12-17T09:00+08:00", None),
    ):
        _report(home, context(home, bucket, engine, arrival), count, kind)
        if published_at:
            publish_week(context(home, bucket, engine, published_at), "2024-W49", send=False)
    yield context(home, bucket, engine, "2024-12-18T09:00+08:00")
    engine.dispose()


def _report(home: Path, ctx: Context, count: int, kind: str) -> None:
    path = home / f"{count}.csv"
    path.write_text(
        "填报单位,报告期,报送类型,活动名称,活动类别,开始日期,结束日期,服务人数(人)\n"
        f"白银市,2024-W49,{kind},送温暖,送温暖慰问,2024-12-03,2024-12-04,{count}余\n",
        "utf-8",
    )
    drop_files(ctx.bucket, [path], union_id="620400")
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["rows"]["accepted"] == 1, receipt["findings"]


def value(document: Mapping[str, object]) -> tuple[object, str]:
    figures = document["figures"]
    assert isinstance(figures, list)
    return document["edition"], next(each["value"] for each in figures if each["figure_id"] == FIGURE)


@pytest.mark.parametrize(
    ("instant", "known"),
    [
        (FIRST, (1, "1200")),  # at the very publication
        ("2024-12-12T00:00", (1, "1200")),  # in between the last one before; without an offset it is Shanghai
        ("2024-12-16T17:59:59+08:00", (1, "1200")),
        ("2024-12-16T10:00:00+00:00", (2, "1020")),
        ("2030-01-01T00:00+08:00", (2, "1020")),  # what was never published was never known
    ],
)
def test_figures_are_those_of_the_last_edition_before_the_instant(
    ctx: Context, instant: str, known: tuple[int, str]
) -> None:
    assert value(edition_known_at(ctx, "2024-W49", parse_instant(instant)).document) == known
    assert value(roll_up_week(ctx, "2024-W49")) == (None, "900")


@pytest.mark.parametrize(("edition", "figure"), [(1, "1200"), (2, "1020")])
def test_an_edition_is_told_by_its_number(ctx: Context, edition: int, figure: str) -> None:
    assert value(edition_numbered(ctx, "2024-W49", edition).document) == (edition, figure)


def test_an_edition_prints_its_corrections_as_its_readers_saw_them(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", ctx.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("NUANLIU_BUCKET", ctx.bucket.url)
    for asked in (["--edition", "2"], ["--as-known-at", SECOND]):
        printed = CliRunner().invoke(app, ["rollup", "--week", "2024-W49", *asked]).stdout
        assert "1200余人 → 1020余人" in printed, printed


def test_before_the_first_publication_nothing_was_known_and_the_message_says_when_it_was(ctx: Context) -> None:
    with pytest.raises(
        NoEdition, match=r"nothing had been published by 2024-12-09T17:59:00\+08:00.*1 at 2024-12-09T18:00"
    ):
        edition_known_at(ctx, "2024-W49", datetime.fromisoformat("2024-12-09T17:59+08:00"))
    with pytest.raises(NoEdition, match="no edition 3; its editions are 1 at"):
        edition_numbered(ctx, "2024-W49", 3)
    with pytest.raises(NoEdition, match="ever published"):
        edition_numbered(ctx, "2024-W47", 1)


def test_what_cannot_be_read_is_wrong_use(ctx: Context) -> None:
    with pytest.raises(UsageError, match="ISO 8601"):
        parse_instant("last Monday")
    with pytest.raises(InvalidWeek):
        edition_numbered(ctx, "2024-49", 1)
