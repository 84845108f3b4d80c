"""The cover says what a reader must know, in words that are true."""

from __future__ import annotations

from typing import Any

from tests.unit.reporting.summary.workbook.whole_weeks import NOTES, empty_week, opened, rich_week, whole_week

from nuanliu.reporting.summary.building import build_summary


def texts(told: Any, notes: Any = None, sources: Any = ()) -> list[str]:
    sheet = opened(told, notes, sources)["封面"]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_it_says_week_edition_publisher_and_day() -> None:
    found = texts(rich_week()[0], NOTES)
    assert found[:3] == [
        "全省工会服务职工周报", "2024年第49周(12月2日—12月8日)  第1版", "甘肃省总工会  2024年12月9日",
    ]  # fmt: skip


def test_it_names_who_is_missing_held_returned_and_late() -> None:
    found = texts(rich_week()[0], NOTES)
    for words in ("未报:武威市总工会、张掖市总工会", "待说明:天水市总工会", "退回:平凉市总工会", "迟报:金昌市总工会"):
        assert words in found


def test_a_key_figure_has_one_comparison() -> None:
    found = texts(rich_week()[0], NOTES)
    at = found.index("服务人数")
    assert found[at : at + 4] == ["服务人数", "19742", "人", "比上周+33.9%(可比口径,占86%)"]


def test_a_preview_says_that_it_is_not_published() -> None:
    assert any("未发布" in text for text in texts({**rich_week()[0], "edition": None}))


def test_it_tells_the_first_corrections_and_where_all_are() -> None:
    found = texts(rich_week()[0], NOTES)
    assert "白银市总工会 健康体检·服务人数:1200人 → 1020人(更正)" in found
    assert "全部2处见“更正”。" in found
    assert "没有更正。" in texts(empty_week()[0])


def test_what_is_to_be_seen_to_is_told_as_in_the_mail_and_nothing_is_called_nothing() -> None:
    decisions = build_summary(rich_week()[0], NOTES).decisions
    assert len(decisions) == 3
    found = texts(rich_week()[0], NOTES)
    at = found.index("要处理")
    assert found[at + 1 : at + 4] == [f"{number}. {words}" for number, words in enumerate(decisions, start=1)]
    found = texts(whole_week()[0])
    assert found[found.index("要处理") + 1] == "没有。"


def test_it_opens_with_the_sentence_of_the_mail() -> None:
    summary = build_summary(rich_week()[0], NOTES)
    assert summary.lead in texts(rich_week()[0], NOTES)


def test_the_contents_name_every_other_sheet_and_lead_to_it() -> None:
    told, sources = rich_week()
    book = opened(told, NOTES, sources)
    linked = {
        cell.value: cell.hyperlink.location
        for row in book["封面"].iter_rows(max_col=1)
        for cell in row
        if cell.hyperlink and cell.value in book.sheetnames
    }
    assert list(linked) == book.sheetnames[1:]
    assert all(location == f"'{name}'!A1" for name, location in linked.items())


def test_a_week_of_nobody_says_so() -> None:
    assert "全省各级工会没有报送本周活动数据。" in texts(empty_week()[0])
