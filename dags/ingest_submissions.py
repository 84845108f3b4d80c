"""### 受理报送文件

Takes every complete drop under `intake/`: claim (registry row first), check and load one file per task (many at once: small
ones by five), one grouped alert. Started by the watcher of the bucket. The end of the run tells `roll_up_week` which weeks
its files touched, each once.

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
    def claim_drops(triggering_asset_events: Any = None) -> list[dict[str, Any]]:
        from nuanliu.orchestration.drops import claim_batches

        events = triggering_asset_events[INTAKE] if triggering_asset_events else ()
        with pipeline() as ctx:
            return claim_batches(ctx, events)

    @task(do_xcom_push=False, map_index_template="{{ batch_label }}", queue=DROPS_QUEUE)
    def ingest_drop(batch: dict[str, Any]) -> None:
        from nuanliu.operations.drops.answer_batch import answer_batch
        from nuanliu.orchestration.drops import show_label

        show_label(get_current_context(), batch)
        with pipeline() as ctx:
            answer_batch(ctx, [drop["object_id"] for drop in batch["drops"]])

    @task(do_xcom_push=False, outlets=[UNION_WEEK])
    def raise_alerts(batches: list[dict[str, Any]], outlet_events: Any, run_id: str) -> None:
        from nuanliu.operations.mailing.alerts import raise_alert
        from nuanliu.orchestration.drops import read_outcome, require_weeks

        with pipeline() as ctx:
            lines, weeks = read_outcome(ctx, batches or [])
            if lines:
                title = f"{len(lines)} 个报送文件需要关注"
                raise_alert(ctx, purpose=f"ingest/{run_id}", title=title, lines=lines)
        outlet_events[UNION_WEEK].add_partitions(require_weeks(weeks))

    batches = claim_drops()
    # A teardown runs whatever became of the files, and its success does not paint a run green that left one unanswered.
    ingest_drop.expand(batch=batches) >> raise_alerts(batches).as_teardown()


ingest_submissions()
