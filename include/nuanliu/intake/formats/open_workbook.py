"""Bytes to a grid of texts: choose the reader by content, read under caps, refuse in words a clerk can act on."""

from __future__ import annotations

import re
from dataclasses import replace

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.intake.formats.csv.workbook import read_delimited
from nuanliu.intake.formats.limits import Oversized, ReadingLimits
from nuanliu.intake.formats.merged_areas import hide_covered
from nuanliu.intake.formats.mojibake import is_lost_to_question_marks, misread_line
from nuanliu.intake.formats.single_file_zip import open_single_file_zip
from nuanliu.intake.formats.sniffing import Container, is_workbook, sniff_container, sniff_ole
from nuanliu.intake.formats.workbook import Refusal, Refused, Workbook
from nuanliu.intake.formats.xls.ole import OleFile
from nuanliu.intake.formats.xls.workbook import read_biff, read_xls
from nuanliu.intake.formats.xlsx.workbook import read_xlsx
from nuanliu.intake.formats.zip_archive import Archive
from nuanliu.ooxml.annotations import without_own_mark

_TOP_ROWS = 20
_MOST_OF_OWNER_FILE = 512
_ENDING = re.compile(r"\.[A-Za-z]{2,5}[0-9]?\Z")


def read_workbook(data: bytes | Oversized, file_name: str) -> Workbook | Refusal:
    """Read a file of any accepted kind. ``file_name`` is only quoted (its ending) in refusals, never believed.

    Returns: the workbook, hidden sheets included, or the reason why it cannot be read. Never raises for bad bytes.
    """
    try:
        _refuse_owner_file(data, file_name)
        return _without_own_marks(_read(data, ReadingLimits.from_contract()))
    except Refused as refused:
        refusal = refused.refusal
    except MemoryError:
        refusal = Refusal("file.too_heavy")
    except Exception as error:  # noqa: BLE001
        # The last resort. zipfile, expat and pyarrow promise no closed set of exceptions for hostile bytes, and
        # a file without a receipt is worse than one refused in general words. Tests see to it that ours never get here.
        refusal = Refusal("file.unreadable", {"error": type(error).__name__})
    return Refusal(refusal.rule, {"named": _named(file_name), **refusal.words})


def _refuse_owner_file(data: bytes | Oversized, file_name: str) -> None:
    """Only here is a name believed, and only of something too small to be a table: other programs' ~$ files differ."""
    if file_name.startswith("~$") and len(data) <= _MOST_OF_OWNER_FILE:
        raise Refused("file.temporary")


def workbook_findings(workbook: Workbook) -> tuple[Finding, ...]:
    """What concerns a file as a whole and not its tables: that it was packed, macros, links to other files."""
    rules = rule_registry()
    findings = []
    if workbook.zipped_as is not None:
        findings.append(rules["file.packed"].finding(member=workbook.zipped_as))
    if workbook.has_macros:
        findings.append(rules["file.macros"].finding())
    if workbook.has_external_links:
        findings.append(rules["file.external_links"].finding())
    if workbook.lost_sheets:
        sheets = "、".join(f"“{name}”" for name in workbook.lost_sheets)
        findings.append(rules["file.sheet.lost"].finding(sheets=sheets))
    return tuple(findings)


def _read(data: bytes | Oversized, limits: ReadingLimits, *, is_single_file_zip: bool = False) -> Workbook:
    if isinstance(data, Oversized) or len(data) > limits.max_bytes:
        raise Refused("file.too_large", size=_megabytes(len(data)), limit=_megabytes(limits.max_bytes))
    match sniff_container(data):
        case Container.ZIP:
            archive = Archive(data, limits)
            if not is_workbook(archive):
                if is_single_file_zip:
                    raise Refused("file.archive")
                return _read_single_file_zip(archive, limits)
            return _as_seen(read_xlsx(archive, limits))
        case Container.OLE:
            ole = OleFile(data)
            sniff_ole(ole)
            return _as_seen(read_xls(ole, limits))
        case Container.BIFF:
            return _as_seen(read_biff(data, limits))
        case Container.TEXT:
            return read_delimited(data, limits)


def _read_single_file_zip(archive: Archive, limits: ReadingLimits) -> Workbook:
    """The workbook that a zip holds, one level deep. A refusal speaks of the file inside."""
    packed = open_single_file_zip(archive)
    try:
        return replace(_read(packed.data, limits, is_single_file_zip=True), zipped_as=packed.name)
    except Refused as refused:
        rule, words = refused.refusal.rule, refused.refusal.words
        if rule == "file.archive":
            words = {"what": "ZIP", "why": "里面还套着压缩包"}
        raise Refused(rule, **{"named": _named(packed.name), **words}) from refused


def unpacked(data: bytes) -> bytes:
    """The bytes of the file that is read: of a zip that holds one file that file's, else the drop's own. Raises: Refused."""
    limits = ReadingLimits.from_contract()
    if sniff_container(data) is not Container.ZIP:
        return data

    archive = Archive(data, limits)
    return data if is_workbook(archive) else open_single_file_zip(archive).data


def _without_own_marks(workbook: Workbook) -> Workbook:
    """The same workbook without the comments of an earlier answer of ours: a repaired copy is judged by its cells."""
    if not any(sheet.comments for sheet in workbook.sheets):
        return workbook
    sheets = []
    for sheet in workbook.sheets:
        comments = {cell: theirs for cell, text in sheet.comments.items() if (theirs := without_own_mark(text))}
        sheets.append(replace(sheet, comments=comments))
    return replace(workbook, sheets=tuple(sheets))


def _as_seen(workbook: Workbook) -> Workbook:
    """The same workbook without what merged areas hide. Raises: Refused for mojibake."""
    return _without_mojibake(replace(workbook, sheets=tuple(map(hide_covered, workbook.sheets))))


def _without_mojibake(workbook: Workbook) -> Workbook:
    """The same workbook. Raises: Refused when a visible sheet shows at its top that it was once read in a wrong encoding, or
    when nothing of all of them is left but question marks.
    """
    tops = {
        sheet.name: "\n".join(sheet.grid.head(_TOP_ROWS).to_numpy().ravel())
        for sheet in workbook.sheets
        if sheet.is_visible and not sheet.grid.empty
    }
    garbled = next((name for name, top in tops.items() if misread_line(top) is not None), None)
    if garbled is None and is_lost_to_question_marks("\n".join(tops.values())):
        garbled = max(tops, key=lambda name: tops[name].count("?"))
    if garbled is not None:
        raise Refused("file.mojibake", place=f"工作表“{garbled}”")
    return workbook


def _named(file_name: str) -> str:
    ending = _ENDING.search(file_name)
    return f"(名字以{ending.group().lower()}结尾)" if ending else ""


def _megabytes(size: int) -> int:
    return -(-size // (1024 * 1024))
