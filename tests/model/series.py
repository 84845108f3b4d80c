"""Cumulative series: what may not fall, and what a renamed series ends (contract §2, Cumulative series)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.model.sameness import CARRIED, Said, fold

GROWING = ("ytd", "cumulative_since")
UNIONS = 4  # where the unions stand among the names of a series


def falls(said: Said, others: Iterable[Said]) -> bool:
    """Smaller than its series is at the as-of before, or larger than it is at the one after."""
    if said.row.kind not in GROWING:
        return False
    now = dict(said.row.measures)
    told = [
        (abs((other.as_of - said.as_of).days), other.report_week, amount.value, other.as_of > said.as_of, measure)
        for other in others
        if other.series == said.series and other.as_of != said.as_of
        for measure, amount in other.row.measures
        if measure in now
    ]
    nearest = keep_nearest(told)
    return any(
        value < now[measure].value if is_later else value > now[measure].value
        for _, _, value, is_later, measure in nearest
    )


def keep_nearest(told: list) -> list:
    """Of each measure and side the nearest as-of, of equal ones the later report week."""
    best: dict[object, tuple] = {}
    for one in sorted(told, key=lambda one: (-one[0], one[1])):
        best[one[3:]] = one
    return list(best.values())


def has_ended(said: Said, rows: Iterable[Said]) -> bool:
    """Another submission of the union says, as of then or later, with 说明 原:… that it continues this series."""
    return any(
        other.report_week != said.report_week
        and other.as_of >= said.as_of
        and other.series != said.series
        and names_former(other, said)
        for other in rows
    )


def names_former(said: Said, former: Said) -> bool:
    """说明 is 原:<former name or number> of a series that is the same but for one name.

    Or but for name and number, where the former is called by its number or has none.
    """
    mark, _, old = fold(said.row.explanation).partition(":")
    named = mark == "原" and old in (fold(former.row.name), *former.number[1:])
    differing = list_differing(said, former)
    both = differing == [0, 1] and (not former.number or old == former.number[1])
    return named and (len(differing) == 1 or both) and is_same_but_for_names(said, former)


def list_differing(said: Said, former: Said) -> list[int]:
    """Which of name, number, category, 物资 and unions differ; the same number of another 填报单位 is another union's."""
    pairs = zip(said.names_of_series, former.names_of_series, strict=True)
    differing = [place for place, (new, old) in enumerate(pairs) if new != old]
    is_anothers_number = said.number != former.number and said.number[1:] == former.number[1:]
    return sorted({*differing, UNIONS}) if is_anothers_number else differing


def renames(said: Said, file: Sequence[Said], current: Sequence[Said], staying: Sequence[Said]) -> bool:
    """A new series while the file is silent on a current one that differs in one name only (same measure and kind).

    ``current`` is what the union counts before the file, ``staying`` what it counts beside it: what a replaced version
    says is current, but neither makes its own successor old nor ends a former series any more.
    """
    if said.row.kind not in CARRIED or any(other.series == said.series for other in staying):
        return False
    still_said = {other.series for other in file}
    return any(
        former.series not in still_said
        and former.as_of <= said.as_of
        and is_same_but_for_names(said, former)
        and len(list_differing(said, former)) == 1
        and not has_ended(former, staying)
        for former in current
    )


def is_same_but_for_names(said: Said, other: Said) -> bool:
    """One union's series of one kind, scope, since and year, with a measure in common."""
    return (
        said.row.kind in CARRIED
        and said.sender == other.sender
        and (said.row.kind, said.row.scope, said.since) == (other.row.kind, other.row.scope, other.since)
        and said.series[-1] == other.series[-1]
        and not dict(said.row.measures).keys().isdisjoint(dict(other.row.measures))
    )
