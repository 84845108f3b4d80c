import pytest
from tests.unit.intake.hand_made import (
    HEADER,
    activity,
    found,
    make_card_number,
    make_id_number,
    make_sheet,
    one,
    understand,
)

from nuanliu.intake.privacy.personal_data import find_personal_numbers, is_id_number, mask_text

ID = make_id_number()
OTHER_ID = make_id_number("62010219851231456")
CARD = make_card_number()
MOBILE = "138" + "0000" + "1234"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    "written",
    [
        ID,
        f"身份证{ID}。",
        f"ID{ID}",
        f"{ID[:6]} {ID[6:14]} {ID[14:]}",
        f"{ID[:6]}-{ID[6:10]}-{ID[10:14]}-{ID[14:]}",
        ID.translate(WIDE),
    ],
)
def test_identity_numbers_are_masked_however_they_are_written(written):
    assert f"{ID[:6]}********{ID[-4:]}" in mask_text(written)
    assert ID[6:14] not in mask_text(written)


def test_check_character_x_counts_in_both_cases():
    body = next(b for b in (f"6201021980010{i:04d}" for i in range(1000, 1200)) if make_id_number(b).endswith("X"))
    number = make_id_number(body)
    assert is_id_number(number)
    assert mask_text(number.lower()) == f"{number[:6]}********{number[-4:]}"


def test_old_identity_number_of_15_digits_is_masked():
    assert mask_text("号码620102" + "800101" + "123") == "号码620102******123"


def test_identity_number_that_a_spreadsheet_rounded_is_masked():
    assert find_personal_numbers(ID[:15] + "000")
    assert find_personal_numbers(f"{ID[0]}.{ID[1:15]}E+17")


@pytest.mark.parametrize(
    "written",
    [
        MOBILE,
        "138-0000-1234",
        "138 0000 1234",
        f"+86 {MOBILE}",
        f"86{MOBILE}",
        f"电话{MOBILE}转",
        MOBILE.translate(WIDE),
        "１３８－００００－１２３４",
        "138–0000—1234",
        "138  0000  1234",
        "138_0000_1234",
        "138\u200b0000\u202f1234",
    ],
)
def test_mobile_numbers_are_masked_however_they_are_written(written):
    assert "138****1234" in mask_text(written)


@pytest.mark.parametrize("written", [CARD, " ".join(CARD[at : at + 4] for at in range(0, len(CARD), 4))])
def test_bank_cards_keep_their_last_four_digits(written):
    assert mask_text(written) == "*" * (len(CARD) - 4) + CARD[-4:]


@pytest.mark.parametrize(
    "text",
    [
        "2024-12-03 2024-12-08",
        "0931-8888888",
        "20241202-20241208",
        ID[:-1] + ("0" if ID[-1] != "0" else "1"),
        "12345678901",
        "99999999999999999999",
        "6222000000000000000" if make_card_number("622200000000000000")[-1] != "0" else "6222000000000000001",
        "91620000MA71234567",
        "1380000.12345",
        "3.13800001234",
        "1425",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert mask_text(text) == text


def test_masking_twice_changes_nothing_more():
    once = mask_text(f"{ID},{MOBILE},{CARD}")
    assert mask_text(once) == once


def test_two_numbers_side_by_side_are_both_masked():
    assert mask_text(f"{MOBILE} 139{MOBILE[3:]}") == "138****1234 139****1234"


def test_stray_number_is_masked_in_everything_derived_and_warned_of():
    sheet = make_sheet([[*HEADER, "备注", "天气"], [*activity(f"慰问{MOBILE}"), f"联系{ID}", f"卡{CARD}"]])
    submission = understand(sheet)
    assert [(f.cell, f.row_id, f.column, f.severity) for f in submission.findings if f.rule == "pii.number.masked"] == [
        ("A2", 0, "活动名称", "warning"),
        ("F2", 0, "备注", "warning"),
        ("G2", 0, None, "warning"),
    ]
    derived = (
        submission.rows.to_csv() + submission.figures.to_csv() + repr(submission.findings) + repr(submission.cover)
    )
    for number in (ID, MOBILE, CARD):
        assert number not in derived
    assert submission.rows["activity_name"].tolist() == ["慰问138****1234"]
    assert not submission.quarantine


def test_number_in_a_cell_that_has_its_own_finding_is_masked_there_too():
    submission = understand(
        make_sheet([[*HEADER, "主办单位"], [*activity(category=f"电话{MOBILE}", people=MOBILE), f"工会{ID}"]])
    )
    assert {"row.category.unknown", "org.union.unknown"} <= set(found(submission, "query"))
    assert MOBILE not in repr(submission.findings)
    assert ID not in repr(submission.findings)
    assert submission.figures.empty


def test_number_in_a_header_or_a_title_is_masked():
    submission = understand(make_sheet([[f"周报 {MOBILE}"], [*HEADER, f"列{MOBILE}"], [*activity(), "x"]]))
    assert MOBILE not in repr(submission.findings) + submission.rows.to_csv()
    assert [f.cell for f in submission.findings if f.rule == "pii.number.masked"] == ["A1", "F2"]


def is_sent_to_quarantine(submission):
    assert found(submission) == ["pii.person_level"]
    assert submission.rows.empty
    assert submission.figures.empty
    assert one(submission, "pii.person_level").is_file_level
    return submission.quarantine


@pytest.mark.parametrize(
    "header", ["姓名", "身份证号码(18位)", "身份证号", "家庭住址", "银行账号", "职工 姓名", "户主姓名"]
)
def test_filled_personal_column_sends_the_file_to_quarantine(header):
    assert is_sent_to_quarantine(understand(make_sheet([[*HEADER, header], [*activity(), "某某"]])))


def test_list_of_persons_in_a_hidden_sheet_sends_the_file_to_quarantine():
    hidden = make_sheet([["困难职工名单"], ["姓名", "电话"], ["某某", MOBILE]], "名单", is_visible=False)
    assert is_sent_to_quarantine(understand(make_sheet([HEADER, activity()]), hidden))


def test_identity_numbers_in_two_rows_of_a_column_send_the_file_to_quarantine():
    sheet = make_sheet([[*HEADER, "备注"], [*activity(), f"张某{ID}"], [*activity("乙"), f"李某{OTHER_ID}"]])
    submission = understand(sheet)
    assert is_sent_to_quarantine(submission)
    assert ID not in repr(submission.findings)


def test_telephone_column_with_numbers_sends_the_file_to_quarantine():
    rows = [[*HEADER, "手机号"], [*activity(), MOBILE], [*activity("乙"), f"139{MOBILE[3:]}"]]
    assert is_sent_to_quarantine(understand(make_sheet(rows)))


def test_empty_personal_column_is_no_finding():
    assert found(understand(make_sheet([[*HEADER, "姓名"], [*activity(), ""]]))) == []


def test_text_that_only_speaks_of_names_is_no_finding():
    notes = make_sheet([["填报说明"], ["请勿填写姓名、身份证号等个人信息"], ["一、……"]], "填报说明")
    assert found(understand(make_sheet([HEADER, activity()]), notes)) == []


def test_contacts_on_the_cover_and_in_the_foot_are_no_finding():
    cover = make_sheet([["报送单位", "白银市总工会"], ["填报人", "某某"], ["联系电话", MOBILE]], "报送信息")
    sheet = make_sheet([HEADER, activity(), [f"填报人:某某  联系电话:{MOBILE}"]])
    submission = understand(cover, sheet)
    assert found(submission) == []
    assert set(submission.cover.contact_cells) == {("报送信息", "B2"), ("报送信息", "B3"), ("活动明细", "A3")}


def test_foot_with_labels_above_the_contacts_is_no_finding():
    rows = [HEADER, activity(), ["填报人", "审核人", "联系电话"], ["某某", "某人", MOBILE]]
    submission = understand(make_sheet(rows))
    assert submission.rows["row_class"].tolist() == ["activity", "note", "note"]
    assert found(submission) == []
    assert ("活动明细", "C4") in submission.cover.contact_cells


def test_identity_number_of_a_contact_is_still_masked():
    submission = understand(make_sheet([HEADER, activity(), [f"填报人:某某 {ID}"]]))
    assert found(submission) == ["pii.number.masked"]


def test_comments_file_names_sheet_names_and_properties_are_scanned():
    sheet = make_sheet([HEADER, activity()], f"表{MOBILE}", comments={"A2": f"问{MOBILE}"})
    submission = understand(sheet, file_name=f"周报{ID}.xlsx", properties={"creator": MOBILE})
    assert set(found(submission)) == {"pii.comment.masked", "pii.file_name.masked", "pii.properties.masked"}
    assert MOBILE not in repr(submission.findings)


def test_file_without_personal_data_keeps_every_text():
    submission = understand(make_sheet([[*HEADER, "备注"], [*activity(), "第1380000号文"]]))
    assert submission.rows["remarks"].tolist() == ["第1380000号文"]
    assert found(submission) == []


def test_number_in_the_name_of_a_sheet_is_masked_in_rows_figures_and_findings():
    sheet = make_sheet([HEADER, activity(people="很多"), activity("另一活动")], name=f"明细{ID}")
    submission = understand(sheet)
    masked = f"明细{mask_text(ID)}"
    assert set(submission.rows["sheet"]) == set(submission.figures["sheet"]) == set(submission.layout) == {masked}
    assert ID not in repr(submission.findings)


def said_places(*sheets):
    submission = understand(make_sheet([HEADER, activity()]), *sheets)
    assert is_sent_to_quarantine(submission)
    return one(submission, "pii.person_level").message.partition("填写了")[0].strip()


def test_every_column_of_a_list_of_persons_is_named_with_its_header_and_place():
    roster = make_sheet(
        [
            ["困难职工名单"],
            ["序号", "职工姓名", "性别", "身份证号", "手机2", "工资卡", "家庭住址", "备注"],
            ["1", "王某甲", "男", ID, MOBILE, CARD, "某村", ""],
            ["2", "李某乙", "女", OTHER_ID, f"139{MOBILE[3:]}", make_card_number("622200000000000112"), "", "低保"],
        ],
        "名单",
    )
    assert said_places(roster) == "“名单”表的 B列“职工姓名”、D列“身份证号”、E列“手机2”、F列“工资卡”、G列“家庭住址”"


def test_columns_of_a_list_without_a_header_are_named_by_what_stands_in_them():
    rows = [[f"{at + 1}", NAMES[at], number, "白银区"] for at, number in enumerate(mobiles(10))]
    assert said_places(make_sheet(rows, "Sheet2")) == "“Sheet2”表的 B列(像姓名)、C列(手机号)"


def test_places_are_no_names_under_the_header_of_places():
    rows = [
        ["活动地点", "联系"],
        *[[place, number] for place, number in zip(("白银区", "金川区"), mobiles(2), strict=True)],
    ]
    assert said_places(make_sheet(rows, "Sheet2")) == "“Sheet2”表的 B列(手机号)"


def test_lists_in_several_sheets_and_forms_are_each_named_with_their_sheet():
    form = make_sheet([["姓名", "王某"], ["身份证号", ID], ["家庭住址", "某村三社"]], "登记表")
    roster = make_sheet([["姓名", "电话"], ["李某", MOBILE]], "名单", is_visible=False)
    assert said_places(form, roster) == (
        "“登记表”表的 A1“姓名”、A2“身份证号”、A3“家庭住址” ;“名单”表的 A列“姓名”、B列“电话”"
    )


def test_a_list_on_its_side_is_named_with_the_row_of_its_names():
    assert said_places(make_sheet([NAMES[:4], mobiles(4)], "Sheet2")) == "“Sheet2”表的 第1行(像姓名)、第2行(号码)"


def test_a_name_above_a_number_is_not_said_in_the_place_of_a_header():
    rows = [["王某甲"], *[[number] for number in mobiles(3)]]
    assert said_places(make_sheet(rows, "Sheet2")) == "“Sheet2”表的 A列(手机号)"


def test_a_file_full_of_lists_says_how_many_places_there_are():
    sheets = [make_sheet([["姓名", "身份证号"], ["某某", ID]], f"名单{at}") for at in range(15)]
    places = said_places(*sheets)
    assert places.endswith("“名单9”表的 A列“姓名”、B列“身份证号” 等 30 处")


NAMES = ["王某", "李某", "张某", "赵某", "马某", "杨某", "陈某", "刘某", "周某", "吴某"]
ACTIVITIES = make_sheet([HEADER, activity()])


def mobiles(count: int, first: int = int(MOBILE)) -> list[str]:
    return [str(first + 7_654_321 * step % 100_000_000) for step in range(count)]


def test_list_of_names_and_mobiles_without_a_header_is_rejected():
    rows = [[f"{NAMES[at % 10]}{'甲乙丙丁'[at % 4]}", number] for at, number in enumerate(mobiles(30))]
    submission = understand(ACTIVITIES, make_sheet(rows, "Sheet2"))
    assert is_sent_to_quarantine(submission)
    assert not any(number in repr(submission) for _, number in rows)


@pytest.mark.parametrize(
    "written",
    [
        "{0}",
        "+86 {0}",
        "86{0}",
        "{1} {2} {3}",
        "{1}-{2}-{3}",
        "手机{0}",
        "王某 {0}",
    ],
)
def test_mobiles_in_two_rows_of_a_column_are_a_list_however_they_are_written(written):
    rows = [[written.format(number, number[:3], number[3:7], number[7:])] for number in mobiles(2)]
    assert is_sent_to_quarantine(understand(ACTIVITIES, make_sheet(rows, "Sheet2")))
    assert is_sent_to_quarantine(understand(make_sheet([[*HEADER, "备注"], *[[*activity(str(r)), *r] for r in rows]])))


def test_list_in_a_csv_file_is_rejected():
    rows = [[NAMES[at], number] for at, number in enumerate(mobiles(10))]
    assert is_sent_to_quarantine(understand(make_sheet(rows, None), file_name="名单.csv", kind="csv"))


def test_list_in_a_long_shape_is_rejected():
    rows = [
        line for name, number in zip(NAMES, mobiles(10), strict=True) for line in (["姓名", name], ["手机", number])
    ]
    assert is_sent_to_quarantine(understand(ACTIVITIES, make_sheet(rows, "Sheet2")))
    unlabelled = [line for name, number in zip(NAMES, mobiles(10), strict=True) for line in ([name], [number])]
    assert is_sent_to_quarantine(understand(ACTIVITIES, make_sheet(unlabelled, "Sheet2")))


def test_list_that_lies_on_its_side_is_rejected():
    assert is_sent_to_quarantine(understand(ACTIVITIES, make_sheet([NAMES[:4], mobiles(4)], "Sheet2")))


def test_bank_cards_in_two_rows_of_a_column_are_a_list():
    rows = [[make_card_number(f"62220000000000{at:04d}")] for at in range(10, 15)]
    assert is_sent_to_quarantine(understand(ACTIVITIES, make_sheet(rows, "Sheet2")))


def test_long_numbers_of_which_some_pass_the_check_of_cards_are_no_list():
    rows = [[f"6222000000000{at:04d}0"] for at in range(60)]
    assert 2 <= sum(bool(find_personal_numbers(row[0])) for row in rows) <= 12
    submission = understand(ACTIVITIES, make_sheet(rows, "Sheet2"))
    assert not submission.quarantine
    assert set(found(submission)) == {"pii.number.masked"}


def test_identity_numbers_of_15_digits_in_two_rows_are_a_list():
    rows = [["620102" + day + "123"] for day in ("800101", "790203")]
    assert is_sent_to_quarantine(understand(ACTIVITIES, make_sheet(rows, "Sheet2")))


def test_one_number_in_free_text_is_no_list():
    rows = [[*HEADER, "备注"], [*activity(), f"联系王某{MOBILE}"], [*activity("乙"), "顺利"]]
    submission = understand(make_sheet(rows))
    assert (found(submission), submission.quarantine) == (["pii.number.masked"], False)


def test_figures_that_look_like_mobiles_hold_their_rows_with_a_true_reason():
    header = ["活动名称", "活动类别", "活动时间", "统计口径", "投入资金(元)"]
    rows = [[f"活动{at}", "送温暖", "12月3日", "本次", number] for at, number in enumerate(mobiles(5))]
    submission = understand(make_sheet([header, *rows]))
    assert not submission.quarantine
    assert found(submission, "query") == ["row.figure.personal"] * 5
    assert submission.figures.empty
    mended = [[*row[:4], f"{int(row[4]):,}"] for row in rows]
    assert not found(understand(make_sheet([header, *mended])), "query")


def test_numbers_with_units_are_no_list():
    rows = [["项目", "金额"], *[["甲", f"{number}元"] for number in mobiles(5)]]
    submission = understand(ACTIVITIES, make_sheet(rows, "Sheet2"))
    assert set(found(submission)) == {"pii.number.masked"}


def test_long_numbers_of_which_few_begin_as_mobiles_do_are_no_list():
    rows = [[str(10_000_000_019 + 1_234_567_891 * at)] for at in range(60)]
    assert 2 <= sum(bool(find_personal_numbers(row[0])) for row in rows) < 25
    assert not understand(ACTIVITIES, make_sheet(rows, "Sheet2")).quarantine


@pytest.mark.parametrize(
    "rows",
    [
        [[str(int(MOBILE) + at)] for at in range(30)],
        [["设备编号"], *[[number] for number in mobiles(10)]],
    ],
)
def test_numbers_that_may_be_mobiles_and_may_be_codes_hold_the_file(rows):
    submission = understand(ACTIVITIES, make_sheet(rows, "Sheet2"))
    assert not submission.quarantine
    assert set(found(submission)) == {"pii.number.doubtful"}
    assert all(finding.is_file_level for finding in submission.findings)
    mended = [[f"{row[0][:3]}-{row[0][3:6]}-{row[0][6:]}" if row[0].isdigit() else row[0]] for row in rows]
    assert found(understand(ACTIVITIES, make_sheet(mended, "Sheet2"))) == []


def test_contacts_of_the_report_in_two_rows_are_no_list():
    lines = [[f"联系人:王某 {MOBILE}"], HEADER, activity(), [f"经办人:李某 139{MOBILE[3:]}"]]
    submission = understand(make_sheet(lines))
    assert not submission.quarantine
    assert MOBILE not in repr(submission.findings)


FORM = ["姓名", "身份证号", "家庭住址", "工作单位"]


@pytest.mark.parametrize(
    "rows",
    [
        [["困难职工登记表"], *[[label] for label in FORM]],
        [["登记表"], *[[label, ""] for label in FORM], ["帮扶意见", "(盖章)  年 月 日"]],
        [["登记表"], FORM],
        [["登记表"], FORM, ["1", "2", "3", "4"]],
        [["登记表"], FORM, ["(1)", "(2)", "(3)", "(4)"], ["", "", "", ""]],
        [["登记表"], FORM, ["甲", "乙", "丙", "丁"]],
        [["登记表"], FORM, ["无", "-", "", ""]],
        [["登记表"], ["序号", *FORM], ["1"], ["2"], ["3"], ["填表说明:请如实填写"], ["填报人:", "", "联系电话:"]],
        [["登记表"], ["姓名", "", "性别", "", "民族", ""], ["身份证号", "", "", "联系电话"], ["家庭住址"], ["致困主要原因"]],
        [["登记表"], ["家庭成员", "姓名", "与本人关系", "身份证号"], [], [], ["单位意见", "(盖章)", "年 月 日"]],
        [["姓名:"], ["身份证号:"], ["住址:"], ["未知的一项"]],
        [["登记表"], FORM, ["", "", "", ""], ["登记表"], FORM, ["1", "2", "3", "4"]],
        [["登记表"], *[[label] for label in FORM], ["登记表"], *[[label] for label in FORM]],
    ],
)  # fmt: skip
def test_blank_form_is_no_personal_data(rows):
    submission = understand(ACTIVITIES, make_sheet(rows, "登记表"))
    assert (found(submission), submission.quarantine) == ([], False)


@pytest.mark.parametrize(
    "rows",
    [
        [["登记表"], ["姓名", "王某"], ["身份证号", ""], ["家庭住址", ""], ["工作单位", ""]],
        [["登记表"], ["姓名", ""], ["身份证号", "620102198001011"], ["家庭住址", ""], ["工作单位", ""]],
        [["登记表"], ["姓名", "卓玛"], ["身份证号", ""], ["家庭住址", "某县某镇某村"], ["工作单位", ""]],
        [["登记表"], FORM, ["1", "2", "3", "4"], ["某某", "", "", ""]],
        [["登记表"], FORM, ["", "", "某县某镇某村", ""]],
        [["登记表"], ["姓名", "王某", "性别", "男"], ["身份证号", "", "", "联系电话"], ["家庭住址"]],
        [["姓名", "王某", "李某"], ["住址", "某村", "某镇"]],
        [["姓名"], ["某某"], ["身份证号"], ["无"]],
        [["户主信息"], ["姓名"], ["身份证号"], ["王某"], ["李某"]],
    ],
)
def test_filled_form_is_personal_data(rows):
    assert is_sent_to_quarantine(understand(ACTIVITIES, make_sheet(rows, "登记表")))


def test_eleven_digits_by_themselves_are_read_as_those_in_a_text():
    for three in range(1000):
        number = f"{three:03}00001234"
        (beside,) = find_personal_numbers(f"电话{number}") or (None,)
        assert find_personal_numbers(number) == (
            () if beside is None else (beside._replace(start=0, end=len(number)),)
        ), number
