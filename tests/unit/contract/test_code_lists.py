from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from nuanliu.contract.code_lists import PROVINCE, PROVINCE_OWN, codes, read_codes
from nuanliu.contract.label_text import fold_label
from nuanliu.errors import BrokenContract, UnknownUnion
from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    copy = tmp_path / "reference"
    shutil.copytree(INCLUDE_DIR / "reference", copy)
    return copy


def append(path: Path, line: str) -> None:
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + line + "\n", "utf-8")


def test_there_are_fourteen_expected_unions_and_eighty_six_counties() -> None:
    tree = codes().unions
    expected = [union for union in tree.list if union.expected_weekly]
    assert len(expected) == 14
    assert {union.level for union in expected} == {"prefecture"}
    assert sum(union.level == "county" for union in tree.list) == 86


@pytest.mark.parametrize("union", list(codes().unions.list), ids=lambda union: union.id)
def test_every_name_and_alias_finds_its_union(union) -> None:  # type: ignore[no-untyped-def]
    wanted = PROVINCE_OWN if union.id == PROVINCE else union.id
    for spelling in (union.name, *union.aliases):
        found = codes().unions.find(spelling)
        assert found is not None
        assert found.id == wanted


@pytest.mark.parametrize(
    "written", ["城 关 区 总工会", "城关区总工会\u3000", "兰州巿城关区总工会", "蘭州市城關區總工會".replace("關", "关")]
)
def test_spacing_look_alikes_and_traditional_forms_find_the_union(written: str) -> None:
    found = codes().unions.find(written)
    assert found is not None
    assert found.id == "620102"


@pytest.mark.parametrize("stem", ["临夏", "白银", "成", "康"])
def test_a_bare_stem_is_no_name(stem: str) -> None:
    assert codes().unions.find(stem) is None


def test_the_province_as_a_sender_is_refused_and_the_right_id_named() -> None:
    with pytest.raises(UnknownUnion, match="620000-own"):
        codes().unions.sender(PROVINCE)


def test_a_new_union_alias_touches_data_only(reference: Path) -> None:
    text = (reference / "unions.csv").read_text("utf-8")
    (reference / "unions.csv").write_text(text.replace("白银市总;", "白银市总;铜城总工会;"), "utf-8")
    found = read_codes(reference).unions.find("铜城总工会")
    assert found is not None
    assert found.id == "620400"


def test_a_new_category_touches_data_only(reference: Path) -> None:
    append(reference / "categories.csv", "reading,职工书屋,读书活动")
    found = read_codes(reference).categories.find("读书活动")
    assert found is not None
    assert found.id == "reading"


def test_a_new_measure_touches_data_only(reference: Path) -> None:
    append(reference / "measures.csv", "books,图书,册,册;本,items,,图书;赠书")
    found = read_codes(reference).measures.find("赠书")
    assert found is not None
    assert found.header == "图书(册)"


def test_one_spelling_for_two_entries_is_refused(reference: Path) -> None:
    append(reference / "categories.csv", "second,另一类,义诊")
    with pytest.raises(BrokenContract, match="义诊"):
        read_codes(reference)


def test_an_id_that_stands_twice_is_refused(reference: Path) -> None:
    append(reference / "categories.csv", "meals,又一个,")
    with pytest.raises(BrokenContract, match="meals"):
        read_codes(reference)


def test_a_parent_that_does_not_exist_is_refused(reference: Path) -> None:
    append(reference / "unions.csv", "629999,某县总工会,county,629900,629999,no,")
    with pytest.raises(BrokenContract, match="629900"):
        read_codes(reference)


def test_nearest_names_are_proposals_in_order_of_likeness() -> None:
    assert codes().categories.nearest("健康检查")[0] == "健康体检"


def test_circled_and_raised_digits_are_not_folded_into_digits() -> None:
    assert fold_label("①150双") == "①150双"
    assert fold_label("10²") == "10²"
    assert fold_label("１２．５") == "12.5"


def test_what_is_counted_in_yuan_is_money_and_nothing_else_is() -> None:
    assert {measure.id for measure in codes().measures if measure.is_money} == {
        measure.id for measure in codes().measures if measure.unit == "元"
    }
