"""The content of a row depends on that row alone, and that of a file on its rows in any order."""

import numpy as np
import pandas as pd
import pytest
from tests.unit.intake.hand_made import HEADER, activity, make_sheet, understand

from nuanliu.intake.rows.contents import OwnFigures

ROW = {
    "活动编号": "",
    "主办单位": "",
    "联合单位": "",
    "活动名称": "走访慰问",
    "专项/品牌": "",
    "活动类别": "送温暖",
    "开始日期": "",
    "结束日期": "",
    "活动地点": "",
    "服务对象": "",
    "统计口径": "本次",
    "物资名称": "",
    "统计范围": "",
    "说明": "",
    "备注": "",
    "服务人数(人)": "20",
    "场次": "",
}


def file_of(*rows, **how):
    return understand(make_sheet([list(ROW), *[list({**ROW, **cells}.values()) for cells in rows]]), **how)


def read(**cells):
    return file_of(cells).rows.iloc[0]


@pytest.mark.parametrize(
    "change",
    [
        {"服务人数(人)": "21"},
        {"服务人数(人)": "20余"},
        {"服务人数(人)": ""},
        {"场次": "1"},
        {"开始日期": "2024-12-03"},
        {"结束日期": "2024-12-04"},
        {"活动名称": "走访"},
        {"活动类别": "健康体检"},
        {"主办单位": "靖远县总工会"},
        {"联合单位": "市医院"},
        {"专项/品牌": "暖冬送岗"},
        {"活动地点": "白银市白银区"},
        {"服务对象": "货车司机"},
        {"物资名称": "手套"},
        {"统计口径": "专项期间"},
        {"统计范围": "含下级"},
    ],
    ids=lambda change: "".join(change),
)
def test_content_sees_key_measures_dates_groups_campaign_place_and_co_organisers(change):
    """Of a numbered row too, whose key says none of its names: else a mended category would be no change."""
    assert read(**change)["content_hash"] != read()["content_hash"]
    assert read(活动编号="7", **change)["content_hash"] != read(活动编号="7")["content_hash"]


FULL = {
    "活动编号": "a-7",
    "联合单位": "Ab医院、红十字会",
    "活动名称": "走访ABC(一)",
    "专项/品牌": "冬日A行动",
    "物资名称": "棉衣A",
    "服务对象": "货车司机、快递员",
}


@pytest.mark.parametrize(
    "change",
    [
        {"说明": "已核实"},
        {"备注": "另有两户"},
        {"活动地点": "三楼会议室"},
        {"联合单位": "红十字会、 ａb医院"},
        {"联合单位": "Ab医院、红十字会等"},
        {"活动名称": "走 访ａbc(一)"},
        {"专项/品牌": "冬日 a行动"},
        {"物资名称": "棉衣 ａ"},
        {"活动编号": "A-7"},
        {"服务对象": "快递员、货车司机"},
        {"主办单位": "白银市总工会"},
        {"统计范围": "本级"},
        {"服务人数(人)": "20人"},
        {"活动类别": "送温暖慰问"},
    ],
    ids=lambda change: " ".join(*change.items()),
)
def test_other_writing_remarks_and_the_order_of_lists_change_no_content(change):
    names = ["activity_key", "series_key", "identity_key", "measures_hash", "content_hash"]
    assert read(**{**FULL, **change})[names].tolist() == read(**FULL)[names].tolist()


def test_a_number_changes_the_key_and_not_what_is_said_beside_it():
    bare, numbered, other = read(), read(活动编号="7"), read(活动编号="8")
    assert bare["content_hash"] == numbered["content_hash"] == other["content_hash"]
    assert len({bare["activity_key"], numbered["activity_key"], other["activity_key"]}) == 3


@pytest.mark.parametrize("filled", [name for name in ROW if name not in ("活动名称", "活动类别")])
def test_no_column_that_another_row_fills_leaves_a_trace(filled):
    """The case of the issue: the same row word for word beside another that fills 场次 was another content."""
    values = {"统计口径": "今年以来", "统计范围": "含下级", "主办单位": "靖远县总工会", "服务对象": "货车司机"}
    dates = dict.fromkeys(("开始日期", "结束日期"), "2024-12-03")
    other = {"活动名称": "义诊", filled: {**values, **dates}.get(filled, "3")}
    alone, beside = file_of({}).rows, file_of({}, other).rows
    narrow = understand(make_sheet([["活动名称", "活动类别", "服务人数(人)"], ["走访慰问", "送温暖", "20"]])).rows
    names = ["activity_key", "series_key", "identity_key", "measures_hash", "content_hash"]
    assert alone.iloc[0][names].tolist() == beside.iloc[0][names].tolist() == narrow.iloc[0][names].tolist()


def test_no_doubt_about_another_row_leaves_a_trace():
    assert file_of({}, {"服务人数(人)": "30-50"}).rows.iloc[0]["content_hash"] == read()["content_hash"]


def test_an_unreadable_cell_is_another_content_than_an_empty_or_mended_one():
    hashes = {read(**{"服务人数(人)": text})["content_hash"] for text in ("", "30-50", "30-60", "30", "50")}
    assert len(hashes) == 5
    assert (
        read(**{"服务人数(人)": "30-50"})["content_hash"]
        == read(**{"服务人数(人)": "30-50", "备注": "x"})["content_hash"]
    )


def measures_of(*figures):
    table = pd.DataFrame(figures, columns=["activity_id", "measure_id", "value_cents", "exactness"])
    table = table.astype({"measure_id": "str", "value_cents": "int64", "exactness": "int8"})
    return OwnFigures(pd.Series([0, 1]), table).measures_hash().tolist()


def test_measures_are_compared_by_id_value_and_exactness_in_any_order():
    first, other = measures_of((0, "people_served", 2000, 0), (1, "firms", 100, 0), (0, "firms", 100, 1))
    again, _ = measures_of((0, "firms", 100, 1), (0, "people_served", 2000, 0))
    assert first == again
    changed = [
        measures_of((0, "people_served", value, exactness), (0, "firms", 100, 1))[0]
        for value, exactness in ((2000, 1), (2001, 0), (0, 0), (100, 0))
    ]
    swapped, nothing = measures_of((0, "people_served", 100, 1), (0, "firms", 2000, 0))
    assert len({first, other, nothing, swapped, *changed}) == 8


def test_the_hash_of_measures_is_the_same_in_every_release():
    """It stands in the warehouse: whoever changes it brings a migration."""
    assert measures_of((0, "people_served", 2000, 0)) == ["9d7e7723be7ead47", "0" * 16]


def test_the_hashes_of_many_measures_do_not_meet():
    ids = np.arange(200_000)
    table = pd.DataFrame({"activity_id": ids, "measure_id": "people_served", "value_cents": ids * 100, "exactness": 0})
    hashes = OwnFigures(pd.Series(ids), table.astype({"measure_id": "str"})).measures_hash()
    assert hashes.nunique() == len(ids)


def file_hash(*rows, name="活动明细", **how):
    return understand(make_sheet([HEADER, *rows], name), **how).content_hash


def test_an_explanation_a_remark_or_a_place_changes_neither_row_nor_file():
    """Whether 说明 gets a row in that was asked about is for the gate to see; the content is the same."""
    files = [file_of({}), file_of({"说明": "x"}), file_of({"备注": "y"}), file_of({"活动地点": "三楼"})]
    assert len({file.content_hash for file in files}) == 1


def test_file_hash_is_the_same_in_any_order_sheet_and_format():
    first = file_hash(activity(), activity("乙"))
    assert first == file_hash(activity("乙"), [], activity())
    assert first == understand(make_sheet([HEADER, activity("乙"), activity()], name=None), kind="csv").content_hash


def test_file_hash_sees_rows_twins_totals_and_hidden_rows():
    base = file_hash(activity())
    others = {
        file_hash(activity(), activity()),
        file_hash(activity(), activity("乙")),
        file_hash(activity(), ["合计", "", "", "", "21"]),
        understand(make_sheet([HEADER, activity()], hidden_rows=frozenset({2}))).content_hash,
    }
    assert base not in others
    assert len(others) == 4


def test_a_number_that_appears_is_another_file():
    assert file_of({}).content_hash != file_of({"活动编号": "7"}).content_hash
