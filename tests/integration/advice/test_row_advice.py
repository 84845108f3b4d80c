"""Every advice about a day, a label or a whole row is followed to the letter, and works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.advice.playing import Advice, play
from tests.integration.advice.row_advice import ROW_ADVICE

if TYPE_CHECKING:
    from nuanliu.operations.context import Context


@pytest.mark.parametrize(("number", "advice"), enumerate(ROW_ADVICE), ids=map(str, ROW_ADVICE))
def test_following_the_fix_leads_where_it_promises(
    office: Context, counties: tuple[str, ...], number: int, advice: Advice
) -> None:
    play(office, advice, counties[number])
