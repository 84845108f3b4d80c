"""Loaded once by the process that forks the jobs: everything they import, each fork then has."""

from __future__ import annotations

import threading
from datetime import datetime

from tqdm import tqdm

from nuanliu.operations.upkeep.warming import warm_up

tqdm.set_lock(threading.RLock())  # its own would be a named semaphore, which a killed process leaves in the system
warm_up(datetime.fromisoformat("2024-12-09T09:00+08:00"))
