"""Start jobs in forks of one warm process, so that a killed one costs no imports."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.soak.jobs import Outcome, work

if TYPE_CHECKING:
    from tests.soak.jobs import Job

PATIENCE_SECONDS = 300.0
_PROJECT = Path(__file__).resolve().parents[2]


class JobHangs(Exception):
    """A job did not end; whatever was done to it, that must not happen."""


class Fork:
    """One job at work."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._answer, theirs = multiprocessing.Pipe(duplex=False)
        self._process = _context().Process(target=work, args=(job, theirs))
        self._process.start()
        theirs.close()

    def wait(self, seconds: float = PATIENCE_SECONDS) -> Outcome | None:
        """Until the job has ended; None when it was killed. Raises: JobHangs."""
        outcome = None
        try:
            if not self._answer.poll(seconds):
                self.kill()
                raise JobHangs(f"{self.job.name} {self.job.week or ''} did not end in {seconds:.0f} s")
            outcome = self._answer.recv()
        except EOFError:
            pass  # it died without a word
        finally:
            self._answer.close()
        self._process.join()
        return outcome

    def runs_after(self, seconds: float) -> bool:
        """Whether the job is still at work when that time is over."""
        return not self._answer.poll(seconds)

    def kill(self) -> None:
        """``kill -9``."""
        self._process.kill()


def run(job: Job) -> Outcome | None:
    """Run a job to its end; None when it was killed."""
    return Fork(job).wait()


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.soak.warm"])
    # The warm process finds modules by its environment alone.
    for folder in (str(_PROJECT), str(_PROJECT / "include")):
        if folder not in sys.path:
            sys.path.append(folder)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_PROJECT / "include"), str(_PROJECT)])
    return context
