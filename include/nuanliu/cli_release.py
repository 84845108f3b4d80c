"""``nuanliu release``: an engineer lets a held row pass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuanliu.errors import UsageError
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

NEGATIVE = frozenset({"rejected", "held"})


def release(
    receipt_no: Annotated[str, typer.Argument(help="The receipt that holds the row, e.g. 620400-2024W49-001.")],
    row: Annotated[
        list[str],
        typer.Option(
            "--row", help="活动明细!7; the number alone for a CSV; 'file' for the file as a whole. Repeatable."
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; the union and the leaders read it.")],
    by: Annotated[str, typer.Option("--by", help="Who decided it.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")
    ] = False,
) -> None:
    """Let a held row's queries pass and answer its file again, as a new version of its week."""
    from nuanliu.operations.context import open_context
    from nuanliu.operations.releasing import release_rows
    from nuanliu.warehouse.migrating import is_current

    with open_context(Settings.from_env()) as ctx:
        if not is_current(ctx.engine):
            raise UsageError("the warehouse is not ready; run `nuanliu init` first")
        document = release_rows(ctx, receipt_no, rows=row, reason=reason, person=by)
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2) if as_json else release_lines(document))
    if document["receipt"]["status"] in NEGATIVE:
        raise typer.Exit(1)


def release_lines(document: Mapping[str, Any]) -> str:
    """What was let pass, and the receipt that says so."""
    from nuanliu.receipt import Receipt
    from nuanliu.reporting.receipt_text import receipt_text

    passed = (
        f"{query['sheet'] + '!' if query['sheet'] else ''}{query['row'] or 'file'}  {query['rule']}"
        for query in document["released"]
    )
    return "\n".join([*passed, "", receipt_text(Receipt.from_json(document["receipt"]))])
