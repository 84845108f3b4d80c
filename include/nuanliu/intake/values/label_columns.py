"""``fold_label`` for a whole column."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow.compute as pc

from nuanliu.contract.label_text import FOLDED, fold_label
from nuanliu.intake.values.unique_texts import arrow_texts

# RE2: whatever folding would change; most texts of a big file hold none of it.
_CHANGED = f"[{re.escape(FOLDED)}]|\\s|\\p{{Ll}}|\\p{{Z}}|\\p{{Cf}}"


def fold_column(texts: pd.Series) -> pd.Series:
    """Each text in its look-up form; missing stays missing."""
    changed = pc.match_substring_regex(pc.fill_null(arrow_texts(texts.astype("str")), ""), _CHANGED)
    marked = changed.to_numpy(zero_copy_only=False)
    if not marked.any():
        return texts
    folded = texts.astype("str").copy()
    folded.loc[marked] = pd.array([fold_label(text) for text in texts[marked]], dtype="str")
    return folded
