"""An edited bulletin: every changed digit, unit and name is named with its place and what is right; what was left alone is not."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from tests.unit.reporting.bulletin_weeks import empty_bulletin, rich_bulletin
from tests.unit.reporting.proof.edited_copies import opened, paragraphs, rewrite, saved, variants, without_marks

from nuanliu.reporting.proof.pieces import fold, read_pieces
from nuanliu.reporting.proof.proving import open_bulletin, prove
from nuanliu.reporting.summary.bulletin.figure_marks import read_marks

UNITS = ("万元", "人", "家")
OTHER_UNITS = {"万元": "元", "人": "户", "家": "个"}
EDITS = 50


def differing(copy: Any) -> list[tuple[str, str | None]]:
    """Text and right value of all that is not the edition's."""
    numbers, names = prove(opened(rich_bulletin()), copy)
    found = [(each["text"], each["expected"]) for each in numbers if each["verdict"] == "differs"]
    return found + [(each["text"], each["expected"]) for each in names]


def verdict_of(copy: Any, text: str) -> tuple[str, str | None]:
    """Verdict and right value of a number of a copy."""
    numbers, _ = prove(opened(rich_bulletin()), copy)
    (found,) = {(each["verdict"], each["expected"]) for each in numbers if each["text"] == text}
    return found


def paragraph_with(document: Any, text: str) -> Any:
    return next(each for each in paragraphs(document) if text in each.text)


def edited(old: str, new: str) -> Any:
    """A copy in which a text was replaced where it stands first."""
    document = opened(rich_bulletin())
    paragraph = paragraph_with(document, old)
    rewrite(paragraph, paragraph.text.replace(old, new, 1))
    return document


def number_of(document: Any, paragraph: Any) -> int:
    """Which of the paragraphs that say something it is, as ``nuanliu.proof/1`` counts."""
    listed = [
        each for each in document.element.body.iter(qn("w:p")) if docx.text.paragraph.Paragraph(each, None).text.strip()
    ]
    return listed.index(paragraph._p) + 1


def every_other(cases: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Each with whether its copy keeps our bookmarks: now it does, now it does not."""
    return [(*case, bool(number % 2)) for number, case in enumerate(cases)]


DIGITS = [
    (place, match.start())
    for place, paragraph in enumerate(paragraphs(opened(rich_bulletin())))
    for match in re.finditer(r"[0-9]", paragraph.text)
]
CHOSEN_DIGITS = random.Random(13).sample(DIGITS, EDITS)


@pytest.mark.parametrize(("place", "at", "keeps_marks"), every_other(CHOSEN_DIGITS))
def test_a_changed_digit_is_named_with_its_paragraph_and_the_right_number(
    place: int, at: int, keeps_marks: bool
) -> None:
    document = opened(rich_bulletin())
    paragraph = paragraphs(document)[place]
    text = paragraph.text
    changed = str((int(text[at]) + 1 + (at * 3 + place) % 8) % 10)
    changed = changed if changed != text[at] else str((int(changed) + 1) % 10)
    rewrite(paragraph, text[:at] + changed + text[at + 1 :])
    number = number_of(document, paragraph)
    copy = document if keeps_marks else without_marks(document)
    numbers, names = prove(opened(rich_bulletin()), copy)
    wrong = [each for each in numbers if each["verdict"] == "differs"] + list(names)
    assert {each["paragraph"] for each in wrong} == {number}
    assert all(each["expected"] and each["expected"] in fold(text) for each in wrong)
    assert all(each["text"] in fold(paragraph.text) for each in wrong)


WITH_UNIT = [
    (place, match.start(1), match[1])
    for place, paragraph in enumerate(paragraphs(opened(rich_bulletin())))
    for match in re.finditer(r"[0-9余](万元|人|家)(?!次)", paragraph.text)
] + [
    (place, match.start(1), match[1])
    for place, paragraph in enumerate(paragraphs(opened(rich_bulletin())))
    for match in re.finditer(r"（(万元|人|家)）$", paragraph.text)
]


@pytest.mark.parametrize(("place", "at", "unit", "keeps_marks"), every_other(WITH_UNIT))
def test_a_changed_unit_is_named(place: int, at: int, unit: str, keeps_marks: bool) -> None:
    document = opened(rich_bulletin())
    paragraph = paragraphs(document)[place]
    text = paragraph.text
    rewrite(paragraph, text[:at] + OTHER_UNITS[unit] + text[at + len(unit) :])
    number = number_of(document, paragraph)
    numbers, names = prove(opened(rich_bulletin()), document if keeps_marks else without_marks(document))
    wrong = [each for each in numbers if each["verdict"] == "differs"] + list(names)
    assert {each["paragraph"] for each in wrong} == {number}
    assert any(unit in str(each["expected"]) for each in wrong)


def _names() -> list[tuple[int, str]]:
    marks = read_marks(opened(rich_bulletin()))
    assert marks is not None
    kinds = [name for name in marks.names if len(name) > 3 and not re.search(r"[（(]", name)]
    return [
        (place, name)
        for place, paragraph in enumerate(paragraphs(opened(rich_bulletin())))
        for name in kinds
        if name in paragraph.text
        and not any(name != longer and name in longer and longer in paragraph.text for longer in kinds)
    ]


NAMES = random.Random(13).sample(_names(), EDITS)


@pytest.mark.parametrize(("place", "name", "keeps_marks"), every_other(NAMES))
def test_a_changed_name_is_named_with_the_right_one(place: int, name: str, keeps_marks: bool) -> None:
    """A union's, an activity's, a partner's, a category's, a measure's: one character is another, now at its head, now within."""
    document = opened(rich_bulletin())
    paragraph = paragraphs(document)[place]
    at = place % len(name)
    rewrite(paragraph, paragraph.text.replace(name, f"{name[:at]}某{name[at + 1 :]}", 1))
    number = number_of(document, paragraph)
    _, names = prove(opened(rich_bulletin()), document if keeps_marks else without_marks(document))
    assert [each["paragraph"] for each in names] == [number]
    assert fold(name) in names[0]["expected"]
    assert "某" in names[0]["text"]


def test_names_of_every_kind_are_among_those_that_are_tried() -> None:
    assert {"免费体检", "白银市总工会", "县总医院", "服务人数", "困难帮扶"} <= {name for _, name in _names()}


@pytest.mark.parametrize("variant", list(variants()), ids=lambda variant: variant.__name__)
@pytest.mark.parametrize("bulletin", [rich_bulletin, empty_bulletin])
def test_a_copy_that_was_only_saved_again_gives_no_alarm(
    bulletin: Callable[[], bytes], variant: Callable[[Any], Any]
) -> None:
    copy = opened(saved(variant(opened(bulletin()))))
    numbers, names = prove(opened(bulletin()), copy)
    assert numbers
    assert {each["verdict"] for each in numbers} == {"equal"}
    assert names == []


@pytest.mark.parametrize("seed", range(EDITS))
def test_fifty_copies_that_lost_paragraphs_or_have_them_in_another_order_give_no_alarm(seed: int) -> None:
    chance = random.Random(seed)
    document = opened(rich_bulletin())
    prose = [each for each in paragraphs(document) if each._p.getparent().tag == qn("w:body")]
    for paragraph in chance.sample(prose, 4):
        paragraph._p.getparent().remove(paragraph._p)
    kept = [each for each in prose if each._p.getparent() is not None]
    moved = chance.choice(kept)
    chance.choice([each for each in kept if each is not moved])._p.addprevious(moved._p)
    if seed % 2:
        without_marks(document)
    numbers, names = prove(opened(rich_bulletin()), opened(saved(document)))
    assert {each["verdict"] for each in numbers} == {"equal"}
    assert names == []


@pytest.mark.parametrize(
    ("old", "new", "text", "verdict"),
    [
        ("服务人数12034余人", "服务人数1.2万余人", "1.2万余人", "rounded"),
        ("服务人数12034余人", "服务人数12000多人", "12000多人", "rounded"),
        ("服务人数12034余人", "服务人数约1.2万人", "约1.2万人", "rounded"),
        ("服务人数12034余人", "服务人数超过1.2万人", "超过1.2万人", "rounded"),
        ("服务人数12034余人", "服务人数12034多人", "12034多人", "equal"),
        ("服务人数12034余人", "服务人数12,034余人", "12,034余人", "equal"),
        ("服务人数12034余人", "服务人数一万二千余人", "一万二千余人", "rounded"),
        ("服务人数12034余人", "服务人数12034余名", "12034余名", "equal"),
        ("服务人数12034余人", "服务人数12034人", "12034人", "differs"),
        ("服务人数12034余人", "服务人数1.3万余人", "1.3万余人", "differs"),
        ("服务人数12034余人", "服务人数近1.2万人", "近1.2万人", "differs"),
        ("服务人数12034余人", "服务人数1.2万人", "1.2万人", "differs"),
        ("投入资金46.70万元", "投入资金47万元", "47万元", "rounded"),
        ("投入资金46.70万元", "投入资金46.7万元", "46.7万元", "equal"),
        ("投入资金46.70万元", "投入资金467049元", "467049元", "equal"),
        ("投入资金46.70万元", "投入资金467000元", "467000元", "differs"),
        ("投入资金46.70万元", "投入资金46万元", "46万元", "differs"),
        ("参与企业37家", "参与企业40家", "40家", "differs"),
    ],
)
def test_a_rounded_number_is_told_apart_by_what_its_last_digit_says(
    old: str, new: str, text: str, verdict: str
) -> None:
    copy = edited(old, new)
    assert verdict_of(copy, text)[0] == verdict
    assert verdict_of(without_marks(copy), text)[0] == verdict


def test_numbers_of_a_new_sentence_are_told_and_fail_nothing_unless_the_edition_has_them() -> None:
    document = opened(rich_bulletin())
    last = paragraph_with(document, "据统计")
    added = docx.oxml.parse_xml(docx.oxml.xmlchemy.serialize_for_reading(last._p))
    last._p.addnext(added)
    docx.text.paragraph.Paragraph(
        added, last._parent
    ).text = (
        "会议于2025年1月7日召开，第3次研究部署，共1.2万余人次受益，比上周+33.9%，拟于明年培训888人，惠及职工1425人。"
    )
    numbers, names = prove(opened(rich_bulletin()), document)
    told = {each["text"]: each["verdict"] for each in numbers if each["verdict"] != "equal"}
    assert told == {
        "2025年": "unknown",
        "1月": "unknown",
        "7日": "unknown",
        "3次": "unknown",
        "1.2万余人次": "unknown",
        "888人": "unknown",
    }
    assert names == []


def test_the_office_numbers_and_dates_its_paper_itself() -> None:
    document = opened(rich_bulletin())
    for style, old, new in (("期号", "第49期", "第7期"), ("编发", "12月10日", "12月11日"), ("报头", "周报", "简报")):
        paragraph = next(each for each in document.paragraphs if each.style.name == style)
        rewrite(paragraph, paragraph.text.replace(old, new))
    cell = document.tables[-1].rows[-1].cells[0].paragraphs[0]
    rewrite(cell, cell.text.replace("12月10日", "12月12日"))
    numbers, names = prove(opened(rich_bulletin()), document)
    assert {each["text"] for each in numbers if each["verdict"] != "equal"} == {"7期", "11日", "12日"}
    assert {each["verdict"] for each in numbers} == {"equal", "unknown"}
    assert names == []


def test_a_fall_that_became_a_rise_is_named() -> None:
    assert differing(edited("减100", "增100")) == [("增100", "减100")]


def test_a_union_by_its_short_name_is_the_same_union() -> None:
    assert differing(edited("白银市总工会联合", "白银市总联合")) == []
    assert differing(edited("白银市总工会联合", "金昌市总工会联合")) == [("金昌市总工会", "白银市总工会")]


def test_a_number_at_its_mark_is_held_against_its_own_figure_wherever_it_was_moved() -> None:
    document = edited("服务人数12034余人", "服务人数12043余人")
    headline = paragraph_with(document, "据统计")
    document.paragraphs[-1]._p.addprevious(headline._p)
    for run in headline.runs[:1]:
        run.text = "总的来看，"
    (found,) = [each for each in prove(opened(rich_bulletin()), document)[0] if each["verdict"] == "differs"]
    assert (found["text"], found["expected"]) == ("12043余人", "12034余人")
    assert found["figure_id"] == "2024-W49/620000/all/people_served/event"


def test_what_was_struck_out_under_tracking_is_not_said() -> None:
    document = opened(rich_bulletin())
    run = next(each for each in paragraph_with(document, "据统计").runs if each.text == "12034余")
    gone = docx.oxml.OxmlElement("w:del")
    run._r.addprevious(gone)
    gone.append(run._r)
    for text in gone.iter(qn("w:t")):
        text.tag = qn("w:delText")
    assert all("12034" not in piece.text for piece in read_pieces(document) if "据统计" in piece.text)
    assert differing(document) == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"PK\x03\x04nothing", rich_bulletin()[:2000]])
def test_what_is_no_word_document_is_seen(data: bytes) -> None:
    assert open_bulletin(data) is None


def test_the_bulletin_of_an_older_edition_has_no_marks_and_is_proved_all_the_same() -> None:
    numbers, _ = prove(without_marks(opened(rich_bulletin())), edited("服务人数12034余人", "服务人数12035余人"))
    assert [
        (each["text"], each["expected"], each["figure_id"]) for each in numbers if each["verdict"] == "differs"
    ] == [("12035余人", "12034余人", None)]
