"""The input contract as data: columns, vocabulary, limits and template version from include/contracts/*.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nuanliu.contract.code_lists import codes
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR


@dataclass(frozen=True)
class Column:
    """One activity column. ``only_in``: ``long`` or ``csv`` when it exists in that shape alone. ``long_aliases``: words that
    name it in the long shape alone.
    """

    id: str
    header: str
    kind: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    only_in: str | None = None
    long_aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class InputContract:
    """Everything the intake needs to recognise a file."""

    columns: Mapping[str, Column]
    vocabulary: Mapping[str, Any]
    limits: Mapping[str, Any]
    template_version: str

    def header(self, column_id: str) -> str:
        """The template's header of a column or measure id."""
        if column_id in self.columns:
            return self.columns[column_id].header

        return codes().measures[column_id].header


def read_contract(folder: Path) -> InputContract:
    """Read columns, vocabulary, limits and the template's version. Raises: BrokenContract for a header that two columns claim."""
    columns: dict[str, Column] = {}
    taken: dict[tuple[str, str | None], str] = {}
    for entry in yaml.safe_load((folder / "columns.yaml").read_text("utf-8")):
        words = {name: tuple(entry.get(name, ())) for name in ("aliases", "long_aliases")}
        column = Column(**{**entry, **words})
        for spelling in (column.header, *column.aliases):
            owner = taken.setdefault((fold_label(spelling), column.only_in), column.id)
            if owner != column.id:
                raise BrokenContract(f"header {spelling!r} names both {owner} and {column.id}")
        columns[column.id] = column
    vocabulary = yaml.safe_load((folder / "vocabulary.yaml").read_text("utf-8"))
    limits = yaml.safe_load((folder / "limits.yaml").read_text("utf-8"))
    template = yaml.safe_load((folder / "template.yaml").read_text("utf-8"))
    return InputContract(columns, vocabulary, limits, template["version"])


@reloads_with_data
@cache
def input_contract() -> InputContract:
    """The project's own contract, read once per process."""
    return read_contract(INCLUDE_DIR / "contracts")
