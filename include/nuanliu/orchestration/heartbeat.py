"""Does the watcher of the bucket still live? It writes a heartbeat into the state of the intake asset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from nuanliu.orchestration.triggers import HEARTBEAT
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk.execution_time.context import AssetStateStoreAccessor

    from nuanliu.operations.context import Context

LIMIT = timedelta(minutes=3)


def report_watcher(ctx: Context, store: AssetStateStoreAccessor) -> list[str]:
    """Alert the engineers once a day when the watcher is silent or in trouble; returns what was said."""
    from nuanliu.operations.mailing.alerts import raise_alert

    # A heartbeat is about the real clock, never about the arrival time that may be pinned.
    now = datetime.now(UTC)
    problems = watcher_problems(store.get(HEARTBEAT), now)
    if problems:
        raise_alert(
            ctx,
            purpose=f"watch/watcher/{now.astimezone(SHANGHAI):%Y-%m-%d}",
            title="投递桶监视程序异常",
            lines=problems,
        )
    return problems


def watcher_problems(beat: Mapping[str, Any] | None, now: datetime) -> list[str]:
    """What a heartbeat (``at``, ``waiting``, ``error``) says is wrong; empty when all is well."""
    if not beat:
        return ["监视程序从未报过平安,请检查 triggerer 进程。"]
    silence = now - datetime.fromisoformat(beat["at"])
    if silence > LIMIT:
        return [f"监视程序已 {int(silence.total_seconds() // 60)} 分钟没有报平安,请检查 triggerer 进程。"]
    if beat["error"]:
        return [f"监视程序读取投递桶出错({beat['error']}),请看 triggerer 日志。"]
    return []
