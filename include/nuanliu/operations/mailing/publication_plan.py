"""Who gets which form of the weekly summary, and of which editions: ``plans`` of contracts/publication.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.documents import RollupDocument
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

ROLES = ("leader", "engineer", "union")
"""Of the recipients file."""
FORMS = ("xlsx", "docx", "html", "json")
"""What may be attached; the mail itself is the summary whatever is."""
WHEN = ("every", "first", "complete")
"""Of which editions: all that are mailed, the first of a week, those of a week in which nobody is missing, held or returned."""
FILE = "publication.yaml"


@dataclass(frozen=True)
class Plan:
    """``to``: a role of the recipients file, or one address."""

    to: str
    forms: tuple[str, ...]
    when: str = "every"

    def is_for(self, document: RollupDocument) -> bool:
        """Whether an edition goes out by it."""
        coverage = document["coverage"]
        if self.when == "first":
            return document["edition"] == 1
        return self.when == "every" or not (coverage["missing"] or coverage["held"] or coverage["returned"])

    def reaches(self, address: str, role: str) -> bool:
        """Whether it names somebody, by role or address."""
        return self.to == role or self.to.casefold() == address.casefold()

    @property
    def address(self) -> str | None:
        """The one that it names; None where it names a role."""
        return None if self.to in ROLES else self.to


@reloads_with_data
@cache
def publication_plans() -> tuple[Plan, ...]:
    """The project's own."""
    return read_plans(INCLUDE_DIR / "contracts" / FILE)


def read_plans(path: Path) -> tuple[Plan, ...]:
    """Raises: BrokenContract, naming the plan and the fix."""
    entries: Sequence[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["plans"]
    return tuple(_read(entry, f"{path.name}: plan {number}") for number, entry in enumerate(entries, start=1))


def _read(entry: dict[str, Any], place: str) -> Plan:
    unknown = sorted(set(entry) - {"to", "forms", "when"})
    if unknown:
        raise BrokenContract(f"{place}: {unknown[0]!r} is no part of a plan; write to, forms and when")
    to, forms, when = str(entry.get("to", "")), tuple(entry.get("forms", ())), entry.get("when", "every")
    if to not in ROLES and "@" not in to:
        raise BrokenContract(f"{place}: to: {to!r} is neither a role ({', '.join(ROLES)}) nor an address")
    for form in forms:
        if form not in FORMS:
            raise BrokenContract(f"{place}: {form!r} is no form; choose among {', '.join(FORMS)}")
    if when not in WHEN:
        raise BrokenContract(f"{place}: when: {when!r}; write one of {', '.join(WHEN)}")
    return Plan(to, forms, when)


def forms_by_address(
    plans: Sequence[Plan], document: RollupDocument, known: Sequence[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """Address → what its one mail with an edition carries, of everybody whom a plan names.

    ``known``: address and role of the recipients file, in its order. An address that only a plan names gets its mail too.
    """
    wanted: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}
    for plan in plans:
        if not plan.is_for(document):
            continue
        reached = [address for address, role in known if plan.reaches(address, role)]
        if not reached and plan.address:
            reached = [plan.address]
        for address in reached:
            wanted.setdefault(spelled.setdefault(address.casefold(), address), set()).update(plan.forms)
    return {address: tuple(form for form in FORMS if form in forms) for address, forms in wanted.items()}
