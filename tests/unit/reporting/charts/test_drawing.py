"""The pictures of the summary: what they show, that they are the same each time, and that no summary waits for a font."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from tests.unit.reporting.rollup_documents import document, figure, week_point
from tests.unit.reporting.shown_cells import shown

from nuanliu.reporting.charts.drawing import draw_png, draw_svg
from nuanliu.reporting.charts.fonts import chinese_font
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.contents import Summary
from nuanliu.reporting.summary.files import render_summary_files
from nuanliu.reporting.templates import render

PUBLISHED = datetime(2024, 12, 9, 10, tzinfo=UTC)
DOCUMENT: Any = document(
    figure("620000", "people_served", "1425"),
    figure("620400", "people_served", "1000"),
    figure("620300", "people_served", "425", exactness="over"),
)
NOTES: Any = {
    "trend": [
        week_point("2024-W46", 14, people=("800", "exact")),
        week_point("2024-W47", None),
        week_point("2024-W48", 13, people=("0", "exact"), money=("350000", "under")),
        week_point("2024-W49", 2, people=("1425", "over")),
    ]
}


@pytest.fixture(scope="module")
def font() -> Path:
    found = chinese_font()
    assert found is not None, "the tests need fonts-wqy-zenhei or fonts-noto-cjk"
    return found


@pytest.fixture(scope="module")
def summary() -> Summary:
    return build_summary(DOCUMENT, NOTES)


def texts(svg: str) -> list[str]:
    return re.findall(r">([^<>]+)</text>", svg)


def test_a_picture_is_the_same_each_time_it_is_drawn(summary: Summary, font: Path) -> None:
    assert draw_svg(summary, font) == draw_svg(summary, font)
    assert draw_png(summary, font) == draw_png(summary, font)


def test_a_week_of_which_nothing_is_known_is_a_gap_and_a_zero_is_none(summary: Summary, font: Path) -> None:
    drawn = texts(draw_svg(summary, font)["weeks"])
    # people of W47; money of W46, W47, W49; coverage of W47. W48 had nobody, and said so.
    assert drawn.count("—") == 5
    assert {"余", "近"} <= set(drawn), "what is not exact carries its mark"
    assert [text for text in drawn if text in {"46", "47", "48", "49"}].count("47") == 3, "the gap keeps its place"


def test_prefectures_stand_with_their_numbers_and_who_is_missing(summary: Summary, font: Path) -> None:
    drawn = texts(draw_svg(summary, font)["prefectures"])
    assert {"白银市", "1000", "金昌市", "425余", "— 未报"} <= set(drawn)


def test_a_page_shows_a_picture_in_the_readers_fonts_and_as_wide_as_it_is(summary: Summary, font: Path) -> None:
    svg = draw_svg(summary, font)["weeks"]
    assert svg.startswith("<svg")
    assert "width:100%" in svg
    assert "DejaVu" not in svg
    assert not re.search(r"(href|src)=\"https?:", svg)


def test_a_page_gives_a_picture_its_colours_by_day_and_by_night(summary: Summary, font: Path) -> None:
    style = render("summary/style.html.j2")
    for svg in draw_svg(summary, font).values():
        named = set(re.findall(r"var\((--[a-z]+), #[0-9a-f]{6}\)", svg))
        assert "--bar" in named
        assert all(style.count(f"{name}:") == 2 for name in named), "one for the day, one for the night"
        assert not re.findall(r"#[0-9a-f]{6}", re.sub(r"var\([^)]*\)", "", svg)), "no colour of its own"


def test_the_mail_has_bars_of_table_cells_and_no_picture_at_all(summary: Summary) -> None:
    mail = render("summary.html.j2", s=summary)
    assert "<svg" not in mail
    assert "<img" not in mail
    assert 'width="100%" bgcolor="#e99aa6"' in mail, "the longest bar, 余, is the pale one"
    assert 'bgcolor="#c8102e"' in mail


def test_every_form_has_its_own_kind_of_chart() -> None:
    files = render_summary_files(DOCUMENT, published_at=PUBLISHED, notes=NOTES)
    page = files["summary.html"].decode()
    assert page.count("<svg") == 2
    assert page.count('role="img"') == 2
    book = load_workbook(BytesIO(files["summary.xlsx"]))
    assert len(book["图表"]._charts) == 4
    people = [book["近12周"].cell(row, 3) for row in range(2, 6)]
    assert [cell.value for cell in people] == [800, None, 0, 1425], "a gap is an empty cell"
    assert shown(people[3]) == "1425余"
    word = docx.Document(BytesIO(files["summary.docx"]))
    assert len(word.inline_shapes) == 2
    assert all("数字见下表" in shape._inline.docPr.get("descr") for shape in word.inline_shapes)


def test_without_a_chinese_font_everything_is_told_but_for_the_pictures(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("nuanliu.reporting.summary.files.chinese_font", lambda: None)
    files = render_summary_files(DOCUMENT, published_at=PUBLISHED, notes=NOTES)
    assert "fonts-wqy-zenhei" in caplog.text
    assert "<svg" not in files["summary.html"].decode()
    assert 'bgcolor="#c8102e"' in files["summary.html"].decode()
    assert not docx.Document(BytesIO(files["summary.docx"])).inline_shapes
    assert len(load_workbook(BytesIO(files["summary.xlsx"]))["图表"]._charts) == 4, "those the reader's program draws"


def test_an_older_edition_has_no_weeks_and_one_week_alone_shows_no_course() -> None:
    assert build_summary(DOCUMENT).weeks == ()
    alone: Any = {"trend": [week_point("2024-W48", None), week_point("2024-W49", 2, people=("5", "exact"))]}
    summary = build_summary(DOCUMENT, alone)
    assert summary.weeks == ()
    assert "近12周" not in render("summary.html.j2", s=summary)


def test_a_week_without_people_draws_no_prefectures(font: Path) -> None:
    empty = build_summary(document())  # type: ignore[arg-type]
    assert draw_svg(empty, font) == {}
