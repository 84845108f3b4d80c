import pandas as pd
import pytest
from tests.unit.intake.hand_made import HEADER, activity, make_sheet, understand

from nuanliu.contract.label_text import fold_label
from nuanliu.intake.values.unique_texts import fold_column

FULL = [
    "活动编号",
    "主办单位",
    "活动名称",
    "活动类别",
    "开始日期",
    "结束日期",
    "统计口径",
    "累计起始",
    "物资名称",
    "统计范围",
    "说明",
    "备注",
    "服务人数(人)",
]
ROW = dict(
    zip(FULL, ["", "", "走访慰问", "送温暖", "2024-12-03", "2024-12-03", "本次", "", "", "", "", "", "20"], strict=True)
)


def read(**changes):
    cells = {**ROW, **changes}
    submission = understand(make_sheet([FULL, [cells[name] for name in FULL]]))
    return submission.rows.iloc[0]


@pytest.mark.parametrize(
    "change",
    [
        {"主办单位": "靖远县总工会"},
        {"活动类别": "健康体检"},
        {"活动名称": "走访"},
        {"开始日期": "2024-12-02"},
        {"统计口径": "今年以来"},
        {"物资名称": "手套"},
        {"统计范围": "含下级"},
        {"结束日期": "2024-11-28"},
    ],
)
def test_what_makes_another_activity_changes_its_key(change):
    assert read(**change)["activity_key"] != read()["activity_key"]


@pytest.mark.parametrize(
    "change",
    [
        {"活动名称": "走 访“慰问”"},
        {"服务人数(人)": "21"},
        {"备注": "x"},
        {"说明": "x"},
        {"活动类别": "走访慰问"},
        {"结束日期": "2024-12-05"},
    ],
)
def test_what_leaves_the_activity_the_same_leaves_its_key(change):
    assert read(**change)["activity_key"] == read()["activity_key"]


def test_own_number_is_the_key_whatever_else_changes():
    first, second = (
        read(活动编号="7"),
        read(活动编号="7", 活动名称="改了名", 开始日期="2024-12-02", 活动类别="健康体检"),
    )
    assert first["activity_key"] == second["activity_key"] != read(活动编号="8")["activity_key"]


def test_own_number_keeps_goods_kinds_and_weeks_apart():
    keys = {
        read(活动编号="7", **change)["activity_key"]
        for change in ({}, {"物资名称": "手套"}, {"统计口径": "今年以来"}, {"结束日期": "2024-11-28"})
    }
    assert len(keys) == 4


def test_since_date_keeps_cumulative_series_apart():
    first, second = (read(统计口径="累计", 累计起始=since) for since in ("2022-01-01", "2024-11-07"))
    assert first["activity_key"] != second["activity_key"]
    assert first["series_key"] != second["series_key"]


def test_series_key_has_no_dates():
    first, second = (read(统计口径="今年以来", 开始日期=day, 结束日期=day) for day in ("2024-12-03", "2024-12-05"))
    assert first["series_key"] == second["series_key"]
    assert first["activity_key"] != second["activity_key"]


@pytest.mark.parametrize(
    ("change", "monday"),
    [
        ({}, "2024-12-02"),
        ({"开始日期": "2024-11-30"}, "2024-12-02"),
        ({"开始日期": "2024-11-25", "结束日期": "2024-12-01"}, "2024-11-25"),
        ({"开始日期": "", "结束日期": ""}, "2024-12-02"),
        ({"开始日期": "2024-11-20", "结束日期": ""}, "2024-12-02"),
    ],
)
def test_row_counts_in_the_week_of_its_end_or_in_the_report_week(change, monday):
    assert read(**change)["counts_week"] == pd.Timestamp(monday)


def test_as_of_is_the_end_date_or_the_sunday_of_the_period():
    assert read()["as_of_on"] == pd.Timestamp("2024-12-03")
    assert read(结束日期="")["as_of_on"] == pd.Timestamp("2024-12-08")


@pytest.mark.parametrize(
    "change",
    [
        {"服务人数(人)": "21"},
        {"服务人数(人)": "20余"},
        {"服务人数(人)": ""},
        {"备注": "x"},
        {"结束日期": "2024-12-04"},
    ],
)
def test_content_hash_sees_every_change(change):
    assert read(**change)["content_hash"] != read()["content_hash"]


@pytest.mark.parametrize(
    "change",
    [
        {"开始日期": "12月3日"},
        {"活动类别": "送温暖慰问"},
        {"主办单位": "白银市总工会"},
        {"统计范围": "本级"},
        {"服务人数(人)": "20人"},
    ],
)
def test_content_hash_sees_no_change_of_writing(change):
    assert read(**change)["content_hash"] == read()["content_hash"]


def test_content_hash_tells_an_unreadable_figure_from_none():
    hashes = {read(**{"服务人数(人)": text})["content_hash"] for text in ("", "30-50", "30-60")}
    assert len(hashes) == 3


def test_content_hash_does_not_depend_on_columns_that_say_nothing():
    narrow = understand(make_sheet([HEADER, activity()])).rows.iloc[0]["content_hash"]
    wide = understand(make_sheet([[*HEADER, "备注", "投入资金"], [*activity(), "", ""]])).rows.iloc[0]["content_hash"]
    assert narrow == wide


def file_hash(*rows, name="活动明细", **how):
    return understand(make_sheet([HEADER, *rows], name), **how).content_hash


def test_an_explanation_changes_no_activity_but_the_file():
    files = [understand(make_sheet([FULL, list({**ROW, "说明": why}.values())])) for why in ("", "x", "y")]
    assert len({file.rows.iloc[0]["content_hash"] for file in files}) == 1
    assert len({file.content_hash for file in files}) == 3


def test_file_hash_is_the_same_in_any_order_sheet_and_format():
    first = file_hash(activity(), activity("乙"))
    assert first == file_hash(activity("乙"), [], activity())
    assert first == understand(make_sheet([HEADER, activity("乙"), activity()], name=None), kind="csv").content_hash


def test_file_hash_sees_rows_totals_week_union_and_hidden_rows():
    base = file_hash(activity())
    others = {
        file_hash(activity(), activity()),
        file_hash(activity(), ["合计", "", "", "", "21"]),
        file_hash(activity(), path_week="2024-W48"),
        file_hash(activity(), sender="620300"),
        understand(make_sheet([HEADER, activity()], hidden_rows=frozenset({2}))).content_hash,
    }
    assert base not in others
    assert len(others) == 5


def test_ignored_rows_have_no_keys():
    rows = understand(make_sheet([HEADER, activity(), ["合计", "", "", "", "20"]])).rows
    assert rows["activity_key"].isna().tolist() == [False, True]
    assert rows["content_hash"].isna().tolist() == [False, True]


def test_folding_a_column_is_folding_each_text():
    texts = ["走访慰问", "走 访", "“慰问”", "ＡＢＣ", "abc", "總工會", "a·b・c", "", "活动（一）", "e\u00adx", "巿"]
    assert fold_column(pd.Series(texts, dtype="str")).tolist() == [fold_label(text) for text in texts]


@pytest.mark.parametrize(
    "change",
    [
        {"主办单位": "靖远县总工会"},
        {"活动类别": "健康体检"},
        {"活动名称": "走访"},
        {"统计口径": "今年以来"},
        {"物资名称": "手套"},
        {"统计范围": "含下级"},
        {"结束日期": "2024-11-28"},
    ],
)
def test_what_makes_another_activity_for_two_unions_changes_its_identity(change):
    assert read(**change)["identity_key"] != read()["identity_key"]


@pytest.mark.parametrize(
    "change",
    [
        {"活动名称": "走 访“慰问”"},
        {"活动编号": "A-1"},
        {"开始日期": "2024-12-02"},
        {"服务人数(人)": "21"},
        {"结束日期": "2024-12-05"},
        {"说明": "x"},
    ],
)
def test_what_two_unions_may_say_differently_of_one_activity_leaves_its_identity(change):
    assert read(**change)["identity_key"] == read()["identity_key"]


@pytest.mark.parametrize("kind", ["今年以来", "现有"])
def test_cumulative_rows_are_one_activity_of_two_unions_whatever_their_as_of(kind):
    ends = [{"统计口径": kind, "结束日期": day} for day in ("2024-12-03", "2024-11-28")]
    assert read(**ends[0])["identity_key"] == read(**ends[1])["identity_key"]


def test_a_figure_of_this_year_is_no_report_of_another_unions_last_years():
    years = [{"统计口径": "今年以来", "结束日期": day, "开始日期": ""} for day in ("2024-12-03", "2023-12-05")]
    assert read(**years[0])["identity_key"] != read(**years[1])["identity_key"]
