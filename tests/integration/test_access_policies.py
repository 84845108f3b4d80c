"""The generated policies, held against a served S3 that enforces them: who may put, read, list and delete what."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from tests.integration.played_week import context
from tests.integration.weekly_workbook import workbook
from tests.rounds import rounds

from nuanliu.operations.drops.claiming import waiting_objects
from nuanliu.operations.take_all import take_all
from nuanliu.operations.upkeep.policies import policy_documents
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.operations.context import Context

REPORT = workbook([("义诊", "健康义诊", "2024-12-03", "2024-12-04", "本次", None, 30, None, None)])


class Store:
    """A bucket with an object in every folder or in none, and a key for each policy."""

    def __init__(self, endpoint: str, *, filled: bool = True) -> None:
        self.endpoint = endpoint
        self.name = f"b{uuid.uuid4().hex[:12]}"
        root = self.client("root", "root")
        root.create_bucket(Bucket=self.name)
        if not filled:
            return
        for key in ("intake/620400/a", "intake/620300/a", "archive/620400/a", "quarantine/620400/a",
                    "receipts/620400/a", "receipts/620300/a", "reports/2024-W49/a"):  # fmt: skip
            root.put_object(Bucket=self.name, Key=key, Body=b"x")
        root.delete_object(Bucket=self.name, Key="intake/620400/a")

    def client(self, key: str, secret: str, service: str = "s3") -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
        )

    def key_of(self, policy: str) -> tuple[str, str]:
        """An access key whose user has one of the policies."""
        iam, user = self.client("root", "root", "iam"), f"{policy}-{uuid.uuid4().hex[:8]}"
        iam.create_user(UserName=user)
        document = json.dumps(policy_documents(f"s3://{self.name}")[policy])
        iam.put_user_policy(UserName=user, PolicyName=policy, PolicyDocument=document)
        key = iam.create_access_key(UserName=user)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]


@pytest.fixture
def store(s3_endpoint: str) -> Store:
    return Store(s3_endpoint)


@pytest.fixture
def enforce(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called once users and keys are made: from then on the store, a thread of this process, asks for everyone's right."""
    return lambda: monkeypatch.setattr("moto.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0)


def allowed(call: Callable[..., Any], **arguments: Any) -> bool:
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"AccessDenied", "403"}:
            raise
        return False
    return True


def test_a_union_writes_into_its_own_intake_and_reads_its_own_receipts_and_nothing_else(
    store: Store, enforce: Callable[[], None]
) -> None:
    client = store.client(*store.key_of("union-620400"))
    enforce()
    put = {
        key: allowed(client.put_object, Bucket=store.name, Key=key, Body=b"y")
        for key in ("intake/620400/b", "intake/620300/b", "intake/b", "receipts/620400/b", "archive/620400/b")
    }
    assert [key for key, may in put.items() if may] == ["intake/620400/b"]
    read = {
        key: allowed(client.get_object, Bucket=store.name, Key=key)
        for key in ("receipts/620400/a", "receipts/620300/a", "intake/620400/b", "archive/620400/a",
                    "quarantine/620400/a", "reports/2024-W49/a")
    }  # fmt: skip
    assert [key for key, may in read.items() if may] == ["receipts/620400/a"]
    assert not allowed(client.delete_object, Bucket=store.name, Key="intake/620400/b")


def test_the_pipeline_does_all_its_work_with_its_own_key(
    store: Store, enforce: Callable[[], None], tmp_path: Path, warehouse: Engine
) -> None:
    union = store.client(*store.key_of("union-620400"))
    key = store.key_of("pipeline")
    enforce()
    union.put_object(Bucket=store.name, Key="intake/620400/2024-W49/周报.xlsx", Body=REPORT)
    ctx = pipeline_context(store, key, tmp_path, warehouse)
    own = [receipt for receipt in take_all(ctx)["receipts"] if receipt["union_id"] == "620400"]
    assert [receipt["rows"]["accepted"] for receipt in own] == [1]
    stem = f"receipts/620400/2024-W49/{own[0]['receipt_no']}"
    assert {union.get_object(Bucket=store.name, Key=f"{stem}.{ending}")["ResponseMetadata"]["HTTPStatusCode"]
            for ending in ("json", "html", "xlsx")} == {200}  # fmt: skip


def test_the_pipeline_deletes_nothing_that_it_keeps(store: Store, enforce: Callable[[], None]) -> None:
    client = store.client(*store.key_of("pipeline"))
    enforce()
    deleted = {
        key: allowed(client.delete_object, Bucket=store.name, Key=key)
        for key in (
            "intake/620300/a",
            "archive/620400/a",
            "quarantine/620400/a",
            "receipts/620400/a",
            "reports/2024-W49/a",
        )
    }
    assert [key for key, may in deleted.items() if may] == ["intake/620300/a"]


# --- an empty bucket, as it is on the first day, and folders that are objects ---

FOLDER_MARKERS = [
    ("intake/", ""),
    ("intake/620400/", ""),
    ("intake/620400/", "application/x-directory"),
    ("intake/620400/", "application/octet-stream"),
    ("intake/620400/2024-W49/", "text/plain"),
    ("intake/620400/试报/十二月/", "application/x-directory; charset=UTF-8"),
    ("intake/620400_$folder$", "binary/octet-stream"),
    ("intake/无此单位/", ""),
    ("archive/620400/", "application/x-directory"),
    ("quarantine/", ""),
    ("reports/2024-W49/", ""),
]


def pipeline_context(store: Store, key: tuple[str, str], home: Path, engine: Engine) -> Context:
    """The pipeline with its own key."""
    client = {"endpoint_url": store.endpoint, "region_name": "us-east-1"}
    options = {"key": key[0], "secret": key[1], "client_kwargs": client}
    return context(home, open_bucket(f"s3://{store.name}", options), engine)


@pytest.fixture
def empty(s3_endpoint: str) -> Store:
    return Store(s3_endpoint, filled=False)


def test_the_pipeline_polls_reconciles_and_publishes_while_folders_are_empty(
    empty: Store, enforce: Callable[[], None], tmp_path: Path, warehouse: Engine
) -> None:
    ctx = pipeline_context(empty, empty.key_of("pipeline"), tmp_path, warehouse)
    enforce()
    assert waiting_objects(ctx) == []
    assert take_all(ctx)["receipts"] == []
    document = reconcile(ctx)
    assert (document["ok"], document["unclaimed"], document["complete"]) == (True, [], 0)
    assert [ctx.bucket.stat(f"{folder}/620400/none") for folder in ("intake", "archive", "quarantine", "reports")] == [
        None
    ] * 4
    ctx.bucket.create("intake/620400/2024-W49/周报.xlsx", REPORT)
    (receipt,) = take_all(ctx)["receipts"]
    edition = publish_week(ctx, "2024-W49", send=False)
    assert receipt["rows"]["accepted"] == edition["edition"] == 1
    assert ctx.bucket.list("quarantine/") == ctx.bucket.list("intake/") == []
    assert reconcile(ctx)["ok"]


def test_each_union_drops_with_its_own_key_into_an_empty_bucket_and_reads_its_answer(
    empty: Store, enforce: Callable[[], None], tmp_path: Path, warehouse: Engine
) -> None:
    unions = [name.removeprefix("union-") for name in policy_documents("s3://x") if name.startswith("union-")]
    senders = unions[:: -(-len(unions) // rounds(9, full=len(unions)))]
    clients = {sender: empty.client(*empty.key_of(f"union-{sender}")) for sender in senders}
    ctx = pipeline_context(empty, empty.key_of("pipeline"), tmp_path, warehouse)
    enforce()
    for sender, client in clients.items():
        client.put_object(Bucket=empty.name, Key=f"intake/{sender}/周报.csv", Body=f"x,{sender}".encode())
    receipts = take_all(ctx)["receipts"]
    assert sorted(receipt["union_id"] for receipt in receipts) == sorted(senders)
    for number, receipt in enumerate(receipts):
        (key,) = (
            item.key for item in ctx.bucket.list(f"receipts/{receipt['union_id']}/") if item.key.endswith(".json")
        )
        assert allowed(clients[receipt["union_id"]].get_object, Bucket=empty.name, Key=key)
        other = receipts[number - 1]["union_id"]
        assert not allowed(clients[other].get_object, Bucket=empty.name, Key=key)


@pytest.mark.parametrize(("key", "content_type"), FOLDER_MARKERS)
def test_an_object_that_stands_for_a_folder_is_no_drop_and_never_waits(
    empty: Store, enforce: Callable[[], None], tmp_path: Path, warehouse: Engine, key: str, content_type: str
) -> None:
    ctx = pipeline_context(empty, empty.key_of("pipeline"), tmp_path, warehouse)
    empty.client("root", "root").put_object(Bucket=empty.name, Key=key, Body=b"", ContentType=content_type)
    enforce()
    assert [item.key for item in ctx.bucket.list("")] == []
    assert waiting_objects(ctx) == []
    assert take_all(ctx)["receipts"] == []
    document = reconcile(ctx)
    assert (document["ok"], document["unclaimed"], document["complete"]) == (True, [], 0)


@pytest.mark.parametrize(
    ("key", "union_id"),
    [
        ("intake/620400/", "620400"),
        ("intake/620400/周报/", "620400"),
        ("intake/620400/2024-W49/", "620400"),
        ("intake/620400/周报.xlsx//", "620400"),
        ("intake/620400/周报.xlsx?versionId=1", "620400"),
        ("intake/无此单位/", "unknown"),
        ("intake/", "unknown"),
    ],
)
def test_an_object_with_bytes_is_answered_though_its_name_is_that_of_a_folder(
    empty: Store, enforce: Callable[[], None], tmp_path: Path, warehouse: Engine, key: str, union_id: str
) -> None:
    ctx = pipeline_context(empty, empty.key_of("pipeline"), tmp_path, warehouse)
    empty.client("root", "root").put_object(Bucket=empty.name, Key=key, Body=REPORT)
    enforce()
    (receipt,) = take_all(ctx)["receipts"]
    assert (receipt["union_id"], receipt["object_key"]) == (union_id, key)
    assert (receipt["rows"]["accepted"] > 0) == (union_id == "620400")
    assert ctx.bucket.list("intake/") == []
    document = reconcile(ctx)
    assert (document["ok"], document["unclaimed"]) == (True, [])


def test_an_empty_file_is_a_drop_though_it_has_no_more_bytes_than_a_folder(
    empty: Store, enforce: Callable[[], None], tmp_path: Path, warehouse: Engine
) -> None:
    ctx = pipeline_context(empty, empty.key_of("pipeline"), tmp_path, warehouse)
    union = empty.client(*empty.key_of("union-620400"))
    enforce()
    union.put_object(Bucket=empty.name, Key="intake/620400/", Body=b"")
    union.put_object(Bucket=empty.name, Key="intake/620400/周报.xlsx", Body=b"")
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["status"] == "rejected"
    assert ctx.bucket.list("intake/") == []
