"""What a Celery worker imports before it forks: so its children have what LocalExecutor's have (decision 0008).

Celery's ``imports`` setting names this module; no worker loads Airflow's plugins before its tasks do, which would be too late.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from celery.signals import heartbeat_sent

from nuanliu.orchestration.workers.preload import preload_for_forks

ALIVE = "nuanliu-worker-alive"
"""A file in the folder for temporary files; the compose file's health check looks how old it is."""


def show_life(**_: object) -> None:
    """Each heartbeat that the broker took makes the file young again: asking the worker would start a second Airflow."""
    Path(tempfile.gettempdir(), ALIVE).touch()


heartbeat_sent.connect(show_life)
preload_for_forks()
