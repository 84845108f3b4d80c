"""The recipients file: a line that cannot be followed is refused with its number and its fix, the others are followed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.patching import replace_everywhere
from tests.reference_lists import HISTORY, copy_lists

from nuanliu.contract.code_lists import read_codes
from nuanliu.errors import InvalidSetting
from nuanliu.operations.mailing.recipients import check_recipients, recipients_of
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2024, 12, 9)
HEADER = "address,name,role,union_id\n"
GOOD = "leader@x.example,领导,leader,\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recipients.csv"


@pytest.mark.parametrize(
    ("line", "problem", "fix"),
    [
        ("a@x.example,白银,union,白银市总工会", "不是工会代码", "请写成 620400"),
        ("a@x.example,白银,union,白银市总", "不是工会代码", "请写成 620400"),
        ("a@x.example,白银,union,６２０４００", "不是工会代码", "请写成 620400"),
        ("a@x.example,省本级,union,620000", "不是工会代码", "请写成 620000-own"),
        ("a@x.example,省本级,union,甘肃省总工会", "不是工会代码", "请写成 620000-own"),
        ("a@x.example,白银,union,白银", "不在工会名录里", "620400(白银市总工会)"),
        ("a@x.example,谁,union,999999", "不在工会名录里", "请写工会代码"),
        ("a@x.example,谁,union,", "没有写 union_id", "例如 620400"),
        ("a@x.example,谁,union", "没有写 union_id", "例如 620400"),
        ("a@x.example,谁,union,   ", "没有写 union_id", "例如 620400"),
        ("a@x.example,谁,leader,620400", "却写了 union_id", "请清空 union_id"),
        ("a@x.example,谁,boss,", "role 写的是“boss”", "leader、engineer、union"),
        ("a@x.example,谁,领导,", "role 写的是“领导”", "leader、engineer、union"),
        ("a@x.example,谁,,", "role 写的是“”", "leader、engineer、union"),
        ("a.x.example,谁,leader,", "不是邮件地址", "name@example.com"),
        ("@x.example,谁,leader,", "不是邮件地址", "name@example.com"),
        ("a@x.example;b@x.example,谁,leader,", "不是邮件地址", "一行一个地址"),
        ("白银@x.example,谁,leader,", "不是邮件地址", "name@example.com"),
        (",谁,leader,", "不是邮件地址", "name@example.com"),
        ("LEADER@x.example,同一个人,leader,", "与第 2 行重复", "删去其中一行"),
        ("leader@x.example , 同一个人,Leader,", "与第 2 行重复", "删去其中一行"),
        ("a@x.example,张三,办公室,leader,", "格子比列名多", "双引号"),
    ],
)
def test_a_line_that_cannot_be_followed_is_refused_naming_line_and_fix(
    path: Path, line: str, problem: str, fix: str
) -> None:
    path.write_text(f"{HEADER}{GOOD}\n{line}\nlast@x.example,末行,leader,\n", "utf-8")
    document = check_recipients(path, TODAY)
    assert document["ok"] is False
    (found,) = document["problems"]
    assert found["line"] == 4
    assert problem in found["problem"]
    assert fix in found["fix"]
    assert [recipient.address for recipient in recipients_of("leader", path)] == ["leader@x.example", "last@x.example"]


@pytest.mark.parametrize("said", ["620400", " 620400 ", "620400\u3000"])
def test_ids_are_trimmed(path: Path, said: str) -> None:
    path.write_text(f"{HEADER}a@x.example,白银,union,{said}\n", "utf-8")
    assert [recipient.union_id for recipient in recipients_of("union", path)] == ["620400"]


def test_one_clerk_may_answer_for_two_unions_and_a_leader_may_be_an_engineer(path: Path) -> None:
    lines = ("a@x.example,甲,union,620400", "A@x.example,甲,union,620300", "a@x.example,甲,leader,")
    path.write_text(HEADER + "\n".join(lines), "utf-8")
    document = check_recipients(path, TODAY)
    assert document["ok"]
    assert [(r["role"], r["union_id"], r["gets"]) for r in document["recipients"]] == [
        ("union", "620400", ["reminder"]),
        ("union", "620300", ["reminder"]),
        ("leader", None, ["summary"]),
    ]


def test_a_union_that_owes_no_weekly_report_is_promised_no_reminder(path: Path) -> None:
    path.write_text(f"{HEADER}a@x.example,白银区,union,620402\n", "utf-8")
    document = check_recipients(path, TODAY)
    assert document["ok"]
    assert [recipient["gets"] for recipient in document["recipients"]] == [[]]


def test_a_union_that_has_ended_is_refused_naming_who_reports_instead(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = read_codes(copy_lists(tmp_path, union_history=f"{HISTORY}\n620402,,,,,,,2024-12-02,620403\n"))
    replace_everywhere(monkeypatch, "nuanliu.contract.code_lists.codes", lambda: lists)
    path.write_text(f"{HEADER}{GOOD}a@x.example,白银区,union,620402\n", "utf-8")
    assert check_recipients(path, date(2024, 12, 1))["ok"]
    (problem,) = check_recipients(path, TODAY)["problems"]
    assert problem["line"] == 3
    assert "撤并" in problem["problem"]
    assert "620403(平川区总工会)" in problem["fix"]


def test_a_line_break_in_quotes_does_not_shift_the_numbers(path: Path) -> None:
    path.write_text(f'{HEADER}a@x.example,"甲\n乙",leader,\nb@x.example,谁,boss,\n', "utf-8")
    assert [problem["line"] for problem in check_recipients(path, TODAY)["problems"]] == [4]


def test_a_file_without_the_columns_reaches_nobody_and_says_so(path: Path) -> None:
    path.write_text("邮箱,姓名,role\na@x.example,甲,leader\n", "utf-8")
    document = check_recipients(path, TODAY)
    assert document["ok"] is False
    assert "address" in document["problems"][0]["problem"]
    with pytest.raises(InvalidSetting, match="line 1"):
        recipients_of("leader", path)


def test_a_column_that_is_not_used_is_told_and_harms_nobody(path: Path) -> None:
    path.write_text("address,name,role,union_id,channel\na@x.example,甲,leader,,wecom\n", "utf-8")
    (problem,) = check_recipients(path, TODAY)["problems"]
    assert (problem["line"], "channel" in problem["problem"]) == (1, True)
    assert len(recipients_of("leader", path)) == 1


def test_the_example_that_is_shipped_is_right() -> None:
    assert check_recipients(Settings.from_env().recipients, TODAY)["problems"] == []


def test_a_file_that_is_not_there_is_a_wrong_setting(path: Path) -> None:
    with pytest.raises(InvalidSetting, match="NUANLIU_RECIPIENTS"):
        check_recipients(path, TODAY)
