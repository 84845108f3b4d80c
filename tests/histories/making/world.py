"""Who takes part in a random history, when, and what they may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.histories.making.saying import CITY, COUNTY, OTHER_CITY, OTHER_COUNTY

SIBLING, PROVINCE_OWN, INDUSTRY = "620403", "620000-own", "62Q001"
BELOW = {CITY: (COUNTY, COUNTY, SIBLING), OTHER_CITY: (OTHER_COUNTY, OTHER_COUNTY, COUNTY)}
TYPES = ("首报",) * 6 + ("更正",) * 5 + ("补充",) * 3


@dataclass(frozen=True)
class World:
    """What a generator draws from; a value that stands twice is drawn twice as often. ``weeks``: rows of weeks, one for a history.
    ``rare``: zero_line, a line 本周无活动 in a 更正; funds, rows at the limit of size.
    """

    senders: tuple[str, ...]
    weeks: tuple[tuple[str, ...], ...]
    types: tuple[str, ...] = TYPES
    kinds: tuple[str, ...] = ("event",)
    scopes: tuple[str, ...] = ("own",)
    forms: tuple[str, ...] = ("xlsx", "xlsx", "csv", "reordered")
    below: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trials: float = 0.0
    path_weeks: float = 0.0
    tree_changes: float = 0.0
    publications: float = 0.25
    delays: float = 0.12
    rare: frozenset[str] = frozenset()

    def organisers_of(self, union: str) -> tuple[str, ...]:
        """Unions for which another may write."""
        return self.below.get(union, ())


NOVEMBER = ("2024-W46", "2024-W47", "2024-W48", "2024-W49")
NEW_YEAR = ("2024-W51", "2024-W52", "2025-W01", "2025-W02")
TWO_WINTERS = ("2023-W50", "2023-W51", "2024-W49", "2024-W50")
LONG_CAMPAIGN = ("2024-W20", "2024-W21", "2024-W47", "2024-W48")
PLAIN = World((CITY,), (NOVEMBER,), forms=("xlsx", "csv"), publications=0.0, delays=0.0)
"""One union, its own events, 首报, 补充 and 更正."""
WIDE = World(
    senders=(CITY, CITY, COUNTY, COUNTY, SIBLING, OTHER_CITY, OTHER_COUNTY, PROVINCE_OWN, INDUSTRY),
    weeks=(NOVEMBER, NOVEMBER, NEW_YEAR, NEW_YEAR, TWO_WINTERS, LONG_CAMPAIGN),
    types=(*TYPES, "零报告", "更正零报告"),
    kinds=("event",) * 6 + ("ytd",) * 3 + ("cumulative_since", "stock", "campaign", "planned"),
    scopes=("own", "own", "own", "inclusive"),
    below=BELOW,
    trials=0.06,
    path_weeks=0.04,
    tree_changes=0.1,
    rare=frozenset({"zero_line", "funds"}),
)
"""Everything at once."""
LATE = replace(
    WIDE,
    senders=(CITY, CITY, CITY, COUNTY),
    weeks=(("2024-W47", "2024-W48"),),
    types=("首报",) * 3 + ("补充",) * 6 + ("更正",) * 3,
    kinds=("event",) * 5 + ("ytd",),
    trials=0.02,
    path_weeks=0.0,
    delays=0.45,
)
"""Two weeks of few senders, half of whose files are answered an hour late, ten times as many of them after a younger one of their key."""
