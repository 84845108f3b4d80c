"""``nuanliu revisions``: how first published figures fared later."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from nuanliu.cli.answers import AsJson, command_context, print_answer, union_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nuanliu.domain.documents import PublishedValueEntry, RecordedFigureEntry, RevisionsDocument


def revisions(
    weeks: Annotated[
        str | None,
        typer.Option(
            "--weeks", help="E.g. 2024-W23..2024-W48; default: those that the youngest summary looks back on."
        ),
    ] = None,
    measure: Annotated[str | None, typer.Option("--measure", help="Only this, e.g. people_served or 服务人数.")] = None,
    union: Annotated[
        str | None, typer.Option("--union", help="A union's own totals; default: the whole province.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was published first of each week, what later, and by how much first figures are revised."""
    from nuanliu.contract.code_lists import PROVINCE
    from nuanliu.operations.weeks.revision_inquiry import revisions as read_revisions

    union_id = PROVINCE if union is None else union_of(union)
    with command_context() as ctx:
        print_answer(
            read_revisions(ctx, weeks=weeks, measure=measure, union_id=union_id), as_json, revision_record_lines
        )


def revision_record_lines(document: RevisionsDocument) -> str:
    """Each measure: its record in a line, then the weeks in which it was revised."""
    return "\n".join(_lines(document))


def _lines(document: RevisionsDocument) -> Iterator[str]:
    from nuanliu.reporting.labels import measure_name, node_name

    weeks = f"{document['first_week']} 至 {document['last_week']}"
    yield f"{node_name(document['union_id'])}  {weeks}  首发数和后来的数"
    if not document["measures"]:
        yield "  其间没有发布过数字。"
    for record in document["measures"]:
        line = f"{measure_name(record['measure'])}({record['unit']}):发布 {record['weeks']} 周,上修 {record['up']} 周,下修 {record['down']} 周"
        if record["mean_pct"] is not None:
            line += f";平均修正 {_signed(record['mean_pct'])},九成在 {_signed(record['low_pct'])} 至 {_signed(record['high_pct'])} 之间"
        yield line
        yield from (_figure_line(figure) for figure in record["figures"] if len(figure["published"]) > 1)


def _figure_line(figure: RecordedFigureEntry) -> str:
    told = " → ".join(_told(value) for value in figure["published"])
    percent = "" if figure["revision_pct"] is None else f"  {_signed(figure['revision_pct'])}"
    return f"  {figure['week']}{percent}  {told}"


def _told(value: PublishedValueEntry) -> str:
    from nuanliu.domain.exactness import Exactness, show_figure

    shown = "无"
    if value["value"] is not None:
        shown = show_figure(Decimal(value["value"]), Exactness(value["exactness"] or "exact"))
    why = f",{value['reason']}" if value["reason"] else ""
    return f"{shown}({value['published_at'][:10]}{why})"


def _signed(percent: str | None) -> str:
    return f"{Decimal(percent or 0):+.1f}%"
