"""What a replacing version changes against the version that is current, value by value."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest

import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.domain.exactness import EXACTNESS_CODES, show_figure
from nuanliu.domain.history import History
from nuanliu.domain.receipt import Change
from nuanliu.quality.finding_places import records

_Figure = tuple[int, int]
"""Value in hundredths, exactness."""


def find_changes(rows: pd.DataFrame, figures: pd.DataFrame, history: History) -> tuple[Change, ...]:
    """Compare the accepted figures of a file with those of the current version.

    ``rows``: accepted rows. Returns one change for each figure that is new, gone or different, activities of the new
    version first in file order, then those that are gone; measures in the order of their code list. Values as shown to
    people (3000, 700余).
    """
    now_rows = rows.drop_duplicates("activity_id")
    names = dict(zip(history.current_rows["activity_key"], history.current_rows["activity_name"], strict=True))
    names |= dict(zip(now_rows["activity_key"], now_rows["activity_name"], strict=True))
    keys = dict.fromkeys((*now_rows["activity_key"], *history.current_rows["activity_key"]))
    key_of = dict(zip(now_rows["activity_id"], now_rows["activity_key"], strict=True))
    own = figures[figures["activity_id"].isin(list(key_of))]
    now = _figures(own.assign(activity_key=own["activity_id"].map(key_of)))
    before = _figures(history.current_figures)
    changed = {place for place in now.keys() | before.keys() if now.get(place) != before.get(place)}
    if not changed:
        return ()
    keys_changed = {key for key, _ in changed}
    return tuple(
        Change(str(names[key]), measure.name, _shown(old), _shown(new))
        for key in keys
        if key in keys_changed
        for measure in codes().measures
        if (key, measure.id) in changed
        for old, new in _pairs(before.get((key, measure.id), Counter()), now.get((key, measure.id), Counter()))
    )


def _figures(figures: pd.DataFrame) -> dict[tuple[str, str], Counter[_Figure]]:
    """(activity key, measure) → values in hundredths and exactness; several where a key stands twice, explained."""
    found: dict[tuple[str, str], Counter[_Figure]] = defaultdict(Counter)
    for figure in records(figures, ("activity_key", "measure_id", "value_cents", "exactness")):
        said = (int(figure["value_cents"]), int(figure["exactness"]))
        found[figure["activity_key"], figure["measure_id"]][said] += 1
    return dict(found)


def _pairs(before: Counter[_Figure], now: Counter[_Figure]) -> Iterator[tuple[_Figure | None, _Figure | None]]:
    """Old beside new; what both say is no change."""
    return zip_longest(sorted((before - now).elements()), sorted((now - before).elements()))


def _shown(figure: _Figure | None) -> str | None:
    return None if figure is None else show_figure(Decimal(figure[0]) / 100, EXACTNESS_CODES[figure[1]])
