"""Mails that may have arrived or were refused, until a person decides what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, insert, select, update

from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.tables import mail_decision, outbox

DOUBTFUL = ("uncertain", "refused")


@dataclass(frozen=True)
class DoubtfulMail:
    """One mail of the outbox."""

    mail_key: int
    purpose: str
    """edition/2024-W49/1, reminder/…, alert/…"""
    recipient: str
    state: str
    """uncertain or refused."""
    attempt_count: int
    """How often it was tried."""
    created_at: datetime
    last_error: str | None
    """What the server said last, or why nobody knows."""


@as_transient("listing doubtful mails")
def doubtful_mails(connection: Connection) -> list[DoubtfulMail]:
    """Every mail that waits for a decision, oldest first."""
    rows = connection.execute(
        select(
            outbox.c.mail_key,
            outbox.c.purpose,
            outbox.c.recipient,
            outbox.c.state,
            outbox.c.attempt_count,
            outbox.c.created_at,
            outbox.c.last_error,
        )
        .where(outbox.c.state.in_(DOUBTFUL), outbox.c.mail_key.not_in(_dropped()))
        .order_by(outbox.c.mail_key)
    )
    return [DoubtfulMail(*row) for row in rows]


@as_transient("counting mails that came to need a decision")
def count_ever_doubtful(connection: Connection, besides: str) -> int:
    """How often a mail came to need a decision, disposed ones too: it only ever grows, by one a mail and failed try.

    ``besides``: mails whose purpose starts so are not counted.
    """
    counted = ~outbox.c.purpose.startswith(besides, autoescape=True)
    resent = select(func.count()).select_from(mail_decision.join(outbox)).where(mail_decision.c.decision == "resend")
    now = select(func.count()).select_from(outbox).where(outbox.c.state.in_(DOUBTFUL))
    return sum(connection.execute(query.where(counted)).scalar_one() for query in (now, resent))


@as_transient("noting what becomes of a mail")
def dispose_mail(connection: Connection, mail_key: int, *, decision: str, person: str, decided_at: datetime) -> bool:
    """Note a decision, ``resend`` or ``drop``; a mail to resend is pending again. False when it waits for none."""
    state = connection.execute(
        select(outbox.c.state)
        .where(outbox.c.mail_key == mail_key, outbox.c.state.in_(DOUBTFUL))
        .where(outbox.c.mail_key.not_in(_dropped()))
        .with_for_update()
    ).scalar()
    if state is None:
        return False
    connection.execute(
        insert(mail_decision).values(
            mail_key=mail_key, state=state, decision=decision, person=person, decided_at=decided_at
        )
    )
    if decision == "resend":
        connection.execute(update(outbox).where(outbox.c.mail_key == mail_key).values(state="pending"))
    return True


def _dropped() -> Select[tuple[int]]:
    return select(mail_decision.c.mail_key).where(mail_decision.c.decision == "drop")
