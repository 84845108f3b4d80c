"""### 维护

Daily 01:00: a backup into the second place, read anew; old ones are pruned; on Sundays, or with parameter `drill`, it comes
back in an empty place and reconciles. Then what was kept long enough goes, Airflow's notes of old runs and task logs too.
What is not set is skipped with a sentence. A run that has not ended after six hours alerts the engineers.

Owner: 数据组. If it fails: docs/runbook.md#maintain_installation
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from nuanliu.orchestration import maintenance
from nuanliu.orchestration.defaults import DEFAULT_ARGS, START, TIMEZONE
from nuanliu.orchestration.outcomes import fail_at_once, pipeline


@dag(
    dag_display_name="维护",
    schedule=CronTriggerTimetable("0 1 * * *", timezone=TIMEZONE),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    deadline=maintenance.DEADLINE,
    params={"drill": Param(False, type="boolean", title="今天就做恢复演练")},
    tags=["layer:operations", "impact:medium"],
    doc_md=__doc__,
)
def maintain_installation() -> None:
    @task(execution_timeout=maintenance.LONG)
    def back_up() -> str:
        from nuanliu.operations.recovery.backing_up import back_up_to_second_place

        with pipeline() as ctx:
            maintenance.require_second_place(ctx)
            return back_up_to_second_place(ctx)

    @task(multiple_outputs=False, execution_timeout=maintenance.LONG)
    def verify_backup(folder: str) -> dict[str, Any]:
        from nuanliu.operations.recovery.verifying import require_verified

        with fail_at_once():
            return require_verified(folder)

    @task
    def prune_backups() -> list[str]:
        from nuanliu.operations.recovery.second_place import prune_second_place

        with pipeline() as ctx:
            return prune_second_place(ctx.settings)

    @task(multiple_outputs=False, execution_timeout=maintenance.LONG)
    def drill_restore(folder: str, dag_run: Any, params: Any) -> dict[str, Any]:
        from nuanliu.operations.recovery.drilling import drill, require_restorable

        maintenance.require_drill_day(dag_run.run_after, asked=params["drill"])
        with pipeline() as ctx:
            return require_restorable(drill(ctx.settings, folder, print))

    @task(multiple_outputs=False, trigger_rule="none_failed")  # not in a night whose backup failed
    def delete_expired() -> dict[str, Any]:
        from nuanliu.operations.upkeep.retention import delete_expired as delete

        with pipeline() as ctx:
            return delete(ctx)

    folder, pruned = back_up(), prune_backups()
    verify_backup(folder) >> [pruned, drill_restore(folder)]
    pruned >> delete_expired()
    task(task_id="clean_metadata")(maintenance.clean_old_runs)()
    task(task_id="prune_logs", multiple_outputs=False)(maintenance.prune_task_logs)()


maintain_installation()
