"""How errors of ours end a task."""

from __future__ import annotations

import pickle

import pytest
from airflow.sdk.exceptions import AirflowFailException

from nuanliu.errors import InvalidWeek, WarehouseUnavailable
from nuanliu.orchestration.outcomes import NotReconciled, fail_at_once, require_clean


def test_a_permanent_error_fails_the_task_at_once_and_keeps_its_text() -> None:
    with pytest.raises(AirflowFailException, match="W49") as failure, fail_at_once():
        raise InvalidWeek("W49")
    assert isinstance(failure.value.__cause__, InvalidWeek)


@pytest.mark.parametrize("error", [WarehouseUnavailable("restart"), KeyError("bug")])
def test_every_other_error_is_left_to_the_retries(error: Exception) -> None:
    with pytest.raises(type(error)), fail_at_once():
        raise error


def test_differences_fail_the_reconcile_run_and_may_be_looked_at_again() -> None:
    clean = {"ok": True, "differences": []}
    assert require_clean(clean) is clean
    with pytest.raises(NotReconciled, match="2 处差异") as broken:
        require_clean({"ok": False, "differences": ["a", "b"]})
    assert pickle.loads(pickle.dumps(broken.value)).differences == 2
