"""The database's logins on a real server: each can do what it is for, and is refused everything else."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from tests.integration.played_week import context, play
from tests.smtp_server import SmtpScript, serving

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import InvalidSetting, WarehouseUnavailable
from nuanliu.operations.context import open_context
from nuanliu.operations.recovery.backing_up import back_up, restore
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.upkeep.database_roles import make_roles
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.schema.board_role import for_reading
from nuanliu.warehouse.schema.partitions import ensure_partitions
from nuanliu.warehouse.schema.sql_files import read_sql
from nuanliu.warehouse.schema.tables import metadata
from nuanliu.warehouse.submissions.registry import claim, withdraw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

ROLES = {
    "owner": "NUANLIU_OWNER_DSN",
    "loader": "NUANLIU_WAREHOUSE_DSN",
    "reader": "NUANLIU_BOARD_DSN",
    "metadata": "NUANLIU_METADATA_DSN",
}
OF_OTHERS = text(
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relowner <> current_user::regrole"
)
REFUSED = r"permission denied|must be owner|read-only"


@dataclass(frozen=True)
class Server:
    """A server on which `nuanliu roles` has run. ``env``: the variables of the installation."""

    env: dict[str, str]
    home: Path

    def settings(self, env: dict[str, str] | None = None) -> Settings:
        """Those of the filled installation, or of another one beside its bucket."""
        return Settings.from_env(
            {**(env or self.env), "NUANLIU_HOME": str(self.home), "NUANLIU_BUCKET": f"file://{self.home}/bucket"}
        )

    def engine(self, role: str) -> Engine:
        return open_engine(self.env[ROLES[role]])

    def as_admin(self, database: str) -> Engine:
        address = make_url(self.env["NUANLIU_SERVER_DSN"]).set(database=database)
        return open_engine(address.render_as_string(hide_password=False))

    def database(self, role: str) -> str:
        return str(make_url(self.env[ROLES[role]]).database)


def addresses(server: str) -> dict[str, str]:
    """Addresses of an installation that is not there yet; its names need quoting, its passwords escaping."""
    mark = secrets.token_hex(4)
    base = make_url(server).set(drivername="postgresql")
    env = {"NUANLIU_SERVER_DSN": base.render_as_string(hide_password=False)}
    for role, setting in ROLES.items():
        database = f'airflow "{mark}"' if role == "metadata" else f"warehouse-{mark}"
        url = base.set(username=f"{role}-{mark}", password=f"p:@/'%{role}{mark}", database=database)
        env[setting] = url.render_as_string(hide_password=False)
    return env


def remove(env: dict[str, str]) -> None:
    with psycopg.connect(env["NUANLIU_SERVER_DSN"], autocommit=True) as connection:
        urls = [make_url(env[setting]) for setting in ROLES.values()]
        for name in {str(url.database) for url in urls}:
            connection.execute(
                psycopg.sql.SQL("drop database if exists {} with (force)").format(psycopg.sql.Identifier(name))
            )
        for url in urls:
            connection.execute(
                psycopg.sql.SQL("drop role if exists {}").format(psycopg.sql.Identifier(str(url.username)))
            )


@pytest.fixture(scope="module")
def server(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The four logins, and a warehouse that its owner has made and the loader has filled with the sample week."""
    env = addresses(postgres_server)
    make_roles(env)
    home = tmp_path_factory.mktemp("roles")
    settings = Settings.from_env({**env, "NUANLIU_HOME": str(home)})
    with open_context(settings, as_owner=True) as ctx:
        initialise(ctx)
    engine = open_engine(env["NUANLIU_WAREHOUSE_DSN"])
    ctx = context(home, open_bucket(f"file://{home}/bucket"), engine)
    play(ctx)
    with serving(SmtpScript()) as mail:
        ctx = replace(ctx, settings=replace(ctx.settings, smtp_url=mail.url))
        assert publish_week(ctx, "2024-W49", send=True)["mails"]["sent"] > 0
    assert reconcile(ctx)["ok"]
    engine.dispose()
    yield Server(env, home)
    remove(env)


@pytest.fixture
def connect(server: Server) -> Iterator[Any]:
    """A session of a role, whose transaction is undone."""
    opened: list[Connection] = []

    def connect_as(role: str) -> Connection:
        engine = server.engine(role)
        opened.append(engine.connect())
        return opened[-1]

    yield connect_as
    for connection in opened:
        connection.close()
        connection.engine.dispose()


def test_the_loader_plays_publishes_and_mails_a_week(connect: Any) -> None:
    said = (
        connect("reader").execute(text("select (select count(*) from receipt), (select count(*) from edition)")).one()
    )
    assert said[0] > 3
    assert said[1] == 1
    assert connect("loader").execute(text("select count(*) from outbox")).scalar_one() > 0


NEVER_DELETED = sorted(
    set(metadata.tables)
    - {
        "bridge_activity_group",
        "bridge_activity_partner",
        "stored_activity",
        "stored_measure",
        "handed_over",
        "stale_week",
    }
    - {"reconciled_week"}
    - {"mart_campaign_week", "mart_cumulative", "mart_week_coverage", "mart_week_figure"}
)


@pytest.mark.parametrize("table", NEVER_DELETED)
def test_the_loader_deletes_no_record(connect: Any, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        connect("loader").execute(text(f"delete from {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (id int)",
        "create schema mine",
        "create function mine() returns int language sql as 'select 1'",
        "create extension pgcrypto",
        "alter table receipt add column mine int",
        "drop table stored_measure",
        "drop view fact_measure",
        "drop function make_week_partitions(date)",
        "create or replace function withdraw_claim(claimed_id bigint) returns void language sql as 'delete from receipt'",
        "create or replace function make_week_partitions(monday date) returns void language sql as 'select null'",
        "truncate receipt",
        "truncate stored_measure_2024w49",
        "alter table receipt disable trigger all",
        "create trigger mine before insert on receipt for each row execute function suppress_redundant_updates_trigger()",
        "create index mine on receipt (union_id)",
        "comment on table receipt is 'mine'",
        "create role mine",
        "alter role current_user createrole",
        "set session_replication_role = replica",
        "update edition set document = '{}'",
        "update edition set published_at = now()",
        "update receipt set document = '{}'",
        "update receipt set status = 'accepted'",
        "update finding set receipt_no = receipt_no",
        "update stored_measure set value_cents = 1",
        "update stored_measure_2024w49 set value_cents = 1",
        "delete from stored_measure_2024w49",
        "insert into stored_measure_2024w49 select * from stored_measure",
        "update fact_measure set is_counting = false",
        "delete from fact_activity",
        "update registry set sha256 = sha256, received_at = now()",
        "update outbox set message = ''",
        "update figure_change set reason = '更正'",
        "update released_query set reason = ''",
        "update tolerance set limit_value = 0",
        "insert into dim_union select * from dim_union",
        "update dim_union set union_name = 'x'",
        "update dim_measure set measure_name = 'x'",
        "insert into dim_date select * from dim_date",
        "update alembic_version set version_num = '0001'",
        "copy receipt to program 'true'",
        "copy receipt to '/tmp/receipts'",
        "select pg_read_file('/etc/passwd')",
        "select passwd from pg_shadow",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user and backend_type = 'client backend'"
        " union all select pg_reload_conf()",
    ],
)
def test_the_loader_is_refused(connect: Any, statement: str) -> None:
    with pytest.raises(DBAPIError) as caught:
        connect("loader").execute(text(statement.replace(":", r"\:")))
    assert caught.value.orig.sqlstate == "42501"  # insufficient_privilege


def test_every_table_that_the_loader_may_change_exists_and_every_other_is_only_read(connect: Any) -> None:
    """A table that is added is decided about: it fails here until loader_role.sql or this list names it."""
    granted = {line.split("'")[1] for line in read_sql("warehouse", "loader_role").splitlines() if "('" in line[:16]}
    only_read = {"dim_beneficiary_group", "dim_category", "dim_date", "dim_division", "dim_measure", "dim_union"}
    assert granted | only_read == set(metadata.tables)
    assert granted & only_read == set()


def test_the_loader_withdraws_a_claim_whose_file_was_taken_back_and_no_answered_one(connect: Any) -> None:
    session = connect("loader")
    object_id = claim(
        session, object_key="intake/620400/a.csv", source_key="intake/620400/a.csv", union_id="620400", path_week=None,
        is_trial=False, sha256="0" * 64, size_bytes=1, received_at=datetime(2024, 12, 9, tzinfo=UTC),
    )  # fmt: skip
    before = session.execute(text("select count(*) from registry")).scalar_one()
    answered = session.execute(text("select object_id from receipt")).scalars().all()
    for each in [object_id, *answered]:
        withdraw(session, each)
    assert session.execute(text("select count(*) from registry")).scalar_one() == before - 1


def test_the_loader_makes_the_partitions_of_a_week_and_of_mondays_only(server: Server, connect: Any) -> None:
    week = ReportingWeek.parse("2031-W02")
    engine = server.engine("loader")
    with engine.begin() as connection:
        ensure_partitions(connection, [week])
    engine.dispose()
    owner = (
        connect("owner")
        .execute(text("select tableowner from pg_tables where tablename = 'stored_measure_2031w02'"))
        .scalar_one()
    )
    assert owner == make_url(server.env["NUANLIU_OWNER_DSN"]).username
    with pytest.raises(DBAPIError, match="is no Monday"):
        connect("loader").execute(text("select make_week_partitions('2031-01-07')"))


def test_the_function_that_makes_partitions_is_not_fooled_by_a_table_of_the_same_name(connect: Any) -> None:
    session = connect("loader")
    session.execute(text("create temporary table stored_activity (mine int)"))
    session.execute(text("select make_week_partitions('2032-01-05')"))
    found = session.execute(
        text("select count(*) from pg_inherits where inhparent = 'public.stored_activity'::regclass and inhrelid = "
             "'public.stored_activity_2032w02'::regclass")
    )  # fmt: skip
    assert found.scalar_one() == 1


WRITES = [
    "insert into dim_partner (partner_name) values ('x')",
    "update receipt set written_at = now()",
    "delete from stale_week",
    "create table mine (id int)",
    "create temporary table mine (id int)",
    "truncate receipt",
    "select make_week_partitions('2033-01-03')",
    "select nextval('stored_activity_activity_key_seq')",
]


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_the_reader_writes_into_no_table(connect: Any, table: str) -> None:
    session = connect("reader")
    session.execute(text("set transaction read write"))
    column = next(iter(metadata.tables[table].columns)).name
    for statement in (
        f"delete from {table}",
        f"update {table} set {column} = {column}",
        f"insert into {table} default values",
    ):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


@pytest.mark.parametrize("statement", WRITES)
@pytest.mark.parametrize("mode", ["read only", "read write"])
@pytest.mark.parametrize("as_board", [False, True])
def test_the_reader_writes_nowhere_in_whatever_mode(server: Server, statement: str, mode: str, as_board: bool) -> None:
    engine = server.engine("reader")
    with (for_reading(engine) if as_board else engine).connect() as connection:
        connection.execute(text(f"set transaction {mode}"))
        with pytest.raises(DBAPIError, match=REFUSED):
            connection.execute(text(statement))
    engine.dispose()


def test_the_reader_reads_what_the_board_shows_and_no_mail(connect: Any) -> None:
    session = connect("reader")
    for table in sorted(set(metadata.tables) - {"outbox"}):
        session.execute(text(f"select count(*) from {table}"))
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("select count(*) from outbox"))


@pytest.mark.parametrize("role", ["owner", "loader", "reader", "metadata"])
def test_each_login_enters_its_own_database_only(server: Server, role: str) -> None:
    other = server.database("loader" if role == "metadata" else "metadata")
    url = make_url(server.env[ROLES[role]]).set(database=other)
    engine = open_engine(url.render_as_string(hide_password=False))
    with pytest.raises(WarehouseUnavailable, match="permission denied for database"), engine.connect():
        pytest.fail(f"{role} entered {other}")


@pytest.mark.parametrize("role", ["loader", "reader", "metadata"])
@pytest.mark.parametrize("wanted", ["owner", "admin"])
def test_no_login_becomes_another(server: Server, connect: Any, role: str, wanted: str) -> None:
    setting = ROLES["owner"] if wanted == "owner" else "NUANLIU_SERVER_DSN"
    with pytest.raises(ProgrammingError, match="permission denied"):
        connect(role).execute(text(f'set role "{make_url(server.env[setting]).username}"'))


def test_airflow_may_do_what_its_migrations_do_in_its_own_database(connect: Any) -> None:
    session = connect("metadata")
    session.execute(text("create table dag (id int)"))
    session.execute(text("create type state as enum ('on')"))
    session.execute(text("create index on dag (id)"))


def test_making_the_roles_again_sets_passwords_and_leaves_everything_else(server: Server, connect: Any) -> None:
    count = text("select count(*) from receipt")
    before = connect("reader").execute(count).scalar_one()
    reader = make_url(server.env["NUANLIU_BOARD_DSN"]).set(password="another")
    env = {**server.env, "NUANLIU_BOARD_DSN": reader.render_as_string(hide_password=False)}
    try:
        make_roles(env)
        engine = open_engine(env["NUANLIU_BOARD_DSN"])
        with engine.connect() as connection:
            assert connection.execute(count).scalar_one() == before
        engine.dispose()
        with (
            pytest.raises(WarehouseUnavailable, match="password authentication failed"),
            server.engine("reader").connect(),
        ):
            pytest.fail("the old password still opens")
    finally:
        make_roles(server.env)


def test_the_server_is_told_no_password(server: Server) -> None:
    """It keeps verifiers; one made by the server from the password itself would stand in its log of statements."""
    with server.as_admin("postgres").connect() as connection:
        kept = connection.execute(
            text("select passwd from pg_shadow where usename = :name"),
            {"name": make_url(server.env["NUANLIU_WAREHOUSE_DSN"]).username},
        ).scalar_one()
    assert kept.startswith("SCRAM-SHA-256$")


def test_a_backup_is_the_loaders_and_restoring_and_replaying_are_the_owners(
    server: Server, postgres_server: str, tmp_path: Path
) -> None:
    with open_context(server.settings()) as ctx:
        back_up(ctx, tmp_path / "backup")
    env = addresses(postgres_server)
    try:
        make_roles(env)
        settings = server.settings(env)
        with open_context(settings, as_owner=True) as ctx:
            assert restore(ctx, tmp_path / "backup")["ok"]
            assert replay(ctx, ReplayScope())["differences"] == []
        with open_context(settings) as ctx:
            assert reconcile(ctx)["ok"]
            with pytest.raises(ProgrammingError, match="permission denied"), ctx.engine.begin() as connection:
                connection.execute(text("delete from receipt"))
    finally:
        remove(env)


def test_the_loader_is_told_that_it_cannot_upgrade(server: Server, tmp_path: Path) -> None:
    settings = Settings.from_env(
        {"NUANLIU_WAREHOUSE_DSN": server.env["NUANLIU_WAREHOUSE_DSN"], "NUANLIU_HOME": str(tmp_path)}
    )
    with (
        open_context(settings, as_owner=True) as ctx,
        pytest.raises(InvalidSetting, match="set NUANLIU_OWNER_DSN"),
    ):
        initialise(ctx)


def test_an_owner_without_a_loader_is_an_error(server: Server, tmp_path: Path) -> None:
    settings = Settings.from_env({"NUANLIU_OWNER_DSN": server.env["NUANLIU_OWNER_DSN"], "NUANLIU_HOME": str(tmp_path)})
    with open_context(settings, as_owner=True) as ctx, pytest.raises(InvalidSetting, match="NUANLIU_WAREHOUSE_DSN"):
        initialise(ctx)


def test_an_installation_with_one_login_for_everything_can_be_divided(
    postgres_server: str, warehouse_dsn: str, tmp_path: Path
) -> None:
    """What was made and filled by the server's superuser goes over to its owner, and the loader goes on."""
    engine = open_engine(warehouse_dsn)
    ctx = context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), engine)
    receipts = len(play(ctx).receipts)
    engine.dispose()
    env = addresses(postgres_server)
    for setting in set(ROLES.values()) - {"NUANLIU_METADATA_DSN"}:
        url = make_url(env[setting]).set(database=make_url(warehouse_dsn).database)
        env[setting] = url.render_as_string(hide_password=False)
    try:
        make_roles(env)
        settings = Settings.from_env({**env, "NUANLIU_HOME": str(tmp_path)})
        with open_context(settings, as_owner=True) as ctx:
            initialise(ctx)
            with ctx.engine.connect() as connection:
                assert connection.execute(OF_OTHERS).all() == []
        with open_context(replace(settings, bucket_url=f"file://{tmp_path}/bucket")) as ctx:
            assert reconcile(ctx)["ok"]
            publish_week(replace_now(ctx), "2024-W49", send=False)
            with ctx.engine.connect() as connection:
                assert connection.execute(text("select count(*) from receipt")).scalar_one() == receipts
    finally:
        remove(env)


def replace_now(ctx: Any) -> Any:
    return replace(ctx, settings=context(ctx.settings.home, ctx.bucket, ctx.engine).settings)


def changed(env: dict[str, str], setting: str, **parts: Any) -> dict[str, str]:
    return {**env, setting: make_url(env[setting]).set(**parts).render_as_string(hide_password=False)}


@pytest.mark.parametrize(
    ("setting", "parts", "words"),
    [
        (
            "NUANLIU_WAREHOUSE_DSN",
            {"username": "owner"},
            "NUANLIU_WAREHOUSE_DSN and NUANLIU_OWNER_DSN name the same login",
        ),
        ("NUANLIU_OWNER_DSN", {"username": "admin"}, "NUANLIU_OWNER_DSN and NUANLIU_SERVER_DSN name the same login"),
        ("NUANLIU_BOARD_DSN", {"database": "x"}, "NUANLIU_BOARD_DSN must name the owner's database, warehouse"),
        ("NUANLIU_METADATA_DSN", {"database": "warehouse"}, "NUANLIU_METADATA_DSN must name a database of its own"),
        (
            "NUANLIU_METADATA_DSN",
            {"host": "elsewhere"},
            "NUANLIU_METADATA_DSN and NUANLIU_SERVER_DSN name different servers",
        ),
        ("NUANLIU_WAREHOUSE_DSN", {"password": ""}, "NUANLIU_WAREHOUSE_DSN must name login, password and database"),
        ("NUANLIU_WAREHOUSE_DSN", {"drivername": "mysql"}, "NUANLIU_WAREHOUSE_DSN must name a PostgreSQL, not mysql"),
    ],
)
def test_addresses_that_do_not_belong_together_are_told_before_anything_is_made(
    setting: str, parts: dict[str, Any], words: str
) -> None:
    env = {"NUANLIU_SERVER_DSN": "postgresql://admin:a@127.0.0.1:1/postgres"}
    for role, name in ROLES.items():
        database = "airflow" if role == "metadata" else "warehouse"
        env[name] = f"postgresql://{role}:Top5ecret@127.0.0.1:1/{database}"
    with pytest.raises(InvalidSetting) as caught:
        make_roles(changed(env, setting, **parts))
    assert words in caught.value.message
    assert "Top5ecret" not in caught.value.message


@pytest.mark.parametrize("missing", ["NUANLIU_SERVER_DSN", "NUANLIU_OWNER_DSN", "NUANLIU_WAREHOUSE_DSN"])
def test_an_address_that_is_missing_is_named_with_its_file(missing: str) -> None:
    env = {name: f"postgresql://{name.lower()}:x@h/d" for name in ("NUANLIU_SERVER_DSN", *ROLES.values())}
    with pytest.raises(InvalidSetting, match=f"{missing} .or {missing}_FILE. is needed"):
        make_roles({name: value for name, value in env.items() if name != missing})


def test_a_login_that_may_do_too_much_is_refused(postgres_server: str) -> None:
    env = addresses(postgres_server)
    name = str(make_url(env["NUANLIU_WAREHOUSE_DSN"]).username)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("create role {} createdb").format(psycopg.sql.Identifier(name)))
    try:
        with pytest.raises(InvalidSetting, match=f"{name} may do more"):
            make_roles(env)
    finally:
        remove(env)


def test_the_command_reads_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUANLIU_SERVER_DSN", raising=False)
    assert "NUANLIU_SERVER_DSN" not in os.environ
    with pytest.raises(InvalidSetting, match="NUANLIU_SERVER_DSN"):
        make_roles()
