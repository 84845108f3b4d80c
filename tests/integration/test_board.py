"""The board's pages over HTTP: what they show, what they answer to a wrong address, and that they cannot write."""

from __future__ import annotations

import json
import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from airflow.sdk import Connection
from fastapi.testclient import TestClient
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from tests.integration.weekly_workbook import answer, workbook
from tests.patching import replace_everywhere

from nuanliu.board import app as board_app
from nuanliu.errors import BrokenContract, InvalidWeek, NuanliuError, ReceiptMissing, WarehouseUnavailable
from nuanliu.orchestration.connections import board_settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.schema.board_role import for_reading
from nuanliu.warehouse.schema.migrating import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

HUGE = ("职工健康普查", "健康体检", None, None, "累计", "2024-01-01", 90_000_000, None, None)
SMALL = ("义诊", "健康义诊", "2024-12-03", "2024-12-04", "本次", None, 30, None, None)
TWICE = (SMALL, SMALL)
DENIED = r"permission denied|read-only"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def board(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The board on a fresh warehouse, without Airflow's login before it."""
    monkeypatch.setattr(board_app, "require_login", lambda: None)
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", ctx.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("NUANLIU_BUCKET", ctx.bucket.url)
    board_app._reading_engine.cache_clear()
    return TestClient(board_app.create_app(board_settings), raise_server_exceptions=False)


@contextmanager
def board_session() -> Iterator[Any]:
    """A database session as the pages get it."""
    with board_app.open_for_reading(*board_settings()).engine.connect() as connection:
        yield connection


def test_a_held_row_shows_the_command_that_releases_it(ctx: Context, board: TestClient) -> None:
    receipt_no = answer(ctx, "2024-W49", workbook([*TWICE, HUGE]))["receipt_no"]
    page = board.get(f"/receipts/{receipt_no}").text
    assert f"nuanliu release {receipt_no} --row &#39;活动明细!4&#39;" in page
    assert page.count("nuanliu release") == 1  # the repeated row needs its own 说明


def test_a_receipt_that_was_overtaken_shows_no_command(ctx: Context, board: TestClient) -> None:
    receipt_no = answer(ctx, "2024-W49", workbook([SMALL, HUGE]))["receipt_no"]
    answer(ctx, "2024-W49", workbook([SMALL]))
    assert "nuanliu release" not in board.get(f"/receipts/{receipt_no}").text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/receipts/620400-2024W49-009", 404, "没有找到"),
        ("/receipts/620400-2024W49-009/files/html", 404, "没有找到"),
        ("/receipts/620400-2024W49-009/files/exe", 404, "没有找到"),
        ("/nowhere", 404, "没有找到"),
        ("/?until=2024-49", 422, "网址不对"),
    ],
)
def test_a_wrong_address_is_told_by_its_kind(board: TestClient, path: str, status: int, words: str) -> None:
    answered = board.get(path)
    assert (answered.status_code, words in answered.text) == (status, True)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ReceiptMissing("620400-2024W49-009"), 404),
        (InvalidWeek("2024-49"), 422),
        (BrokenContract("rules of 10.0.0.7 contradict each other"), 500),
        (RuntimeError("at 10.0.0.7"), 500),
        (WarehouseUnavailable('connection to 10.0.0.7, port 5432 failed: no password for user "nuanliu"'), 503),
    ],
)
def test_readers_read_chinese_and_what_the_error_says_goes_to_the_log(
    board: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    def broken(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(board_app, "read_ledger", broken)
    with caplog.at_level("INFO", logger="nuanliu.board.app"):
        answered = board.get("/")
    shown = re.sub(r"<[^>]*>", "", answered.text.partition("<main>")[2])
    assert (answered.status_code, re.findall(r"[A-Za-z]{3,}", shown)) == (status, [])
    assert "10.0.0.7" not in answered.text
    if isinstance(error, NuanliuError):
        assert error.message in caplog.text


@pytest.mark.parametrize(
    ("error", "status"), [(BrokenContract("a rule contradicts itself"), 500), (WarehouseUnavailable("no answer"), 503)]
)
def test_what_is_not_the_readers_fault_is_no_missing_page(
    board: TestClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def broken(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(board_app, "read_ledger", broken)
    answered = board.get("/")
    assert (answered.status_code, "没有找到" in answered.text) == (status, False)


@pytest.mark.parametrize(
    "statement",
    ["delete from receipt", "insert into dim_partner (partner_name) values ('x')", "create table of_mine (id int)"],
)
@pytest.mark.parametrize("before", ["select 1", "set transaction read write"])
def test_a_page_cannot_write_even_in_a_transaction_that_could(board: TestClient, before: str, statement: str) -> None:
    with board_session() as connection:
        connection.execute(text(before))
        with pytest.raises(DBAPIError, match=DENIED):
            connection.execute(text(statement))


def test_a_page_reads_as_the_boards_role_and_sees_no_mails(board: TestClient) -> None:
    with board_session() as connection:
        assert connection.execute(text("select current_user")).scalar_one() == "nuanliu_board"
        assert connection.execute(text("select count(*) from receipt")).scalar_one() == 0
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("select message from outbox"))


def test_the_board_may_have_a_login_of_its_own(board: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_BOARD_DSN", "postgresql://nobody:x@127.0.0.1:1/warehouse")
    assert board.get("/").status_code == 503


def test_the_board_reads_the_warehouse_that_airflow_s_connection_names_and_starts_none_of_its_own(
    ctx: Context, board: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> str:
        pytest.fail("the board turned to the embedded server")

    monkeypatch.setattr("nuanliu.storage.database._embedded_dsn", refused)
    receipt_no = answer(ctx, "2024-W49", workbook([SMALL]))["receipt_no"]
    address = ctx.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.delenv("NUANLIU_WAREHOUSE_DSN")
    monkeypatch.setenv("NUANLIU_WAREHOUSE_CONN_ID", "the_warehouse")
    monkeypatch.setenv("AIRFLOW_CONN_THE_WAREHOUSE", address)
    assert receipt_no in board.get(f"/receipts/{receipt_no}").text
    monkeypatch.setenv("NUANLIU_WAREHOUSE_CONN_ID", "nobody_made_this")
    assert board.get("/").status_code == 500


def test_the_board_reads_the_bucket_with_airflow_s_connection(
    s3_endpoint: str, board: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = Connection(
        conn_id="nuanliu_bucket",
        conn_type="aws",
        login="key",
        password="not-a-secret",
        extra=json.dumps({"endpoint_url": s3_endpoint, "region_name": "us-east-1"}),
    )
    monkeypatch.setenv("AIRFLOW_CONN_NUANLIU_BUCKET", connection.get_uri())
    monkeypatch.setenv("NUANLIU_BUCKET", "s3://seen-by-the-board")
    client = {"endpoint_url": s3_endpoint, "region_name": "us-east-1"}
    boto3.client("s3", aws_access_key_id="key", aws_secret_access_key="x", **client).create_bucket(
        Bucket="seen-by-the-board"
    )
    open_bucket("s3://seen-by-the-board", {"key": "key", "secret": "x", "client_kwargs": client}).write(
        "receipts/a.html", b"seen"
    )
    assert board_app.open_for_reading(*board_settings()).bucket.read("receipts/a.html") == b"seen"


def test_without_the_role_the_transactions_alone_are_read_only(
    board: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_everywhere(monkeypatch, "nuanliu.warehouse.schema.board_role._become_board", lambda *_: None)
    with board_session() as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.execute(text("delete from receipt"))


@pytest.mark.parametrize("may", ["createrole", "nocreaterole"])
def test_a_warehouse_login_that_is_no_superuser_can_be_upgraded_and_read(postgres_dsn: str, may: str) -> None:
    """With the right to make roles the board gets its own; without it upgrading goes on and the board reads all the same."""
    login = f"nuanliu_{secrets.token_hex(6)}"
    owner, database = make_url(postgres_dsn), make_url(postgres_dsn).database
    with open_engine(postgres_dsn).begin() as connection:
        connection.execute(text(f"create role {login} login password 'x' {may}"))
        connection.execute(text(f"alter database {database} owner to {login}"))
    engine = open_engine(owner.set(username=login, password="x").render_as_string(hide_password=False))
    try:
        upgrade(engine)
        engine.dispose()
        with for_reading(engine).connect() as connection:
            assert connection.execute(text("select count(*) from receipt")).scalar_one() == 0
            with pytest.raises(DBAPIError, match=DENIED):
                connection.execute(text("delete from receipt"))
    finally:
        engine.dispose()
        with open_engine(postgres_dsn).begin() as connection:
            connection.execute(text(f"reassign owned by {login} to current_user"))
            connection.execute(text(f"drop owned by {login}"))
            connection.execute(text(f"drop role {login}"))
