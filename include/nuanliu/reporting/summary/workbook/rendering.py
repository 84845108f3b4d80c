"""The whole workbook: a cover, charts, and a sheet for each table that has rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook

from nuanliu.contract.code_lists import PROVINCE
from nuanliu.domain.documents import SourceEntry
from nuanliu.reporting.labels import union_name
from nuanliu.reporting.summary.contents import Summary
from nuanliu.reporting.summary.workbook.charts import CHARTS, add_charts
from nuanliu.reporting.summary.workbook.cover import add_cover
from nuanliu.reporting.summary.workbook.figure_tables import figure_table, source_table
from nuanliu.reporting.summary.workbook.matrix_tables import category_table, county_table, union_table
from nuanliu.reporting.summary.workbook.packing import pack
from nuanliu.reporting.summary.workbook.places import Places
from nuanliu.reporting.summary.workbook.printing import Running
from nuanliu.reporting.summary.workbook.sheets import add_sheet
from nuanliu.reporting.summary.workbook.styles import add_styles
from nuanliu.reporting.summary.workbook.tables import Table
from nuanliu.reporting.summary.workbook.told_tables import (
    bridge_table,
    campaign_table,
    explanation_table,
    highlight_table,
    inclusive_table,
    open_union_table,
    restatement_table,
    revision_table,
    to_date_table,
    week_table,
)


def render_workbook(summary: Summary, published_at: datetime, sources: Sequence[SourceEntry] = ()) -> bytes:
    """The workbook's bytes; the same summary and sources give the same ones.

    ``sources``: as ``read_sources`` gives them; without them there is no sheet 来源. A number leads to its row of 全部数据, that to
    its rows of 来源, and each of these back.
    """
    places = Places.of(summary.figures, sources)
    weeks, unions = week_table(summary), union_table(summary, places)
    tables = [
        unions,
        category_table(summary, places),
        county_table(summary, places),
        bridge_table(summary, places),
        highlight_table(summary, places),
        revision_table(summary, places),
        explanation_table(summary),
        restatement_table(summary, places),
        open_union_table(summary),
        weeks,
        to_date_table(summary, places),
        inclusive_table(summary, places),
        campaign_table(summary),
        figure_table(summary, places),
        source_table(sources, places),
    ]
    filled = [table for table in tables if table.rows]
    publisher = union_name(PROVINCE)
    edition = "未发布" if summary.edition is None else f"第{summary.edition}版"
    running = Running(f"全省工会服务职工周报 {summary.week.label}", edition, publisher)
    book = Workbook()
    del book["Sheet"]
    add_styles(book)
    for table in filled:
        add_sheet(book, table, running)
    charts = add_charts(book, summary, weeks, unions, running)
    drawn = [Table(CHARTS, "近12周和各市州,一页", (), ())] if charts else []
    add_cover(book, summary, [*drawn, *filled], places, running, published_at)
    book.active = 0
    book.properties.creator = publisher
    book.properties.title = summary.title
    book.properties.created = book.properties.modified = published_at.replace(tzinfo=None)
    return pack(book)
