"""Every advice about a file as a whole is followed to the letter, and works."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from tests.integration.advice.file_advice import FILE_ADVICE, HINT_ADVICE, SECOND
from tests.integration.advice.playing import GOOD, Advice, play
from tests.integration.clerk import drop, paper, people, rules, visit

from nuanliu.operations.take_all import take_all

if TYPE_CHECKING:
    from nuanliu.operations.context import Context


@pytest.mark.parametrize(
    ("number", "advice"), enumerate((*FILE_ADVICE, *HINT_ADVICE)), ids=map(str, (*FILE_ADVICE, *HINT_ADVICE))
)
def test_following_the_fix_leads_where_it_promises(
    office: Context, counties: tuple[str, ...], number: int, advice: Advice
) -> None:
    play(office, advice, counties[number])


def test_a_report_in_several_files_has_one_first_and_supplements(office: Context, counties: tuple[str, ...]) -> None:
    assert drop(office, GOOD, union_id=counties[-1])["status"] == "accepted"
    assert drop(office, paper(SECOND, kind="补充", name="第二份.xlsx"), union_id=counties[-1])["status"] == "accepted"
    assert people(office, counties[-1]) == "150"


def test_a_trial_is_tried_in_the_folder_that_the_fix_names(office: Context, counties: tuple[str, ...]) -> None:
    assert "file.trial.doubtful" in rules(drop(office, GOOD.but(folder="试报材料"), union_id=counties[-2]), "query")
    assert drop(office, GOOD.but(folder="试报"), union_id=counties[-2])["status"] == "trial"
    assert people(office, counties[-2]) is None


def test_the_very_bytes_of_a_held_file_are_taken_from_the_right_folder(
    office: Context, counties: tuple[str, ...]
) -> None:
    data = GOOD.write()
    assert drop(office, GOOD.but(data=data, folder="试报材料"), union_id=counties[-3])["status"] == "held"
    assert drop(office, GOOD.but(data=data), union_id=counties[-3])["status"] == "accepted"


def test_a_report_that_came_too_early_is_taken_once_its_week_has_begun(
    office: Context, counties: tuple[str, ...]
) -> None:
    early = paper(visit(开始日期="2024-12-17", 结束日期="2024-12-17"), folder="2024-W51")
    assert "请等那一周开始后再报" in drop(office, early, union_id=counties[-4])["findings"][0]["fix"]
    assert drop(office, early, union_id=counties[-4], week="2024-W51")["status"] == "accepted"


def test_a_file_outside_every_folder_is_answered_after_it_is_moved(office: Context, counties: tuple[str, ...]) -> None:
    data = GOOD.write()
    assert office.bucket.create("intake/白银市/周报.xlsx", data)
    now = datetime.fromisoformat("2024-12-09T09:00+08:00")
    (receipt,) = take_all(replace(office, settings=replace(office.settings, now=now, settle_seconds=0)))["receipts"]
    assert rules(receipt) == {"org.sender.unknown"}
    assert drop(office, GOOD.but(data=data), union_id=counties[-5])["status"] == "accepted"


def test_a_short_name_that_meant_another_is_corrected(office: Context, counties: tuple[str, ...]) -> None:
    receipt = drop(office, paper(visit(活动名称="短名", 填报单位="陇西")), union_id="621100")
    assert "org.union.short" in rules(receipt, "warning")
    receipt = drop(office, paper(visit(活动名称="短名", 填报单位="通渭县总工会"), kind="更正"), union_id="621100")
    assert receipt["status"].startswith("accepted")
    moved = [change["old"] for change in receipt["changes"]], [change["new"] for change in receipt["changes"]]
    assert moved == (["120", None], [None, "120"]) or moved == ([None, "120"], ["120", None])
