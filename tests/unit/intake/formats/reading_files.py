"""Files built in memory for the reader tests: what clerks send, and what nobody should."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

from nuanliu.intake.formats.open_workbook import read_workbook
from nuanliu.intake.formats.workbook import Refusal, Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    import openpyxl
    import xlwt

    from nuanliu.intake.formats.workbook import Sheet

HEADER = ["活动名称", "活动类别", "结束日期", "服务人数(人)"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read(data: bytes, file_name: str = "周报.xlsx") -> Workbook:
    """Read a file that must be readable."""
    workbook = read_workbook(data, file_name)
    assert isinstance(workbook, Workbook), workbook
    return workbook


def read_sheet(data: bytes) -> Sheet:
    """The only sheet of a file."""
    (sheet,) = read(data).sheets
    return sheet


def refuse(data: bytes, file_name: str = "周报.xlsx") -> Refusal:
    """Read a file that must be refused; its words must fill the texts of its rule."""
    refusal = read_workbook(data, file_name)
    assert isinstance(refusal, Refusal), refusal
    finding = refusal.finding()
    assert finding.is_file_level
    assert "{" not in finding.message + finding.fix
    return refusal


def saved(book: openpyxl.Workbook | xlwt.Workbook) -> bytes:
    """The bytes of a workbook object."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of named parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def repacked(data: bytes, changes: Mapping[str, str | bytes | None]) -> bytes:
    """An xlsx with parts replaced, added or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, content in changes.items():
        if content is None:
            del parts[name]
        else:
            parts[name] = content
    return zipped(parts)


def raw_xlsx(
    sheet_data: str,
    *,
    before: str = "",
    after: str = "",
    texts: str | None = None,
    book_head: str = "",
    book_foot: str = "",
    styles: str | None = None,
) -> bytes:
    """An xlsx of one sheet whose XML is given, for what no writer writes."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book_head}<sheets>'
        f'<sheet name="活动明细" sheetId="1" r:id="r1"/></sheets>{book_foot}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1"'
        f' Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}<sheetData>{sheet_data}</sheetData>{after}</worksheet>',
    }
    if texts is not None:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{texts}</sst>'
    if styles is not None:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return zipped(parts)


def ole_container(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with the given streams, all in full sectors. Source: [MS-CFB]."""
    sector = 512
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    contents = [data.ljust(4096, b"\x00") for data in streams.values()]
    counts = [-(-len(content) // sector) for content in contents]
    directory_sectors = -(-(len(streams) + 1) // 4)
    fat_sectors = 1
    while fat_sectors * 128 < fat_sectors + directory_sectors + sum(counts):
        fat_sectors += 1
    fat = [fat_mark] * fat_sectors
    chain_starts = []
    for count in (directory_sectors, *counts):
        start = len(fat)
        chain_starts.append(start)
        fat += [*range(start + 1, start + count), end]
    fat += [free] * (fat_sectors * 128 - len(fat))

    def entry(name: str, kind: int, start: int, size: int, right: int, child: int) -> bytes:
        encoded = (name + "\x00").encode("utf-16-le")
        return (
            encoded.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(encoded), kind, 1, free, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    entries = [entry("Root Entry", 5, end, 0, free, 1)]
    for at, (name, content) in enumerate(zip(streams, contents, strict=True)):
        right = at + 2 if at + 1 < len(streams) else free
        entries.append(entry(name, 2, chain_starts[at + 1], len(content), right, free))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, fat_sectors, chain_starts[0], 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", *range(fat_sectors), *[free] * (109 - fat_sectors))
    )
    return (
        header
        + struct.pack(f"<{len(fat)}I", *fat)
        + b"".join(entries).ljust(directory_sectors * sector, b"\x00")
        + b"".join(content.ljust(count * sector, b"\x00") for content, count in zip(contents, counts, strict=True))
    )
