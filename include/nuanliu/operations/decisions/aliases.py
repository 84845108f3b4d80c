"""The engineers' list of names that nobody knew: look at it, confirm or dismiss. Only what is confirmed is used."""

from __future__ import annotations

from typing import Any

from nuanliu.contract.code_lists import PROVINCE, PROVINCE_OWN, CodeList, N, codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.domain import schemas
from nuanliu.domain.aliases import AliasKind
from nuanliu.errors import UsageError
from nuanliu.operations.context import Context
from nuanliu.operations.decisions.tolerances import required
from nuanliu.warehouse.submissions.aliases import StoredProposal, dispose_proposal, list_proposals, remember_alias


def proposals(ctx: Context, *, only_open: bool = True) -> dict[str, Any]:
    """``nuanliu.proposals/1``: the texts that nobody knew, oldest first."""
    with ctx.engine.connect() as connection:
        return {
            "schema": schemas.PROPOSALS,
            "proposals": [_document(stored) for stored in list_proposals(connection, only_open=only_open)],
        }


def confirm_proposal(
    ctx: Context, proposal_id: int, *, target: str | None, person: str, for_all: bool = False
) -> dict[str, Any]:
    """Remember what a text means, for its union or for everybody; the next file that says it is read so.

    ``target``: an id, name or header of the text's kind; None: what was proposed. Returns the proposal.
    Raises: UnknownProposal; UsageError when the target names nothing of that kind.
    """
    name = required(person, "--person")
    with ctx.engine.begin() as connection:
        stored = dispose_proposal(connection, proposal_id, "confirmed")
        wanted = target or stored.proposed_id
        if wanted is None:
            raise UsageError(f"nothing was proposed for {stored.written_text!r}; say what it means with --as")
        target_id = find_target(AliasKind(stored.kind), wanted)
        remember_alias(
            connection,
            union_id=None if for_all else stored.union_id,
            kind=stored.kind,
            folded_text=stored.folded_text,
            target_id=target_id,
            person=name,
            confirmed_at=ctx.settings.clock(),
        )
    return {"schema": schemas.PROPOSALS, "proposals": [{**_document(stored), "target": target_id, "for_all": for_all}]}


def dismiss_proposal(ctx: Context, proposal_id: int) -> dict[str, Any]:
    """Take a proposal off the list without using it. Raises: UnknownProposal."""
    with ctx.engine.begin() as connection:
        stored = dispose_proposal(connection, proposal_id, "dismissed")
    return {"schema": schemas.PROPOSALS, "proposals": [_document(stored)]}


def find_target(kind: AliasKind, text: str) -> str:
    """The id of a union, category, group, column or measure by id, name or header. Raises: UsageError."""
    if kind is AliasKind.HEADER:
        target, nearest = _column(text), codes().measures.nearest(text)
    elif kind is AliasKind.UNION:
        target, nearest = _entry(codes().unions.list, text)
    elif kind is AliasKind.CATEGORY:
        target, nearest = _entry(codes().categories, text)
    else:
        target, nearest = _entry(codes().groups, text)
    if target is None:
        raise UsageError(f"no {kind} is called {text!r}; nearest: {', '.join(nearest) or 'none'}")
    # Whatever a file calls the province is 省本级: nobody reports as 620000.
    return PROVINCE_OWN if kind is AliasKind.UNION and target == PROVINCE else target


def _entry(entries: CodeList[N], text: str) -> tuple[str | None, tuple[str, ...]]:
    """The id a text names, and names like it."""
    found = entries.find(text)
    return (found.id if found is not None else None), entries.nearest(text)


def _column(text: str) -> str | None:
    columns = input_contract().columns
    if text in columns:
        return text
    folded = fold_label(text)
    by_header = {fold_label(column.header): column.id for column in columns.values()}
    by_header |= {fold_label(measure.header): measure.id for measure in codes().measures}
    found = codes().measures.find(text)
    return found.id if found is not None else by_header.get(folded)


def _document(stored: StoredProposal) -> dict[str, Any]:
    return {
        "proposal_id": stored.proposal_key,
        "union_id": stored.union_id,
        "kind": stored.kind,
        "text": stored.written_text,
        "proposed": stored.proposed_id,
        "first_seen": stored.first_seen_at.isoformat(),
        "count": stored.drop_count,
        "receipt_no": stored.first_receipt_no,
        "last_receipt_no": stored.last_receipt_no,
        "state": stored.state,
    }
