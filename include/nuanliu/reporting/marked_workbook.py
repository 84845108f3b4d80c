"""The union's own workbook, handed back with the faulty cells coloured and explained."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from nuanliu.findings import Severity
from nuanliu.reporting.export_cells import FORMULA_STARTS, export_text
from nuanliu.reporting.labels import FILE_STATUS, SEVERITY
from nuanliu.reporting.receipt_text import rows_line, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from nuanliu.findings import Finding
    from nuanliu.receipt import Receipt

RESULT_SHEET = "检查结果"
"""The intake skips a sheet of this name, so a repaired copy can be dropped as it is."""
_COLOURS = {Severity.ERROR: "F8B4BC", Severity.QUERY: "FFE08A", Severity.WARNING: "D6E6F7", Severity.INFO: "E6EFE3"}
_HEADER = ("严重程度", "问题", "怎么改", "位置", "列", "填写的值", "应为", "规则")
_WIDTHS = (10, 56, 56, 18, 16, 22, 26, 28)
_COMMENT_SIZE = (360, 150)
_CSV_SHEET = "报送表"


def mark_workbook(
    data: bytes,
    receipt: Receipt,
    *,
    contact_cells: Iterable[tuple[str | None, str]],
    mask: Callable[[str], str],
    grids: Mapping[str | None, pd.DataFrame] | None = None,
) -> bytes:
    """Colour and comment the cells that have findings, and put a first sheet before them that lists all findings.

    ``data``: an xlsx; or give ``grids`` (sheet name → texts, index = sheet row, columns = letters) of a CSV or .xls file,
    from which a workbook is made. ``contact_cells`` are blanked, every text goes through ``mask``. Macros are dropped.
    """
    book = _from_grids(grids) if grids is not None else _open(data)
    for sheet_name, address in contact_cells:
        _writable(_sheet(book, sheet_name), address).value = None
    for sheet in book.worksheets:
        _mask_texts(sheet, mask)
    for cell, findings in _by_cell(book, receipt.findings):
        _mark(cell, findings)
    _list_findings(book, receipt)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _open(data: bytes) -> Workbook:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), keep_vba=False, keep_links=False)
    if RESULT_SHEET in book.sheetnames:  # an answer of ours to an earlier drop
        del book[RESULT_SHEET]
    return book


def _from_grids(grids: Mapping[str | None, pd.DataFrame]) -> Workbook:
    from openpyxl import Workbook

    book = Workbook()
    del book["Sheet"]
    for name, grid in grids.items():
        sheet = book.create_sheet(name or _CSV_SHEET)
        for row, texts in zip(grid.index, grid.itertuples(index=False), strict=True):
            for letter, text in zip(grid.columns, texts, strict=True):
                if text:
                    cell = sheet[f"{letter}{row}"]
                    cell.value = export_text(text) if text.startswith(FORMULA_STARTS) else text
                    cell.data_type = "s"
    return book


def _sheet(book: Workbook, name: str | None) -> Worksheet:
    return book[name] if name is not None else book.worksheets[0]


def _mask_texts(sheet: Worksheet, mask: Callable[[str], str]) -> None:
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str) and cell.data_type == "s":
                masked = mask(cell.value)
                if masked != cell.value:
                    cell.value = masked
            if cell.comment is not None:
                cell.comment.text = mask(cell.comment.text)


def _by_cell(book: Workbook, findings: Iterable[Finding]) -> Iterable[tuple[Cell, list[Finding]]]:
    """The cells to mark, each with its findings, gravest first. A finding without a cell stands on the first sheet only."""
    marks: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda item: item.severity.rank):
        if finding.cell is not None and (finding.sheet is None or finding.sheet in book.sheetnames):
            marks.setdefault((_sheet(book, finding.sheet).title, finding.cell), []).append(finding)
    for (sheet_name, address), found in marks.items():
        yield _writable(book[sheet_name], address), found


def _writable(sheet: Worksheet, address: str) -> Cell:
    """The cell itself, or the top left one of the merged area that covers it: only that can be coloured."""
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(address)
    for area in sheet.merged_cells.ranges:
        if address in area:
            row, column = area.min_row, area.min_col
    cell: Cell = sheet.cell(row, column)  # type: ignore[assignment]  # never a MergedCell: those were led to their area
    return cell


def _mark(cell: Cell, findings: Sequence[Finding]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=_COLOURS[findings[0].severity])
    ours = "\n".join(_comment(finding) for finding in findings)
    own = f"{cell.comment.text}\n" if cell.comment is not None else ""
    width, height = _COMMENT_SIZE
    cell.comment = Comment(own + ours, "暖流", height=height, width=width)


def _comment(finding: Finding) -> str:
    lines = [f"【{SEVERITY[finding.severity]}】{finding.message}"]
    if finding.value:
        lines.append(f"值:{finding.value}")
    if finding.expected:
        lines.append(f"应为:{finding.expected}")
    return "\n".join([*lines, f"怎么改:{finding.fix}"])


def _list_findings(book: Workbook, receipt: Receipt) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(RESULT_SHEET, 0)
    sheet.append([f"{FILE_STATUS[receipt.status]}:{verdict(receipt)}"])
    sheet.append([rows_line(receipt)])
    sheet.append([f"回执号:{receipt.receipt_no or '(未编号)'}。改好后请直接投递本工作簿,本页会被忽略。"])
    sheet.append([])
    sheet.append(list(_HEADER))
    header = sheet.max_row
    for finding in sorted(receipt.findings, key=lambda item: (item.severity.rank, item.sheet or "", item.row or 0)):
        sheet.append(_finding_row(finding))
        row = sheet.max_row
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=_COLOURS[finding.severity])
        if finding.cell is not None:
            _link(
                sheet.cell(row, 4),
                _sheet(book, finding.sheet).title if finding.sheet else book.worksheets[1].title,
                finding,
            )
    if not receipt.findings:
        sheet.append(["没有发现问题。"])
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[header]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EEF1F5")
    for cells in sheet.iter_rows(min_row=header):
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{header + 1}"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _finding_row(finding: Finding) -> list[Any]:
    place = f"{finding.sheet or ''} {finding.cell or (f'第{finding.row}行' if finding.row else '整份文件')}".strip()
    texts = (
        SEVERITY[finding.severity], finding.message, finding.fix, place, finding.column or "", finding.value or "",
        finding.expected or "", finding.rule,
    )  # fmt: skip
    return [export_text(text) for text in texts]


def _link(cell: Cell, sheet_name: str, finding: Finding) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    quoted = sheet_name.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{finding.cell}")
    cell.font = Font(color="1F4E9E", underline="single")
