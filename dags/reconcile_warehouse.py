"""### 对账

Daily 02:30: bucket = registry = receipts, facts = accepted activities, figures = facts; of the weeks that were touched since
they were found clean, and of a share of the others, so that each has its turn within eight weeks. A difference fails the run
and alerts the engineers; so does a run that has not ended an hour after it was due. All weeks at once: `nuanliu reconcile`.

Owner: 数据组. If it fails: docs/runbook.md#reconcile_warehouse
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, DeadlineAlert, DeadlineReference, SyncCallback, dag, task

from nuanliu.orchestration.defaults import DEFAULT_ARGS, START, TIMEZONE
from nuanliu.orchestration.notifications import MISSED_DEADLINE
from nuanliu.orchestration.outcomes import pipeline


@dag(
    dag_display_name="对账",
    schedule=CronTriggerTimetable("30 2 * * *", timezone=TIMEZONE),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=1),
        callback=SyncCallback(MISSED_DEADLINE, kwargs={"dag_id": "reconcile_warehouse"}),
    ),
    tags=["layer:warehouse", "impact:medium"],
    doc_md=__doc__,
)
def reconcile_warehouse() -> None:
    @task(multiple_outputs=False)
    def reconcile() -> dict[str, Any]:
        from nuanliu.operations.weeks.reconciling import reconcile_due
        from nuanliu.orchestration.outcomes import require_clean

        with pipeline() as ctx:
            return require_clean(reconcile_due(ctx))

    reconcile()


reconcile_warehouse()
