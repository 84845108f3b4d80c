"""Every writing of a figure that the catalogue names (M47-M63), in the combinations that people use."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness, show_figure
from nuanliu.domain.findings import Severity
from nuanliu.intake.values.figure_column import (
    FigureReading,
    read_figure,
    read_figures,
    read_sheet_unit,
    split_header_unit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

EXACT, OVER, UNDER, APPROX = EXACTNESS_CODES


def measure(measure_id: str) -> Measure:
    return codes().measures[measure_id]


PEOPLE, VISITS, MONEY, POSTS, ITEMS = (
    measure(each) for each in ("people_served", "service_visits", "funds_total", "job_posts", "goods_items")
)
SHARE = Measure("completion", "完成率", "%", (), "share", None)


def read(text: str, of: Measure = PEOPLE, **units: str) -> tuple[Decimal, Exactness] | None:
    """Value and exactness, or None; a problem beside a figure would be a contradiction."""
    reading = read_figure(text, of, **units)  # type: ignore[arg-type]
    assert reading.figure is None or reading.problem is None
    return (reading.figure.value, reading.figure.exactness) if reading.figure else None


COLLOQUIAL = [
    # issue 10, and what stands beside it
    ("3W", "30000", EXACT),
    ("2.5w", "25000", EXACT),
    ("３Ｗ", "30000", EXACT),
    ("3w人", "30000", EXACT),
    ("3W多", "30000", OVER),
    ("1.2w+", "12000", OVER),
    ("近3W人", "30000", UNDER),
    ("30来人", "30", APPROX),
    ("30來人", "30", APPROX),
    ("一百来人", "100", APPROX),
    ("百来人", "100", APPROX),
    ("十来个人", "10", APPROX),
    ("二百来号人", "200", APPROX),
    ("一万来人", "10000", APPROX),
    ("十来万人", "100000", APPROX),
    ("三百多号人", "300", OVER),
    ("三百号人", "300", EXACT),
    ("三十个人", "30", EXACT),
    ("3萬多號人", "30000", OVER),
    ("二点五万", "25000", EXACT),
    ("二點五萬人", "25000", EXACT),
    ("零点五万", "5000", EXACT),
    ("1点5万", "15000", EXACT),
    ("三点二亿", "320000000", EXACT),
    ("二点五百万", "2500000", EXACT),
    ("一百二十点五万", "1205000", EXACT),
    ("一百九十万零三千九百七十一", "1903971", EXACT),
    ("10万零5千", "105000", EXACT),
    ("1万零500", "10500", EXACT),
    ("1百零5人", "105", EXACT),
]
PEOPLE_FIGURES = [
    *COLLOQUIAL,
    ("1425", "1425", EXACT),
    ("１２００", "1200", EXACT),
    ("1,200", "1200", EXACT),
    ("1，200", "1200", EXACT),
    ("1 200", "1200", EXACT),
    ("1'200", "1200", EXACT),
    ("'1200", "1200", EXACT),
    ("\u00a01200\u3000", "1200", EXACT),
    ("1200\n人", "1200", EXACT),
    ("12\u200b00", "1200", EXACT),
    ("1200人。", "1200", EXACT),
    ("1200(人)", "1200", EXACT),
    ("1200（人）", "1200", EXACT),
    ("1200.0", "1200", EXACT),
    ("57名", "57", EXACT),
    ("57位", "57", EXACT),
    ("1200人(次)", "1200", EXACT),
    ("1200余", "1200", OVER),
    ("1200餘", "1200", OVER),
    ("1200余人", "1200", OVER),
    ("1200余名", "1200", OVER),
    ("1200人余", "1200", OVER),
    ("1200 余 人", "1200", OVER),
    ("500多", "500", OVER),
    ("500多人", "500", OVER),
    ("8000多", "8000", OVER),
    ("6万多", "60000", OVER),
    ("6万多人", "60000", OVER),
    ("6多万", "60000", OVER),
    ("10余万", "100000", OVER),
    ("十余万", "100000", OVER),
    ("十多万人", "100000", OVER),
    ("二十余万人", "200000", OVER),
    ("一百多万", "1000000", OVER),
    ("880万余", "8800000", OVER),
    ("1.2万余人", "12000", OVER),
    ("万余", "10000", OVER),
    ("万余人", "10000", OVER),
    ("千余名", "1000", OVER),
    ("百余人", "100", OVER),
    ("百余万", "1000000", OVER),
    ("逾千人", "1000", OVER),
    ("超万人", "10000", OVER),
    ("500人以上", "500", OVER),
    ("500以上", "500", OVER),
    ("500余人以上", "500", OVER),
    ("超500", "500", OVER),
    ("超过1200多人", "1200", OVER),
    ("超1200余人", "1200", OVER),
    ("逾500人", "500", OVER),
    ("不少于500人", "500", OVER),
    ("至少500", "500", OVER),
    (">500", "500", OVER),
    ("＞500人", "500", OVER),
    ("≥500", "500", OVER),
    (">=500", "500", OVER),
    ("500+", "500", OVER),
    ("500+人", "500", OVER),
    ("共计700余名", "700", OVER),
    ("达2000余人", "2000", OVER),
    ("近1.8万", "18000", UNDER),
    ("近500", "500", UNDER),
    ("近500人", "500", UNDER),
    ("近万人", "10000", UNDER),
    ("将近三千人", "3000", UNDER),
    ("不足500", "500", UNDER),
    ("不到500人", "500", UNDER),
    ("<500", "500", UNDER),
    ("≤500", "500", UNDER),
    ("500以内", "500", UNDER),
    ("约3千", "3000", APPROX),
    ("约3千人", "3000", APPROX),
    ("大约500人", "500", APPROX),
    ("500左右", "500", APPROX),
    ("500人左右", "500", APPROX),
    ("约500人左右", "500", APPROX),
    ("500人上下", "500", APPROX),
    ("~500", "500", APPROX),
    ("～500", "500", APPROX),
    ("约千人", "1000", APPROX),
    ("共500人", "500", EXACT),
    ("共计500", "500", EXACT),
    ("达500人", "500", EXACT),
    ("1.8万", "18000", EXACT),
    ("1,100万", "11000000", EXACT),
    ("2.4亿", "240000000", EXACT),
    ("3千", "3000", EXACT),
    ("3百", "300", EXACT),
    ("1.2千万", "12000000", EXACT),
    ("1万2000人", "12000", EXACT),
    ("三千", "3000", EXACT),
    ("二百六十", "260", EXACT),
    ("一千八百万", "18000000", EXACT),
    ("壹仟贰佰", "1200", EXACT),
    ("十五", "15", EXACT),
    ("十五人", "15", EXACT),
    ("两人", "2", EXACT),
    ("三十余人", "30", OVER),
    ("约三百人", "300", APPROX),
    ("0", "0", EXACT),
    ("０", "0", EXACT),
    ("0人", "0", EXACT),
    ("零", "0", EXACT),
    ("〇", "0", EXACT),
    ("-0", "0", EXACT),
]


@pytest.mark.parametrize(("text", "value", "exactness"), PEOPLE_FIGURES)
def test_a_count_of_people_is_read_with_its_exactness(text: str, value: str, exactness: Exactness) -> None:
    assert read(text) == (Decimal(value), exactness)


MONEY_FIGURES = [
    # issue 10, and 支付结算办法, 附件一
    ("壹拾万零柒仟元整", "107000", EXACT),
    ("壹拾万柒仟元整", "107000", EXACT),
    ("壹拾万零柒仟元伍角叁分", "107000.53", EXACT),
    ("壹拾万柒仟元零伍角叁分", "107000.53", EXACT),
    ("壹仟肆佰零玖元伍角", "1409.50", EXACT),
    ("壹仟肆佰零玖元伍角整", "1409.50", EXACT),
    ("陆仟零柒元壹角肆分", "6007.14", EXACT),
    ("壹仟陆佰捌拾元零叁角贰分", "1680.32", EXACT),
    ("壹仟陆佰捌拾元叁角贰分", "1680.32", EXACT),
    ("壹万陆仟肆佰零玖元零贰分", "16409.02", EXACT),
    ("叁佰贰拾伍元零肆分", "325.04", EXACT),
    ("叁佰元零角零分", "300", EXACT),
    ("人民币(大写):壹拾万零柒仟元整", "107000", EXACT),
    ("人民币壹佰元正", "100", EXACT),
    ("二十万零五千元", "205000", EXACT),
    ("叁角贰分", "0.32", EXACT),
    ("伍角整", "0.50", EXACT),
    ("伍分", "0.05", EXACT),
    ("3角2分", "0.32", EXACT),
    ("二点五万元", "25000", EXACT),
    ("十二点五六", "12.56", EXACT),
    ("3W元", "30000", EXACT),
    ("五块", "5", EXACT),
    ("五塊錢", "5", EXACT),
    ("100块", "100", EXACT),
    ("100多块", "100", OVER),
    ("五块五", "5.5", EXACT),
    ("5块5", "5.5", EXACT),
    ("五块五毛", "5.5", EXACT),
    ("三毛", "0.3", EXACT),
    ("一百元钱", "100", EXACT),
    ("一百块钱", "100", EXACT),
    ("2万来块", "20000", APPROX),
    ("46.7", "46.7", EXACT),
    ("9000余元", "9000", OVER),
    ("35.9万", "359000", EXACT),
    ("35.9万元", "359000", EXACT),
    ("35.9 万元", "359000", EXACT),
    ("３５．９万元", "359000", EXACT),
    ("35.9萬元", "359000", EXACT),
    ("35.9(万元)", "359000", EXACT),
    ("35万余元", "350000", OVER),
    ("35余万元", "350000", OVER),
    ("近百万元", "1000000", UNDER),
    ("超百万元", "1000000", OVER),
    ("3千元", "3000", EXACT),
    ("三千元", "3000", EXACT),
    ("五万元", "50000", EXACT),
    ("五萬圓", "50000", EXACT),
    ("壹仟贰佰元整", "1200", EXACT),
    ("壹仟贰佰圆整", "1200", EXACT),
    ("叁拾伍万玖仟元整", "359000", EXACT),
    ("壹佰元伍角", "100.5", EXACT),
    ("12元5角", "12.5", EXACT),
    ("12元5角6分", "12.56", EXACT),
    ("12元零6分", "12.06", EXACT),
    ("5角", "0.5", EXACT),
    ("50分", "0.5", EXACT),
    ("1.2亿元", "120000000", EXACT),
    ("3百万元", "3000000", EXACT),
    ("¥1200", "1200", EXACT),
    ("￥1,200.50", "1200.5", EXACT),
    ("¥1200元", "1200", EXACT),
    ("约¥1200", "1200", APPROX),
    ("人民币1200元", "1200", EXACT),
    ("1200元(人民币)", "1200", EXACT),
    ("RMB1200", "1200", EXACT),
    ("0.30000000000000004", "0.3", EXACT),
    ("1234.5600000000001", "1234.56", EXACT),
    ("359000.00000000006", "359000", EXACT),
    ("0.01", "0.01", EXACT),
    ("0", "0", EXACT),
    ("999999999999.99", "999999999999.99", EXACT),
]


@pytest.mark.parametrize(("text", "value", "exactness"), MONEY_FIGURES)
def test_an_amount_of_money_is_read_in_yuan(text: str, value: str, exactness: Exactness) -> None:
    assert read(text, MONEY) == (Decimal(value), exactness)


PREFIXES = {
    "": None,
    "约": APPROX,
    "近": UNDER,
    "超": OVER,
    "超过": OVER,
    "逾": OVER,
    "不足": UNDER,
    "共": None,
    "达": None,
    "≥": OVER,
}
NUMBERS = {
    "1200": 1200,
    "1,200": 1200,
    "１２００": 1200,
    "1.2万": 12000,
    "6万": 60000,
    "3千": 3000,
    "三千": 3000,
    "一千八百万": 18_000_000,
}
MARKS = {"": None, "余": OVER, "多": OVER, "以上": OVER, "左右": APPROX}
UNITS = ["", "人", "名"]


@pytest.mark.parametrize(("prefix", "mark"), list(product(PREFIXES, MARKS)))
def test_marks_before_and_behind_number_and_unit_agree_or_are_a_question(prefix: str, mark: str) -> None:
    kinds = {PREFIXES[prefix], MARKS[mark]} - {None}
    for (number, value), unit in product(NUMBERS.items(), UNITS):
        for text in {f"{prefix}{number}{mark}{unit}", f"{prefix}{number}{unit}{mark}"}:
            reading = read_figure(text, PEOPLE)
            if len(kinds) > 1:
                assert (reading.figure, reading.problem) == (None, "row.figure.marks"), text
            else:
                assert reading.figure is not None, text
                assert (reading.figure.value, reading.figure.exactness) == (value, next(iter(kinds), EXACT)), text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u3000",
        "\n",
        "\u200b",
        "-",
        "--",
        "－",
        "–",
        "—",
        "——",
        "———",
        "―",
        "/",
        "／",
        "无",
        "無",
        "暂无",
        " 无 ",
        "暫無",
    ],
)
@pytest.mark.parametrize("of", [PEOPLE, MONEY])
def test_empty_and_null_words_are_null_without_a_word_and_never_zero(text: str, of: Measure) -> None:
    assert read_figure(text, of) == FigureReading()


@pytest.mark.parametrize(
    "text", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", " #REF! ", "#n/a"]
)
def test_an_error_value_is_null_with_a_warning(text: str) -> None:
    assert read_figure(text, PEOPLE) == FigureReading(note="row.figure.error_value")


PROBLEMS = [
    ("30-50", "range"),
    ("30—50", "range"),
    ("30～50人", "range"),
    ("30至50", "range"),
    ("30到50人", "range"),
    ("30人-50人", "range"),
    ("3万-5万", "range"),
    ("三至五人", "range"),
    ("五至十人", "range"),
    ("150+50", "formula"),
    ("150人+50人", "formula"),
    ("3×50", "formula"),
    ("3*50", "formula"),
    ("=A1+B1", "formula"),
    ("=SUM(A1:A3)", "formula"),
    ("150/50", "formula"),
    ("1E+05", "scientific"),
    ("1e5", "scientific"),
    ("1.2E+06人", "scientific"),
    ("１Ｅ＋０５", "scientific"),
    ("①150双", "list_mark"),
    ("①150", "list_mark"),
    ("⑴150", "list_mark"),
    ("(1)150", "list_mark"),
    ("1)150", "list_mark"),
    ("1、200", "list_mark"),
    ("一、200", "list_mark"),
    ("㈠150", "list_mark"),
    ("10²", "words"),
    ("150名职工", "words"),
    ("手套150双", "words"),
    ("每人500", "words"),
    ("5k", "words"),
    ("5wan", "words"),
    ("统一发放300份", "words"),
    ("第三十", "words"),
    ("三千零五百", "places"),
    ("十二点三十", "unreadable"),
    ("12点5", "words"),
    ("一点五点六", "words"),
    ("十二点五", "fraction"),
    ("近百来人", "marks"),
    ("三十好几", "vague"),
    ("3k", "words"),
    ("7类", "words"),
    ("2+千人", "formula"),
    ("1多十人", "words"),
    ("累计1500", "words"),
    ("1200?", "words"),
    ("手套150双、帽子50顶", "several"),
    ("1200人(其中女职工300人)", "several"),
    ("150\n200", "several"),
    ("150人\n200人", "several"),
    ("1 2 3", "several"),
    ("三十\n五", "several"),
    ("150;200", "several"),
    ("数百", "vague"),
    ("几十", "vague"),
    ("几百人", "vague"),
    ("数千", "vague"),
    ("十几人", "vague"),
    ("若干", "vague"),
    ("许多", "vague"),
    ("上万人", "vague"),
    ("成百上千", "vague"),
    ("百人", "vague"),
    ("万人", "vague"),
    ("达万人", "vague"),
    ("三五人", "vague"),
    ("七八十", "vague"),
    ("近500余", "marks"),
    ("约1200余人", "marks"),
    ("超500左右", "marks"),
    ("近500人以上", "marks"),
    ("同上", "same_as_above"),
    ("〃", "same_as_above"),
    ("95%", "percent"),
    ("95%以上", "percent"),
    ("９５％", "percent"),
    ("百分之五", "percent"),
    ("12.5", "fraction"),
    ("1.23456万", "fraction"),
    ("0.5人", "fraction"),
    ("1200.05", "fraction"),
    ("-5", "negative"),
    ("－5人", "negative"),
    ("−5", "negative"),
    ("负5", "negative"),
    ("-1.2万", "negative"),
    ("35.9万元", "unit_unfit"),
    ("1200元", "unit_unfit"),
    ("150双", "unit_unfit"),
    ("3户", "unit_unfit"),
    ("99999999999999999999", "too_large"),
    ("1000000000000000", "too_large"),
    ("100万亿亿", "places"),
    ("1万200", "places"),
    ("1万200人", "places"),
    ("约2万50", "places"),
    ("三亿五千人", "places"),
    ("1.5万5", "places"),
    ("三万零五千", "places"),
    ("0931", "unreadable"),
    ("007", "unreadable"),
    ("12,00", "unreadable"),
    ("1.2.3", "unreadable"),
    ("(1200)", "words"),
    ("TRUE", "unreadable"),
    ("待定", "unreadable"),
    ("○", "unreadable"),
    ("2024-12-03", "unreadable"),
    ("12月3日", "unreadable"),
    (
        "为300名职工送去慰问品,其中困难职工50名,每名500元,共计25000元,另有手套150双、帽子50顶、围巾30条、热水壶20个",
        "unreadable",
    ),
]


@pytest.mark.parametrize(("text", "part"), PROBLEMS)
def test_what_is_not_certain_is_a_problem_and_no_figure(text: str, part: str) -> None:
    reading = read_figure(text, PEOPLE)
    assert (reading.figure, reading.note) == (None, None)
    if part in ("unreadable", "words"):  # both ask the same; which of the two is a matter of wording
        assert reading.problem in ("row.figure.unreadable", "row.figure.words")
    else:
        assert reading.problem == f"row.figure.{part}"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("3333.3333333", "decimals"),
        ("3333.333333333333", "decimals"),
        ("1.005", "decimals"),
        ("0.12345678万", "decimals"),
        ("1200人", "unit_unfit"),
        ("1200美元", "words"),
        ("100元/人", "words"),
        ("12元5", "several"),
        ("百万元", "vague"),
        ("-500", "negative"),
        ("1234567890123.4567", "decimals"),
        ("1E+05", "scientific"),
        ("5角50分", "several"),
        ("壹拾万零柒仟元整(107000元)", "several"),
        ("五块零", "words"),
    ],
)
def test_an_amount_that_is_not_certain_is_a_problem(text: str, part: str) -> None:
    assert (read_figure(text, MONEY).figure, read_figure(text, MONEY).problem) == (None, f"row.figure.{part}")


@pytest.mark.parametrize(("text", "part"), PROBLEMS)
def test_every_problem_has_a_rule_whose_text_the_reading_can_fill(text: str, part: str) -> None:
    reading = read_figure(text, PEOPLE)
    finding = rule_registry()[str(reading.problem)].finding(
        column_id="people_served", value=text, cell="F7", row=7, **reading.words
    )  # type: ignore[arg-type]
    assert finding.severity is (Severity.ERROR if part in {"negative", "too_large"} else Severity.QUERY)
    assert "{" not in finding.message + finding.fix
    assert "None" not in finding.message + finding.fix


def test_no_unreadable_figure_is_released_by_an_explanation() -> None:
    rules = [rule for rule in rule_registry() if rule.id.startswith(("row.figure.", "row.date."))]
    assert len(rules) > 30
    assert not [rule.id for rule in rules if rule.releasable]


STEPS = [
    ("1200", PEOPLE, "1"),
    ("8000多", PEOPLE, "1"),
    ("1200.0", PEOPLE, "1"),
    ("6万", PEOPLE, "10000"),
    ("6万多", PEOPLE, "10000"),
    ("10余万", PEOPLE, "10000"),
    ("1,100万", PEOPLE, "10000"),
    ("三千", PEOPLE, "1000"),
    ("一千八百万", PEOPLE, "10000"),
    ("壹仟贰佰", PEOPLE, "100"),
    ("二百六十", PEOPLE, "10"),
    ("35.9万", MONEY, "1000"),
    ("35.90万元", MONEY, "100"),
    ("46.7", MONEY, "0.1"),
    ("46.70", MONEY, "0.01"),
    ("12元5角", MONEY, "0.1"),
    ("2.4亿", MONEY, "10000000"),
]


@pytest.mark.parametrize(("text", "of", "step"), STEPS)
def test_the_step_is_one_unit_of_the_last_printed_digit(text: str, of: Measure, step: str) -> None:
    figure = read_figure(text, of).figure
    assert figure is not None
    assert figure.step == Decimal(step)


def test_the_step_follows_the_unit_of_the_header() -> None:
    figure = read_figure("35.9", MONEY, header_unit="万元").figure
    assert figure is not None
    assert (figure.value, figure.step) == (359_000, 1000)


class TestUnits:
    """The cell's unit over the header's over the sheet's 单位 line."""

    @pytest.mark.parametrize(
        ("header_unit", "sheet_unit", "text", "value", "note"),
        [
            (None, None, "35.9", "35.9", None),
            (None, None, "35.9万元", "359000", None),
            ("元", None, "359000", "359000", None),
            ("元", None, "359000元", "359000", None),
            ("元", None, "35.9万", "359000", None),
            ("元", None, "35.9万元", "359000", "unit_differs"),
            ("元", None, "1.2亿元", "120000000", "unit_differs"),
            ("元", None, "五万元", "50000", "unit_differs"),
            ("元", None, "三千元", "3000", None),
            ("元", None, "壹万元整", "10000", None),
            ("元", None, "壹万元整左右", "10000", None),
            ("万元", None, "壹万元整", "10000", None),
            ("元", None, "5角", "0.5", "unit_differs"),
            ("万元", None, "35.9", "359000", None),
            ("万元", None, "35.9万元", "359000", None),
            ("万元", None, "三百万元", "3000000", None),
            ("万元", None, "359000元", "359000", "unit_differs"),
            ("万元", None, "1.2亿元", "120000000", "unit_differs"),
            ("万元", None, "8000多", "80000000", None),
            ("万元", None, "三百", "3000000", None),
            ("万元", None, "0.3590", "3590", None),
            ("千元", None, "12.5", "12500", None),
            ("百万元", None, "1.5", "1500000", None),
            ("亿元", None, "0.5", "50000000", None),
            ("角", None, "5", "0.5", None),
            ("分", None, "50", "0.5", None),
            ("万", None, "35.9", "359000", None),
            (None, "万元", "35.9", "359000", None),
            (None, "万元", "359000元", "359000", "unit_differs"),
            (None, "元", "35.9", "35.9", None),
            (None, "人", "35.9", "35.9", None),
            ("元", "万元", "35.9", "35.9", "unit_line_differs"),
            ("元", "万元", "35.9万元", "359000", "unit_differs"),
            ("万元", "万元", "35.9", "359000", None),
            ("元/万元", None, "100元", "100", None),
        ],
    )
    def test_money(
        self, header_unit: str | None, sheet_unit: str | None, text: str, value: str, note: str | None
    ) -> None:
        reading = read_figure(text, MONEY, header_unit=header_unit, sheet_unit=sheet_unit)
        assert reading.figure is not None
        assert reading.figure.value == Decimal(value)
        assert reading.note == (f"row.figure.{note}" if note else None)

    @pytest.mark.parametrize(
        ("header_unit", "sheet_unit", "text", "part"),
        [
            ("万元", None, "35.9万", "unit_doubled"),
            ("万元", None, "3百", "unit_doubled"),
            (None, None, "35.9万(万元)", "unit_doubled"),
            (None, "万元", "5千", "unit_doubled"),
            ("元/万元", None, "35.9", "unit_unclear"),
            (None, "元/万元", "35.9", "unit_unclear"),
            ("人", None, "35.9", "unit_unfit"),
            ("桶", None, "35", "unit_unfit"),
            ("万元", None, "467000.1234567", "decimals"),
        ],
    )
    def test_money_whose_unit_is_in_doubt_is_a_question(
        self, header_unit: str | None, sheet_unit: str | None, text: str, part: str
    ) -> None:
        reading = read_figure(text, MONEY, header_unit=header_unit, sheet_unit=sheet_unit)
        assert (reading.figure, reading.problem) == (None, f"row.figure.{part}")
        rule_registry()[str(reading.problem)].finding(column_id="funds_total", value=text, **reading.words)  # type: ignore[arg-type]

    def test_the_unit_line_of_the_sheet_touches_money_only(self) -> None:
        assert read("1200", PEOPLE, sheet_unit="万元") == (1200, EXACT)
        assert read("1200", measure("funds_transferred"), sheet_unit="万元") == (12_000_000, EXACT)

    @pytest.mark.parametrize(
        ("of", "header_unit", "text", "note"),
        [
            (PEOPLE, None, "1200人次", True),
            (PEOPLE, None, "1200（人次）", True),
            (PEOPLE, "人次", "1200", True),
            (PEOPLE, "人次", "1200人", False),
            (PEOPLE, "人(次)", "1200", False),
            (PEOPLE, "人/人次", "1200", False),
            (PEOPLE, "人", "1200名", False),
            (VISITS, None, "1200人", True),
            (VISITS, None, "1200名", True),
            (VISITS, "人", "1200", True),
            (VISITS, None, "1200人次", False),
            (VISITS, None, "1200次", False),
            (measure("online_views"), None, "1200人", True),
        ],
    )
    def test_people_and_person_times_are_kept_as_written_with_a_warning(
        self, of: Measure, header_unit: str | None, text: str, note: bool
    ) -> None:
        reading = read_figure(text, of, header_unit=header_unit)
        assert reading.figure is not None
        assert reading.figure.value == 1200
        assert reading.note == ("row.figure.person_times" if note else None)

    @pytest.mark.parametrize(
        ("measure_id", "text", "value"),
        [
            ("goods_items", "200袋", 200),
            ("goods_items", "60桶", 60),
            ("goods_items", "1200余瓶", 1200),
            ("goods_items", "150双", 150),
            ("goods_items", "50顶", 50),
            ("goods_items", "3000份", 3000),
            ("goods_items", "150雙", 150),
            ("leaflets", "6万多份", 60_000),
            ("job_posts", "8000多个", 8000),
            ("job_posts", "1200余个", 1200),
            ("sessions", "45场次", 45),
            ("sessions", "9场", 9),
            ("firms", "37家", 37),
            ("firms", "37户", 37),
            ("households_visited", "3户", 3),
            ("exam_items", "24项", 24),
        ],
    )
    def test_the_other_units_of_a_measure_are_its_own(self, measure_id: str, text: str, value: int) -> None:
        reading = read_figure(text, measure(measure_id))
        assert reading.figure is not None
        assert (reading.figure.value, reading.note) == (value, None)

    def test_a_new_measure_brings_its_units_along(self) -> None:
        blood = Measure("blood", "献血量", "毫升", ("ml",), "items", None)
        assert (
            read("1200毫升", blood) == read("1200ml", blood) == read("1200", blood, header_unit="毫升") == (1200, EXACT)
        )

    def test_a_header_may_count_in_tens_of_thousands_of_people(self) -> None:
        assert read("1.5", PEOPLE, header_unit="万人") == (15_000, EXACT)
        assert read("1.5万人", PEOPLE) == (15_000, EXACT)

    @pytest.mark.parametrize("note", ["unit_differs", "unit_line_differs", "person_times", "error_value"])
    def test_every_note_is_a_warning(self, note: str) -> None:
        assert rule_registry()[f"row.figure.{note}"].severity is Severity.WARNING

    def test_the_texts_of_notes_can_be_filled(self) -> None:
        readings = [
            read_figure("35.9万元", MONEY, header_unit="元"),
            read_figure("35.9", MONEY, header_unit="元", sheet_unit="万元"),
            read_figure("1200人次", PEOPLE),
            read_figure("1200", PEOPLE, header_unit="人次"),
            read_figure("#REF!", PEOPLE),
        ]
        texts = [
            rule_registry()[str(each.note)].finding(column_id="people_served", value="写的", **each.words).message
            for each in readings
        ]  # type: ignore[arg-type]
        assert "以元计" in texts[0]
        assert "单位:万元" in texts[1]
        assert "人次" in texts[2]
        assert "人次" in texts[3]


class TestPercent:
    """A percentage is a figure only where percentages are asked for."""

    def test_a_cell_shown_as_percentage_is_a_question_in_a_count(self) -> None:
        assert read_figure("0.81", PEOPLE, is_percent=True).problem == "row.figure.percent"
        assert read_figure("81", MONEY, is_percent=True).problem == "row.figure.percent"

    def test_an_empty_cell_shown_as_percentage_is_null(self) -> None:
        assert read_figure("", PEOPLE, is_percent=True) == FigureReading()

    @pytest.mark.parametrize(
        ("text", "is_percent", "value"),
        [("81%", False, "81"), ("0.81", True, "81"), ("81", False, "81"), ("０％", False, "0")],
    )
    def test_a_share_is_read_by_its_sign_or_its_format(self, text: str, is_percent: bool, value: str) -> None:
        figure = read_figure(text, SHARE, is_percent=is_percent).figure
        assert figure is not None
        assert figure.value == Decimal(value)

    @pytest.mark.parametrize("text", ["0.81", "1"])
    def test_a_share_that_may_be_a_ratio_is_a_question(self, text: str) -> None:
        assert read_figure(text, SHARE).problem == "row.figure.share"


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("服务人数(人)", "服务人数", "人"),
        ("服务人数（人）", "服务人数", "人"),
        ("投入资金（万元）", "投入资金", "万元"),
        ("投入资金\n(万元)", "投入资金", "万元"),
        ("投入资金[元]", "投入资金", "元"),
        ("投入资金(单位:元)", "投入资金", "元"),
        ("投入资金 单位:万元", "投入资金", "万元"),
        ("资金（人民币万元）", "资金", "万元"),
        ("其中:慰问金(元)", "其中:慰问金", "元"),
        ("服务人数(人)*", "服务人数", "人"),
        ("服务人数/人", "服务人数", "人"),
        ("服务人数人(次)", "服务人数", "人(次)"),
        ("人数(人(次))", "人数", "人(次)"),
        ("走访企业(家/户)", "走访企业", "家/户"),
        ("金额(元/万元)", "金额", "元/万元"),
        ("参与人数(万人)", "参与人数", "万人"),
        ("服务人数", "服务人数", None),
        ("活动地点(县区)", "活动地点(县区)", None),
        ("备注(说明)", "备注(说明)", None),
        ("专项/品牌", "专项/品牌", None),
        ("联合单位", "联合单位", None),
        ("计量单位", "计量单位", None),
        ("", "", None),
    ],
)
def test_the_unit_of_a_header_is_split_off(header: str, name: str, unit: str | None) -> None:
    assert split_header_unit(header) == (name, unit)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位:万元", "万元"),
        ("单位：（万元）", "万元"),
        ("(单位:万元)", "万元"),
        ("单位 万元", "万元"),
        ("金额单位:人民币万元", "万元"),
        ("单位：人、万元", "万元"),
        ("填报单位:白银市总工会  单位:万元", "万元"),
        ("单位:元", "元"),
        ("单位:元/万元", "元/万元"),
        ("单位:人", "人"),
        ("单位:兰州市总工会", None),
        ("填报单位:白银市总工会", None),
        ("报送单位:万元工会", None),
        ("白银市总工会周报", None),
        ("", None),
    ],
)
def test_the_unit_line_of_a_sheet_names_a_unit_or_nothing(line: str, unit: str | None) -> None:
    assert read_sheet_unit(line) == unit


class TestColumns:
    """read_figures says cell by cell what read_figure says."""

    def test_shape_and_dtypes(self) -> None:
        frame = read_figures(pd.Series(["1200余人", "", "30-50", "1200人次"], index=[7, 8, 9, 7], dtype="str"), PEOPLE)
        expected: Mapping[str, list[object]] = {
            "value_cents": [120_000, None, None, 120_000],
            "exactness": [1, 0, 0, 0],
            "precision_cents": [100, 0, 0, 100],
            "problem": [None, None, "row.figure.range", None],
            "note": [None, None, None, "row.figure.person_times"],
        }
        assert list(frame.index) == [7, 8, 9, 7]
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
            "value_cents": "Int64",
            "exactness": "int8",
            "precision_cents": "int64",
            "problem": "str",
            "note": "str",
            "words": "object",
        }
        for name, values in expected.items():
            assert [None if pd.isna(value) else value for value in frame[name]] == values
        assert list(frame["words"])[:2] == [None, None]
        assert frame["words"].iloc[3] == {"measure": "服务人数", "unit": "人", "written_unit": "人次"}

    def test_an_empty_column_is_an_empty_frame(self) -> None:
        frame = read_figures(pd.Series([], dtype="str"), MONEY)
        assert list(frame.columns) == ["value_cents", "exactness", "precision_cents", "problem", "note", "words"]
        assert len(frame) == 0

    @pytest.mark.parametrize("dtype", ["str", "object"])
    def test_missing_cells_are_null(self, dtype: str) -> None:
        frame = read_figures(pd.Series([None, "5"], dtype=dtype), PEOPLE)
        assert [None if pd.isna(value) else value for value in frame["value_cents"]] == [None, 500]

    def test_percent_cells_are_told_apart_from_equal_texts(self) -> None:
        frame = read_figures(pd.Series(["5", "5"]), PEOPLE, is_percent=pd.Series([True, False]))
        assert list(frame["problem"].fillna("")) == ["row.figure.percent", ""]

    def test_a_warning_of_the_column_stands_on_every_plain_number(self) -> None:
        frame = read_figures(pd.Series(["35.9", "100", "1,000", "约5", ""]), MONEY, header_unit="元", sheet_unit="万元")
        assert list(frame["note"].notna()) == [True, True, True, True, False]
        assert frame["words"].iloc[1] == {"column_unit": "元", "sheet_unit": "万元"}


@pytest.mark.parametrize(
    ("value", "exactness", "shown"), [("3044", OVER, "3044余"), ("18000", UNDER, "近18000"), ("0.5", APPROX, "约0.5")]
)
def test_what_the_reports_print_is_read_back(value: str, exactness: Exactness, shown: str) -> None:
    assert show_figure(Decimal(value), exactness) == shown
    assert read(shown, MONEY) == (Decimal(value), exactness)
