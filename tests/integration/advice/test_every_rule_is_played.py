"""No rule tells a clerk to do something that nobody has tried."""

from __future__ import annotations

from tests.integration.advice.file_advice import FILE_ADVICE, FILE_NOT_PLAYED, HINT_ADVICE
from tests.integration.advice.history_advice import HISTORY_ADVICE, HISTORY_NOT_PLAYED
from tests.integration.advice.row_advice import FIGURE_ADVICE, ROW_ADVICE, ROW_NOT_PLAYED, SET_ADVICE

from nuanliu.contract.rules import Rule, rule_registry
from nuanliu.domain.findings import Severity

PLAYED = {
    advice.rule for advice in (*FIGURE_ADVICE, *ROW_ADVICE, *SET_ADVICE, *FILE_ADVICE, *HINT_ADVICE, *HISTORY_ADVICE)
}
NOT_PLAYED = ROW_NOT_PLAYED | FILE_NOT_PLAYED | HISTORY_NOT_PLAYED


def asks_for_something(rule: Rule) -> bool:
    """不用处理 and nothing behind it asks for nothing; what stands behind it is a way that must work."""
    return rule.fix.rstrip("。") != "不用处理"


def test_every_rule_that_asks_for_something_is_played_or_listed_with_the_reason_why_not() -> None:
    asks = {rule.id for rule in rule_registry() if rule.severity is not Severity.INFO or asks_for_something(rule)}
    assert asks - PLAYED - NOT_PLAYED.keys() == set(), "play its advice in tests/integration/advice"


def test_nothing_is_excused_that_is_played_or_gone() -> None:
    known = {rule.id for rule in rule_registry()}
    assert NOT_PLAYED.keys() - known == set()
    assert PLAYED - known == set()
    assert PLAYED & NOT_PLAYED.keys() == set()


def test_an_explanation_is_offered_exactly_where_it_helps() -> None:
    """说明 is named in the fix of every rule that it releases and of no other query."""
    for rule in rule_registry():
        if rule.severity is not Severity.QUERY:
            continue
        offers = "“说明”" in rule.fix and "写“说明”不能放行" not in rule.fix
        assert offers == rule.releasable, rule.id
