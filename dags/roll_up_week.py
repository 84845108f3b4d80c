"""### 汇总周数据

Rebuilds the figures of one week from its facts. Starts by itself for each week that reports touched, and is skipped when an
earlier run has taken it along; the partition names the week. Started by hand it always rebuilds: give the week as partition
key or as parameter.

Owner: 数据组. If it fails: docs/runbook.md#roll_up_week
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import PartitionedAssetTimetable, dag, task

from nuanliu.orchestration.assets import UNION_WEEK, WEEK_FIGURES
from nuanliu.orchestration.defaults import DEFAULT_ARGS, START, WEEK_PARAM
from nuanliu.orchestration.outcomes import pipeline
from nuanliu.orchestration.partitions import WeekOfUnionWeek, run_week


@dag(
    dag_display_name="汇总周数据",
    schedule=PartitionedAssetTimetable(assets=UNION_WEEK, default_partition_mapper=WeekOfUnionWeek()),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params={"week": WEEK_PARAM},
    tags=["layer:mart", "impact:high"],
    doc_md=__doc__,
)
def roll_up_week() -> None:
    @task(do_xcom_push=False, outlets=[WEEK_FIGURES])
    def rebuild_week(dag_run: Any, params: Any, outlet_events: Any) -> None:
        from nuanliu.orchestration.roll_up import rebuild

        with pipeline() as ctx:
            week = run_week(dag_run.partition_key, params)
            rebuild(ctx, week, is_asked_for=dag_run.run_type == "manual")
        outlet_events[WEEK_FIGURES].add_partitions(week)

    rebuild_week()


roll_up_week()
