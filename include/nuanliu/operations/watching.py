"""Is the pipeline itself well? Each problem becomes one alert, raised once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from nuanliu.operations.alerts import raise_alert
from nuanliu.operations.claiming import waiting_objects
from nuanliu.reporting_week import ReportingWeek
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from nuanliu.operations.context import Context

STALE_AFTER = timedelta(minutes=30)


def watch_pipeline(ctx: Context) -> dict[str, Any]:
    """Look for stale drops, stuck claims, unsent mail and a due week nobody reported; alert the engineers.

    Returns: ``alerts``: list of {name, title, lines}.
    """
    now = ctx.settings.clock()
    alerts = [
        alert for alert in (_stale_drops(ctx), _stuck_claims(ctx, now), _unsent_mail(ctx), _silence(ctx, now)) if alert
    ]
    for alert in alerts:
        raise_alert(
            ctx,
            purpose=f"watch/{alert['name']}/{now.astimezone(SHANGHAI):%Y-%m-%d}",
            title=alert["title"],
            lines=alert["lines"],
        )
    return {"schema": "nuanliu.watch/1", "alerts": alerts}


def _alert(name: str, title: str, lines: list[str]) -> dict[str, Any]:
    return {"name": name, "title": title, "lines": lines}


def _stale_drops(ctx: Context) -> dict[str, Any] | None:
    # The bucket's own times are real, so they are held against the real clock even when the arrival time is pinned.
    stale = [item for item in waiting_objects(ctx) if datetime.now(UTC) - item.arrived_at > STALE_AFTER]
    if not stale:
        return None
    return _alert(
        "stale_drops", f"{len(stale)} 个投递文件超过 30 分钟无人受理", ["请检查 ingest_submissions 是否在运行。"]
    )


def _stuck_claims(ctx: Context, now: datetime) -> dict[str, Any] | None:
    from nuanliu.warehouse.registry import open_claims

    with ctx.engine.connect() as connection:
        stuck = [claim for claim in open_claims(connection) if now - claim.received_at > STALE_AFTER]
    if not stuck:
        return None
    lines = [f"登记号 {claim.object_id},报送单位 {claim.union_id}" for claim in stuck]
    return _alert("stuck_claims", f"{len(stuck)} 个已受理文件超过 30 分钟没有回执", lines)


def _unsent_mail(ctx: Context) -> dict[str, Any] | None:
    from nuanliu.warehouse.outbox import count_by_state

    with ctx.engine.connect() as connection:
        counts = count_by_state(connection)
    lines = [
        f"{label} {counts[state]} 封"
        for state, label in (("pending", "待发"), ("uncertain", "是否送达不确定"), ("refused", "被拒收"))
        if counts.get(state)
    ]
    return _alert("unsent_mail", "发件箱中有未送达的邮件", lines) if lines else None


def _silence(ctx: Context, now: datetime) -> dict[str, Any] | None:
    """Nobody has reported a week whose due time has passed."""
    from nuanliu.warehouse.status import status_document

    week = ReportingWeek.last_closed_before(now)
    if now < week.due_at():
        return None
    with ctx.engine.connect() as connection:
        coverage = status_document(connection, week)["coverage"]
    if coverage["reported"] + coverage["confirmed_zero"] + len(coverage["held"]) + len(coverage["returned"]):
        return None
    return _alert(
        "silence", f"{week.label} 报送时限已过,没有收到任何单位的文件", ["请检查投递桶和 ingest_submissions。"]
    )
