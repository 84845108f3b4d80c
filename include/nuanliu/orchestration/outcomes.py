"""How an error of ours ends a task: permanent ones at once, passing ones by retry."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nuanliu.errors import Permanent, Transient
from nuanliu.orchestration.connections import open_pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nuanliu.operations.context import Context


class NotReconciled(Transient):
    """Reconcile found differences. A drop may just have been between two steps, so looking again can help."""

    def __init__(self, differences: int) -> None:
        super().__init__(f"对账有 {differences} 处差异,明细见 nuanliu reconcile")
        self.differences = differences

    def __reduce__(self) -> tuple[type[NotReconciled], tuple[int]]:
        return (NotReconciled, (self.differences,))


@contextmanager
def pipeline() -> Iterator[Context]:
    """Open what a task works with, and judge how it ended.

    Raises: AirflowFailException for Permanent (input or configuration must change first). Transient and unforeseen
    errors pass through and are retried as ``defaults.DEFAULT_ARGS`` says.
    """
    from nuanliu.operations.upkeep.warming import forget_stale_data

    forget_stale_data()
    with fail_at_once(), open_pipeline() as ctx:
        yield ctx


@contextmanager
def fail_at_once() -> Iterator[None]:
    """Turn Permanent into AirflowFailException, which is never retried."""
    from airflow.sdk.exceptions import AirflowFailException

    try:
        yield
    except Permanent as error:
        raise AirflowFailException(error.message) from error


def require_clean(document: dict[str, Any]) -> dict[str, Any]:
    """Pass a ``nuanliu.reconcile/1`` document on when it is clean. Raises: NotReconciled."""
    if not document["ok"]:
        raise NotReconciled(len(document["differences"]))
    return document
