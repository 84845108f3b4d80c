"""A file that does not fit into memory while it is loaded, or marked, has its receipt all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.advice.playing import GOOD
from tests.integration.clerk import drop, people, rules

from nuanliu.operations.drops import answering, ingest_drop

if TYPE_CHECKING:
    from nuanliu.operations.context import Context


def fail_once(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> list[str]:
    real = getattr(module, name)
    failed: list[str] = []

    def fail(*arguments: Any, **words: Any) -> Any:
        if not failed:
            failed.append(name)
            raise MemoryError
        return real(*arguments, **words)

    monkeypatch.setattr(module, name, fail)
    return failed


@pytest.mark.parametrize("name", ["check_registered", "keep_bytes", "load_drop"])
def test_no_memory_for_loading_is_a_receipt(
    office: Context, counties: tuple[str, ...], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    union_id = counties[("check_registered", "keep_bytes", "load_drop").index(name)]
    assert fail_once(monkeypatch, ingest_drop, name) == []
    receipt = drop(office, GOOD, union_id=union_id)
    assert receipt["status"] == "rejected"
    assert rules(receipt, "error") == {"file.too_heavy"}
    assert people(office, union_id) is None
    monkeypatch.undo()
    assert drop(office, GOOD.but(name="再报.xlsx"), union_id=union_id)["status"].startswith("accepted")
    assert people(office, union_id) == "120"


@pytest.mark.parametrize(("at", "name"), [(0, "mark_drop"), (1, "read_workbook"), (2, "annotate_workbook")])
def test_no_memory_for_marking_leaves_the_list_of_findings(
    office: Context, counties: tuple[str, ...], at: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = fail_once(monkeypatch, answering, name)
    receipt = drop(office, GOOD, union_id=counties[10 + at])
    assert failed == [name]
    assert receipt["status"].startswith("accepted")
    assert people(office, counties[10 + at]) == "120"
