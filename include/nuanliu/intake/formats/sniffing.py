"""What a file is, by its content. Its ending is never asked: clerks rename files (catalogue M1–M5)."""

from __future__ import annotations

import re
from enum import StrEnum

from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.formats.xls.ole import SIGNATURE as OLE_SIGNATURE
from nuanliu.intake.formats.xls.ole import OleFile
from nuanliu.intake.formats.zip_archive import Archive


class Container(StrEnum):
    """How the bytes are to be opened. ``BIFF``: an .xls stream that lost its OLE container."""

    ZIP = "zip"
    OLE = "ole"
    BIFF = "biff"
    TEXT = "text"


_BIFF8 = re.compile(rb"\x09\x08[\x08\x10]\x00\x00\x06")
_BIFF_OLD = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00\x00\x05")
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_ARCHIVES = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf'\x1c": "7z",
    b"\x1f\x8b\x08": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|script)\b")
_SPREADSHEET_ML = re.compile(rb"schemas-microsoft-com:office:spreadsheet|progid=[\"']excel\.sheet")
_NUMBERS = frozenset({"index.zip", "index.numbers", "index.apxl", "index.xml.gz"})
"""How older versions of Numbers pack a document."""
_SYLK = re.compile(rb"ID;P[^\r\n]*[\r\n]+(?:[A-Z]{1,2};|E[\r\n])")
_DIF = re.compile(rb"TABLE\r?\n0,1\r?\n")
_OWNER_FILE_SIZES = (162, 165, 171)
_LONGEST_OWNER = 54
_HEAD = 4096


def sniff_container(data: bytes) -> Container:
    """How to open a file. Raises: Refused for everything that is no workbook and no text."""
    head = data[:_HEAD]
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00\x1a") and len(data) <= _HEAD:
        raise Refused("file.empty")
    if head.startswith(OLE_SIGNATURE):
        return Container.OLE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Container.ZIP
    if _BIFF8.match(head):
        return Container.BIFF
    if head.startswith(_BIFF_OLD):
        raise Refused("file.other_spreadsheet", what="Excel 95或更早版本的工作簿")
    if _is_owner_file(data):
        raise Refused("file.temporary")
    if _SYLK.match(head):
        raise Refused("file.other_spreadsheet", what="SYLK表格(.slk)")
    if _DIF.match(head):
        raise Refused("file.other_spreadsheet", what="DIF表格(.dif)")
    _refuse_foreign(data, head)
    _refuse_markup(head)
    return Container.TEXT


def is_workbook(archive: Archive) -> bool:
    """True for an xlsx or xlsm, False for a zip of files. Raises: Refused that names what else the zip is."""
    names = archive.names
    if "[content_types].xml" in names:
        if "xl/workbook.bin" in names:
            raise Refused("file.other_spreadsheet", what="二进制工作簿(.xlsb)")
        if any(name.startswith("word/") for name in names):
            raise Refused("file.document", what="Word文档")
        if any(name.startswith("ppt/") for name in names):
            raise Refused("file.document", what="演示文稿")
        return True
    if "mimetype" in names and "content.xml" in names:
        if b"spreadsheet" in archive.read("mimetype"):
            raise Refused("file.other_spreadsheet", what="OpenDocument表格(.ods)")
        raise Refused("file.document", what="OpenDocument文档")
    if names & _NUMBERS or any(name.startswith("index/") and name.endswith(".iwa") for name in names):
        raise Refused("file.other_spreadsheet", what="Numbers表格")
    return False


def sniff_ole(ole: OleFile) -> None:
    """Pass for a BIFF8 workbook. Raises: Refused that names what else the container holds."""
    names = {name.lower() for name in ole.names}
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise Refused("file.encrypted")
    if "workbook" in names:
        return
    if "book" in names:
        raise Refused("file.other_spreadsheet", what="Excel 95或更早版本的工作簿")
    if "worddocument" in names:
        raise Refused("file.document", what="Word文档")
    if "powerpoint document" in names:
        raise Refused("file.document", what="演示文稿")
    if any(name.startswith("__substg1.0") for name in names):
        raise Refused("file.document", what="Outlook邮件")
    if ole.is_directory_cut:
        raise Refused("file.corrupt", detail="文件不完整,后半部分丢失")
    raise Refused("file.document", what="文档")


def _is_owner_file(data: bytes) -> bool:
    """Whether this is the ~$ file that lies beside an opened document: the length of a user's name, the name, blanks, and
    from byte 55 on the same in UTF-16. Excel and WPS write 165 bytes, Word 162.
    """
    if len(data) not in _OWNER_FILE_SIZES or data[0] > _LONGEST_OWNER:
        return False
    return not data[1 + data[0] : _LONGEST_OWNER + 1].strip(b" \x00") and data[_LONGEST_OWNER + 1] == data[0]


def _refuse_foreign(data: bytes, head: bytes) -> None:
    if b"%PDF-" in head[:1024]:
        raise Refused("file.pdf")
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:8] == b"ftyp":
        raise Refused("file.image")
    if head.startswith(b"BM") and int.from_bytes(head[2:6], "little") == len(data):
        raise Refused("file.image")
    if head.startswith(b"{\\rtf"):
        raise Refused("file.document", what="RTF文档")
    for mark, name in _ARCHIVES.items():
        if head.startswith(mark):
            raise Refused("file.archive", what=name, why="系统不拆这种压缩包")


def _refuse_markup(head: bytes) -> None:
    # Marks are ASCII; without the NULs of UTF-16 they read the same in every encoding.
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith(b"mime-version:") and b"multipart/related" in plain:
        raise Refused("file.web_page")
    if not plain.startswith(b"<"):
        return
    if _SPREADSHEET_ML.search(plain):
        raise Refused("file.xml_spreadsheet")
    if _HTML.search(plain):
        raise Refused("file.web_page")
    if plain.startswith(b"<?xml"):
        raise Refused("file.document", what="XML文件")
