"""Folding asks first whether there is anything to fold; the answer is the same for every character there is."""

from __future__ import annotations

import sys

from nuanliu.contract import label_text
from nuanliu.contract.label_text import fold_label
from nuanliu.intake.values import numerals


def test_folding_is_the_same_with_and_without_asking_first() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        unasked = label_text._INVISIBLE.sub("", char).translate(label_text._TABLE).upper()
        assert fold_label(char) == unasked, hex(code)
        assert numerals.fold_numeral(char) == char.translate(numerals._TABLE).strip(), hex(code)


def test_a_text_folds_piece_by_piece() -> None:
    """What keeps a row from being accepted is folded rule by rule and value by value into its content."""
    pieces = ("\x1erow.figure.range=", "３０ － 50", "“总會”", "ßﬁ", "Ａbc\u200b・")
    assert fold_label("".join(pieces)) == "".join(map(fold_label, pieces))
