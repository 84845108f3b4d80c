"""### 巡检

Every 15 minutes: stale drops, stuck claims, the watcher's heartbeat, nothing received by the due time, unsent mail.
Each problem becomes one alert; then whatever waits in the outbox is sent.

Owner: 数据组. If it fails: docs/runbook.md#watch_pipeline
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from nuanliu.orchestration.assets import INTAKE
from nuanliu.orchestration.defaults import FIRST, START, TIMEZONE
from nuanliu.orchestration.outcomes import pipeline


@dag(
    dag_display_name="巡检",
    schedule=CronTriggerTimetable("*/15 * * * *", timezone=TIMEZONE),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=FIRST,
    tags=["layer:operations", "impact:medium"],
    doc_md=__doc__,
)
def watch_pipeline() -> None:
    @task(multiple_outputs=False)
    def look_for_trouble() -> dict[str, Any]:
        from nuanliu.operations.upkeep.watching import watch_pipeline as watch

        with pipeline() as ctx:
            return watch(ctx)

    @task(inlets=[INTAKE])
    def check_watcher(asset_state_store: Any) -> list[str]:
        from nuanliu.orchestration.heartbeat import report_watcher

        with pipeline() as ctx:
            return report_watcher(ctx, asset_state_store[INTAKE])

    @task(multiple_outputs=False, trigger_rule="all_done")
    def deliver_mails() -> dict[str, Any]:
        from nuanliu.operations.mailing.delivering import deliver_outbox

        with pipeline() as ctx:
            return deliver_outbox(ctx)

    [look_for_trouble(), check_watcher()] >> deliver_mails()


watch_pipeline()
