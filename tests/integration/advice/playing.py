"""How an advice is played: a file that raises a finding, the file changed as the fix says, and what that leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.integration.clerk import VISIT, Paper, drop, figure_of, rules, told

from nuanliu.contract.rules import RESEND
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.marts.figures import week_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nuanliu.operations.context import Context


@dataclass(frozen=True)
class Advice:
    """``says``: the words of the fix that are followed. ``standing``: what the union had reported before, each with its week.

    ``ends_at``: 服务人数 of the union in the week afterwards, as the roll-up has it; None: nothing is reported.
    ``further``: what else has to be dropped for what the fix says (several files instead of one).
    """

    rule: str
    says: str
    before: Paper
    after: Paper
    ends_at: str | None = "120"
    standing: Sequence[tuple[str, Paper]] = ()
    further: Sequence[Paper] = ()
    kind: str = "event"
    week: str = "2024-W49"
    counts_in: str | None = None

    def __str__(self) -> str:
        return f"{self.rule}-{self.says}"


GOOD = Paper(rows=(VISIT,))


def play(ctx: Context, advice: Advice, union_id: str) -> None:
    """Raise the finding, do what its fix says, and see that it leads where it promises."""
    for week, paper in advice.standing:
        status = drop(ctx, paper, union_id=union_id, week=week)["status"]
        assert status.startswith(("accepted", "partially")), f"what stood before is {status}"
    raised = drop(ctx, advice.before, union_id=union_id, week=advice.week)
    findings = [finding for finding in raised["findings"] if finding["rule"] == advice.rule]
    assert findings, f"not raised; but {sorted(rules(raised))}"
    fix = findings[0]["fix"]
    assert advice.says in fix, f"the fix does not say so: {fix}"
    for paper in (advice.after, *advice.further):
        answer = drop(ctx, paper, union_id=union_id, week=advice.week)
        still = rules(answer, "error", "query")
        assert not still, (
            f"followed, and yet: {[(f['rule'], f['fix']) for f in answer['findings'] if f['rule'] in still]}"
        )
        assert answer["status"].startswith("accepted") or answer["status"] == "unchanged", answer["status"]
        assert advice.rule not in rules(answer, "warning"), "the warning is still there"
        assert RESEND not in fix or "file.version.nothing_to_correct" not in rules(answer), (
            "there was nothing to correct"
        )
    week = advice.counts_in or advice.week
    # The intake rolled up; to do so again is a tenth of each of two hundred tests.
    with ctx.engine.connect() as connection:
        document = week_document(connection, ReportingWeek.parse(week), compares=False)
    assert figure_of(document, union_id, advice.kind) == advice.ends_at


__all__ = ["GOOD", "Advice", "play", "told"]
