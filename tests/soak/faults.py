"""What is done to a step: kills, lost servers, broken wires, two at once. Each strike runs the job and says if it struck."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.soak.boundaries import Crash
from tests.soak.forks import Fork
from tests.soak.rounds import Planned
from tests.soak.small_disk import filled

if TYPE_CHECKING:
    from tests.soak.rounds import Round
    from tests.soak.scenario import Step

_DATA_COMES = b"data\r\n"
_MESSAGE_ENDS = b"\r\n.\r\n"


def crash_at(boundary: str, step: Step, nth: int) -> Planned:
    """``kill -9`` exactly at a boundary."""
    return Planned(f"kill -9 {step.job}, at a boundary", partial(_crash, Crash(boundary, nth)), boundary, step.job)


def kill_at_random(step: Step) -> Planned:
    """``kill -9`` at any moment."""
    return Planned(f"kill -9 {step.job}, at random", _kill)


def _crash(crash: Crash, now: Round, step: Step) -> bool:
    outcome = now.fork(step, crash).wait()
    now.note(outcome)
    return outcome is None


def _kill(now: Round, step: Step) -> bool:
    fork = now.fork(step)
    if fork.runs_after(now.moment(step)):
        fork.kill()
    outcome = fork.wait()
    now.note(outcome)
    now.learn(step, struck=outcome is None)
    return outcome is None


def _kill_postgres(now: Round, step: Step) -> bool:
    fork = now.fork(step)
    struck = fork.runs_after(now.moment(step))
    now.local.kill_postgres()
    now.note(fork.wait())
    now.learn(step, struck=struck)
    return struck


def _kill_backend(now: Round, step: Step) -> bool:
    fork = now.fork(step)
    struck = fork.runs_after(now.moment(step)) and now.local.kill_backend()
    now.note(fork.wait())
    now.learn(step, struck=struck)
    return struck


def _drop_store(now: Round, step: Step) -> bool:
    """The store is away when the job needs it, and back only when it has given up or got through."""
    fork = now.fork(step)
    struck = fork.runs_after(now.moment(step) * 2)
    now.local.s3_wire.down()
    now.note(fork.wait())
    now.local.s3_wire.up()
    return struck


def _reset_store(now: Round, step: Step) -> bool:
    """Connections to the store are reset in mid-transfer; it takes new ones at once."""
    fork = now.fork(step)
    struck = False
    while fork.runs_after(now.chance.uniform(0.05, 0.3)):
        now.local.s3_wire.reset()
        struck = True
    now.note(fork.wait())
    return struck


def _no_mail_server(now: Round, step: Step) -> bool:
    now.local.mail_wire.down()
    now.note(now.fork(step).wait())
    now.local.mail_wire.up()
    return True


def _break_mail(now: Round, step: Step, *, at: bytes, passes_it_on: bool) -> bool:
    wire = now.local.mail_wire
    before = wire.broken
    wire.break_once(lambda sent: sent.lower().endswith(at), passes_it_on=passes_it_on)
    now.note(now.fork(step).wait())
    wire.mend()
    return wire.broken > before


def _fill_bucket(now: Round, step: Step) -> bool:
    """The disk of the bucket is full to the last block or nearly; then somebody makes room."""
    with filled(now.local.bucket_folder, leave=now.chance.choice((0, 4096, 16384, 65536))):
        outcome = now.fork(step).wait()
        now.note(outcome)
    return outcome is not None and not outcome.is_done


def _fill_database(now: Round, step: Step) -> bool:
    """The disk of PostgreSQL is full; it may refuse a statement, or end when its log cannot grow."""
    with filled(now.local.server.folder, leave=now.chance.choice((0, 65536, 262144, 1048576))):
        outcome = now.fork(step).wait()
        now.note(outcome)
    return outcome is not None and not outcome.is_done


def _two_at_once(now: Round, step: Step) -> bool:
    forks = [now.fork(step), now.fork(step)]
    for fork in forks:
        now.note(fork.wait())
    return True


def _two_and_one_dies(now: Round, step: Step) -> bool:
    survivor, victim = now.fork(step), now.fork(step)
    struck = victim.runs_after(now.moment(step))
    if struck:
        victim.kill()
    for fork in (survivor, victim):
        now.note(fork.wait())
    return struck


def _backfill_beside(now: Round, step: Step, *, job: str) -> bool:
    """What an engineer starts by hand while the schedule runs."""
    beside = Fork(now.local.job(job, step.now, "2024-W48"))
    now.note(now.fork(step).wait())
    now.note(beside.wait())
    return True


POSTGRES = Planned("kill -9 PostgreSQL", _kill_postgres)
BACKEND = Planned("kill -9 a PostgreSQL session", _kill_backend)
STORE_AWAY = Planned("object store away", _drop_store)
STORE_RESETS = Planned("object store resets connections", _reset_store)
MAIL_AWAY = Planned("mail server away", _no_mail_server)
MAIL_BEFORE_DATA = Planned("mail server lost before DATA", partial(_break_mail, at=_DATA_COMES, passes_it_on=False))
MAIL_AFTER_DATA = Planned("mail server lost after DATA", partial(_break_mail, at=_MESSAGE_ENDS, passes_it_on=True))
BUCKET_FULL = Planned("disk of the bucket full", _fill_bucket)
DATABASE_FULL = Planned("disk of PostgreSQL full", _fill_database)
TWO_AT_ONCE = Planned("the same job twice at once", _two_at_once)
TWO_AND_ONE_DIES = Planned("twice at once, one killed", _two_and_one_dies)
ROLL_UP_BESIDE = Planned("roll-up of an old week beside the schedule", partial(_backfill_beside, job="roll-up"))
REPLAY_BESIDE = Planned("replay beside the schedule", partial(_backfill_beside, job="replay"))
