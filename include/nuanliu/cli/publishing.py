"""``nuanliu publish``: a week's summary, published, or seen before it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from nuanliu.cli.answers import AsJson, command_context, exit_unless, print_answer
from nuanliu.errors import UsageError


def publish(
    week: Annotated[str, typer.Option("--week", help="ISO week, e.g. 2024-W49.")],
    send: Annotated[bool, typer.Option("--send", help="Mail it by the plans of contracts/publication.yaml.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Write its files, publish and mail nothing.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="With --preview: the folder; default var/previews/<week>.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Mail it to this address alone, marked as a trial; publish nothing.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Publish the next edition of a week if anything changed; or look at it first."""
    from nuanliu.operations.mailing.alerts import tell_gate_closed
    from nuanliu.operations.weeks.previewing import preview_week, send_trial
    from nuanliu.operations.weeks.publishing import publish_week

    if send + preview + (to is not None) > 1:
        raise UsageError("give one of --send, --preview and --to")
    if output is not None and not preview:
        raise UsageError("-o says where --preview writes; give it with --preview")
    with command_context() as ctx:
        if preview:
            document = preview_week(ctx, week, output)
        elif to is not None:
            document = send_trial(ctx, week, to)
        else:
            document = publish_week(ctx, week, send=send)
            if document["held"]:
                tell_gate_closed(ctx, document)
    print_answer(document, as_json, _words)
    exit_unless(not document["held"] and document.get("trial", {"state": "sent"})["state"] == "sent")


def _words(document: Any) -> str:
    lines = [f"{document['week']}: {document['reason']}", *document["files"]]
    if "trial" in document:
        lines.append(f"试发 {document['trial']['to']}: {document['trial']['state']}")
    return "\n".join(lines)
