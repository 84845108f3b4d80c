"""A person names a union on the command line by id, name or alias; what is unclear is refused with what could be meant."""

from __future__ import annotations

import pickle

import pytest

from nuanliu.errors import AmbiguousUnion, UnknownUnion
from nuanliu.operations.upkeep.naming_unions import union_named


@pytest.mark.parametrize(
    ("text", "union_id"),
    [
        ("620400", "620400"),
        (" 620400 ", "620400"),
        ("６２０４００", "620400"),
        ("白银市总工会", "620400"),
        ("白银市总", "620400"),
        ("甘肃省白银市总工会", "620400"),
        ("古浪", "620622"),
        ("武威古浪县总工会", "620622"),
        ("620000-own", "620000-own"),
        ("省本级", "620000-own"),
        ("甘肃省总工会", "620000-own"),
    ],
)
def test_id_name_and_alias_name_a_union(text: str, union_id: str) -> None:
    assert union_named(text) == union_id


def test_an_ambiguous_name_is_refused_with_the_candidates() -> None:
    with pytest.raises(
        AmbiguousUnion, match=r"620400 白银市总工会.*白银区总工会|白银区总工会.*620400 白银市总工会"
    ) as raised:
        union_named("白银")
    assert pickle.loads(pickle.dumps(raised.value)).message == raised.value.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("620401", "620421"),
        ("白银市总工汇", "白银市总工会"),
        ("620000", "620000-own"),
        ("全市各级工会", "unknown union"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(UnknownUnion, match=hint):
        union_named(text)
