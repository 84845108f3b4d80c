from tests.unit.intake.hand_made import found, make_sheet, one, understand

LONG = ["填报单位", "活动名称", "活动类别", "活动时间", "统计口径", "指标", "数值", "单位"]


def row(measure, value, unit="", name="义诊"):
    return ["白银市总工会", name, "健康义诊", "12月3日", "本次", measure, value, unit]


def read(*rows):
    return understand(make_sheet([LONG, *rows]))


def test_rows_of_one_activity_share_its_id_and_keys():
    submission = read(row("服务人数", "700余", "人"), row("投入资金", "10", "万元"), row("服务人数", "30", "人", "乙"))
    assert submission.rows["activity_id"].tolist() == [0, 0, 2]
    assert submission.rows["activity_key"].nunique() == 2
    assert submission.rows["content_hash"].nunique() == 2
    figures = submission.figures.sort_values("row_id")
    assert figures[["activity_id", "measure_id", "value_cents", "exactness", "cell"]].to_numpy().tolist() == [
        [0, "people_served", 70000, 1, "G2"],
        [0, "funds_total", 10000000, 0, "G3"],
        [2, "people_served", 3000, 0, "G4"],
    ]
    assert found(submission) == []


def test_danwei_is_the_unit_of_the_value_and_not_a_union():
    submission = read(row("投入资金", "3", "元"))
    assert submission.rows["reporting_union_id"].tolist() == ["620400"]
    assert submission.figures["value_cents"].tolist() == [300]


def test_unit_in_the_brackets_of_the_measure_counts_where_danwei_is_empty():
    assert read(row("投入资金(万元)", "3")).figures["value_cents"].tolist() == [3000000]


def test_unknown_measure_holds_its_row_and_proposes_names():
    finding = one(read(row("服务人口", "3", "人")), "row.measure.unknown")
    assert finding.cell == "F2"
    assert "服务人数" in finding.message
    assert "、走访户数、" in (finding.expected or "")


def test_value_without_a_measure_goes_back():
    assert one(read(row("", "3", "人")), "row.measure.empty").severity == "error"


def test_measure_that_an_activity_already_has_begins_another():
    submission = read(row("服务人数", "3", "人"), row("服务人数", "4", "人"))
    assert submission.rows["activity_id"].tolist() == [0, 1]
    assert submission.rows["activity_key"].nunique() == 1


def test_total_rows_are_left_out_of_the_activities():
    submission = read(row("服务人数", "3", "人"), ["", "合计", "", "", "", "服务人数", "3", "人"])
    assert submission.rows["row_class"].tolist() == ["activity", "total"]
    assert submission.figures["activity_id"].tolist() == [0, 1]


def test_unreadable_value_is_a_query_on_its_cell():
    finding = one(read(row("服务人数", "30-50", "人")), "row.figure.range")
    assert (finding.cell, finding.column, finding.value) == ("G2", "数值", "30-50")


def test_layout_gives_the_value_column_for_every_measure():
    submission = read(row("服务人数", "3", "人"))
    assert submission.cell("活动明细", 2, "people_served") == "G2"


def test_same_content_in_long_and_wide_shape_has_the_same_hash():
    wide = understand(
        make_sheet(
            [
                [*LONG[:5], "服务人数(人)", "投入资金(元)"],
                ["白银市总工会", "义诊", "健康义诊", "2024-12-03", "本次", "700余", "100000"],
            ]
        )
    )
    long = read(row("服务人数", "700余", "人"), row("投入资金", "10", "万元"))
    assert wide.content_hash == long.content_hash


def test_column_whose_values_are_units_is_the_unit_and_the_table_is_long():
    header = ["活动名称", "活动类别", "指标名称", "单位", "数量"]
    rows = [["义诊", "健康义诊", "服务人数", "人", "700余"], ["义诊", "健康义诊", "投入资金", "万元", "10"]]
    submission = understand(make_sheet([header, *rows]))
    assert not found(submission, "error")
    assert not found(submission, "query")
    assert submission.figures["value_cents"].tolist() == [70000, 10000000]
    assert submission.rows["activity_id"].tolist() == [0, 0]
    assert set(submission.rows["reporting_union_id"]) == {"620400"}


def test_long_table_without_activities_is_told_which_columns_it_lacks_and_nothing_of_unions():
    rows = [["序号", "指标名称", "单位", "数量"], ["1", "服务人数", "人", "30"], ["2", "场次", "场", "2"]]
    submission = understand(make_sheet(rows))
    assert found(submission, "error") == ["file.column.missing"]
    assert not [rule for rule in found(submission) if rule.startswith("org.")]


def test_column_of_unions_stays_the_union_in_the_long_shape():
    header = ["单位", "活动名称", "活动类别", "指标", "数值"]
    submission = understand(
        make_sheet(
            [
                header,
                ["靖远县总工会", "义诊", "健康义诊", "服务人数", "3"],
                ["会宁县总工会", "义诊", "健康义诊", "服务人数", "4"],
            ]
        )
    )
    assert submission.rows["reporting_union_id"].tolist() == ["620421", "620422"]


def test_union_and_unit_may_both_be_called_danwei():
    header = ["单位", "活动名称", "活动类别", "指标", "单位", "数量"]
    submission = understand(make_sheet([header, ["靖远县总工会", "义诊", "健康义诊", "投入资金", "万元", "3"]]))
    assert submission.rows["reporting_union_id"].tolist() == ["620421"]
    assert submission.figures["value_cents"].tolist() == [3000000]
    assert "file.column.repeated" not in found(submission)


def test_unit_in_the_header_of_the_value_counts_where_nothing_else_says_one():
    header = ["活动名称", "活动类别", "指标", "数值(万元)"]
    submission = understand(make_sheet([header, ["义诊", "健康义诊", "投入资金", "3"]]))
    assert submission.figures["value_cents"].tolist() == [3000000]


def test_units_beside_a_figure_of_a_wide_table_belong_to_it():
    header = ["活动名称", "活动类别", "服务人数", "投入资金", "单位"]
    submission = understand(make_sheet([header, ["义诊", "健康义诊", "20", "35.9", "万元"]]))
    assert submission.figures["value_cents"].tolist() == [2000, 35900000]
    assert not [rule for rule in found(submission) if rule.startswith("org.")]


def test_units_that_fit_no_figure_of_a_wide_table_are_a_column_that_nobody_knows():
    header = ["单位", "活动名称", "活动类别", "服务人数"]
    submission = understand(make_sheet([header, ["双", "义诊", "健康义诊", "20"]]))
    assert "file.column.unknown" in found(submission)
    assert not [rule for rule in found(submission) if rule.startswith("org.")]


def test_column_of_unions_stays_the_union_in_a_wide_table():
    header = ["单位", "活动名称", "活动类别", "服务人数"]
    submission = understand(make_sheet([header, ["靖远县总工会", "义诊", "健康义诊", "20"]]))
    assert submission.rows["reporting_union_id"].tolist() == ["620421"]
    empty = understand(make_sheet([header, ["", "义诊", "健康义诊", "20"]]))
    assert empty.rows["reporting_union_id"].tolist() == ["620400"]
