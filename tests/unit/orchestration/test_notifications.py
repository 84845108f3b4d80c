"""A failure becomes one alert that says where to look and quotes nothing private."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from airflow.sdk.exceptions import AirflowFailException

from nuanliu.errors import ObjectMissing, WarehouseUnavailable
from nuanliu.orchestration import notifications
from nuanliu.orchestration.notifications import describe_error, report_failure, report_missed_deadline

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def alerts(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have gone into the outbox."""
    raised: list[dict[str, Any]] = []

    @contextmanager
    def open_pipeline() -> Iterator[str]:
        yield "context"

    def raise_alert(ctx: str, **alert: Any) -> int:
        assert ctx == "context"
        raised.append(alert)
        return 1

    monkeypatch.setattr(notifications, "open_pipeline", open_pipeline)
    monkeypatch.setattr("nuanliu.operations.mailing.alerts.raise_alert", raise_alert)
    return raised


def failed_task(map_index: int | None = -1, exception: BaseException | None = None) -> dict[str, Any]:
    ti = SimpleNamespace(
        dag_id="ingest_submissions",
        task_id="ingest_drop",
        run_id="manual__1",
        map_index=map_index,
        try_number=4,
        log_url="http://127.0.0.1/log",
    )
    return {"ti": ti, "exception": exception}


def test_a_failed_task_alerts_with_run_reason_log_and_runbook(alerts: list[dict[str, Any]]) -> None:
    report_failure(failed_task(2, WarehouseUnavailable("PostgreSQL does not answer")))
    assert len(alerts) == 1
    assert alerts[0]["title"] == "任务失败:ingest_submissions.ingest_drop[2]"
    text = "\n".join(alerts[0]["lines"])
    assert "manual__1" in text
    assert "PostgreSQL does not answer" in text
    assert "http://127.0.0.1/log" in text
    assert "docs/runbook.md#ingest_submissions" in text


@pytest.mark.parametrize(("map_index", "shown"), [(0, "[0]"), (1, "[1]"), (-1, ""), (None, "")])
def test_a_mapped_task_is_named_with_its_index_the_first_one_too(
    alerts: list[dict[str, Any]], map_index: int | None, shown: str
) -> None:
    report_failure(failed_task(map_index))
    assert alerts[0]["title"] == f"任务失败:ingest_submissions.ingest_drop{shown}"


def test_mapped_tasks_of_one_run_share_one_alert(alerts: list[dict[str, Any]]) -> None:
    report_failure(failed_task(1))
    report_failure(failed_task(2))
    assert alerts[0]["purpose"] == alerts[1]["purpose"]


def test_a_missed_deadline_alerts_with_the_run(alerts: list[dict[str, Any]]) -> None:
    report_missed_deadline({"dag_run": {"dag_run_id": "scheduled__1"}}, dag_id="reconcile_warehouse")
    assert alerts[0]["purpose"] == "deadline/reconcile_warehouse/scheduled__1"


def test_an_outbox_out_of_reach_leaves_the_alert_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise WarehouseUnavailable("down")

    monkeypatch.setattr(notifications, "open_pipeline", broken)
    report_failure(failed_task())
    assert "任务失败:ingest_submissions.ingest_drop" in caplog.text
    assert "manual__1" in caplog.text


def test_only_texts_of_our_own_errors_are_repeated() -> None:
    wrapped = AirflowFailException("x")
    wrapped.__cause__ = ObjectMissing("archive/620400/x is not in the bucket")
    assert describe_error(wrapped) == "archive/620400/x is not in the bucket"
    assert describe_error(ValueError("620102199001011234")) == "ValueError"
    assert describe_error(None) == "见日志"
