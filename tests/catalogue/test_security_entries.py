"""Catalogue M76–M79: cells that attack what reads them later, each through the real check and the receipt's files.

What leaves with a publication (mail, workbook, document) needs the warehouse: tests/integration/test_catalogue_history.py.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
from tests.catalogue.checking import HEADER, activity, check, counts, figures, finding, rules, text_file, workbook

from nuanliu.contract.code_lists import CodeList
from nuanliu.contract.input_contract import input_contract
from nuanliu.operations.drops.answering import mark_drop
from nuanliu.reporting.receipts.receipt_page import render_receipt

if TYPE_CHECKING:
    from nuanliu.domain.checked import CheckedDrop

FORMULAS = (
    "=cmd|'/c calc'!A1", "=1+1慰问", "+cmd|' /C calc'!A0慰问", "-2+3+cmd|' /C calc'!A0慰问", "@SUM(1+1)*慰问", '=HYPERLINK("http://x.example","慰问")',
)  # fmt: skip


def as_text(names: tuple[str, ...]) -> CheckedDrop:
    """A CSV, where a cell that begins with = is a text."""
    quoted = [activity(name='"' + name.replace('"', '""') + f"第{at}号" + '"') for at, name in enumerate(names)]
    return check(text_file(quoted), "周报.csv")


def test_m76_a_text_that_looks_like_a_formula_is_stored_as_it_stands() -> None:
    checked = as_text(FORMULAS)
    assert checked.submission.rows["activity_name"].tolist() == [f"{name}第{at}号" for at, name in enumerate(FORMULAS)]
    assert counts(checked) == (len(FORMULAS), 0, 0, 0)


@pytest.mark.parametrize("lead", ["\t", "\r", "\n"])
def test_m76_a_tab_or_line_break_before_a_text_is_dropped(lead: str) -> None:
    checked = check(workbook([activity(name=f"{lead}送温暖")]))
    assert checked.submission.rows["activity_name"].tolist() == ["送温暖"]


@pytest.mark.parametrize("remark", ["-5", "+86", "-5℃", "@全体", "+86 0943"])
def test_m76_a_minus_and_a_country_code_survive(remark: str) -> None:
    checked = check(workbook([[*activity(), remark]], (*HEADER, "备注")))
    assert checked.submission.rows["remarks"].tolist() == [remark]


def test_m76_the_workbook_made_from_a_csv_holds_no_formula_of_the_senders() -> None:
    quoted = [activity(name=f'"{FORMULAS[0]}"', people="30-50")]
    data = text_file(quoted)
    checked = check(data, "周报.csv")
    marked = mark_drop(data, "周报.csv", checked.receipt, checked.submission)
    assert marked is not None
    cells = [cell for sheet in openpyxl.load_workbook(BytesIO(marked)) for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" and "HYPERLINK" not in str(cell.value)]
    assert [cell.value for cell in cells if "calc" in str(cell.value)]


MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></table><b>",
    "“><svg/onload=alert(1)>",
    "&lt;b&gt;",
    "'\"><a href=javascript:x>",
)


@pytest.mark.parametrize("markup", MARKUP)
def test_m77_markup_in_a_cell_is_text_in_the_receipts_page(markup: str) -> None:
    checked = check(workbook([activity(name=f"{markup}慰问", category=f"{markup}类", people=markup)]))
    assert checked.submission.rows["activity_name"].tolist() == [f"{markup}慰问"]
    page = render_receipt(checked.receipt)
    assert markup not in page
    assert "<script" not in page


@pytest.mark.parametrize("sheet", ["<b>一季度<b>", "a&b", "x'y"])
def test_m77_markup_in_a_sheets_name_is_text_in_the_receipts_page(sheet: str) -> None:
    checked = check(workbook([activity(people="30-50")], sheet=sheet))
    assert finding(checked, "row.figure.range").sheet == sheet
    assert "<b>一季度" not in render_receipt(checked.receipt)


TEMPLATES = (
    "{{ ds }}",
    "{{ var.value.x }}",
    "{% for x in y %}",
    "{# x #}",
    "{0}",
    "{value}",
    "{cell}",
    "%(x)s",
    "%s",
    "${x}",
    "$1",
)


def test_m78_template_signs_in_names_stay_as_they_are() -> None:
    checked = check(workbook([activity(name=f"{sign}慰问") for sign in TEMPLATES]))
    assert checked.submission.rows["activity_name"].tolist() == [f"{sign}慰问" for sign in TEMPLATES]
    assert counts(checked) == (len(TEMPLATES), 0, 0, 0)


@pytest.mark.parametrize("sign", TEMPLATES)
def test_m78_template_signs_in_a_finding_are_quoted_and_not_filled_in(sign: str) -> None:
    checked = check(workbook([activity(category=sign)]))
    (asked,) = [found for found in checked.receipt.findings if found.rule == "row.category.unknown"]
    assert asked.value == sign
    assert f"“{sign}”" in asked.message
    assert sign in render_receipt(checked.receipt)


SQL = ("'; drop table fact_activity; --", "1' or '1'='1", "\\'; select 1", 'Robert"); --', "a\\x00b", ":union_id")


def test_m78_sql_in_names_is_text() -> None:
    checked = check(workbook([activity(name=f"{text}慰问") for text in SQL]))
    assert checked.submission.rows["activity_name"].tolist() == [f"{text}慰问" for text in SQL]


@pytest.mark.parametrize(
    ("header", "name", "category"),
    [
        ("主办单位", "某某第{}企业工会", "走访慰问"),
        ("服务对象", "某某第{}群体", "走访慰问"),
        ("专项/品牌", "第{}号行动", "走访慰问"),
        ("备注", "{}", "第{}类"),
    ],
)
def test_m79_thousands_of_names_that_nobody_knows_send_the_file_back(header: str, name: str, category: str) -> None:
    rows = [[*activity(name=f"走访{at}", category=category.format(at)), name.format(at)] for at in range(1500)]
    checked = check(workbook(rows, (*HEADER, header)))
    error = finding(checked, "file.names.too_many")
    assert (error.severity, checked.receipt.status) == ("error", "rejected")
    assert "1500 个" in error.message
    assert counts(checked) == (0, 1500, 0, 0)
    assert figures(checked) == {}
    assert len(checked.receipt.findings) <= 3


def test_m79_near_names_are_looked_for_no_more_once_the_file_goes_back_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for near names takes milliseconds each: ten thousand of them took a minute."""
    asked: list[str] = []

    def nearest(_: CodeList[object], text: str, most: int = 3) -> tuple[str, ...]:
        asked.append(text)
        return ()

    monkeypatch.setattr(CodeList, "nearest", nearest)
    rows = [[*activity(name=f"走访{at}", category=f"第{at}类"), f"某某第{at}企业工会"] for at in range(1000)]
    assert rules(check(workbook(rows, (*HEADER, "主办单位"))))[0] == "file.names.too_many"
    assert len(asked) <= 2 * (int(input_contract().limits["max_new_names"]) + 1)


def test_m79_many_activities_of_known_unions_are_no_attack() -> None:
    rows = [activity(name=f"第{at}场送温暖", people=1, funds=10) for at in range(1500)]
    checked = check(workbook(rows))
    assert counts(checked) == (1500, 0, 0, 0)
    assert [total.value for total in checked.receipt.totals] == ["1500", "15000"]
