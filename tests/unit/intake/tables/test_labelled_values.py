import pytest
from tests.unit.intake.hand_made import HEADER, activity, found, make_sheet, one, understand

from nuanliu.domain.submission import SubmissionType
from nuanliu.intake.tables.labelled_values import read_labelled_values, read_submission_type, sheet_unit

COVER = [
    ["报送单位", "白银市总工会"],
    ["报告期", "2024-W49"],
    ["报送类型", "首报"],
    ["填报人", "张三"],
    ["联系电话", "13800000000"],
]


def cover(**changes):
    return make_sheet([[label, changes.get(label, value)] for label, value in COVER], "报送信息")


def data():
    return make_sheet([HEADER, activity()])


def stated(rows):
    sheet = make_sheet(rows)
    return {item.field: item.value for item in read_labelled_values(sheet.grid, sheet)}


def test_labels_stand_left_of_their_values():
    submission = understand(cover(), data(), path_week=None)
    assert str(submission.week) == "2024-W49"
    assert submission.cover.union_text == "白银市总工会"
    assert submission.cover.contact_cells == (("报送信息", "B4"), ("报送信息", "B5"))
    assert found(submission) == []


def test_labels_stand_above_their_values():
    assert stated([["报送单位", "报告期", "报送类型"], ["白银市总工会", "第49周", "更正"]]) == {
        "union": "白银市总工会",
        "period": "第49周",
        "submission_type": "更正",
    }


def test_labels_and_values_share_a_cell():
    text = "填报单位(盖章):白银市总工会  报告期:2024年第49周  填报人:张三"
    assert stated([[text]]) == {"union": "白银市总工会", "period": "2024年第49周", "contact_name": "张三"}


def test_empty_field_does_not_take_the_next_label_for_its_value():
    assert stated([["报送单位", ""], ["报告期", ""], ["报送类型", "首报"]]) == {"submission_type": "首报"}


def test_unit_line_is_no_union():
    assert stated([["单位:万元"], ["单位", "万元"]]) == {}


@pytest.mark.parametrize(
    ("row", "unit"),
    [
        (["单位:万元"], "万元"),
        (["", "", "金额单位：元"], "元"),
        (["甘肃省工会周报 (单位:万元)"], "万元"),
        (["单位:", "万元"], "万元"),
        (["填报单位:白银市总工会"], None),
        (["周报"], None),
    ],
)
def test_unit_line_is_read_wherever_it_stands_above_the_table(row, unit):
    assert sheet_unit(make_sheet([row]).grid) == unit


def test_unit_line_counts_for_money_and_nothing_else():
    sheet = make_sheet([["单位:万元"], [*HEADER, "投入资金"], [*activity(), "3.5"]])
    figures = understand(sheet).figures.set_index("measure_id")["value_cents"]
    assert figures.to_dict() == {"people_served": 2000, "funds_total": 3500000}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("首报", "首报"), ("补报", "补充"), ("更 正", "更正"), ("零报告(本周无活动)", "零报告"), ("改了一下", None)],
)
def test_submission_types_are_read_in_any_wording(text, kind):
    assert read_submission_type(text) == (SubmissionType(kind) if kind else None)


def test_type_that_nobody_knows_holds_the_file():
    assert found(understand(cover(报送类型="改了一下"), data()), "query") == ["file.type.unknown"]


def test_cover_of_another_union_holds_the_file_even_within_the_tree():
    assert found(understand(cover(报送单位="靖远县总工会"), data()), "query") == ["org.cover.foreign"]
    assert found(understand(cover(报送单位="天水市总工会"), data()), "query") == ["org.cover.foreign"]


def test_cover_with_an_unknown_name_holds_the_file():
    assert found(understand(cover(报送单位="白银工贸公司"), data()), "query") == ["org.cover.unknown"]


def test_cover_with_the_senders_bare_stem_is_warned_of():
    assert found(understand(cover(报送单位="白银"), data())) == ["org.union.short"]


def test_title_of_one_of_several_sheets_says_whose_rows_they_are():
    sheets = [
        make_sheet([[f"填报单位:{union}"], HEADER, activity()], name)
        for union, name in (("靖远县总工会", "靖远"), ("会宁县总工会", "会宁"))
    ]
    submission = understand(*sheets)
    assert submission.rows["reporting_union_id"].tolist() == ["620421", "620422"]
    assert submission.rows["organizer_union_id"].tolist() == ["620421", "620422"]
    assert found(submission) == []


def test_title_of_the_only_sheet_must_name_the_sender():
    submission = understand(make_sheet([["填报单位:靖远县总工会"], HEADER, activity()]))
    assert found(submission, "query") == ["org.cover.foreign"]


def test_title_gives_the_period():
    sheet = make_sheet(
        [["白银市总工会2024年第48周周报"], ["填报日期:2024年12月9日"], HEADER, activity(time="11月26日")]
    )
    assert str(understand(sheet, path_week=None).week) == "2024-W48"


def test_title_and_path_that_disagree_hold_the_file():
    submission = understand(make_sheet([["2024年第48周周报"], HEADER, activity()]), path_week="2024-W49")
    assert not submission.is_week_certain
    assert "file.period.conflict" in found(submission, "query")


def test_csv_columns_give_union_period_and_type():
    rows = [["填报单位", "报告期", "报送类型", *HEADER], ["靖远县总工会", "2024-W49", "补充", *activity()]]
    submission = understand(make_sheet(rows, name=None), kind="csv", path_week=None)
    assert submission.submission_type is SubmissionType.SUPPLEMENT
    assert str(submission.week) == "2024-W49"
    assert submission.rows["reporting_union_id"].tolist() == ["620421"]
    assert submission.layout[None]["people_served"] == "H"


def test_csv_rows_that_disagree_about_period_or_type_hold_the_file():
    rows = [["报告期", "报送类型", *HEADER], ["2024-W49", "首报", *activity()], ["2024-W48", "更正", *activity("乙")]]
    submission = understand(make_sheet(rows, name=None), kind="csv", path_week=None)
    assert {"file.period.conflict", "file.type.conflict"} <= set(found(submission, "query"))


def test_zero_report_on_the_cover_needs_no_rows():
    submission = understand(cover(报送类型="零报告"), make_sheet([HEADER]))
    assert submission.submission_type is SubmissionType.ZERO
    assert found(submission) == []


@pytest.mark.parametrize("row", [["本周无活动"], ["", "零报告"], ["无", "无", "", "", "/"]])
def test_single_row_that_says_so_is_a_zero_report(row):
    submission = understand(make_sheet([HEADER, row]))
    assert submission.submission_type is SubmissionType.ZERO
    assert found(submission) == []
    assert submission.rows["row_class"].tolist() == ["note"]


def test_zero_report_without_any_table():
    submission = understand(make_sheet([["白银市总工会2024年第49周"], ["本周无活动"]]))
    assert submission.submission_type is SubmissionType.ZERO
    assert submission.is_readable
    assert found(submission) == []


@pytest.mark.parametrize(
    "lines",
    [
        [["白银市总工会2024年第48周"], ["本周无活动"]],
        [["填报单位", "报告期", "报送类型"], ["白银市总工会", "2024-W48", "零报告"]],
        [["报告期:2024-W48"], ["零报告"], ["填报人", "0943-8221234"], ["2024-12-09"]],
    ],
    ids=["title", "labels above", "labels beside, telephone and day of signing below"],
)
def test_zero_report_without_any_table_says_its_week(lines):
    submission = understand(make_sheet(lines), path_week=None)
    assert (str(submission.week), submission.is_week_certain) == ("2024-W48", True)
    assert submission.submission_type is SubmissionType.ZERO
    assert found(submission) == []


def test_zero_report_without_any_table_that_disagrees_with_its_path_is_held():
    submission = understand(make_sheet([["白银市总工会2024年第48周"], ["本周无活动"]]), path_week="2024-W49")
    assert "file.period.conflict" in found(submission, "query")


def test_csv_row_that_names_union_period_and_zero_report_alone_is_no_activity():
    header = ["填报单位", "报告期", "报送类型", *HEADER]
    zero = understand(make_sheet([header, ["白银市总工会", "2024-W49", "零报告"]]), kind="csv")
    assert (zero.submission_type, found(zero)) == (SubmissionType.ZERO, [])
    assert zero.rows["row_class"].tolist() == ["note"]
    busy = understand(make_sheet([header, ["白银市总工会", "2024-W49", "零报告", *activity()]]), kind="csv")
    assert one(busy, "file.zero.with_rows").severity == "query"


def test_zero_report_with_rows_is_held():
    submission = understand(cover(报送类型="零报告"), data())
    assert one(submission, "file.zero.with_rows").severity == "query"


def test_no_row_and_no_zero_report_is_held():
    assert found(understand(make_sheet([HEADER])), "query") == ["file.rows.none"]


def test_contacts_appear_in_no_finding():
    submission = understand(
        cover(报告期="写错了"),
        make_sheet([HEADER, activity(category="未知"), ["填报人:张三", "", "", "联系电话:13800000000"]]),
    )
    said = " ".join(f"{f.message} {f.value} {f.fix}" for f in submission.findings)
    assert "张三" not in said
    assert "13800000000" not in said
