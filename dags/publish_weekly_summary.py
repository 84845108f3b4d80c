"""### 发布周报

Monday 18:00, or the first working day after it: the gate, a new edition of the week that closed, its mails; then new ones,
without mails, of the eight weeks before it that changed. After a pause each missed week has its run. By hand: give the week
as partition key or parameter; `approval` makes a person look before mails leave.

Owner: 数据组. If it fails: docs/runbook.md#publish_weekly_summary
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, task

from nuanliu.orchestration.after_publication import next_task
from nuanliu.orchestration.defaults import FIRST, START, WEEK_PARAM
from nuanliu.orchestration.outcomes import pipeline
from nuanliu.orchestration.partitions import run_week
from nuanliu.orchestration.timetables import ReportingWeekTimetable, Slot


@dag(
    dag_display_name="发布周报",
    schedule=ReportingWeekTimetable([Slot("", days=7, hour=18)], missed_weeks=8),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=FIRST,
    params={"week": WEEK_PARAM, "approval": Param(None, type=["null", "boolean"], title="发送前需审批")},
    tags=["layer:publish", "impact:high"],
    doc_md=__doc__,
)
def publish_weekly_summary() -> None:
    @task(multiple_outputs=False)
    def make_edition(dag_run: Any, params: Any) -> dict[str, Any]:
        from nuanliu.operations.weeks.publishing import publish_week

        with pipeline() as ctx:
            return publish_week(ctx, run_week(dag_run.partition_key, params), send=False)

    @task
    def renew_editions(edition: dict[str, Any]) -> list[dict[str, Any]]:
        from nuanliu.operations.weeks.publishing import renew_editions as renew

        with pipeline() as ctx:
            return renew(ctx, edition["week"])

    @task.branch
    def choose_way(edition: dict[str, Any], params: Any) -> str:
        return next_task(edition, asks=params["approval"])

    @task
    def tell_engineers(edition: dict[str, Any]) -> int:
        from nuanliu.operations.mailing.alerts import tell_gate_closed

        with pipeline() as ctx:
            return tell_gate_closed(ctx, edition)

    @task(multiple_outputs=False, trigger_rule="none_failed_min_one_success")
    def mail_edition(edition: dict[str, Any]) -> dict[str, Any]:
        from nuanliu.operations.weeks.publishing import mail_edition as mail

        with pipeline() as ctx:
            return mail(ctx, edition["week"], edition["edition"])

    edition = make_edition()
    way, _ = choose_way(edition), renew_editions(edition)
    subject = "发送 {{ ti.xcom_pull('make_edition')['week'] }} 周报第 {{ ti.xcom_pull('make_edition')['edition'] }} 版?"
    three_days = timedelta(days=3)  # without execution_timeout the person had 30 minutes, as a task has
    approval = ApprovalOperator(
        task_id="approve_edition", subject=subject, execution_timeout=None, response_timeout=three_days
    )
    way >> [tell_engineers(edition), approval]
    [way, approval] >> mail_edition(edition)


publish_weekly_summary()
