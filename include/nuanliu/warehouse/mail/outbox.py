"""The outbox: a mail is written down with what it reports, and sent at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.dialects.postgresql import insert

from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.tables import outbox


@dataclass(frozen=True)
class OutboxMail:
    """One mail to one recipient."""

    mail_key: int
    purpose: str
    recipient: str
    message: bytes


@as_transient("writing a mail down")
def enqueue(
    connection: Connection, *, purpose: str, recipient: str, message_id: str, message: bytes, created_at: datetime
) -> bool:
    """Put one mail in the outbox; False when this purpose and recipient have one already."""
    done = connection.execute(
        insert(outbox)
        .values(
            purpose=purpose,
            recipient=recipient,
            message_id=message_id,
            message=message,
            state="pending",
            created_at=created_at,
        )
        # Whichever: one who writes the same mail at the same moment may be met at the message id first.
        .on_conflict_do_nothing()
        .returning(outbox.c.mail_key)
    )
    return done.scalar() is not None


@as_transient("looking for interrupted mails")
def mark_interrupted(engine: Engine) -> int:
    """Mails that a dead process was sending become ``uncertain``: shown to people, never silently repeated.

    The caller holds the delivery lock, so nobody else is sending. Returns how many there were.
    """
    with engine.begin() as connection:
        return connection.execute(
            update(outbox)
            .where(outbox.c.state == "sending")
            .values(state="uncertain", last_error="the sending process ended before the server's answer was noted")
        ).rowcount


@as_transient("doubting mails")
def doubt_mails(connection: Connection, purpose: str, reason: str) -> None:
    """Pending mails of a purpose become ``uncertain``: nobody knows whether they were sent, so none is sent again."""
    connection.execute(
        update(outbox)
        .where(outbox.c.purpose == purpose, outbox.c.state == "pending")
        .values(state="uncertain", last_error=reason)
    )


@as_transient("looking for the next mail")
def next_pending(engine: Engine, after: int = 0) -> int | None:
    """The key of the oldest pending mail that is younger than the one of a key; None when there is none."""
    with engine.connect() as connection:
        query = select(func.min(outbox.c.mail_key)).where(outbox.c.state == "pending", outbox.c.mail_key > after)
        return connection.execute(query).scalar()


@as_transient("taking a mail")
def take_mail(engine: Engine, mail_key: int) -> OutboxMail | None:
    """A pending mail, marked ``sending`` and committed before it is handed out; None when it is not pending any more."""
    with engine.begin() as connection:
        row = connection.execute(
            update(outbox)
            .where(outbox.c.mail_key == mail_key, outbox.c.state == "pending")
            .values(state="sending", attempt_count=outbox.c.attempt_count + 1)
            .returning(outbox.c.mail_key, outbox.c.purpose, outbox.c.recipient, outbox.c.message)
        ).first()
    return None if row is None else OutboxMail(row.mail_key, row.purpose, row.recipient, bytes(row.message))


@as_transient("noting what became of a mail")
def record_outcome(
    engine: Engine, mail_key: int, *, state: str, error: str | None = None, sent_at: datetime | None = None
) -> None:
    """Note what became of a mail: sent, pending (try again), uncertain or refused."""
    with engine.begin() as connection:
        connection.execute(
            update(outbox).where(outbox.c.mail_key == mail_key).values(state=state, last_error=error, sent_at=sent_at)
        )


@as_transient("looking at a mail")
def state_of(connection: Connection, message_id: str) -> str | None:
    """What became of a mail; None when the outbox has none of that id."""
    return connection.execute(select(outbox.c.state).where(outbox.c.message_id == message_id)).scalar()


@as_transient("counting pending mails")
def count_pending(engine: Engine, created_before: datetime | None = None) -> int:
    """How many mails wait to be sent; only those written down before an instant, when one is given."""
    query = select(func.count()).where(outbox.c.state == "pending")
    if created_before is not None:
        query = query.where(outbox.c.created_at < created_before)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


@as_transient("counting the mails")
def count_by_state(connection: Connection, purpose: str | None = None) -> dict[str, int]:
    """How many mails are in each state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    if purpose is not None:
        query = query.where(outbox.c.purpose == purpose)
    return dict(iter(connection.execute(query)))
