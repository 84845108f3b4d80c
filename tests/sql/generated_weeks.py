"""Weeks full of random reports, of every kind, scope, place and exactness, some corrected, some handed in late."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from tests.builders import activity
from tests.sql.reported import report, roll_up, week

from nuanliu.domain.submission import SubmissionType

if TYPE_CHECKING:
    from sqlalchemy import Connection

WEEKS = ("2024-W47", "2024-W48", "2024-W49")
_SENDERS = ("620000-own", "620100", "620102", "620300", "620302", "620400", "620171", "62Q001", "62ZZ01")
_PLACES = (None, "620000", "620100", "620102", "620171", "620200", "620302", "621122", "62ZZ01")
_KINDS = ("event", "event", "event", "campaign", "ytd", "cumulative_since", "stock", "planned")
_MEASURES = ("people_served", "funds_total", "sessions")
_EXACTNESS = ("exact", "exact", "exact", "over", "under", "approx")


def load_generated(connection: Connection, seed: int) -> None:
    """Three weeks of reports from nine unions, a few of them corrected afterwards; marts rebuilt."""
    random = Random(seed)
    for of_week in WEEKS:
        for sender in random.sample(_SENDERS, 7):
            report(connection, sender, of_week, _activities(random, sender, of_week))
    roll_up(connection, *WEEKS)
    for sender in random.sample(_SENDERS, 2):
        corrected = _activities(random, sender, WEEKS[0])
        loaded = report(connection, sender, WEEKS[0], corrected, submission_type=SubmissionType.CORRECTION)
        roll_up(connection, *loaded.weeks)


def _activities(random: Random, sender: str, of_week: str) -> list[dict[str, Any]]:
    sunday = week(of_week).sunday
    return [_activity(random, number, sender, sunday) for number in range(random.randint(1, 6))]


def _activity(random: Random, number: int, sender: str, sunday: date) -> dict[str, Any]:
    kind = random.choice(_KINDS)
    days_before = random.choice((0, 0, 1, 3, 8))
    measures = random.sample(_MEASURES, random.randint(1, len(_MEASURES)))
    counties = {"620100": ("620100", "620102"), "620300": ("620300", "620302")}
    return activity(
        f"活动{number}",
        random.choice(("condolence", "meals", "legal")),
        {measure: (random.randint(0, 500), random.choice(_EXACTNESS)) for measure in measures},
        period_kind=kind,
        scope=random.choice(("own", "own", "own", "inclusive")),
        since_on=random.choice((date(2022, 1, 1), date(2024, 11, 7))) if kind == "cumulative_since" else None,
        end_on=sunday - timedelta(days=days_before),
        organizer_union_id=random.choice(counties.get(sender, (sender,))),
        place_division=random.choice(_PLACES),
        campaign_id=random.choice((None, "care-new-employment-health", "暖冬/行动")),
    )
