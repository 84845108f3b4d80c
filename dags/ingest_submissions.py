"""### 受理报送文件

Takes every complete drop under `intake/`: claim (registry row first), check and load one file per task, one grouped
alert. Started by the watcher of the bucket. Each file tells `roll_up_week` which weeks it touched.

Owner: 数据组. If it fails: docs/runbook.md#ingest_submissions
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, get_current_context, task

from nuanliu.orchestration.assets import INTAKE, UNION_WEEK
from nuanliu.orchestration.defaults import DROPS_QUEUE, LAST, START, drop_slots
from nuanliu.orchestration.outcomes import pipeline


@dag(
    dag_display_name="受理报送文件",
    schedule=[INTAKE],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    max_active_tasks=drop_slots(),
    default_args=LAST,
    tags=["layer:intake", "impact:high"],
    doc_md=__doc__,
)
def ingest_submissions() -> None:
    @task
    def claim_drops() -> list[dict[str, Any]]:
        from nuanliu.orchestration.drops import claim_batch

        with pipeline() as ctx:
            return claim_batch(ctx)

    @task(multiple_outputs=False, outlets=[UNION_WEEK], map_index_template="{{ drop_label }}", queue=DROPS_QUEUE)
    def ingest_drop(drop: dict[str, Any], outlet_events: Any) -> dict[str, Any]:
        from nuanliu.operations.drops.ingest_drop import ingest_drop as answer
        from nuanliu.orchestration.drops import outcome_reference, touched_partitions

        get_current_context()["drop_label"] = drop["label"]
        with pipeline() as ctx:
            outcome = answer(ctx, drop["object_id"])
            outlet_events[UNION_WEEK].add_partitions(touched_partitions(outcome))
            return outcome_reference(outcome)

    @task
    def raise_alerts(drops: list[dict[str, Any]], outcomes: Any, run_id: str) -> int:
        from nuanliu.operations.mailing.alerts import raise_alert
        from nuanliu.orchestration.drops import alert_lines

        lines = alert_lines(drops or [], list(outcomes or []))
        with pipeline() as ctx:
            title = f"{len(lines)} 个报送文件需要关注"
            return raise_alert(ctx, purpose=f"ingest/{run_id}", title=title, lines=lines) if lines else 0

    drops = claim_drops()
    # A teardown runs whatever became of the files, and its success does not paint a run green that left one unanswered.
    raise_alerts(drops, ingest_drop.expand(drop=drops)).as_teardown()


ingest_submissions()
