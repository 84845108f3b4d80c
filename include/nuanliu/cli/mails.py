"""``nuanliu mails``: an engineer disposes of mails that may have arrived or were refused, and tries the mail server."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nuanliu.cli.answers import AsJson, command_context, print_answer
from nuanliu.errors import UsageError
from nuanliu.settings import Settings

mails_app = typer.Typer(no_args_is_help=True, help="Mails that may have arrived or were refused; a mail to try.")


@mails_app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Show the mails that wait for a decision."""
    from nuanliu.operations.decisions.mails import list_mails

    with command_context() as ctx:
        print_answer(list_mails(ctx), as_json, mail_lines)


@mails_app.command("settle")
def settle(
    mail_ids: Annotated[list[int], typer.Argument(help="Numbers of `nuanliu mails list`.")],
    by: Annotated[str, typer.Option("--by", help="Who decided it.")],
    resend: Annotated[bool, typer.Option("--resend", help="Send them once more, now.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Never send them again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide what becomes of mails; the decision is recorded."""
    from nuanliu.operations.decisions.mails import dispose_mails

    if resend == drop:
        raise UsageError("give --resend or --drop")
    with command_context() as ctx:
        print_answer(dispose_mails(ctx, mail_ids, resend=resend, person=by), as_json, mail_lines)


@mails_app.command("try")
def try_one(
    address: Annotated[str, typer.Argument(help="Who gets the mail.")],
    as_json: AsJson = False,
) -> None:
    """Send one mail now, and say what the mail server answered."""
    from nuanliu.operations.mailing.trying import try_mail

    print_answer(
        try_mail(Settings.from_env(), address),
        as_json,
        lambda answer: f"{answer['server']} took a mail from {answer['sender']} to {answer['recipient']}",
    )


def mail_lines(document: dict[str, Any]) -> str:
    """One line a mail, then what a delivery did and what still waits to be sent."""
    lines = [
        f"{mail['mail_id']:>6}  {mail['state']:<9} {mail['purpose']}  {mail['recipient']}  ×{mail['attempts']}"
        f"  {mail['created_at'][:10]}  {mail['error'] or ''}".rstrip()
        for mail in document["mails"]
    ]
    if "delivered" in document:
        delivered = document["delivered"]
        lines.append(", ".join(f"{delivered[name]} {name}" for name in ("sent", "retry", "refused", "uncertain")))
    return "\n".join([*(lines or ["no mail waits for a decision"]), f"{document['pending']} wait to be sent"])
