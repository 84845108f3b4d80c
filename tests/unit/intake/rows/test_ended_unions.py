"""Who may write for whom, and who reports now: by the tree of the week in which a row counts (issue 9)."""

from datetime import datetime

import pytest
from tests.reference_lists import use_history
from tests.unit.intake.hand_made import found, make_sheet, one

from nuanliu.intake.formats.workbook import Workbook
from nuanliu.intake.reader import understand_workbook

BAIYIN, BAIYIN_DISTRICT, JINCHANG, PINGCHUAN = "620400", "620402", "620300", "620403"
HEADER = ["填报单位", "主办单位", "活动名称", "活动类别", "开始日期", "结束日期", "统计口径", "服务人数(人)"]


@pytest.fixture
def history(monkeypatch, request, tmp_path):
    return lambda *lines: use_history(monkeypatch, request, tmp_path, *lines)


def row(reporting="", organizer="", end="2024-12-03"):
    return [reporting, organizer, "走访慰问", "送温暖", end, end, "本次", "20"]


def understand(*rows, sender=BAIYIN, week="2024-W49", arrival="2024-12-09T09:00+08:00"):
    return understand_workbook(
        Workbook("xlsx", (make_sheet([HEADER, *rows]),)),
        file_name="周报.xlsx",
        sender_id=sender,
        path_week=week,
        received_at=datetime.fromisoformat(arrival),
    )


MOVED = f"{BAIYIN_DISTRICT},,,{JINCHANG},,,,2024-12-02,"
"""白银区 stood below 金昌 until W48."""
MERGED = f"{PINGCHUAN},,,,,,,2024-12-02,{BAIYIN_DISTRICT}"
"""平川区 became part of 白银区 with W49."""


@pytest.mark.parametrize(
    ("sender", "week", "end", "is_foreign"),
    [
        (JINCHANG, "2024-W48", "2024-11-27", False),
        (BAIYIN, "2024-W48", "2024-11-27", True),
        (BAIYIN, "2024-W49", "2024-12-03", False),
        (JINCHANG, "2024-W49", "2024-12-03", True),
        (JINCHANG, "2024-W49", "2024-11-27", False),
        (BAIYIN, "2024-W49", "2024-11-27", True),
    ],
)
@pytest.mark.parametrize(("column", "rule"), [(0, "org.reporting.foreign"), (1, "org.organizer.foreign")])
def test_a_prefecture_writes_for_a_county_in_the_weeks_it_belonged_to_it(
    history, sender, week, end, is_foreign, column, rule
):
    history(MOVED)
    names = ["", ""]
    names[column] = "白银区总工会"
    assert (rule in found(understand(row(*names, end=end), sender=sender, week=week))) == is_foreign


def test_rows_of_one_file_are_judged_each_by_its_own_week(history):
    history(MOVED)
    submission = understand(
        row(organizer="白银区总工会", end="2024-11-27"), row(organizer="白银区总工会"), sender=JINCHANG
    )
    (finding,) = [f for f in submission.findings if f.rule == "org.organizer.foreign"]
    assert finding.row == 3


def test_a_prefecture_that_once_had_the_county_may_stand_before_its_name(history):
    history(MOVED)
    submission = understand(row(organizer="金昌白银区总工会", end="2024-11-27"), sender=JINCHANG, week="2024-W48")
    assert submission.rows["organizer_union_id"].tolist() == [BAIYIN_DISTRICT]


def test_a_file_of_an_ended_union_goes_back_and_names_who_reports_now(history):
    history(MERGED)
    finding = one(understand(row(), sender=PINGCHUAN), "org.sender.ended")
    assert finding.severity == "error"
    assert "并入“白银市白银区总工会”" in finding.message or "白银区总工会" in finding.message
    assert f"intake/{BAIYIN_DISTRICT}/" in finding.fix
    assert "2024-12-02" in finding.fix


def test_a_week_before_its_end_is_taken_as_ever(history):
    history(MERGED)
    submission = understand(row(end="2024-11-27"), sender=PINGCHUAN, week="2024-W48")
    assert not found(submission, "error")
    assert not found(submission, "query")


def test_a_union_that_ended_without_an_heir_is_told_so(history):
    history(f"{PINGCHUAN},,,,,,,2024-12-02,-")
    finding = one(understand(row(), sender=PINGCHUAN), "org.sender.ended")
    assert "撤销" in finding.message
    assert "省总数据组" in finding.fix


def test_the_heir_of_an_heir_reports(history):
    history(
        f"{PINGCHUAN},,,,,,,2024-06-03,{BAIYIN_DISTRICT}",
        f"{BAIYIN_DISTRICT},,,,,,,2024-12-02,620421",
    )
    assert "intake/620421/" in one(understand(row(), sender=PINGCHUAN), "org.sender.ended").fix


@pytest.mark.parametrize("column", [0, 1])
def test_a_row_of_a_union_that_had_ended_by_its_week_names_the_heir(history, column):
    history(MERGED)
    names = ["", ""]
    names[column] = "平川区总工会"
    submission = understand(row(*names), row(*names, end="2024-11-27"))
    (finding,) = [f for f in submission.findings if f.rule == "org.union.ended"]
    assert (finding.row, finding.severity) == (2, "query")
    assert "白银区总工会" in finding.fix
    assert "org.reporting.foreign" not in found(submission)
    assert "org.organizer.foreign" not in found(submission)


def test_an_undated_row_is_judged_by_the_week_it_is_reported_in_and_a_day_helps(history):
    history(MERGED)
    assert "org.union.ended" in found(understand(row(organizer="平川区总工会", end="")))
    assert "org.union.ended" not in found(understand(row(organizer="平川区总工会", end="2024-12-01")))


def test_the_heir_does_not_write_for_the_weeks_before(history):
    history(MERGED)
    submission = understand(row("平川区总工会", end="2024-11-27"), sender=BAIYIN_DISTRICT, week="2024-W48")
    assert "org.reporting.foreign" in found(submission)


@pytest.mark.parametrize(
    ("change", "organizer", "end", "week", "rule"),
    [
        (MOVED, "白银区总工会", "2024-11-27", "2024-W48", "org.organizer.foreign"),
        (MERGED, "平川区总工会", "2024-12-03", "2024-W49", "org.union.ended"),
    ],
)
def test_a_row_is_the_same_content_whatever_has_become_of_the_tree(history, change, organizer, end, week, rule):
    before = understand(row(organizer=organizer, end=end), week=week)
    history(change)
    after = understand(row(organizer=organizer, end=end), week=week)
    assert (rule in found(before), rule in found(after)) == (False, True)
    assert before.content_hash == after.content_hash
    assert before.rows["content_hash"].tolist() == after.rows["content_hash"].tolist()
