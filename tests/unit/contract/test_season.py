"""A campaign's season, once or every year (contract §4)."""

import pytest
from tests.model.figures import find_season
from tests.model.weeks import shift

from nuanliu.contract.season import Season
from nuanliu.domain.reporting_week import ReportingWeek


def first_week(season: Season, week: str) -> str | None:
    found = season.first_week(ReportingWeek.parse(week))
    return str(found) if found else None


@pytest.mark.parametrize(
    ("week", "begins"),
    [
        ("2024-W43", None),
        ("2024-W44", "2024-W44"),  # 1 November is its Friday
        ("2024-W49", "2024-W44"),
        ("2025-W01", "2024-W44"),
        ("2025-W14", "2024-W44"),  # 31 March is its Monday
        ("2025-W15", None),
        ("2025-W44", "2025-W44"),
    ],
)
def test_every_winter_is_a_season_of_its_own(week: str, begins: str | None) -> None:
    assert first_week(Season("11-01", "03-31"), week) == begins


@pytest.mark.parametrize(
    ("season", "week", "begins"),
    [
        (Season("2024-11-01", "2025-03-31"), "2025-W49", None),
        (Season("2024-11-01", "2025-03-31"), "2025-W02", "2024-W44"),
        (Season("2024-11-01"), "2027-W02", "2024-W44"),
        (Season("2024-11-01"), "2024-W43", None),
        (Season("03-01"), "2025-W02", "2024-W09"),
        (Season("05-01", "05-01"), "2024-W18", "2024-W18"),
    ],
)
def test_a_season_may_come_once_or_stay_open(season: Season, week: str, begins: str | None) -> None:
    assert first_week(season, week) == begins


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        ("11-01", "03-31"),
        ("03-01", "10-31"),
        ("01-01", "12-31"),
        ("2024-11-01", "2025-03-31"),
        ("2024-11-01", ""),
        ("06-15", ""),
    ],
)
def test_the_reference_model_knows_the_same_seasons(starts_on: str, ends_on: str) -> None:
    for count in range(160):
        week = shift("2023-W40", count)
        assert first_week(Season(starts_on, ends_on), week) == find_season(week, starts_on, ends_on), week


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "says"),
    [
        ("", "03-31", "first day"),
        ("11-01", "2025-03-31", "both"),
        ("2024-11-01", "03-31", "both"),
        ("2024-11-01", "2024-10-01", "before"),
        ("02-29", "", "02-29"),
        ("13-01", "", "13-01"),
        ("11月", "", "11-01"),
        ("20241101", "", "11-01"),
    ],
)
def test_what_is_no_season_is_refused_with_what_to_write(starts_on: str, ends_on: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Season(starts_on, ends_on)
