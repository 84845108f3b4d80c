"""Cumulative series: what may not fall, and what a renamed series ends (contract §2, Cumulative series)."""

from tests.model.sameness import CARRIED, Said, fold

GROWING = ("ytd", "cumulative_since")


def falls(said: Said, measure: str, others: list[Said]) -> bool:
    """Smaller than its series is at the as-of before, or larger than it is at the one after."""
    told = [other for other in others if other.series == said.series and measure in other.measures]
    told.sort(key=lambda other: (-abs(other.as_of - said.as_of), other.report_week))  # the nearest is the last
    nearest = {other.as_of < said.as_of: other.measures[measure].value for other in told if other.as_of != said.as_of}
    now = said.measures[measure].value
    return said.row.kind in GROWING and not nearest.get(True, now) <= now <= nearest.get(False, now)


def has_ended(said: Said, rows: list[Said]) -> bool:
    """Another submission of the union says, as of then or later, with 说明 原:… that it continues this series."""
    later = [other for other in rows if other.as_of >= said.as_of and other.report_week != said.report_week]
    return any(other.series != said.series and names_former(other, said) for other in later)


def names_former(said: Said, former: Said) -> bool:
    """说明 is 原:<former name or number> of a series that is the same but for one name.

    Or but for name and number, where the former is called by its number or has none.
    """
    mark, _, old = fold(said.words).partition(":")
    if mark != "原" or old not in (former.names["name"], *former.number[1:]):
        return False
    differing = list_differing(said, former)
    called_by_it = not former.number or old == former.number[1]
    return len(differing) == 1 or (called_by_it and differing == {"name", "number"})


def list_differing(said: Said, former: Said) -> set[str]:
    """In which of the names of a series two works differ; in none where they are not comparable.

    Comparable: one union's, of one kind, scope, since and year, with a measure in common. The same number of another
    填报单位 is another union's.
    """
    kinds = {(of.sender, of.row.kind, of.row.scope, of.since, of.year) for of in (said, former)}
    if said.row.kind not in CARRIED or len(kinds) > 1 or said.measures.keys().isdisjoint(former.measures):
        return set()
    is_anothers_number = said.number != former.number and said.names["number"] == former.names["number"]
    differing = {each for each in said.names if said.names[each] != former.names[each]}
    return {*differing, "unions"} if is_anothers_number else differing


def renames(said: Said, file: list[Said], current: list[Said], staying: list[Said]) -> bool:
    """A new series while the file is silent on a current one that differs in one name only (same measure and kind).

    ``current`` is what the union counts before the file, ``staying`` what it counts beside it: what a replaced version
    says is current, but neither makes its own successor old nor ends a former series any more.
    """
    if said.row.kind not in CARRIED or any(other.series == said.series for other in staying):
        return False
    still_said = {other.series for other in file}
    silent = [former for former in current if former.series not in still_said and former.as_of <= said.as_of]
    return any(len(list_differing(said, former)) == 1 and not has_ended(former, staying) for former in silent)
