"""A linter of GB/T 9704-2012: it measures a bulletin in the file itself, through the styles that a program would follow."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree
from tests.unit.reporting.bulletin_weeks import empty_bulletin, rich_bulletin

from nuanliu.reporting.summary.bulletin.typefaces import (
    BIAOSONG,
    BODY,
    CELL,
    CELL_HEAD,
    FALLBACKS,
    FANGSONG,
    HEADING,
    HEITI,
    IMPRINT,
    KAITI,
    MASTHEAD,
    SONGTI,
    SUBHEADING,
    TITLE,
)


@pytest.fixture(params=[rich_bulletin, empty_bulletin], ids=["rich", "empty"])
def bulletin(request: pytest.FixtureRequest) -> Any:
    return docx.Document(BytesIO(request.param()))


def face(style: Any) -> str:
    """The typeface of Chinese characters; one from a theme is none of ours."""
    fonts = style.element.rPr.find(qn("w:rFonts"))
    assert not [name for name in fonts.attrib if "Theme" in name]
    return str(fonts.get(qn("w:eastAsia")))


def test_paper_and_margins_are_those_of_the_standard(bulletin: Any) -> None:
    (section,) = bulletin.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = [
        round(each.mm, 1)
        for each in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ]
    assert margins == pytest.approx([37, 35, 28, 26], abs=1)
    width = section.page_width.mm - section.left_margin.mm - section.right_margin.mm
    height = section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm
    assert (width, height) == (pytest.approx(156, abs=0.2), pytest.approx(225, abs=0.2))


def test_a_page_has_22_lines_of_28_characters(bulletin: Any) -> None:
    (section,) = bulletin.sections
    body = bulletin.styles[BODY]
    assert body.font.size.pt == 16
    assert body.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert body.paragraph_format.line_spacing.pt == 28
    assert (body.paragraph_format.space_before.pt, body.paragraph_format.space_after.pt) == (0, 0)
    assert body.paragraph_format.widow_control is False
    height = (section.page_height - section.top_margin - section.bottom_margin) / 12700
    assert int(height / 28) == 22
    pitch = 16 + int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    width = (section.page_width - section.left_margin - section.right_margin) / 12700
    assert int(width / pitch) == 28
    grid = section._sectPr.find(qn("w:docGrid"))
    assert int(height * 20 / int(grid.get(qn("w:linePitch")))) == 22


@pytest.mark.parametrize(
    ("style", "typeface", "points"),
    [
        (BODY, FANGSONG, 16),
        (TITLE, BIAOSONG, 22),
        (HEADING, HEITI, 16),
        (SUBHEADING, KAITI, 16),
        (MASTHEAD, BIAOSONG, 36),
        (CELL, FANGSONG, 12),
        (CELL_HEAD, HEITI, 12),
        (IMPRINT, FANGSONG, 14),
        ("页码", SONGTI, 14),
    ],
)
def test_every_style_has_its_typeface_and_size(bulletin: Any, style: str, typeface: str, points: int) -> None:
    found = bulletin.styles[style]
    assert (face(found), found.font.size.pt, bool(found.font.bold)) == (typeface, points, False)


def test_body_and_headings_begin_two_characters_in(bulletin: Any) -> None:
    for name in (BODY, HEADING, SUBHEADING):
        assert bulletin.styles[name].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_no_paragraph_has_a_look_of_its_own_but_for_emphasis_and_small_tables(bulletin: Any) -> None:
    for run in (run for paragraph in bulletin.paragraphs for run in paragraph.runs):
        assert run.font.size is None
        fonts = run._r.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        assert fonts is None or fonts.get(qn("w:eastAsia")) == HEITI
    for paragraph in bulletin.paragraphs:
        assert paragraph.paragraph_format.line_spacing is None


def test_pages_are_numbered_with_dashes_to_the_outer_side(bulletin: Any) -> None:
    (section,) = bulletin.sections
    assert bulletin.settings.odd_and_even_pages_header_footer
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):  # fmt: skip
        (paragraph,) = footer.paragraphs
        assert (paragraph.style.name, paragraph.alignment) == ("页码", side)
        assert paragraph.text == "— 1 —"
        assert [each.text.strip() for each in paragraph._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert paragraph.paragraph_format.left_indent.pt == paragraph.paragraph_format.right_indent.pt == 14
    below = section.bottom_margin.mm - section.footer_distance.mm
    assert below == pytest.approx(7 + 14 * 0.3528 / 2, abs=1), "the dashes stand 7 mm below the type area"


def test_every_typeface_has_a_free_one_to_stand_in_for_it_and_none_is_shipped(bulletin: Any) -> None:
    part = next(
        each.target_part for each in bulletin.part.rels.values() if each.reltype == RELATIONSHIP_TYPE.FONT_TABLE
    )
    named = {
        font.get(qn("w:name")): font.find(qn("w:altName")).get(qn("w:val"))
        for font in etree.fromstring(part.blob).iter(qn("w:font"))
    }
    assert named == dict(FALLBACKS)
    used = {
        face(bulletin.styles[style]) for style in (BODY, TITLE, HEADING, SUBHEADING, MASTHEAD, CELL, IMPRINT, "页码")
    }
    assert used <= set(named)
    assert not [
        each.partname for each in bulletin.part.package.iter_parts() if "font" in each.content_type and each is not part
    ]


def test_tables_lie_in_the_type_area_and_repeat_their_heads(bulletin: Any) -> None:
    assert bulletin.tables
    for table in bulletin.tables:
        widths = {sum(cell.width for cell in row.cells) for row in table.rows}
        assert [round(width / 36000) for width in widths] == [156]
    for table in bulletin.tables[:-1]:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_pictures_say_what_they_show_and_are_not_cut_to_one_line() -> None:
    bulletin = docx.Document(BytesIO(rich_bulletin()))
    assert len(bulletin.inline_shapes) == 2
    for shape in bulletin.inline_shapes:
        assert shape._inline.docPr.get("descr").endswith("数字见下表")
        assert bulletin.styles["图"].paragraph_format.line_spacing_rule == WD_LINE_SPACING.SINGLE


def test_the_imprint_stands_on_one_page_and_not_alone(bulletin: Any) -> None:
    lines = [row.cells[0].paragraphs[0] for row in bulletin.tables[-1].rows]
    last = [paragraph for paragraph in bulletin.paragraphs if paragraph.style.name == BODY][-1]
    assert all(line.paragraph_format.keep_with_next for line in (last, *lines))
    place = bulletin.tables[-1]._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
