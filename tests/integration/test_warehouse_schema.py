"""The migrations make exactly the tables that the code describes, once, and for everybody at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.schema.board_role import for_reading
from nuanliu.warehouse.schema.migrating import migration_config, upgrade
from nuanliu.warehouse.schema.partitions import ensure_partitions, partition_name
from nuanliu.warehouse.schema.tables import metadata
from nuanliu.warehouse.schema.union_tree import read_tree
from nuanliu.warehouse.submissions.registry import claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

# What Alembic's comparison does not see: checks, identities, index predicates and partitioning, all in PostgreSQL's words.
CATALOG = text("""
    select 'constraint' as kind, conrelid::regclass::text as of_table, conname as name, pg_get_constraintdef(oid) as says
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all
    select 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    from pg_index join pg_class on pg_class.oid = indrelid where relnamespace = 'public'::regnamespace
    union all
    select 'partition', partrelid::regclass::text, '', pg_get_partkeydef(partrelid) from pg_partitioned_table
    union all
    select 'column', table_name, column_name, concat_ws(' ', ordinal_position, data_type, numeric_precision, numeric_scale,
        is_nullable, column_default, is_identity, identity_generation)
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE'
""")


@pytest.fixture
def empty(postgres_dsn: str) -> Iterator[Engine]:
    engine = open_engine(postgres_dsn)
    yield engine
    engine.dispose()


def _catalog(engine: Engine) -> set[tuple[str, str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(CATALOG).all()
    return {tuple(row) for row in rows if row.of_table != "alembic_version"}


def test_alembic_sees_no_difference_between_the_migrations_and_the_tables(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_postgresql_sees_no_difference_either(empty: Engine, warehouse: Engine) -> None:
    metadata.create_all(empty)
    assert _catalog(warehouse) == _catalog(empty)


def test_table_and_column_comments_are_migrated(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        comment = connection.execute(text("select obj_description('stored_measure'::regclass)")).scalar_one()
    assert comment == metadata.tables["stored_measure"].comment


def test_upgrading_again_changes_nothing(warehouse: Engine) -> None:
    before = _catalog(warehouse)
    upgrade(warehouse)
    assert _catalog(warehouse) == before


def test_two_upgrades_at_once_are_one(empty: Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(upgrade, empty) for _ in range(2)]:
            running.result()
    with empty.connect() as connection:
        revisions = connection.execute(text("select version_num from alembic_version")).scalars().all()
    assert revisions == ScriptDirectory.from_config(migration_config()).get_heads()


def test_a_warehouse_of_before_gets_the_functions_and_the_board_may_use_them(warehouse: Engine) -> None:
    config = migration_config()
    functions = text("select proname from pg_proc where pronamespace = 'public'::regnamespace order by proname")
    with warehouse.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        assert connection.execute(functions).scalars().all() == []
    upgrade(warehouse)
    with for_reading(open_engine(warehouse.url.render_as_string(hide_password=False))).connect() as connection:
        assert connection.execute(text("select current_user")).scalar_one() == "nuanliu_board"
        assert connection.execute(functions).scalars().all() == [
            "cell_address",
            "figure_of_week",
            "figure_subject",
            "has_ended",
            "is_carried",
            "key_bytes",
            "key_text",
            "lineage_of_week",
            "make_week_partitions",
            "reason_of_version",
            "sum_text",
            "union_of_place",
            "union_of_week",
            "withdraw_claim",
        ]
        tree = read_tree(connection, ReportingWeek.parse("2024-W49"))
        said = connection.execute(text("select sum_text(1.50, 2, 0), sum_text(null, null, null)")).one()
    assert "620000" in tree.unions
    assert tuple(said) == ("1.50 of 2 exactness 0", "none")


def test_week_partitions_are_named_after_their_week_and_hold_it(warehouse: Engine) -> None:
    week = ReportingWeek.parse("2024-W49")
    with warehouse.begin() as connection:
        ensure_partitions(connection, [week])
    bounds = text("select pg_get_expr(relpartbound, oid) from pg_class where relname = :name")
    with warehouse.connect() as connection:
        for table in ("stored_activity", "stored_measure"):
            found = connection.execute(bounds, {"name": partition_name(table, week)}).scalar_one()
            assert found == "FOR VALUES FROM ('2024-12-02') TO ('2024-12-09')"
    assert partition_name("stored_measure", week) == "stored_measure_2024w49"


def test_week_partitions_are_no_difference_for_alembic(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        ensure_partitions(connection, [ReportingWeek.parse("2024-W49")])
    config = migration_config()
    with warehouse.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)  # raises for every table it would drop


def test_many_sessions_may_ask_for_the_same_partitions(warehouse: Engine) -> None:
    weeks = [ReportingWeek.parse("2024-W48").shift(by) for by in range(3)]

    def ask(_: int) -> None:
        with warehouse.begin() as connection:
            ensure_partitions(connection, weeks)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(8)))
    with warehouse.connect() as connection:
        count = connection.execute(
            text("select count(*) from pg_inherits where inhparent = 'stored_measure'::regclass")
        )
        assert count.scalar_one() == 3


def test_a_partition_can_be_made_while_another_load_is_running(warehouse: Engine) -> None:
    week = ReportingWeek.parse("2024-W49")
    with warehouse.begin() as loading:
        ensure_partitions(loading, [week])
        loading.execute(
            text("insert into dim_campaign (campaign_id, campaign_name, is_listed) values ('x', 'x', false)")
        )
        with warehouse.begin() as other:
            other.execute(text("set local lock_timeout = '2s'"))
            ensure_partitions(other, [week.shift(1)])


def test_files_of_before_keep_their_order_and_come_before_all_that_arrive_later(warehouse: Engine) -> None:
    config = migration_config()
    insert = """insert into registry (object_key, source_key, union_id, is_trial, state, stored_key, sha256, size_bytes, received_at)
        values (:key, :key, '620400', false, 'archived', :key, '', 1, :at)"""
    with warehouse.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
        for key, at in (("b", "2024-12-09T01:00Z"), ("a", "2024-12-09T01:00Z"), ("c", "2024-12-09T00:59Z")):
            connection.execute(text(insert), {"key": key, "at": at})
    upgrade(warehouse)
    moment = datetime(2024, 12, 9, 1, tzinfo=UTC)
    with warehouse.begin() as connection:
        claim(
            connection, object_key="d", source_key="d", union_id="620400", path_week=None, is_trial=False, sha256="",
            size_bytes=1, received_at=moment, arrived_at=moment - timedelta(days=1),
        )  # fmt: skip
        rows = connection.execute(
            text("select object_key, received_at, arrived_at from registry order by arrival_order, object_id")
        ).all()
    assert [row.object_key for row in rows] == ["c", "b", "a", "d"]
    assert [row.arrived_at for row in rows[:3]] == [None] * 3
    assert rows[3].received_at == moment  # no file of before is known to have arrived after it
