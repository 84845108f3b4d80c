"""How the bench asks a running stack: seldom and for little, but until nothing runs any more."""

from __future__ import annotations

from typing import Any

import pytest
from tests.bench import driving
from tests.bench.driving import OURS, ROLL_UP, DrivenStack
from tests.bench.measuring.household import Snapshot
from tests.bench.measuring.processor_time import ServerSeconds


class FakeStack:
    """A stack of three runs, one after the other; a second passes with each second that is slept."""

    def __init__(self, states: tuple[str, ...] = ("success", "success", "success")) -> None:
        self.now = 0.0
        self.begun: float | None = None
        self.pages: list[int] = []
        self._ends = [
            (OURS, "first", 1.0, 4.0, states[0]),
            (OURS, "second", 5.0, 9.0, states[1]),
            (ROLL_UP, "rollup", 9.5, 12.0, states[2]),
        ]

    def api(self) -> FakeStack:
        return self

    def begin(self) -> None:
        self.begun = self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def snapshot(self) -> Snapshot:
        return Snapshot(self.now, 0.0, self.now / 2, ServerSeconds(self.now / 4, 0.0), 0.0, 0.0)

    def get(self, path: str, *, limit: int, offset: int, order_by: str) -> dict[str, Any]:
        assert order_by == "-id"
        self.pages.append(limit)
        dag_id = path.split("/")[2]
        return {"dag_runs": self._runs(dag_id)[::-1][offset : offset + limit]}

    def _runs(self, dag_id: str) -> list[dict[str, Any]]:
        old = {"dag_run_id": f"{dag_id} of before", "state": "success", "start_date": None, "end_date": None}
        runs = [old] if dag_id == OURS else []
        for name, run_id, start, end, state in self._ends:
            if name == dag_id and self.begun is not None and self.now >= self.begun + start:
                is_over = self.now >= self.begun + end
                runs.append(
                    {
                        "dag_run_id": run_id,
                        "state": state if is_over else "running",
                        "start_date": f"2024-12-09T09:00:{int(start):02d}+08:00",
                        "end_date": f"2024-12-09T09:00:{int(end):02d}+08:00" if is_over else None,
                    }
                )
        return runs


def driven(stack: FakeStack, monkeypatch: pytest.MonkeyPatch, patience: float = 900) -> DrivenStack:
    monkeypatch.setattr(driving.time, "sleep", stack.sleep)
    monkeypatch.setattr(driving.time, "monotonic", lambda: stack.now)
    whole: Any = stack
    return DrivenStack(whole, whole, patience_seconds=patience)


def test_the_clock_runs_from_the_first_run_to_the_last_and_the_processors_until_it_is_quiet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = FakeStack()
    cost = driven(stack, monkeypatch).cost_of(OURS, stack.begin)
    assert cost.wall == 8
    assert stack.now >= 12
    assert (cost.client, cost.postgres) == (stack.now / 2, stack.now / 4)


def test_it_is_asked_every_two_seconds_for_ten_runs_and_for_all_once_it_is_quiet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = FakeStack()
    driven(stack, monkeypatch).cost_of(OURS, stack.begin)
    assert set(stack.pages) == {1, 10, 100}
    assert len(stack.pages) < 2.5 * (stack.now / 2 + 4)


@pytest.mark.parametrize("failing", [0, 1])
def test_a_run_that_failed_is_no_measurement(failing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    states = ["success"] * 3
    states[failing] = "failed"
    stack = FakeStack(tuple(states))
    with pytest.raises(RuntimeError, match="failed"):
        driven(stack, monkeypatch).cost_of(OURS, stack.begin)


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = FakeStack()
    with pytest.raises(TimeoutError, match="within 60 s"):
        driven(stack, monkeypatch, patience=60).cost_of(OURS, lambda: None)
