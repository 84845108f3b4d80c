"""Advice to send a file again is followed where nothing of it was loaded: as the first report, and nobody says 没有可更正的."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.advice.file_advice import FILE_ADVICE, HINT_ADVICE
from tests.integration.advice.history_advice import HISTORY_ADVICE
from tests.integration.advice.row_advice import FIGURE_ADVICE, ROW_ADVICE, SET_ADVICE
from tests.integration.clerk import drop, people, rules, told

from nuanliu.contract.rules import RESEND, rule_registry

if TYPE_CHECKING:
    from tests.integration.advice.playing import Advice
    from tests.integration.clerk import Paper

    from nuanliu.operations.context import Context

RESENT = [
    advice
    for advice in (*FIGURE_ADVICE, *ROW_ADVICE, *SET_ADVICE, *FILE_ADVICE, *HINT_ADVICE, *HISTORY_ADVICE)
    if rule_registry()[advice.rule].asks_to_resend and not advice.standing
]
NOT_HERE = {
    "row.figure.unit_differs": "asks to look, see ROW_NOT_PLAYED",
    "row.figure.unit_line_differs": "asks to look, see ROW_NOT_PLAYED",
    "org.scope.inferred": "a name of the union's own, see test_row_advice",
    "org.union.short": "a union that has such counties, see test_file_advice",
}


def sent_as(paper: Paper, kind: str) -> Paper:
    return paper.but(cover={**paper.cover, "报送类型": kind})


@pytest.mark.parametrize(("number", "advice"), enumerate(RESENT), ids=map(str, RESENT))
def test_where_nothing_counts_the_mended_file_is_sent_as_the_first(
    office: Context, counties: tuple[str, ...], number: int, advice: Advice
) -> None:
    union_id = counties[number]
    raised = drop(office, sent_as(advice.before, "第二稿"), union_id=union_id, week=advice.week)
    assert raised["status"] == "held"
    fix = told(raised, advice.rule)["fix"]
    assert advice.says.replace(RESEND, "按“首报”重报") in fix
    answer = drop(office, sent_as(advice.after, "首报"), union_id=union_id, week=advice.week)
    assert answer["status"].startswith("accepted")
    assert not rules(answer, "error", "query")
    assert people(office, union_id, advice.counts_in or advice.week, advice.kind) == advice.ends_at


def test_every_rule_that_asks_to_send_again_is_played_here() -> None:
    asking = {rule.id for rule in rule_registry() if rule.asks_to_resend}
    assert asking == {advice.rule for advice in RESENT} | NOT_HERE.keys()
