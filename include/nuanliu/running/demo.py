"""The demo: a real week of a province through the real scheduler, from files in the bucket to a mail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from nuanliu.contract.code_lists import codes
from nuanliu.domain import schemas
from nuanliu.domain.documents import CampaignEntry, FigureEntry
from nuanliu.domain.exactness import Exactness, show_figure
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import NuanliuError, UsageError
from nuanliu.operations.context import open_context
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.reporting.labels import FILE_STATUS
from nuanliu.running.airflow_api import AirflowApi
from nuanliu.running.sample_past.playing import Past, play_past
from nuanliu.running.stack import Stack, running_stack
from nuanliu.settings import INCLUDE_DIR, Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.submissions.receipts_store import receipts_after
from nuanliu.warehouse.submissions.registry import last_object_id

Progress = Callable[[str], None]

WEEK = "2024-W49"
ARRIVAL = "2024-12-09T09:00+08:00"
YEAR = Past.ending(ReportingWeek.parse(WEEK).shift(-1), 60)
"""The sample weeks before it."""
SAMPLES = INCLUDE_DIR / "samples" / WEEK
_PATIENCE_SECONDS = 300.0
_NEXT = "接着可以: {home}make up,用打印出的账号登录,在 Airflow 中查看这些运行和看板。"
_RUNNING = {"queued", "running"}


class DemoFailed(NuanliuError):
    """The demo did not get where it should; the message says which step and where to look."""


@dataclass(frozen=True)
class ShownFigure:
    """A figure worth looking at, with the words a reader needs."""

    figure_id: str
    words: str


SHOWN = (
    ShownFigure("2024-W46/620000/all/people_served/event", "全省服务人数 第46周"),
    ShownFigure("2024-W48/620000/all/people_served/event", "全省服务人数 第48周"),
    ShownFigure("2024-W49/620000/all/people_served/event", "全省服务人数 第49周"),
    ShownFigure("2024-W49/620000-own/all/goods_value/event", "省本级物资折价"),
    ShownFigure("2024-W49/620102/hardship_aid/funds_total/ytd", "城关区今年以来帮扶资金"),
    ShownFigure("2024-W48/622900/meals/meal_vouchers/event", "临夏州当次餐券(第48周)"),
    ShownFigure(
        "2024-W49/622900/meals/meal_vouchers/cumulative_since/since=2024-11-07/inclusive", "临夏州入冬以来餐券(含下级)"
    ),
    ShownFigure("2024-W49/621122/all/people_served/event/place", "在陇西县举办的活动服务人数"),
    ShownFigure(
        "2024-W49/campaign/care-new-employment-health/people_served/event", "专项“关爱新业态·互助健康行”服务人数"
    ),
)


def run_demo(settings: Settings, progress: Progress, *, has_year: bool = False) -> dict[str, Any]:
    """Drop the sample files, let the watcher and the DAGs do their work, publish 2024-W49, show the figures.

    ``has_year``: after sixty sample weeks, in a home of its own, and beside sample reports of the other unions.
    Returns: ``ok`` and ``lines`` for the screen. Raises: DemoFailed, StackNotReady; UsageError for a year on a server.
    """
    if has_year:
        settings = year_home(settings)
        _play_year(settings, progress)
    progress(f"Playing {WEEK} with arrival {ARRIVAL} in {settings.var}")
    with running_stack(settings.home, {"NUANLIU_NOW": ARRIVAL}) as stack:
        inside = Settings.from_env(stack.env)
        last = _last_object(inside)
        began = datetime.now(UTC)
        objects = _drop_samples(inside, progress)
        receipts = _wait_for_receipts(inside, stack, len(objects), last, progress)
        _wait_until_idle(stack.api(), began, stack, progress)
        edition = _publish(stack, progress)
        documents = _figures(inside)
        lines = list(_lines(inside, stack, receipts, edition, documents))
        lines.append(_NEXT.format(home=f"NUANLIU_HOME={settings.home} " if has_year else ""))
    return {"schema": schemas.DEMO, "ok": True, "lines": lines, "edition": edition, "objects": objects}


def year_home(settings: Settings) -> Settings:
    """Sample weeks get a home of their own: they may stand among no other figures."""
    own_bucket = (settings.var / "bucket").as_uri()
    if settings.is_server or settings.bucket_url != own_bucket:
        raise UsageError("--year plays in a home of its own; unset NUANLIU_BUCKET and NUANLIU_WAREHOUSE_DSN for it")
    home = settings.var / "year"
    return replace(settings, home=home, bucket_url=(home / "var" / "bucket").as_uri())


def _play_year(settings: Settings, progress: Progress) -> None:
    senders = {union_id for union_id, _ in sample_files()}
    with open_context(settings, as_owner=True) as ctx:
        initialise(ctx)
        play_past(ctx, YEAR, progress, open_week_without=senders)


def sample_files() -> Iterator[tuple[str, Path]]:
    """(union id, file) of every sample drop."""
    for folder in sorted(SAMPLES.iterdir()):
        for path in sorted(folder.iterdir()):
            yield folder.name, path


def _drop_samples(settings: Settings, progress: Progress) -> list[str]:
    bucket = open_bucket(settings.bucket_url, settings.bucket_key)
    keys = []
    for union_id, path in sample_files():
        keys += drop_files(bucket, [path], union_id=union_id)["objects"]
        progress(f"  dropped {keys[-1]}")
    return keys


def _last_object(settings: Settings) -> int:
    """The newest object that was taken before the demo began; an earlier demo's receipts are not this one's."""
    with open_context(settings) as ctx, ctx.engine.connect() as connection:
        return last_object_id(connection)


def _wait_for_receipts(
    settings: Settings, stack: Stack, number: int, last: int, progress: Progress
) -> list[dict[str, Any]]:
    """Until each drop has its receipt's files; the scheduler and the watcher do the work meanwhile."""
    started = time.monotonic()
    seen = -1
    with open_context(settings) as ctx:
        while True:
            with ctx.engine.connect() as connection:
                stored = receipts_after(connection, last)
            written = [item.receipt.as_json() for item in stored if item.written_at is not None]
            if len(written) != seen:
                seen = len(written)
                progress(f"  {seen} of {number} drops answered after {time.monotonic() - started:.0f} s")
            if seen == number:
                return written
            _patience(started, f"only {seen} of {number} drops were answered", stack)
            time.sleep(1)


def _wait_until_idle(api: AirflowApi, began: datetime, stack: Stack, progress: Progress) -> None:
    """Until the runs that the drops started are through, the rollups included."""
    started = time.monotonic()
    quiet_since: float | None = None
    while True:
        runs = runs_since(api, began)
        failed = [run for run in runs if run["state"] == "failed"]
        if failed:
            raise DemoFailed(f"{failed[0]['dag_id']} {failed[0]['dag_run_id']} failed; see {stack.log_dir}")
        if any(run["state"] in _RUNNING for run in runs):
            quiet_since = None
        elif quiet_since is None:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > 5:  # longer than the scheduler needs to turn an event into a run
            progress(f"  rollups done after {time.monotonic() - started:.0f} s: {_weeks(runs)}")
            return
        _patience(started, "the runs after the intake did not end", stack)
        time.sleep(1)


def _publish(stack: Stack, progress: Progress) -> dict[str, Any]:
    """Start the publication for the partition and wait for it."""
    api = stack.api()
    run = api.post("/dags/publish_weekly_summary/dagRuns", {"logical_date": None, "partition_key": WEEK})
    started = time.monotonic()
    path = f"/dags/publish_weekly_summary/dagRuns/{run['dag_run_id']}"
    while (state := api.get(path)["state"]) in _RUNNING:
        _patience(started, "the publication did not end", stack)
        time.sleep(1)
    if state != "success":
        raise DemoFailed(f"publish_weekly_summary ended as {state}; see {stack.log_dir}")
    progress(f"  published after {time.monotonic() - started:.0f} s")
    entry = api.get(f"{path}/taskInstances/make_edition/xcomEntries/return_value", deserialize="true")
    edition: dict[str, Any] = entry["value"]
    if edition["held"]:
        raise DemoFailed(f"{WEEK} was not published: {edition['reason']}")
    return edition


def runs_since(api: AirflowApi, began: datetime) -> list[dict[str, Any]]:
    """The runs of the DAGs that drops start, from a moment on; those of an earlier demo are not this one's."""
    names = ("ingest_submissions", "roll_up_week")
    runs = (run for name in names for run in api.get(f"/dags/{name}/dagRuns", limit=100, order_by="-id")["dag_runs"])
    return [run for run in runs if not (queued := run["queued_at"]) or datetime.fromisoformat(queued) >= began]


def _weeks(runs: list[dict[str, Any]]) -> str:
    weeks = sorted({run.get("partition_key") or "" for run in runs if run["dag_id"] == "roll_up_week"} - {""})
    return ", ".join(weeks) or "nothing had changed"


def _patience(started: float, problem: str, stack: Stack) -> None:
    if time.monotonic() - started > _PATIENCE_SECONDS:
        raise DemoFailed(f"{problem} within {_PATIENCE_SECONDS:.0f} s; see {stack.log_dir}")


def _figures(settings: Settings) -> dict[str, FigureEntry | CampaignEntry]:
    """Every figure of the three weeks and the campaigns as of the demo's week, by id."""
    found: dict[str, FigureEntry | CampaignEntry] = {}
    with open_context(settings) as ctx:
        for week in ("2024-W46", "2024-W48", WEEK):
            document = roll_up_week(ctx, week)
            found |= {figure["figure_id"]: figure for figure in document["figures"]}
            found |= {campaign["figure_id"]: campaign for campaign in document["campaigns"]}
    return found


def _lines(
    settings: Settings, stack: Stack, receipts: list[dict[str, Any]], edition: dict[str, Any], figures: dict[str, Any]
) -> Iterator[str]:
    yield ""
    yield "回执"
    for receipt in receipts:
        rows = receipt["rows"]
        yield (
            f"  {receipt['receipt_no']}  {receipt['union_name']}  {FILE_STATUS[receipt['status']]}"
            f"  收 {rows['received']} = 接收 {rows['accepted']} + 退回 {rows['returned']} + 待说明 {rows['held']}"
            f" + 不计 {rows['ignored']}"
        )
    yield ""
    yield "数字(每个都可用 nuanliu trace 图号 查到单元格)"
    for shown in SHOWN:
        figure = figures.get(shown.figure_id)
        if figure is None:
            raise DemoFailed(f"the figure {shown.figure_id} is missing from the rollup")
        unit = codes().measures[figure["measure"]].unit
        value = show_figure(Decimal(figure["value"]), Exactness(figure["exactness"]))
        yield f"  {shown.words}: {value} {unit}    {shown.figure_id}"
    yield ""
    yield f"周报 {WEEK} 第 {edition['edition']} 版:{edition['reason']}"
    bucket = settings.bucket_url.removeprefix("file://")
    yield from (f"  {bucket}/{key}" for key in edition["files"])
    yield f"回执文件  {bucket}/receipts/"
    mails = sorted(stack.mail_dir.glob("*.eml"))
    yield f"邮件      {stack.mail_dir}/ ({len(mails)} 封)"
