"""Start the whole pipeline on this machine, wait until it is ready, end it without a trace.

``python -m nuanliu.running.stack up`` (in the foreground, Ctrl-C ends it), ``down``, ``run-with -- COMMAND…`` (up, run
the command in the stack's environment, down).
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nuanliu.errors import NuanliuError, StackNotReady, UsageError
from nuanliu.running.airflow_api import AirflowApi, failing_components
from nuanliu.running.airflow_env import PROJECT_DIR, Ports, airflow_environment
from nuanliu.running.leftovers import MARK, end_marked_processes
from nuanliu.running.ports import free_port
from nuanliu.running.process_logs import LogFile
from nuanliu.running.processes import Processes
from nuanliu.running.secret_file import load_secrets, write_private
from nuanliu.settings import Settings
from nuanliu.storage.database import airflow_dsn, embedded_server, warehouse_dsn

_READY_SECONDS = 240.0
_DOWN_SECONDS = 60.0


@dataclass(frozen=True)
class Stack:
    """A running stack.

    ``env``: the environment for commands that shall meet it. ``log_dir``: what the processes said, a file each.
    """

    home: Path
    base_url: str
    username: str
    password: str = field(repr=False)
    smtp_port: int
    log_dir: Path
    env: dict[str, str] = field(repr=False)

    @property
    def mail_dir(self) -> Path:
        """Where the mail sink keeps messages, one .eml each."""
        return self.home / "var" / "mail"

    def api(self) -> AirflowApi:
        """A client of the API server, logged in as admin."""
        return AirflowApi(self.base_url, self.username, self.password)


@contextmanager
def running_stack(
    home: Path,
    extra_env: Mapping[str, str] | None = None,
    *,
    to_terminal: bool = False,
) -> Iterator[Stack]:
    """Run PostgreSQL, Airflow's four processes and the mail sink of ``home`` for the length of a ``with`` block.

    ``extra_env`` (e.g. NUANLIU_NOW) reaches every process.
    Raises: UsageError when the stack of this home runs already, StackNotReady when a process fails or takes too long.
    """
    home = home.resolve()
    base = {**os.environ, **(extra_env or {}), "NUANLIU_HOME": str(home)}
    settings = Settings.from_env(base)
    settings.var.mkdir(parents=True, exist_ok=True)
    with _signals_raise_interrupt(), _only_one(settings):
        end_marked_processes(str(home))  # of a stack whose starter was killed
        try:
            # The usual ports are for people; a stack that no person looks at takes any.
            ports = (
                Ports(api=free_port(8080), smtp=free_port(1025)) if to_terminal else Ports(free_port(0), free_port(0))
            )
            yield from _run(settings, base, ports, to_terminal=to_terminal)
        finally:
            end_marked_processes(str(home))
            _stop_postgres(settings)
            _state_file(settings).unlink(missing_ok=True)


def stop_stack(home: Path) -> bool:
    """End everything that runs for ``home``, PostgreSQL included. Returns False when nothing did."""
    home = home.resolve()
    settings = Settings.from_env({**os.environ, "NUANLIU_HOME": str(home)})
    found = False
    starter = _running_starter(settings)
    if starter is not None:
        found = True
        os.kill(starter, signal.SIGTERM)
        deadline = time.monotonic() + _DOWN_SECONDS
        while _running_starter(settings) is not None and time.monotonic() < deadline:
            time.sleep(0.2)
    found = end_marked_processes(str(home)) > 0 or found
    return _stop_postgres(settings) or found


# --- parts -----------------------------------------------------------------------------------------------------------


def _run(settings: Settings, base: Mapping[str, str], ports: Ports, *, to_terminal: bool) -> Iterator[Stack]:
    secrets = load_secrets(settings.var)
    log_dir = settings.var / "logs"
    with _step("PostgreSQL"):
        metadata_dsn = airflow_dsn(settings)
        warehouse_dsn(settings)
    env = airflow_environment(settings, ports, secrets, metadata_dsn, base) | {MARK: str(settings.home)}
    with _step("Airflow's database"):
        _run_once([sys.executable, "-m", "airflow", "db", "migrate"], env, log_dir / "airflow-db.log")
    with _step("warehouse and reference data"):
        _run_once([sys.executable, "-m", "nuanliu", "init"], env, log_dir / "warehouse.log")
    stack = Stack(
        home=settings.home,
        base_url=env["AIRFLOW__API__BASE_URL"],
        username="admin",
        password=secrets.admin_password,
        smtp_port=ports.smtp,
        log_dir=log_dir,
        env={name: value for name, value in env.items() if name != MARK},
    )
    _record(settings, stack)
    show = _say if to_terminal else None
    processes = Processes(PROJECT_DIR / "Procfile", log_dir, env, settings.var / "airflow", show)
    try:
        with _step("api-server, scheduler, dag-processor, triggerer, mail sink"):
            _wait_until_ready(stack, processes)
        if to_terminal:
            _say_where(stack)
        processes.release()
        yield stack
    except StackNotReady:
        processes.release()  # what they said is the reason
        raise
    finally:
        processes.end()


def _run_once(command: Sequence[str], env: Mapping[str, str], path: Path) -> None:
    done = subprocess.run(  # noqa: S603
        command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    log = LogFile(path)
    log.write((done.stdout + done.stderr).encode())
    log.close()
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise StackNotReady(f"{' '.join(command[1:])} ended with {done.returncode}:\n{tail}")


def _wait_until_ready(stack: Stack, processes: Processes) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while failing := failing_components(stack.base_url):
        if processes.ended():
            raise StackNotReady(f"a process of the stack ended while starting; see {stack.log_dir}")
        if time.monotonic() > deadline:
            raise StackNotReady(f"not ready after {_READY_SECONDS:.0f} s: {', '.join(failing)}; see {stack.log_dir}")
        time.sleep(0.5)


def _stop_postgres(settings: Settings) -> bool:
    return embedded_server(settings).stop()


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Hold the home's stack lock; it names its holder."""
    descriptor = os.open(settings.var / "stack.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = _recorded(settings).get("base_url", "and is still starting")
            raise UsageError(f"the stack of {settings.home} runs already: {where}; `make down` ends it") from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def _running_starter(settings: Settings) -> int | None:
    """The process that holds the stack lock, None when nobody does."""
    lock = settings.var / "stack.lock"
    if not lock.exists():
        return None
    with lock.open("r+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(stream.read() or 0) or None
    return None


def _state_file(settings: Settings) -> Path:
    return settings.var / "stack.json"


def _record(settings: Settings, stack: Stack) -> None:
    state = {
        "base_url": stack.base_url,
        "smtp_port": stack.smtp_port,
        "username": stack.username,
        "password": stack.password,
    }
    write_private(_state_file(settings), json.dumps(state, indent=1) + "\n")


def _recorded(settings: Settings) -> dict[str, str]:
    try:
        state: dict[str, str] = json.loads(_state_file(settings).read_text())
    except FileNotFoundError:
        return {}
    return state


@contextmanager
def _signals_raise_interrupt() -> Iterator[None]:
    """Let the first SIGINT, SIGTERM or SIGHUP unwind, so that every ``finally`` runs; a second one does not cut it short.

    Only a main thread may ask for that; elsewhere the caller's handling stays.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _step(name: str) -> Iterator[None]:
    """Say on one line what begins and, once it is done, how long it took."""
    started = time.monotonic()
    sys.stderr.write(f"… {name}")
    sys.stderr.flush()
    took = ""
    try:
        yield
        took = f": ready after {time.monotonic() - started:.1f} s"
    finally:
        _say(took)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


# --- commands --------------------------------------------------------------------------------------------------------


def _up(home: Path) -> int:
    with running_stack(home, to_terminal=True) as stack:
        while failing_components(stack.base_url) != ["api-server"]:
            time.sleep(5)
    _say(f"the api-server does not answer any more; what happened stands above and in {stack.log_dir}")
    return 1


def _say_where(stack: Stack) -> None:
    _say(
        f"\n  Airflow        {stack.base_url}   login: {stack.username} / {stack.password}\n"
        f"  more logins    {stack.env['AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE']}\n"
        f"  drop files at  {Settings.from_env(stack.env).bucket_url}/intake/<union_id>/\n"
        f"  mail sink      smtp://127.0.0.1:{stack.smtp_port}, messages in {stack.mail_dir}\n"
        f"  PostgreSQL     {stack.home / 'var' / 'postgres' / 'server.json'}\n"
        f"  logs           {stack.log_dir}/, a file for each process; below stand only warnings and errors\n"
        "  Ctrl-C or `make down` ends everything.\n"
    )


def _run_with(home: Path, command: Sequence[str]) -> int:
    with running_stack(home) as stack:
        return subprocess.run(command, env=stack.env, check=False).returncode  # noqa: S603


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this module; the home is NUANLIU_HOME, else the checkout."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    home = Settings.from_env().home
    try:
        match words:
            case ["up"]:
                return _up(home)
            case ["down"]:
                _say("everything is stopped" if stop_stack(home) else "nothing was running")
                return 0
            case ["run-with", "--", *command] if command:
                return _run_with(home, command)
    except KeyboardInterrupt:
        _say("stopped")
        return 130
    except NuanliuError as error:
        _say(f"nuanliu: {error.message}")
        return 2 if isinstance(error, UsageError) else 1
    _say("use: python -m nuanliu.running.stack up | down | run-with -- COMMAND…")
    return 2


if __name__ == "__main__":
    sys.exit(main())
