"""What one look at the records is about: all of them, or some weeks and what counts in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nuanliu.domain.reporting_week import ReportingWeek


@dataclass(frozen=True)
class WeekSpan:
    """Weeks without a gap, both ends included; None is as far as there are any."""

    first: ReportingWeek | None = None
    last: ReportingWeek | None = None

    def weeks(self) -> list[ReportingWeek]:
        """Each of them; none of a span without both ends."""
        if self.first is None or self.last is None:
            return []
        return [self.first.shift(later) for later in range(self.first.weeks_until(self.last) + 1)]

    @property
    def parameters(self) -> dict[str, date | str]:
        """What the checks of include/sql/checks call its ends."""
        return {
            "first_week_start": self.first.monday if self.first else date.min,
            "last_week_start": self.last.monday if self.last else date.max,
            "first_week_id": str(self.first) if self.first else "",
            "last_week_id": str(self.last) if self.last else "9999-W99",
        }


@dataclass(frozen=True)
class Scope:
    """``spans``: the weeks, ascending. ``campaigns_since``: what campaigns gained is held against facts and receipts from this
    week to the last one, since their sums reach back so far; None: in the spans. ``object_ids``: the registry rows whose objects are
    looked for; None: all, and what no row names. ``identities``: only these; None: all.
    """

    spans: tuple[WeekSpan, ...] = (WeekSpan(),)
    campaigns_since: ReportingWeek | None = None
    object_ids: tuple[int, ...] | None = None
    identities: frozenset[str] | None = None

    @property
    def is_limited(self) -> bool:
        """Whether there are weeks that it is not about."""
        return self.spans != (WeekSpan(),)

    @property
    def whole_span(self) -> WeekSpan:
        """From the first week to the last, with the gaps between."""
        return WeekSpan(self.spans[0].first, self.spans[-1].last)

    @property
    def campaign_spans(self) -> tuple[WeekSpan, ...]:
        """The weeks in which the gains of campaigns are looked at."""
        if self.campaigns_since is None:
            return self.spans
        earlier = tuple(span for span in self.spans if span.last is not None and span.last < self.campaigns_since)
        return (*earlier, WeekSpan(self.campaigns_since, self.spans[-1].last))


EVERYTHING = Scope()


def spans_of(weeks: Iterable[ReportingWeek]) -> tuple[WeekSpan, ...]:
    """Some weeks as spans, ascending; one that follows another is in its span."""
    spans: list[WeekSpan] = []
    for week in sorted(set(weeks)):
        if spans and spans[-1].last == week.shift(-1):
            spans[-1] = WeekSpan(spans[-1].first, week)
        else:
            spans.append(WeekSpan(week, week))
    return tuple(spans)
