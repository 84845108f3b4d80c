"""An xlsx or xlsm workbook: its parts found and joined. Values only: nothing is calculated, run or followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from nuanliu.intake.formats.cell_formats import plain_text
from nuanliu.intake.formats.grids import CellBudget
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.void_colours import void_colours
from nuanliu.intake.formats.workbook import Refused, Workbook
from nuanliu.intake.formats.xlsx.colours import find_void_rows
from nuanliu.intake.formats.xlsx.drawings import read_drawn
from nuanliu.intake.formats.xlsx.shared_strings import SharedTexts
from nuanliu.intake.formats.xlsx.sheets import SheetReader
from nuanliu.intake.formats.xlsx.styles import read_styles
from nuanliu.intake.formats.xlsx.xml_parts import (
    attribute,
    children,
    descendants,
    is_on,
    local_name,
    read_relations,
    read_xml,
)
from nuanliu.intake.formats.zip_archive import Archive
from nuanliu.ooxml.addresses import is_address
from nuanliu.ooxml.annotations import without_own_mark
from nuanliu.ooxml.relations import Relation

_OUTSIDE = ("xl/externallinks/", "xl/embeddings/", "xl/connections.xml", "xl/querytables/")
_MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")


def read_xlsx(archive: Archive, limits: ReadingLimits) -> Workbook:
    """Read all worksheets, hidden ones included, in the order of their tabs. Raises: Refused."""
    package = read_relations(archive, "")
    book_part = next((r.target for r in package if r.kind == "officeDocument" and not r.is_external), "xl/workbook.xml")
    book = read_xml(archive, book_part)
    relations = read_relations(archive, book_part)
    entries = [sheet for sheets in children(book, "sheets") for sheet in children(sheets, "sheet")]
    if len(entries) > limits.max_sheets:
        raise Refused("file.too_many_sheets", limit=limits.max_sheets)
    styles_part = _target(relations, "styles", "xl/styles.xml")
    budget = CellBudget(limits, archive.size)
    texts_part = _target(relations, "sharedStrings", "xl/sharedStrings.xml")
    reader = SheetReader(
        SharedTexts.read(archive, texts_part, limits, budget),
        read_styles(archive, styles_part),
        limits,
        budget,
        is_1904=any(is_on(attribute(entry, "date1904")) for entry in children(book, "workbookPr")),
        is_recalculated=any(is_on(attribute(entry, "fullCalcOnLoad")) for entry in children(book, "calcPr")),
    )
    by_id = {relation.id: relation for relation in relations}
    sheets = []
    lost: list[str] = []
    seen: set[str] = set()
    for entry in entries:
        name = attribute(entry, "name") or ""
        relation = by_id.get(attribute(entry, "id") or "")
        if relation is None or relation.is_external or relation.target not in archive:
            lost.append(name)
            continue
        if relation.kind != "worksheet":  # charts and dialogs hold no cells
            continue
        if relation.target in seen:
            raise Refused("file.corrupt", detail="两个工作表指向同一内容")
        seen.add(relation.target)
        beside = read_relations(archive, relation.target)
        sheet = reader.read(
            archive,
            relation.target,
            name,
            is_visible=(attribute(entry, "state") or "visible") == "visible",
            comments=_read_comments(archive, beside),
        )
        drawn = read_drawn(archive, beside)
        void = void_colours(sheet.grid, (*map(without_own_mark, sheet.comments.values()), *drawn.texts))
        void_rows = find_void_rows(archive, relation.target, styles_part, void) if void else frozenset()
        sheets.append(replace(sheet, drawn=drawn, void_rows=void_rows))
    if not sheets and lost:
        raise Refused("file.corrupt", detail="工作表的内容丢失")
    if not sheets:
        raise Refused("file.no_sheet")
    return Workbook(
        kind="xlsx",
        sheets=tuple(sheets),
        has_macros=any(name.endswith("vbaproject.bin") for name in archive.names)
        or any(relation.kind in _MACRO_SHEETS for relation in relations),
        has_external_links=any(name.startswith(_OUTSIDE) for name in archive.names),
        properties=_read_properties(archive, package),
        lost_sheets=tuple(lost),
    )


def _target(relations: tuple[Relation, ...], kind: str, default: str) -> str:
    return next((r.target for r in relations if r.kind == kind and not r.is_external), default)


def _read_comments(archive: Archive, relations: tuple[Relation, ...]) -> Mapping[str, str]:
    comments: dict[str, str] = {}
    for relation in relations:
        if relation.kind != "comments" or relation.is_external or relation.target not in archive:
            continue
        for comment in descendants(read_xml(archive, relation.target), "comment"):
            address = attribute(comment, "ref") or ""
            text = plain_text("".join(part.text or "" for part in descendants(comment, "t")))
            if text and is_address(address):
                comments[address] = text
    return comments


def _read_properties(archive: Archive, package: tuple[Relation, ...]) -> Mapping[str, str]:
    """Document properties by name: creator, lastModifiedBy, title, Company, … and the author's own."""
    properties: dict[str, str] = {}
    for relation in package:
        if (
            relation.kind in ("core-properties", "extended-properties", "custom-properties")
            and relation.target in archive
        ):
            for entry in read_xml(archive, relation.target):
                text = _leaf_text(entry)
                if text:
                    properties[entry.get("name") or local_name(str(entry.tag))] = text
    return properties


def _leaf_text(entry: Element) -> str:
    if len(entry) > 1:  # lists of sheet names
        return ""
    return ((entry[0].text if len(entry) else entry.text) or "").strip()
