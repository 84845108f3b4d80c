"""``nuanliu recipients``: whether everybody who should get mail does."""

from __future__ import annotations

from typing import Any

import typer

from nuanliu.cli.answers import AsJson, exit_unless, print_answer
from nuanliu.settings import SHANGHAI, Settings

recipients_app = typer.Typer(no_args_is_help=True, help="Who gets which mail.")


@recipients_app.callback()
def _group() -> None:
    """Keeps ``check`` a command of its own while it is the only one."""


@recipients_app.command("check")
def check(as_json: AsJson = False) -> None:
    """Check the recipients file line by line, and show who would get what."""
    from nuanliu.operations.mailing.recipients import check_recipients

    settings = Settings.from_env()
    document = check_recipients(settings.recipients, settings.clock().astimezone(SHANGHAI).date())
    print_answer(document, as_json, recipient_lines)
    exit_unless(document["ok"])


def recipient_lines(document: dict[str, Any]) -> str:
    """What is wrong, then one line an address."""
    problems = [f"line {p['line']}: {p['problem']} {p['fix']}" for p in document["problems"]]
    lines = [
        f"{r['address']:<32} {r['role']:<9} {r['union_id'] or '-':<12} {'、'.join(r['gets'])}  {r['name']}".rstrip()
        for r in document["recipients"]
    ]
    return "\n".join([*problems, *lines]) or "no recipients"
