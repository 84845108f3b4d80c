"""What was learned from people: spellings confirmed for a union, proposals that wait, and tolerances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nuanliu.domain.aliases import LearnedAliases
from nuanliu.domain.tolerance import Tolerance
from nuanliu.errors import UsageError
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.schema.outages import passing_outages
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.storable_text import storable_text
from nuanliu.warehouse.schema.tables import learned_alias, name_proposal, tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from nuanliu.domain.aliases import NameProposal
    from nuanliu.domain.receipt import Receipt


class UnknownProposal(UsageError):
    """No proposal that waits has this number."""


class UnknownTolerance(UsageError):
    """No tolerance that still runs has this number."""


@dataclass(frozen=True)
class StoredProposal:
    """A text that nobody knew, as the engineers' list shows it."""

    proposal_key: int
    union_id: str
    kind: str
    folded_text: str
    written_text: str
    proposed_id: str | None
    first_receipt_no: str
    last_receipt_no: str
    first_seen_at: datetime
    drop_count: int
    state: str


@passing_outages("reading learned names")
def read_learned(connection: Connection, union_id: str) -> LearnedAliases:
    """The confirmed spellings for one sender; its own before those that hold for everybody."""
    from sqlalchemy import or_, select

    table = learned_alias.c
    rows = connection.execute(
        select(table.kind, table.folded_text, table.target_id)
        .where(or_(table.union_id.is_(None), table.union_id == union_id))
        .order_by(table.union_id.nulls_first(), table.kind, table.folded_text)
    )
    return LearnedAliases(tuple((row.kind, row.folded_text, row.target_id) for row in rows))


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


@passing_outages("listing proposals")
def list_proposals(connection: Connection, *, only_open: bool) -> list[StoredProposal]:
    """Proposals, oldest first."""
    from sqlalchemy import select

    statement = select(name_proposal).order_by(name_proposal.c.proposal_key)
    if only_open:
        statement = statement.where(name_proposal.c.state == "open")
    return [StoredProposal(**row._mapping) for row in connection.execute(statement)]


@passing_outages("settling a proposal")
def settle_proposal(connection: Connection, proposal_key: int, state: str) -> StoredProposal:
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


@passing_outages("remembering a name")
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


@passing_outages("reading tolerances")
def tolerances_in_force(connection: Connection, union_id: str, at: datetime) -> tuple[Tolerance, ...]:
    """A union's tolerances at the arrival of a file: given before it, not ended, and good to the end of their last day."""
    rows = connection.execute(
        load_sql("warehouse", "tolerance_in_force"),
        {"union_id": union_id, "at": at, "on_day": at.astimezone(SHANGHAI).date()},
    )
    return tuple(
        Tolerance(
            tolerance_id=row.tolerance_key,
            rule=row.rule,
            measure_id=row.measure_id,
            limit_cents=None if row.limit_value is None else int(row.limit_value * 100),
            reason=row.reason,
            expires_on=row.expires_on,
        )
        for row in rows
    )


@passing_outages("adding a tolerance")
def add_tolerance(
    connection: Connection,
    *,
    union_id: str,
    rule: str,
    measure_id: str | None,
    limit_value: Decimal | None,
    reason: str,
    person: str,
    created_at: datetime,
    expires_on: date,
) -> int:
    """Write a tolerance; returns its number."""
    values = {
        "union_id": union_id,
        "rule": rule,
        "measure_id": measure_id,
        "limit_value": limit_value,
        "reason": reason,
        "person": person,
        "created_at": created_at,
        "expires_on": expires_on,
    }
    statement = tolerance.insert().values(values).returning(tolerance.c.tolerance_key)
    return int(connection.execute(statement).scalar_one())


@passing_outages("listing tolerances")
def list_tolerances(connection: Connection) -> list[dict[str, Any]]:
    """Every tolerance that was ever given, oldest first; columns of the table."""
    from sqlalchemy import select

    rows = connection.execute(select(tolerance).order_by(tolerance.c.tolerance_key))
    return [dict(row._mapping) for row in rows]


@passing_outages("ending a tolerance")
def end_tolerance(connection: Connection, tolerance_key: int, *, person: str, ended_at: datetime) -> None:
    """End a tolerance before it expires. Raises: UnknownTolerance when none runs under this number."""
    ended = connection.execute(
        tolerance.update()
        .where(tolerance.c.tolerance_key == tolerance_key, tolerance.c.ended_at.is_(None))
        .values(ended_at=ended_at, ended_by=person)
    ).rowcount
    if not ended:
        raise UnknownTolerance(f"no running tolerance {tolerance_key}; see nuanliu tolerance list")
