"""What the ingest tasks hand to each other."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nuanliu.operations.drops.claiming import Claim
from nuanliu.operations.drops.outcomes import Answer
from nuanliu.orchestration.drops import (
    BATCH,
    MOST_ALONE,
    SMALL_BYTES,
    TOGETHER,
    alert_lines,
    drops_of,
    make_batches,
    require_weeks,
    show_label,
)


def claim(number: int, *, size: int = 20_000, attempts: int = 0, name: str = "") -> Claim:
    return Claim(number, "620400", name or f"{number}.xlsx", size, attempts)


def answered(batches: list[dict[str, object]]) -> list[list[int]]:
    return [[drop["object_id"] for drop in batch["drops"]] for batch in batches]


def test_a_batch_stays_below_what_airflow_maps() -> None:
    assert BATCH < 1024


def test_a_task_is_labelled_with_union_and_file() -> None:
    assert make_batches([claim(7, name="周报.xlsx")]) == [
        {"drops": [{"object_id": 7, "label": "620400 周报.xlsx"}], "label": "620400 周报.xlsx"}
    ]


def test_on_an_ordinary_day_each_file_has_a_task_of_its_own() -> None:
    assert answered(make_batches([claim(number) for number in range(MOST_ALONE)])) == [[n] for n in range(MOST_ALONE)]


def test_when_many_wait_small_files_share_a_task_in_their_order() -> None:
    batches = make_batches([claim(number) for number in range(23)])
    assert answered(batches) == [[*range(5)], [*range(5, 10)], [*range(10, 15)], [*range(15, 20)], [20, 21, 22]]
    assert [drop["object_id"] for drop in drops_of(batches)] == [*range(23)]
    assert batches[-1]["label"] == "620400 20.xlsx、620400 21.xlsx、620400 22.xlsx"


def test_a_big_file_and_one_that_failed_before_have_tasks_of_their_own_and_keep_their_place() -> None:
    claims = [claim(number) for number in range(30)]
    claims[7] = claim(7, size=SMALL_BYTES + 1)
    claims[8] = claim(8, size=SMALL_BYTES)
    claims[16] = claim(16, attempts=1)
    batches = answered(make_batches(claims))
    assert batches[:6] == [[0, 1, 2, 3, 4], [5, 6, 8, 9, 10], [7], [11, 12, 13, 14, 15], [16], [17, 18, 19, 20, 21]]
    assert max(map(len, batches)) == TOGETHER
    assert sorted(number for batch in batches for number in batch) == [*range(30)]


def test_nothing_waiting_makes_no_task() -> None:
    assert make_batches([]) == []


@pytest.mark.parametrize("count", [1, 25])
def test_a_label_is_no_longer_than_airflow_keeps_and_names_every_file_of_its_task(count: int) -> None:
    batches = make_batches([claim(number, name=f"{number}-" + "很长的文件名" * 60) for number in range(count)])
    assert all(len(batch["label"]) <= 250 for batch in batches)
    for batch in batches:
        assert all(f"620400 {drop['object_id']}-" in batch["label"] for drop in batch["drops"])


def test_the_task_list_names_the_files_without_a_call_of_its_own() -> None:
    context = {"ti": SimpleNamespace(rendered_map_index=None)}
    show_label(context, {"label": "620400 周报.xlsx"})
    assert context["batch_label"] == context["ti"].rendered_map_index == "620400 周报.xlsx"


def test_a_run_whose_files_touched_no_week_tells_none() -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    assert require_weeks(["2024-W49"]) == ["2024-W49"]
    with pytest.raises(AirflowSkipException):
        require_weeks([])


def answer(number: int, status: str, *, is_complete: bool = True) -> Answer:
    return Answer("620400", f"620400-2024W49-{number:03d}", status, is_complete=is_complete)


def test_the_alert_groups_what_needs_a_person_and_leaves_out_what_is_well() -> None:
    drops = drops_of(make_batches([claim(number) for number in range(1, 6)]))
    answers = {
        1: answer(1, "accepted"),
        2: answer(2, "held"),
        3: answer(3, "rejected"),
        4: Answer("620400"),
        5: answer(5, "accepted", is_complete=False),
    }
    assert alert_lines(drops, answers) == [
        "没有回执:登记号 4(620400 4.xlsx)",
        "没有回执:登记号 5(620400 5.xlsx)",
        "待说明:620400,回执 620400-2024W49-002",
        "退回:620400,回执 620400-2024W49-003",
    ]
    assert alert_lines(drops[:1], answers) == []


def test_a_drop_that_was_taken_back_alerts_nobody() -> None:
    assert alert_lines([{"object_id": 7, "label": "620400 7.xlsx"}], {}) == []
