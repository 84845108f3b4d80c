"""A planned report as the bytes that a union would drop: our template filled in, or one of the forms that unions have of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from nuanliu.contract.code_lists import codes, unions_of_week
from nuanliu.contract.input_contract import input_contract
from nuanliu.domain.exactness import Exactness, show_figure
from nuanliu.reporting.labels import is_money
from nuanliu.reporting.template.contents import template_columns, template_words
from nuanliu.reporting.template.template_workbook import EXAMPLE_ROW, FIRST_ROW, render_template
from nuanliu.running.sample_past.planning import CORRECTION, PlannedActivity, PlannedFigure, PlannedFile

Cell = str | int | Decimal | datetime | None
_HEADS = ("活动名称", "活动类别", "专项/品牌", "开始日期", "结束日期", "服务对象", "统计口径")
_WAN = Decimal(10000)


def file_name(file: PlannedFile) -> str:
    """The sender and the week; a correction is told apart, as people do."""
    ending = "csv" if file.form in {"csv", "semicolon"} else "xlsx"
    again = "(改)" if file.submission_type == CORRECTION else ""
    return f"{_union_name(file)}{file.week}{again}.{ending}"


def write_file(file: PlannedFile) -> bytes:
    """The same file gives the same cells."""
    return _WRITERS[file.form](file)


def _template(file: PlannedFile) -> bytes:
    union = unions_of_week(file.week.monday).standing[file.union_id]
    book = load_workbook(io.BytesIO(render_template(union, file.week)))
    names: Mapping[str, str] = template_words()["sheets"]
    cover, table = book[names["cover"]], book[names["table"]]
    said = {"报告期": str(file.week), "报送类型": file.submission_type}
    for row in cover.iter_rows(max_col=2):
        if (word := said.get(str(row[0].value))) is not None:
            row[1].value = word
    columns = {column.id: number for number, column in enumerate(template_columns(union), start=1)}
    for cell in table[EXAMPLE_ROW]:
        cell.value = None
    for number, activity in enumerate(file.activities, start=FIRST_ROW):
        values: dict[str, Cell] = {
            "activity_name": activity.name,
            "campaign": activity.campaign or None,
            "category": _category(activity),
            "beneficiary_groups": activity.groups,
            "period_kind": _period_kind(activity),
        }
        if activity.days:
            values |= {"start_date": activity.days[0].isoformat(), "end_date": activity.days[1].isoformat()}
        values |= {figure.measure: _written(figure) for figure in activity.figures}
        for column, written in values.items():
            table.cell(number, columns[column], written)
    return _saved(book, file)


def _cover(file: PlannedFile) -> bytes:
    """A cover and a plain table with units in its heads."""
    book = Workbook()
    cover, table = book["Sheet"], book.create_sheet("活动明细")
    cover.title = "报送信息"
    for row in (
        ("报送单位", _union_name(file)), ("报告期", str(file.week)), ("报送类型", file.submission_type),
    ):  # fmt: skip
        cover.append(row)
    measures = _measures(file)
    table.append([*_HEADS, *(f"{codes().measures[m].name}({codes().measures[m].unit})" for m in measures)])
    for activity in file.activities:
        table.append([*_words(activity), *_figures(activity, measures)])
    return _saved(book, file)


def _titled(file: PlannedFile) -> bytes:
    """A merged title with the week, money in 万元 by a line above, a row of sums and a note below."""
    book = Workbook()
    sheet = book["Sheet"]
    sheet.title = "周报"
    measures = _measures(file)
    heads = ["序号", *_HEADS, *(codes().measures[measure].name for measure in measures)]
    first, last = file.week.monday, file.week.sunday
    sheet["A1"] = (
        f"{_union_name(file)}服务职工活动情况({first.year}年{first.month}月{first.day}日—{last.month}月{last.day}日)"
    )
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(heads))
    sheet.cell(2, len(heads), "单位:万元")
    sheet.append(heads)
    for number, activity in enumerate(file.activities, start=1):
        sheet.append([number, *_words(activity), *_figures(activity, measures, in_wan=True)])
    people = sum(
        figure.value for activity in file.activities for figure in activity.figures if figure.measure == measures[0]
    )
    sheet.append(["合计", *[None] * len(_HEADS), people])
    sheet.append(["备注:以上为本级数据。"])
    return _saved(book, file)


def _long(file: PlannedFile) -> bytes:
    """One figure a row."""
    book = Workbook()
    sheet = book["Sheet"]
    sheet.title = "活动"
    sheet.append([f"{_union_name(file)} {file.week}"])
    sheet.append([*_HEADS, "指标", "数值", "单位"])
    for activity in file.activities:
        for figure in activity.figures:
            measure = codes().measures[figure.measure]
            sheet.append([*_words(activity), measure.name, _written(figure), measure.unit])
    return _saved(book, file)


def _csv(file: PlannedFile) -> bytes:
    """As Excel saves it on a Chinese Windows."""
    return _table(file, ",").encode("gb18030")


def _semicolon(file: PlannedFile) -> bytes:
    return b"\xef\xbb\xbf" + _table(file, ";").encode()


_WRITERS: Mapping[str, Callable[[PlannedFile], bytes]] = {
    "template": _template,
    "cover": _cover,
    "titled": _titled,
    "csv": _csv,
    "semicolon": _semicolon,
    "long": _long,
}


def _table(file: PlannedFile, separator: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    measures = _measures(file)
    writer.writerow(
        ["填报单位", "报告期", "报送类型", *_HEADS, *(input_contract().header(measure) for measure in measures)]
    )
    for activity in file.activities:
        head = (_union_name(file), str(file.week), file.submission_type)
        writer.writerow([*head, *_words(activity), *_figures(activity, measures)])
    return out.getvalue()


def _measures(file: PlannedFile) -> list[str]:
    """Those that the file has, in the order of the list; the first is people."""
    used = {figure.measure for activity in file.activities for figure in activity.figures} | {"people_served"}
    return [measure.id for measure in codes().measures if measure.id in used]


def _words(activity: PlannedActivity) -> Sequence[Cell]:
    start, end = (day.isoformat() for day in activity.days) if activity.days else (None, None)
    return (
        activity.name, _category(activity), activity.campaign or None, start, end, activity.groups, _period_kind(activity),
    )  # fmt: skip


def _figures(activity: PlannedActivity, measures: Sequence[str], *, in_wan: bool = False) -> list[Cell]:
    figures = {figure.measure: figure for figure in activity.figures}
    return [
        _written(figure, in_wan=in_wan) if (figure := figures.get(measure)) is not None else None
        for measure in measures
    ]


def _written(figure: PlannedFigure, *, in_wan: bool = False) -> Cell:
    """A number as a number, with 余, 近 or 约 as a text; money in 万元 where the sheet says so."""
    if in_wan and is_money(figure.measure):
        return figure.value / _WAN
    if figure.exactness is Exactness.EXACT:
        return figure.value
    return show_figure(Decimal(figure.value), figure.exactness)


def _category(activity: PlannedActivity) -> str:
    return codes().categories[activity.category].name


def _period_kind(activity: PlannedActivity) -> str:
    return "本次" if activity.days else "今年以来"


def _union_name(file: PlannedFile) -> str:
    return unions_of_week(file.week.monday).standing[file.union_id].name


def _saved(book: Workbook, file: PlannedFile) -> bytes:
    book.properties.creator = "样例"
    # openpyxl wants naive times; of the plan, so that the same file has the same bytes.
    book.properties.created = book.properties.modified = file.arrives_at.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
