"""Import what every task needs once, in the process that tasks are forked from.

Great Expectations costs seconds and hundreds of megabytes in a fresh process. LocalExecutor forks its workers from the
scheduler and each task from its worker, so one import there is inherited by all (decision 0008).
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from nuanliu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

_FORKING_PARENTS = {("scheduler",), ("celery", "worker")}
"""``airflow scheduler`` (LocalExecutor) and ``airflow celery worker`` (prefork pool)."""


def preload_for_forks(argv: Sequence[str] | None = None) -> bool:
    """Warm up if this process forks tasks; returns whether it does.

    An error is logged and left: the task that needs what is missing will fail and say so, the scheduler must live.
    """
    if not forks_tasks(sys.argv if argv is None else argv):
        return False
    # Its telemetry would start a thread in the scheduler, and threads do not survive a fork.
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    started = time.monotonic()
    try:
        from nuanliu.operations.upkeep.warming import warm_up

        warm_up(Settings.from_env().clock())
    except Exception:
        log.exception("Could not preload what tasks need; they will import it themselves")
    if (seconds := time.monotonic() - started) > 1:  # a forked task loads its plugins again and has it all
        log.info("Preloaded what tasks need in %.1f s", seconds)
    return True


def forks_tasks(argv: Sequence[str]) -> bool:
    """Whether a command line is that of a process whose children run tasks."""
    words = [word for word in argv[1:] if not word.startswith("-")]
    return (
        bool(argv)
        and Path(argv[0]).name in {"airflow", "__main__.py"}
        and any(tuple(words[: len(parent)]) == parent for parent in _FORKING_PARENTS)
    )
