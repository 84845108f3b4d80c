"""What every DAG of ours must have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from nuanliu.running.airflow_env import TUNED

PROJECT = Path(__file__).resolve().parents[2]
DAG_IDS = (
    "ingest_submissions",
    "maintain_installation",
    "publish_weekly_summary",
    "reconcile_warehouse",
    "remind_unions",
    "roll_up_week",
    "watch_pipeline",
)

TIMEOUTS = {
    # A person may take longer than a task; three days, then the run fails and says so.
    "approve_edition": None,
    # They read or write everything there is.
    **dict.fromkeys(("back_up", "verify_backup", "drill_restore"), 7200),
}


def test_every_file_parses_and_the_dags_are_exactly_ours(dag_folder: dict[str, Any]) -> None:
    assert dag_folder["errors"] == {}
    assert sorted(dag_folder["dags"]) == sorted(DAG_IDS)


@pytest.mark.parametrize("dag_id", DAG_IDS)
class TestEveryDag:
    def test_is_named_like_its_file_and_stays_short(self, dags: dict[str, Any], dag_id: str) -> None:
        path = Path(dags[dag_id]["file"])
        assert path.stem == dag_id
        assert len(path.read_text("utf-8").splitlines()) <= 80

    def test_has_a_chinese_name(self, dags: dict[str, Any], dag_id: str) -> None:
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,12}", dags[dag_id]["display"])

    def test_says_what_to_do_when_it_fails(self, dags: dict[str, Any], dag_id: str) -> None:
        assert f"If it fails: docs/runbook.md#{dag_id}" in dags[dag_id]["doc"]
        assert re.search(rf"^## {dag_id}$", (PROJECT / "docs" / "runbook.md").read_text("utf-8"), re.MULTILINE)

    def test_has_a_layer_and_an_impact(self, dags: dict[str, Any], dag_id: str) -> None:
        kinds = [tag.split(":")[0] for tag in dags[dag_id]["tags"]]
        assert kinds == ["impact", "layer"]
        assert set(dags[dag_id]["tags"]) & {"impact:high", "impact:medium", "impact:low"}

    def test_never_catches_up_and_runs_one_at_a_time(self, dags: dict[str, Any], dag_id: str) -> None:
        assert dags[dag_id]["catchup"] is False
        assert "catchup=False" in Path(dags[dag_id]["file"]).read_text("utf-8")
        assert dags[dag_id]["max_active_runs"] == 1

    def test_lives_in_the_time_of_shanghai(self, dags: dict[str, Any], dag_id: str) -> None:
        assert dags[dag_id]["timezone"] == "Asia/Shanghai"

    def test_each_task_has_an_owner_retries_that_wait_longer_each_time_and_an_end(
        self, dags: dict[str, Any], dag_id: str
    ) -> None:
        for name, task in dags[dag_id]["tasks"].items():
            assert task["owner"] == "数据组", name
            assert task["retries"] == 3, name
            assert task["delay"] == 10, name
            assert task["backoff"] == 2, name
            assert task["timeout"] == TIMEOUTS.get(name, 1800), name

    def test_each_task_that_fails_alerts_the_engineers(self, dags: dict[str, Any], dag_id: str) -> None:
        for name, task in dags[dag_id]["tasks"].items():
            assert task["failure"] == ["nuanliu.orchestration.notifications.report_failure"], name


def test_dag_files_hold_no_business_rule_and_read_nothing_at_parse_time() -> None:
    for path in (PROJECT / "dags").glob("*.py"):
        text = path.read_text("utf-8")
        for forbidden in ("import pandas", "import sqlalchemy", "os.environ", "Variable", "now(", "select "):
            assert forbidden not in text, f"{path.name}: {forbidden}"


def test_files_are_mapped_tasks_named_after_their_files_that_tell_airflow_nothing_else(dags: dict[str, Any]) -> None:
    tasks = dags["ingest_submissions"]["tasks"]
    assert tasks["claim_drops"]["downstream"] == ["ingest_drop", "raise_alerts"]
    assert tasks["ingest_drop"]["mapped"]
    assert tasks["ingest_drop"]["label"] == "{{ batch_label }}"
    assert tasks["ingest_drop"]["downstream"] == ["raise_alerts"]
    assert not tasks["ingest_drop"]["pushes"]
    assert tasks["ingest_drop"]["outlets"] == []


def test_a_run_tells_its_weeks_once_at_its_end_whatever_became_of_the_files(dags: dict[str, Any]) -> None:
    outlets = {name: task["outlets"] for name, task in dags["ingest_submissions"]["tasks"].items() if task["outlets"]}
    assert outlets == {"raise_alerts": ["union_week"]}
    assert dags["ingest_submissions"]["tasks"]["raise_alerts"]["is_teardown"]


def test_schedules(dags: dict[str, Any]) -> None:
    assert {name: dag["timetable"] for name, dag in dags.items()} == {
        "ingest_submissions": "AssetTriggeredTimetable",
        "roll_up_week": "PartitionedAssetTimetable",
        "publish_weekly_summary": "ReportingWeekTimetable",
        "remind_unions": "ReportingWeekTimetable",
        "reconcile_warehouse": "CronTriggerTimetable",
        "watch_pipeline": "CronTriggerTimetable",
        "maintain_installation": "CronTriggerTimetable",
    }
    assert dags["maintain_installation"]["deadline"]
    assert dags["reconcile_warehouse"]["deadline"]


# --- what people wait for never waits behind drops ---

FIRST = ("publish_weekly_summary", "remind_unions", "watch_pipeline")
PARALLELISM = int(TUNED["AIRFLOW__CORE__PARALLELISM"])


def _weights(dag: dict[str, Any]) -> set[int]:
    return {task["weight"] for task in dag["tasks"].values()}


def test_publication_reminders_and_watching_come_before_all_else_and_drops_last(dags: dict[str, Any]) -> None:
    lowest_first = min(min(_weights(dags[name])) for name in FIRST)
    others = set(DAG_IDS) - set(FIRST) - {"ingest_submissions"}
    assert lowest_first > max(max(_weights(dags[name])) for name in others)
    assert min(min(_weights(dags[name])) for name in others) > max(_weights(dags["ingest_submissions"]))


def test_a_weight_does_not_grow_by_what_follows(dags: dict[str, Any]) -> None:
    rules = {task["weight_rule"] for dag in dags.values() for task in dag["tasks"].values()}
    assert {"absolute" in rule.lower() for rule in rules} == {True}


_SLOTS = """
import json, os, sys
from nuanliu.orchestration.defaults import drop_slots

found = [drop_slots()]
for parallelism in sys.argv[1:]:
    os.environ["AIRFLOW__CORE__PARALLELISM"] = parallelism
    found.append(drop_slots())
print(json.dumps(found))
"""


def test_drops_leave_slots_for_a_publication_and_a_watch_at_once(run_airflow_python: Any, dag_folder: Any) -> None:
    """A publication and a watch are two tasks at once each; LocalExecutor has no queues, so slots are all there is."""
    default, *tuned = run_airflow_python(_SLOTS, str(PARALLELISM), "32", "2")
    assert dag_folder["dags"]["ingest_submissions"]["max_active_tasks"] == default
    assert tuned == [PARALLELISM - 4, 28, 1]


def test_only_drops_run_on_the_drops_queue_and_no_task_waits_for_a_pool_that_nobody_makes(dags: dict[str, Any]) -> None:
    queues = {f"{name}.{each}": task["queue"] for name, dag in dags.items() for each, task in dag["tasks"].items()}
    assert {name for name, queue in queues.items() if queue == "drops"} == {"ingest_submissions.ingest_drop"}
    assert {queue for queue in queues.values() if queue != "drops"} == {"default"}
    assert {task["pool"] for dag in dags.values() for task in dag["tasks"].values()} == {"default_pool"}


def test_a_killed_workers_task_is_taken_over_within_ninety_seconds(dags: dict[str, Any]) -> None:
    silent = sum(int(value) for name, value in TUNED.items() if "TASK_INSTANCE_HEARTBEAT_TIMEOUT" in name)
    scheduling = 15
    for dag in dags.values():
        for task in dag["tasks"].values():
            assert silent + task["delay"] + scheduling <= 90


def test_nothing_is_deleted_before_the_backup_of_the_night_was_verified(dags: dict[str, Any]) -> None:
    tasks = dags["maintain_installation"]["tasks"]
    assert tasks["back_up"]["downstream"] == ["drill_restore", "verify_backup"]
    assert tasks["verify_backup"]["downstream"] == ["drill_restore", "prune_backups"]
    assert tasks["prune_backups"]["downstream"] == ["delete_expired"]
    assert tasks["delete_expired"]["downstream"] == []
