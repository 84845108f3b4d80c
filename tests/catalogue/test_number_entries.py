"""Catalogue M47–M63: how clerks write numbers, each through the real check of a workbook or CSV.

Writings that are read alike stand below each other in one workbook, a row for each; it is checked once.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest
from tests.catalogue.checking import (
    HEADER,
    SHEET,
    activity,
    check,
    counts,
    exact,
    figures,
    finding,
    rules,
    saved,
    text_file,
    workbook,
)
from tests.corpus.personal_numbers import invent_id_number

if TYPE_CHECKING:
    from nuanliu.domain.checked import CheckedDrop

PEOPLE, FUNDS = "F2", "G2"
"""Where the first activity's 服务人数 and 投入资金 stand under ``HEADER``."""
SERVED, VISITS, GOODS = "服务人数(人)", "服务人次(人次)", "发放物资(件)"
PAID, PAID_IN_WAN = "投入资金(元)", "投入资金(万元)"


def header(people: str = SERVED, funds: str = PAID) -> tuple[str, ...]:
    return (*HEADER[:5], people, funds)


class Cell(NamedTuple):
    """What became of one writing. ``figure``: (measure, value, exactness) of an accepted row; ``rules``: found on the cell."""

    figure: tuple[str, Decimal, str] | None
    status: str
    rules: tuple[str, ...]


@cache
def together(writings: tuple[object, ...], column: str, number_format: str = "General") -> dict[str, Cell]:
    """Many writings of one column, each in a row of its own of one workbook; by what ``repr`` shows of them."""
    letter, is_money = ("G", True) if "资金" in column else ("F", False)
    rows = [
        activity(*((None, each) if is_money else (each, None)), name=f"走访第{at}车间")
        for at, each in enumerate(writings)
    ]
    named = header(funds=column) if is_money else header(people=column)
    book = openpyxl.load_workbook(BytesIO(workbook(rows, named)))
    for at in range(2, len(writings) + 2):
        book[SHEET][f"{letter}{at}"].number_format = number_format
    checked = check(saved(book))
    read = figures(checked)
    assert checked.receipt.rows.is_identity_kept
    return {
        repr(each): Cell(
            read.get(f"{letter}{at}"),
            checked.row_status.iloc[at - 2],
            tuple(found.rule for found in checked.receipt.findings if found.cell == f"{letter}{at}"),
        )
        for at, each in enumerate(writings, start=2)
    }


def assert_held(writings: tuple[object, ...], column: str, written: object, *kinds: str) -> None:
    """One query of one of these kinds on the cell holds the row, and no figure of it is taken."""
    cell = together(writings, column)[repr(written)]
    assert (cell.figure, cell.status) == (None, "held")
    (rule,) = cell.rules
    assert rule in {f"row.figure.{kind}" for kind in kinds}


def served(written: object) -> CheckedDrop:
    """A workbook with one activity and nothing but its 服务人数."""
    return check(workbook([activity(written, None)]))


FULL_WIDTH = ("１２００", "１，２００", "１２００人", "１ ２００", "共１２００名")


@pytest.mark.parametrize("written", FULL_WIDTH)
def test_m47_full_width_digits_are_digits(written: str) -> None:
    assert together(FULL_WIDTH, SERVED)[repr(written)] == (exact("people_served", 1200), "accepted", ())


@pytest.mark.parametrize(("column", "value"), [(PAID, "12.5"), (PAID_IN_WAN, "125000")])
def test_m47_a_full_width_point_is_a_point(column: str, value: str) -> None:
    assert together(("１２．５",), column)[repr("１２．５")].figure == exact("funds_total", value)


LIST_MARKS = ("①150双", "⑴150", "㈠150", "⒈150", "⑫", "1、150", "(1)150", "㊀150")


@pytest.mark.parametrize("written", LIST_MARKS)
def test_m47_a_number_glued_to_a_list_mark_is_asked_about_and_never_read_as_one_number(written: str) -> None:
    assert_held(LIST_MARKS, GOODS, written, "list_mark")


NO_DIGITS = ("10²", "¹50", "150①", "½", "Ⅻ", "㎡10", "1O0", "l00", "٣٠")


@pytest.mark.parametrize("written", NO_DIGITS)
def test_m47_no_character_is_turned_into_digits_that_were_not_written(written: str) -> None:
    assert_held(NO_DIGITS, SERVED, written, "words", "unreadable", "several")


SEPARATED = (
    "1,200", "1，200", "1 200", "1'200", "'1200", "’1200", "1‘200", "1\u2009200", "1\u00a0200", "1,200人",
)  # fmt: skip


@pytest.mark.parametrize("written", SEPARATED)
def test_m48_thousands_separators_and_a_leading_apostrophe_change_no_number(written: str) -> None:
    assert together(SEPARATED, SERVED)[repr(written)] == (exact("people_served", 1200), "accepted", ())


def test_m48_thousands_separators_survive_a_csv_whose_cells_are_quoted() -> None:
    plain = [*activity()[:5], '"1,200"', '"3,500.50"']
    assert figures(check(text_file([plain], encoding="gb18030"), "周报.csv")) == {
        PEOPLE: exact("people_served", 1200),
        FUNDS: exact("funds_total", "3500.5"),
    }


WRONGLY_SEPARATED = ("1,20", "12,00", "1,2,00", "1 2 00", "1,200,", "1200'", "1_200")


@pytest.mark.parametrize("written", WRONGLY_SEPARATED)
def test_m48_separators_that_stand_wrong_are_asked_about(written: str) -> None:
    assert_held(WRONGLY_SEPARATED, SERVED, written, "unreadable", "several")


WITH_WORDS = {
    "1200余": (1200, "over"),
    "500多": (500, "over"),
    "500余人": (500, "over"),
    "500多名": (500, "over"),
    "1200人以上": (1200, "over"),
    "超1200": (1200, "over"),
    "逾1200": (1200, "over"),
    "＞500": (500, "over"),
    ">500": (500, "over"),
    "≥500": (500, "over"),
    "500+": (500, "over"),
    "近1.8万": (18_000, "under"),
    "不足500": (500, "under"),
    "<500": (500, "under"),
    "约3千": (3_000, "approx"),
    "1200左右": (1200, "approx"),
    "大概500": (500, "approx"),
    "约 五百 人": (500, "approx"),
}


@pytest.mark.parametrize("written", WITH_WORDS)
def test_m49_words_of_exactness_stay_with_the_number(written: str) -> None:
    value, exactness = WITH_WORDS[written]
    cell = together(tuple(WITH_WORDS), SERVED)[repr(written)]
    assert cell == (("people_served", Decimal(value), exactness), "accepted", ())


@pytest.mark.parametrize(
    ("first", "second", "value", "exactness"),
    [
        ("1200余", 300, "1500", "over"),
        ("近1.8万", "500", "18500", "under"),
        ("500多", "500多", "1000", "over"),
        ("500多", "近500", "1000", "approx"),
        ("约500", "500多", "1000", "approx"),
    ],
)
def test_m49_sums_carry_the_words_of_their_parts(first: object, second: object, value: str, exactness: str) -> None:
    checked = check(workbook([activity(first, None), activity(second, None, name="送温暖")]))
    (total,) = checked.receipt.totals
    assert (total.value, total.exactness) == (value, exactness)


CONTRADICTING = ("约500余", "近500余", "超过近500", "不足500多")


@pytest.mark.parametrize("written", CONTRADICTING)
def test_m49_words_that_contradict_each_other_are_asked_about(written: str) -> None:
    assert_held(CONTRADICTING, SERVED, written, "marks")


WITHOUT_NUMBER = ("数百", "几十", "上千", "十几", "三十几", "若干", "多人")


@pytest.mark.parametrize("written", WITHOUT_NUMBER)
def test_m49_a_word_without_a_number_is_asked_about(written: str) -> None:
    assert_held(WITHOUT_NUMBER, SERVED, written, "vague", "unreadable")


SHARES = ("95%以上", "95%", "百分之五十", "９５％")


@pytest.mark.parametrize("written", SHARES)
def test_m49_a_percentage_is_no_count_of_people(written: str) -> None:
    assert_held(SHARES, SERVED, written, "percent")


WITH_POWERS = {
    "35.9万": (359_000, "exact"),
    "6万多": (60_000, "over"),
    "880万余": (8_800_000, "over"),
    "2.4亿": (240_000_000, "exact"),
    "3千": (3_000, "exact"),
    "1.2千": (1_200, "exact"),
    "1,100万": (11_000_000, "exact"),
    "万余": (10_000, "over"),
    "近万": (10_000, "under"),
    "35万9千": (359_000, "exact"),
    "0.359百万": (359_000, "exact"),
    "35万9": (359_000, "exact"),
    "3万5余": (35_000, "over"),
    "近2万5千": (25_000, "under"),
}


@pytest.mark.parametrize("written", WITH_POWERS)
def test_m50_named_powers_give_the_base_unit(written: str) -> None:
    value, exactness = WITH_POWERS[written]
    cell = together(tuple(WITH_POWERS), PAID)[repr(written)]
    assert cell == (("funds_total", Decimal(value), exactness), "accepted", ())


UNCERTAIN_POWERS = ("万", "百万", "35万90", "三万零五千", "3k", "1万200", "三亿五千", "2万05")


@pytest.mark.parametrize("written", UNCERTAIN_POWERS)
def test_m50_a_power_that_may_mean_two_things_is_asked_about(written: str) -> None:
    assert_held(UNCERTAIN_POWERS, PAID, written, "vague", "places", "words")


NUMERALS = {
    "三千": 3_000, "二百六十": 260, "二百五": 250, "两": 2, "两千": 2_000, "五万": 50_000, "一万二": 12_000, "壹仟贰佰": 1_200,
    "貳佰": 200, "陸拾": 60, "叁仟伍佰": 3_500, "〇": 0, "零": 0, "一百〇二": 102, "九千零五": 9_005, "一二〇〇": 1_200, "廿五": 25,
    "3百": 300, "1千2百": 1_200, "5萬": 50_000,
    "3千2": 3_200, "2万5人": 25_000, "1万2千5": 12_500, "3w5": 35_000, "3千五百": 3_500,
}  # fmt: skip


@pytest.mark.parametrize("written", NUMERALS)
def test_m51_chinese_numerals_of_all_kinds_are_numbers(written: str) -> None:
    cell = together(tuple(NUMERALS), SERVED)[repr(written)]
    assert cell == (exact("people_served", NUMERALS[written]), "accepted", ())


AS_ON_A_CHEQUE = {
    "人民币伍仟元整": "5000",
    "壹仟贰佰元整": "1200",
    "壹佰贰拾叁元肆角伍分": "123.45",
    "12元5角": "12.5",
    "五千圓": "5000",
    "1,200.00元": "1200",
    "￥1,200.00": "1200",
}


@pytest.mark.parametrize("written", AS_ON_A_CHEQUE)
def test_m51_money_as_on_a_cheque_is_a_number(written: str) -> None:
    cell = together(tuple(AS_ON_A_CHEQUE), PAID)[repr(written)]
    assert cell == (exact("funds_total", AS_ON_A_CHEQUE[written]), "accepted", ())


@pytest.mark.parametrize(("written", "value"), [("1200餘", 1200), ("近兩千", 2000), ("約3千", 3000)])
def test_m51_traditional_words_of_exactness_are_read_too(written: str, value: int) -> None:
    measure, read, exactness = together(("1200餘", "近兩千", "約3千"), SERVED)[repr(written)].figure or ("", 0, "")
    assert (measure, read) == ("people_served", value)
    assert exactness == {"1": "over", "近": "under", "約": "approx"}[written[0]]


UNCERTAIN_NUMERALS = ("三五", "两三百", "三四十", "百八十", "100零5", "一半", "仨")


@pytest.mark.parametrize("written", UNCERTAIN_NUMERALS)
def test_m51_numerals_that_cannot_be_read_are_asked_about(written: str) -> None:
    assert_held(UNCERTAIN_NUMERALS, SERVED, written, "vague", "unreadable", "words", "places")


OWN_UNITS = {
    PAID: {"46.7万元": "467000", "46.7 万元": "467000", "46.7（万元）": "467000", "五万元": "50000", "¥3万": "30000"},
    PAID_IN_WAN: {"467000元": "467000", "46.7元": "46.7", "0.5亿元": "50000000", "3千元": "3000"},
}


@pytest.mark.parametrize(("column", "written"), [(column, each) for column, all_ in OWN_UNITS.items() for each in all_])
def test_m52_the_cells_own_money_unit_wins_and_is_pointed_out(column: str, written: str) -> None:
    cell = together(tuple(OWN_UNITS[column]), column)[repr(written)]
    assert cell == (exact("funds_total", OWN_UNITS[column][written]), "accepted", ("row.figure.unit_differs",))


def test_m52_what_is_pointed_out_names_the_cell_and_what_was_written() -> None:
    checked = check(workbook([activity(None, "46.7万元")]))
    warned = finding(checked, "row.figure.unit_differs")
    assert (warned.cell, warned.row, warned.column, warned.value) == (FUNDS, 2, "投入资金(元)", "46.7万元")
    assert (warned.severity, checked.receipt.status) == ("warning", "accepted_with_warnings")


OF_THE_COLUMN = ("1200人", "1200名", "1200位", "1200(人)", "共1200人")


@pytest.mark.parametrize("written", OF_THE_COLUMN)
def test_m52_a_unit_that_is_the_columns_own_is_no_matter(written: str) -> None:
    assert together(OF_THE_COLUMN, SERVED)[repr(written)] == (exact("people_served", 1200), "accepted", ())


def test_m52_a_cells_unit_wins_over_the_line_above_the_table_too() -> None:
    rows = [activity(None, "467000元"), activity(None, 46.7, name="送温暖")]
    checked = check(workbook(rows, header(funds="投入资金"), above=[["单位:万元"]]))
    assert figures(checked) == {"G3": exact("funds_total", 467_000), "G4": exact("funds_total", 467_000)}
    assert finding(checked, "row.figure.unit_differs").cell == "G3"


OF_ANOTHER_MEASURE = ("1200元", "46.7万元", "1200户", "12场", "300余名职工", "120人、30户")


@pytest.mark.parametrize("written", OF_ANOTHER_MEASURE)
def test_m52_a_unit_of_another_measure_is_asked_about(written: str) -> None:
    assert_held(OF_ANOTHER_MEASURE, SERVED, written, "unit_unfit", "words", "several")


DOUBLED = ("46.7万", "35.9万余", "3千", "1.2亿")


@pytest.mark.parametrize("written", DOUBLED)
def test_m52_a_power_under_a_header_in_wan_may_mean_two_things_and_is_asked_about(written: str) -> None:
    assert_held(DOUBLED, PAID_IN_WAN, written, "unit_doubled")


@pytest.mark.parametrize(
    ("people", "funds", "rule"),
    [
        (10, 467_000, "row.measure.over_limit"),
        (10, 200, "row.measure.over_ratio"),
        ("10余", "约200", "row.measure.over_ratio"),
        (None, 467_000, "row.measure.over_limit"),
        (57, 467_000, "row.measure.over_limit"),
    ],
)
def test_m53_yuan_under_a_header_in_wan_are_held_and_never_mended(people: object, funds: object, rule: str) -> None:
    checked = check(workbook([activity(people, funds)], header(funds=PAID_IN_WAN)))
    assert (checked.receipt.status, figures(checked)) == ("held", {})
    asked = finding(checked, rule)
    assert (asked.cell, asked.severity, asked.value) == (FUNDS, "query", str(funds))
    assert "元、万元" in asked.message


def test_m53_a_large_sum_that_goes_with_its_people_is_let_through() -> None:
    checked = check(workbook([activity(5000, "46.7")], header(funds=PAID_IN_WAN)))
    assert figures(checked)[FUNDS] == exact("funds_total", 467_000)


def test_m53_an_explanation_lets_the_figure_through_as_it_was_written() -> None:
    explained = [*activity(10, 200), "设备购置,已核对"]
    checked = check(workbook([explained], (*header(funds=PAID_IN_WAN), "说明")))
    assert figures(checked)[FUNDS] == exact("funds_total", 2_000_000)
    assert finding(checked, "row.measure.over_ratio").severity == "info"


@pytest.mark.parametrize(
    ("written", "column", "measure"),
    [
        ("1200人次", SERVED, "people_served"),
        ("1200人", VISITS, "service_visits"),
        ("1200名", VISITS, "service_visits"),
        ("1200", "服务人数(人次)", "people_served"),
        (1200, "服务人次(人)", "service_visits"),
    ],
)
def test_m54_persons_and_times_are_kept_as_written_with_a_warning(written: object, column: str, measure: str) -> None:
    cell = together((written,), column)[repr(written)]
    assert cell == (exact(measure, 1200), "accepted", ("row.figure.person_times",))


NOT_ONE_NUMBER = {
    "手套150双、帽子50顶": "several",
    "150双\n50顶": "several",
    "150、50": "several",
    "150 50": "several",
    "共3场150人": "several",
    "150+50": "formula",
    "150＋50": "formula",
    "100*2": "formula",
    "150/50": "formula",
    "30-50": "range",
    "30—50": "range",
    "30~50": "range",
    "30至50件": "range",
    "三十到五十": "range",
    "手套150双": "words",
}


@pytest.mark.parametrize("written", NOT_ONE_NUMBER)
def test_m55_two_numbers_a_sum_or_a_range_in_one_cell_are_asked_about(written: str) -> None:
    assert_held(tuple(NOT_ONE_NUMBER), GOODS, written, NOT_ONE_NUMBER[written])


def test_m55_items_in_rows_of_their_own_are_taken() -> None:
    rows = [[*activity()[:5], amount, item] for amount, item in (("150双", "手套"), ("50顶", "帽子"))]
    assert figures(check(workbook(rows, (*HEADER[:5], GOODS, "物资名称")))) == {
        "F2": exact("goods_items", 150),
        "F3": exact("goods_items", 50),
    }


UNSEEN = (
    "1200\u00a0", "\u30001200\u3000", "12\u200b00", "\ufeff1200", "1200\n", "1200\n人", "1200\u2060", "\u202a1200\u202c",
    "\t1200", "1200_x000D_", "1\u00ad200",
)  # fmt: skip


@pytest.mark.parametrize("written", UNSEEN)
def test_m56_characters_that_nobody_sees_change_no_number(written: str) -> None:
    assert together(UNSEEN, SERVED)[repr(written)] == (exact("people_served", 1200), "accepted", ())


@pytest.mark.parametrize("written", ["12\n00", "12 00"])
def test_m56_what_parts_digits_for_the_eye_is_not_stripped_between_them(written: str) -> None:
    assert_held(("12\n00", "12 00"), SERVED, written, "several")


BLANKS = ("\u00a0", "\u3000", "\u200b", "\n", "\u202e", "\u2066", "\ufeff")


def test_m56_names_lose_what_nobody_sees() -> None:
    names = [f"{blank}第{at}车间{blank}慰问{blank}" for at, blank in enumerate(BLANKS)]
    checked = check(workbook([activity(name=name) for name in names]))
    assert [
        name.translate(dict.fromkeys(map(ord, "\u00a0\u3000 "))) for name in checked.submission.rows["activity_name"]
    ] == [f"第{at}车间慰问" for at in range(len(BLANKS))]
    assert counts(checked) == (len(BLANKS), 0, 0, 0)


NOTHING = ("-", "—", "——", "－", "/", "无", "暂无", "无。", "", None, " ")


@pytest.mark.parametrize("written", NOTHING)
def test_m57_words_for_nothing_are_no_figure_and_never_zero(written: object) -> None:
    assert together(NOTHING, SERVED)[repr(written)] == (None, "accepted", ())


def test_m57_what_is_nothing_in_all_rows_has_no_total() -> None:
    checked = check(workbook([activity("无", 3500), activity("-", 0, name="送温暖")]))
    assert [(total.measure, total.value) for total in checked.receipt.totals] == [("funds_total", "3500")]


ZEROS = (0, "0", "0人", "0.0", "零", -0.0)


@pytest.mark.parametrize("written", ZEROS)
def test_m57_zero_is_zero(written: object) -> None:
    assert together(ZEROS, SERVED)[repr(written)] == (exact("people_served", 0), "accepted", ())


def test_m57_a_zero_has_a_total_of_zero() -> None:
    assert [(total.measure, total.value) for total in served("0").receipt.totals] == [("people_served", "0")]


@pytest.mark.parametrize("written", ["同上", "〃", "″"])
def test_m57_same_as_above_copies_a_label_but_is_asked_about_for_a_number(written: str) -> None:
    below = ["环卫工人早餐", written, written, written, written, 30, None]
    checked = check(workbook([activity(), below, [*activity(name="送温暖")[:5], written, None]]))
    rows = checked.submission.rows
    assert rows["category_id"].nunique() == 1
    assert rows["start_on"].nunique() == 1
    assert figures(checked)["F3"] == exact("people_served", 30)
    asked = finding(checked, "row.figure.same_as_above")
    assert (asked.cell, asked.row) == ("F4", 4)
    assert counts(checked) == (2, 0, 1, 0)


def test_m57_same_as_above_in_the_first_row_copies_nothing() -> None:
    checked = check(workbook([activity(category="同上"), activity(name="送温暖")]))
    assert finding(checked, "row.required.empty").cell == "B2"
    assert counts(checked) == (1, 1, 0, 0)


ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "＃REF!", "#SPILL!")


@pytest.mark.parametrize("written", ERRORS)
def test_m58_an_error_value_is_no_figure_and_is_pointed_out(written: str) -> None:
    assert together(ERRORS, SERVED)[repr(written)] == (None, "accepted", ("row.figure.error_value",))


@pytest.mark.parametrize(("column", "cell"), [("name", "A2"), ("category", "B2")])
def test_m58_an_error_value_in_a_required_cell_returns_the_row(column: str, cell: str) -> None:
    says = {column: "#REF!"}
    checked = check(workbook([activity(**says), activity(name="送温暖")]))
    assert finding(checked, "row.required.empty").cell == cell
    assert counts(checked) == (1, 1, 0, 0)


def test_m58_number_signs_of_a_narrow_column_are_no_error_value() -> None:
    assert_held(("########",), SERVED, "########", "unreadable")


@pytest.mark.parametrize("formula", ["=100+20", "=SUM(G2:G2)", "='[上周.xlsx]表1'!F2"])
def test_m59_a_formula_without_its_value_is_asked_about_and_never_zero(formula: str) -> None:
    checked = check(workbook([activity(formula, 3500), activity(name="送温暖")]))
    assert finding(checked, "row.figure.uncomputed").cell == PEOPLE
    assert set(figures(checked)) == {"F3", "G3"}
    assert counts(checked) == (1, 0, 1, 0)


@pytest.mark.parametrize(("column", "cell"), [("name", "A2"), ("start", "C2"), ("kind", "E2")])
def test_m59_a_label_whose_formula_has_no_value_is_not_taken_for_empty(column: str, cell: str) -> None:
    says = {column: '="本"&"次"'}
    checked = check(workbook([activity(**says), activity(name="送温暖")]))
    assert finding(checked, "row.cell.uncomputed").cell == cell
    assert counts(checked)[0] == 1


NEGATIVE = (-5, "-5", "－5", "−5", "负5", "-5人", "-1,200")


@pytest.mark.parametrize("written", NEGATIVE)
def test_m60_a_negative_count_is_an_error(written: object) -> None:
    assert together(NEGATIVE, SERVED)[repr(written)] == (None, "returned", ("row.figure.negative",))


PARTS_OF_PERSONS = (12.5, "12.5", "12.5人", "1.00005万", 0.5)


@pytest.mark.parametrize("written", PARTS_OF_PERSONS)
def test_m60_a_part_of_a_person_is_asked_about(written: object) -> None:
    assert_held(PARTS_OF_PERSONS, SERVED, written, "fraction")


WHOLE = (35.0, "35.0", "0.0035万", 35)


@pytest.mark.parametrize("written", WHOLE)
def test_m60_a_whole_number_with_a_point_is_whole(written: object) -> None:
    assert together(WHOLE, SERVED)[repr(written)] == (exact("people_served", 35), "accepted", ())


SCIENTIFIC = ("1E+05", "1e5", "1.2E3", "１E+０５")


@pytest.mark.parametrize("written", SCIENTIFIC)
def test_m60_scientific_writing_in_a_text_is_asked_about(written: str) -> None:
    assert_held(SCIENTIFIC, SERVED, written, "scientific")


def test_m60_a_stored_number_that_excel_shows_scientifically_is_the_number() -> None:
    assert together((1e5,), SERVED, "0.00E+00") == {"100000.0": (exact("people_served", 100_000), "accepted", ())}


@pytest.mark.parametrize("number_format", ["0%", "0.00%"])
@pytest.mark.parametrize("stored", [0.81, 1, 1.5])
def test_m60_a_cell_that_excel_shows_as_a_percentage_is_no_count(stored: float, number_format: str) -> None:
    cells = together((0.81, 1, 1.5), SERVED, number_format)
    assert cells[repr(stored)] == (None, "held", ("row.figure.percent",))


@pytest.mark.parametrize(
    "number_format",
    ['0.0,"千"', '0!.0,"万"', "#,##0", '0"人"', '"约"0', "[DBNum1]General", "[Red]0;(0)", "0.00E+00", "@"],
)
def test_m61_the_stored_value_counts_not_what_the_format_shows(number_format: str) -> None:
    assert together((12345,), SERVED, number_format) == {"12345": (exact("people_served", 12345), "accepted", ())}


def test_m61_hidden_decimals_of_money_are_kept() -> None:
    assert together((12345.67,), PAID, "0")["12345.67"].figure == exact("funds_total", "12345.67")


PARTS = (*HEADER[:5], PAID_IN_WAN, "其中:慰问金(万元)", "物资折价(万元)")


def _split(total: object, *parts: object) -> CheckedDrop:
    return check(workbook([[*activity()[:5], total, *parts]], PARTS))


@pytest.mark.parametrize(("total", "parts"), [("46.7", ("35.9", "10.85")), (10, (5, 6)), ("约10", (5, 6))])
def test_m62_parts_above_the_total_within_rounding_are_taken_and_pointed_out(
    total: object, parts: tuple[object, ...]
) -> None:
    checked = _split(total, *parts)
    warned = finding(checked, "row.parts.rounding")
    assert (warned.cell, warned.severity, warned.value) == ("F2", "warning", str(total))
    assert set(figures(checked)) == {"F2", "G2", "H2"}


@pytest.mark.parametrize(("total", "parts"), [("46.7", ("35.9", "11.0")), (10, (6, 6)), (0, (5, 0))])
def test_m62_parts_above_the_total_beyond_rounding_go_back(total: object, parts: tuple[object, ...]) -> None:
    checked = _split(total, *parts)
    error = finding(checked, "row.parts.above_total")
    assert (error.cell, error.severity) == ("F2", "error")
    assert figures(checked) == {}
    assert counts(checked) == (0, 1, 0, 0)


@pytest.mark.parametrize(("total", "parts"), [(10, (3, 3)), ("10余", (5, 6)), (None, (5, 6)), (10, (None, None))])
def test_m62_parts_below_the_total_an_over_total_and_no_total_are_fine(
    total: object, parts: tuple[object, ...]
) -> None:
    checked = _split(total, *parts)
    assert checked.receipt.status == "accepted"
    assert ("F2" in figures(checked)) is (total is not None)


def test_m62_parts_are_never_added_to_the_total() -> None:
    totals = {total.measure: total.value for total in _split("46.7", "35.9", "10.8").receipt.totals}
    assert totals == {"funds_total": "467000", "funds_condolence": "359000", "goods_value": "108000"}


def test_m63_an_id_number_stored_as_a_number_is_masked_and_is_no_figure() -> None:
    number = invent_id_number(Random(63))
    checked = served(int(f"{number[:17]}0"))
    assert (checked.receipt.status, figures(checked)) == ("held", {})
    assert finding(checked, "pii.number.masked").cell == PEOPLE
    submission = checked.submission
    assert number[6:14] not in repr(checked.receipt) + submission.rows.to_csv() + submission.figures.to_csv()


@pytest.mark.parametrize("kind", [float, str, int])
def test_m63_a_column_of_id_numbers_quarantines_the_file_though_their_last_digits_are_lost(kind: type) -> None:
    rng = Random(64)
    numbers = [invent_id_number(rng) for _ in range(3)]
    stored = [number if kind is str else kind(int(f"{number[:17]}0")) for number in numbers]
    rows = [[*activity(name=f"走访{at}"), value] for at, value in enumerate(stored)]
    checked = check(workbook(rows, (*HEADER, "备注")))
    assert (checked.receipt.status, checked.submission.quarantine) == ("rejected", True)
    assert rules(checked) == ["pii.person_level"]
    assert not any(number[6:14] in repr(checked.receipt) for number in numbers)
