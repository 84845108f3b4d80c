"""Take sample weeks in: the same functions as ``nuanliu intake`` and ``nuanliu publish``, in one process, the pipeline's clock set from
arrival to arrival. Airflow has no part in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import NuanliuError, UsageError
from nuanliu.operations.context import Context
from nuanliu.operations.drops.drop_path import drop_key
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.publishing import publish_week, renew_editions
from nuanliu.running.sample_past.forms import file_name, write_file
from nuanliu.running.sample_past.oracle import expected_figures
from nuanliu.running.sample_past.planning import PlannedFile, plan_past, published_at
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.marts.editions import latest_edition
from nuanliu.warehouse.submissions.registry import last_object_id

Progress = Callable[[str], None]
_MARK = "sample-weeks.json"


class SampleWeeksFailed(NuanliuError):
    """A sample week was not taken in as it must be; the message says which and why."""


@dataclass(frozen=True)
class Past:
    """A span of sample weeks."""

    first: ReportingWeek
    last: ReportingWeek
    seed: int = 1

    @classmethod
    def ending(cls, last: ReportingWeek, weeks: int, seed: int = 1) -> Past:
        """So many weeks up to one. Raises: UsageError."""
        if weeks < 1:
            raise UsageError(f"--weeks {weeks}: at least one")
        return cls(last.shift(1 - weeks), last, seed)

    @property
    def weeks(self) -> list[ReportingWeek]:
        """In their order."""
        return [self.first.shift(number) for number in range(self.first.weeks_until(self.last) + 1)]

    def files(self) -> list[PlannedFile]:
        """What arrives until the last of the weeks is published."""
        end = published_at(self.last)
        return [file for file in plan_past(self.first, self.last, self.seed) if file.arrives_at <= end]


def write_past(past: Past, folder: Path, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Write every file as ``<folder>/<arrival>/<union_id>/<name>``, and ``oracle.json``: what must come of them in the end.

    Raises: UsageError for a folder that holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new folder")
    files = past.files()
    for number, file in enumerate(files, start=1):
        place = folder / f"{file.arrives_at.astimezone(SHANGHAI):%Y-%m-%dT%H%M}" / file.union_id
        place.mkdir(parents=True, exist_ok=True)
        (place / file_name(file)).write_bytes(write_file(file))
        if number % 200 == 0:
            progress(f"  {number} of {len(files)} files")
    end = published_at(past.last)
    oracle = {str(week): expected_figures(files, week, end) for week in past.weeks}
    (folder / "oracle.json").write_text(json.dumps(oracle, ensure_ascii=False, indent=1), "utf-8")
    return _document(past, len(files), folder=str(folder))


def play_past(
    ctx: Context,
    past: Past,
    progress: Progress = lambda _: None,
    *,
    open_week_without: Collection[str] | None = None,
) -> dict[str, Any]:
    """Take the files of a span in as they arrive, publish each week on its evening and those before it that changed.

    What an earlier call has published is left alone, so that a call that ended early can be repeated.
    ``open_week_without``: the week after the span comes too, unpublished, without the reports of these unions.
    Raises: UsageError for a warehouse that holds other drops; SampleWeeksFailed.
    """
    _claim_home(ctx, past)
    progress(
        f"  样例周 {past.first} 至 {past.last}:用 nuanliu intake 和 publish 的同一段程序,在一个进程里逐周受理、发布,"
        "时钟拨到各文件的到达时间;不经过 Airflow,不发邮件"
    )
    files, statuses, editions = past.files(), Counter[str](), 0
    since = datetime.min.replace(tzinfo=SHANGHAI)
    for week in past.weeks:
        evening = published_at(week)
        come = [file for file in files if since < file.arrives_at <= evening]
        since = evening
        if _is_published(ctx, week):
            continue
        answered = _take(ctx, come)
        published = _publish(_at(ctx, evening), week)
        statuses += answered
        editions += published
        progress(f"  {week}: {sum(answered.values())} 个文件,发布 {published} 版")
    if open_week_without is not None:
        after = past.last.shift(1)
        come = [
            file
            for file in Past(past.first, after, past.seed).files()
            if file.arrives_at > since and (file.week != after or file.union_id not in open_week_without)
        ]
        if not _is_published(ctx, after):
            statuses += _take(ctx, come)
            progress(f"  {after}: {len(come)} 个文件,留待发布")
    return _document(past, sum(statuses.values()), editions=editions, receipts=dict(sorted(statuses.items())))


def _take(ctx: Context, come: Iterable[PlannedFile]) -> Counter[str]:
    """Drop and answer files, those of one moment together. Returns: how many got which answer."""
    statuses = Counter[str]()
    for arrival, those in groupby(come, key=lambda file: file.arrives_at):
        then = _at(ctx, arrival)
        for file in those:
            # What waits under its name already was dropped by a call that ended early.
            ctx.bucket.create(drop_key(file.union_id, file_name(file), week=None, is_trial=False), write_file(file))
        answer = take_all(then)
        if answer["failures"]:
            raise SampleWeeksFailed(answer["failures"][0]["message"])
        statuses.update(receipt["status"] for receipt in answer["receipts"])
    return statuses


def _publish(ctx: Context, week: ReportingWeek) -> int:
    """How many editions came of it."""
    edition = publish_week(ctx, str(week), send=False)
    if edition["held"]:
        raise SampleWeeksFailed(f"{week} was not published: {edition['reason']}")
    return 1 + sum(renewed["published"] for renewed in renew_editions(ctx, str(week)))


def _at(ctx: Context, instant: datetime) -> Context:
    return replace(ctx, settings=replace(ctx.settings.at(instant), settle_seconds=0))


def _is_published(ctx: Context, week: ReportingWeek) -> bool:
    with ctx.engine.connect() as connection:
        return latest_edition(connection, week) is not None


def _claim_home(ctx: Context, past: Past) -> None:
    """Sample weeks may meet nothing but themselves: no figure of theirs may ever stand among real ones."""
    mark = ctx.settings.var / _MARK
    wanted = {"first": str(past.first), "last": str(past.last), "seed": past.seed}
    with ctx.engine.connect() as connection:
        is_used = last_object_id(connection) > 0
    if is_used and (not mark.is_file() or json.loads(mark.read_text("utf-8")) != wanted):
        raise UsageError(
            f"{ctx.settings.home} holds drops already, and sample weeks must not stand among them; "
            "give another home, e.g. NUANLIU_HOME=/tmp/nuanliu-sample"
        )
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(json.dumps(wanted), "utf-8")


def _document(past: Past, files: int, **more: Any) -> dict[str, Any]:
    return {
        "schema": schemas.SAMPLE_WEEKS,
        "first_week": str(past.first),
        "last_week": str(past.last),
        "seed": past.seed,
        "files": files,
        **more,
    }
