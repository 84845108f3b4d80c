"""The figures of a week as readers knew them: what was published by an instant, or in one edition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import Permanent, UsageError
from nuanliu.operations.context import Context
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.marts.editions import Edition, read_editions


class NoEdition(Permanent):
    """Nothing had been published of a week by the instant, or under the number, that was asked for."""

    def __init__(self, week: str, asked: str, published: str) -> None:
        super().__init__(f"{week}: {asked}; {published}")
        self.week = week
        self.asked = asked
        self.published = published

    def __reduce__(self) -> tuple[type[NoEdition], tuple[str, str, str]]:
        return (NoEdition, (self.week, self.asked, self.published))


def edition_known_at(ctx: Context, week: str, instant: datetime) -> Edition:
    """The last edition of a week that was published at or before an instant. Raises: InvalidWeek, NoEdition."""
    editions = _editions(ctx, week)
    known = [edition for edition in editions if edition.published_at <= instant]
    if not known:
        raise NoEdition(week, f"nothing had been published by {_local(instant)}", _published(editions))
    return known[-1]


def edition_numbered(ctx: Context, week: str, number: int) -> Edition:
    """One edition of a week. Raises: InvalidWeek, NoEdition."""
    editions = _editions(ctx, week)
    found = next((edition for edition in editions if edition.number == number), None)
    if found is None:
        raise NoEdition(week, f"there is no edition {number}", _published(editions))
    return found


def parse_instant(text: str) -> datetime:
    """Read ISO 8601; without an offset it is Asia/Shanghai, as people there say it. Raises: UsageError."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-known-at {text!r} is not ISO 8601; write e.g. 2024-12-16T18:00+08:00") from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)


def _editions(ctx: Context, week: str) -> Sequence[Edition]:
    with ctx.engine.connect() as connection:
        editions = read_editions(connection, ReportingWeek.parse(week))
    return sorted(editions, key=lambda edition: (edition.published_at, edition.number))


def _published(editions: Sequence[Edition]) -> str:
    if not editions:
        return "no edition of it was ever published"
    said = ", ".join(f"{edition.number} at {_local(edition.published_at)}" for edition in editions)
    return f"its editions are {said}"


def _local(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).isoformat(timespec="seconds")
