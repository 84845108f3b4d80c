import io

import openpyxl
import pytest
from tests.unit.intake.hand_made import ARRIVAL, HEADER, activity, found, make_id_number, one

from nuanliu.domain.submission import SubmissionType
from nuanliu.intake.reader import read_submission


def make_xlsx(rows, name="活动明细") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(data, key="intake/620400/周报.xlsx", sender="620400", week=None):
    return read_submission(data, object_key=key, sender_id=sender, path_week=week, received_at=ARRIVAL)


def test_workbook_is_read_from_bytes_to_figures_with_their_cells():
    submission = read(make_xlsx([["白银市总工会2024年第49周周报"], HEADER, activity("体检", "健康体检", people=1425)]))
    assert (str(submission.week), submission.is_week_certain) == ("2024-W49", True)
    assert submission.submission_type is SubmissionType.FIRST
    assert submission.figures[["measure_id", "value_cents", "sheet", "cell"]].to_numpy().tolist() == [
        ["people_served", 142500, "活动明细", "E3"]
    ]
    assert found(submission) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_says_the_same_as_the_workbook(encoding):
    rows = [HEADER, activity("体检", "健康体检"), activity("慰问")]
    text = "\r\n".join(",".join(row) for row in rows)
    from_csv = read(text.encode(encoding), key="intake/620400/周报.csv", week="2024-W49")
    from_xlsx = read(make_xlsx(rows), week="2024-W49")
    assert from_csv.content_hash == from_xlsx.content_hash
    assert from_csv.rows["row"].tolist() == [2, 3]
    assert from_csv.rows["sheet"].isna().all()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n0000", b"PK\x03\x04broken"])
def test_file_that_cannot_be_read_is_a_submission_with_the_reason(data):
    submission = read(data)
    assert not submission.is_readable
    assert submission.rows.empty
    assert [f.severity for f in submission.findings] == ["error"]


def test_week_in_the_file_name_is_used_and_a_conflict_with_the_folder_holds():
    data = make_xlsx([HEADER, activity()])
    key = "intake/620400/白银市2024年第49周.xlsx"
    assert str(read(data, key).week) == "2024-W49"
    assert found(read(data, key, week="2024-W48"), "query") == ["file.period.conflict"]


def test_no_period_anywhere_is_the_last_closed_week_with_a_warning():
    submission = read(make_xlsx([HEADER, activity()]))
    assert (str(submission.week), submission.is_week_certain) == ("2024-W49", True)
    assert found(submission) == ["file.period.absent"]


def test_persons_in_a_file_leave_nothing_but_the_finding():
    number = make_id_number()
    submission = read(make_xlsx([["姓名", "身份证号"], ["某某", number]]))
    assert submission.quarantine
    assert found(submission) == ["pii.person_level"]
    assert number not in repr(submission)


def test_province_reports_itself_under_its_own_name():
    rows = [["填报单位", "主办单位", *HEADER], ["甘肃省总工会", "省总工会", *activity()]]
    submission = read(make_xlsx(rows), sender="620000-own", week="2024-W49")
    assert submission.rows["reporting_union_id"].tolist() == ["620000-own"]
    assert submission.rows["organizer_union_id"].tolist() == ["620000-own"]
    assert found(submission) == []


def test_same_bytes_give_the_same_submission():
    data = make_xlsx([HEADER, activity(), activity("乙", people="30-50")])
    first, second = read(data), read(data)
    assert first.content_hash == second.content_hash
    assert first.findings == second.findings
    assert first.rows.equals(second.rows)


def test_findings_are_at_most_one_per_cell_and_rule():
    submission = read(make_xlsx([HEADER, activity(category="甲"), activity(category="甲")]))
    assert len([f for f in submission.findings if f.rule == "row.category.unknown"]) == 2
    assert len({(f.rule, f.sheet, f.cell) for f in submission.findings}) == len(submission.findings)


def test_total_that_cannot_be_read_is_no_finding_of_a_row():
    submission = read(make_xlsx([HEADER, activity(), ["合计", "", "", "", "约若干"]]), week="2024-W49")
    assert found(submission) == []
    assert one(read(make_xlsx([HEADER, activity(people="约若干")]), week="2024-W49"), "row.figure.vague").cell == "E2"


def test_day_typed_as_a_number_in_a_workbook_is_held():
    submission = read(make_xlsx([HEADER, activity(time=12.3)]), week="2024-W49")
    assert one(submission, "row.date.number").cell == "C2"


@pytest.mark.parametrize("run", ["*", ":", "单位:", "(", "甲 ", " ", " *", "1-", "“", "体检"])
def test_a_title_row_of_sixty_thousand_characters_hides_no_table(run: str) -> None:
    """Patterns that took the square of the length took minutes here."""
    title = f"单位{run * (60_000 // len(run))}x"
    data = f"{title}\n活动名称,活动类别,专项/品牌,开始日期,结束日期,服务人数(人)\n义诊,健康义诊,{title},2024-12-03,2024-12-04,30\n"
    submission = read(data.encode(), key="intake/620400/周报.csv")
    assert submission.rows["row"].tolist() == [3]
    assert submission.figures["value_cents"].tolist() == [3000]
