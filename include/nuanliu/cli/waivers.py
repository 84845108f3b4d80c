"""``nuanliu release``: an engineer lets a held row pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuanliu.cli.answers import NEGATIVE, AsJson, command_context, exit_unless, print_answer

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    as_json: AsJson = False,
) -> None:
    """Let a held row's queries pass and answer its file again, as a new version of its week."""
    from nuanliu.operations.decisions.waivers import waive_rows

    with command_context() as ctx:
        document = waive_rows(ctx, receipt_no, rows=row, reason=reason, person=by)
    print_answer(document, as_json, waiver_lines)
    exit_unless(document["receipt"]["status"] not in NEGATIVE)


def waiver_lines(document: Mapping[str, Any]) -> str:
    """What was let pass, and the receipt that says so."""
    from nuanliu.domain.receipt import Receipt
    from nuanliu.reporting.receipts.receipt_text import receipt_text

    passed = (
        f"{query['sheet'] + '!' if query['sheet'] else ''}{query['row'] or 'file'}  {query['rule']}"
        for query in document["released"]
    )
    return "\n".join([*passed, "", receipt_text(Receipt.from_json(document["receipt"]))])
