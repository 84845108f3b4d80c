"""Every advice about a day, a label or a whole row is followed to the letter, and works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.advice.playing import Advice, play
from tests.integration.advice.row_advice import ROW_ADVICE
from tests.integration.clerk import drop, paper, people, rules, told, visit

if TYPE_CHECKING:
    from nuanliu.operations.context import Context


@pytest.mark.parametrize(("number", "advice"), enumerate(ROW_ADVICE), ids=map(str, ROW_ADVICE))
def test_following_the_fix_leads_where_it_promises(
    office: Context, counties: tuple[str, ...], number: int, advice: Advice
) -> None:
    play(office, advice, counties[number])


def test_a_name_that_says_all_levels_is_answered_as_own_in_a_correction(office: Context) -> None:
    named = {"填报单位": "白银市各级工会", "开始日期": "2024-11-05", "结束日期": "2024-11-05"}  # a week of its own
    asked = drop(office, paper(visit(**named)), week="2024-W45")
    assert "填“本级”,以“更正”重报" in told(asked, "org.scope.inferred")["fix"]
    mended = drop(office, paper(visit(**named, 统计范围="本级"), kind="更正"), week="2024-W45")
    assert not rules(mended, "error", "query", "warning")
    assert people(office, week="2024-W45") == "120"
