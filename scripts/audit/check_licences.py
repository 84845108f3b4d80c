"""List the licences of what is shipped, below build/audit, and refuse what licences.yaml does not know."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Collection, Mapping
from importlib import metadata
from typing import Any

import yaml
from locks import BUILD, HERE, SHIPPED, pinned

_JOINED = re.compile(r"\s+(?:AND|OR|WITH)\s+")


def main() -> int:
    """Write the list, and say what was refused: the exit code."""
    rules = yaml.safe_load((HERE / "licences.yaml").read_text("utf-8"))
    said = {name: said_by(metadata.metadata(name)) for name in pinned(*SHIPPED)}
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "licences.csv").open("w", encoding="utf-8", newline="") as file:
        rows = ((name, version, said[name]) for name, version in pinned(*SHIPPED).items())
        csv.writer(file).writerows([("package", "version", "licence"), *rows])
    refused = refusals(said, rules["allowed"], rules["packages"])
    for line in refused:
        print(f"  {line}")
    print(f"  {len(said)} packages listed below build/audit; {len(refused)} refused")
    return int(bool(refused))


def said_by(about: Any) -> str:
    """What a package says of its licence: an SPDX expression, else its classifiers, else its own words' first line.

    ``about``: its metadata. Empty where it says nothing.
    """
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    named = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or [] if each.startswith("License ::")]
    if named:
        return " AND ".join(sorted(each for each in named if each != "OSI Approved" or len(named) == 1))
    return next((line.strip() for line in str(about.get("License") or "").splitlines() if line.strip()), "")


def refusals(said: Mapping[str, str], allowed: Collection[str], looked_at: Mapping[str, str]) -> list[str]:
    """A line for each package with a licence that is not allowed. ``looked_at``: package → what it says, which a person accepted."""
    lines = []
    for name, licence in said.items():
        # Brackets belong to an expression, or to the name of a classifier.
        strange = [part for part in _JOINED.split(licence) if part not in allowed and part.strip("()") not in allowed]
        if (strange or not licence) and looked_at.get(name) != licence:
            lines.append(f"{name}: {licence or 'says nothing of its licence'}; decide in scripts/audit/licences.yaml")
    return lines


if __name__ == "__main__":
    sys.exit(main())
