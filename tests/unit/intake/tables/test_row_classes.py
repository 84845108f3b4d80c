import pytest
from tests.unit.intake.hand_made import HEADER, activity, found, make_sheet, one, understand

from nuanliu.intake.tables.row_classes import says_example, says_note, says_total, says_zero


def classes(rows, **marks):
    return understand(make_sheet([HEADER, *rows], **marks)).rows["row_class"].tolist()


@pytest.mark.parametrize("text", ["合计", "合 计", "小　计", "总计:", "共计", "(合计)"])
def test_totals_are_known_by_their_word(text):
    assert says_total(text)


@pytest.mark.parametrize("text", ["合计划", "小计算器", "统计", ""])
def test_words_that_only_hold_a_total_word_are_no_totals(text):
    assert not says_total(text)


@pytest.mark.parametrize("text", ["示例", "例", "(示例)", "示例:走访慰问", "例1", "样例"])
def test_examples_are_known_by_their_word(text):
    assert says_example(text)


@pytest.mark.parametrize("text", ["例行走访", "示例小区慰问", "案例"])
def test_names_that_begin_with_an_example_word_are_activities(text):
    assert not says_example(text)


@pytest.mark.parametrize(
    "text", ["填报人:张三", "备注：以上为初步数", "注:1.本表", "(盖章)", "审核人", "填报单位(盖章)"]
)
def test_foot_lines_are_known_by_their_word(text):
    assert says_note(text)


@pytest.mark.parametrize(
    "text", ["零报告", "本周无活动", "本周未开展活动", "零报告(本周无活动)", "无活动。", "本周没有开展相关活动"]
)
def test_zero_lines_are_known(text):
    assert says_zero(text)


@pytest.mark.parametrize("text", ["慰问无活动能力的老人", "无偿献血活动", "无", "本周无"[:2]])
def test_other_lines_are_no_zero_lines(text):
    assert not says_zero(text)


def test_total_row_keeps_its_figures_and_is_no_activity():
    submission = understand(make_sheet([HEADER, activity(), ["合 计", "", "", "", "20"]]))
    assert submission.rows["row_class"].tolist() == ["activity", "total"]
    assert submission.figures[["row_id", "value_cents", "cell"]].to_numpy().tolist() == [
        [0, 2000, "E2"],
        [1, 2000, "E3"],
    ]


def test_total_at_the_top_and_in_the_ordinal_column():
    sheet = make_sheet([["序号", *HEADER], ["合计", "", "", "", "", "20"], ["1", *activity()]])
    assert understand(sheet).rows["row_class"].tolist() == ["total", "activity"]


def test_total_of_one_union_is_a_total():
    assert classes([activity(), ["白银市合计", "", "", "", "20"]]) == ["activity", "total"]


def test_activity_with_a_total_word_in_its_remarks_stays():
    sheet = make_sheet([[*HEADER, "备注"], [*activity(), "与上周合计"]])
    assert understand(sheet).rows["row_class"].tolist() == ["activity"]


def test_example_rows_never_load():
    assert classes([activity("示例:走访慰问"), activity()]) == ["example", "activity"]


def test_repeated_header_is_left_out():
    assert classes([activity(), HEADER, activity("乙")]) == ["activity", "header", "activity"]


def test_repeated_two_row_header_is_left_out():
    top, below = ["活动名称", "活动类别", "活动时间", "投入资金", ""], ["", "", "", "小计", "其中:慰问金"]
    rows = [top, below, ["慰问", "送温暖", "12月3日", "2", "1"], top, below, ["走访", "送温暖", "12月3日", "2", "1"]]
    submission = understand(make_sheet(rows))
    assert submission.rows["row_class"].tolist() == ["activity", "header", "header", "activity"]


def test_second_table_below_holds_the_file():
    rows = [HEADER, activity(), ["活动类别", "活动名称", "服务人数", "活动地点"], ["送温暖", "乙", "3", "白银市"]]
    submission = understand(make_sheet(rows))
    assert "file.table.second" in found(submission, "query")


def test_foot_is_left_out_with_everything_below_it():
    rows = [
        activity(),
        ["备注:1.本表由工会填写"],
        ["2.单位为元"],
        ["填报人:张三", "审核人:李四", "联系电话:13800000000"],
    ]
    submission = understand(make_sheet([HEADER, *rows]))
    assert submission.rows["row_class"].tolist() == ["activity", "note", "note", "note"]
    assert found(submission) == []
    assert submission.cover.contact_cells == (("活动明细", "A5"), ("活动明细", "B5"), ("活动明细", "C5"))


def test_activity_below_a_note_is_still_an_activity():
    assert classes([["备注:以下为补报"], activity()]) == ["note", "activity"]


def test_heading_within_the_table_is_left_out():
    assert classes([["一、送温暖活动"], activity()], merged=[(2, 1, 2, 5)]) == ["note", "activity"]


def test_blank_rows_and_rows_with_nothing_but_a_number_are_not_received():
    sheet = make_sheet([["序号", *HEADER], ["1", *activity()], [], ["2", " ", "\u3000"], ["3", *activity("乙")]])
    submission = understand(sheet)
    assert submission.rows["row"].tolist() == [2, 5]


def test_name_alone_is_an_activity_that_goes_back():
    submission = understand(make_sheet([HEADER, activity(), ["走访慰问困难职工"]]))
    assert submission.rows["row_class"].tolist() == ["activity", "activity"]
    assert one(submission, "row.required.empty").cell == "B3"


def test_merged_labels_are_filled_down_and_figures_never():
    header = ["活动名称", "活动类别", "活动时间", "统计口径", "物资名称", "发放物资", "服务人数"]
    rows = [header, ["慰问", "送温暖", "12月3日", "本次", "手套", "150双", "300"], ["", "", "", "", "帽子", "50顶", ""]]
    merged = [(2, column, 3, column) for column in (1, 2, 3, 4, 7)]
    submission = understand(make_sheet(rows, merged=merged))
    assert submission.rows["activity_name"].tolist() == ["慰问", "慰问"]
    assert submission.rows["end_on"].notna().all()
    assert submission.figures.query("measure_id == 'people_served'")["row_id"].tolist() == [0]
    assert one(submission, "row.figure.merged").cell == "G2"


def test_merged_label_does_not_make_blank_rows_received():
    submission = understand(make_sheet([HEADER, activity(), []], merged=[(2, 1, 3, 1)]))
    assert submission.rows["row"].tolist() == [2]


def test_same_as_above_copies_the_label_above_through_any_number_of_rows():
    submission = understand(make_sheet([HEADER, activity(), activity("同上", "〃"), activity("同 上", "〃")]))
    assert submission.rows["activity_name"].tolist() == ["走访慰问"] * 3
    assert submission.rows["category_id"].tolist() == ["condolence"] * 3


def test_same_as_above_in_the_first_row_is_empty():
    submission = understand(make_sheet([HEADER, activity("同上"), activity("同上")]))
    assert [f.cell for f in submission.findings if f.rule == "row.required.empty"] == ["A2", "A3"]


def test_hidden_and_struck_rows_are_held():
    sheet = make_sheet(
        [HEADER, activity(), activity("乙"), activity("丙")], hidden_rows=frozenset({2}), struck=frozenset({"A3", "E3"})
    )
    submission = understand(sheet)
    assert (one(submission, "row.hidden").row, one(submission, "row.struck").row) == (2, 3)


def test_ragged_records_are_held():
    sheet = make_sheet([HEADER, activity(), activity("乙")], name=None)
    assert one(understand(sheet, kind="csv", ragged_rows=frozenset({3})), "row.ragged").row == 3


def test_figure_in_a_comment_only_is_warned_of():
    sheet = make_sheet([HEADER, activity(people="")], comments={"E2": "共20人", "A2": "第2次"})
    assert one(understand(sheet), "row.figure.in_comment").cell == "E2"


def test_formula_without_a_value_holds_the_row():
    sheet = make_sheet([HEADER, activity(people=""), activity(category="")], uncomputed=frozenset({"E2", "B3"}))
    submission = understand(sheet)
    assert one(submission, "row.figure.uncomputed").cell == "E2"
    assert one(submission, "row.cell.uncomputed").cell == "B3"


def test_remark_that_begins_like_a_note_does_not_hide_an_activity():
    sheet = make_sheet(
        [[*HEADER, "备注"], [*activity(category="不知道"), "备注:见附件"], [*activity(name=""), "说明:无"]]
    )
    assert understand(sheet).rows["row_class"].tolist() == ["activity", "activity"]
