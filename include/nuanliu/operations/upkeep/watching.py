"""Is the pipeline itself well? Each problem becomes one alert, raised once a day; a doubtful mail is told of once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from nuanliu.contract.due_time import report_due_at
from nuanliu.contract.workdays import describe_unknown_year, unknown_year_ahead
from nuanliu.domain import schemas
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.drops.claiming import waiting_objects
from nuanliu.operations.mailing.alerts import raise_alert
from nuanliu.operations.mailing.recipients import read_recipients
from nuanliu.operations.recovery.second_place import describe_no_backups
from nuanliu.operations.weeks.roll_up import WeekNotRolledUp, roll_up_waiting_week
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.mail.doubtful import count_ever_doubtful, doubtful_mails
from nuanliu.warehouse.mail.outbox import count_pending
from nuanliu.warehouse.marts.status import status_document
from nuanliu.warehouse.marts.weeks_pending import pending_weeks, weeks_pending_by_rules
from nuanliu.warehouse.submissions.registry import open_claims

STALE_AFTER = timedelta(minutes=30)
DOUBTFUL_SHOWN = 20
_DOUBTFUL = "unsettled_mail"
_STATE = {"uncertain": "是否送达不确定", "refused": "被拒收"}


@dataclass(frozen=True)
class Trouble:
    """What an alert says. ``occasion``: what it is told of once; empty: once a day."""

    name: str
    title: str
    lines: list[str]
    occasion: str = ""


def watch_pipeline(ctx: Context) -> dict[str, Any]:
    """Look for stale drops, stuck claims, mail that does not leave or arrive, a due week nobody reported, a year whose
    holidays nobody knows, lines of the recipients file that get nothing, and a server without backups. Weeks that wait for a
    roll-up are rolled up.

    The engineers are alerted. Returns: ``alerts``: list of {name, title, lines}.
    """
    now = ctx.settings.clock()
    looked_for = (
        _stale_drops(ctx),
        _stuck_claims(ctx, now),
        _unsent_mail(ctx, now),
        _doubtful_mail(ctx),
        _silence(ctx, now),
        _unknown_calendar(now),
        _bad_recipients(ctx),
        _no_backups(ctx),
        _weeks_left_waiting(ctx),
    )
    troubles = [trouble for trouble in looked_for if trouble is not None]
    for trouble in troubles:
        occasion = trouble.occasion or f"{now.astimezone(SHANGHAI):%Y-%m-%d}"
        raise_alert(ctx, purpose=f"watch/{trouble.name}/{occasion}", title=trouble.title, lines=trouble.lines)
    alerts = [{"name": trouble.name, "title": trouble.title, "lines": trouble.lines} for trouble in troubles]
    return {"schema": schemas.WATCH, "alerts": alerts}


def _stale_drops(ctx: Context) -> Trouble | None:
    # The bucket's own times are real, so they are held against the real clock even when the arrival time is pinned.
    stale = [item for item in waiting_objects(ctx) if datetime.now(UTC) - item.arrived_at > STALE_AFTER]
    if not stale:
        return None
    return Trouble(
        "stale_drops",
        f"{len(stale)} 个投递文件超过 30 分钟无人受理",
        ["请检查 ingest_submissions 是否在运行,以及这些文件能否读取。"],
    )


def _stuck_claims(ctx: Context, now: datetime) -> Trouble | None:
    with ctx.engine.connect() as connection:
        stuck = [claim for claim in open_claims(connection) if now - claim.taken_at > STALE_AFTER]
    if not stuck:
        return None
    lines = [f"登记号 {claim.object_id},报送单位 {claim.union_id}" for claim in stuck]
    return Trouble("stuck_claims", f"{len(stuck)} 个已受理文件超过 30 分钟没有回执", lines)


def _unsent_mail(ctx: Context, now: datetime) -> Trouble | None:
    """A fresh mail only waits for the delivery that follows; an old one has seen some fail."""
    count = count_pending(ctx.engine, created_before=now - STALE_AFTER)
    if not count:
        return None
    return Trouble("unsent_mail", f"{count} 封邮件超过 30 分钟没有发出", ["请检查邮件服务器和 NUANLIU_SMTP_URL。"])


def _doubtful_mail(ctx: Context) -> Trouble | None:
    """Mails that may have arrived or were refused: told of when one comes to it, then left to ``nuanliu mails``.

    Alerts of this kind do not count: an engineer's own dead address would make each of them the occasion of the next.
    """
    own = f"alert/watch/{_DOUBTFUL}/"
    with ctx.engine.connect() as connection:
        mails = [mail for mail in doubtful_mails(connection) if not mail.purpose.startswith(own)]
        count = count_ever_doubtful(connection, besides=own)
    if not mails:
        return None
    lines = [f"{mail.mail_key} 号({mail.purpose}):{_STATE[mail.state]}" for mail in reversed(mails)]
    if len(lines) > DOUBTFUL_SHOWN:
        lines[DOUBTFUL_SHOWN:] = [f"……另有 {len(lines) - DOUBTFUL_SHOWN} 封"]
    lines += ["", "请用 nuanliu mails list 查看,再用 nuanliu mails settle 决定重发或不再发送。"]
    return Trouble(_DOUBTFUL, f"{len(mails)} 封邮件未送达或不能确定是否送达", lines, occasion=str(count))


def _silence(ctx: Context, now: datetime) -> Trouble | None:
    """Nobody has reported a week whose due time has passed."""
    week = ReportingWeek.last_closed_before(now)
    if now < report_due_at(week):
        return None
    with ctx.engine.connect() as connection:
        coverage = status_document(connection, week)["coverage"]
    if coverage["reported"] + coverage["confirmed_zero"] + len(coverage["held"]) + len(coverage["returned"]):
        return None
    return Trouble(
        "silence", f"{week.label} 报送时限已过,没有收到任何单位的文件", ["请检查投递桶和 ingest_submissions。"]
    )


def _unknown_calendar(now: datetime) -> Trouble | None:
    """A year without known holidays is near or has begun: told of once a month until the data file knows it."""
    today = now.astimezone(SHANGHAI).date()
    year = unknown_year_ahead(today)
    if year is None:
        return None
    return Trouble(
        "unknown_calendar", f"{year} 年的放假安排还没有录入", [describe_unknown_year(year)], f"{year}/{today:%Y-%m}"
    )


def _weeks_left_waiting(ctx: Context) -> Trouble | None:
    """Roll up what waits: the run that tells of its weeks at its end is held up by one file, or did not come to its end."""
    with ctx.engine.connect() as connection:
        waiting = sorted(set(pending_weeks(connection)) - set(weeks_pending_by_rules(connection)))
    failed = []
    for week in waiting:
        try:
            roll_up_waiting_week(ctx, week)
        except WeekNotRolledUp as error:
            failed.append(f"{week}({error.problem})")
    if not failed:
        return None
    return Trouble("weeks_left_waiting", f"{len(failed)} 周的数据汇总不了", [*failed, "请查看这些周的事实数据。"])


def _no_backups(ctx: Context) -> Trouble | None:
    """A server whose data lie in one place only: told of once. One machine for oneself stays calm."""
    note = describe_no_backups(ctx.settings)
    return Trouble("no_backups", "没有设置备份", [note], occasion="not-set") if note else None


def _bad_recipients(ctx: Context) -> Trouble | None:
    """Lines of the recipients file that are refused; the others get their mail."""
    problems = read_recipients(ctx.settings.recipients).problems
    if not problems:
        return None
    lines = [f"第 {problem.line} 行:{problem.problem}{problem.fix}" for problem in problems]
    return Trouble(
        "bad_recipients",
        f"收件人文件有 {len(problems)} 处错误,这些行收不到邮件",
        [*lines, "", "改好后可用 nuanliu recipients check 核对。"],
    )
