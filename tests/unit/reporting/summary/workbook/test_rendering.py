"""The parts of the workbook: numbers that equal the document, links that resolve, what is printed, and nothing that runs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook
from tests.unit.reporting.summary.workbook.whole_weeks import (
    NOTES,
    PUBLISHED,
    empty_week,
    opened,
    rendered,
    rich_week,
    whole_week,
)

from nuanliu.domain.exactness import Exactness, combine
from nuanliu.domain.figure_id import FigureId
from nuanliu.reporting.row_height import text_width

MAKERS: dict[str, Callable[[], Any]] = {"rich": rich_week, "empty": empty_week, "whole": whole_week}
MARKS = {"": "exact", "余": "over", "近": "under", "约": "approx"}
EVERY = pytest.mark.parametrize("name", MAKERS)


@cache
def week(name: str) -> Any:
    return MAKERS[name]()


@cache
def data(name: str) -> bytes:
    told, sources = week(name)
    return rendered(told, {} if name == "empty" else NOTES, sources)


@cache
def book(name: str) -> Any:
    told, sources = week(name)
    return opened(told, {} if name == "empty" else NOTES, sources)


@cache
def rows(name: str, sheet: str) -> list[dict[str, Any]]:
    """Each row by the heads of its columns."""
    head, *lines = book(name)[sheet].iter_rows()
    return [{top.value: cell for top, cell in zip(head, line, strict=True)} for line in lines]


def mark_of(cell: Any) -> str:
    """What the format of a number says of its exactness."""
    return MARKS["".join(re.findall(r'"([余近约])"', cell.number_format))]


@EVERY
def test_the_cover_is_seen_first_and_is_followed_by_charts_and_tables_that_have_rows(name: str) -> None:
    names = book(name).sheetnames
    assert (names[0], book(name).active.title) == ("封面", "封面")
    assert names[-2:] == (["分市州", "未报单位"] if name == "empty" else ["全部数据", "来源"])
    assert all(len(sheet) <= 5 for sheet in names)
    assert all(book(name)[sheet].max_row > 1 for sheet in names)


def test_a_rich_week_has_every_table() -> None:
    assert book("rich").sheetnames == [
        "封面", "图表", "分市州", "分类别", "分县区", "变化原因", "本周亮点", "更正", "情况说明", "累计数调低", "未报单位", "近12周", "累计",
        "含下级", "专项", "全部数据", "来源",
    ]  # fmt: skip


@EVERY
def test_every_sheet_is_printed_on_a4_as_wide_as_the_page_with_heads_and_page_numbers(name: str) -> None:
    for sheet in book(name):
        area = sheet.print_area.partition("!")[2].replace("$", "")
        assert area == ("A1:N35" if sheet.title == "图表" else sheet.dimensions)
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        is_one_page = sheet.title in {"封面", "图表"}
        assert sheet.page_setup.fitToHeight == int(is_one_page)
        assert sheet.print_title_rows == (None if is_one_page else "$1:$1")
        assert sheet.oddHeader.left.text == "&A"
        assert sheet.oddHeader.center.text == "全省工会服务职工周报 2024年第49周(12月2日—12月8日)"
        assert sheet.oddHeader.right.text == "第1版"
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


@EVERY
def test_wide_tables_lie_and_narrow_ones_stand(name: str) -> None:
    for sheet in book(name):
        if sheet.title not in {"封面", "图表"}:
            width = sum(dimension.width for dimension in sheet.column_dimensions.values())
            assert sheet.page_setup.orientation == ("landscape" if width > 100 else "portrait"), sheet.title


@EVERY
def test_heads_stay_and_a_total_is_no_part_of_what_is_sorted(name: str) -> None:
    for sheet in book(name):
        if sheet.title in {"封面", "图表"}:
            continue
        assert sheet.freeze_panes == ("C2" if sheet.title == "分县区" else "B2")
        totals = int(sheet.title in {"分市州", "分类别"})
        listed = sheet.max_row - 1 - totals
        expected = f"A1:{sheet.dimensions.rpartition(':')[2].rstrip('0123456789')}{1 + listed}" if listed > 1 else None
        assert sheet.auto_filter.ref == expected, sheet.title


@EVERY
def test_every_link_leads_to_a_cell_that_is_there(name: str) -> None:
    followed = 0
    sizes = {sheet.title: (sheet.max_column, sheet.max_row) for sheet in book(name)}
    for sheet in book(name):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
            assert cell.hyperlink.target is None, "only inside the workbook"
            there, _, area = cell.hyperlink.location.rpartition("!")
            _, top, last_column, bottom = range_boundaries(area)
            columns, lines = sizes[there.strip("'")]
            assert top <= bottom <= lines
            assert last_column <= columns
            followed += 1
    assert followed >= len(book(name).sheetnames) - 1


@pytest.mark.parametrize("name", ["rich", "whole"])
def test_every_figure_stands_as_a_number_equal_to_the_document(name: str) -> None:
    found = {row["图号"].value: row["数值"] for row in rows(name, "全部数据")}
    told = {figure["figure_id"]: figure for figure in week(name)[0]["figures"]}
    assert found.keys() == told.keys()
    for figure_id, cell in found.items():
        assert isinstance(cell.value, int | float)
        assert Decimal(str(cell.value)) == Decimal(told[figure_id]["value"])
        assert mark_of(cell) == told[figure_id]["exactness"]


@pytest.mark.parametrize("name", ["rich", "whole"])
@pytest.mark.parametrize("sheet", ["分市州", "分类别", "分县区"])
def test_every_number_of_a_matrix_is_its_figure_and_leads_to_it(name: str, sheet: str) -> None:
    told = {figure["figure_id"]: figure for figure in week(name)[0]["figures"]}
    places = {row["图号"].row: row["图号"].value for row in rows(name, "全部数据")}
    count = 0
    for row in rows(name, sheet):
        for head, cell in row.items():
            if not isinstance(cell.value, int | float):
                continue
            figure = told[places[int(cell.hyperlink.location.rpartition("A")[2])]]
            factor = 10000 if "万元" in head else 1
            assert Decimal(str(cell.value)) * factor == Decimal(figure["value"])
            assert mark_of(cell) == figure["exactness"]
            count += 1
    assert count


def test_the_columns_of_the_prefectures_add_up_to_the_province() -> None:
    listed = rows("whole", "分市州")
    for head in list(listed[0])[2:]:
        values = [Decimal(str(row[head].value)) for row in listed if row[head].value != "—"]
        assert sum(values[:-1]) == values[-1], head


@pytest.mark.parametrize("name", ["rich", "whole"])
def test_the_rows_that_a_figure_names_add_up_to_it_and_lead_back(name: str) -> None:
    cells = {row["数值"].row: row for row in rows(name, "来源")}
    followed = 0
    for row in rows(name, "全部数据"):
        named = row["来源"].value
        if named is None or "段" in named:
            continue
        runs = [part.split("—") for part in named.removeprefix("第").removesuffix("行").split("、")]
        lines = [cells[line] for run in runs for line in range(int(run[0]), int(run[-1]) + 1)]
        assert sum(Decimal(str(line["数值"].value)) for line in lines) == Decimal(str(row["数值"].value))
        assert combine(Exactness(mark_of(line["数值"])) for line in lines) == mark_of(row["数值"])
        assert row["来源"].hyperlink.location.startswith(f"'来源'!A{runs[0][0]}:")
        followed += 1
    assert followed
    for line in cells.values():
        back = int(line["计入"].hyperlink.location.rpartition("A")[2])
        figure = FigureId.parse(rows_of_figures(name)[back])
        assert (line["指标"].value, figure.category) != (None, "all")
        assert str(back) in line["计入"].value


@cache
def rows_of_figures(name: str) -> dict[int, str]:
    return {row["图号"].row: row["图号"].value for row in rows(name, "全部数据")}


def test_a_told_activity_leads_to_its_cell() -> None:
    (row,) = rows("rich", "本周亮点")
    location = row["入选原因"].hyperlink.location
    line = book("rich")["来源"][int(location.rpartition("A")[2])]
    assert 1425 in [cell.value for cell in line]


def test_the_terms_of_a_bridge_are_numbers_with_their_sign() -> None:
    found = {row["项目"].value: (row["数"].value, row["数"].number_format) for row in rows("rich", "变化原因")}
    assert found["两周都报的7家"] == (1425, '"增"0;"减"0')
    assert found["上周报、本周没报的1家"] == (-65, '"增"0"余";"减"0"余"')


@EVERY
def test_no_number_is_wider_than_its_column(name: str) -> None:
    """Else a spreadsheet program writes ####."""
    for sheet in book(name):
        if sheet.title in {"封面", "图表"}:
            continue
        for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row):
            if isinstance(cell.value, int | float):
                pattern = cell.number_format.partition(";")[0].removeprefix("General")
                decimals = len(pattern.partition(".")[2].rstrip('"余'))
                shown = f"{abs(cell.value):.{decimals}f}" + re.sub(r'[0."]', "", pattern)
                assert text_width(shown) + 3 < sheet.column_dimensions[cell.column_letter].width, cell.coordinate


@EVERY
def test_the_same_week_gives_the_same_bytes(name: str) -> None:
    told, sources = week(name)
    assert rendered(told, {} if name == "empty" else NOTES, sources) == data(name)


def test_the_properties_name_title_publisher_and_the_time_of_the_edition() -> None:
    properties = book("rich").properties
    assert properties.title == "全省工会服务职工周报 2024年第49周(12月2日—12月8日) 不完整"
    assert properties.creator == "甘肃省总工会"
    assert properties.created == properties.modified == datetime(2024, 12, 9, 2)  # noqa: DTZ001
    assert PUBLISHED.replace(tzinfo=None) == properties.created


@EVERY
def test_nothing_in_it_runs_or_leads_out(name: str) -> None:
    with zipfile.ZipFile(BytesIO(data(name))) as archive:
        for part in archive.namelist():
            assert not re.search(r"vba|externalLink|activeX|embeddings|connections", part, re.IGNORECASE)
            if part.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(part)
            if part.startswith("xl/worksheets/sheet"):
                tree = etree.fromstring(archive.read(part))
                assert not tree.findall(".//{*}f")


def test_a_text_that_looks_like_a_formula_stays_one() -> None:
    said = [cell for row in rows("rich", "情况说明") for cell in row.values()]
    for text in ("'=1+1", "'@三县联办", "'-", "'+86", "#N/A"):
        (cell,) = [each for each in said if str(each.value) == text or str(each.value).startswith(f"{text},")]
        assert cell.data_type == "s"
    changed = [row["环比"] for row in rows("rich", "全部数据") if str(row["环比"].value).startswith("+")]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in changed] == [
        ("+33.9%(可比口径,占86%)", "s", True)
    ]


@EVERY
def test_another_reader_reads_the_same_cells(name: str) -> None:
    other = CalamineWorkbook.from_filelike(BytesIO(data(name)))
    assert other.sheet_names == book(name).sheetnames
    for sheet in book(name):
        ours = [[value for value in row if value is not None] for row in sheet.iter_rows(values_only=True)]
        theirs = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        assert ours == [[value for value in row if value != ""] for row in theirs], sheet.title


@pytest.mark.parametrize("name", ["rich", "whole"])
def test_charts_are_charts_over_the_cells_of_the_tables(name: str) -> None:
    charts = book(name)["图表"]._charts
    areas = [series.val.numRef.f for chart in charts for series in chart.series]
    assert areas == [
        "'近12周'!$C$2:$C$13", "'近12周'!$D$2:$D$13", "'近12周'!$E$2:$E$13", "'近12周'!$F$2:$F$13",
        "'分市州'!$C$2:$C$15",
    ]  # fmt: skip
    with zipfile.ZipFile(BytesIO(data(name))) as archive:
        drawn = [archive.read(part) for part in archive.namelist() if part.startswith("xl/charts/")]
    assert all(b'dispBlanksAs val="gap"' in chart for chart in drawn)
    people = charts[0].series[0]
    pale = {point.idx for point in people.dPt}
    shown = [row["服务人数(人)"] for row in rows(name, "近12周")]
    assert pale == {number for number, cell in enumerate(shown) if mark_of(cell) != "exact" and cell.value is not None}
    assert {label.idx: label.numFmt for label in people.dLbls.dLbl} == {
        number: cell.number_format for number, cell in enumerate(shown) if cell.value is not None
    }


def test_a_week_that_nobody_knows_is_an_empty_cell() -> None:
    (gap,) = [row for row in rows("rich", "近12周") if row["周次"].value == "第43周"]
    assert [gap[head].value for head in ("服务人数(人)", "投入资金(万元)", "已报(家)")] == [None, None, None]
