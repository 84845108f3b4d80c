"""Weeks as spans: what follows without a gap is asked for at once."""

from __future__ import annotations

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.reconciliation.scope import EVERYTHING, Scope, WeekSpan, spans_of


def week(text: str) -> ReportingWeek:
    return ReportingWeek.parse(text)


def span(first: str, last: str) -> WeekSpan:
    return WeekSpan(week(first), week(last))


def test_weeks_that_follow_each_other_are_one_span_over_the_turn_of_the_year_too() -> None:
    weeks = [week(text) for text in ("2025-W01", "2024-W52", "2024-W50", "2024-W52")]
    assert spans_of(weeks) == (span("2024-W50", "2024-W50"), span("2024-W52", "2025-W01"))
    assert [str(each) for each in spans_of(weeks)[1].weeks()] == ["2024-W52", "2025-W01"]


def test_everything_has_no_end_and_is_not_limited() -> None:
    assert (EVERYTHING.is_limited, EVERYTHING.whole_span.weeks()) == (False, [])
    assert Scope(spans_of([week("2024-W49")])).is_limited


def test_the_gains_of_campaigns_are_looked_at_back_to_their_season_and_no_week_twice() -> None:
    spans = spans_of([week("2023-W49"), week("2024-W30"), week("2024-W48"), week("2024-W49")])
    assert Scope(spans, campaigns_since=week("2024-W23")).campaign_spans == (
        span("2023-W49", "2023-W49"),
        span("2024-W23", "2024-W49"),
    )
    assert Scope(spans).campaign_spans == spans
