"""One drop, one receipt, nothing lost: whatever the file is and wherever the process dies. On a folder and on S3."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.patching import replace_everywhere

from nuanliu.errors import BucketUnavailable, ObjectChanged
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.operations.drops.claiming import claim_waiting, waiting_objects
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.drops.ingest_drop import ingest_drop
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.running.demo import SAMPLES
from nuanliu.storage.folder_bucket import FolderBucket
from nuanliu.storage.s3_bucket import S3Bucket
from nuanliu.warehouse.submissions.receipts_store import receipt_of

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context

SAMPLE = next((SAMPLES / "621122").iterdir())
FIGURE = "2024-W48/621122/all/people_served/event"


def dropped(ctx: Context, path: Path = SAMPLE, union_id: str = "621122", **more: Any) -> str:
    (key,) = drop_files(ctx.bucket, [path], union_id=union_id, **more)["objects"]
    return key


def put(ctx: Context, key: str, data: bytes) -> None:
    assert ctx.bucket.create(key, data)


def figures(ctx: Context) -> dict[str, str]:
    return {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, "2024-W48")["figures"]}


def keys(ctx: Context, prefix: str) -> list[str]:
    return [item.key for item in ctx.bucket.list(prefix)]


def only_receipt(ctx: Context) -> dict[str, Any]:
    (receipt,) = take_all(ctx)["receipts"]
    return receipt


def test_a_good_file_is_loaded_archived_and_answered(ctx: Context) -> None:
    dropped(ctx)
    receipt = only_receipt(ctx)
    assert receipt["status"] in {"accepted", "accepted_with_warnings"}
    assert figures(ctx)[FIGURE] == "102"
    assert keys(ctx, "intake/") == []
    assert keys(ctx, "archive/") == [f"archive/621122/2024-W49/{receipt['sha256']}.xlsx"]
    assert ctx.bucket.read(keys(ctx, "archive/")[0]) == SAMPLE.read_bytes()
    assert reconcile(ctx)["ok"]


class Crash(BaseException):
    """The process ends here: nothing that catches errors catches it."""


STEPS = (
    "write archive",
    "delete",
    "close the registry row",
    "write json",
    "write html",
    "write xlsx",
    "mark as written",
)


def crash_at(ctx: Context, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first attempt of one step end the process; the bucket is a real one in between."""
    ctx_class = type(ctx.bucket)
    if step.startswith("write "):
        kind = step.removeprefix("write ")
        real_write = ctx_class.write

        def write(self: Any, key: str, data: bytes) -> None:
            if key.startswith("archive/") if kind == "archive" else key.endswith(f".{kind}") and "receipts/" in key:
                raise Crash(key)
            real_write(self, key, data)

        monkeypatch.setattr(ctx_class, "write", write)
    elif step == "delete":
        monkeypatch.setattr(ctx_class, "delete", _raise)
    elif step == "close the registry row":
        replace_everywhere(monkeypatch, "nuanliu.warehouse.submissions.registry.finish_object", _raise)
    else:
        replace_everywhere(monkeypatch, "nuanliu.warehouse.submissions.receipts_store.mark_written", _raise)


def _raise(*_: Any, **__: Any) -> None:
    raise Crash


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_loses_nothing_and_doubles_nothing(
    ctx: Context, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped(ctx)
    (claim,) = claim_waiting(ctx)
    with monkeypatch.context() as patch:
        crash_at(ctx, step, patch)
        with pytest.raises(Crash):
            ingest_drop(ctx, claim.object_id)
    outcome = ingest_drop(ctx, claim.object_id)
    assert claim_waiting(ctx) == []
    assert ingest_drop(ctx, claim.object_id) == outcome
    assert figures(ctx)[FIGURE] == "102"
    assert sorted(key.rpartition(".")[2] for key in keys(ctx, "receipts/")) == ["html", "json", "xlsx"]
    roll_up_week(ctx, "2024-W49")
    assert reconcile(ctx)["differences"] == []


def test_a_file_overwritten_after_its_answer_loses_nothing_and_is_a_drop_of_its_own(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = dropped(ctx)
    (claim,) = claim_waiting(ctx)
    with monkeypatch.context() as patch:
        crash_at(ctx, "delete", patch)
        with pytest.raises(Crash):
            ingest_drop(ctx, claim.object_id)
    ctx.bucket.write(key, b"%PDF-1.7\n")
    ingest_drop(ctx, claim.object_id)
    (kept,) = keys(ctx, "archive/")
    assert ctx.bucket.read(kept) == SAMPLE.read_bytes()
    assert only_receipt(replace(ctx, settings=replace(ctx.settings, settle_seconds=0)))["status"] == "rejected"
    for week in ("2024-W48", "2024-W49"):
        roll_up_week(ctx, week)
    assert reconcile(ctx)["differences"] == []


def test_a_file_taken_back_before_it_was_read_is_forgotten_and_stops_nobody(ctx: Context) -> None:
    key = dropped(ctx)
    (claim,) = claim_waiting(ctx)
    ctx.bucket.delete(key)
    assert ingest_drop(ctx, claim.object_id).status == "withdrawn"
    assert claim_waiting(ctx) == []
    assert reconcile(ctx)["ok"]


def test_a_receipt_whose_files_were_not_written_is_written_by_the_next_intake(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped(ctx)
    with monkeypatch.context() as patch:
        crash_at(ctx, "write html", patch)
        with pytest.raises(Crash):
            take_all(ctx)
    assert only_receipt(ctx)["status"].startswith("accepted")
    assert len(keys(ctx, "receipts/")) == 3
    assert reconcile(ctx)["differences"] == []


def test_one_drop_that_fails_does_not_keep_the_others_waiting(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped(ctx)
    put(ctx, "intake/620400/a.pdf", b"%PDF-1.7\n")
    real_read = type(ctx.bucket).read
    lost = iter([True])  # the first answer finds the bucket away

    def read(self: Any, key: str) -> bytes:
        if next(lost, False):
            raise BucketUnavailable("away")
        return real_read(self, key)

    with monkeypatch.context() as patch:
        patch.setattr(type(ctx.bucket), "read", read)
        document = take_all(ctx)
    (answered,) = document["receipts"]  # which came first is told to the second only on S3
    assert len(document["failures"]) == 1
    assert {answered["union_id"], only_receipt(ctx)["union_id"]} == {"620400", "621122"}


def test_a_crash_before_the_commit_leaves_no_trace_in_the_warehouse(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped(ctx)
    (claim,) = claim_waiting(ctx)
    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.warehouse.submissions.loading.record_counts", _raise)
        with pytest.raises(Crash):
            ingest_drop(ctx, claim.object_id)
    with ctx.engine.connect() as connection:
        assert receipt_of(connection, claim.object_id) is None
        assert connection.exec_driver_sql("select count(*) from fact_measure").scalar() == 0
    ingest_drop(ctx, claim.object_id)
    assert figures(ctx)[FIGURE] == "102"


def test_the_same_bytes_again_are_a_duplicate_that_repeats_the_counts(ctx: Context) -> None:
    dropped(ctx)
    first = only_receipt(ctx)
    dropped(ctx)
    second = only_receipt(ctx)
    assert second["status"] == "duplicate"
    assert second["rows"] == first["rows"]
    assert second["receipt_no"] == "621122-2024W49-002"
    assert figures(ctx)[FIGURE] == "102"
    assert reconcile(ctx)["ok"]


def test_a_trial_is_answered_in_full_and_stores_no_fact(ctx: Context) -> None:
    dropped(ctx, is_trial=True)
    receipt = only_receipt(ctx)
    assert receipt["status"] == "trial"
    assert receipt["would_be"] in {"accepted", "accepted_with_warnings"}
    assert roll_up_week(ctx, "2024-W48")["figures"] == []
    dropped(ctx)
    assert only_receipt(ctx)["status"] in {"accepted", "accepted_with_warnings"}


def test_an_unknown_sender_is_answered_under_unknown(ctx: Context) -> None:
    put(ctx, "intake/999999/周报.xlsx", SAMPLE.read_bytes())
    receipt = only_receipt(ctx)
    assert (receipt["status"], receipt["union_id"], receipt["week"]) == ("rejected", "unknown", None)
    assert [finding["rule"] for finding in receipt["findings"]] == ["org.sender.unknown"]
    assert keys(ctx, "receipts/unknown/")
    assert reconcile(ctx)["ok"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.xlsx", b""),
        ("扫描.pdf", b"%PDF-1.7\n"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("坏.xlsx", b"PK\x03\x04zz"),
    ],
)
def test_an_unreadable_file_is_rejected_archived_and_answered(ctx: Context, name: str, data: bytes) -> None:
    put(ctx, f"intake/620400/{name}", data)
    receipt = only_receipt(ctx)
    assert receipt["status"] == "rejected"
    assert receipt["rows"]["received"] == 0
    assert receipt["findings"][0]["fix"]
    assert len(keys(ctx, "archive/620400/")) == 1
    assert reconcile(ctx)["ok"]


def test_temporary_names_are_left_alone_and_not_counted(ctx: Context) -> None:
    put(ctx, "intake/620400/~$周报.xlsx", b"x")
    assert take_all(ctx)["receipts"] == []
    document = reconcile(ctx)
    assert document["ok"]
    assert document["unclaimed"] == ["intake/620400/~$周报.xlsx"]


def test_a_file_overwritten_after_the_claim_is_a_drop_of_its_own_and_the_claim_is_withdrawn(ctx: Context) -> None:
    key = dropped(ctx)
    (claim,) = claim_waiting(ctx)
    ctx.bucket.write(key, b"%PDF-1.7\n")
    assert ingest_drop(ctx, claim.object_id).status == "withdrawn"
    assert keys(ctx, "intake/") == [key]
    assert reconcile(ctx)["unclaimed"] == [key]
    settled = replace(ctx, settings=replace(ctx.settings, settle_seconds=0))
    assert only_receipt(settled)["status"] == "rejected"
    roll_up_week(ctx, "2024-W49")
    assert reconcile(ctx)["ok"]


def test_the_same_bytes_put_there_again_are_what_was_claimed(ctx: Context) -> None:
    key = dropped(ctx)
    (claim,) = claim_waiting(ctx)
    ctx.bucket.write(key, SAMPLE.read_bytes())
    assert ingest_drop(ctx, claim.object_id).status.startswith("accepted")
    assert keys(ctx, "intake/") == []


def test_a_file_put_in_place_of_one_being_answered_is_a_drop_of_its_own(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = dropped(ctx)
    (claim,) = claim_waiting(ctx)
    real_write = type(ctx.bucket).write

    def write(self: Any, target: str, data: bytes) -> None:
        real_write(self, target, data)
        if target.startswith("archive/"):
            real_write(self, key, b"%PDF-1.7\n")

    with monkeypatch.context() as patch:
        patch.setattr(type(ctx.bucket), "write", write)
        ingest_drop(ctx, claim.object_id)
    assert keys(ctx, "intake/") == [key]
    later = replace(ctx, settings=replace(ctx.settings, settle_seconds=0))
    assert only_receipt(later)["status"] == "rejected"


def test_a_file_still_being_written_to_a_folder_waits_and_an_s3_object_is_whole_at_once(ctx: Context) -> None:
    ctx.bucket.write("intake/621122/周报.xlsx", SAMPLE.read_bytes())
    assert len(waiting_objects(ctx)) == (0 if ctx.bucket.needs_settling else 1)
    settled = replace(ctx, settings=replace(ctx.settings, settle_seconds=0))
    assert len(waiting_objects(settled)) == 1


def test_a_bucket_that_goes_away_is_a_passing_failure(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped(ctx)
    (claim,) = claim_waiting(ctx)

    def read(*_: Any) -> bytes:
        raise BucketUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(type(ctx.bucket), "read", read)
        with pytest.raises(BucketUnavailable):
            ingest_drop(ctx, claim.object_id)
    assert ingest_drop(ctx, claim.object_id).status.startswith("accepted")


def test_the_receipt_in_the_bucket_is_the_one_that_was_returned(ctx: Context) -> None:
    dropped(ctx)
    receipt = only_receipt(ctx)
    stored = json.loads(ctx.bucket.read(f"receipts/621122/2024-W49/{receipt['receipt_no']}.json"))
    assert stored == receipt


def test_two_intakes_at_once_answer_each_drop_once(ctx: Context) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for sample in sorted(SAMPLES.glob("*/*"))[:5]:
        drop_files(ctx.bucket, [sample], union_id=sample.parent.name)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: take_all(ctx), range(2)))
    with ctx.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from receipt").scalar() == 5
    assert reconcile(ctx)["differences"] == []


@pytest.fixture
def over_the_cap(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A file over the cap that nobody may hold in memory: reading or writing it whole fails."""
    limits = replace(ReadingLimits.from_contract(), max_bytes=3 << 20)
    monkeypatch.setattr(ReadingLimits, "from_contract", lambda: limits)
    for kind in (FolderBucket, S3Bucket):
        for name in ("read", "write"):
            monkeypatch.setattr(kind, name, _small_only(getattr(kind, name)))
    return b"x" * (limits.max_bytes + 1)


def _small_only(original: Any) -> Any:
    def guarded(self: Any, key: str, *data: bytes) -> Any:
        stored = self.stat(key)
        assert max([len(each) for each in data] + [stored.size if stored else 0]) <= 3 << 20, f"{key} is held whole"
        return original(self, key, *data)

    return guarded


def test_a_file_over_the_cap_is_answered_archived_and_replayed_without_being_held_in_memory(
    ctx: Context, over_the_cap: bytes
) -> None:
    put(ctx, "intake/620400/全年.csv", over_the_cap)
    receipt = only_receipt(ctx)
    assert (receipt["status"], receipt["rows"]["received"]) == ("rejected", 0)
    assert [finding["rule"] for finding in receipt["findings"]][:1] == ["file.too_large"]
    assert receipt["sha256"] == hashlib.sha256(over_the_cap).hexdigest()
    (kept,) = keys(ctx, "archive/")
    assert ctx.bucket.digest(kept) == (receipt["sha256"], len(over_the_cap))
    assert keys(ctx, "intake/") == []
    roll_up_week(ctx, "2024-W49")
    assert reconcile(ctx)["differences"] == []
    document = replay(ctx, ReplayScope())
    assert (document["replayed"], document["receipts"], document["missing"]) == (1, [], [])


def test_a_file_over_the_cap_that_is_replaced_while_it_is_archived_is_answered_by_what_replaced_it(
    ctx: Context, over_the_cap: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "intake/620400/全年.csv", over_the_cap)
    (claim,) = claim_waiting(ctx)
    real_copy = type(ctx.bucket).copy

    def replaced_first(self: Any, source: str, target: str, sha256: str) -> None:
        self.delete(source)
        self.create(source, b"%PDF-1.7\n")
        real_copy(self, source, target, sha256)

    with monkeypatch.context() as patch:
        patch.setattr(type(ctx.bucket), "copy", replaced_first)
        with pytest.raises(ObjectChanged):
            ingest_drop(ctx, claim.object_id)
    assert keys(ctx, "archive/") == []
    assert ingest_drop(ctx, claim.object_id).status == "withdrawn"
    assert [finding["rule"] for finding in only_receipt(ctx)["findings"]][:1] == ["file.pdf"]


def test_a_writer_killed_in_the_middle_leaves_nothing_after_the_next_reconciliation(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(ctx.bucket, FolderBucket):
        assert ctx.bucket.sweep() == 0  # an object is there whole or not at all
        return
    dropped(ctx)
    child = multiprocessing.get_context("fork").Process(target=_die_at_a_rename, args=(ctx.bucket,))
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    assert list(ctx.bucket.root.rglob("*.nuanliu-part"))
    take_all(ctx)
    assert reconcile(ctx)["ok"]
    assert not list(ctx.bucket.root.rglob("*.nuanliu-part"))


def _die_at_a_rename(bucket: FolderBucket) -> None:
    os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    bucket.write("receipts/621122/2024-W49/621122-2024W49-001.json", b"{}")
