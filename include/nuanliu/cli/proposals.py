"""``nuanliu proposals``: names and headers that nobody knew, confirmed or dismissed once."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nuanliu.cli.answers import AsJson, command_context, print_answer

proposals_app = typer.Typer(no_args_is_help=True, help="Names and headers that nobody knew.")

Person = Annotated[str, typer.Option("--person", help="Who decided it.")]
ProposalId = Annotated[int, typer.Argument(help="A number of `nuanliu proposals list`.")]


@proposals_app.command("list")
def list_proposals(
    everything: Annotated[bool, typer.Option("--all", help="Confirmed and dismissed ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what nobody knew, and what it may mean."""
    from nuanliu.operations.decisions.aliases import proposals

    with command_context() as ctx:
        print_answer(proposals(ctx, only_open=not everything), as_json, proposal_lines)


@proposals_app.command("confirm")
def confirm(
    proposal_id: ProposalId,
    person: Person,
    target: Annotated[str | None, typer.Option("--as", help="Id, name or header; default: as proposed.")] = None,
    for_all: Annotated[
        bool, typer.Option("--for-all", help="For every union, not only the one that wrote it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what a text means; from now on it is read so."""
    from nuanliu.operations.decisions.aliases import confirm_proposal

    with command_context() as ctx:
        document = confirm_proposal(ctx, proposal_id, target=target, person=person, for_all=for_all)
    print_answer(document, as_json, proposal_lines)


@proposals_app.command("dismiss")
def dismiss(proposal_id: ProposalId, as_json: AsJson = False) -> None:
    """Take a text off the list; it stays unknown."""
    from nuanliu.operations.decisions.aliases import dismiss_proposal

    with command_context() as ctx:
        document = dismiss_proposal(ctx, proposal_id)
    print_answer(document, as_json, proposal_lines)


def proposal_lines(document: dict[str, Any]) -> str:
    """One line a proposal."""
    lines = [
        f"{p['proposal_id']:>4}  {p['state']:<9} {p['union_id']}  {p['kind']:<8} “{p['text']}” → "
        f"{p.get('target') or p['proposed'] or '?'}  ×{p['count']}  {p['receipt_no']}  {p['first_seen'][:10]}"
        for p in document["proposals"]
    ]
    return "\n".join(lines) or "no proposals"
