"""### 发布周报

Monday 18:00, or the first working day after it: the coverage gate, a new edition of the week that closed, and its mails.
Started by hand: give the week as partition key or parameter; `approval` makes a person look before mails leave.

Owner: 数据组. If it fails: docs/runbook.md#publish_weekly_summary
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, task

from nuanliu.orchestration.defaults import DEFAULT_ARGS, START, WEEK_PARAM
from nuanliu.orchestration.outcomes import pipeline
from nuanliu.orchestration.partitions import run_week
from nuanliu.orchestration.timetables import ReportingWeekTimetable, Slot


@dag(
    dag_display_name="发布周报",
    schedule=ReportingWeekTimetable([Slot("", days=7, hour=18)]),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
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

    @task.branch
    def choose_way(edition: dict[str, Any], params: Any) -> str:
        from nuanliu.operations.weeks.publishing import publication_gate

        if edition["held"]:
            return "tell_engineers"
        asks = params["approval"]
        return "approve_edition" if (publication_gate().require_approval if asks is None else asks) else "mail_edition"

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
    way = choose_way(edition)
    week, number = "{{ ti.xcom_pull('make_edition')['week'] }}", "{{ ti.xcom_pull('make_edition')['edition'] }}"
    approval = ApprovalOperator(
        task_id="approve_edition",
        subject=f"发送 {week} 周报第 {number} 版?",
        # Without this the operator would turn the default time limit of a task into 30 minutes for the person.
        execution_timeout=None,
        response_timeout=timedelta(days=3),
    )
    way >> [tell_engineers(edition), approval]
    [way, approval] >> mail_edition(edition)


publish_weekly_summary()
