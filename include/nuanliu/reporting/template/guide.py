"""The sheet 填报说明: what to do, how to fill each column, and what comes back when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.contract.rules import rule_registry
from nuanliu.contract.union_life import Union
from nuanliu.domain.findings import Severity
from nuanliu.reporting.row_height import fitted_height
from nuanliu.reporting.template.checks import rule_words
from nuanliu.reporting.template.contents import TemplateColumn, template_words

_WIDTHS = (24, 12, 78, 30)
_FAMILIES = ("row", "set", "org", "file", "pii")
_GRADES = {Severity.ERROR: "退回", Severity.QUERY: "待说明"}


def write_guide(sheet: Worksheet, union: Union, columns: Sequence[TemplateColumn]) -> None:
    """Fill the sheet. The rules come from the registry, so the guide says what the checks do."""
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _title(sheet, f"{union.name}活动周报填报说明", size=16)
    _title(sheet, "一、怎么报")
    for number, step in enumerate(template_words()["steps"], start=1):
        sheet.append([f"{number}. {step}"])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=4)
        _fit(sheet, sheet.max_row, [f"{number}. {step}"], [sum(_WIDTHS)])
    _title(sheet, "二、各列怎么填")
    _table(
        sheet,
        ("列名", "是否必填", "怎么填", "示例"),
        [(c.header, "必填" if c.is_required else "", c.hint, str(c.example)) for c in columns],
    )
    _title(sheet, "三、哪些情况会退回或要说明")
    rules = [
        rule
        for family in _FAMILIES
        for severity in _GRADES
        for rule in rule_registry()
        if rule.family == family and rule.severity is severity
    ]
    _table(
        sheet,
        ("情况", "结果", "怎么改", "写了“说明”能否入库"),
        [(rule.title, _GRADES[rule.severity], rule_words(rule), "能" if rule.releasable else "") for rule in rules],
    )
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _title(sheet: Worksheet, text: str, size: int = 12) -> None:
    if sheet.max_row > 1:
        sheet.append([])
    sheet.append([text])
    cell = sheet.cell(sheet.max_row, 1)
    cell.font = Font(bold=True, size=size)
    sheet.row_dimensions[sheet.max_row].height = size * 1.8


def _table(sheet: Worksheet, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    sheet.append(list(header))
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F3D9DC")
    for row in rows:
        sheet.append(list(row))
        _fit(sheet, sheet.max_row, row, _WIDTHS)


def _fit(sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
    sheet.row_dimensions[row].height = fitted_height(texts, widths)
    for cell in sheet[row]:
        cell.alignment = Alignment(vertical="top", wrap_text=True)
