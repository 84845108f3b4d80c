"""The embedded PostgreSQL server: one per home, whoever starts it, however that one ends."""

from __future__ import annotations

import errno
import json
import os
import pickle
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
from sqlalchemy import text

from nuanliu.errors import EmbeddedServerRefused, WarehouseUnavailable
from nuanliu.settings import INCLUDE_DIR, Settings
from nuanliu.storage.database import airflow_dsn, embedded_server, open_engine, warehouse_dsn
from nuanliu.storage.embedded import account as server_account
from nuanliu.storage.embedded.binaries import ServerBinaries, list_server_binaries
from nuanliu.storage.embedded.server import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_ROOT = os.geteuid() == 0
STARTER = """
import sys, time
from nuanliu.settings import Settings
from nuanliu.storage.database import warehouse_dsn
print(warehouse_dsn(Settings.from_env()), flush=True)
time.sleep(float(sys.argv[1]))
"""


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that every account can enter, whose server is stopped in the end. pytest's own folders are root's alone."""
    home = Path(tempfile.mkdtemp(prefix="nuanliu-home-"))
    home.chmod(0o755)
    yield home
    EmbeddedPostgres(home / "var" / "postgres").stop()
    shutil.rmtree(home)


@pytest.fixture
def settings(open_home: Path) -> Settings:
    return Settings.from_env({"NUANLIU_HOME": str(open_home)})


def start(
    home: Path, *prefix: str, linger: float = 0, python: str = sys.executable, path: str = ""
) -> subprocess.Popen[str]:
    environment = {
        "NUANLIU_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(part for part in (str(INCLUDE_DIR), path) if part),
        "PATH": os.environ["PATH"],
        "HOME": str(home),
    }
    command = [*prefix, python, "-c", STARTER, str(linger)]
    return subprocess.Popen(
        command, env=environment, cwd="/", stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def writes_below(folder: Path, process: psutil.Process) -> bool:
    """Whether this is an initdb at work below ``folder``."""
    return any(part.startswith(f"--pgdata={folder}/data.new-") for part in process.info["cmdline"] or ())


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def answer(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def postmaster(home: Path) -> psutil.Process:
    pid_file = home / "var" / "postgres" / "data" / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))


@pytest.mark.parametrize(
    "binaries", list_server_binaries(), ids=lambda each: f"{each.major}-{'wheel' if each.wheel_dir else 'system'}"
)
def test_every_set_of_programs_serves_two_databases_in_utf8(open_home: Path, binaries: ServerBinaries) -> None:
    server = EmbeddedPostgres(open_home / "var" / "postgres", binaries=binaries, options={"fsync": "off"})
    server.ensure_running()
    for database in ("airflow", "warehouse"):
        assert answer(server.dsn(database), "select current_database()") == database
        assert answer(server.dsn(database), "show server_encoding") == "UTF8"
    assert str(answer(server.dsn("warehouse"), "show server_version")).startswith(str(binaries.major))
    assert answer(server.dsn("warehouse"), "select datcollate from pg_database where datname = 'warehouse'") == "C"


def test_machine_has_programs_from_the_wheel_after_those_of_the_system() -> None:
    found = list_server_binaries()
    assert any(each.wheel_dir for each in found), "requirements.txt brings a server of its own"
    assert [bool(each.wheel_dir) for each in found] == sorted(bool(each.wheel_dir) for each in found)
    assert all(each.major >= 15 for each in found)


def test_server_listens_on_the_loopback_only_and_its_secrets_are_private(settings: Settings) -> None:
    warehouse_dsn(settings)
    listening = {
        connection.laddr.ip
        for connection in postmaster(settings.home).net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
    folder = settings.var / "postgres"
    for name in ("server.json", "password"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    state = json.loads((folder / "server.json").read_text())
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(state["dsn"]["warehouse"].replace(state["password"], "guess"))


def test_second_start_finds_the_first_server(settings: Settings) -> None:
    first = warehouse_dsn(settings)
    started = postmaster(settings.home)
    assert warehouse_dsn(settings) == first
    assert postmaster(settings.home) == started
    assert airflow_dsn(settings).rpartition("/")[2] == "airflow"


def test_two_starters_at_once_are_one_server(open_home: Path) -> None:
    starters = [start(open_home) for _ in range(3)]
    dsns = {first_line(each) for each in starters}
    assert [each.wait(timeout=60) for each in starters] == [0, 0, 0]
    assert len(dsns) == 1
    assert answer(dsns.pop(), "select 1") == 1


def test_server_survives_the_kill_of_its_starter(open_home: Path) -> None:
    starter = start(open_home, linger=120)
    dsn = first_line(starter)
    os.killpg(starter.pid, signal.SIGKILL)
    starter.wait(timeout=10)
    assert answer(dsn, "select 1") == 1


def test_starter_killed_half_way_leaves_nothing_in_the_way(settings: Settings) -> None:
    starter = start(settings.home, linger=120)
    half = settings.var / "postgres"
    while not list(half.glob("data.new-*")):  # initdb is at work
        assert starter.poll() is None
    os.killpg(starter.pid, signal.SIGKILL)
    starter.wait(timeout=10)
    orphans = [each for each in psutil.process_iter(["cmdline"]) if writes_below(half, each)]
    (folder,) = half.glob("data.new-*")
    kept_while_written: list[bool] = []

    def let_go() -> None:
        kept_while_written.append(folder.exists())
        for orphan in orphans:
            orphan.resume()

    for orphan in orphans:
        orphan.suspend()  # a slow machine: initdb is still writing when the next starter comes
    Timer(2.0, let_go).start()
    assert answer(warehouse_dsn(settings), "select 1") == 1
    assert orphans
    assert kept_while_written == [True]
    assert not list(half.glob("data.new-*"))


@pytest.mark.parametrize("recycled", [False, True], ids=["process gone", "process id recycled"])
def test_server_that_died_hard_is_started_again_with_its_data(settings: Settings, recycled: bool) -> None:
    with psycopg.connect(warehouse_dsn(settings)) as connection:
        connection.execute("create table kept as select 42 as answer")
    process = postmaster(settings.home)
    children = process.children(recursive=True)
    process.kill()
    psutil.wait_procs([process, *children], timeout=20)
    if recycled:
        pid_file = settings.var / "postgres" / "data" / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(str(process.pid), str(os.getpid()), 1))
    assert answer(warehouse_dsn(settings), "select answer from kept") == 42


def test_stop_ends_the_server_and_a_second_stop_says_there_was_none(settings: Settings) -> None:
    warehouse_dsn(settings)
    process = postmaster(settings.home)
    server = embedded_server(settings)
    assert server.stop()
    assert psutil.wait_procs([process], timeout=20)[1] == []
    assert not server.stop()
    assert not server.answers()


def test_data_of_another_major_version_is_refused_with_the_way_out(settings: Settings) -> None:
    warehouse_dsn(settings)
    embedded_server(settings).stop()
    version = settings.var / "postgres" / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("12\n")
    with pytest.raises(EmbeddedServerRefused, match=r"written by PostgreSQL 12.*dump and restore"):
        warehouse_dsn(settings)
    version.write_text(kept)


def test_external_dsn_is_used_and_no_server_is_started(settings: Settings) -> None:
    external = replace(settings, warehouse_dsn="postgresql://someone@db.example/warehouse")
    assert warehouse_dsn(external) == "postgresql://someone@db.example/warehouse"
    assert not settings.var.exists()


def test_lost_and_refused_connections_are_warehouse_unavailable(settings: Settings) -> None:
    engine = open_engine(warehouse_dsn(settings))
    with engine.connect() as connection:
        assert connection.execute(text("show timezone")).scalar_one() == "UTC"
        embedded_server(settings).stop()
        with pytest.raises(WarehouseUnavailable):
            connection.execute(text("select 1"))
    with pytest.raises(WarehouseUnavailable) as refused:
        engine.connect()
    assert pickle.loads(pickle.dumps(refused.value)).message == refused.value.message
    warehouse_dsn(settings)  # the same port again: the old engine reconnects
    with engine.connect() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1
    engine.dispose()


def test_a_disk_too_full_to_start_on_is_warehouse_unavailable(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(EmbeddedPostgres, "_write_private", full)
    with pytest.raises(WarehouseUnavailable, match="No space left on device"):
        warehouse_dsn(settings)
    monkeypatch.undo()
    warehouse_dsn(settings)  # room was made: nothing half-made is in the way


# --- as whom ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not AS_ROOT, reason="needs root to become another user")
def test_plain_user_starts_a_server_in_a_home_of_its_own(open_home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    prefix = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    python, path = _python_for(prefix)
    os.chown(open_home, nobody.pw_uid, nobody.pw_gid)
    starter = start(open_home, *prefix, python=python, path=path)
    dsn = first_line(starter)
    assert starter.wait(timeout=60) == 0
    assert answer(dsn, "select 1") == 1
    assert postmaster(open_home).uids().real == nobody.pw_uid
    # Root finds the user's server, and may stop and start it as that user.
    server = EmbeddedPostgres(open_home / "var" / "postgres")
    assert server.answers()
    assert server.stop()
    server.ensure_running()
    assert postmaster(open_home).uids().real == nobody.pw_uid


@pytest.mark.skipif(not AS_ROOT, reason="a plain user needs no other account")
def test_root_without_namespaces_uses_an_account_and_copies_programs_it_cannot_reach(
    open_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_account, "_MAPPED", ("false",))
    monkeypatch.setattr(server_account, "_ACCOUNTS", ("nobody",))
    wheel = next(each for each in list_server_binaries() if each.wheel_dir)
    assert wheel.wheel_dir is not None
    closed = tmp_path / wheel.wheel_dir.name  # below a folder that only root may enter
    closed.symlink_to(wheel.wheel_dir)
    closed.with_name(f"{closed.name}.libs").symlink_to(wheel.wheel_dir.with_name(f"{closed.name}.libs"))
    binaries = ServerBinaries(closed / wheel.bin_dir.relative_to(wheel.wheel_dir), wheel.major, closed)
    folder = open_home / "var" / "postgres"
    server = EmbeddedPostgres(folder, binaries=binaries, options={"fsync": "off"})
    server.ensure_running()
    assert postmaster(open_home).uids().real == pwd.getpwnam("nobody").pw_uid
    assert Path(postmaster(open_home).exe()).is_relative_to(folder)
    assert (server.stop(), server.answers()) == (True, False)


@pytest.mark.skipif(not AS_ROOT, reason="a plain user needs no other account")
def test_root_without_namespaces_in_a_closed_home_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_account, "_MAPPED", ("false",))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedServerRefused, match=r"plain user.*NUANLIU_HOME.*NUANLIU_WAREHOUSE_DSN"):
        EmbeddedPostgres(closed / "var" / "postgres").ensure_running()
    assert closed.stat().st_mode & 0o777 == 0o700, "nobody else's permissions were widened"


def _python_for(prefix: tuple[str, ...]) -> tuple[str, str]:
    """A Python of our version that the account can run, with the path of our packages where it is another one."""
    packages = str(Path(psycopg.__file__).parent.parent)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python, path in ((sys.executable, ""), (f"/usr/bin/{name}", packages)):
        probe = [*prefix, python, "-c", "import psycopg"]
        if subprocess.run(probe, env={"PYTHONPATH": path}, cwd="/", capture_output=True, check=False).returncode == 0:
            return python, path
    pytest.skip(f"the account nobody can run no {name} with our packages")
