"""What all DAGs share. Values that a DAG must state itself (schedule, catchup, tags) are not here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param
from airflow.sdk.configuration import conf

from nuanliu.orchestration.notifications import report_failure

TIMEZONE = "Asia/Shanghai"
START = pendulum.datetime(2024, 12, 2, tz=TIMEZONE)

WEEK_PARAM = Param(
    None,
    type=["null", "string"],
    pattern="^[0-9]{4}-W[0-9]{2}$",
    title="周次",
    description="ISO 周,如 2024-W49;按分区启动时留空",
)

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "数据组",
    # 10 s, 20 s, 40 s …: a lock or a restarting server is over by then. Permanent errors never get here (outcomes.py).
    "retries": 3,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": report_failure,
    # A weight is its own: by default Airflow adds those of all that follows.
    "weight_rule": "absolute",
    "priority_weight": 10,
}

FIRST: dict[str, Any] = {**DEFAULT_ARGS, "priority_weight": 100}
"""For what people wait for: publication, reminders, watching."""
LAST: dict[str, Any] = {**DEFAULT_ARGS, "priority_weight": 1}
"""For what may come in hundreds: drops."""

DROPS_QUEUE = "drops"
"""The Celery queue of drops, so that some workers can leave them alone. LocalExecutor has no queues."""
_KEPT_FREE = 4
"""Slots that drops leave to everything else: a publication and a watch are two tasks at once each."""


def drop_slots() -> int:
    """How many drops are answered at once, of all tasks that a scheduler runs at once."""
    parallelism: int = conf.getint("core", "parallelism")
    return max(1, parallelism - _KEPT_FREE)
