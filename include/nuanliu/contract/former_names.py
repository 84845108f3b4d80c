"""说明 原:<former name or number>: a cumulative series goes on under another name (contract §2, Cumulative series)."""

from __future__ import annotations

from typing import NamedTuple

from nuanliu.contract.label_text import fold_label

MARK = "原:"
_CALLED = frozenset({"activity_name", "activity_no"})


class SeriesNames(NamedTuple):
    """What may change when a series goes on under another name; everything else of it stays."""

    activity_name: str
    activity_no: str | None
    category_id: str
    item_name: str | None
    organizer_union_id: str
    reporting_union_id: str
    scope: str
    """The same in both: it says whether the 填报单位 names the series."""

    def differing(self, other: SeriesNames) -> set[str]:
        """Which of the first five differ in their look-up forms.

        The 填报单位 goes with the organiser where it names a series: of 含下级 and of one and the same number.
        """
        pairs = zip(self._fields[:5], self, other, strict=False)
        differing = {field for field, mine, others in pairs if fold_label(mine or "") != fold_label(others or "")}
        is_numbered = bool(self.activity_no) and "activity_no" not in differing
        if self.reporting_union_id != other.reporting_union_id and (self.scope == "inclusive" or is_numbered):
            differing.add("organizer_union_id")
        return differing


def continues(explanation: str | None, heir: SeriesNames, former: SeriesNames) -> bool:
    """Whether a 说明 ends the former series: it calls it so, and nothing says that the two are different works.

    One of the five differs; or name and number do, and the former is called by its number or has none. Two works of one
    name, for two organisers or of two categories, are told apart by that: only the one that the row goes on ends.
    """
    if not names_former(explanation, former.activity_name, former.activity_no):
        return False
    differing = heir.differing(former)
    if differing == _CALLED:
        return not former.activity_no or former_name(explanation) == fold_label(former.activity_no)
    return len(differing) == 1


def former_name(explanation: str | None) -> str | None:
    """The former name or number that a 说明 gives, in its look-up form; None where it gives none.

    Words that an engineer or an earlier answer put behind it stand after a semicolon.
    """
    for part in (explanation or "", *(explanation or "").replace("；", ";").split(";")):
        folded = fold_label(part)
        if folded.startswith(MARK) and len(folded) > len(MARK):
            return folded.removeprefix(MARK)
    return None


def names_former(explanation: str | None, name: str, number: str | None) -> bool:
    """Whether a 说明 says that its series is the one of this name or number."""
    former = former_name(explanation)
    if former is None:
        return False
    whole = fold_label(explanation or "").removeprefix(MARK)
    names = {fold_label(name), *([fold_label(number)] if number else [])}
    return former in names or whole in names
