import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.ooxml.relations import Relation, owner_of, read_relation, relations_name

WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
PARTS = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: "/".join(words) + ".xml")


@given(PARTS)
def test_the_relations_of_a_part_lead_back_to_it(part: str):
    assert owner_of(relations_name(part)) == part


def test_the_package_has_relations_too():
    assert relations_name("") == "_rels/.rels"
    assert owner_of("_rels/.rels") == ""


@given(PARTS, PARTS)
def test_an_absolute_target_is_itself_wherever_it_stands(part: str, target: str):
    assert read_relation(part, {"Target": f"/{target}"}).target == target


@pytest.mark.parametrize(
    ("part", "target", "found"),
    [
        ("", "xl/workbook.xml", "xl/workbook.xml"),
        ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/worksheets/sheet1.xml", "../comments1.xml", "xl/comments1.xml"),
        ("xl/worksheets/sheet1.xml", "..\\comments1.xml", "xl/comments1.xml"),
        ("xl/workbook.xml", "\\xl\\styles.xml", "xl/styles.xml"),
        ("xl/workbook.xml", "../../../../etc/passwd", "etc/passwd"),
        ("xl/workbook.xml", "./styles.xml", "xl/styles.xml"),
    ],
)
def test_a_target_is_found_from_its_part(part: str, target: str, found: str):
    assert read_relation(part, {"Target": target}).target == found


@pytest.mark.parametrize("mode", ["External", "external", "EXTERNAL"])
def test_an_outside_address_stays_as_it_is(mode: str):
    attributes = {"Id": "rId1", "Type": "http://x/y/hyperlink", "Target": "http://a/../b", "TargetMode": mode}
    assert read_relation("xl/a.xml", attributes) == Relation("rId1", "hyperlink", "http://a/../b", True)


def test_an_empty_element_is_a_relation_of_nothing():
    assert read_relation("xl/a.xml", {}) == Relation("", "", "xl", False)
