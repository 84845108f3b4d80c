"""### 催报

Friday 09:00 for the week that is ending, Monday 09:00 as last call before its due time; both moved by the workday
calendar. Mails the unions that are missing, returned or held, with their own open findings.

Owner: 数据组. If it fails: docs/runbook.md#remind_unions
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from nuanliu.orchestration.defaults import FIRST, START, WEEK_PARAM
from nuanliu.orchestration.outcomes import pipeline
from nuanliu.orchestration.partitions import run_week
from nuanliu.orchestration.timetables import ReportingWeekTimetable, Slot

SLOTS = [Slot("friday", days=4, hour=9, moves_back=True), Slot("last-call", days=7, hour=9)]


@dag(
    dag_display_name="催报",
    schedule=ReportingWeekTimetable(SLOTS),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=FIRST,
    params={"week": WEEK_PARAM},
    tags=["layer:publish", "impact:medium"],
    doc_md=__doc__,
)
def remind_unions() -> None:
    @task(multiple_outputs=False)
    def send_reminders(dag_run: Any, params: Any) -> dict[str, Any]:
        from nuanliu.operations.weeks.reminding import remind_unions as remind

        with pipeline() as ctx:
            return remind(ctx, run_week(dag_run.partition_key, params))

    send_reminders()


remind_unions()
