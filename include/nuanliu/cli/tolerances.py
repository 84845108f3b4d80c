"""``nuanliu tolerance``: standing answers to a rule's queries, so that unions are not asked again."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nuanliu.cli.answers import AsJson, UnionOption, command_context, print_answer, union_of

tolerance_app = typer.Typer(no_args_is_help=True, help="Standing answers to a rule's queries, for one union.")

Person = Annotated[str, typer.Option("--person", help="Who decided it.")]


@tolerance_app.command("add")
def add(
    union: UnionOption,
    rule: Annotated[str, typer.Option("--rule", help="Rule id, e.g. time.event.jump.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; the union reads it in its receipt.")],
    person: Person,
    until: Annotated[str, typer.Option("--until", help="Its last day, e.g. 2025-03-31.")],
    measure: Annotated[str | None, typer.Option("--measure", help="Only this measure.")] = None,
    limit: Annotated[str | None, typer.Option("--limit", help="Up to this value, in the measure's base unit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let a union's figures pass a rule until a day."""
    from nuanliu.operations.decisions.tolerances import add_tolerance

    with command_context() as ctx:
        document = add_tolerance(
            ctx,
            union_id=union_of(union),
            rule=rule,
            measure=measure,
            limit=limit,
            reason=reason,
            person=person,
            expires=until,
        )
    print_answer(document, as_json, tolerance_lines)


@tolerance_app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Show every tolerance that was given."""
    from nuanliu.operations.decisions.tolerances import tolerances

    with command_context() as ctx:
        print_answer(tolerances(ctx), as_json, tolerance_lines)


@tolerance_app.command("end")
def end(
    tolerance_id: Annotated[int, typer.Argument(help="A number of `nuanliu tolerance list`.")],
    person: Person,
    as_json: AsJson = False,
) -> None:
    """End a tolerance before its last day."""
    from nuanliu.operations.decisions.tolerances import end_tolerance

    with command_context() as ctx:
        document = end_tolerance(ctx, tolerance_id, person=person)
    print_answer(document, as_json, tolerance_lines)


def tolerance_lines(document: dict[str, Any]) -> str:
    """One line a tolerance."""
    lines = [
        f"{t['tolerance_id']:>4}  {t['state']:<8} {t['union_id']}  {t['rule']}  {t['measure'] or '*'}"
        f"  ≤ {t['limit'] or '*'}  until {t['expires_on']}  {t['person']}: {t['reason']}"
        for t in document["tolerances"]
    ]
    return "\n".join(lines) or "no tolerances"
