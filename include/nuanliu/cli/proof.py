"""``nuanliu proof``: an edited 简报 held against the edition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nuanliu.cli.answers import AsJson, command_context, exit_unless, print_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nuanliu.domain.documents import ProofDocument


def proof(
    file: Annotated[Path, typer.Argument(help="The edited copy of summary.docx, as .docx.")],
    week: Annotated[str, typer.Option("--week", help="ISO week, e.g. 2024-W49.")],
    edition: Annotated[
        int | None, typer.Option("--edition", help="Default: the one that the copy was made of, else the last.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Name every number, unit and name of an edited 简报 that is not what the edition says; exit 1 if there is any."""
    from nuanliu.operations.weeks.proofing import proof as hold_against_edition
    from nuanliu.reporting.proof.proving import has_differences

    with command_context() as ctx:
        document = hold_against_edition(ctx, file, week, edition)
    print_answer(document, as_json, proof_lines)
    exit_unless(not has_differences(document))


def proof_lines(document: ProofDocument) -> str:
    """What differs first, then what is rounded and what is not of the edition, then how many are as they were."""
    return "\n".join(_lines(document))


def _lines(document: ProofDocument) -> Iterator[str]:
    numbers = document["numbers"]
    told = {
        verdict: [each for each in numbers if each["verdict"] == verdict]
        for verdict in ("differs", "rounded", "unknown")
    }
    yield f"{document['week']} 第{document['edition']}版"
    for each in told["differs"]:
        figure = f"  {each['figure_id']}" if each["figure_id"] else ""
        yield f"  不符  {each['place']}  {each['text']},应为 {each['expected']}{figure}"
    for name in document["names"]:
        yield f"  不符  {name['place']}  {name['text']},应为 {name['expected']}"
    for each in told["rounded"]:
        yield f"  取整  {each['place']}  {each['text']},原为 {each['expected']}"
    for each in told["unknown"]:
        yield f"  版中没有  {each['place']}  {each['text']},请自行核对"
    differing = len(told["differs"]) + len(document["names"])
    equal = len(numbers) - sum(map(len, told.values()))
    yield f"  共 {len(numbers)} 个数:相符 {equal},取整 {len(told['rounded'])},版中没有 {len(told['unknown'])};不符 {differing} 处。"
