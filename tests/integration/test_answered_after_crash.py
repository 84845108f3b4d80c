"""The files of a receipt are the same ones, whether the run that loaded the drop writes them or a later one must."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from tests.integration.weekly_workbook import HEADER, answer, found, workbook
from tests.patching import replace_everywhere

from nuanliu.errors import WarehouseUnavailable
from nuanliu.operations.decisions.aliases import confirm_proposal, proposals
from nuanliu.operations.decisions.tolerances import add_tolerance
from nuanliu.operations.decisions.waivers import waive_rows
from nuanliu.operations.take_all import take_all
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

LIMIT = "row.measure.over_limit"
HUGE = 90_000_000
OWN_WORD = "我单位另述"
"""A header that no list knows: the sender's own word for 说明."""
OWN_HEADER = (*HEADER[:-1], OWN_WORD)
KINDS = ["html", "json", "xlsx"]


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def taught(ctx: Context) -> Context:
    """A sender whose word for 说明 was confirmed."""
    answer(ctx, "2024-W48", workbook([event("义诊", 50, "2024-11-27", "见附件")], OWN_HEADER))
    (item,) = [each for each in proposals(ctx)["proposals"] if each["kind"] == "header"]
    confirm_proposal(ctx, item["proposal_id"], target="说明", person="王工")
    return ctx


def event(name: str, people: int, day: str, why: str | None = None) -> tuple[Any, ...]:
    return (name, "健康义诊", day, day, "本次", None, people, None, why)


def screening(people: int) -> tuple[Any, ...]:
    return ("职工健康普查", "健康体检", None, None, "累计", "2024-01-01", people, None, None)


def held_for_its_limit() -> bytes:
    return workbook([event("义诊", 50, "2024-12-03", "照收"), screening(HUGE)], OWN_HEADER)


def written(ctx: Context, receipt: dict[str, Any]) -> dict[str, bytes]:
    """What lies in receipts/ for a receipt, by ending."""
    stem = f"receipts/620400/2024-W49/{receipt['receipt_no']}."
    return {item.key.removeprefix(stem): ctx.bucket.read(item.key) for item in ctx.bucket.list(stem)}


def forget_files(ctx: Context, receipt: dict[str, Any]) -> None:
    """What a run that is ended after its commit leaves behind: a receipt without files."""
    for ending in written(ctx, receipt):
        ctx.bucket.delete(f"receipts/620400/2024-W49/{receipt['receipt_no']}.{ending}")
    with ctx.engine.begin() as connection:
        forget = text("update receipt set written_at = null where receipt_no = :receipt_no")
        assert connection.execute(forget, {"receipt_no": receipt["receipt_no"]}).rowcount == 1


def written_by_a_later_run(ctx: Context, receipt: dict[str, Any]) -> dict[str, bytes]:
    """The files that the next intake writes when the first run was ended before it wrote any."""
    forget_files(ctx, receipt)
    assert [each["receipt_no"] for each in take_all(ctx)["receipts"]] == [receipt["receipt_no"]]
    return written(ctx, receipt)


def header_of(marked: bytes) -> tuple[Any, ...]:
    """The header of an annotated workbook; a table without 说明 gets a column for it."""
    return tuple(cell.value for cell in load_workbook(BytesIO(marked))["活动明细"][1])


def test_a_header_known_by_a_confirmed_alias_is_marked_as_in_the_first_run(taught: Context) -> None:
    receipt = answer(taught, "2024-W49", held_for_its_limit())
    assert (receipt["rows"]["held"], found(receipt, "file.column.unknown")) == (1, [])
    first = written(taught, receipt)
    assert sorted(first) == KINDS
    assert header_of(first["xlsx"]) == OWN_HEADER
    assert written_by_a_later_run(taught, receipt) == first


def test_a_run_that_is_ended_before_the_first_file_leaves_the_same_files_to_the_next(
    taught: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        """The process ends here."""

    def end(*_: Any, **__: Any) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.operations.drops.answering.write_receipt_files", end)
        with pytest.raises(Crash):
            answer(taught, "2024-W49", held_for_its_limit())
    (receipt,) = take_all(taught)["receipts"]
    ended = written(taught, receipt)
    assert sorted(ended) == KINDS
    assert header_of(ended["xlsx"]) == OWN_HEADER


def test_the_week_of_the_path_and_a_tolerated_row_change_nothing(taught: Context) -> None:
    add_tolerance(
        taught,
        union_id="620400",
        rule=LIMIT,
        measure="服务人数",
        limit="95000000",
        reason="按全省职工总数填报",
        person="王工",
        expires="2024-12-16",
    )
    rows = [screening(HUGE), event("义诊", 50, "2024-12-03"), event("义诊", 50, "2024-12-03")]
    receipt = answer(taught, "2024-W49", workbook(rows, OWN_HEADER))  # nothing in the file names the week
    (passed,) = found(receipt, LIMIT)
    assert (receipt["week"], passed["severity"], receipt["rows"]["held"]) == ("2024-W49", "info", 1)
    first = written(taught, receipt)
    assert written_by_a_later_run(taught, receipt) == first


def test_a_waived_row_changes_nothing(taught: Context) -> None:
    held = answer(taught, "2024-W49", held_for_its_limit())
    on_tuesday = replace(
        taught, settings=replace(taught.settings, now=datetime.fromisoformat("2024-12-10T10:00+08:00"))
    )
    words = {"reason": "已电话核实", "person": "王工"}
    receipt = waive_rows(on_tuesday, held["receipt_no"], rows=["活动明细!3"], **words)["receipt"]
    assert found(receipt, LIMIT)[0]["severity"] == "info"
    first = written(on_tuesday, receipt)
    assert sorted(first) == KINDS
    assert written_by_a_later_run(on_tuesday, receipt) == first


def test_a_warehouse_that_is_away_puts_no_list_of_findings_in_place_of_the_workbook(
    taught: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = answer(taught, "2024-W49", held_for_its_limit())
    first = written(taught, receipt)

    def away(*_: Any, **__: Any) -> None:
        raise WarehouseUnavailable("away")

    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.operations.drops.registered_drop.read_registered", away)
        forget_files(taught, receipt)
        assert len(take_all(taught)["failures"]) == 1
    assert "xlsx" not in written(taught, receipt)
    take_all(taught)
    assert written(taught, receipt) == first
