"""Names and headers that unions write their own way: what engineers have confirmed, and what the intake proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class AliasKind(StrEnum):
    """What a text names."""

    HEADER = "header"
    UNION = "union"
    CATEGORY = "category"
    GROUP = "group"


@dataclass(frozen=True)
class Aliases:
    """Confirmed spellings of one union: (kind, folded text, target id). Hashable, so that readings can be remembered.

    They add to the code lists and never override them: a text that a list knows keeps its meaning.
    """

    entries: tuple[tuple[str, str, str], ...] = field(default=())

    @cached_property
    def _targets(self) -> Mapping[tuple[str, str], str]:
        return {(kind, folded): target for kind, folded, target in self.entries}

    def find(self, kind: AliasKind, folded: str) -> str | None:
        """The id that a folded text was confirmed to mean, or None."""
        return self._targets.get((str(kind), folded)) if self.entries else None


NO_ALIASES = Aliases()


@dataclass(frozen=True)
class NameProposal:
    """A text that nobody knows, and what it may mean. Only ever proposed: it is used once a person has confirmed it.

    ``text``: as written, holding no personal number. ``target``: the nearest id, None when nothing is near.
    """

    kind: AliasKind
    folded: str
    text: str
    target: str | None
