"""Which database errors may pass. They leave this package as WarehouseUnavailable, all others as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, OperationalError

from nuanliu.errors import WarehouseUnavailable


@contextmanager
def as_transient(doing: str) -> Iterator[None]:
    """Raise WarehouseUnavailable for a lost connection, a lock that was not granted in time, a deadlock or a shutdown.

    ``doing``: what was tried, for the message. Also a decorator. The transaction is void afterwards: begin a new one.
    """
    try:
        yield
    except (OperationalError, psycopg.OperationalError) as error:
        raise WarehouseUnavailable(f"{doing}: {_reason(error)}") from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise WarehouseUnavailable(f"{doing}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The server's own words on one line; never the statement, whose parameters may hold what unions wrote."""
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split())
