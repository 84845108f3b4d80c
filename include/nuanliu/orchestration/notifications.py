"""Tell the engineers when a run went wrong: one alert through the outbox, with where to look and nothing private.

These functions are named by DAGs and run in task, triggerer or executor processes, so they must be importable from the
package; a callback that lives in a DAG bundle is not found there.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from nuanliu.errors import NuanliuError
from nuanliu.orchestration.connections import open_pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger(__name__)

RUNBOOK = "docs/runbook.md"
MISSED_DEADLINE = f"{__name__}.report_missed_deadline"


def report_failure(context: Mapping[str, Any]) -> None:
    """``on_failure_callback`` of every task: one alert for a task that failed for good.

    Mapped tasks that fail at the same try share one alert: a hundred files must not become a hundred mails.
    """
    ti = context["ti"]
    is_mapped = ti.map_index is not None and ti.map_index >= 0
    place = f"{ti.dag_id}.{ti.task_id}" + (f"[{ti.map_index}]" if is_mapped else "")
    send_alert(
        purpose=f"failure/{ti.dag_id}/{ti.run_id}/{ti.task_id}/{ti.try_number}",
        title=f"任务失败:{place}",
        lines=[
            f"运行:{ti.run_id}",
            f"原因:{describe_error(context.get('exception'))}",
            f"日志:{getattr(ti, 'log_url', '') or '见 Airflow 界面'}",
            f"处理办法:{RUNBOOK}#{ti.dag_id}",
        ],
    )


def report_missed_deadline(context: Mapping[str, Any], dag_id: str) -> None:
    """Callback of a DeadlineAlert: a run has not ended in time."""
    run_id = (context.get("dag_run") or {}).get("dag_run_id", "")
    send_alert(
        purpose=f"deadline/{dag_id}/{run_id}",
        title=f"未按时完成:{dag_id}",
        lines=[f"运行:{run_id}", f"处理办法:{RUNBOOK}#{dag_id}"],
    )


def send_alert(*, purpose: str, title: str, lines: Sequence[str]) -> None:
    """Put an alert into the outbox; when even that fails, the log is all that is left."""
    from nuanliu.operations.mailing.alerts import raise_alert

    try:
        with open_pipeline() as ctx:
            raise_alert(ctx, purpose=purpose, title=title, lines=lines)
    except Exception:
        log.exception("The alert %r could not be put into the outbox: %s", title, "; ".join(lines))


def describe_error(error: BaseException | str | None) -> str:
    """An error in one line. Texts of foreign errors may quote cell values, so only our own are repeated."""
    cause = error.__cause__ if isinstance(error, BaseException) and error.__cause__ is not None else error
    if isinstance(cause, NuanliuError):
        return cause.message
    return type(cause).__name__ if isinstance(cause, BaseException) else "见日志"
