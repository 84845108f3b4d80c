"""The same workbook gives the same bytes: no time of the machine in the container or in its properties."""

from __future__ import annotations

import zipfile
from io import BytesIO

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(book: Workbook) -> bytes:
    """A workbook as bytes. ``Workbook.save`` would write the time of day, as modified and at each part."""
    loose, packed = BytesIO(), BytesIO()
    with zipfile.ZipFile(loose, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).write_data()
    with zipfile.ZipFile(loose) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, parts.read(name))
    return packed.getvalue()
