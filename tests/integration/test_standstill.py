"""The tables of an installation are not changed while processes of Airflow work on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import text
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.operations.upkeep.standstill import (
    StillRunning,
    require_standstill,
    require_standstill_to_upgrade,
    running_processes,
)
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.schema.migrating import migration_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

JOBS = """
create table job (job_type text, hostname text, state text, latest_heartbeat timestamptz);
insert into job values
    ('SchedulerJob', 'alive', 'running', now() - interval '3 seconds'),
    ('SchedulerJob', 'killed', 'running', now() - interval '2 minutes'),
    ('TriggererJob', 'stopped', 'success', now()),
    ('LocalTaskJob', 'other', 'running', now());
"""


@pytest.fixture
def metadata(postgres_dsn: str) -> Iterator[Engine]:
    """Airflow's database, as far as it is asked."""
    engine = open_engine(postgres_dsn)
    with engine.begin() as connection:
        connection.execute(text(JOBS))
    yield engine
    engine.dispose()


def environment(engine: Engine) -> dict[str, str]:
    address = engine.url.render_as_string(hide_password=False)
    return {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address}


def test_what_said_a_moment_ago_that_it_lives_is_named(metadata: Engine) -> None:
    (running,) = running_processes(environment(metadata))
    assert running.startswith("SchedulerJob on alive (")
    with pytest.raises(StillRunning, match="SchedulerJob on alive"):
        require_standstill(environment(metadata))


def test_the_command_answers_no_while_something_runs_and_names_it(metadata: Engine) -> None:
    answer = CliRunner().invoke(app, ["standstill", "--json"], env=environment(metadata))
    document = json.loads(answer.stdout)
    assert (answer.exit_code, document["ok"]) == (1, False)
    assert document["running"][0].startswith("SchedulerJob on alive (")
    with metadata.begin() as connection:
        connection.execute(text("update job set state = 'success'"))
    assert CliRunner().invoke(app, ["standstill"], env=environment(metadata)).exit_code == 0


def test_killed_and_stopped_processes_do_not_count(metadata: Engine) -> None:
    with metadata.begin() as connection:
        connection.execute(
            text("update job set latest_heartbeat = now() - interval '61 seconds' where hostname = 'alive'")
        )
    require_standstill(environment(metadata))


def test_a_new_database_and_none_at_all_hold_nobody_up(warehouse: Engine) -> None:
    assert running_processes(environment(warehouse)) == []
    assert running_processes({}) == []


def test_the_warehouse_is_not_upgraded_meanwhile_but_a_current_one_is_left_in_peace(
    metadata: Engine, warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(metadata).items():
        monkeypatch.setenv(name, value)
    require_standstill_to_upgrade(warehouse)
    with warehouse.begin() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
    with pytest.raises(StillRunning):
        require_standstill_to_upgrade(warehouse)
