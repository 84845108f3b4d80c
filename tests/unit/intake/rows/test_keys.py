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
    "填报单位",
]
ROW = dict(
    zip(
        FULL,
        ["", "", "走访慰问", "送温暖", "2024-12-03", "2024-12-03", "本次", "", "", "", "", "", "20", ""],
        strict=True,
    )
)


def read(path_week="2024-W49", **changes):
    cells = {**ROW, **changes}
    submission = understand(make_sheet([FULL, [cells[name] for name in FULL]]), path_week=path_week)
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


KEYS = ["activity_key", "series_key", "content_hash"]


@pytest.mark.parametrize("kind", ["本次", "今年以来", "现有", "专项期间", "计划"])
def test_inclusive_figures_are_those_of_the_reporting_union_so_it_belongs_to_their_key_and_content(kind):
    """Issue 9: a correction of 填报单位 alone was answered ``unchanged``, and the figure stayed with the wrong union."""
    said = {"统计口径": kind, "统计范围": "含下级", "主办单位": "白银市总工会"}
    first, other = (read(**said, 填报单位=union) for union in ("白银市总工会", "靖远县总工会"))
    assert all(first[name] != other[name] for name in KEYS)
    assert first["identity_key"] == other["identity_key"]
    assert read(**said)[KEYS].tolist() == first[KEYS].tolist()


def test_own_figures_are_the_organisers_whoever_reports_them():
    first, other = (read(主办单位="白银市总工会", 填报单位=union) for union in ("", "靖远县总工会"))
    assert first[KEYS].tolist() == other[KEYS].tolist()


def test_a_number_is_its_reporting_unions_own():
    """A prefecture that puts its counties' lists together repeats their numbers."""
    said = {"活动编号": "7", "主办单位": "白银市总工会"}
    first, other = (read(**said, 填报单位=union) for union in ("", "靖远县总工会"))
    assert first["activity_key"] != other["activity_key"]
    assert first["content_hash"] == other["content_hash"]


def test_since_date_keeps_cumulative_series_apart():
    first, second = (read(统计口径="累计", 累计起始=since) for since in ("2022-01-01", "2024-11-07"))
    assert first["activity_key"] != second["activity_key"]
    assert first["series_key"] != second["series_key"]


@pytest.mark.parametrize("kind", ["今年以来", "累计", "现有"])
def test_a_carried_kind_has_no_dates_in_its_series_nor_in_its_key(kind):
    since = {"累计起始": "2024-01-01"} if kind == "累计" else {}
    first, second = (read(统计口径=kind, 开始日期=day, 结束日期=day, **since) for day in ("2024-12-03", "2024-12-05"))
    assert first["series_key"] == second["series_key"]
    assert first["activity_key"] == second["activity_key"]
    assert first["content_hash"] != second["content_hash"]


@pytest.mark.parametrize("kind", ["本次", "专项期间", "计划"])
def test_the_start_date_belongs_to_the_key_of_what_is_not_carried(kind):
    first, second = (read(统计口径=kind, 开始日期=day) for day in ("2024-12-02", "2024-12-03"))
    assert first["activity_key"] != second["activity_key"]


@pytest.mark.parametrize("number", ["", "7"])
def test_a_ytd_series_ends_with_its_year_and_so_does_its_key(number):
    """A week that holds 1 January may tell the old year's figure beside the new one's: two series are no twins."""
    old, new = (
        read(活动编号=number, 统计口径="今年以来", 开始日期="", 结束日期=day, path_week="2025-W01")
        for day in ("2024-12-31", "")
    )
    assert old["series_key"] != new["series_key"]
    assert old["activity_key"] != new["activity_key"]
    last, first = (read(统计口径="今年以来", 结束日期=day) for day in ("2024-12-01", "2024-12-08"))
    assert last["series_key"] == first["series_key"]


def test_the_since_date_matters_for_cumulatives_only():
    assert read(统计口径="今年以来", 累计起始="2024-01-01")["series_key"] == read(统计口径="今年以来")["series_key"]


def test_the_identity_begins_with_the_series_of_the_same_row_without_its_number():
    numbered, bare = read(活动编号="7"), read()
    assert numbered["identity_key"] == bare["identity_key"]
    assert bare["identity_key"].partition("/")[0] == bare["series_key"] != numbered["series_key"]


@pytest.mark.parametrize("others", [[], [{"活动编号": "8"}], [{}], [{"活动编号": "9"}, {"统计口径": "今年以来"}]])
@pytest.mark.parametrize("own", [{}, {"活动编号": "7"}, {"统计口径": "今年以来"}])
def test_the_keys_of_a_row_depend_on_that_row_alone(own, others):
    """A number in every row of a file made another key than the same number beside a row without one."""
    rows = [[{**ROW, **cells}[name] for name in FULL] for cells in (own, *others)]
    beside = understand(make_sheet([FULL, *rows])).rows.iloc[0]
    names = ["identity_key", "series_key", "activity_key", "measures_hash", "content_hash"]
    assert beside[names].tolist() == read(**own)[names].tolist()


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
