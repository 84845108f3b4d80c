"""A county clerk's workbook with seven faults in it, to be handed back, repaired and taken."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Border, Font, PatternFill, Side

from nuanliu.operations.drops.answering import mark_drop
from nuanliu.operations.drops.check_drop import Drop, check_drop
from nuanliu.operations.drops.drop_path import drop_key, read_drop_path

if TYPE_CHECKING:
    from nuanliu.domain.checked import CheckedDrop

ARRIVAL = datetime.fromisoformat("2024-12-09T09:00+08:00")
SHEET = "12月第一周"
HEADER_ROW = 4
HEADER = (
    "序号", "活动名称", "活动类别", "开始日期", "结束日期", "服务人数(人)", "投入资金(万元)", "其中:慰问金", "场次", "统计口径",
    "备注",
)  # fmt: skip
ROWS = (
    (1, "货车司机健康体检", "健康体检", "2024-12-02", "2024-12-03", 320, 3.2, None, 2, "本次", ""),
    (2, "困难职工走访", "送温暖慰问", "2024-12-03", "2024-12-20", 60, 6, 3, None, "本次", ""),
    (3, "环卫工人早餐", "爱心早点", "2024-12-03", "2024-12-03", "200余", 0.5, None, None, "本次", ""),
    (4, "暖冬送岗招聘会", "就业服务", "2024-12-04", "2024-12-04", "30-50", 1, None, 1, "本次", ""),
    (5, "技能比武", "技能培训竞赛", "2024-12-05", "2024-12-05", -12, 2, None, 1, "本次", ""),
    (6, "", "普法宣传", "2024-12-06", "2024-12-06", 90, 0.3, None, 1, "本次", ""),
    (7, "劳模慰问", "送温暖慰问", "2024-12-06", "2024-12-06", 10, 1, 5, None, "本次", ""),
    (8, "户外劳动者驿站", "工会驿站", "2024-12-07", "2024-12-07", 800000, 9, None, None, "本次", ""),
)
SEEDED = {"E6", "C7", "F8", "F9", "B10", "G11", "F12"}
"""The cells of the seven faults: end after the period, unknown category, a range, a negative count, an empty name, a part
above its total, a count above any limit.
"""
REPAIRS = {"E6": "2024-12-06", "C7": "爱心餐", "F8": 40, "F9": 12, "B10": "宪法宣传周", "G11": 5}
EXPLAINED_ROW = 12


def faulty_workbook() -> bytes:
    """Merged title, 单位 line, header on row 4, eight rows, 合计 with formulas, a signature, borders and a chart."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet["A1"] = "白银市总工会工会活动周报"
    sheet.merge_cells("A1:K1")
    sheet["A1"].font = Font(bold=True, size=18)
    sheet["A2"] = "报告期:2024年12月2日—12月8日"
    sheet.merge_cells("A2:F2")
    sheet["J3"] = "单位:万元"
    thin = Border(*[Side(style="thin")] * 4)
    for at, row in enumerate((HEADER, *ROWS), start=HEADER_ROW):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column, value if value != "" else None)
            cell.border = thin
            if at == HEADER_ROW:
                cell.fill = PatternFill("solid", fgColor="DDEBF7")
    sheet["C7"].fill = PatternFill("solid", fgColor="FFFFFF00")  # the clerk's own doubt
    total = HEADER_ROW + len(ROWS) + 1
    sheet.cell(total, 2, "合计")
    for letter in "FG":
        sheet[f"{letter}{total}"] = f"=SUM({letter}5:{letter}{total - 1})"
    sheet.cell(total + 2, 1, "填报人:某某  联系电话:0943-8000000")
    for letter, width in zip("ABCDEFGHIJK", (6, 24, 14, 13, 13, 13, 15, 13, 8, 10, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.add_chart(_chart(sheet), "B20")
    return saved(book)


def repaired(marked: bytes) -> bytes:
    """The annotated workbook as the clerk mends it: values put right, 说明 filled where it was asked for."""
    book = load_workbook(BytesIO(marked))
    sheet = book[SHEET]
    for cell, value in REPAIRS.items():
        sheet[cell] = value
    explanation = next(cell for cell in sheet[HEADER_ROW] if cell.value == "说明")
    sheet.cell(EXPLAINED_ROW, explanation.column, "全年驿站累计服务人次较多,数字已核对")
    return saved(book)


def checked(data: bytes, name: str = "周报.xlsx", union_id: str = "620400") -> CheckedDrop:
    """A drop checked without a warehouse."""
    key = drop_key(union_id, name, week=None, is_trial=False)
    return check_drop(Drop(data, read_drop_path(key), key, ARRIVAL), lambda _: None)


def marked(data: bytes, name: str = "周报.xlsx") -> bytes:
    """The annotated workbook that such a drop gets."""
    drop = checked(data, name)
    answer = mark_drop(data, name, drop.receipt, drop.submission)
    assert answer is not None
    return answer


def saved(book: Any) -> bytes:
    """A workbook as bytes."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _chart(sheet: Any) -> BarChart:
    chart = BarChart()
    chart.add_data(
        Reference(sheet, min_col=6, min_row=HEADER_ROW, max_row=HEADER_ROW + len(ROWS)), titles_from_data=True
    )
    return chart
