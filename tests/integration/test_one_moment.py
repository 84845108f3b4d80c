"""An edition is one moment: what is answered while it is made stands in it wholly or not at all, and in the next one then.

An intake is let loose before a statement or commit of a publication, in a session of its own, and runs to its end or until it
waits for a lock of the publication's: before every eleventh one here, before every single one in ``make soak``.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text
from tests.builders import activity
from tests.patching import replace_everywhere
from tests.rounds import TO_THE_FULL
from tests.sql.reported import report, roll_up

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import SubmissionType
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.marts.editions import Edition, read_editions
from nuanliu.warehouse.marts.reconcile import reconcile_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

FIRST_WEEK = ReportingWeek.parse("2023-W10")
SOON = 30.0
EVERY = 1 if TO_THE_FULL else 11


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def other(warehouse_dsn: str) -> Iterator[Engine]:
    """The warehouse of another process."""
    engine = open_engine(warehouse_dsn)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loads come without a bucket, and files are not what is looked at."""
    replace_everywhere(
        monkeypatch,
        "nuanliu.operations.weeks.reconciling.reconcile_at_rest",
        lambda *_: {"ok": True, "differences": []},
    )
    replace_everywhere(
        monkeypatch, "nuanliu.reporting.summary.files.render_summary_files", lambda *_, **__: {"summary.json": b"{}"}
    )


def load(engine: Engine, week: ReportingWeek, union_id: str, people: int, **more: Any) -> None:
    """What the intake does with one file: load it, and roll up what waits."""
    rows = [activity(f"慰问 {week}", figures={"people_served": people}, start_on=week.monday)]
    with engine.begin() as connection:
        weeks = report(connection, union_id, str(week), rows, **more).weeks
    with engine.begin() as connection:
        roll_up(connection, *weeks)


class Boundaries:
    """Every statement and commit of an engine, counted; before one of them something is done in another thread."""

    def __init__(self, engine: Engine, at: int, work: Callable[[], None]) -> None:
        self.engine, self.at, self.work = engine, at, work
        self.count = 0
        self.waited = False
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    @contextmanager
    def watched(self) -> Iterator[None]:
        listeners = (("before_cursor_execute", self._statement), ("commit", self._commit))
        for name, listener in listeners:
            event.listen(self.engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners:
                event.remove(self.engine, name, listener)
        if self.thread.ident is not None:
            self.thread.join(SOON)
            assert not self.thread.is_alive(), "the intake waits for ever"
        if self.error is not None:
            raise self.error

    def _statement(self, *_: Any) -> None:
        self._boundary()

    def _commit(self, _: Any) -> None:
        self._boundary()

    def _boundary(self) -> None:
        self.count += 1
        if self.count == self.at:
            self.thread.start()
            until = time.monotonic() + SOON
            while self.thread.is_alive() and not self._is_waiting():
                assert time.monotonic() < until, "the intake neither ends nor waits"
                self.thread.join(0.02)  # a look costs more than it waits

    def _is_waiting(self) -> bool:
        with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            self.count -= 10_000  # the looks are no boundaries
            waits = connection.execute(
                text(
                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
                )
            ).scalar_one()
            self.count += 10_000
        self.waited = self.waited or waits > 0
        return waits > 0

    def _run(self) -> None:
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001  # raised again where the test is
            self.error = error


def editions(ctx: Context, week: ReportingWeek) -> tuple[Edition, ...]:
    with ctx.engine.connect() as connection:
        return read_editions(connection, week)


def told(edition: Edition) -> tuple[Any, ...]:
    """Who reported, the province's people, and those of both unions."""
    coverage = edition.document["coverage"]
    figures = {
        figure["union_id"]: figure["value"]
        for figure in edition.document["figures"]
        if (figure["category"], figure["basis"]) == ("all", "organizer")
    }
    return coverage["reported"], figures.get("620000"), figures.get("620400"), figures.get("620300")


def steps(edition: Edition, union_id: str) -> list[tuple[Any, ...]]:
    wanted = f"{edition.week}/{union_id}/all/people_served/event"
    lines = edition.document["revisions"]
    return [(line["old"], line["new"], line["reason"]) for line in lines if line["figure_id"] == wanted]


def test_a_first_report_stands_wholly_in_an_edition_or_in_the_next_one_wherever_it_comes_in_between(
    ctx: Context, other: Engine
) -> None:
    without, with_both = (1, "10", "10", None), (2, "80", "10", "70")
    outcomes = []
    boundary, last = 1, 2
    while boundary <= last:
        week = FIRST_WEEK.shift(boundary)
        load(ctx.engine, week, "620400", 10)
        found = Boundaries(ctx.engine, boundary, lambda week=week: load(other, week, "620300", 70))
        with found.watched():
            publish_week(ctx, str(week), send=False)
        last = max(last, found.count)
        if found.thread.ident is None:
            break
        (first,) = editions(ctx, week)
        publish_week(ctx, str(week), send=False)
        after = editions(ctx, week)
        if told(first) == with_both:
            assert after == (first,)
        else:
            assert told(first) == without, f"boundary {boundary}"
            assert [told(edition) for edition in after] == [without, with_both]
            assert steps(after[-1], "620000") == [("10", "80", "补报")]
        outcomes.append((told(first) == with_both, found.waited))
        boundary += EVERY
    assert (True, False) in outcomes, "before the moment an intake is let through"
    assert (False, True) in outcomes, "within it an intake waits"
    assert outcomes == sorted(outcomes, key=lambda outcome: not outcome[0])
    with ctx.engine.connect() as connection:
        assert reconcile_document(connection, None)["ok"]


def test_a_correction_of_a_published_week_is_told_once_wherever_it_comes_in_between(
    ctx: Context, other: Engine
) -> None:
    boundary, last, waits = 1, 2, []
    while boundary <= last:
        week = FIRST_WEEK.shift(boundary)
        load(ctx.engine, week, "620400", 1200)
        publish_week(ctx, str(week), send=False)
        load(ctx.engine, week, "620300", 70)
        found = Boundaries(
            ctx.engine,
            boundary,
            lambda week=week: load(other, week, "620400", 1020, submission_type=SubmissionType.CORRECTION),
        )
        with found.watched():
            publish_week(ctx, str(week), send=False)
        last = max(last, found.count)
        if found.thread.ident is None:
            break
        publish_week(ctx, str(week), send=False)
        later = editions(ctx, week)[1:]
        assert [step for edition in later for step in steps(edition, "620400")] == [("1200", "1020", "更正")]
        assert [step for edition in later for step in steps(edition, "620000")] == [
            ("1200", "1270", "补报"),
            ("1270", "1090", "更正"),
        ], f"boundary {boundary}"
        assert told(later[-1]) == (2, "1090", "1020", "70")
        waits.append(found.waited)
        boundary += max(EVERY, 3)  # every boundary is another test's
    assert waits.count(True) > 3
    with ctx.engine.connect() as connection:
        assert reconcile_document(connection, None)["ok"]


def test_two_publications_at_once_are_one_edition_and_nobody_waits_for_ever(ctx: Context, other: Engine) -> None:
    there = replace(ctx, engine=other)
    for boundary in range(3, 60, 8 if TO_THE_FULL else 19):
        week = FIRST_WEEK.shift(boundary)
        for of_week in (week, week.shift(-1)):
            load(ctx.engine, of_week, "620400", 1200 + boundary)
        answers: list[Any] = []

        def publish_both(week: ReportingWeek = week, answers: list[Any] = answers) -> None:
            answers.extend(publish_week(there, str(of_week), send=False) for of_week in (week, week.shift(-1)))

        found = Boundaries(ctx.engine, boundary, publish_both)
        with found.watched():
            answers.append(publish_week(ctx, str(week), send=False))
        if found.thread.ident is None:
            break
        made = [answer["week"] for answer in answers if answer["published"]]
        assert sorted(made) == [str(week.shift(-1)), str(week)]
        assert [edition.number for edition in editions(ctx, week)] == [1]
