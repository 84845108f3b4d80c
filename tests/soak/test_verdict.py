"""The verdict sees what it is there to see: each kind of harm, and no harm where there is none."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from tests.soak.verdict import DOUBLE, LOST, OTHER, compare

if TYPE_CHECKING:
    from collections.abc import Callable

BOOKS: dict[str, Any] = {
    "figures": {"2024-W49": {"figures": [{"figure_id": "a", "value": "5"}]}},
    "coverage": {"2024-W49": [["620400", "reported", False, 1]]},
    "facts": [["620400", "5"], ["620400", "7"]],
    "receipts": [{"status": "accepted"}],
    "receipt numbers": ["620400-2024W49-001"],
    "objects": [["intake/620400/a.csv", "f00d", "archived"]],
    "editions": {"2024-W49": [[1, "hash", []]]},
    "mails": [
        ["edition/2024-W49/1", "a@x.example", "<1>", "sent"],
        ["edition/2024-W49/1", "b@x.example", "<2>", "sent"],
    ],
    "rows": {"receipt": 1},
    "bucket": ["archive/620400/2024-W49/f00d.csv"],
    "problems": [],
}
ONCE = Counter({"<1>": 1, "<2>": 1})


def kinds(change: Callable[[dict[str, Any]], Any], deliveries: Counter[str] = ONCE) -> list[str]:
    """The kinds of difference that a change to the records makes."""
    found = deepcopy(BOOKS)
    change(found)
    return [difference.kind for difference in compare(BOOKS, found, deliveries)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda records: records["objects"].clear(), LOST),
        (lambda records: records["receipts"].clear(), LOST),
        (lambda records: records["facts"].pop(), LOST),
        (lambda records: records["mails"].pop(), LOST),
        (lambda records: records["facts"].append(["620400", "5"]), DOUBLE),
        (lambda records: records["receipts"].append({"status": "accepted"}), DOUBLE),
        (lambda records: records["mails"].append(["edition/2024-W49/2", "a@x.example", "<3>", "uncertain"]), DOUBLE),
        (lambda records: records["figures"]["2024-W49"]["figures"][0].update(value="10"), OTHER),
        (lambda records: records["editions"]["2024-W49"].append([2, "hash", []]), OTHER),
        (lambda records: records["bucket"].append("archive/x"), OTHER),
        (lambda records: records["mails"][0].__setitem__(3, "pending"), OTHER),
        (lambda records: records["problems"].append("lost: archive/x holds other bytes"), LOST),
        (lambda records: records["problems"].append("double: object 1 has two receipts"), DOUBLE),
        (lambda records: records["problems"].append("claimed for ever: intake/x"), OTHER),
    ],
)
def test_harm_to_the_books_is_named(change: Callable[[dict[str, Any]], Any], kind: str) -> None:
    assert kinds(change) == [kind]


@pytest.mark.parametrize(
    ("state", "arrived", "expected"),
    [
        ("sent", 1, []),
        ("sent", 0, [LOST]),
        ("sent", 2, [DOUBLE]),
        ("uncertain", 0, []),
        ("uncertain", 1, []),
        ("uncertain", 2, [DOUBLE]),
        ("sending", 0, [OTHER]),
    ],
)
def test_a_mail_arrives_once_or_is_said_to_be_uncertain(state: str, arrived: int, expected: list[str]) -> None:
    deliveries = Counter({"<1>": arrived, "<2>": 1})
    assert kinds(lambda records: records["mails"][0].__setitem__(3, state), deliveries) == expected
