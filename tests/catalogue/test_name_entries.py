"""Catalogue M71–M75: how clerks write names of unions, partners, campaigns and activities, each through the real check.

What is read alike stands below each other in one workbook, a row for each; it is checked once. Two unions' reports of one
activity need the warehouse: tests/integration/test_catalogue_history.py.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from tests.catalogue.checking import activity, check, counts, finding, rules, workbook

if TYPE_CHECKING:
    from nuanliu.domain.checked import CheckedDrop

BASE = ("活动名称", "活动类别", "开始日期", "结束日期", "统计口径", "服务人数(人)")


def in_column(header: str, writings: tuple[object, ...], union_id: str = "620400") -> CheckedDrop:
    """A workbook with one more column A, each writing in a row of its own."""
    rows = [[written, *activity(name=f"走访第{at}车间")[:6]] for at, written in enumerate(writings)]
    return check(workbook(rows, (header, *BASE)), union_id=union_id)


@cache
def read(
    header: str, column: str, writings: tuple[object, ...], union_id: str = "620400"
) -> dict[Any, tuple[Any, str, list[str]]]:
    """For each writing: what it was read as, the row's status, and the rules found on its cell."""
    checked = in_column(header, writings, union_id)
    return {
        written: (
            checked.submission.rows[column].iloc[at],
            checked.row_status.iloc[at],
            [found.rule for found in checked.receipt.findings if found.cell == f"A{at + 2}"],
        )
        for at, written in enumerate(writings)
    }


CHENGGUAN = (
    "兰州市城关区总工会", "城关区总工会", "城关区总", "城 关 区", "城关区\u3000总工会", "甘肃省兰州市城关区总工会", "兰州城关区总工会", "城關區總工會",
    "兰州巿城关区总工会", "兰州市城关区", "城关区总工会（盖章）", "“城关区总工会”",
)  # fmt: skip


@pytest.mark.parametrize("written", CHENGGUAN)
def test_m71_spellings_of_a_union_are_that_union(written: str) -> None:
    assert read("填报单位", "reporting_union_id", CHENGGUAN, "620100")[written] == ("620102", "accepted", [])


OTHERS = {
    "620800": {"华亭县总工会": "620881", "华亭市总工会": "620881", "平凉市总工会": "620800"},
    "622900": {
        "东乡县总工会": "622926",
        "东乡族自治县总工会": "622926",
        "积石山县": "622927",
        "积石山保安族东乡族撒拉族自治县总工会": "622927",
        "临夏州": "622900",
        "临夏回族自治州总工会": "622900",
        "临夏市": "622901",
        "临夏县": "622921",
    },
    "620100": {"兰州巿总工会": "620100", "兰州市总": "620100", "蘭州市總工會": "620100", "兰州市 总 工 会": "620100"},
    "620700": {"高臺縣總工會": "620724", "臨澤縣總工會": "620723"},
    "620600": {"天祝县总工会": "620623", "天祝藏族自治县总工会": "620623", "古浪县总": "620622"},
}


@pytest.mark.parametrize(("sender", "written"), [(sender, each) for sender, all_ in OTHERS.items() for each in all_])
def test_m71_short_old_and_ethnic_names_are_that_union(sender: str, written: str) -> None:
    names = OTHERS[sender]
    assert read("填报单位", "reporting_union_id", tuple(names), sender)[written] == (names[written], "accepted", [])


@pytest.mark.parametrize("written", ["省总", "省总工会", "甘肃省总工会", "甘肃省总工会(省本级)"])
def test_m71_the_province_in_its_own_file_is_its_own_level(written: str) -> None:
    names = ("省总", "省总工会", "甘肃省总工会", "甘肃省总工会(省本级)")
    assert read("填报单位", "reporting_union_id", names, "620000-own")[written][:2] == ("620000-own", "accepted")


@pytest.mark.parametrize(
    ("written", "proposed"),
    [("城关去总工会", "城关区总工会"), ("七里河总工会区", "七里河区总工会"), ("榆中线总工会", "榆中县总工会")],
)
def test_m71_a_name_that_is_only_like_another_is_proposed_and_never_used(written: str, proposed: str) -> None:
    checked = in_column("填报单位", (written, "兰州市总工会"), "620100")
    asked = finding(checked, "org.union.unknown")
    assert (asked.cell, asked.severity, asked.value) == ("A2", "query", written)
    assert proposed in asked.message
    assert checked.submission.rows["reporting_union_id"].isna().tolist() == [True, False]
    assert counts(checked) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("sender", "written", "meant"),
    [
        ("620400", "白银", "620400"),
        ("620402", "白银", "620402"),
        ("620400", "白银总工会", "620400"),
        ("622900", "临夏", "622900"),
        ("622901", "临夏", "622901"),
        ("622921", "临夏总工会", "622921"),
        ("620400", "会宁", "620422"),
    ],
)
def test_m72_a_bare_stem_means_the_sender_or_the_only_one_and_is_pointed_out(
    sender: str, written: str, meant: str
) -> None:
    reading = read("填报单位", "reporting_union_id", (written,), sender)[written]
    assert reading == (meant, "accepted", ["org.union.short"])


@pytest.mark.parametrize(("sender", "written"), [("620100", "临夏"), ("620100", "白银"), ("620500", "临夏总工会")])
def test_m72_a_bare_stem_that_may_be_several_others_is_asked_about(sender: str, written: str) -> None:
    checked = in_column("主办单位", (written,), sender)
    asked = finding(checked, "org.union.ambiguous")
    assert (asked.cell, asked.severity) == ("A2", "query")
    assert asked.message.count("总工会") >= 2
    assert counts(checked) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    "written",
    ["白银有色集团工会", "某某公司", "王某", "白银市总工会、会宁县总工会", "白银市总工会（牵头）", "县"],
)
def test_m72_a_unit_that_is_not_in_the_list_is_asked_about(written: str) -> None:
    value, status, found = read("主办单位", "organizer_union_id", (written,))[written]
    assert (value != value, status, found) == (True, "held", ["org.union.unknown"])  # NaN


@pytest.mark.parametrize(
    ("sender", "written"),
    [("620422", "白银市总工会"), ("620402", "平川区总工会"), ("620400", "兰州市总工会"), ("620100", "兰州新区总工会")],
)
def test_m72_a_report_for_a_union_outside_the_senders_own_holds_the_file(sender: str, written: str) -> None:
    checked = check(
        workbook([["", *activity()[:6]], [written, *activity(name="送温暖")[:6]]], ("填报单位", *BASE)), union_id=sender
    )
    asked = finding(checked, "org.reporting.foreign")
    assert (asked.cell, asked.severity) == (None, "query")
    assert written in asked.message
    assert checked.receipt.status == "held"
    assert counts(checked) == (0, 0, 2, 0)


@pytest.mark.parametrize("written", ["兰州市总工会", "省总", "甘肃省总工会"])
def test_m72_an_organiser_outside_the_senders_own_holds_its_row_only(written: str) -> None:
    checked = in_column("主办单位", (written, "会宁县总工会"))
    assert finding(checked, "org.organizer.foreign").cell == "A2"
    assert counts(checked) == (1, 0, 1, 0)


PARTNERS = {
    "白银市民政局、白银市残联": "白银市民政局;白银市残联",
    "市民政局，市残联;市妇联": "市民政局;市残联;市妇联",
    "市民政局／市残联": "市民政局;市残联",
    "市民政局和市残联": "市民政局;市残联",
    "市教育局及市卫健局": "市教育局;市卫健局",
    "市民政局\n市残联": "市民政局;市残联",
    "市民政局 市残联": "市民政局;市残联",
    "市民政局、市民政局、": "市民政局",
    "西和县总工会、和政县民政局": "西和县总工会;和政县民政局",
    "平和医院和市一院": "平和医院;市一院",
    "高等学校、市等级评定中心": "高等学校;市等级评定中心",
    "甘肃电信（兰州、临夏）公司、市残联": "甘肃电信（兰州、临夏）公司;市残联",
}


@pytest.mark.parametrize("written", PARTNERS)
def test_m73_a_list_of_partners_is_split_where_it_joins_and_not_inside_a_name(written: str) -> None:
    value, status, found = read("联合单位", "co_organizers", tuple(PARTNERS))[written]
    assert (value, status, found) == (PARTNERS[written], "accepted", [])
    assert read("联合单位", "has_open_list", tuple(PARTNERS))[written][0] == False  # noqa: E712 - a bool of numpy


OPEN_LISTS = {
    "省人民医院、省中医院等": "省人民医院;省中医院",
    "省人民医院，等": "省人民医院",
    "省人民医院等5家医院": "省人民医院",
    "市民政局等单位": "市民政局",
    "市民政局、市残联等多个部门": "市民政局;市残联",
    "市民政局等等": "市民政局",
    "市民政局、市残联……": "市民政局;市残联",
    "市民政局...": "市民政局",
}


@pytest.mark.parametrize("written", OPEN_LISTS)
def test_m73_an_open_list_is_flagged_and_what_is_open_is_no_partner(written: str) -> None:
    assert read("联合单位", "co_organizers", tuple(OPEN_LISTS))[written] == (OPEN_LISTS[written], "accepted", [])
    assert read("联合单位", "has_open_list", tuple(OPEN_LISTS))[written][0] == True  # noqa: E712 - a bool of numpy


CAMPAIGN = (
    "关爱新业态·互助健康行", "关爱新业态・互助健康行", "关爱新业态•互助健康行", "“关爱新业态·互助健康行”", '"关爱新业态·互助健康行"', "「关爱新业态・互助健康行」",
    "《关爱新业态·互助健康行》", "关爱新业态·互助健康行免费健康体检活动", "“关爱新业态·互助健康行”公益体检活动", "2024年关爱新业态·互助健康行", "关爱新业态 · 互助健康行",
)  # fmt: skip


@pytest.mark.parametrize("written", CAMPAIGN)
def test_m74_spellings_of_a_campaign_are_that_campaign(written: str) -> None:
    assert read("专项/品牌", "campaign_id", CAMPAIGN)[written] == ("care-new-employment-health", "accepted", [])


REVERSED = ("爱心甘肃·结对帮扶", "爱心甘肃・结对帮扶", "结对帮扶·爱心甘肃", "“爱心甘肃・结对帮扶”")


@pytest.mark.parametrize("written", REVERSED)
def test_m74_a_programme_written_the_other_way_round_is_that_programme(written: str) -> None:
    assert read("专项/品牌", "campaign_id", REVERSED)[written] == ("pair-aid-gansu", "accepted", [])


NEW = ("玫瑰书香", "关爱新业态-互助健康行", "关爱新业态互助健康行", "互助健康行")


@pytest.mark.parametrize("written", NEW)
def test_m74_a_campaign_that_nobody_knew_is_kept_as_written_with_a_warning(written: str) -> None:
    assert read("专项/品牌", "campaign_id", NEW)[written] == (written, "accepted", ["row.campaign.new"])


@pytest.mark.parametrize(
    "says",
    [
        {},
        {"people": 130},
        {"name": "货车司机健康义诊\u3000"},
        {"name": "“货车司机健康义诊”"},
        {"name": "货车司机 健康义诊"},
        {"start": "12月3日", "end": "2024.12.4"},
        {"category": "义诊"},
    ],
)
def test_m75_the_same_activity_twice_in_a_file_is_counted_once(says: dict[str, Any]) -> None:
    checked = check(workbook([activity(), activity(**says)]))
    asked = finding(checked, "set.key.repeated")
    assert (asked.row, asked.severity) == (3, "query")
    assert "第 2 行" in asked.message
    assert counts(checked) == (1, 0, 1, 0)
    assert {total.measure: total.value for total in checked.receipt.totals} == {
        "people_served": "120",
        "funds_total": "3500",
    }


@pytest.mark.parametrize(
    "says",
    [
        {"name": "环卫工人健康义诊"},
        {"start": "2024-12-05", "end": "2024-12-05", "people": 90},
        {"kind": "今年以来"},
        {"category": "健康体检"},
    ],
)
def test_m75_another_name_day_kind_or_category_is_another_activity(says: dict[str, Any]) -> None:
    checked = check(workbook([activity(), activity(**says)]))
    assert counts(checked) == (2, 0, 0, 0)
    assert "set.key.repeated" not in rules(checked)


def test_m75_gloves_and_hats_of_one_visit_are_two_rows_of_one_activity() -> None:
    rows = [[*activity()[:5], amount, item] for amount, item in ((150, "手套"), (50, "帽子"))]
    checked = check(workbook(rows, (*BASE[:5], "发放物资(件)", "物资名称")))
    assert counts(checked) == (2, 0, 0, 0)


def test_m75_an_activity_much_like_another_a_day_later_is_pointed_out_and_counted() -> None:
    later = activity(start="2024-12-05", end="2024-12-05")
    checked = check(workbook([activity(), later]))
    assert finding(checked, "set.activity.similar").severity == "warning"
    assert counts(checked) == (2, 0, 0, 0)


def test_m75_rows_without_a_name_are_not_called_the_same_activity() -> None:
    checked = check(workbook([activity(name=None), activity(name=None)]))
    assert "set.key.repeated" not in rules(checked)
    assert counts(checked) == (0, 2, 0, 0)
