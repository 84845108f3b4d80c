"""说明 原:<former name or number>: a cumulative series goes on under another name (contract §2, Cumulative series)."""

from __future__ import annotations

from nuanliu.contract.label_text import fold_label

MARK = "原:"


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
