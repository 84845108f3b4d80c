"""Every advice about a file and what was reported before is followed to the letter, and works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.advice.history_advice import HISTORY_ADVICE, SECOND, STANDS
from tests.integration.advice.playing import GOOD, Advice, play, told
from tests.integration.clerk import drop, paper, people, rules, visit

from nuanliu.contract.code_lists import codes

if TYPE_CHECKING:
    from nuanliu.operations.context import Context


@pytest.mark.parametrize(("number", "advice"), enumerate(HISTORY_ADVICE), ids=map(str, HISTORY_ADVICE))
def test_following_the_fix_leads_where_it_promises(
    office: Context, counties: tuple[str, ...], number: int, advice: Advice
) -> None:
    play(office, advice, counties[number])


@pytest.mark.parametrize(
    ("place", "mended"), [(-2, {"活动名称": "入户走访"}), (-3, {"活动编号": "A1"}), (-4, {"开始日期": "2024-12-02"})]
)
def test_a_supplement_is_not_offered_to_a_mended_row_which_it_would_count_twice(
    office: Context, counties: tuple[str, ...], place: int, mended: dict[str, str]
) -> None:
    union_id = counties[place]
    drop(office, STANDS[0][1], union_id=union_id)
    fix = told(drop(office, paper(visit(**mended)), union_id=union_id), "file.version.activity_vanished")["fix"]
    assert "补充" not in fix
    receipt = drop(office, paper(visit(**mended), kind="更正"), union_id=union_id)
    assert (people(office, union_id), "file.version.takes_away" in rules(receipt)) == ("120", False)


def test_the_same_file_of_two_unions(office: Context, counties: tuple[str, ...]) -> None:
    first, second = counties[-20], counties[-21]
    data = paper(SECOND).write()
    drop(office, GOOD.but(data=data), union_id=first)
    asked = told(drop(office, GOOD.but(data=data), union_id=second), "org.foreign.same_file")
    assert "在“报送信息”表写明“报送单位”后重新报送" in asked["fix"]
    own = paper(SECOND, cover={"报送单位": codes().unions.get(second).name})
    assert drop(office, own, union_id=second)["status"] == "accepted"
    assert people(office, second) == "30"


def test_an_activity_that_two_unions_report_is_counted_at_its_organiser(office: Context) -> None:
    """``org.foreign.similar``: the prefecture reports the county's activity 含下级; it leaves it out, as it is told."""
    prefecture, county = "623000", "623021"
    drop(office, paper(visit(活动名称="临潭义诊")), union_id=county)
    later = visit(活动名称="临潭义诊", 主办单位=codes().unions.get(county).name, 统计范围="含下级")
    answer = drop(office, paper(visit(), later), union_id=prefecture)
    similar = told(answer, "org.foreign.similar")
    assert "以“更正”" in similar["fix"]
    assert drop(office, paper(visit(), kind="更正"), union_id=prefecture)["status"].startswith("accepted")
    assert (people(office, county), people(office, prefecture)) == ("120", "240")


def test_what_was_planned_is_reported_in_its_own_week(office: Context, counties: tuple[str, ...]) -> None:
    days = {"开始日期": "2024-12-11", "结束日期": "2024-12-11"}
    planned = drop(office, paper(visit(**days, 统计口径="计划")), union_id=counties[-6])
    assert "在那一周按“本次”报送" in told(planned, "row.period_kind.planned")["fix"]
    done = drop(office, paper(visit(**days)), union_id=counties[-6], week="2024-W50")
    assert (done["status"], rules(done, "error", "query", "warning")) == ("accepted", set())
    assert people(office, counties[-6], "2024-W50") == "120"
