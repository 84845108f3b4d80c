"""A week that was reported by mistake is withdrawn by a 更正 whose content is 零报告; every message on the way says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.clerk import Paper, drop, paper, people, rules, told, visit

from nuanliu.contract.code_lists import codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.weeks.inquiries import status
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.reporting.template.contents import TYPE_CHOICES, template_lists
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


LINE = [("本周无活动",)]
WAYS = [
    paper(kind="更正零报告"),
    paper(kind="更正(零报告)"),
    paper(kind="更正（零报告）"),
    paper(kind="更正 零报告"),
    paper(kind="更正、零报告"),
    paper(kind="零报告(更正)"),
    paper(kind="更正", below=LINE),
    paper(kind="更正", below=[("零报告",)]),
    paper(kind="更正", above=LINE),
    Paper(data="填报单位,报送类型,活动名称,活动类别\n本周无活动,更正零报告,,\n".encode(), name="周报.csv"),
]


def state(ctx: Context, union_id: str = "620400") -> str:
    (union,) = [union for union in status(ctx, "2024-W49")["unions"] if union["union_id"] == union_id]
    return str(union["state"])


@pytest.mark.parametrize("way", WAYS, ids=range(len(WAYS)))
def test_a_week_is_withdrawn_by_a_correction_that_says_zero(ctx: Context, way: Paper) -> None:
    drop(ctx, paper(visit(), visit(活动名称="技能比武", 服务人数_人=30)))
    receipt = drop(ctx, way)
    assert (receipt["status"], receipt["submission_type"], receipt["version"]) == ("accepted_with_warnings", "更正", 2)
    assert [(c["activity"], c["column"], c["old"], c["new"]) for c in receipt["changes"]] == [
        ("走访慰问", "服务人数", "120", None),
        ("技能比武", "服务人数", "30", None),
    ]
    warning = told(receipt, "file.version.withdraws")
    assert "2 个活动" in warning["message"]
    assert "走访慰问" in warning["message"]
    assert (state(ctx), people(ctx)) == ("confirmed_zero", None)
    assert reconcile(ctx)["ok"]


def test_a_withdrawal_repeated_is_unchanged_however_it_is_called(ctx: Context) -> None:
    drop(ctx, paper(visit()))
    drop(ctx, paper(kind="更正零报告"))
    for way in (paper(kind="更正零报告", cover={"填报人": "甲"}), paper(kind="零报告"), paper(kind="更正", below=LINE)):
        assert drop(ctx, way)["status"] == "unchanged"
    assert state(ctx) == "confirmed_zero"


def test_a_week_that_was_withdrawn_by_mistake_comes_back(ctx: Context) -> None:
    drop(ctx, paper(visit()))
    back = told(drop(ctx, paper(kind="更正零报告")), "file.version.withdraws")
    assert "以“更正”重新报送" in back["fix"]
    receipt = drop(ctx, paper(visit(), kind="更正"))
    assert (receipt["status"], people(ctx), state(ctx)) == ("accepted", "120", "reported")


def test_zero_over_activities_is_held_and_names_the_way_that_works(ctx: Context) -> None:
    drop(ctx, paper(visit()))
    receipt = drop(ctx, paper(kind="零报告"))
    assert receipt["status"] == "held"
    asked = told(receipt, "file.version.zero_over_activities")
    assert "“更正零报告”" in asked["fix"]
    assert "1 个活动:走访慰问" in asked["message"]
    assert people(ctx) == "120"
    assert drop(ctx, paper(kind="更正零报告"))["status"].startswith("accepted")
    assert people(ctx) is None


def test_an_empty_correction_is_held_and_names_the_same_way(ctx: Context) -> None:
    drop(ctx, paper(visit()))
    receipt = drop(ctx, paper(kind="更正"))
    assert receipt["status"] == "held"
    assert "“更正零报告”" in told(receipt, "file.rows.none")["fix"]
    assert people(ctx) == "120"


@pytest.mark.parametrize("kind", [None, "首报", "补充"])
def test_only_a_correction_withdraws(ctx: Context, kind: str | None) -> None:
    drop(ctx, paper(visit()))
    receipt = drop(ctx, paper(kind=kind, below=LINE))
    assert (receipt["status"], people(ctx)) == ("held", "120")
    assert "“更正零报告”" in told(receipt, "file.version.zero_over_activities")["fix"]


def test_a_withdrawal_with_activities_is_held(ctx: Context) -> None:
    drop(ctx, paper(visit()))
    receipt = drop(ctx, paper(visit(), kind="更正零报告"))
    assert (receipt["status"], people(ctx)) == ("held", "120")
    assert "file.zero.with_rows" in rules(receipt, "query")


def test_a_withdrawal_where_nothing_stands_is_a_zero_report_and_says_so(ctx: Context) -> None:
    receipt = drop(ctx, paper(kind="更正零报告"))
    assert receipt["status"] == "accepted_with_warnings"
    assert "按零报告收下" in told(receipt, "file.version.nothing_to_correct")["message"]
    assert state(ctx) == "confirmed_zero"


def test_a_withdrawal_takes_supplements_and_rows_of_earlier_weeks_away_too(ctx: Context) -> None:
    drop(ctx, paper(visit(), visit(活动名称="补报的义诊", 开始日期="2024-11-27", 结束日期="2024-11-27")))
    drop(ctx, paper(visit(活动名称="技能比武"), kind="补充"))
    receipt = drop(ctx, paper(kind="更正零报告"))
    assert len(receipt["changes"]) == 3
    assert (people(ctx), people(ctx, week="2024-W48")) == (None, None)


def test_the_template_offers_what_the_advice_names() -> None:
    assert "更正零报告" in template_lists(codes().unions.get("620400"), ReportingWeek.parse("2024-W49"))[TYPE_CHOICES]


def test_a_correction_with_fewer_activities_says_how_many_and_which_it_takes_away(ctx: Context) -> None:
    drop(ctx, paper(visit(), visit(活动名称="技能比武"), visit(活动名称="义诊")))
    receipt = drop(ctx, paper(visit(), kind="更正"))
    warning = told(receipt, "file.version.takes_away")
    assert (receipt["status"], warning["severity"]) == ("accepted_with_warnings", "warning")
    assert "2 个活动:技能比武、义诊" in warning["message"]
    assert "file.version.takes_away" not in rules(drop(ctx, paper(visit(服务人数_人=100), kind="更正")))


def twins(*why: str | None) -> tuple[dict[str, Any], ...]:
    return tuple(visit(服务人数_人=10, 说明=words) for words in why)


def test_one_of_two_twins_left_out_is_asked_about_and_a_correction_says_what_went(ctx: Context) -> None:
    assert drop(ctx, paper(*twins(None, "下午又走访一次,另一批人")))["rows"]["accepted"] == 2
    assert people(ctx) == "20"
    receipt = drop(ctx, paper(*twins(None), cover={"填报人": "甲"}))
    assert (receipt["status"], people(ctx)) == ("held", "20")
    assert "1 个活动" in told(receipt, "file.version.activity_vanished")["message"]
    receipt = drop(ctx, paper(*twins(None), kind="更正"))
    assert "1 个活动" in told(receipt, "file.version.takes_away")["message"]
    assert [(c["old"], c["new"]) for c in receipt["changes"]] == [("10", None)]
    assert people(ctx) == "10"


def test_twins_that_stay_as_they_are_are_no_change(ctx: Context) -> None:
    drop(ctx, paper(*twins(None, "下午又走访一次,另一批人")))
    receipt = drop(ctx, paper(*twins(None, "下午又走访一次,另一批人"), visit(活动名称="义诊"), kind="更正"))
    assert [(c["activity"], c["old"], c["new"]) for c in receipt["changes"]] == [("义诊", None, "120")]
    assert people(ctx) == "140"
