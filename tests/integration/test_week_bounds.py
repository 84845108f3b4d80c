"""Weeks that nobody can mean are refused in one line wherever a week can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nuanliu.errors import InvalidWeek
from nuanliu.operations.recovery.replay_scope import parse_replay_scope
from nuanliu.operations.weeks.inquiries import status
from nuanliu.operations.weeks.ledger import WEEKS_SHOWN, read_ledger
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.mark.parametrize("week", ["0001-W01", "9999-W53"])
def test_a_week_at_the_edge_of_the_calendar_is_wrong_use_and_no_fault(ctx: Context, week: str) -> None:
    for use in (
        lambda: read_ledger(ctx, week),
        lambda: status(ctx, week),
        lambda: roll_up_week(ctx, week),
        lambda: publish_week(ctx, week, send=False),
        lambda: parse_replay_scope(None, week, None),
    ):
        with pytest.raises(InvalidWeek, match=week):
            use()


@pytest.mark.parametrize("week", ["1970-W01", "2099-W53"])
def test_the_first_and_the_last_week_can_be_shown(ctx: Context, week: str) -> None:
    ledger = read_ledger(ctx, week)
    assert (str(ledger.weeks[-1]), len(ledger.weeks)) == (week, WEEKS_SHOWN)
    assert status(ctx, week)["week"] == week
    assert roll_up_week(ctx, week)["figures"] == []
