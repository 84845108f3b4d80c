"""Short ways of writing histories: rows, drops and publications with defaults, times that follow each other."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from tests.model.drops import Amount, Drop, Publish, Row
from tests.model.history import History
from tests.model.versions import Answer
from tests.model.weeks import sunday

CITY, COUNTY, OTHER_CITY, OTHER_COUNTY = "620400", "620402", "620500", "620502"
W47, W48, W49, W50 = "2024-W47", "2024-W48", "2024-W49", "2024-W50"
OUTCOMES = ("accepted", "returned", "held", "ignored")
SHANGHAI = timezone(timedelta(hours=8))


def said(people: int | None = None, name: str = "慰问活动", exactness: str = "exact", **cells: object) -> Row:
    """A row of 送温暖慰问; numbers of other measures are given as ``funds_total=100``."""
    measures = {"people_served": people}
    for measure in ("goods_items", "sessions", "funds_total", "service_visits"):
        measures[measure] = cells.pop(measure, None)
    amounts = tuple((key, Amount(Decimal(value), exactness)) for key, value in measures.items() if value is not None)
    return Row(**{"name": name, "category": "condolence", "measures": amounts, **cells})


def when(week: str, minutes: int = 0) -> datetime:
    """Monday 09:00 after the week, and so many minutes."""
    return datetime.combine(sunday(week) + timedelta(days=1), datetime.min.time(), SHANGHAI) + timedelta(
        hours=9, minutes=minutes
    )


def sent(week: str, *rows: Row, union: str = CITY, minutes: int = 0, arrived: datetime | None = None, **more) -> Drop:
    """A drop that arrives on the Monday after its week."""
    return Drop(union, arrived or when(week, minutes), week, rows, **more)


def published(week: str, minutes: int = 600) -> Publish:
    return Publish(when(week, minutes), week)


def answer_to(history: History, drop: Drop) -> Answer:
    return next(answer for answer in history.answers if answer.drop == drop)


def count_rows(answer: Answer) -> dict[str, int]:
    """received = accepted + returned + held + ignored (contract §3)."""
    outcomes = Counter(row.outcome for row in answer.rows)
    return {"received": len(answer.rows), **{name: outcomes[name] for name in OUTCOMES}}


def day(text: str) -> date:
    """``12-05`` of 2024, or a whole ISO date."""
    return date.fromisoformat(text if len(text) == 10 else f"2024-{text}")
