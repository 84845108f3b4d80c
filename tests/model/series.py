"""Cumulative series: what may not fall, and what a renamed series ends (contract §2, Cumulative series)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.model.sameness import CARRIED, Said, fold

GROWING = ("ytd", "cumulative_since")


def falls(said: Said, others: Iterable[Said]) -> bool:
    """Smaller than the series was at an earlier as-of, or larger than it is at a later one."""
    if said.row.kind not in GROWING:
        return False
    now = dict(said.row.measures)
    return any(
        (other.as_of < said.as_of and amount.value > now[measure].value)
        or (other.as_of > said.as_of and amount.value < now[measure].value)
        for other in others
        if other.series == said.series
        for measure, amount in other.row.measures
        if measure in now
    )


def has_ended(said: Said, rows: Iterable[Said]) -> bool:
    """A later row of the union, in another submission, says with 原:… that it continues this series."""
    return any(
        continues(other, said)
        and other.as_of >= said.as_of
        and other.series != said.series
        and other.report_week != said.report_week
        for other in rows
    )


def continues(said: Said, former: Said) -> bool:
    """Whether the 说明 names a former series of the union with the same measure, kind, scope and since."""
    mark, colon, old = fold(said.row.explanation).partition(":")
    return bool(
        mark == "原"
        and colon
        and old in (fold(former.row.name), former.number)
        and said.sender == former.sender
        and said.row.kind in CARRIED
        and said.series[-1] == former.series[-1]
        and (said.row.kind, said.row.scope, said.since) == (former.row.kind, former.row.scope, former.since)
        and share_measure(said, former)
    )


def share_measure(one: Said, other: Said) -> bool:
    return not dict(one.row.measures).keys().isdisjoint(dict(other.row.measures))


def renames(said: Said, file: Sequence[Said], before: Sequence[Said]) -> bool:
    """A new series while the file is silent on a current one that differs in one name only (same measure and kind)."""
    if said.row.kind not in CARRIED or any(other.series == said.series for other in before):
        return False
    still_said = {other.series for other in file}
    return any(
        former.sender == said.sender
        and former.series not in still_said
        and former.as_of <= said.as_of
        and (former.row.kind, former.row.scope, former.since) == (said.row.kind, said.row.scope, said.since)
        and former.series[-1] == said.series[-1]
        and share_measure(said, former)
        and sum(old != new for old, new in zip(former.names_of_series, said.names_of_series, strict=True)) == 1
        and not has_ended(former, before)
        for former in before
    )
