"""The template is filled as a clerk fills it, and taken without a finding."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from tests.reference_lists import use_history
from tests.union_workbooks import ARRIVAL, saved
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Severity
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import UsageError
from nuanliu.operations.drops.check_drop import check_file
from nuanliu.operations.upkeep.template import write_template
from nuanliu.reporting.template.contents import template_columns, template_lists
from nuanliu.reporting.template.template_workbook import EXAMPLE_ROW, FIRST_ROW, HEADER_ROW, render_template

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from nuanliu.domain.receipt import Receipt

EXPECTED = {"time.history.absent"}  # no warehouse is at hand
ROWS: tuple[dict[str, Any], ...] = (
    {
        "活动编号": "2024-49-1", "填报单位": "白银市总工会", "主办单位": "白银市总工会", "联合单位": "市人社局、市医院等",
        "活动名称": "货车司机健康体检", "专项/品牌": "关爱新业态·互助健康行", "活动类别": "健康体检", "开始日期": date(2024, 12, 2),
        "结束日期": date(2024, 12, 3), "活动地点": "白银区货运物流园", "服务对象": "货车司机、快递员", "统计口径": "本次",
        "统计范围": "本级", "服务人数(人)": "700余", "服务人次(人次)": 900, "投入资金(元)": "35.9万", "物资折价(元)": 50000,
        "发放物资(件)": 700, "物资名称": "血压计", "场次(场)": 2, "备注": "与市医院同办",
    },
    {
        "活动名称": "就业援助", "活动类别": "就业服务", "开始日期": "12月4日", "结束日期": "2024.12.5", "统计口径": "本次",
        "服务人数(人)": 500, "参与企业(家)": 37, "提供岗位(个)": 1200, "求职人数(人)": 480, "达成意向(人)": 216,
    },
    {
        "活动名称": "互助保障", "活动类别": "互助保障", "统计口径": "累计", "累计起始": date(2022, 1, 1),
        "开始日期": date(2024, 12, 1), "结束日期": date(2024, 12, 8), "统计范围": "含下级", "服务人数(人)": 350,
        "互助保障人数(人)": 350, "保险服务折价(元)": 9000, "说明": "全市累计",
    },
)  # fmt: skip


def template(union_id: str = "620400") -> Workbook:
    return load_workbook(BytesIO(render_template(codes().unions.sender(union_id), ReportingWeek.parse("2024-W49"))))


def filled(book: Workbook, *rows: dict[str, Any], kind: str = "首报") -> bytes:
    cover, table = book["报送信息"], book["活动明细"]
    says = {
        "报告期": "2024-W49", "报送类型": kind, "填报人": "某某", "审核人": "某某", "联系电话": "138" + "00001111",
        "报送日期": date(2024, 12, 9),
    }  # fmt: skip
    for label, value in cover.iter_rows(min_col=1, max_col=2):
        if label.value in says:
            value.value = says[label.value]
    letters = {cell.value: cell.column for cell in table[HEADER_ROW]}
    for at, row in enumerate(rows, start=FIRST_ROW):
        for header, value in row.items():
            table.cell(at, letters[header], value)
    return saved(book)


def check(data: bytes, union_id: str = "620400") -> Receipt:
    return check_file(data, "周报.xlsx", union_id=union_id, week=None, received_at=ARRIVAL)


def test_a_filled_template_is_accepted_without_a_finding() -> None:
    receipt = check(filled(template(), *ROWS))
    assert {finding.rule for finding in receipt.findings} == EXPECTED
    assert (receipt.status, receipt.week, receipt.activities) == ("accepted", "2024-W49", 3)
    assert (receipt.rows.received, receipt.rows.ignored) == (4, 1)  # the 示例 row


def test_a_zero_report_is_accepted_without_a_finding() -> None:
    receipt = check(filled(template(), kind="零报告"))
    assert {finding.rule for finding in receipt.findings} == EXPECTED
    assert (receipt.status, receipt.submission_type) == ("accepted", "零报告")


@pytest.mark.parametrize("union_id", ["620000-own", "620102", "622900", "620171"])
def test_every_kind_of_union_can_use_its_template_as_it_is(union_id: str) -> None:
    receipt = check(filled(template(union_id), {"活动名称": "走访", "活动类别": "送温暖慰问", "开始日期": date(2024, 12, 3),
                                                 "统计口径": "本次", "服务人数(人)": 3}), union_id)  # fmt: skip
    assert {finding.rule for finding in receipt.findings} == EXPECTED


def test_the_example_row_breaks_no_rule_itself() -> None:
    book = template()
    table = book["活动明细"]
    says = {header.value: cell.value for header, cell in zip(table[HEADER_ROW], table[EXAMPLE_ROW], strict=True)}
    assert says["活动编号"] == "示例"
    receipt = check(filled(book, {**says, "活动编号": "1", "备注": None}))
    assert {finding.rule for finding in receipt.findings} == EXPECTED


def test_every_column_and_measure_of_the_contract_stands_in_the_header_with_its_unit() -> None:
    headers = [cell.value for cell in template()["活动明细"][HEADER_ROW]]
    wanted = {measure.header for measure in codes().measures}
    wanted |= {column.header for column in input_contract().columns.values() if column.required}
    assert wanted <= set(headers)
    assert len(headers) == len(set(headers)) == len(template_columns(codes().unions.sender("620400")))


def test_what_is_refused_while_typing_is_what_the_rules_return() -> None:
    rules = {rule.title: rule for rule in rule_registry()}
    styles = {Severity.ERROR: "stop", Severity.QUERY: "warning", Severity.WARNING: "information"}
    checks = [
        found
        for name in ("报送信息", "活动明细")
        for found in template()[name].data_validations.dataValidation
        if found.showErrorMessage
    ]
    assert len(checks) > 20
    for found in checks:
        assert (found.errorStyle or "stop") == styles[rules[found.errorTitle].severity]


def test_drop_downs_offer_the_senders_own_tree_and_every_category() -> None:
    lists = {
        column[0].value: [cell.value for cell in column[1:] if cell.value] for column in template()["代码表"].columns
    }
    assert lists["本单位及下级"][0] == "白银市总工会"
    assert len(lists["本单位及下级"]) == len(codes().unions.subtree("620400"))
    assert lists["活动类别"] == [category.name for category in codes().categories]


def test_headers_are_locked_and_the_body_is_not() -> None:
    table = template()["活动明细"]
    assert table.protection.sheet
    assert not table.protection.password
    assert table.cell(HEADER_ROW, 5).protection.locked
    assert not table.column_dimensions["E"].protection.locked
    assert table.freeze_panes == f"F{FIRST_ROW}"


def test_the_guide_names_every_rule_that_keeps_a_row_out() -> None:
    texts = {cell.value for row in template()["填报说明"].iter_rows() for cell in row if cell.value}
    wanted = {
        rule.title
        for rule in rule_registry()
        if rule.family in ("row", "set", "org", "file", "pii") and rule.severity in (Severity.ERROR, Severity.QUERY)
    }
    assert wanted <= texts
    assert not any("{" in str(text) for text in texts)


def test_the_command_writes_the_workbook_and_says_so(tmp_path: Path) -> None:
    target = tmp_path / "模板.xlsx"
    result = CliRunner().invoke(app, ["template", "--union", "620400", "-o", str(target), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["file"] == str(target)
    assert load_workbook(target).sheetnames == ["报送信息", "活动明细", "填报说明", "代码表"]


ENDED, MOVED = "620403", "620421"


@pytest.fixture
def lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A county of 白银 that merges on 2024-11-25, and one that comes to it from 定西 on 2024-12-02."""
    lines = (f"{MOVED},,,621100,,,,2024-12-02,", f"{ENDED},,,,,,,2024-11-25,620400")
    use_history(monkeypatch, request, tmp_path, *lines)


@pytest.mark.parametrize(
    ("week", "ended", "moved"),
    [("2024-W47", True, False), ("2024-W48", False, False), ("2024-W49", False, True)],
)
def test_the_lists_offer_a_union_from_the_week_it_belongs_to_the_sender_until_it_ends(
    lives: None, week: str, ended: bool, moved: bool
) -> None:
    known = codes().unions
    offered = template_lists(known.get("620400"), ReportingWeek.parse(week))["本单位及下级"]
    assert [known.get(union_id).name in offered for union_id in (ENDED, MOVED)] == [ended, moved]
    elsewhere = template_lists(known.get("621100"), ReportingWeek.parse(week))["本单位及下级"]
    assert (known.get(MOVED).name in elsewhere) != moved


def test_a_union_that_has_ended_gets_no_template_but_for_a_week_of_its_own(
    lives: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIU_NOW", "2024-12-09T09:00:00+08:00")
    target = str(tmp_path / "模板.xlsx")
    refused = CliRunner().invoke(app, ["template", "--union", ENDED, "-o", target])
    assert isinstance(refused.exception, UsageError)
    assert "620400 白银市总工会 reports instead" in str(refused.exception)
    assert "2024-W47 at the latest" in str(refused.exception)
    taken = CliRunner().invoke(app, ["template", "--union", ENDED, "-o", target, "--week", "2024-W47"])
    assert taken.exit_code == 0


def test_libreoffice_opens_the_template_and_what_it_saves_is_accepted(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed: that LibreOffice can save the template is not shown here")
    write_template("620400", tmp_path / "template.xlsx", ReportingWeek.parse("2024-W49"))
    filled_file = tmp_path / "filled.xlsx"
    filled_file.write_bytes(filled(load_workbook(tmp_path / "template.xlsx"), *ROWS))
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(filled_file)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    receipt = check((tmp_path / "out" / "filled.xlsx").read_bytes())
    assert {finding.rule for finding in receipt.findings} == EXPECTED
    assert receipt.rows.accepted == len(ROWS)
