"""What the ingest tasks hand to each other."""

from __future__ import annotations

from nuanliu.operations.drops.claiming import Claim
from nuanliu.operations.drops.ingest_drop import DropOutcome
from nuanliu.orchestration.drops import BATCH, alert_lines, next_batch, outcome_reference, touched_partitions


def outcome(object_id: int, status: str, weeks: tuple[str, ...] = ()) -> DropOutcome:
    return DropOutcome(object_id, f"620400-2024W49-{object_id:03d}", status, "620400", "2024-W49", weeks)


def test_a_batch_stays_below_what_airflow_maps() -> None:
    assert BATCH < 1024


def test_a_task_is_labelled_with_union_and_file() -> None:
    assert next_batch([Claim(7, "620400", "周报.xlsx")]) == [{"object_id": 7, "label": "620400 周报.xlsx"}]


def test_a_drop_without_facts_still_touches_the_week_it_was_filed_under() -> None:
    assert touched_partitions(outcome(1, "rejected")) == ["2024-W49|620400"]
    assert touched_partitions(outcome(1, "accepted", ("2024-W46", "2024-W49"))) == [
        "2024-W46|620400",
        "2024-W49|620400",
    ]


def test_a_drop_that_was_taken_back_touches_nothing_and_alerts_nobody() -> None:
    back = DropOutcome(7, "", "withdrawn", "620400", "", ())
    assert touched_partitions(back) == []
    assert alert_lines([{"object_id": 7, "label": "620400 7.xlsx"}], [outcome_reference(back)]) == []


def test_the_alert_groups_what_needs_a_person_and_leaves_out_what_is_well() -> None:
    drops = next_batch([Claim(number, "620400", f"{number}.xlsx") for number in range(1, 5)])
    outcomes = [
        outcome_reference(outcome(1, "accepted")),
        outcome_reference(outcome(2, "held")),
        outcome_reference(outcome(3, "rejected")),
    ]
    assert alert_lines(drops, outcomes) == [
        "没有回执:登记号 4(620400 4.xlsx)",
        "待说明:620400,回执 620400-2024W49-002",
        "退回:620400,回执 620400-2024W49-003",
    ]
    assert alert_lines(drops[:1], outcomes[:1]) == []
