"""pg_dump and pg_restore: the programs that came with the server, run on an address without showing its password."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy import URL

from nuanliu.errors import Permanent
from nuanliu.storage.embedded.binaries import list_server_binaries

_NOT_INHERITED = "PG"


class DumpFailed(Permanent):
    """pg_dump or pg_restore ended with an error, or no program fits the server; the message holds its last words."""


def dump_database(url: URL, target: Path, *, server_major: int, snapshot: str, without_schema: str) -> None:
    """Write a database, as one transaction sees it, into a file in pg_dump's own format.

    ``snapshot``: from ``pg_export_snapshot()`` of a transaction that is still open. Raises: DumpFailed.
    """
    _run(
        _program("pg_dump", server_major),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--exclude-schema={without_schema}",
        f"--snapshot={snapshot}",
        f"--file={target}",
        url=url,
    )


def restore_database(url: URL, source: Path, *, server_major: int) -> None:
    """Fill a database from such a file, in one transaction: all of it or nothing. Tables of the same name go first.

    Raises: DumpFailed.
    """
    _run(
        _program("pg_restore", server_major),
        "--no-owner",
        "--no-privileges",
        "--clean",
        "--if-exists",
        "--single-transaction",
        "--exit-on-error",
        str(source),
        url=url,
    )


def list_dump(source: Path, *, server_major: int) -> list[str]:
    """The entries of such a file, one line each; no server is asked. Raises: DumpFailed when it cannot be read."""
    listed = _run(_program("pg_restore", server_major), "--list", str(source), url=None)
    return [line for line in listed.splitlines() if line and not line.startswith(";")]


def _program(name: str, server_major: int) -> str:
    """A program of the server's own version, else of the next newer one: an older one refuses the server."""
    fitting = [
        binaries
        for binaries in sorted(list_server_binaries(), key=lambda each: each.major)
        if binaries.major >= server_major and Path(binaries.program(name)).is_file()
    ]
    if not fitting:
        raise DumpFailed(f"no {name} for PostgreSQL {server_major} or newer was found on this machine")
    return fitting[0].program(name)


def _run(program: str, *arguments: str, url: URL | None) -> str:
    """What a program writes to its output. ``url`` None: it talks to no server."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(_NOT_INHERITED)}
    command = [program, *arguments]
    if url is not None:
        # Without the password: a command line can be read by everyone on the machine.
        address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        command.insert(1, f"--dbname={address.render_as_string()}")
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment | {"LC_ALL": "C"},
        check=False,
    )
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if "error" in line.lower()]
        raise DumpFailed(f"{Path(program).name} failed: {(errors or lines or ['(no output)'])[0]}")
    return done.stdout
