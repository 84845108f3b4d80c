"""What a receipt advises for sending a file again is true of what counts once the file is answered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.quality.hand_made import ARRIVAL, History, history, row, submission, version

from nuanliu.contract.rules import RESEND, rule_registry
from nuanliu.domain.checked import LoadAction
from nuanliu.quality.verdict.gate import decide

if TYPE_CHECKING:
    from nuanliu.domain.findings import Finding

RESENDING = [rule.id for rule in rule_registry() if rule.asks_to_resend]
AS_FIRST, EITHER = "按“首报”重报", "重报(本周已有入库的,以“更正”重报)"
PLACE = {"sheet": "活动明细", "cell": "F2", "row": 2, "column_id": "end_date", "value": "近日", "row_id": 0}
HOLDS = rule_registry()["file.type.unknown"].finding(value="第二稿")


def inexact() -> Finding:
    return rule_registry()["row.date.inexact"].finding(**PLACE)


def advised(past: History | None, *more: Finding, **words: Any) -> tuple[str, LoadAction]:
    """The fix of a warning beside what else is found, and what was loaded."""
    file = submission(row("好", end_on=date(2024, 12, 3))).with_findings((inexact(), *more))
    given = {"object_key": "k", "sha256": "now", "received_at": ARRIVAL, "is_trial": False, **words}
    checked = decide(file, past, **given)
    (fix,) = [finding.fix for finding in checked.receipt.findings if finding.rule == "row.date.inexact"]
    return fix, checked.action


def test_what_was_loaded_is_sent_again_as_a_correction() -> None:
    fix, action = advised(history())
    assert action is LoadAction.REPLACE
    assert RESEND in fix


def test_where_nothing_was_loaded_and_nothing_counts_the_file_is_sent_again_as_the_first() -> None:
    fix, action = advised(history(), HOLDS)
    assert action is LoadAction.NOTHING
    assert AS_FIRST in fix
    assert "更正" not in fix


@pytest.mark.parametrize("is_younger", [False, True])
def test_where_another_version_counts_a_file_that_loads_nothing_is_sent_again_as_a_correction(
    is_younger: bool,
) -> None:
    standing = version(is_younger=is_younger)
    past = history(younger=(standing,)) if is_younger else history(versions=(standing,))
    fix, action = advised(past, HOLDS)
    assert action is LoadAction.NOTHING
    assert RESEND in fix


def test_a_version_that_counts_no_more_is_nothing_to_correct() -> None:
    assert AS_FIRST in advised(history(versions=(version(is_current=False),)), HOLDS)[0]


def test_a_trial_loads_nothing_so_that_only_what_stood_before_is_corrected() -> None:
    assert AS_FIRST in advised(history(), is_trial=True)[0]
    assert RESEND in advised(history(versions=(version(),)), is_trial=True)[0]


def test_a_check_without_a_warehouse_says_what_to_do_in_either_case() -> None:
    assert EITHER in advised(None)[0]


@pytest.mark.parametrize("rule_id", RESENDING)
def test_every_fix_that_asks_to_send_again_follows_what_counts(rule_id: str) -> None:
    rule = rule_registry()[rule_id]
    words = dict.fromkeys(rule.needed_words - rule.own_words.keys() - PLACE.keys() - {"held_clause", "column"}, "某")
    asked = rule.finding(**PLACE, **words)
    assert RESEND in asked.fix
    assert rule.names_submission_type
    file = submission(row("好")).with_findings((asked, HOLDS))
    checked = decide(file, history(), object_key="k", sha256="now", received_at=ARRIVAL, is_trial=False)
    (fix,) = [finding.fix for finding in checked.receipt.findings if finding.rule == rule_id]
    assert fix == asked.fix.replace(RESEND, AS_FIRST)


def test_no_fix_says_correction_by_itself_where_it_means_this_very_file() -> None:
    """以“更正”重报 in a fix is of another week, another file or another union; of this one it is ``{resend}``."""
    of_others = {"org.foreign.similar"}
    assert {rule.id for rule in rule_registry() if "“更正”重报" in rule.fix} - of_others <= {"row.figure.negative"}
