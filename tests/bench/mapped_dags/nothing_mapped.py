"""As many mapped tasks as files, each doing nothing: what Airflow itself takes for them."""

from __future__ import annotations

from airflow.sdk import dag, get_current_context, task


@dag(schedule=None, max_active_tasks=32)
def nothing_mapped() -> None:
    @task
    def list_numbers() -> list[int]:
        return list(range(int(get_current_context()["dag_run"].conf["number"])))

    @task
    def do_nothing(number: int) -> int:
        return number

    do_nothing.expand(number=list_numbers())


nothing_mapped()
