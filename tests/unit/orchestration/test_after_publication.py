"""An edition is mailed at once unless somebody asked for approval; none is told to the engineers."""

from __future__ import annotations

import pytest

from nuanliu.orchestration.after_publication import next_task


@pytest.mark.parametrize(
    ("held", "asks", "task"),
    [
        (False, None, "mail_edition"),  # as publication.yaml says
        (False, False, "mail_edition"),
        (False, True, "approve_edition"),
        (True, True, "tell_engineers"),
    ],
)
def test_mails_leave_at_once_unless_a_person_must_look_or_the_gate_is_closed(
    *, held: bool, asks: bool | None, task: str
) -> None:
    assert next_task({"held": held}, asks=asks) == task
