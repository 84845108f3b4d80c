"""Reading csv and txt: encodings, separators, quotes, ragged records."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.intake.formats.reading_files import read, read_sheet, refuse

from nuanliu.intake.formats.csv.workbook import read_delimited, read_irregular, read_regular
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.values.unique_texts import is_shared

TABLE = "活动名称,活动类别,服务人数(人)\n送温暖,慰问,1425\n义诊,健康义诊,500余\n"
LIMITS = ReadingLimits.from_contract()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8-sig"),
        (TABLE.encode("gb18030"), "gb18030"),
        (TABLE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16"),
    ],
)
def test_encoding_is_found_and_the_mark_is_no_part_of_the_header(data: bytes, encoding: str) -> None:
    workbook = read(data, "周报.xlsx")
    assert workbook.kind == "csv"
    assert workbook.encoding == encoding
    grid = workbook.sheets[0].grid
    assert workbook.sheets[0].name is None
    assert grid.loc[1].tolist() == ["活动名称", "活动类别", "服务人数(人)"]
    assert grid.loc[3].tolist() == ["义诊", "健康义诊", "500余"]
    assert (grid.dtypes == "str").all()


def test_rare_characters_of_gb18030_survive() -> None:
    text = TABLE.replace("义诊", "㐂𠮷义诊")
    assert read_sheet(text.encode("gb18030")).grid.loc[3, "A"] == "㐂𠮷义诊"


@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_separator_is_sniffed(separator: str) -> None:
    workbook = read(TABLE.replace(",", separator).encode())
    assert workbook.separator == separator
    assert workbook.sheets[0].grid.shape == (3, 3)


def test_known_labels_outweigh_commas_in_free_text() -> None:
    text = "活动名称\t活动类别\t备注\n送温暖\t慰问\t米,面,油,茶,糖\n义诊\t健康义诊\t内科,外科,眼科,耳科,牙科\n"
    assert read(text.encode()).separator == "\t"


def test_separator_hint_of_excel_is_obeyed_and_not_a_record() -> None:
    workbook = read(("sep=;\r\n" + TABLE.replace(",", ";")).encode())
    assert workbook.separator == ";"
    assert workbook.sheets[0].grid.loc[1, "A"] == "活动名称"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(line_end: str) -> None:
    assert read_sheet(TABLE.replace("\n", line_end).encode()).grid.shape == (3, 3)


def test_mixed_line_ends_are_read() -> None:
    assert read_sheet("活动名称,活动类别\r\n甲,慰问\r乙,慰问\n丙,慰问".encode()).grid["A"].tolist() == [
        "活动名称",
        "甲",
        "乙",
        "丙",
    ]


def test_line_break_in_quotes_is_one_record_and_written_as_lf() -> None:
    workbook = read('活动名称,活动类别,备注\r\n甲,慰问,"第一行\r\n第二行"\r\n乙,慰问,"说""好"""\r\n'.encode())
    grid = workbook.sheets[0].grid
    assert grid.loc[2, "C"] == "第一行\n第二行"
    assert grid.loc[3].tolist() == ["乙", "慰问", '说"好"']
    assert not workbook.ragged_rows


def test_blank_lines_count_as_records() -> None:
    workbook = read("活动名称,活动类别\n\n甲,慰问\n\n\n乙,慰问\n\n\n".encode())
    grid = workbook.sheets[0].grid
    assert list(grid.index) == [1, 2, 3, 4, 5, 6]
    assert grid.loc[6, "A"] == "乙"
    assert not workbook.ragged_rows


def test_leading_blank_lines_shift_the_header() -> None:
    assert list(read_sheet("\n\n活动名称,活动类别\n甲,慰问\n".encode()).grid.index) == [3, 4]


def test_trailing_empty_records_and_columns_are_trimmed() -> None:
    grid = read_sheet("活动名称,活动类别,,\n甲,慰问,,\n,,,\n,,,\n".encode()).grid
    assert grid.shape == (2, 2)


def regular_grid(text: str, limits: ReadingLimits, *, has_quotes: bool) -> pd.DataFrame | None:
    return read_regular(f"{text}\n".encode(), text, ",", limits, has_quotes=has_quotes)


def test_a_long_remark_that_was_dragged_down_is_held_once_and_what_differs_stays_arrow() -> None:
    remark = "职工备注" * 100
    lines = [f"活动{at},{remark},{at}{remark}" for at in range(1000)]
    grid = read_sheet("\n".join(["活动名称,备注,说明", *lines]).encode()).grid
    assert is_shared(grid["B"])
    assert grid["B"].iloc[1] is grid["B"].iloc[1000]
    assert not is_shared(grid["A"])
    assert not is_shared(grid["C"])
    assert grid.loc[1001].tolist() == ["活动999", remark, f"999{remark}"]


def test_long_blank_runs_are_left_out_and_labels_kept_in_both_readers() -> None:
    text = "活动名称,活动类别\n甲,慰问\n" + ",\n" * 5000 + "乙,慰问"
    regular = regular_grid(text, LIMITS, has_quotes=False)
    irregular, _ = read_irregular(text, ",", LIMITS)
    assert regular is not None
    assert list(regular.index) == [1, 2, 5003]
    assert regular.equals(irregular)


def test_record_with_another_number_of_fields_is_ragged() -> None:
    text = "报送单位,白银市总工会\n活动名称,活动类别,服务人数(人),备注\n甲,慰问,1,100,无\n乙,慰问\n丙,慰问,5,\n丁,慰问,5,,,\n"
    assert read(text.encode()).ragged_rows == {1, 3, 4}


def test_header_with_empty_fields_at_its_end_tolerates_their_absence() -> None:
    assert not read("活动名称,活动类别,,\n甲,慰问\n乙,慰问,,\n丙,慰问,\n".encode()).ragged_rows


def test_values_are_texts_exactly_as_written() -> None:
    grid = read_sheet('活动名称,活动类别,备注\n\'001,NULL,"1,100"\nnan,NA,1E+05\n'.encode()).grid
    assert grid.loc[2].tolist() == ["'001", "NULL", "1,100"]
    assert grid.loc[3].tolist() == ["nan", "NA", "1E+05"]


@pytest.mark.parametrize("line", ['甲,慰问,"没有收尾', '甲,"慰问,无\n乙,慰问,"无'])
def test_open_quote_is_refused_with_its_record(line: str) -> None:
    refusal = refuse(f"活动名称,活动类别,备注\n{line}\n丙,慰问,无\n丁,慰问,无\n".encode())
    assert refusal.rule == "file.open_quote"
    assert refusal.words["place"] == "第2行"


def test_quote_closed_by_that_of_another_record_is_refused() -> None:
    text = '活动名称,活动类别,备注\n甲,慰问,"开头\n乙,慰问,无\n丙,慰问,结尾"\n'
    assert refuse(text.encode()).rule == "file.open_quote"


def test_quotes_inside_an_unquoted_field_stay() -> None:
    assert read_sheet('活动名称,活动类别\n关爱"新业态"活动,慰问\n'.encode()).grid.loc[2, "A"] == '关爱"新业态"活动'


def test_unicode_line_separators_do_not_split_records() -> None:
    assert read_sheet("活动名称,活动类别,备注\n甲,慰问,一\u2028二\x0b三\x85四\n乙\n".encode()).grid.shape == (3, 3)


fields = st.text(st.sampled_from('甲乙1,;"\n 余'), max_size=6)


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(fields, min_size=width, max_size=width), min_size=1, max_size=8)
    )
)
def test_both_readers_agree_and_keep_what_was_written(records: list[list[str]]) -> None:
    target = io.StringIO()
    csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(records)
    text = target.getvalue().rstrip("\n")
    try:
        irregular, ragged = read_irregular(text, ",", LIMITS)
    except Refused as refused:
        assert refused.refusal.rule == "file.open_quote"  # noqa: PT017 - a field that looks like a record
        with pytest.raises(Refused, match="open_quote"):
            regular_grid(text, LIMITS, has_quotes=True)
        return
    assert not ragged
    regular = regular_grid(text, LIMITS, has_quotes=True)
    assert regular is not None
    assert regular.equals(irregular)
    for row in regular.index:
        written = records[row - 1]
        assert regular.loc[row].tolist() == written[: regular.shape[1]]
        assert not any(written[regular.shape[1] :])


def test_both_readers_refuse_too_many_rows_and_columns() -> None:
    few = replace(LIMITS, max_rows=2, max_columns=2)
    for text, rule in (
        ("甲,乙\n" * 3 + "丙,丁", "file.too_many_rows"),
        ("甲,乙,丙\n丁,戊,己", "file.too_many_columns"),
    ):
        with pytest.raises(Refused, match=rule):
            regular_grid(text, few, has_quotes=False)
        with pytest.raises(Refused, match=rule):
            read_irregular(text, ",", few)
        with pytest.raises(Refused, match=rule):
            read_delimited(text.encode(), few)
