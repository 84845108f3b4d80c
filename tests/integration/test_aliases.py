"""Names that nobody knew are proposed, used only once a person has confirmed them, and then remembered for that union."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.weekly_workbook import HEADER, answer, found, workbook

from nuanliu.errors import UsageError
from nuanliu.operations.decisions.aliases import confirm_proposal, dismiss_proposal, proposals
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

OWN_HEADER = ("主办单位", "服务对象", *("活动服务总人数(人)" if name == "服务人数(人)" else name for name in HEADER))


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def own_words(day: str) -> bytes:
    row = ("白银市职工之家", "户外环卫师傅", f"慰问{day}", "暖心慰问行动月", day, day, "本次", None, 120, None, None)
    return workbook([row], OWN_HEADER)


def listed(ctx: Context, **which: Any) -> dict[str, dict[str, Any]]:
    return {item["kind"]: item for item in proposals(ctx, **which)["proposals"]}


def test_unknown_names_are_listed_once_and_counted(ctx: Context) -> None:
    receipt = answer(ctx, "2024-W48", own_words("2024-11-27"))
    assert receipt["rows"]["held"] == 1
    items = listed(ctx)
    assert {kind: item["text"] for kind, item in items.items()} == {
        "union": "白银市职工之家",
        "category": "暖心慰问行动月",
        "group": "户外环卫师傅",
        "header": "活动服务总人数(人)",
    }
    assert items["header"]["proposed"] == "people_served"
    assert "服务人数(人)" in found(receipt, "file.column.unknown")[0]["message"]
    assert (items["union"]["union_id"], items["union"]["receipt_no"]) == ("620400", receipt["receipt_no"])
    answer(ctx, "2024-W49", own_words("2024-12-03"))
    assert {item["count"] for item in listed(ctx).values()} == {2}
    assert roll_up_week(ctx, "2024-W49")["figures"] == []  # proposed is not used


def test_what_is_confirmed_is_used_for_that_union_from_then_on(ctx: Context) -> None:
    answer(ctx, "2024-W48", own_words("2024-11-27"))
    targets = {"union": "白银市总工会", "category": "condolence", "group": None, "header": "服务人数"}
    items = listed(ctx)
    if items["group"]["proposed"] is None:
        targets["group"] = "户外劳动者"
    for kind, target in targets.items():
        confirm_proposal(ctx, items[kind]["proposal_id"], target=target, person="王工")
    assert listed(ctx) == {}
    receipt = answer(ctx, "2024-W49", own_words("2024-12-03"))
    assert receipt["rows"]["accepted"] == 1
    assert [(total["measure"], total["value"]) for total in receipt["totals"]] == [("people_served", "120")]
    assert "2024-W49/620400/condolence/people_served/event" in {
        figure["figure_id"] for figure in roll_up_week(ctx, "2024-W49")["figures"]
    }
    # another union's words are its own
    other = answer(ctx, "2024-W49", own_words("2024-12-03"), union_id="620300")
    assert other["rows"]["held"] == 1


def test_a_spelling_may_be_confirmed_for_everybody(ctx: Context) -> None:
    answer(ctx, "2024-W48", own_words("2024-11-27"))
    item = listed(ctx)["category"]
    confirm_proposal(ctx, item["proposal_id"], target="condolence", person="王工", for_all=True)
    other = answer(ctx, "2024-W49", own_words("2024-12-03"), union_id="620300")
    assert found(other, "row.category.unknown") == []
    assert len(found(other, "org.union.unknown")) == 1


def test_the_unit_of_a_learned_header_is_read_from_each_file(ctx: Context) -> None:
    def money(header: str, written: float, day: str) -> bytes:
        names = tuple(header if name == "投入资金(元)" else name for name in HEADER)
        return workbook([(f"慰问{day}", "送温暖慰问", day, day, "本次", None, 10, written, None)], names)

    answer(ctx, "2024-W48", money("本次活动花费(元)", 5000, "2024-11-27"))
    item = listed(ctx)["header"]
    confirm_proposal(ctx, item["proposal_id"], target="投入资金", person="王工")
    receipt = answer(ctx, "2024-W49", money("本次活动花费(万元)", 0.5, "2024-12-03"))
    assert ("funds_total", "5000") in {(total["measure"], total["value"]) for total in receipt["totals"]}


def test_a_confirmation_must_name_something_of_its_kind(ctx: Context) -> None:
    answer(ctx, "2024-W48", own_words("2024-11-27"))
    item = listed(ctx)["category"]
    with pytest.raises(UsageError, match="no category is called"):
        confirm_proposal(ctx, item["proposal_id"], target="白银市总工会", person="王工")
    with pytest.raises(UsageError, match="--person"):
        confirm_proposal(ctx, item["proposal_id"], target="condolence", person="")
    assert listed(ctx)["category"]["state"] == "open"


def test_a_dismissed_proposal_leaves_the_list_and_does_not_come_back(ctx: Context) -> None:
    answer(ctx, "2024-W48", own_words("2024-11-27"))
    dismiss_proposal(ctx, listed(ctx)["category"]["proposal_id"])
    answer(ctx, "2024-W49", own_words("2024-12-03"))
    assert "category" not in listed(ctx)
    assert listed(ctx, only_open=False)["category"]["state"] == "dismissed"
    with pytest.raises(UsageError, match="no open proposal"):
        dismiss_proposal(ctx, listed(ctx, only_open=False)["category"]["proposal_id"])


def test_a_replay_reads_what_was_held_for_a_name_that_is_confirmed_now(ctx: Context) -> None:
    answer(ctx, "2024-W48", own_words("2024-11-27"))
    for kind, item in listed(ctx).items():
        target = {"union": "620400", "category": "condolence", "group": "户外劳动者", "header": "服务人数"}[kind]
        confirm_proposal(ctx, item["proposal_id"], target=target, person="王工")
    assert replay(ctx, ReplayScope())["differences"]
    figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, "2024-W48")["figures"]}
    assert figures["2024-W48/620400/condolence/people_served/event"] == "120"
