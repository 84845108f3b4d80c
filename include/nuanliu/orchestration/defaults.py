"""What all DAGs share. Values that a DAG must state itself (schedule, catchup, tags) are not here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param

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
}
