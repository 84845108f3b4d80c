"""Weeks: Monday to Sunday, named 2024-W49 (contract, head of the page)."""

from datetime import date, timedelta


def week_of(day: date) -> str:
    """The ISO week that holds a day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def sunday(week: str) -> date:
    return monday(week) + timedelta(days=6)


def shift(week: str, weeks: int) -> str:
    return week_of(monday(week) + timedelta(weeks=weeks))


def holds_new_year(week: str) -> bool:
    """Whether 1 January lies in the week."""
    return date(sunday(week).year, 1, 1) >= monday(week)
