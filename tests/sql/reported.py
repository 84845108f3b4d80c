"""Reports that went through claim, load and archive, for tests that start from what the warehouse holds afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.builders import checked, submission

from nuanliu.contract.due_time import report_due_at
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.rollup import rebuild_week
from nuanliu.warehouse.submissions.loading import LoadedDrop, load_drop
from nuanliu.warehouse.submissions.receipts_store import mark_written
from nuanliu.warehouse.submissions.registry import claim, finish_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

_ordinals = count(1)


def week(text: str) -> ReportingWeek:
    return ReportingWeek.parse(text)


def punctual(of_week: ReportingWeek) -> datetime:
    """Three hours before the week's reports are due."""
    return report_due_at(of_week) - timedelta(hours=3)


def report(
    connection: Connection,
    union_id: str,
    of_week: str,
    activities: Sequence[Mapping[str, Any]] = (),
    *,
    submission_type: SubmissionType = SubmissionType.FIRST,
    received_at: datetime | None = None,
    **settled: Any,
) -> LoadedDrop:
    """One file from the claim to the archive; ``settled`` goes to ``builders.checked``. Marts are not rebuilt."""
    arrival = received_at or punctual(week(of_week))
    # Two files are never the same bytes here, even when they say the same.
    ordinal = next(_ordinals)
    sha256 = f"{ordinal:064x}"
    drop = checked(
        submission(union_id, of_week, activities, submission_type=submission_type),
        received_at=arrival,
        sha256=sha256,
        **settled,
    )
    key = f"intake/{union_id}/{ordinal}.xlsx"  # of one moment, files count in the order of their numbers
    object_id = claim(
        connection,
        object_key=key,
        source_key=key,
        union_id=union_id,
        path_week=None,
        is_trial=False,
        sha256=sha256,
        size_bytes=1,
        received_at=arrival,
    )
    assert object_id is not None
    loaded = load_drop(connection, drop, object_id=object_id)
    stored_key = f"archive/{union_id}/{of_week}/{sha256}.xlsx"
    finish_object(connection, object_id, state="archived", stored_key=stored_key, finished_at=arrival)
    mark_written(connection, object_id, arrival)
    return loaded


def roll_up(connection: Connection, *weeks: str) -> None:
    for name in weeks:
        rebuild_week(connection, week(name))


def document(connection: Connection, of_week: str) -> dict[str, Any]:
    """The week's document, its marts rebuilt first."""
    roll_up(connection, of_week)
    return week_document(connection, week(of_week))


def figures(connection: Connection, of_week: str) -> dict[str, dict[str, Any]]:
    """Figure id without the week → figure, marts rebuilt first."""
    listed = document(connection, of_week)["figures"]
    by_id = {figure["figure_id"].removeprefix(f"{of_week}/"): figure for figure in listed}
    assert len(by_id) == len(listed), "a figure exists twice"
    return by_id


def shown(figure: Mapping[str, Any]) -> tuple[str, str]:
    """Value and exactness."""
    return figure["value"], figure["exactness"]


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is committed, in the way operations do."""
    with engine.begin() as connection:
        yield connection
