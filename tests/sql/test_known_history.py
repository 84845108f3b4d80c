"""A random history of reports and publications: what was known is never altered, and each change is told where it must be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from tests.builders import activity
from tests.sql.reported import document, report, roll_up, week

from nuanliu.domain.submission import SubmissionType
from nuanliu.operations.weeks.known_at import edition_known_at, edition_numbered
from nuanliu.warehouse.marts.editions import latest_edition, save_edition

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from nuanliu.operations.context import Context

WEEKS = ("2024-W47", "2024-W48", "2024-W49")
UNIONS = ("620400", "620402", "620300")
START = datetime(2024, 12, 9, 10, 0, tzinfo=UTC)


def values(listed: dict[str, Any]) -> dict[str, str]:
    return {figure["figure_id"]: figure["value"] for figure in listed["figures"]}


def frozen(listed: dict[str, Any]) -> str:
    return json.dumps(listed, sort_keys=True)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_known_at_any_publication_is_that_editions_figures(warehouse: Engine, seed: int) -> None:
    """Publications, and what the readers of each week were told by them, kept here as the history goes on."""
    random = Random(seed)
    published: list[tuple[str, datetime, int, str]] = []
    told: dict[str, dict[str, str]] = {}
    ever: dict[str, set[str]] = {}
    for hour in range(24):
        now = START + timedelta(hours=hour)
        with warehouse.begin() as connection:
            if random.random() < 0.6:
                of_week = random.choice(WEEKS)
                rows = [activity(figures={"people_served": random.randint(1, 3)})]
                union_id = random.choice(UNIONS)
                correction = SubmissionType.CORRECTION
                sent = report(connection, union_id, of_week, rows, submission_type=correction, received_at=now)
                roll_up(connection, *sent.weeks)
                continue
            of_week = random.choice(WEEKS)
            listed = document(connection, of_week)
            number = save_edition(connection, listed, files={}, published_at=now)
            if number is None:
                continue
            published.append((of_week, now, number, frozen({**listed, "edition": number})))
            # The steps lead from what the week's readers were told last to what they are told now, but for figures that
            # they never saw before.
            own = {line["figure_id"]: line["new"] for line in listed["revisions"] if line["week"] == of_week}
            before = told.get(of_week)
            if before is None:
                assert own == {}
            else:
                after = {**before, **own}
                shown = {name: value for name, value in values(listed).items() if name in ever[of_week]}
                assert {name: value for name, value in after.items() if value is not None} == shown
            told[of_week] = values(listed)
            ever.setdefault(of_week, set()).update(told[of_week])
    assert len(published) > 4
    assert any(number > 1 for _, _, number, _ in published)
    # Only the engine of a context is looked at.
    ctx = cast("Context", SimpleNamespace(engine=warehouse))
    for place, (of_week, instant, number, known) in enumerate(published):
        assert frozen(edition_numbered(ctx, of_week, number).document) == known
        later = next(
            (when for name, when, *_ in published[place + 1 :] if name == of_week), instant + timedelta(days=9)
        )
        for moment in (instant, later - timedelta(seconds=1)):
            assert frozen(edition_known_at(ctx, of_week, moment).document) == known


def revised_weeks(connection: Connection, of_week: str) -> list[str]:
    edition = latest_edition(connection, week(of_week))
    assert edition is not None
    return sorted({line["week"] for line in edition.document["revisions"]})


def test_a_change_is_told_in_the_weeks_next_edition_and_the_first_one_after_it_and_nowhere_else(
    warehouse: Engine,
) -> None:
    every = ("2024-W46", "2024-W47", "2024-W48", "2024-W49")
    changed, following = "2024-W47", "2024-W48"
    with warehouse.begin() as connection:
        at = iter(START + timedelta(hours=hour) for hour in range(40))

        def say(of_week: str, union_id: str, value: int) -> None:
            rows = [activity(figures={"people_served": value})]
            sent = report(
                connection, union_id, of_week, rows, submission_type=SubmissionType.CORRECTION, received_at=next(at)
            )
            roll_up(connection, *sent.weeks)

        def publish_all() -> None:
            for of_week in every:
                save_edition(connection, document(connection, of_week), files={}, published_at=next(at))

        for of_week in every:
            say(of_week, "620400", 100)
        publish_all()
        say(changed, "620400", 90)
        for of_week in every:  # each week has something of its own to publish
            say(of_week, "620300", 5)
        publish_all()
        assert {of_week: revised_weeks(connection, of_week) for of_week in every} == {
            "2024-W46": list(every),  # the first of whatever week
            changed: [changed],
            following: [following],
            "2024-W49": ["2024-W49"],
        }
        for teller in ("2024-W46", changed):
            lines = [line for line in _revisions(connection, teller) if line["week"] == changed]
            told = {(line["old"], line["new"]) for line in lines if "/620400/all/" in line["figure_id"]}
            assert told == {("100", "90")}
        for of_week in every:
            say(of_week, "620500", 1)
        publish_all()
        # 620400 of the changed week is told by nobody again.
        again = [line["figure_id"] for of_week in every for line in _revisions(connection, of_week)]
        assert not [figure_id for figure_id in again if "/620400/" in figure_id]


def _revisions(connection: Connection, of_week: str) -> list[dict[str, Any]]:
    edition = latest_edition(connection, week(of_week))
    assert edition is not None
    return list(edition.document["revisions"])
