"""The summary as a workbook: what the mail says, and every figure of the week with its figure id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.ooxml.addresses import column_letter
from nuanliu.reporting.export_cells import export_text
from nuanliu.reporting.row_height import text_width
from nuanliu.reporting.summary.contents import FigureLine, Summary
from nuanliu.reporting.summary.workbook_charts import add_charts

Row = Sequence[str | int | Decimal | None]


_FIGURE_HEADER = (
    "单位",
    "类别",
    "指标",
    "口径",
    "范围",
    "显示",
    "计量单位",
    "数值(基本单位)",
    "精确程度",
    "活动数",
    "上周",
    "环比",
    "上年同周",
    "同比",
)
_SPRING_HEADER = ("上年春节同期", "比春节同期")
_EXACTNESS = {"exact": "准确", "over": "余", "under": "近", "approx": "约"}
_WIDEST = 48


def render_workbook(summary: Summary, published_at: datetime) -> bytes:
    """更正 first when there is any, then 概览, 变化原因, 图表, 分市州, 本周亮点, 全部数据, and 专项, 累计数调低 and 情况说明 where there are any.

    A number of 分市州 is a link to its row of 全部数据, which has its id. The same summary gives the same cells.
    """
    book = Workbook()
    del book["Sheet"]
    if summary.revisions:
        _fill(
            book.create_sheet("更正"),
            ("周次", "单位", "项目", "原数", "现数", "原因", "图号"),
            ((r.week, r.union, r.what, r.old, r.new, r.reason, r.figure_id) for r in summary.revisions),
        )
    _fill(book.create_sheet("概览"), ("项目", "内容"), _overview_rows(summary), widths=(16, 90))
    if summary.bridges:
        _fill(book.create_sheet("变化原因"), ("指标", "项目", "数", "计量单位", "说明", "图号"), _bridge_rows(summary))
    add_charts(book, summary)
    _fill(
        book.create_sheet("分市州"),
        ("单位", "报送", *summary.table_measures),
        ((row.name, row.state, *(cell.in_column if cell else "—" for cell in row.cells)) for row in summary.by_union),
    )
    if summary.highlights:
        _fill(
            book.create_sheet("本周亮点"), ("入选原因", "活动", "图号"), _highlight_rows(summary), widths=(22, 80, 60)
        )
    springs = _SPRING_HEADER if summary.compares_springs else ()
    rows = (_figure_row(line, has_springs=summary.compares_springs) for line in summary.figures)
    _fill(book.create_sheet("全部数据"), (*_FIGURE_HEADER, *springs, "图号"), rows)
    _link_to_figures(book["分市州"], summary)
    if summary.campaigns:
        _fill(
            book.create_sheet("专项"),
            ("专项", "指标", "数值", "计量单位", "参与单位", "周次", "图号"),
            ((c.campaign, c.measure, c.shown, c.unit, c.unions, c.weeks, c.figure_id) for c in summary.campaigns),
        )
    if summary.restatements:
        _fill(
            book.create_sheet("累计数调低"),
            ("单位", "活动", "指标", "上次", "本次", "计量单位", "说明", "图号"),
            (
                (x.union, x.activity, x.measure, x.old, x.new, x.unit, x.explanation, x.figure_id)
                for x in summary.restatements
            ),
        )
    if summary.explanations:
        _fill(
            book.create_sheet("情况说明"),
            ("单位", "活动", "项目", "上报", "说明"),
            ((x.union, x.activity, x.what, x.value, x.explanation) for x in summary.explanations),
        )
    book.properties.creator = "暖流"
    book.properties.title = summary.title
    book.properties.created = book.properties.modified = published_at.replace(tzinfo=None)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _overview_rows(summary: Summary) -> Iterable[Row]:
    yield "报告期", summary.week.label
    yield "版次", summary.edition
    yield "覆盖", summary.banner
    for label, names in (
        ("未报", summary.missing), ("待说明", summary.held), ("退回", summary.returned), ("迟报", summary.late),
    ):  # fmt: skip
        if names:
            yield label, "、".join(names)
    yield "总体", summary.headline
    if summary.revision_record:
        yield "首发数的修正", f"{';'.join(summary.revision_record)}。"
    yield (
        "说明",
        "按主办单位统计;服务人数未去重,实为人次;显示值中金额为万元,不足50元的仍写元,数值列为元;“图号”可用 nuanliu trace 查出处。",
    )


def _bridge_rows(summary: Summary) -> Iterable[Row]:
    """Each bridge from the figure then to the figure now; every term has the id that leads to its cells."""
    for bridge in summary.bridges:
        yield bridge.measure, bridge.then, bridge.earlier, bridge.unit, bridge.other, None
        for term in bridge.terms:
            yield bridge.measure, term.label, term.shown, bridge.unit, None, term.term_id
        yield bridge.measure, "合计变化", bridge.change, bridge.unit, None, None
        yield bridge.measure, "本周", bridge.shown, bridge.unit, bridge.sentence, bridge.figure_id
        for each in bridge.contributors:
            yield bridge.measure, f"其中 {each.union}", each.shown, bridge.unit, each.why, None
        if bridge.workdays:
            yield bridge.measure, "工作日", None, None, bridge.workdays, None


def _highlight_rows(summary: Summary) -> Iterable[Row]:
    """Each sentence with the ids of its numbers, in their order."""
    for line in summary.highlights:
        yield line.why, line.sentence, "\n".join(line.trace_ids)


def _figure_row(line: FigureLine, *, has_springs: bool) -> Row:
    springs = (line.spring_ago, line.spring_change or line.spring_why_not) if has_springs else ()
    return (
        line.union, line.category, line.measure, line.period, line.scope, line.shown, line.unit, Decimal(line.value),
        _EXACTNESS[line.exactness], line.activities, line.previous, line.change or line.why_not, line.year_ago,
        line.year_change or line.year_why_not, *springs, line.figure_id,
    )  # fmt: skip


def _link_to_figures(sheet: Worksheet, summary: Summary) -> None:
    """Each number of the table by union leads to its row of 全部数据."""
    rows = {line.figure_id: number for number, line in enumerate(summary.figures, start=2)}
    for number, union in enumerate(summary.by_union, start=2):
        for column, figure in enumerate(union.cells, start=3):
            if figure is not None:
                cell = sheet.cell(number, column)
                cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'全部数据'!A{rows[figure.figure_id]}")


def _fill(sheet: Worksheet, header: Sequence[str], rows: Iterable[Row], widths: Sequence[int] | None = None) -> None:
    widest = [text_width(text) for text in header]
    sheet.append(list(header))
    for row in rows:
        sheet.append([export_text(value) if isinstance(value, str) else value for value in row])
        for column, value in enumerate(row):
            widest[column] = max(widest[column], text_width(str(value if value is not None else "")))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F3D9DC")
    for column, width in enumerate(widths or widest, start=1):
        sheet.column_dimensions[column_letter(column - 1)].width = width if widths else min(width + 2, _WIDEST)
    for cells in sheet.iter_rows(min_row=1):
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
    if sheet.max_row > 2:
        sheet.auto_filter.ref = sheet.dimensions
