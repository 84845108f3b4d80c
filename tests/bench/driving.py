"""A running stack that is measured from outside: asked every two seconds and for few runs at a time, since asking costs it too."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.measuring.cost import Cost
    from tests.bench.measuring.household import Household

    from nuanliu.running.stack import Stack

NOTHING, OURS, ROLL_UP = "nothing_mapped", "ingest_submissions", "roll_up_week"
_RUNNING = {"queued", "running"}
_POLL_SECONDS = 2.0
_PAGE, _WHOLE_PAGE = 10, 100
_UNTIL_NEXT_RUN = 3.0
"""Longer than the scheduler needs to turn an asset event into a run."""


class DrivenStack:
    """A stack, and how long to wait for it."""

    def __init__(
        self,
        stack: Stack,
        household: Household,
        *,
        dags: Sequence[str] = (OURS, ROLL_UP),
        patience_seconds: float = 900.0,
    ) -> None:
        """``dags``: those that are quiet when the stack is."""
        self.stack = stack
        self._dags = dags
        self._household = household
        self._patience = patience_seconds
        self._api = stack.api()

    def cost_of(self, dag_id: str, begin: Callable[[], None]) -> Cost:
        """What the runs of a DAG take that ``begin`` brings about, and all that follows from them.

        By the clock: from the start of the first run to the end of the last. Of processors: of the whole stack, from ``begin``
        until it is quiet. Raises: RuntimeError when a run failed, TimeoutError.
        """
        before = self._household.snapshot()
        last = self._newest(dag_id, 1)
        begin()
        self._wait(lambda: self._newest(dag_id, 1) != last and self._is_quiet())
        self.wait_until_quiet()
        taken = before.until(self._household.snapshot())
        runs = self._runs_after(dag_id, last)
        if failed := [run["dag_run_id"] for run in runs if run["state"] != "success"]:
            raise RuntimeError(f"failed: {failed}")
        started = min(datetime.fromisoformat(run["start_date"]) for run in runs)
        ended = max(datetime.fromisoformat(run["end_date"]) for run in runs)
        return replace(taken, wall=(ended - started).total_seconds())

    def start(self, dag_id: str, **conf: int) -> None:
        """Start one run."""
        self._api.post(f"/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf})

    def wait_until_quiet(self) -> None:
        """Until nothing runs, and nothing comes of what ran."""
        while True:
            self._wait(self._is_quiet)
            time.sleep(_UNTIL_NEXT_RUN)
            if self._is_quiet(_WHOLE_PAGE):
                return

    def _runs_after(self, dag_id: str, last: list[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self._runs(dag_id, limit=_WHOLE_PAGE, offset=len(found))
            new = [run for run in page if run["dag_run_id"] not in last]
            found += new
            if len(new) < _WHOLE_PAGE:
                return found

    def _newest(self, dag_id: str, limit: int) -> list[str]:
        return [run["dag_run_id"] for run in self._runs(dag_id, limit=limit)]

    def _is_quiet(self, page: int = _PAGE) -> bool:
        return not any(run["state"] in _RUNNING for dag_id in self._dags for run in self._runs(dag_id, limit=page))

    def _runs(self, dag_id: str, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
        path = f"/dags/{dag_id}/dagRuns"
        runs: list[dict[str, Any]] = self._api.get(path, limit=limit, offset=offset, order_by="-id")["dag_runs"]
        return runs

    def _wait(self, look: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self._patience
        while not look():
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing came of it within {self._patience:.0f} s")
            time.sleep(_POLL_SECONDS)
