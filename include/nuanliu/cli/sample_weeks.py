"""``nuanliu sample-weeks``: a past for a warehouse that has none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuanliu.cli.answers import AsJson, command_context, print_answer, say
from nuanliu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def sample_weeks(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A new folder for the files and what must come of them.")
    ] = None,
    load: Annotated[bool, typer.Option("--load", help="Take them in here, and publish each week.")] = False,
    last: Annotated[str, typer.Option("--last", help="The last week.")] = "2024-W48",
    weeks: Annotated[int, typer.Option("--weeks", help="How many.")] = 60,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same weeks.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Make weeks that never were, as unions' workbooks; or take them in, in a warehouse that holds nothing else."""
    from nuanliu.domain.reporting_week import ReportingWeek
    from nuanliu.running.sample_past.playing import Past, play_past, write_past

    if load == (output is not None):
        raise UsageError("give -o FOLDER to write the files, or --load to take them in")
    past = Past.ending(ReportingWeek.parse(last), weeks, seed)
    if output is not None:
        document = write_past(past, output, say)
    else:
        with command_context() as ctx:
            document = play_past(ctx, past, say)
    print_answer(document, as_json, _words)


def _words(document: Mapping[str, Any]) -> str:
    span = f"{document['first_week']} 至 {document['last_week']}"
    if "folder" in document:
        return f"{span}:{document['files']} 个文件,在 {document['folder']}"
    return f"{span}:受理 {document['files']} 个文件,发布 {document['editions']} 版"
