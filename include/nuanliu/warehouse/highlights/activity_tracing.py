"""From a number of a told activity back to its cell."""

from __future__ import annotations

from sqlalchemy import Connection

from nuanliu.domain import schemas
from nuanliu.domain.documents import TraceDocument
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import ActivityNumberId
from nuanliu.errors import UnknownFigure
from nuanliu.warehouse.marts.tracing import cell_entry
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


@as_transient("tracing an activity")
def trace_activity(connection: Connection, number_id: ActivityNumberId) -> TraceDocument:
    """The document of ``nuanliu trace`` for one number of one activity, as it counts now.

    Raises: UnknownFigure where no activity that counts in the week says it (any more).
    """
    parameters = {
        "week_start": number_id.week.monday,
        "union_id": number_id.sender_id,
        "key_digest": number_id.key_digest,
        "measure_id": number_id.measure,
    }
    cell = connection.execute(load_sql("marts", "trace_activity"), parameters).one_or_none()
    if cell is None:
        raise UnknownFigure(
            str(number_id), f"no activity of {number_id.sender_id} in {number_id.week} has {str(number_id)!r} any more"
        )
    return {
        "schema": schemas.TRACE,
        "figure_id": str(number_id),
        "value": plain_number(cell.value),
        "exactness": exactness_word(cell.exactness),
        "cells": [cell_entry(cell)],
        "notes": [],
    }
