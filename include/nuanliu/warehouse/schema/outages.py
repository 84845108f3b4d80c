"""Which database errors may pass. They leave this package as WarehouseUnavailable, all others as they are."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nuanliu.errors import WarehouseUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def passing_outages(doing: str) -> Iterator[None]:
    """Raise WarehouseUnavailable for a lost connection, a lock that was not granted in time, a deadlock or a shutdown.

    ``doing``: what was tried, for the message. Also a decorator. The transaction is void afterwards: begin a new one.
    """
    import psycopg
    from sqlalchemy.exc import DBAPIError, OperationalError

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
