"""The template workbook of one union: cover, table with drop-downs and input checks, guide, code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.contract.union_life import Union
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.ooxml.addresses import column_letter
from nuanliu.reporting.row_height import text_width
from nuanliu.reporting.template.checks import TYPE_RULE, column_checks, list_check
from nuanliu.reporting.template.contents import (
    TYPE_CHOICES,
    TemplateColumn,
    template_columns,
    template_lists,
    template_words,
)
from nuanliu.reporting.template.guide import write_guide

HEADER_ROW, EXAMPLE_ROW, FIRST_ROW = 1, 2, 3
_GREY = Side(style="thin", color="BFC5CE")
_BOX = Border(left=_GREY, right=_GREY, top=_GREY, bottom=_GREY)
_REQUIRED, _MEASURE, _PLAIN, _EXAMPLE = "F4B183", "DDEBF7", "EDEDED", "F7F7F7"
_MISSING = "F8CBAD"
_FORMATS = {"date": "yyyy-mm-dd", "measure": "General"}
_NARROWEST, _WIDEST = 11, 26
_WIDE = {"activity_name": 26, "explanation": 30, "remarks": 26, "co_organizers": 20, "beneficiary_groups": 20}


def render_template(union: Union, week: ReportingWeek) -> bytes:
    """The workbook for reports of a week. What it refuses is what the rules return; everything else may be written."""
    words = template_words()
    columns, lists = template_columns(union), template_lists(union, week)
    book = Workbook()
    del book["Sheet"]
    names: Mapping[str, str] = words["sheets"]
    cover, table = book.create_sheet(names["cover"]), book.create_sheet(names["table"])
    guide, codes = book.create_sheet(names["guide"]), book.create_sheet(names["lists"])
    ranges = _write_lists(codes, lists)
    _write_cover(cover, union, ranges[TYPE_CHOICES], lists[TYPE_CHOICES])
    _write_table(table, columns, ranges)
    write_guide(guide, union, columns)
    for sheet in (guide, codes):
        _protect(sheet)
    book.properties.creator = "暖流"
    book.properties.title = f"{union.name}活动周报模板"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_cover(sheet: Worksheet, union: Union, types: str, type_names: Sequence[str]) -> None:
    words = template_words()
    sheet["A1"] = f"{union.name}活动周报"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.row_dimensions[1].height = 30
    filled = {"union": union.name, "submission_type": type_names[0], "template_version": words["version"]}
    for row, entry in enumerate(words["cover"], start=3):
        label, value, hint = sheet.cell(row, 1), sheet.cell(row, 2), sheet.cell(row, 3)
        label.value, value.value, hint.value = entry["label"], filled.get(entry["field"]), entry["hint"] or None
        label.font = Font(bold=True)
        hint.font = Font(color="7F7F7F", size=10)
        label.fill = PatternFill("solid", fgColor=_PLAIN)
        value.number_format = "yyyy-mm-dd" if entry["field"] == "reported_on" else "@"
        value.alignment = Alignment(horizontal="left")
        label.border = value.border = _BOX
        value.protection = Protection(locked=entry["field"] in ("union", "template_version"))
        sheet.row_dimensions[row].height = 24
        for cell in (label, value, hint):
            cell.alignment = Alignment(vertical="center", horizontal="left")
        if entry["field"] == "submission_type":
            check = list_check(types, TYPE_RULE, "、".join(type_names))
            check.add(value.coordinate)
            sheet.add_data_validation(check)
    for letter, width in (("A", 14), ("B", 36), ("C", 56)):
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _protect(sheet)


def _write_table(sheet: Worksheet, columns: Sequence[TemplateColumn], ranges: Mapping[str, str]) -> None:
    letters = {column.id: column_letter(at) for at, column in enumerate(columns)}
    last_row = FIRST_ROW + int(template_words()["checked_rows"]) - 1
    for column in columns:
        letter = letters[column.id]
        colour = _REQUIRED if column.is_required else _MEASURE if column.kind == "measure" else _PLAIN
        header, example = sheet[f"{letter}{HEADER_ROW}"], sheet[f"{letter}{EXAMPLE_ROW}"]
        header.value, example.value = column.header, column.example if column.example != "" else None
        header.font = Font(bold=True)
        header.fill, example.fill = PatternFill("solid", fgColor=colour), PatternFill("solid", fgColor=_EXAMPLE)
        header.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        example.font = Font(italic=True, color="7F7F7F")
        example.alignment = Alignment(vertical="center")
        header.border = example.border = _BOX
        dimension = sheet.column_dimensions[letter]
        wanted = _WIDE.get(column.id, max(text_width(column.header), text_width(str(column.example))) + 2)
        dimension.width = min(_WIDEST, max(_NARROWEST, wanted)) if column.id not in _WIDE else wanted
        dimension.number_format = _FORMATS.get(column.kind, "@")
        dimension.protection = Protection(locked=False)
    for check in column_checks(columns, letters, ranges, (FIRST_ROW, last_row)):
        sheet.add_data_validation(check)
    whole = f"$A{FIRST_ROW}:${letters[columns[-1].id]}{FIRST_ROW}"
    for column in columns:
        if column.is_required:  # a row that is begun shows what it still needs
            letter = letters[column.id]
            sheet.conditional_formatting.add(
                f"{letter}{FIRST_ROW}:{letter}{last_row}",
                Rule(
                    type="expression",
                    formula=[f'AND(COUNTA({whole})>0,{letter}{FIRST_ROW}="")'],
                    dxf=DifferentialStyle(fill=PatternFill(bgColor=_MISSING)),
                ),
            )
    sheet.row_dimensions[HEADER_ROW].height = 34
    sheet.row_dimensions[EXAMPLE_ROW].height = 20
    name = next(at for at, column in enumerate(columns) if column.id == "activity_name")
    sheet.freeze_panes = f"{column_letter(name + 1)}{FIRST_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    _protect(sheet)


def _write_lists(sheet: Worksheet, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write each list under its name; returns the ranges that drop-downs refer to."""
    ranges = {}
    for at, (name, entries) in enumerate(lists.items(), start=1):
        letter = column_letter(at - 1)
        for row, text in enumerate((name, *entries), start=1):
            sheet.cell(row, at, text)
        sheet.cell(1, at).font = Font(bold=True)
        sheet.cell(1, at).fill = PatternFill("solid", fgColor=_PLAIN)
        sheet.column_dimensions[letter].width = max(map(text_width, (name, *entries))) + 4
        ranges[name] = f"'{sheet.title}'!${letter}$2:${letter}${len(entries) + 1}"
    sheet.freeze_panes = "A2"
    return ranges


def _protect(sheet: Worksheet) -> None:
    """Against slips, not against people: no password, and widths, heights, sorting and rows stay free."""
    sheet.protection.enable()
    for free in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, free, False)
