"""``fold_label`` for a whole column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuanliu.label_text import fold_label

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = "^[0-9A-Z\u4e00-\u9fff、。()·:,.;/-]*$"
"""RE2: texts of these characters alone may fold to themselves; the rest, and those with a rare character, are folded."""
_RARE = "[總會縣區蘭肅慶陽臨張涼隴單動類別]"


def fold_column(texts: pd.Series) -> pd.Series:
    """Each text in its look-up form; missing stays missing. Most texts of a big file need no work and get none."""
    import pyarrow.compute as pc

    from nuanliu.intake.unique_texts import arrow_texts

    column = pc.fill_null(arrow_texts(texts.astype("str")), "")
    plain = pc.and_(
        pc.match_substring_regex(column, _PLAIN), pc.invert(pc.match_substring_regex(column, _RARE))
    ).to_numpy(zero_copy_only=False)
    if plain.all():
        return texts
    folded = texts.astype("str").copy()
    folded[~plain] = [fold_label(text) for text in texts[~plain]]
    return folded
