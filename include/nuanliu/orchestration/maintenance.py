"""What the nightly upkeep asks of Airflow itself: what is not set is skipped with a sentence, its own notes and logs are cleaned."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.sdk.definitions.callback import SyncCallback  # airflow.sdk hands these on unseen by type checkers
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from nuanliu.errors import Transient
from nuanliu.orchestration.notifications import MISSED_DEADLINE
from nuanliu.settings import SHANGHAI, Settings, database_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nuanliu.operations.context import Context

log = logging.getLogger(__name__)
METADATA = "NUANLIU_METADATA_DSN"
"""The address of Airflow's own database, for this one task: tasks are denied the one that Airflow's processes have."""
SUNDAY = 6
LONG = timedelta(hours=2)
"""For a task that reads or writes everything there is."""
DEADLINE = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=timedelta(hours=6),
    callback=SyncCallback(MISSED_DEADLINE, kwargs={"dag_id": "maintain_installation"}),
)
_CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
_OF_A_TASK = ("_AIRFLOW_PROCESS_CONTEXT", "AIRFLOW__CORE__SQL_ALCHEMY_CONN")
"""By these a process is known as a task's, which may not ask the database."""


class MetadataNotCleaned(Transient):
    """``airflow db clean`` ended with an error; the task's log has its words."""


def require_second_place(ctx: Context) -> None:
    """Raises: AirflowSkipException where no second place for backups is set."""
    if ctx.settings.backups is None:
        _skip("没有设置 NUANLIU_BACKUPS(存放备份的第二处),今晚不做备份。")


def require_drill_day(run_after: datetime, *, asked: bool) -> None:
    """A drill is on Sunday, in the time of Shanghai, or whenever somebody asks. Raises: AirflowSkipException."""
    if not asked and run_after.astimezone(SHANGHAI).weekday() != SUNDAY:
        _skip("恢复演练每周日做一次;要今天做,请手工启动并勾选 drill。")


def clean_old_runs() -> str:
    """Delete what Airflow notes of runs older than the setting says; returns the instant before which all is gone.

    Raises: AirflowSkipException where the database's address is not set, MetadataNotCleaned.
    """
    address = database_setting(os.environ, METADATA)
    if not address:
        _skip(f"没有设置 {METADATA}(Airflow 自己的数据库地址),不清理旧的运行记录。")
    before = datetime.now(UTC) - timedelta(days=Settings.from_env().keeping.metadata_days)
    done = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "airflow", "db", "clean", "--yes", "--skip-archive"),
            *("--clean-before-timestamp", before.isoformat(timespec="seconds")),
        ],
        env=database_environment(os.environ, address),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    said = (done.stdout + done.stderr).replace(address, METADATA)
    log.info("airflow db clean:\n%s", said)
    if done.returncode != 0:
        raise MetadataNotCleaned(f"airflow db clean 没有完成(退出码 {done.returncode}),原因见任务日志")
    return before.isoformat(timespec="seconds")


def database_environment(environment: Mapping[str, str], address: str) -> dict[str, str]:
    """The environment of an ``airflow`` command that may use Airflow's database, started from a task that may not."""
    place = address.partition("://")[2]
    return {
        **{name: value for name, value in environment.items() if name not in _OF_A_TASK},
        _CONNECTION: f"postgresql+psycopg://{place}",
        f"{_CONNECTION}_ASYNC": f"postgresql+asyncpg://{place}",
    }


def prune_task_logs() -> dict[str, Any]:
    """Delete logs of tasks and of the DAG processor that are older than the setting says."""
    from airflow.configuration import conf

    from nuanliu.operations.upkeep.task_logs import prune_logs

    before = datetime.now(UTC) - timedelta(days=Settings.from_env().keeping.logs_days)
    return prune_logs(Path(conf.get("logging", "base_log_folder")), before)


def _skip(sentence: str) -> NoReturn:
    from airflow.sdk.exceptions import AirflowSkipException

    raise AirflowSkipException(sentence)
