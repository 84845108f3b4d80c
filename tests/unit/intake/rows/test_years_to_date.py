"""今年以来 over New Year: asked about where no day says which year, counted in its own year where one does (issue 9)."""

from datetime import datetime

import pandas as pd
import pytest
from tests.unit.intake.hand_made import HEADER, activity, found, make_sheet, one

from nuanliu.domain.submission import PeriodKind
from nuanliu.intake.formats.workbook import Workbook
from nuanliu.intake.reader import understand_workbook
from nuanliu.intake.rows.keys import counts_week

DATED = ["活动名称", "活动类别", "结束日期", "统计口径", "服务人数(人)"]


def understand(*rows, week="2025-W01", header=HEADER, arrival="2025-01-06T09:00+08:00"):
    return understand_workbook(
        Workbook("xlsx", (make_sheet([header, *rows]),)),
        file_name="周报.xlsx",
        sender_id="620400",
        path_week=week,
        received_at=datetime.fromisoformat(arrival),
    )


def ytd(time, people="35200"):
    return activity(time=time, kind="今年以来", people=people)


def test_an_undated_one_in_a_week_with_new_year_is_asked_about_and_told_what_to_write():
    finding = one(understand(ytd("")), "row.ytd.which_year")
    assert (finding.severity, finding.cell) == ("query", "C2")
    assert "2024-12-31" in finding.fix
    assert "2025-01-05" in finding.fix


@pytest.mark.parametrize(
    ("written", "counts_in"), [("2024-12-31", "2024-12-23"), ("2025-01-05", "2024-12-30")], ids=["old year", "new year"]
)
@pytest.mark.parametrize("header", [HEADER, DATED], ids=["one column of time", "an end"])
def test_what_the_fix_says_to_write_is_taken(header, written, counts_in):
    submission = understand(ytd(written), header=header)
    assert "row.ytd.which_year" not in found(submission)
    assert not found(submission, "query")
    assert submission.rows["counts_week"].tolist() == [pd.Timestamp(counts_in)]


def test_an_explanation_is_no_day():
    submission = understand([*ytd(""), "全年数"], header=[*HEADER, "说明"])
    assert found(submission, "query") == ["row.ytd.which_year"]


def test_a_file_without_any_column_of_dates_is_asked_about_at_the_kind():
    header = ["活动名称", "活动类别", "统计口径", "服务人数(人)"]
    finding = one(understand(["帮扶", "困难帮扶", "今年以来", "5"], header=header), "row.ytd.which_year")
    assert finding.cell == "C2"
    assert "加上" in finding.fix


def test_one_of_the_old_year_counts_in_the_last_whole_week_of_it_and_says_so():
    finding = one(understand(ytd("2024-12-31")), "row.ytd.old_year")
    assert finding.severity == "warning"
    assert "2024年第52周" in finding.message


def test_a_day_of_the_old_year_reported_weeks_later_counts_there_too():
    submission = understand(ytd("2024-12-30"), week="2025-W02", arrival="2025-01-13T09:00+08:00")
    assert submission.rows["counts_week"].tolist() == [pd.Timestamp("2024-12-23")]
    assert one(submission, "row.ytd.old_year").severity == "warning"


def test_a_week_that_begins_with_new_year_is_asked_about_too():
    finding = one(understand(ytd(""), week="2024-W01", arrival="2024-01-08T09:00+08:00"), "row.ytd.which_year")
    assert "2023-12-31" in finding.fix
    assert "2024-01-07" in finding.fix


@pytest.mark.parametrize(("week", "arrival"), [("2024-W52", "2024-12-30"), ("2025-W02", "2025-01-13")])
def test_the_weeks_beside_it_ask_nothing(week, arrival):
    assert "row.ytd.which_year" not in found(understand(ytd(""), week=week, arrival=f"{arrival}T09:00+08:00"))


@pytest.mark.parametrize("kind", ["本次", "现有", "专项期间"])
def test_other_kinds_stay_in_the_week_of_their_end(kind):
    submission = understand(activity(time="2024-12-31", kind=kind), activity(name="另一项", time="", kind=kind))
    assert not [rule for rule in found(submission) if rule.startswith("row.ytd")]
    assert set(submission.rows["counts_week"]) == {pd.Timestamp("2024-12-30")}


def test_a_row_that_says_no_day_counts_nowhere():
    days = counts_week(pd.Series(pd.to_datetime([None, "2024-12-31"])), pd.Series([PeriodKind.YTD, PeriodKind.YTD]))
    assert days.tolist() == [pd.NaT, pd.Timestamp("2024-12-23")]
