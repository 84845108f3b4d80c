"""What a Celery worker imports before it forks: so its children have what LocalExecutor's have (decision 0008).

Celery's ``imports`` setting names this module; no worker loads Airflow's plugins before its tasks do, which would be too late.
"""

from __future__ import annotations

from nuanliu.orchestration.preload import preload_for_forks

preload_for_forks()
