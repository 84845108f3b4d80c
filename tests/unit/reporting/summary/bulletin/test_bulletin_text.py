"""What a bulletin says, from 报头 to 版记, and which figure each of its numbers is."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from tests.unit.reporting.bulletin_weeks import (
    EMPTY,
    PUBLISHED,
    RICH,
    RICH_NOTES,
    empty_bulletin,
    rich_bulletin,
    rich_summary,
)

from nuanliu.contract.bulletin import bulletin_words
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.bulletin.figure_marks import MARK, read_marks
from nuanliu.reporting.summary.bulletin.open_matters import next_step_lines, problem_lines
from nuanliu.reporting.summary.bulletin.punctuation import official
from nuanliu.reporting.summary.bulletin.rendering import render_bulletin
from nuanliu.reporting.summary.bulletin.writing import chinese_ordinal


def opened(data: bytes) -> Any:
    return docx.Document(BytesIO(data))


def styled(bulletin: Any, style: str) -> list[str]:
    return [paragraph.text for paragraph in bulletin.paragraphs if paragraph.style.name == style]


def test_a_bulletin_goes_from_masthead_to_imprint() -> None:
    bulletin = opened(rich_bulletin())
    assert styled(bulletin, "报头") == ["全省工会服务职工周报"]
    assert styled(bulletin, "期号") == ["第49期"]
    assert styled(bulletin, "编发") == ["甘肃省总工会办公室\t2024年12月10日"], "the day in Shanghai"
    assert styled(bulletin, "Title") == ["2024年第49周（12月2日—12月8日）\n全省工会服务职工情况"]
    assert styled(bulletin, "Heading 1") == ["一、更正", "二、总体情况", "三、主要进展", "四、存在问题", "五、下一步"]
    assert [text[:3] for text in styled(bulletin, "Heading 2")[:3]] == ["（一）", "（二）", "（三）"]
    imprint = [row.cells[0].text for row in bulletin.tables[-1].rows]
    assert imprint == [
        "报：省总工会领导。", "抄送：各市州总工会、省总工会机关各部门。", "甘肃省总工会办公室\t2024年12月10日印发",
    ]  # fmt: skip
    red = next(p for p in bulletin.paragraphs if p.style.name == "编发")._p.find(f".//{qn('w:pBdr')}/{qn('w:bottom')}")
    assert red.get(qn("w:color")) == "FF0000"


def test_a_complete_week_is_not_called_incomplete_and_one_not_published_says_so() -> None:
    coverage = {**RICH["coverage"], "missing": [], "held": [], "returned": [], "reported": 14}
    summary = build_summary({**RICH, "coverage": coverage, "edition": None})
    bulletin = opened(render_bulletin(summary, PUBLISHED, {}))
    assert styled(bulletin, "题注说明") == []
    assert styled(bulletin, "期号") == ["第49期（未发布）"]
    assert styled(opened(empty_bulletin()), "题注说明") == ["（数据不完整）"]


def test_a_later_edition_says_which_it_is() -> None:
    bulletin = opened(render_bulletin(replace(rich_summary(), edition=3), PUBLISHED, {}))
    assert styled(bulletin, "期号") == ["第49期（第3版）"]
    assert read_marks(bulletin).edition == 3  # type: ignore[union-attr]


def test_problems_and_next_steps_come_from_open_reports_and_findings_alone() -> None:
    summary, words = rich_summary(), bulletin_words()
    assert list(problem_lines(summary, words)) == [
        "未报2家:兰州市总工会、嘉峪关市总工会。", "待说明1家:天水市总工会。", "退回1家:武威市总工会。", "迟报1家:张掖市总工会。",
    ]  # fmt: skip
    assert list(next_step_lines(summary, words)) == [
        "请兰州市总工会、嘉峪关市总工会补报本周报表;没有活动的,报“零报告”。",
        "请天水市总工会按回执办理待说明事项后重报。",
        "请武威市总工会按回执改正后重报。",
        "天水市总工会的报表还要按回执办理:活动太早3处。",
        "武威市总工会的报表还要按回执办理:结束日期晚于报告期1处。",
    ]
    left = "".join([*problem_lines(summary, words), *next_step_lines(summary, words)])
    for text in sorted((*words.problems.values(), *words.next_steps.values()), key=len, reverse=True):
        for part in re.split(r"\{\w+\}", text):
            left = left.replace(part, "") if len(part) > 1 else left
    facts = {*summary.missing, *summary.held, *summary.returned, *summary.late}
    facts |= {title for matter in summary.open_matters for title, _ in matter.asks}
    for fact in sorted(facts, key=len, reverse=True):
        left = left.replace(fact, "")
    assert not re.sub(r"[0-9、。处家:;请]", "", left), "every other word stands in bulletin.yaml"


def test_a_week_in_which_everybody_reported_asks_for_nothing() -> None:
    coverage = {**RICH["coverage"], "missing": [], "held": [], "returned": [], "late": [], "reported": 14}
    summary, words = build_summary({**RICH, "coverage": coverage}), bulletin_words()
    assert list(problem_lines(summary, words)) == [words.problems["none"]]
    assert list(next_step_lines(summary, words)) == [words.next_steps["none"]]


def test_a_week_without_reports_names_everybody_and_needs_no_figures() -> None:
    bulletin = opened(empty_bulletin())
    assert styled(bulletin, "Heading 1") == ["一、总体情况", "二、主要进展", "三、存在问题", "四、下一步"]
    assert any(text.startswith("未报14家") for text in styled(bulletin, "Normal"))
    assert build_summary(EMPTY).open_matters == ()


def test_every_figure_that_is_printed_is_marked_with_its_id() -> None:
    bulletin, summary = opened(rich_bulletin()), rich_summary()
    marks = read_marks(bulletin)
    assert marks is not None
    assert (marks.week, marks.edition) == ("2024-W49", 1)
    found = {each.get(qn("w:name")) for each in bulletin.element.iter(qn("w:bookmarkStart"))}
    assert found == set(marks.numbers), "each mark stands in the text, and none is unknown"
    said = {number.figure_id for number in marks.numbers.values()}
    lines = [*summary.totals, *summary.to_date, *summary.inclusive, *summary.campaigns, *summary.restatements]
    told = {line.figure_id for line in (*lines, *summary.main_revisions, *summary.bridges)}
    told |= {bridge.earlier_id for bridge in summary.bridges}
    told |= {cell.figure_id for union in summary.by_union for cell in union.cells if cell}
    told |= {term.term_id for bridge in summary.bridges for term in bridge.terms}
    told |= {trace_id for line in summary.highlights for trace_id in line.trace_ids}
    told |= {bar.figure_id for week in summary.weeks for bar in (week.people, week.money) if bar}
    assert told == said


def test_a_mark_stands_around_the_number_that_it_is_of() -> None:
    bulletin = opened(rich_bulletin())
    marks = read_marks(bulletin)
    assert marks is not None
    for start in bulletin.element.iter(qn("w:bookmarkStart")):
        text = "".join(each.text for each in start.getnext().iter(qn("w:t")))
        assert text == official(marks.numbers[start.get(qn("w:name"))].shown)
        assert start.getnext().getnext().get(qn("w:id")) == start.get(qn("w:id"))
        assert len(start.get(qn("w:name"))) <= 40, "Word takes no longer name of a bookmark"
        assert start.get(qn("w:name")).startswith(MARK)


def test_the_numbers_of_an_activity_are_not_taken_for_its_day_or_name() -> None:
    activity = RICH["highlights"]["activities"][0]
    numbers = [{**activity["numbers"][0], "value": "3", "exactness": "exact", "trace_id": "x/people"}]
    told = {**activity, "name": "3人行动", "numbers": numbers}
    summary = build_summary({**RICH, "highlights": {"activities": [told], "last_told": {}}}, RICH_NOTES)
    bulletin = opened(render_bulletin(summary, PUBLISHED, {}))
    marks = read_marks(bulletin)
    assert marks is not None
    (name,) = [mark for mark, number in marks.numbers.items() if number.figure_id == "x/people"]
    (start,) = [each for each in bulletin.element.iter(qn("w:bookmarkStart")) if each.get(qn("w:name")) == name]
    before = "".join(
        each.text for run in start.itersiblings(qn("w:r"), preceding=True) for each in [*run.iter(qn("w:t"))]
    )
    assert "3人行动" in "".join(each.text for each in start.getparent().iter(qn("w:t")))
    assert before, "the day stands before it"
    after = start.getnext().getnext().getnext()
    assert after is None or "".join(each.text for each in after.iter(qn("w:t"))).startswith("。")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("服务人数(人)", "服务人数（人）"),
        ("共1,200人,其中12:00前:3人", "共1,200人，其中12:00前：3人"),
        ("比上周+33.9%(可比口径,占86%)。", "比上周+33.9%（可比口径，占86%）。"),
        ("2024-W49", "2024-W49"),
        ("(1,2)", "(1,2)"),
    ],
)
def test_punctuation_is_that_of_official_papers_and_numbers_keep_theirs(text: str, written: str) -> None:
    assert official(text) == written
    assert len(official(text)) == len(text)


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (42, "四十二")]
)
def test_headings_are_counted_in_chinese(number: int, word: str) -> None:
    assert chinese_ordinal(number) == word
