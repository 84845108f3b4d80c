"""The tree of a week, and who may be compared in it."""

from __future__ import annotations

import pytest

from nuanliu.warehouse.marts.comparability import Comparability
from nuanliu.warehouse.schema.union_tree import UnionOfWeek, WeekTree

TREE = WeekTree(
    {
        union_id: UnionOfWeek(union_id, level, parent, code)
        for union_id, level, parent, code in (
            ("620000", "province", None, "620000"),
            ("620000-own", "province_own", "620000", "620000"),
            ("620100", "prefecture", "620000", "620100"),
            ("620102", "county", "620100", "620102"),
            ("620300", "prefecture", "620000", "620300"),
            ("62Q001", "industry", "620000", "620000"),
        )
    }
)


def comparability(now: set[str], before: set[str]) -> Comparability:
    return Comparability(TREE, frozenset(now), frozenset(before))


def test_a_union_has_itself_and_everyone_below() -> None:
    assert TREE.subtree("620100") == ("620100", "620102")
    assert TREE.subtree("620000-own") == ("620000-own",)
    assert TREE.upwards("620102") == ("620102", "620100", "620000")


def test_unions_that_stand_in_a_circle_do_not_hang_the_program() -> None:
    circle = WeekTree({"a": UnionOfWeek("a", "county", "b", "1"), "b": UnionOfWeek("b", "county", "a", "2")})
    assert circle.upwards("a") == ("a", "b")


@pytest.mark.parametrize(
    ("now", "before", "union_id", "is_comparable"),
    [
        ({"620100"}, {"620100"}, "620100", True),
        ({"620100", "620102"}, {"620100"}, "620100", False),
        ({"620100", "620102"}, {"620100"}, "620102", False),
        ({"620100", "620300"}, {"620100"}, "620100", True),
        ({"620100", "620300"}, {"620100"}, "620000", False),
        ({"620100"}, {"620100"}, "620102", True),  # reported by its prefecture both times
        ({"620100"}, set(), "620102", False),
        (set(), set(), "620000", False),  # nobody reported: figures came with later weeks' reports
    ],
)
def test_the_same_unions_of_a_subtree_must_have_reported(
    now: set[str], before: set[str], union_id: str, is_comparable: bool
) -> None:
    assert comparability(now, before).of_union(union_id) is is_comparable


def test_a_figure_no_one_below_adds_to_looks_at_its_union_alone() -> None:
    assert comparability({"620100", "620102"}, {"620100"}).of_union_alone("620100")
    assert not comparability({"620100"}, {"620102"}).of_union_alone("620100")


def test_by_place_all_unions_must_be_the_same() -> None:
    assert comparability({"620100"}, {"620100"}).of_place()
    assert not comparability({"620100"}, {"620300"}).of_place()
    assert not comparability(set(), set()).of_place()
