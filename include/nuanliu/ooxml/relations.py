"""How one part of an xlsx leads to another: where the relations of a part stand and what each says."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """One relation of a part. ``kind``: the last word of its type; ``target``: a part name, or an outside address."""

    id: str
    kind: str
    target: str
    is_external: bool


def read_relation(part: str, attributes: Mapping[str, str]) -> Relation:
    """A ``Relationship`` element of a part (``""``: of the package), from its attributes."""
    target = attributes.get("Target", "")
    is_external = attributes.get("TargetMode", "").lower() == "external"
    kind = attributes.get("Type", "").rpartition("/")[2]
    return Relation(attributes.get("Id", ""), kind, target if is_external else _resolve(part, target), is_external)


def relations_name(part: str) -> str:
    """Where the relations of a part stand: xl/workbook.xml → xl/_rels/workbook.xml.rels."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def owner_of(relations: str) -> str:
    """Whose relations stand in a part: xl/_rels/workbook.xml.rels → xl/workbook.xml."""
    folder, base = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))


def _resolve(part: str, target: str) -> str:
    """A target as a part name: relative to the folder of its part, never above the package; some writers turn slashes."""
    folder = posixpath.dirname(part)
    return posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
