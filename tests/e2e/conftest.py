"""One stack for all end-to-end tests that need no other; the files run in the order of their names, as a week happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.e2e.driven_stack import ARRIVAL

from nuanliu.running.stack import running_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nuanliu.running.stack import Stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Airflow's four processes, PostgreSQL and a mail sink in a home of their own."""
    home = tmp_path_factory.mktemp("home")
    recipients = home / "recipients.csv"
    recipients.write_text(
        "address,name,role,union_id\n"
        "leader@nuanliu.example,领导,leader,\n"
        "engineer@nuanliu.example,工程师,engineer,\n"
        "lanzhou@nuanliu.example,兰州市总,union,620100\n",
        "utf-8",
    )
    extra = {
        "NUANLIU_BUCKET": "",
        "NUANLIU_WAREHOUSE_DSN": "",
        "NUANLIU_NOW": ARRIVAL,
        "NUANLIU_POLL_SECONDS": "1",
        "NUANLIU_SETTLE_SECONDS": "2",
        "NUANLIU_RECIPIENTS": str(recipients),
    }
    with running_stack(home, extra) as running:
        yield running
