"""A fresh warehouse for each history: a clone of one that was migrated once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import _address, _create_database, _drop_database
from tests.histories.program import Program

from nuanliu.storage.database import open_engine


@contextmanager
def open_program(server: str, template: str) -> Iterator[Program]:
    """The program on an empty warehouse; both are gone at the end."""
    name = f"nuanliu_history_{secrets.token_hex(6)}"
    _create_database(server, name, template=template)
    engine = open_engine(_address(server, name))
    try:
        with TemporaryDirectory() as home:
            yield Program(engine, Path(home))
    finally:
        engine.dispose()
        _drop_database(server, name)
