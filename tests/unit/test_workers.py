"""Whole stacks run on one worker; other tests are shared file by file."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.workers import StacksOnOneWorker


@pytest.fixture
def scheduler(pytestconfig: pytest.Config) -> Any:
    option = SimpleNamespace(loadscopereorder=False)
    return StacksOnOneWorker(SimpleNamespace(getvalue=lambda _: ["2*popen"], option=option), None)


def test_stacks_are_one_piece_of_work_and_other_files_one_each(scheduler: Any) -> None:
    first, second, other, another = (
        f"tests/{path}::test_a[::x]"
        for path in ("e2e/test_ui_board.py", "e2e/test_celery_worker.py", "unit/test_a.py", "e2e.py")
    )
    assert scheduler._split_scope(first) == scheduler._split_scope(second)
    assert len({scheduler._split_scope(each) for each in (first, other, another)}) == 3
