"""Lead a figure back to the cells it was added from."""

from __future__ import annotations

from typing import Any

from nuanliu.operations.context import Context
from nuanliu.warehouse.marts.tracing import trace_document


def trace(ctx: Context, figure_id: str) -> dict[str, Any]:
    """The ``nuanliu.trace/1`` document. Raises: UsageError for an id that names no figure."""
    with ctx.engine.connect() as connection:
        return trace_document(connection, figure_id)
