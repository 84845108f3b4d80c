"""As what a file is sent again once it is mended: as 更正 where something of its week counts, as 首报 where nothing does."""

from __future__ import annotations

from collections.abc import Iterable

from nuanliu.contract.rules import RESEND, RuleRegistry
from nuanliu.domain.findings import Finding

_AS_FIRST = "按“首报”重报"
_AS_THE_CASE_MAY_BE = "重报(本周已有入库的,以“更正”重报)"


def advise_resending(
    findings: Iterable[Finding], rules: RuleRegistry, *, is_counting: bool | None
) -> tuple[Finding, ...]:
    """The findings with what ``{resend}`` means now. ``is_counting``: whether anything of the union's week counts after this
    receipt, the file itself included; None where nobody has looked.
    """
    if is_counting:
        return tuple(findings)
    words = _AS_THE_CASE_MAY_BE if is_counting is None else _AS_FIRST
    return tuple(
        finding.advising(words, for_words=RESEND) if rules[finding.rule].asks_to_resend else finding
        for finding in findings
    )
