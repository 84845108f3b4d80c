"""Some files to a task: each is answered as if it had a task of its own, and what became of them is read from the records."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from tests.patching import replace_everywhere

from nuanliu.errors import BucketUnavailable, ObjectMissing, Permanent, Transient
from nuanliu.operations.drops import ingest_drop as answering
from nuanliu.operations.drops.answer_batch import DropsUnanswerable, DropsUnanswered, answer_batch
from nuanliu.operations.drops.claiming import claim_waiting
from nuanliu.operations.drops.outcomes import Answer, read_answers, weeks_to_tell
from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.operations.weeks.roll_up import roll_up_waiting_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

WEEK = "2024-W49"
UNIONS = ("620100", "620200", "620400", "620500")


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def ids(ctx: Context) -> list[int]:
    """Four unions' files, claimed."""
    for union_id in UNIONS:
        rows = f"报告期,活动名称,活动类别,开始日期,结束日期,服务人数(人)\n{WEEK},体检,健康体检,2024-12-03,2024-12-04,{union_id[3:]}\n"
        assert ctx.bucket.create(f"intake/{union_id}/报送.csv", rows.encode())
    return [claim.object_id for claim in claim_waiting(ctx)]


def failing(monkeypatch: pytest.MonkeyPatch, errors: dict[int, Exception]) -> list[int]:
    """Let the answers to some objects fail; returns the order in which answers are begun."""
    begun: list[int] = []
    real = answering.ingest_drop

    def answer(ctx: Context, object_id: int, *more: Any) -> Any:
        begun.append(object_id)
        if object_id in errors:
            raise errors[object_id]
        return real(ctx, object_id, *more)

    replace_everywhere(monkeypatch, "nuanliu.operations.drops.ingest_drop.ingest_drop", answer)
    return begun


def test_one_failing_file_stops_none_of_its_batch_and_the_task_fails_naming_it(
    ctx: Context, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        failing(patched, {ids[1]: BucketUnavailable("the store is away")})
        with pytest.raises(DropsUnanswered, match=f"1 of the batch .*: {ids[1]} the store is away"):
            answer_batch(ctx, ids)
    answers = read_answers(ctx, ids)
    assert [answers[each].is_complete for each in ids] == [True, False, True, True]
    assert answers[ids[1]] == Answer(UNIONS[1])
    answer_batch(ctx, ids)
    assert all(
        answer.is_complete and answer.status.startswith("accepted") for answer in read_answers(ctx, ids).values()
    )


def test_a_batch_is_tried_again_unless_nothing_can_help_any_of_it(
    ctx: Context, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = ObjectMissing("its bytes are nowhere")
    with monkeypatch.context() as patched:
        failing(patched, {ids[0]: gone})
        with pytest.raises(DropsUnanswerable) as unanswerable:
            answer_batch(ctx, ids)
    with monkeypatch.context() as patched:
        failing(patched, {ids[0]: gone, ids[2]: ValueError("姓名 张三")})
        with pytest.raises(DropsUnanswered) as unanswered:
            answer_batch(ctx, ids)
    assert "张三" not in str(unanswered.value)
    for error, kind in ((unanswerable.value, Permanent), (unanswered.value, Transient)):
        again = pickle.loads(pickle.dumps(error))  # our own bytes
        assert (isinstance(again, kind), again.reasons) == (True, error.reasons)


def test_a_file_that_ended_its_task_comes_after_the_others_when_the_batch_is_tried_again(
    ctx: Context, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ctx.engine.begin() as connection:
        connection.exec_driver_sql(f"update registry set attempt_count = 1 where object_id = {ids[0]}")
    begun = failing(monkeypatch, {})
    answer_batch(ctx, ids)
    assert begun == [*ids[1:], ids[0]]


def test_a_file_alone_fails_by_its_own_error(ctx: Context, ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, {ids[0]: BucketUnavailable("the store is away")})
    with pytest.raises(BucketUnavailable):
        answer_batch(ctx, ids[:1])


def test_a_file_that_was_taken_back_is_no_failure_and_nobody_is_told_of_it(ctx: Context, ids: list[int]) -> None:
    ctx.bucket.delete(f"intake/{UNIONS[3]}/报送.csv")
    answer_batch(ctx, ids)
    answer_batch(ctx, ids)
    assert set(read_answers(ctx, ids)) == set(ids[:3])


def test_the_weeks_of_a_run_are_told_once_and_a_second_roll_up_of_one_ends_at_once(
    ctx: Context, ids: list[int]
) -> None:
    assert weeks_to_tell(ctx, ids) == []
    answer_batch(ctx, ids)
    assert weeks_to_tell(ctx, ids) == [WEEK]
    assert weeks_to_tell(ctx, [max(ids) + 1]) == []
    assert [roll_up_waiting_week(ctx, WEEK), roll_up_waiting_week(ctx, WEEK)] == [True, False]
    assert weeks_to_tell(ctx, ids) == []


def test_a_week_whose_run_does_not_come_to_its_end_is_rolled_up_by_the_watch(ctx: Context, ids: list[int]) -> None:
    answer_batch(ctx, ids)
    assert "weeks_left_waiting" not in {alert["name"] for alert in watch_pipeline(ctx)["alerts"]}
    assert weeks_to_tell(ctx, ids) == []
