"""Every section of the summary stands in every form of it, save what is left out on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape
from io import BytesIO
from typing import Any, get_origin, get_type_hints

import docx
import pytest
from openpyxl import load_workbook
from tests.unit.reporting.rollup_documents import comparison, comparisons, document, figure, told_activity, week_point
from tests.unit.reporting.shown_cells import shown

from nuanliu.reporting.mail.mail_message import compose_summary_mail
from nuanliu.reporting.summary.bridge_lines import BridgeLine
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.contents import (
    Bar,
    CampaignLine,
    ExplanationLine,
    FigureLine,
    OpenMatterLine,
    PrefectureLine,
    RestatementLine,
    Summary,
    UnionLine,
    WeekLine,
)
from nuanliu.reporting.summary.files import render_summary_files
from nuanliu.reporting.summary.first_screen import KeyFigureLine
from nuanliu.reporting.summary.highlight_lines import HighlightLine
from nuanliu.reporting.summary.revision_lines import RevisionLine

PUBLISHED = datetime(2024, 12, 9, 10, tzinfo=UTC)
SECTIONS = tuple(field.name for field in fields(Summary) if get_origin(get_type_hints(Summary)[field.name]) is tuple)
PAGES = ("mail html", "summary.html")

LEFT_OUT: Mapping[tuple[str, str], str] = {
    **{
        (form, "figures"): "hundreds of lines; the sections show the main ones, the workbook has them all"
        for form in (*PAGES, "mail plain", "docx")
    },
    **{
        (form, "revisions"): "shows main_revisions, says how many there are and that the workbook has them"
        for form in (*PAGES, "mail plain", "docx")
    },
    **{("docx", section): "the paper is read at a desk, whole" for section in ("decisions", "quality")},
    ("docx", "by_category"): "the paper goes by union; the page and the workbook have the split",
    **{
        (form, "open_matters"): "the office's 下一步; unions are told by receipts and reminders"
        for form in (*PAGES, "mail plain", "xlsx", "json")
    },
    ("mail plain", "table_measures"): "no table: each number has its measure and unit beside it",
    **{
        ("json", section): "the rollup for programs: notes, and heads of a table, are for people"
        for section in (
            "restatements",
            "explanations",
            "table_measures",
            "revision_record",
            "weeks",
            "decisions",
            "quality",
        )
    },
}
"""(form, section) → why it does not stand there. A form that gains a section loses its line here."""

DOCUMENT = document(
    figure("620000", "people_served", "41925", previous="40001", change_pct="12.3", comparable=True,
           comparisons=comparisons(week_before=comparison(
               "40001", ("43001", "exact", 7), ("43002", "over", 2), ("-43003", "exact", 1), ("43004", "exact", 1)))),
    figure("620000", "people_served", "41777", category="health_check"),
    figure("620400", "people_served", "41425"),
    figure("620400", "people_served", "41888", category="hardship_aid", period_kind="ytd"),
    figure("620300", "people_served", "41999", category="hardship_aid", period_kind="stock", scope="inclusive"),
    figure("620300", "sessions", "41606", category="meals"),
    coverage={
        "expected": 14, "reported": 10, "confirmed_zero": 0, "missing": ["620100", "620200"], "held": ["620500"],
        "returned": ["620600"], "late": ["620700"],
    },
    revisions=[
        {"week": "2024-W48", "figure_id": "2024-W48/620400/meals/people_served/event", "old": "42001", "new": "42002",
         "reason": "更正"},
        {"week": "2024-W48", "figure_id": "2024-W48/620400/meals/people_served/event/place", "old": "42003",
         "new": "42004", "reason": "更正"},
    ],
    campaigns=[
        {"figure_id": "campaign/x/people_served/event", "campaign": "暖冬行动", "measure": "people_served",
         "value": "42005", "exactness": "exact", "unions": 3, "first_week": "2024-W40", "last_week": "2024-W49"},
    ],
    highlights={"activities": [told_activity()], "last_told": {"620400": "2024-W49"}},
)  # fmt: skip
NOTES: Any = {
    "restatements": [
        {"figure_id": "2024-W49/620400/meals/people_served/ytd", "union_id": "620400", "activity": "爱心餐",
         "measure": "people_served", "old": "42007", "old_exactness": "exact", "new": "42006", "new_exactness": "exact",
         "explanation": "核减重复登记"},
    ],
    "explanations": [
        {"union_id": "620400", "activity": "大型招聘会", "rule": "row.measure.over_limit", "column": "服务人数",
         "value": "42008", "explanation": "三县联办"},
    ],
    "contributors": {
        "2024-W49/620000/all/people_served/event/vs/2024-W48": [
            {"union_id": "620700", "term": "matched", "value": "43005", "exactness": "exact", "explanation": "集中送温暖"},
            {"union_id": "620100", "term": "absent", "value": "-43006", "exactness": "under", "explanation": None},
        ],
    },
    "workdays": {"2024-W49": 5, "2024-W48": 3},
    "revision_record": [{"measure": "people_served", "weeks": 26, "up": 17, "down": 2, "mean_pct": "3.1"}],
    "open_findings": [{"union_id": "620500", "rule": "row.end_date.too_old", "findings": 45001}],
    "trend": [
        week_point("2024-W47", 11, people=("44001", "over"), money=("440020000", "exact")),
        week_point("2024-W48", None),
        week_point("2024-W49", 10, people=("41925", "exact")),
    ],
}  # fmt: skip


def narrow(text: str) -> str:
    """A 简报 has the wide punctuation of official papers."""
    return text.translate(str.maketrans("，：；？！（）", ",:;?!()"))


def marks(line: Any) -> Iterable[str]:
    """What a reader must find of a line."""
    match line:
        case str():
            return (line,)
        case RevisionLine():
            return (line.what, line.old, line.new, line.reason)
        case FigureLine():
            return (line.shown, line.change) if line.change else (line.shown,)
        case KeyFigureLine():
            return (line.measure, line.shown, line.verdict.removeprefix("比上周"))
        case BridgeLine():
            told = [(term.label, term.shown) for term in line.terms]
            told += [(each.union, each.shown, each.why) for each in line.contributors]
            return (
                line.measure, line.shown, line.earlier, line.change, str(line.percent), line.basis, line.workdays,
                *(text for texts in told for text in texts),
            )  # fmt: skip
        case UnionLine():
            return (line.name, line.state, *(cell.in_column for cell in line.cells if cell))
        case CampaignLine():
            return (line.campaign, line.measure, line.shown, line.weeks)
        case HighlightLine():
            return (line.why, line.sentence)
        case WeekLine():
            return (line.week, *(bar.shown for bar in (line.people, line.money) if bar), str(line.answered or "—"))
        case PrefectureLine(people=Bar() as bar):
            return (line.name, bar.shown)
        case PrefectureLine():
            return (line.name, line.state)
        case RestatementLine():
            return (line.activity, line.old, line.new, line.explanation)
        case OpenMatterLine():
            return (line.union, *(f"{title}{number}处" for title, number in line.asks))
        case ExplanationLine():
            return (line.activity, line.what, line.value, line.explanation)
    raise AssertionError(f"say what a reader must find of a {type(line).__name__}")


def ids(section: str, line: Any) -> Iterable[str]:
    """What a program must find of a line in the rollup document."""
    if section in DOCUMENT["coverage"]:
        return DOCUMENT["coverage"][section]
    if isinstance(line, UnionLine):
        return [cell.figure_id for cell in line.cells if cell]
    if isinstance(line, PrefectureLine):
        return [line.people.figure_id] if line.people else []
    if isinstance(line, HighlightLine):
        return line.trace_ids
    return (getattr(line, "figure_id", str(line)),)


@pytest.fixture(scope="module")
def summary() -> Summary:
    return build_summary(DOCUMENT, NOTES)


@pytest.fixture(scope="module")
def forms() -> Mapping[str, str]:
    """Form → all its texts."""
    files = render_summary_files(DOCUMENT, published_at=PUBLISHED, notes=NOTES)
    mail = message_from_bytes(
        compose_summary_mail(
            DOCUMENT,
            files=files,
            sender="a@x.example",
            recipient="b@x.example",
            message_id="<1@x.example>",
            date=PUBLISHED,
            notes=NOTES,
        ).as_bytes(),
        policy=default,
    )
    book = load_workbook(BytesIO(files["summary.xlsx"]))
    cells = [shown(cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    word = docx.Document(BytesIO(files["summary.docx"]))
    words = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return {
        "mail html": unescape(mail.get_body(("html",)).get_content()),
        "mail plain": mail.get_body(("plain",)).get_content(),
        "summary.html": unescape(files["summary.html"].decode()),
        "xlsx": "\n".join(cells),
        "docx": narrow("\n".join([*(paragraph.text for paragraph in word.paragraphs), *words])),
        "json": files["summary.json"].decode(),
    }


@pytest.mark.parametrize("section", SECTIONS)
def test_the_summary_that_is_tried_has_every_section(summary: Summary, section: str) -> None:
    assert getattr(summary, section)


def test_the_sections_that_show_figures_are_told_apart_by_their_numbers(summary: Summary) -> None:
    shown = [
        line.shown for name in ("totals", "by_category", "to_date", "inclusive") for line in getattr(summary, name)
    ]
    shown += [cell.shown for union in summary.by_union for cell in union.cells if cell]
    assert len(shown) == len(set(shown))


def test_every_section_stands_in_every_form_but_for_what_is_left_out_on_purpose(
    summary: Summary, forms: Mapping[str, str]
) -> None:
    lacking = {
        (form, section)
        for form, text in forms.items()
        for section in SECTIONS
        for line in getattr(summary, section)
        if any(mark not in text for mark in (ids(section, line) if form == "json" else marks(line)))
    }
    assert lacking == set(LEFT_OUT)
