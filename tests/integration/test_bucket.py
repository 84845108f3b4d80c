"""The same promises from a folder and from a served S3 API."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING

import pytest

from nuanliu.errors import BucketUnavailable, InvalidSetting, ObjectMissing, Permanent
from nuanliu.storage.bucket import FolderBucket, from_storable, open_bucket, storable

if TYPE_CHECKING:
    from pathlib import Path

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


def test_another_scheme_is_refused_by_name() -> None:
    with pytest.raises(InvalidSetting, match="NUANLIU_BUCKET"):
        open_bucket("ftp://host/bucket")


@pytest.mark.parametrize("raw", [b"plain.xlsx", "周报.xlsx".encode(), b"gbk-\xd6\xdc\xb1\xa8.xlsx", b"50%25.csv"])
def test_any_file_name_survives_being_written_down(raw: bytes) -> None:
    key = os.fsdecode(raw)
    assert from_storable(storable(key)) == key
    storable(key).encode()
