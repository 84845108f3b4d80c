"""``nuanliu logins``: accounts of a server's Airflow and of the board in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from nuanliu.cli.answers import AsJson, print_answer
from nuanliu.errors import UsageError
from nuanliu.settings import secret_in

logins_app = typer.Typer(no_args_is_help=True, help="Accounts of a server's Airflow, for the board and the DAGs.")


@logins_app.callback()
def _group() -> None:
    """Keeps ``add`` a command of its own while it is the only one."""


@logins_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    role: Annotated[str, typer.Option("--role", help="viewer, op or admin.")],
    email: Annotated[str | None, typer.Option("--email", help="Default: NAME@localhost.")] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file with the password; without it you are asked.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an account; one of that name that is there stays as it is."""
    from nuanliu.running.logins import add_login

    document = add_login(name, role, _password(password_file), email=email)
    print_answer(document, as_json, login_line)


def _password(file: Path | None) -> str:
    """Never from the command line, which everybody on the machine can read."""
    if file is not None:
        return secret_in(file, "--password-file")
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked for the password here; give --password-file")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def login_line(document: dict[str, Any]) -> str:
    """What became of the account."""
    if document["outcome"] == "kept":
        return f"{document['name']} is there already and stays as it is"
    return f"{document['name']} added as {document['role']}"
