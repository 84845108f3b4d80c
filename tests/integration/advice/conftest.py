"""One warehouse for each table of advice: every case is another union's, so that none sees what another has reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.played_week import context

from nuanliu.contract.code_lists import codes
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nuanliu.operations.context import Context


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, module_warehouse_dsn: str) -> Iterator[Context]:
    home = tmp_path_factory.mktemp("office")
    engine = open_engine(module_warehouse_dsn)
    yield context(home, open_bucket(f"file://{home}/bucket"), engine)
    engine.dispose()


@pytest.fixture(scope="session")
def counties() -> tuple[str, ...]:
    """Unions that nobody reports below."""
    return tuple(union.id for union in codes().unions.list if union.level in ("county", "special", "industry"))
