"""Unions: each drops and reads with its own key of the object store, and tries what it must not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from nuanliu.settings import INCLUDE_DIR
from player.seen import Problem, patience, seen

BUCKET = "nuanliu"
SAMPLES = INCLUDE_DIR / "samples" / "2024-W49"


def store_of(union_id: str) -> Any:
    """The store as a union sees it."""
    return boto3.client(
        "s3",
        endpoint_url=os.environ["TRY_OBJECTS"],
        aws_access_key_id=f"union-{union_id}",
        aws_secret_access_key=os.environ[f"NUANLIU_KEY_UNION_{union_id.upper().replace('-', '_')}"],
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )


def samples() -> Iterator[tuple[str, Path]]:
    """(union id, file) of the sample week."""
    for folder in sorted(SAMPLES.iterdir()):
        for path in sorted(folder.iterdir()):
            yield folder.name, path


def drop(files: Iterable[tuple[str, str, bytes]]) -> list[str]:
    """Put (union id, name below its folder, bytes); returns the unions."""
    unions = []
    for union_id, name, data in files:
        store_of(union_id).put_object(Bucket=BUCKET, Key=f"intake/{union_id}/{name}", Body=data)
        unions.append(union_id)
    return unions


def receipts(union_id: str, week: str = "") -> list[dict[str, Any]]:
    """A union's own receipts, read with its own key."""
    store, prefix = store_of(union_id), f"receipts/{union_id}/{week}"
    keys = [
        entry["Key"]
        for page in store.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        for entry in page.get("Contents", [])
    ]
    return [
        json.loads(store.get_object(Bucket=BUCKET, Key=key)["Body"].read()) for key in keys if key.endswith(".json")
    ]


def wait_for_receipts(unions: list[str], week: str = "") -> tuple[float, list[dict[str, Any]]]:
    """Until every union has as many receipts as it dropped files; how long that took, and the receipts."""
    for seconds in patience(600, "not every drop was answered"):
        found = {union_id: receipts(union_id, week) for union_id in set(unions)}
        if all(len(found[union_id]) >= unions.count(union_id) for union_id in found):
            return seconds, [receipt for each in found.values() for receipt in each]
    raise AssertionError


def play_week() -> None:
    """Drop the samples, wait for the receipts."""
    unions = drop((union_id, path.name, path.read_bytes()) for union_id, path in samples())
    seen("dropped", f"{len(unions)} files of {len(set(unions))} unions, each with its own key")
    seconds, found = wait_for_receipts(unions)
    if len(found) != len(unions):
        raise Problem(f"{len(unions)} drops have {len(found)} receipts")
    statuses = sorted(receipt["status"] for receipt in found)
    told = ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses))
    seen("receipts", f"{len(found)} of {len(unions)} after {seconds:.0f} s: {told}")


def try_forbidden() -> None:
    """What a union's key must not do. Some of it a stand-in store would allow; there it is not tried."""
    own, other = "620400", "620300"
    store = store_of(own)
    (receipt,) = [
        entry["Key"]
        for entry in store_of(other).list_objects_v2(Bucket=BUCKET, Prefix=f"receipts/{other}/")["Contents"]
        if entry["Key"].endswith(".json")
    ]
    source = {"Bucket": BUCKET, "Key": receipt}
    tries: dict[str, Callable[[], Any]] = {
        "put beside its folder": lambda: store.put_object(Bucket=BUCKET, Key="intake/b", Body=b"x"),
        "put into another's": lambda: store.put_object(Bucket=BUCKET, Key=f"intake/{other}/b", Body=b"x"),
        "put a receipt": lambda: store.put_object(Bucket=BUCKET, Key=f"receipts/{own}/b", Body=b"x"),
        "read another's receipt": lambda: store.get_object(**source),
        "read its own intake": lambda: store.get_object(Bucket=BUCKET, Key=f"intake/{own}/a"),
        "read the archive": lambda: store.get_object(Bucket=BUCKET, Key=f"archive/{own}/a"),
        "delete from its intake": lambda: store.delete_object(Bucket=BUCKET, Key=f"intake/{own}/a"),
    }
    only_real: dict[str, Callable[[], Any]] = {
        "copy another's receipt": lambda: store.copy_object(Bucket=BUCKET, Key=f"intake/{own}/copy", CopySource=source),
        "list everything": lambda: store.list_objects_v2(Bucket=BUCKET),
        "list another's receipts": lambda: store.list_objects_v2(Bucket=BUCKET, Prefix=f"receipts/{other}/"),
    }
    left_out = f"; not tried with the stand-in: {', '.join(only_real)}" if os.environ.get("TRY_STAND_INS") else ""
    tries |= {} if left_out else only_real
    if allowed := [name for name, call in tries.items() if not _is_refused(call)]:
        raise Problem(f"a union's key was allowed to {', '.join(allowed)}")
    seen("store", f"a union's key is refused to {', '.join(tries)}{left_out}")


def _is_refused(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"AccessDenied", "403"}:
            raise
        return True
    return False
