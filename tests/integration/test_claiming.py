"""Who takes which drop, how many at once, and what becomes of those that cannot be read or never get an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.played_week import context
from tests.patching import replace_everywhere

from nuanliu.errors import BucketUnavailable
from nuanliu.operations.drops.claiming import MOST_ATTEMPTS, claim_waiting, unanswered, waiting_objects
from nuanliu.operations.drops.ingest_drop import ingest_drop
from nuanliu.operations.take_all import take_all
from nuanliu.orchestration import drops, notifications, triggers
from nuanliu.orchestration.drops import claim_batches, drops_of, make_batches
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.folder_bucket import FolderBucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.operations.context import Context


@pytest.fixture
def ctx(tmp_path: Path, warehouse: Engine, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A fresh pipeline on a folder, which the watcher and the alerts open too."""
    from contextlib import contextmanager
    from dataclasses import replace

    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,name,role,union_id\nengineer@nuanliu.example,值班,engineer,\n", "utf-8")
    made = context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), warehouse)
    made = replace(made, settings=replace(made.settings, recipients=recipients))

    @contextmanager
    def opened() -> Iterator[Context]:
        yield made

    for module in (triggers, notifications):
        monkeypatch.setattr(module, "open_pipeline", opened)
    return made


def put(ctx: Context, *names: str, union_id: str = "620400") -> None:
    for name in names:
        assert ctx.bucket.create(f"intake/{union_id}/{name}", b"%PDF-1.7\n" + name.encode())


def labels(batch: list[dict[str, Any]]) -> list[str]:
    return [drop["label"].split()[1] for drop in batch]


def unreadable(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the store refuse some objects: a file mode does not stop root."""
    real_digest = FolderBucket.digest

    def digest(self: FolderBucket, key: str) -> tuple[str, int]:
        if key.endswith(names):
            raise BucketUnavailable("bucket folder, intake/620400/…: Permission denied")
        return real_digest(self, key)

    monkeypatch.setattr(FolderBucket, "digest", digest)


def claim_run(ctx: Context) -> list[dict[str, Any]]:
    """The drops that a run claims."""
    return drops_of(claim_batches(ctx))


def attempted(ctx: Context, object_id: int, attempts: int) -> None:
    with ctx.engine.begin() as connection:
        connection.exec_driver_sql(f"update registry set attempt_count = {attempts} where object_id = {object_id}")


def alerts(ctx: Context) -> list[str]:
    with ctx.engine.connect() as connection:
        return list(connection.exec_driver_sql("select purpose from outbox order by mail_key").scalars())


def test_a_run_claims_no_more_than_it_answers_and_the_watcher_sees_the_rest(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drops, "BATCH", 2)
    put(ctx, "1.pdf", "2.pdf", "3.pdf", "4.pdf", "5.pdf")
    taken, left = [], []
    while batch := claim_run(ctx):
        taken.append(labels(batch))
        left.append(len(triggers.waiting_drops()))
        assert sorted(triggers.unanswered_ids()) == [drop["object_id"] for drop in batch]
        for drop in batch:
            ingest_drop(ctx, drop["object_id"])
    assert taken == [["1.pdf", "2.pdf"], ["3.pdf", "4.pdf"], ["5.pdf"]]
    assert left == [3, 1, 0]
    assert triggers.unanswered_ids() == []


def test_claims_that_failed_are_taken_by_the_next_run_before_new_drops(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drops, "BATCH", 2)
    put(ctx, "1.pdf", "2.pdf")
    claim_run(ctx)
    put(ctx, "0.pdf", "3.pdf")
    assert labels(claim_run(ctx)) == ["1.pdf", "2.pdf"]
    assert len(waiting_objects(ctx)) == 2


def test_a_drop_that_failed_too_often_starts_no_run_and_takes_nobodys_place(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drops, "BATCH", 1)
    put(ctx, "1.pdf")
    (poison,) = claim_run(ctx)
    attempted(ctx, poison["object_id"], MOST_ATTEMPTS - 1)
    assert triggers.unanswered_ids() == [poison["object_id"]]
    attempted(ctx, poison["object_id"], MOST_ATTEMPTS)
    assert triggers.unanswered_ids() == []
    put(ctx, "2.pdf")
    (other,) = claim_run(ctx)
    assert other["label"] == "620400 2.pdf"
    ingest_drop(ctx, other["object_id"])
    assert claim_run(ctx) == [poison]  # with room left it is tried again all the same


def test_an_answer_whose_files_cannot_be_written_counts_its_attempts(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.pdf")
    (claim,) = claim_waiting(ctx)

    def refuse(*_: Any) -> None:
        raise BucketUnavailable("full")

    replace_everywhere(monkeypatch, "nuanliu.warehouse.submissions.receipts_store.mark_written", refuse)
    for _ in range(3):
        with pytest.raises(BucketUnavailable):
            ingest_drop(ctx, claim.object_id)
    assert [(row.state, row.attempt_count) for row in unanswered(ctx)] == [("archived", 3)]
    assert triggers.unanswered_ids() == [claim.object_id]


def test_an_object_that_cannot_be_read_stops_nobody_and_is_alerted_once_a_day(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.pdf", "2.pdf", "3.pdf")
    unreadable(monkeypatch, "1.pdf")
    for _ in range(2):
        assert labels(claim_run(ctx)) == ["2.pdf", "3.pdf"]
    (purpose,) = alerts(ctx)
    assert purpose.startswith("alert/ingest/unreadable/2024-12-09/")
    assert len(triggers.waiting_drops()) == 1


def test_the_command_answers_the_others_and_reports_the_object_that_cannot_be_read(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.pdf", "2.pdf")
    said: list[str] = []
    with monkeypatch.context() as patch:
        unreadable(patch, "1.pdf")
        document = take_all(ctx, said.append)
    assert [receipt["object_key"] for receipt in document["receipts"]] == ["intake/620400/2.pdf"]
    (failure,) = document["failures"]
    assert failure["object_id"] is None
    assert "Permission denied" in failure["message"]
    assert failure["message"] in said
    assert [receipt["object_key"] for receipt in take_all(ctx)["receipts"]] == ["intake/620400/1.pdf"]


def test_a_store_that_does_not_answer_ends_the_run(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    put(ctx, "1.pdf", "2.pdf")
    unreadable(monkeypatch, "1.pdf")
    real_list = FolderBucket.list
    listings = iter([real_list])  # the store goes away after the first listing

    def list_once(self: FolderBucket, prefix: str) -> list[Any]:
        answer = next(listings, None)
        if answer is None:
            raise BucketUnavailable("away")
        return answer(self, prefix)

    monkeypatch.setattr(FolderBucket, "list", list_once)
    with pytest.raises(BucketUnavailable, match="away"):
        claim_run(ctx)


@pytest.mark.parametrize("name", ["周报\r\x1b[2J\n已接收.xlsx", "\x9b31m周报\u202e.csv"])
def test_a_file_name_with_control_characters_is_answered_and_reaches_no_label_or_log_raw(
    ctx: Context, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    ctx.bucket.create(f"intake/620400/{name}", b"nothing that can be read")
    (claimed,) = claim_waiting(ctx)
    assert claimed.file_name.isprintable()
    (drop,) = drops_of(make_batches([claimed]))
    assert drop["label"].isprintable()
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["status"] == "rejected"
    assert ctx.bucket.list("intake/") == []
    assert all(line.isprintable() for line in caplog.text.split("\n"))
