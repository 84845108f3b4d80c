"""The same promises from a folder and from a served S3 API."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
import traceback
import uuid
from contextlib import AbstractContextManager, ExitStack, contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import botocore.exceptions
import pytest

from nuanliu.errors import BucketUnavailable, InvalidSetting, ObjectChanged, ObjectMissing, Permanent
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.folder_bucket import FolderBucket
from nuanliu.storage.objects import from_storable, shown_key, storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nuanliu.storage.bucket import Bucket


def test_what_was_written_is_read_and_listed(bucket: Bucket) -> None:
    bucket.write("intake/620400/周报.xlsx", b"one")
    bucket.write("intake/620401/x.csv", b"two!")
    assert bucket.read("intake/620400/周报.xlsx") == b"one"
    assert [(o.key, o.size) for o in bucket.list("intake/")] == [
        ("intake/620400/周报.xlsx", 3),
        ("intake/620401/x.csv", 4),
    ]
    assert [o.key for o in bucket.list("intake/620400/")] == ["intake/620400/周报.xlsx"]
    assert [o.key for o in bucket.list("intake/6204")] == ["intake/620400/周报.xlsx", "intake/620401/x.csv"]


def test_an_empty_prefix_lists_nothing(bucket: Bucket) -> None:
    assert bucket.list("archive/") == []
    assert bucket.stat("archive/x") is None


def test_create_never_overwrites(bucket: Bucket) -> None:
    assert bucket.create("intake/620400/a.xlsx", b"first")
    assert not bucket.create("intake/620400/a.xlsx", b"second")
    assert bucket.read("intake/620400/a.xlsx") == b"first"


def test_write_replaces_and_changes_the_stamp(bucket: Bucket) -> None:
    bucket.write("a/b", b"old")
    before = bucket.stat("a/b")
    bucket.write("a/b", b"newer")
    after = bucket.stat("a/b")
    assert before is not None
    assert after is not None
    assert before.stamp != after.stamp
    assert bucket.read("a/b") == b"newer"


def test_a_missing_object_is_named(bucket: Bucket) -> None:
    with pytest.raises(ObjectMissing, match="a/missing"):
        bucket.read("a/missing")


def test_delete_of_a_gone_object_is_fine(bucket: Bucket) -> None:
    bucket.write("a/b", b"x")
    bucket.delete("a/b")
    bucket.delete("a/b")
    assert bucket.list("a/") == []


ODD_KEYS = [
    "intake/620400/",
    "intake/620400/周报/",
    "intake/620400/周报.xlsx//",
    "intake/620400//周报.xlsx",
    "intake/620400/周报.xlsx?versionId=1",
    "intake/620400/周报.xlsx?versionId=",
    "intake/620400/周报#1%20+.xlsx",
    "intake/620400/ 周报.xlsx ",
    "/intake/620400/周报.xlsx",
]


@pytest.mark.parametrize("key", ODD_KEYS)
@pytest.mark.parametrize("below", ["", "/root", "/root/deeper"])
def test_a_store_s_key_is_taken_sign_by_sign(s3_endpoint: str, key: str, below: str) -> None:
    client = boto3.client(
        "s3", endpoint_url=s3_endpoint, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1"
    )
    name, root = f"b{uuid.uuid4().hex[:12]}", below[1:] + "/" * bool(below)
    client.create_bucket(Bucket=name)
    client.put_object(Bucket=name, Key=f"{root}{key}", Body=b"its own")
    client.put_object(Bucket=name, Key=f"{root}{key.rstrip('/').partition('?')[0]}" + ".other", Body=b"another")
    where = {"endpoint_url": s3_endpoint, "region_name": "us-east-1"}
    store = open_bucket(f"s3://{name}{below}", {"key": "k", "secret": "s", "client_kwargs": where})
    assert key in [item.key for item in store.list("")]
    found = store.stat(key)
    assert found is not None
    assert (found.key, found.size) == (key, 7)
    sha256 = hashlib.sha256(b"its own").hexdigest()
    assert (store.read(key), store.digest(key)) == (b"its own", (sha256, 7))
    store.copy(key, "archive/620400/a", sha256)
    assert store.read("archive/620400/a") == b"its own"
    assert not store.create(key, b"x")
    store.delete(key)
    assert store.stat(key) is None
    assert key not in [item.key for item in store.list("")]


def test_a_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="leaves the bucket"):
        open_bucket(f"file://{tmp_path}/bucket").read("intake/../../secret")


def test_links_and_half_written_files_are_not_objects(tmp_path: Path) -> None:
    store = FolderBucket("file:///", tmp_path)
    store.write("intake/620400/a.csv", b"x")
    (tmp_path / "intake/620400/link.csv").symlink_to("/etc/hostname")
    (tmp_path / "intake/620400/half.nuanliu-part").write_bytes(b"x")
    assert [o.key for o in store.list("intake/")] == ["intake/620400/a.csv"]


def test_a_created_file_counts_as_long_settled(tmp_path: Path) -> None:
    store = FolderBucket("file:///", tmp_path)
    store.create("intake/620400/a.csv", b"x")
    found = store.stat("intake/620400/a.csv")
    assert found is not None
    assert time.time() - found.modified_at.timestamp() > 3600


def test_a_full_or_forbidden_folder_is_transient(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises((BucketUnavailable, ObjectMissing)):
        FolderBucket("file:///", tmp_path).write("file/x", b"x")


def test_a_silent_object_store_is_transient() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    options = {
        "key": "k",
        "secret": "s",
        "client_kwargs": {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"},
        "config_kwargs": {"retries": {"max_attempts": 0}, "connect_timeout": 1},
    }
    with pytest.raises(BucketUnavailable):
        open_bucket("s3://nowhere", options).list("intake/")


@contextmanager
def _refusing() -> Iterator[int]:
    """A port on which nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield closed.getsockname()[1]


@contextmanager
def _never_answering() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def _never_connecting() -> Iterator[int]:
    """A port whose queue is full: the handshake gets no answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as callers:
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("store", "kind"),
    [
        (_refusing, "EndpointConnectionError"),
        (_never_answering, "ReadTimeoutError"),
        (_never_connecting, "ConnectTimeoutError"),
    ],
)
def test_an_object_store_out_of_reach_is_told_without_the_name_of_the_union_s_file(
    store: Callable[[], AbstractContextManager[int]], kind: str
) -> None:
    key = "intake/620400/13912345678.xlsx"
    with store() as port:
        options = {
            "key": "k",
            "secret": "s",
            "client_kwargs": {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"},
            "config_kwargs": {"retries": {"max_attempts": 0}, "connect_timeout": 0.5, "read_timeout": 0.5},
        }
        bucket = open_bucket("s3://drops", options)
        bucket.files.retries = 1  # type: ignore[attr-defined]  # s3fs's own tries, each as long as the time-out
        with pytest.raises(BucketUnavailable) as raised:
            bucket.read(key)
    assert isinstance(raised.value.__context__, getattr(botocore.exceptions, kind))
    told = raised.value.message + "".join(traceback.format_exception(raised.value))
    assert kind in raised.value.message
    assert "intake/620400/…" in raised.value.message
    assert "13912345678" not in told


class _Denying(BaseHTTPRequestHandler):
    """A store that may not be listed and says so at length."""

    def do_GET(self) -> None:
        body = f"<Error><Code>AccessDenied</Code><Message>{escape(self.path)} is not yours</Message></Error>".encode()
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test's standard error is for failures."""


def test_what_an_object_store_refuses_is_told_by_its_code() -> None:
    prefix = "intake/620400/13912345678"
    with ThreadingHTTPServer(("127.0.0.1", 0), _Denying) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        options = {"key": "k", "secret": "s", "client_kwargs": {"endpoint_url": endpoint, "region_name": "us-east-1"}}
        with pytest.raises(BucketUnavailable) as raised:
            open_bucket("s3://drops", options).list(prefix)
        server.shutdown()
    assert raised.value.message == "object store, intake/620400/…: AccessDenied"
    assert "13912345678" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (b"intake/13912345678.xlsx", "intake/…"),
        (b"intake/620400/13912345678.xlsx", "intake/620400/…"),
        (b"intake/620400/2024-W49/13912345678.xlsx", "intake/620400/…"),
        (b"intake/620400/13912345678-\xd6\xdc.xlsx", "intake/620400/…"),
        (b"intake/620400\r\x1b[2J\n/a.xlsx", "intake/620400??[2J?/…"),
        (b"reports/\x1b[2J", "reports/?[2J"),
        (b"intake/", "intake/"),
        (b"archive/620400/2024-W49/abc.xlsx", "archive/620400/2024-W49/abc.xlsx"),
    ],
)
def test_a_waiting_key_is_shown_without_the_file_s_name(key: bytes, shown: str) -> None:
    assert shown_key(os.fsdecode(key)) == shown


def test_another_scheme_is_refused_by_name() -> None:
    with pytest.raises(InvalidSetting, match="NUANLIU_BUCKET"):
        open_bucket("ftp://host/bucket")


@pytest.mark.parametrize("raw", [b"plain.xlsx", "周报.xlsx".encode(), b"gbk-\xd6\xdc\xb1\xa8.xlsx", b"50%25.csv"])
def test_any_file_name_survives_being_written_down(raw: bytes) -> None:
    key = os.fsdecode(raw)
    assert from_storable(storable(key)) == key
    storable(key).encode()


def test_an_object_of_any_size_is_hashed_and_copied_in_blocks(bucket: Bucket) -> None:
    data = os.urandom(1 << 20) * 7 + b"end"
    bucket.write("intake/620400/large.csv", data)
    sha256 = hashlib.sha256(data).hexdigest()
    assert bucket.digest("intake/620400/large.csv") == (sha256, len(data))
    bucket.copy("intake/620400/large.csv", "archive/620400/large.csv", sha256)
    assert bucket.read("archive/620400/large.csv") == data
    with pytest.raises(ObjectMissing):
        bucket.digest("intake/620400/none.csv")
    with pytest.raises(ObjectMissing):
        bucket.copy("intake/620400/none.csv", "archive/620400/none.csv", sha256)


def test_bytes_that_were_replaced_meanwhile_are_not_copied_under_the_old_hash(bucket: Bucket) -> None:
    for size in (3, 6 << 20):
        bucket.write("intake/620400/a.csv", b"x" * size)
        with pytest.raises(ObjectChanged):
            bucket.copy("intake/620400/a.csv", "archive/620400/a.csv", hashlib.sha256(b"old").hexdigest())
        assert bucket.stat("archive/620400/a.csv") is None
    assert [item.key for item in bucket.list("")] == ["intake/620400/a.csv"]


def test_what_a_killed_writer_left_is_swept_and_what_is_being_written_stays(tmp_path: Path) -> None:
    store = FolderBucket("file:///", tmp_path)
    writer = multiprocessing.get_context("fork").Process(target=_die_while_writing, args=(store,))
    writer.start()
    writer.join(30)
    assert writer.exitcode == -signal.SIGKILL
    (left,) = tmp_path.rglob("*.nuanliu-part")
    with store._temporary(tmp_path / "receipts" / "b.json", (b"new",)) as half_written:
        assert store.sweep() == 1
        assert not left.exists()
        assert half_written.exists()
    assert store.sweep() == 0


def _die_while_writing(store: FolderBucket) -> None:
    with store._temporary(store.root / "receipts" / "a.json", (b"half",)):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_file_that_was_swept_before_its_writer_could_hold_it_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderBucket("file:///", tmp_path)
    made = iter([True, False])
    really = tempfile.mkstemp

    def swept_at_once(**named: Any) -> tuple[int, str]:
        handle, name = really(**named)
        if next(made):
            Path(name).unlink()
        return handle, name

    monkeypatch.setattr(tempfile, "mkstemp", swept_at_once)
    store.write("archive/620400/a.csv", b"x")
    assert store.read("archive/620400/a.csv") == b"x"


def test_a_listing_of_many_pages_is_whole_and_in_order(s3_endpoint: str) -> None:
    client = {"endpoint_url": s3_endpoint, "region_name": "us-east-1"}
    name = f"b{uuid.uuid4().hex[:12]}"
    boto3.client("s3", aws_access_key_id="test", aws_secret_access_key="test", **client).create_bucket(Bucket=name)
    bucket = open_bucket(f"s3://{name}", {"key": "test", "secret": "test", "client_kwargs": client})
    keys = [f"intake/620400/{number:02d} 周报+% &.xlsx" for number in range(7)]
    for key in keys:
        bucket.write(key, key.encode())
    really = bucket.files.call_s3  # type: ignore[attr-defined]
    pages: list[str] = []

    def three_at_a_time(method: str, **named: Any) -> Any:
        pages.append(method)
        return really(method, MaxKeys=3, **named)

    bucket.files.call_s3 = three_at_a_time  # type: ignore[attr-defined]
    assert [item.key for item in bucket.list("intake/")] == keys
    assert pages == ["list_objects_v2"] * 3


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o177])
def test_folders_and_files_are_for_the_pipeline_and_its_group_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    store = FolderBucket("file:///", tmp_path / "var" / "bucket")
    before = os.umask(umask)
    try:
        store.root.parent.mkdir(mode=0o700)
        (store.root.parent).chmod(0o700)
        store.write("archive/620400/2024-W49/a.xlsx", b"one")
        store.create("intake/620400/b.xlsx", b"two")
        store.copy("intake/620400/b.xlsx", "quarantine/620400/c", hashlib.sha256(b"two").hexdigest())
        store.write("archive/620400/2024-W49/a.xlsx", b"over")
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o7777 for path in (store.root, *store.root.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o750}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o640}
    assert len(modes) == 11


def test_a_folder_that_somebody_made_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "intake" / "620400"
    shared.mkdir(parents=True)
    shared.chmod(0o2770)
    FolderBucket("file:///", tmp_path).create("intake/620400/a.xlsx", b"x")
    assert shared.stat().st_mode & 0o7777 == 0o2770
