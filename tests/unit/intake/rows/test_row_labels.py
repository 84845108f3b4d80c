import pandas as pd
import pytest
from tests.unit.intake.hand_made import HEADER, activity, found, make_sheet, one, understand

from nuanliu.contract.code_lists import codes
from nuanliu.domain.submission import FIGURE_COLUMNS, ROW_COLUMNS
from nuanliu.intake.values.coded_cells import read_campaign, read_category, read_groups, read_period_kind, read_scope


@pytest.mark.parametrize("text", ["健康体检", "体检", " 健 康 体 检 ", "3.健康体检", "免费体检", "健康体检类"])
def test_category_is_read_by_name_and_alias(text):
    assert read_category(text).value == "health_check"


def test_unknown_category_is_a_query_that_proposes_the_nearest():
    finding = one(understand(make_sheet([HEADER, activity(category="健康检查")])), "row.category.unknown")
    assert (finding.severity, finding.cell, finding.column, finding.value) == ("query", "B2", "活动类别", "健康检查")
    assert "健康体检" in finding.message
    assert finding.expected is not None
    assert finding.expected.startswith("健康义诊、健康体检、")
    assert finding.expected.endswith("、其他之一")


def test_empty_required_cells_send_the_row_back():
    submission = understand(make_sheet([HEADER, activity(name=""), activity(category="无")]))
    assert [(f.rule, f.cell, f.severity) for f in submission.findings if f.severity == "error"] == [
        ("row.required.empty", "A2", "error"),
        ("row.required.empty", "B3", "error"),
    ]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("货车司机、快递员等新就业形态劳动者", "truck_drivers;couriers;new_employment"),
        ("新就业形态劳动者（货车司机、快递员）", "new_employment;truck_drivers;couriers"),
        ("保安；快递;外卖，环卫等行业代表", "security_guards;couriers;food_delivery;sanitation_workers"),
        ("在库困难职工及其家属", "hardship_workers"),
        ("货车司机和快递员", "truck_drivers;couriers"),
        ("无", None),
    ],
)
def test_groups_are_several(text, groups):
    assert (read_groups(text).value, read_groups(text).rule) == (groups, None)


def test_unknown_group_holds_the_row_and_is_named():
    sheet = make_sheet([[*HEADER, "服务对象"], [*activity(), "货车司机、学生"]])
    finding = one(understand(sheet), "row.group.unknown")
    assert finding.cell == "F2"
    assert "学生" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "关爱新业态·互助健康行",
        "关爱新业态・互助健康行",
        "2024年“关爱新业态·互助健康行”新就业形态劳动者免费健康体检活动",
        "“关爱新业态•互助健康行”公益体检活动",
        "关爱新业态·互助健康行公益体检活动",
    ],
)
def test_campaign_is_one_in_all_its_spellings(text):
    assert read_campaign(text).value == "care-new-employment-health"


@pytest.mark.parametrize("text", ["冬日A行动", "冬日 a行动", "冬日ａ行动 "])
def test_a_new_campaign_is_one_whatever_its_blanks_width_and_case(text):
    """Its rows have the same content, so that its figures are one campaign's."""
    assert read_campaign(text).value == "冬日A行动"


def test_a_new_campaign_is_kept_with_a_warning():
    submission = understand(make_sheet([[*HEADER, "专项/品牌"], [*activity(), "冬日一碗面"]]))
    assert submission.rows["campaign_id"].tolist() == ["冬日一碗面"]
    assert found(submission) == ["row.campaign.new"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("本次", "event"),
        ("本周(12月2日至8日)", "event"),
        ("今年以来累计", "ytd"),
        ("2022年以来", "cumulative_since"),
        ("入冬以来累计", "cumulative_since"),
        ("累计", "cumulative_since"),
        ("现有", "stock"),
        ("计划", "planned"),
        ("专项期间", "campaign"),
    ],
)
def test_period_kind_is_read_in_any_wording(text, kind):
    assert read_period_kind(text).value == kind


def test_unreadable_period_kind_and_scope_hold_the_row():
    submission = understand(make_sheet([[*HEADER, "统计范围"], [*activity(kind="差不多"), "大概"]]))
    assert found(submission, "query") == ["row.period_kind.unknown", "row.scope.unknown"]


@pytest.mark.parametrize(
    ("text", "scope"), [("本级", "own"), ("含下级", "inclusive"), ("全市", "inclusive"), ("", None)]
)
def test_scope_is_read(text, scope):
    assert read_scope(text).value == scope


def test_empty_period_kind_is_an_event_and_an_absent_column_is_said():
    assert understand(make_sheet([HEADER, activity(kind="")])).rows["period_kind"].tolist() == ["event"]
    submission = understand(make_sheet([["活动名称", "活动类别", "活动时间"], ["慰问", "送温暖", "12月3日"]]))
    assert found(submission, "info") == ["file.period_kind.absent"]


def test_absent_date_is_inferred_and_warned_of():
    submission = understand(make_sheet([HEADER, activity(time=""), activity("乙", time="近日")]))
    assert one(submission, "row.date.absent").cell == "C2"
    assert one(submission, "row.date.inexact").cell == "C3"
    assert submission.rows["is_date_inferred"].all()
    assert submission.rows["end_on"].isna().all()


def test_absent_date_columns_are_said_once():
    submission = understand(
        make_sheet([["活动名称", "活动类别", "统计口径"], ["慰问", "送温暖", "本次"], ["走访", "送温暖", "本次"]])
    )
    assert found(submission) == ["file.date.absent"]


def dates(header, *cells):
    rows = [["活动名称", "活动类别", "统计口径", *header], *[["慰问", "送温暖", "本次", *cell] for cell in cells]]
    submission = understand(make_sheet(rows))
    show = submission.rows[["start_on", "end_on"]].astype("str")
    return [tuple(None if pd.isna(day) else day for day in row) for row in show.to_numpy()]


def test_activity_time_gives_both_days():
    assert dates(["活动时间"], ["12月3日"], ["12月3日至4日"]) == [
        ("2024-12-03", "2024-12-03"),
        ("2024-12-03", "2024-12-04"),
    ]


def test_empty_end_date_means_still_running():
    assert dates(["开始日期", "结束日期"], ["2024-12-03", ""], ["12月3日至4日", ""], ["", "2024-12-04"]) == [
        ("2024-12-03", None),
        ("2024-12-03", "2024-12-04"),
        (None, "2024-12-04"),
    ]


def test_excel_serial_in_a_date_column_is_its_date():
    sheet = make_sheet([HEADER, activity(time="45629")], numeric_dates={"C2": "2024-12-03"})
    assert understand(sheet).rows["end_on"].tolist() == [pd.Timestamp("2024-12-03")]


def test_day_that_a_sheet_took_for_a_number_is_held_and_is_a_day_in_text():
    sheet = make_sheet([HEADER, activity(time="12.3"), activity("乙", time="12.3")], decimals=frozenset({"C2"}))
    submission = understand(sheet)
    assert [(f.rule, f.cell, f.value) for f in submission.findings] == [("row.date.number", "C2", "12.3")]
    assert submission.rows["end_on"].isna().tolist() == [True, False]


def test_error_values_are_null_with_a_warning_and_an_error_where_required():
    submission = understand(make_sheet([[*HEADER, "备注"], [*activity(name="#REF!"), "#N/A"]]))
    assert sorted((f.rule, f.cell) for f in submission.findings) == [
        ("row.cell.error_value", "A2"),
        ("row.cell.error_value", "F2"),
        ("row.required.empty", "A2"),
    ]
    assert submission.rows["remarks"].isna().all()


def test_cells_are_cleaned_of_invisible_characters():
    submission = understand(make_sheet([HEADER, activity("\u3000走访\u200b慰问\n职工 ")]))
    assert submission.rows["activity_name"].tolist() == ["走访慰问 职工"]


def test_place_keeps_what_was_written_beside_the_county():
    submission = understand(
        make_sheet([[*HEADER, "活动地点"], [*activity(), "定西市陇西县文家集村"], [*activity("乙"), "陇西县"]])
    )
    assert submission.rows["place_division"].tolist() == ["621122", "621122"]
    assert submission.rows["place_detail"].iloc[0] == "定西市陇西县文家集村"
    assert pd.isna(submission.rows["place_detail"].iloc[1])


def test_unit_column_beside_goods_counts():
    header = [
        ["活动名称", "活动类别", "活动时间", "统计口径", "发放物资", "", ""],
        ["", "", "", "", "名称", "数量", "单位"],
    ]
    rows = [*header, ["慰问", "送温暖", "12月3日", "本次", "手套", "150", "双"]]
    submission = understand(make_sheet(rows, merged=[(1, 5, 1, 7), *[(1, c, 2, c) for c in range(1, 5)]]))
    assert submission.rows["item_name"].tolist() == ["手套"]
    assert submission.figures["value_cents"].tolist() == [15000]
    assert found(submission) == []


def test_percent_cells_are_not_read_as_counts():
    submission = understand(make_sheet([HEADER, activity(people="0.81")], percent=frozenset({"E2"})))
    assert found(submission, "query") == ["row.figure.percent"]


def test_figures_carry_their_cell_text_and_exactness():
    submission = understand(make_sheet([[*HEADER, "投入资金(万元)"], [*activity(people="1200余"), "35.9"]]))
    assert submission.figures.drop(columns=["row_id", "activity_id", "sheet", "row"]).to_dict("records") == [
        {
            "measure_id": "people_served",
            "value_cents": 120000,
            "exactness": 1,
            "precision_cents": 100,
            "raw_text": "1200余",
            "cell": "E2",
        },
        {
            "measure_id": "funds_total",
            "value_cents": 35900000,
            "exactness": 0,
            "precision_cents": 100000,
            "raw_text": "35.9",
            "cell": "F2",
        },
    ]


def test_unreadable_figure_names_cell_and_template_header():
    finding = one(
        understand(
            make_sheet([["活动名称", "活动类别", "活动时间", "统计口径", "惠及人数"], activity(people="30-50")])
        ),
        "row.figure.range",
    )
    assert (finding.cell, finding.column, finding.value, finding.row) == ("E2", "服务人数(人)", "30-50", 2)


def test_too_many_unknown_names_reject_the_file():
    submission = understand(make_sheet([HEADER, *[activity(f"慰问{i}", f"类别{i}") for i in range(201)]]))
    assert found(submission) == ["file.names.too_many"]
    assert len(submission.rows) == 201


def test_frames_have_exactly_the_columns_and_types_of_the_contract():
    for submission in (
        understand(make_sheet([HEADER, activity(), ["合计", "", "", "", "20"]])),
        understand(make_sheet([HEADER])),
        understand(make_sheet([["没有表头"]])),
    ):
        assert {name: str(dtype) for name, dtype in submission.rows.dtypes.items()} == dict(ROW_COLUMNS)
        assert {name: str(dtype) for name, dtype in submission.figures.dtypes.items()} == dict(FIGURE_COLUMNS)
        assert submission.rows.index.tolist() == submission.rows["row_id"].tolist()


def test_layout_names_every_column_by_its_letter():
    submission = understand(make_sheet([HEADER, activity()]))
    assert submission.cell("活动明细", 2, "people_served") == "E2"
    assert submission.cell("活动明细", 2, "end_date") == "C2"
    assert submission.cell("活动明细", 2, "category_id") == "B2"


def test_every_measure_of_the_list_is_read_from_its_template_header():
    measures = list(codes().measures)
    rows = [[*HEADER[:4], *[m.header for m in measures]], [*activity()[:4], *["7"] * len(measures)]]
    submission = understand(make_sheet(rows))
    assert submission.figures["measure_id"].tolist() == [m.id for m in measures]
    assert set(submission.figures["value_cents"]) == {700}


def test_a_long_text_dragged_down_stays_one_text_in_partners_place_and_remarks():
    long = "职工备注说明" * 60
    header = [*HEADER, "参与单位", "活动地点", "备注", "其他事"]
    rows = understand(make_sheet([header, *([*activity(), long, long, long, long] for _ in range(50))])).rows
    for name, said in (("co_organizers", long), ("place_detail", long), ("remarks", f"{long};其他事:{long}")):
        assert rows[name].iloc[0] == said
        assert rows[name].iloc[0] is rows[name].iloc[49], name


def test_what_unknown_columns_say_stands_behind_the_remark_row_by_row():
    header = [*HEADER, "备注", "其他事", "再说"]
    said = [["好", "甲", "乙"], ["无", "甲", ""], ["好", "", "乙"], ["", "", ""], [";", "甲", ""]]
    remarks = understand(make_sheet([header, *([*activity(), *each] for each in said)])).rows["remarks"]
    assert [None if text != text else text for text in remarks] == [
        "好;其他事:甲;再说:乙",
        "其他事:甲",
        "好;再说:乙",
        None,
        "其他事:甲",
    ]
