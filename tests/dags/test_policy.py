"""What every DAG of ours must have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DAG_IDS = (
    "ingest_submissions",
    "publish_weekly_summary",
    "reconcile_warehouse",
    "remind_unions",
    "roll_up_week",
    "watch_pipeline",
)


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
            # A person may take longer than a task; three days, then the run fails and says so.
            assert task["timeout"] == (None if name == "approve_edition" else 1800), name

    def test_each_task_that_fails_alerts_the_engineers(self, dags: dict[str, Any], dag_id: str) -> None:
        for name, task in dags[dag_id]["tasks"].items():
            assert task["failure"] == ["nuanliu.orchestration.notifications.report_failure"], name


def test_dag_files_hold_no_business_rule_and_read_nothing_at_parse_time() -> None:
    for path in (PROJECT / "dags").glob("*.py"):
        text = path.read_text("utf-8")
        for forbidden in ("import pandas", "import sqlalchemy", "os.environ", "Variable", "now(", "select "):
            assert forbidden not in text, f"{path.name}: {forbidden}"


def test_each_file_is_one_mapped_task_named_after_the_file(dags: dict[str, Any]) -> None:
    tasks = dags["ingest_submissions"]["tasks"]
    assert tasks["claim_drops"]["downstream"] == ["ingest_drop", "raise_alerts"]
    assert tasks["ingest_drop"]["mapped"]
    assert tasks["ingest_drop"]["label"] == "{{ drop_label }}"
    assert tasks["ingest_drop"]["downstream"] == ["raise_alerts"]


def test_schedules(dags: dict[str, Any]) -> None:
    assert {name: dag["timetable"] for name, dag in dags.items()} == {
        "ingest_submissions": "AssetTriggeredTimetable",
        "roll_up_week": "PartitionedAssetTimetable",
        "publish_weekly_summary": "ReportingWeekTimetable",
        "remind_unions": "ReportingWeekTimetable",
        "reconcile_warehouse": "CronTriggerTimetable",
        "watch_pipeline": "CronTriggerTimetable",
    }
    assert dags["reconcile_warehouse"]["deadline"]
