"""Aliases that people confirmed: spellings confirmed for a union, and proposals that wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from nuanliu.domain.aliases import Aliases, NameProposal
from nuanliu.domain.receipt import Receipt
from nuanliu.errors import UsageError
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.storable_text import storable_text
from nuanliu.warehouse.schema.tables import learned_alias, name_proposal


class UnknownProposal(UsageError):
    """No proposal that waits has this number."""


@dataclass(frozen=True)
class StoredProposal:
    """A text that nobody knew, as the engineers' list shows it."""

    proposal_key: int
    union_id: str
    """The sender that wrote it."""
    kind: str
    """What it should have named: header, union, category or group."""
    folded_text: str
    """By which it is found again."""
    written_text: str
    """As it stood in the file."""
    proposed_id: str | None
    """The nearest entry; None when nothing is near."""
    first_receipt_no: str
    last_receipt_no: str
    first_seen_at: datetime
    """The arrival of the first drop that had it."""
    drop_count: int
    """How many drops had it."""
    state: str
    """open, confirmed or dismissed."""


@as_transient("reading confirmed names")
def read_aliases(connection: Connection, union_id: str) -> Aliases:
    """The confirmed spellings for one sender; its own before those that hold for everybody."""
    table = learned_alias.c
    rows = connection.execute(
        select(table.kind, table.folded_text, table.target_id)
        .where(or_(table.union_id.is_(None), table.union_id == union_id))
        .order_by(table.union_id.nulls_first(), table.kind, table.folded_text)
    )
    return Aliases(tuple((row.kind, row.folded_text, row.target_id) for row in rows))


def record_proposals(connection: Connection, proposals: Iterable[NameProposal], receipt: Receipt) -> None:
    """Put a drop's unknown names on the engineers' list, in the transaction of its numbered receipt."""
    for proposal in proposals:
        connection.execute(
            load_sql("warehouse", "name_proposal"),
            {
                "union_id": receipt.union_id,
                "kind": str(proposal.kind),
                "folded_text": storable_text(proposal.folded),
                "written_text": storable_text(proposal.text),
                "proposed_id": proposal.target,
                "receipt_no": receipt.receipt_no,
                "seen_at": receipt.received_at,
            },
        )


@as_transient("listing proposals")
def list_proposals(connection: Connection, *, only_open: bool) -> list[StoredProposal]:
    """Proposals, oldest first."""
    statement = select(name_proposal).order_by(name_proposal.c.proposal_key)
    if only_open:
        statement = statement.where(name_proposal.c.state == "open")
    return [StoredProposal(**row._mapping) for row in connection.execute(statement)]


@as_transient("disposing of a proposal")
def dispose_proposal(connection: Connection, proposal_key: int, state: str) -> StoredProposal:
    """Confirm or dismiss a proposal that waits. Raises: UnknownProposal."""
    row = connection.execute(
        name_proposal.update()
        .where(name_proposal.c.proposal_key == proposal_key, name_proposal.c.state == "open")
        .values(state=state)
        .returning(*name_proposal.c)
    ).one_or_none()
    if row is None:
        raise UnknownProposal(f"no open proposal {proposal_key}; see nuanliu proposals list")
    return StoredProposal(**row._mapping)


@as_transient("remembering a name")
def remember_alias(
    connection: Connection,
    *,
    union_id: str | None,
    kind: str,
    folded_text: str,
    target_id: str,
    person: str,
    confirmed_at: datetime,
) -> None:
    """Write a confirmed spelling; saying it again replaces what was said before."""
    connection.execute(
        load_sql("warehouse", "learned_alias"),
        {
            "union_id": union_id,
            "kind": kind,
            "folded_text": folded_text,
            "target_id": target_id,
            "person": person,
            "confirmed_at": confirmed_at,
        },
    )
