import pytest
from tests.unit.intake.hand_made import HEADER, activity, found, make_sheet, one, understand

from nuanliu.domain.submission import SubmissionType
from nuanliu.intake.tables.header_labels import nearest_headers, read_header
from nuanliu.intake.tables.headers import Header, HeaderField, find_header, is_transposed
from nuanliu.intake.tables.own_headers import own_headers


@pytest.mark.parametrize(
    ("texts", "column", "unit"),
    [
        (("活动名称",), "activity_name", None),
        (("*活 动 名 称(必填)",), "activity_name", None),
        (("1.活动名称",), "activity_name", None),
        (("服务人数（人）",), "people_served", "人"),
        (("服务职工(人)",), "people_served", "人"),
        (("投入资金(单位:万元)",), "funds_total", "万元"),
        (("投入资金万元",), "funds_total", "万元"),
        (("其中：慰问金（万元）",), "funds_condolence", "万元"),
        (("活动地点(具体到县区)",), "place", None),
        (("单位",), "reporting_union", None),
        (("投入资金(万元)", "小计"), "funds_total", "万元"),
        (("投入资金(万元)", "其中:慰问金"), "funds_condolence", "万元"),
        (("投入资金", "其中", "慰问金"), "funds_condolence", None),
        (("投入资金(万元)", "其中:", "慰问金"), "funds_condolence", "万元"),
        (("服务人数", "(人)"), "people_served", "人"),
        (("求职", "人数"), "job_seekers", None),
        (("时间", "开始"), "start_date", None),
        (("活动时间", "结束"), "end_date", None),
        (("发放物资", "名称"), "item_name", None),
        (("发放物资", "数量"), "goods_items", None),
        (("发放物资", "单位"), "unit_of:goods_items", None),
        (("基本情况", "填报单位"), "reporting_union", None),
    ],
)
def test_header_cells_name_their_column_and_unit(texts, column, unit):
    label = read_header(texts, is_long=False)
    assert (label.id, label.unit) == (column, unit)


@pytest.mark.parametrize(
    "texts", [("慰问金", "人数"), ("服务对象", "货车司机"), ("单位:万元",), ("金额",), ("发放物资", "金额"), ("",)]
)
def test_header_cells_that_mean_no_column_are_not_guessed(texts):
    assert read_header(texts, is_long=False) is None


def test_danwei_is_the_union_in_wide_tables_and_the_unit_in_long_ones():
    assert read_header(("单位",), is_long=False).id == "reporting_union"
    assert read_header(("单位",), is_long=True).id == "long_unit"


def test_header_is_found_below_title_and_unit_line():
    sheet = make_sheet(
        [["白银市总工会周报"], ["", "单位:万元"], ["序号", *HEADER], ["1", *activity()]], merged=[(1, 1, 1, 6)]
    )
    header = find_header(sheet)
    assert (header.first_row, header.last_row) == (3, 3)
    assert header.fields["people_served"].letter == "F"


def test_table_need_not_begin_at_a1():
    sheet = make_sheet([[""], ["", "", *HEADER], ["", "", *activity()]], first_row=4)
    header = find_header(sheet)
    assert header.last_row == 5
    assert header.fields["activity_name"].letter == "C"


def test_two_row_merged_header_is_joined():
    rows = [
        ["活动名称", "活动类别", "投入资金(万元)", "", "服务人数"],
        ["", "", "小计", "其中:慰问金", ""],
        ["慰问", "送温暖", "3", "1", "20"],
    ]
    header = find_header(make_sheet(rows, merged=[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 2, 5)]))
    assert (header.first_row, header.last_row) == (1, 2)
    assert {f.id: (f.letter, f.unit) for f in header.fields.values() if f.is_measure} == {
        "funds_total": ("C", "万元"),
        "funds_condolence": ("D", "万元"),
        "people_served": ("E", None),
    }


def test_two_row_header_without_merges_is_joined_too():
    rows = [
        ["活动名称", "活动类别", "投入资金(万元)", "", "服务人数"],
        ["", "", "小计", "其中:慰问金", ""],
        ["慰问", "送温暖", "3", "1", "20"],
    ]
    header = find_header(make_sheet(rows))
    assert header.last_row == 2
    assert header.fields["funds_condolence"].unit == "万元"


def test_row_of_units_below_the_header_belongs_to_it():
    header = find_header(
        make_sheet(
            [["活动名称", "活动类别", "服务人数", "投入资金"], ["", "", "(人)", "(万元)"], ["慰问", "送温暖", "2", "3"]]
        )
    )
    assert header.last_row == 2
    assert header.fields["funds_total"].unit == "万元"


def test_three_row_header_is_joined():
    rows = [
        ["基本情况", "", "数据", "", ""],
        ["活动名称", "活动类别", "投入资金", "", "服务人数"],
        ["", "", "小计", "其中:慰问金", ""],
        ["慰问", "送温暖", "3", "1", "20"],
    ]
    header = find_header(
        make_sheet(rows, merged=[(1, 1, 1, 2), (1, 3, 1, 5), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 2, 4), (2, 5, 3, 5)])
    )
    assert header.last_row == 3
    assert set(header.fields) == {"activity_name", "category", "funds_total", "funds_condolence", "people_served"}


def test_header_below_row_15_is_not_looked_for():
    assert find_header(make_sheet([*[["说明文字"]] * 15, HEADER, activity()])) is None


def test_data_rows_are_no_header():
    header = find_header(make_sheet([HEADER, activity(), activity(), activity()]))
    assert header.last_row == 1


def test_template_header_wins_over_an_alias_and_the_other_is_unknown():
    header = find_header(
        make_sheet([["活动内容", "活动名称", "活动类别", "服务人数"], ["发慰问品", "慰问", "送温暖", "2"]])
    )
    assert header.fields["activity_name"].letter == "B"
    assert header.unknown == {"A": "活动内容"}
    assert not header.repeated


def test_unknown_column_is_warned_of_and_kept_in_the_remarks():
    submission = understand(make_sheet([[*HEADER, "天气", "备注"], [*activity(), "晴", "下午"], activity()]))
    assert found(submission, "warning") == ["file.column.unknown"]
    assert submission.rows["remarks"].iloc[0] == "下午;天气:晴"
    assert submission.rows["remarks"].isna().tolist() == [False, True]


def test_unknown_column_without_data_is_passed_over():
    assert found(understand(make_sheet([[*HEADER, "天气"], activity()]))) == []


def test_missing_required_column_rejects_the_file_and_keeps_its_rows():
    submission = understand(
        make_sheet([["活动名称", "服务人数", "活动时间", "统计口径"], ["慰问", "20", "12月3日", "本次"]])
    )
    finding = next(f for f in submission.findings if f.severity == "error")
    assert (finding.rule, finding.is_file_level) == ("file.column.missing", True)
    assert "活动类别" in finding.message
    assert len(submission.rows) == 1
    assert "row.required.empty" not in found(submission)


def test_file_without_any_header_is_not_readable():
    submission = understand(make_sheet([["各位领导"], ["本周情况如下"]]))
    assert found(submission) == ["file.header.missing"]
    assert not submission.is_readable
    assert submission.rows.empty


LOTTERY = [["期号", "日期", "类型", "地点", "奖金"], ["24141", "2024-12-03", "双色球", "兰州", "500"]]
STOCK = [["序号", "名称", "类型", "单位", "数量", "备注"], ["1", "手套", "劳保", "双", "150", ""]]


@pytest.mark.parametrize(
    "rows", [LOTTERY, STOCK, [["名称", "服务人数"], ["甲", "3"]], [["时间", "地点", "活动"], ["一", "二", "三"]]]
)
def test_tables_of_words_that_any_table_has_are_none_of_ours(rows):
    submission = understand(make_sheet(rows))
    assert found(submission) == ["file.header.missing"]
    beside = understand(make_sheet([HEADER, activity()]), make_sheet(rows, "其他"))
    assert len(beside.rows) == 1
    assert set(found(beside)) <= {"file.sheet.unread"}


@pytest.mark.parametrize(
    "header",
    [
        ["活动名称", "活动类别"],
        ["名称", "类型", "服务人数"],
        ["项目名称", "活动类别", "日期"],
        ["活动名称", "活动时间", "服务人数"],
        ["活动名称", "服务对象", "地点"],
    ],
)
def test_tables_with_words_of_our_own_are_ours(header):
    assert "file.header.missing" not in found(understand(make_sheet([header, ["慰问", *["体检"] * (len(header) - 1)]])))


def test_missing_header_says_where_was_looked_what_was_known_and_what_came_nearest():
    book = [
        make_sheet([["白银市总工会周报"], ["活动名", "分类", "时间", "地点"], ["慰问", "体检", "", ""]], "周报"),
        make_sheet([["张三的电话"], ["乙"]], "杂项"),
        make_sheet([["说明"]], "说明"),
    ]
    submission = understand(*book)
    message = one(submission, "file.header.missing").message
    assert message == (
        "在工作表“周报”“杂项”(工作表“说明”按名称不读)的前15行里找不到活动表的表头,内容没有读取;最像表头的是“周报”第2行:认得“时间”“地点”,"
        "没有“活动名称”(最接近的列名是“活动名”)、“活动类别”(最接近的列名是“分类”)。"
    )


def test_missing_header_of_known_words_says_that_they_are_anybodys():
    message = one(understand(make_sheet([["名称", "类型", "日期"], ["甲", "乙", "丙"]])), "file.header.missing").message
    assert "认得“名称”“类型”“日期”,但这些列名别的表也常用,看不出是活动表" in message


def test_missing_header_in_an_empty_file_or_one_without_any_word():
    assert (
        "在可见的、有内容的工作表的前15行"
        in one(understand(make_sheet([["a"]], is_visible=False)), "file.header.missing").message
    )
    assert one(understand(make_sheet([["各位领导"]])), "file.header.missing").message.endswith("内容没有读取。")


def test_following_the_advice_of_a_missing_header_makes_the_table_ours():
    rows = [["活动名", "分类", "时间", "人数"], ["走访慰问", "送温暖", "12月3日", "20"]]
    assert found(understand(make_sheet(rows))) == ["file.header.missing"]
    rows[0][:2] = ["活动名称", "活动类别"]
    submission = understand(make_sheet(rows))
    assert not found(submission, "error")
    assert len(submission.rows) == 1


def test_measure_that_stands_twice_holds_the_file():
    submission = understand(make_sheet([[*HEADER, "服务人数(人)"], [*activity(), "30"]]))
    assert "file.column.repeated" in found(submission, "query")


def test_tables_side_by_side_hold_the_file():
    submission = understand(make_sheet([[*HEADER, "", *HEADER], [*activity(), "", *activity("乙")]]))
    assert "file.table.second" in found(submission, "query")
    assert "file.column.repeated" not in found(submission)


def test_transposed_table_holds_the_file():
    sheet = make_sheet(
        [
            ["活动名称", "甲", "乙"],
            ["活动类别", "体检", "体检"],
            ["活动时间", "12月3日", "12月3日"],
            ["服务人数", "1", "2"],
        ]
    )
    assert is_transposed(sheet)
    assert found(understand(sheet)) == ["file.table.transposed"]


def test_every_visible_sheet_with_a_header_is_read():
    submission = understand(make_sheet([HEADER, activity()], "靖远县"), make_sheet([HEADER, activity("乙")], "会宁县"))
    assert submission.rows["sheet"].tolist() == ["靖远县", "会宁县"]
    assert submission.rows["row_id"].tolist() == [0, 1]


@pytest.mark.parametrize("name", ["示例", "说明", "底稿", "模板", "检查结果", "填报说明", "示例2"])
def test_sheets_named_aside_are_not_read(name):
    submission = understand(make_sheet([HEADER, activity()]), make_sheet([HEADER, activity("乙")], name))
    assert len(submission.rows) == 1
    assert found(submission) == []


def test_sheet_that_only_looks_named_aside_is_not_read_but_warned_of():
    submission = understand(make_sheet([HEADER, activity()]), make_sheet([HEADER, activity("乙")], "十二月底稿"))
    assert found(submission) == ["file.sheet.unread"]


def test_hidden_sheet_with_data_is_not_read_but_warned_of():
    submission = understand(
        make_sheet([HEADER, activity()]), make_sheet([HEADER, activity("乙")], "Sheet2", is_visible=False)
    )
    assert len(submission.rows) == 1
    assert found(submission) == ["file.sheet.hidden"]


def test_summary_sheet_beside_the_activities_is_not_read_but_warned_of():
    summary = make_sheet([["填报单位", "服务人数", "服务人次", "投入资金"], ["靖远县总工会", "1", "2", "3"]], "汇总")
    submission = understand(make_sheet([HEADER, activity()]), summary)
    assert len(submission.rows) == 1
    assert found(submission) == ["file.sheet.unread"]


@pytest.mark.parametrize("group", ["资金(万元)", "资金情况（万元）", "支出/万元"])
@pytest.mark.parametrize(
    ("top", "merged"),
    [
        (["活动名称", "活动类别", "活动时间"], ((1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 1, 5))),
        (["", "", ""], ((1, 4, 1, 5),)),
        (["", "", ""], ()),
    ],
)
def test_unit_of_a_group_counts_for_the_figures_below_it(group, top, merged):
    labels = ["", "", ""] if top[0] else ["活动名称", "活动类别", "活动时间"]
    sheet = make_sheet([[*top, group, ""], [*labels, "慰问金", "物资折价"]], merged=merged)
    header = find_header(sheet)
    assert (header.first_row, header.last_row) == (1, 2)
    assert [header.fields[name].unit for name in ("funds_condolence", "goods_value")] == ["万元", "万元"]


def test_unit_of_a_money_group_does_not_reach_other_figures():
    sheet = make_sheet(
        [["", "", "情况(万元)", ""], ["活动名称", "活动类别", "慰问金", "服务人数"]], merged=((1, 3, 1, 4),)
    )
    header = find_header(sheet)
    assert header.fields["funds_condolence"].unit == "万元"
    assert header.fields["people_served"].unit in (None, "人")


def test_labels_merged_down_into_a_header_are_no_title():
    labels = ["填报单位", "活动名称", "活动类别"]
    sheet = make_sheet(
        [[*labels, "服务情况", "服务情况"], ["", "", "", "服务人数", "走访户数"]],
        merged=[(1, column, 2, column) for column in (1, 2, 3)],
    )
    assert find_header(sheet).first_row == 1


def test_line_above_the_header_that_names_union_and_unit_stays_a_title():
    sheet = make_sheet([["填报单位:白银市总工会", "", "", "单位:万元"], ["活动名称", "活动类别", "活动时间", "慰问金"]])
    assert find_header(sheet).first_row == 2


def test_missing_header_keeps_the_week_of_the_title_and_never_says_that_none_is_named():
    titled = understand(make_sheet([["平凉市总工会2024年第47周"], ["甲", "乙", "丙"], ["1", "2", "3"]]), path_week=None)
    assert (str(titled.week), found(titled)) == ("2024-W47", ["file.header.missing"])
    untitled = understand(make_sheet([["甲", "乙", "丙"], ["1", "2", "3"]]), path_week=None)
    assert found(untitled) == ["file.header.missing"]


MISSPELT = ["活动名成", "活动累别", "活动时问", "服务人员数", "投人资金(元)"]


def test_missing_header_names_a_row_of_misspelt_columns_with_what_each_is_near_to():
    sheet = make_sheet([["平凉市总工会2024年第49周"], MISSPELT, ["慰问", "送温暖", "2024-12-03", "88", "17600"]])
    message = one(understand(sheet), "file.header.missing").message
    assert message.endswith(
        "最像表头的是“活动明细”第2行:没有“活动名称”(最接近的列名是“活动名成”)、“活动类别”(最接近的列名是“活动累别”)。"
    )


def test_missing_header_quotes_no_row_that_is_near_to_nothing():
    assert one(understand(make_sheet([["张三", "李四", "王五"]])), "file.header.missing").message.endswith("没有读取。")


def test_missing_column_names_the_unknown_ones_that_may_be_it():
    own = make_sheet([["工作内容", "类别", "投入资金(元)", "服务人数(人)"], ["走访慰问", "送温暖", "900", "20"]])
    fix = one(understand(own), "file.column.missing").fix
    assert fix.startswith(
        "表里认不得的列名有“工作内容”,其中若有写的就是这一项的,把列名改过来即可;没有的,请在表头补上“活动名称”列"
    )
    lacking = make_sheet([["类别", "投入资金(元)", "服务人数(人)"], ["送温暖", "900", "20"]])
    assert one(understand(lacking), "file.column.missing").fix.startswith("请在表头补上“活动名称”列")


@pytest.mark.parametrize("cells", [["报送类型:零报告"], ["报送类型", "零报告"]])
def test_a_sheet_of_any_name_that_states_a_zero_report_is_one(cells):
    submission = understand(make_sheet([cells], name="Sheet"))
    assert (submission.submission_type, found(submission)) == (SubmissionType.ZERO, [])
    withdrawn = understand(make_sheet([[cells[0].replace("零报告", "更正零报告"), *cells[1:]]], name="Sheet"))
    assert found(withdrawn) == []


@pytest.mark.parametrize("mark", ["*", ":", "★", "※:"])
def test_marks_around_a_header_are_left_out_and_a_text_of_marks_is_no_header(mark: str) -> None:
    assert read_header(("活动名称" + mark * 3,), is_long=False).id == "activity_name"
    assert read_header(("*" + "活动名称" + mark,), is_long=False).id == "activity_name"
    for long in ("活动名称" + mark * 1500, "单位" + mark * 30000 + "x", mark * 30000):
        assert read_header((long,), is_long=False) is None
        assert nearest_headers(long) == ()


def test_own_headers_are_those_that_are_not_the_templates_in_one_line_without_personal_numbers():
    texts = {
        "activity_name": "活动名称",
        "people_served": "服务职工（人）",
        "funds_total": "投入资金\n13800138000",
        "ordinal": "序号",
    }
    fields = {name: HeaderField(name, letter, text) for letter, (name, text) in zip("ABCD", texts.items(), strict=True)}
    assert own_headers(Header(1, 1, is_long=False, fields=fields)) == {
        "服务人数(人)": "服务职工（人）",
        "投入资金(元)": "投入资金 138****8000",
    }
