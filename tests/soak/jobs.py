"""What runs inside a fork of the warm process: one job of the pipeline, as a task or a command would run it."""

from __future__ import annotations

import logging
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.soak.boundaries import Crash, arm, count_passes

from nuanliu.errors import NuanliuError, Transient
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

    from nuanliu.operations.context import Context

_PAUSE_SECONDS = 0.05
"""Between two looks of the reconciliation before a publication; here nobody else works meanwhile, so seconds are wasted."""


@dataclass(frozen=True)
class Job:
    """``env``: the NUANLIU_ settings of the process. ``bucket_options``: for S3. ``crash``: where it is to end."""

    name: str
    now: str
    week: str | None
    env: Mapping[str, str]
    bucket_options: Mapping[str, Any] | None = None
    crash: Crash | None = None
    counts_passes: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a job ended. ``error``: None, or what was raised; ``is_foreseen``: by an error that says it may pass."""

    document: Any = None
    error: str | None = None
    is_foreseen: bool = True
    seconds: float = 0.0
    passes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether the job ended well and nothing waits for another try."""
        waits = isinstance(self.document, dict) and self.document.get("failures")
        return self.error is None and not waits


def work(job: Job, answer: Connection) -> None:
    """Run a job and send its outcome; a process that is killed sends none."""
    logging.disable(logging.WARNING)
    passes: Counter[str] = Counter()
    if job.counts_passes:
        count_passes(passes)
    if job.crash is not None:
        arm(job.crash)
    started = time.monotonic()
    try:
        outcome = Outcome(document=_run(job))
    except NuanliuError as error:
        said = f"{type(error).__name__}: {error.message}"
        outcome = Outcome(error=said, is_foreseen=isinstance(error, Transient))
    except Exception:  # noqa: BLE001  # whatever else a fault brings to light is a finding of the harness
        outcome = Outcome(error=traceback.format_exc(), is_foreseen=False)
    answer.send(replace(outcome, seconds=time.monotonic() - started, passes=dict(passes)))


def _run(job: Job) -> Any:
    from nuanliu.operations.context import open_context
    from nuanliu.operations.weeks import reconciling

    reconciling._PAUSE_SECONDS = _PAUSE_SECONDS
    settings = Settings.from_env({**job.env, "NUANLIU_NOW": job.now})
    with open_context(settings, job.bucket_options) as ctx:
        return JOBS[job.name](ctx, job.week)


def _init(ctx: Context, _: str | None) -> Any:
    from nuanliu.operations.upkeep.initialising import initialise

    return initialise(ctx)


def _intake(ctx: Context, _: str | None) -> Any:
    from nuanliu.operations.take_all import take_all

    document = take_all(ctx)
    if unexpected := [each["message"] for each in document["failures"] if each.get("unexpected")]:
        raise AssertionError("; ".join(unexpected))
    return {"answered": len(document["receipts"]), "failures": document["failures"]}


def _roll_up(ctx: Context, week: str | None) -> Any:
    from nuanliu.operations.weeks.roll_up import roll_up_week

    return len(roll_up_week(ctx, str(week))["figures"])


def _publish(ctx: Context, week: str | None) -> Any:
    from nuanliu.operations.weeks.publishing import publish_week

    answer = publish_week(ctx, str(week), send=False)
    return {"failures": [answer["reason"]] if answer["held"] else [], "edition": answer["edition"]}


def _mail(ctx: Context, week: str | None) -> Any:
    """The last task of the publication: the mails of the edition that it made."""
    from nuanliu.domain.reporting_week import ReportingWeek
    from nuanliu.operations.weeks.publishing import mail_edition
    from nuanliu.warehouse.marts.editions import latest_edition

    with ctx.engine.connect() as connection:
        edition = latest_edition(connection, ReportingWeek.parse(str(week)))
    if edition is None:
        return {"failures": [f"{week} has no edition to mail"]}
    return _delivered(mail_edition(ctx, str(week), edition.number))


def _remind(ctx: Context, week: str | None) -> Any:
    from nuanliu.operations.weeks.reminding import remind_unions

    return _delivered(remind_unions(ctx, week)["mails"])


def _deliver(ctx: Context, _: str | None) -> Any:
    from nuanliu.operations.mailing.delivering import deliver_outbox

    return _delivered(deliver_outbox(ctx))


def _delivered(counts: Mapping[str, Any]) -> Any:
    waits = counts["retry"] or counts["busy"]
    return {**counts, "failures": [f"mails wait: {dict(counts)}"] if waits else []}


def _replay(ctx: Context, _: str | None) -> Any:
    from nuanliu.operations.recovery.replay_scope import ReplayScope
    from nuanliu.operations.recovery.replaying import replay

    document = replay(ctx, ReplayScope())
    return {"failures": document["missing"], "differences": document["differences"], "replayed": document["replayed"]}


def _reconcile(ctx: Context, _: str | None) -> Any:
    """What every publication does first: sweep, roll up what waits for it, look again."""
    from nuanliu.operations.weeks.reconciling import reconcile_at_rest

    return reconcile_at_rest(ctx)


def _records(ctx: Context, _: str | None) -> Any:
    from tests.soak.records import read_records

    return read_records(ctx)


JOBS = {
    "init": _init,
    "intake": _intake,
    "roll-up": _roll_up,
    "publish": _publish,
    "mail": _mail,
    "remind": _remind,
    "deliver": _deliver,
    "replay": _replay,
    "reconcile": _reconcile,
    "records": _records,
}
