"""The Great Expectations suite ``submission``, generated from the rule registry. A new rule touches data only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from great_expectations.core import ExpectationSuite
from great_expectations.exceptions import ExpectationNotFoundError
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.registry import get_expectation_impl

import nuanliu.quality.expectations.kinds  # noqa: F401 - registers our own expectations
from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import Rule
from nuanliu.domain.findings import Severity
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import BrokenContract
from nuanliu.quality.expectations.frames import parts_of, related_measures

SUITE_NAME = "submission"
FRAMES = ("activities", "figures")
_GX_SEVERITY = {
    Severity.ERROR: "critical",
    Severity.QUERY: "critical",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}
"""GX knows three grades; what holds or returns a row is critical. The exact severity stands in ``meta``."""


@dataclass(frozen=True)
class RuleCheck:
    """One rule as an expectation on one frame."""

    rule: Rule
    frame: str
    expectation: Expectation

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at, the judged one first."""
        return expectation_columns(self.expectation.configuration.kwargs)


def period_values(week: ReportingWeek) -> dict[str, date]:
    """The dates that rules name: the week's Sunday and Monday, and the earliest end date that needs no question."""
    weeks_back = int(input_contract().limits["weeks_back"])
    return {"sunday": week.sunday, "monday": week.monday, "oldest_day": week.shift(-weeks_back).monday}


def contract_values() -> dict[str, list[str]]:
    """The column lists that rules name, from the code list of measures."""
    measures = list(codes().measures)
    values = {
        "measures": [measure.id for measure in measures],
        "counted_measures": [measure.id for measure in measures if measure.kind != "descriptive"],
    }
    for total in sorted(related_measures()):
        parts = parts_of(total)
        if parts:
            names = [total, *(part.id for part in parts)]
            values[f"parts_of.{total}"] = [
                f"{name}{suffix}" for name in names for suffix in ("", ".step", ".exactness")
            ]
    return values


def build_checks(rules: Iterable[Rule], values: Mapping[str, Any]) -> tuple[RuleCheck, ...]:
    """One expectation for each rule that is found by an expectation, in registry order.

    ``values`` fill the kwargs that begin with ``$``; dates become midnights, as the frames hold them. A rule that needs a
    value that is not given is left out: without a certain week nothing can be said about dates.
    Raises: BrokenContract when an entry makes no expectation.
    """
    checks = []
    for rule in rules:
        if rule.found_by != "expectation" or rule.expectation is None:
            continue
        wanted = [
            v[1:] for v in rule.expectation.get("kwargs", {}).values() if isinstance(v, str) and v.startswith("$")
        ]
        if all(name in values for name in wanted):
            checks.append(_check(rule, values))
    return tuple(checks)


def build_suite(checks: Iterable[RuleCheck], frame: str) -> ExpectationSuite:
    """The checks of one frame as a suite."""
    return ExpectationSuite(
        name=f"{SUITE_NAME}.{frame}", expectations=[check.expectation for check in checks if check.frame == frame]
    )


def expectation_columns(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns an expectation's kwargs name."""
    if "column_list" in kwargs:
        return tuple(kwargs["column_list"])
    return tuple(str(kwargs[key]) for key in ("column", "column_A", "column_B") if key in kwargs)


def _check(rule: Rule, values: Mapping[str, Any]) -> RuleCheck:

    entry = dict(rule.expectation or {})
    frame = entry.get("frame", FRAMES[0])
    if frame not in FRAMES:
        raise BrokenContract(f"rule {rule.id}: frame {frame!r} is none of {', '.join(FRAMES)}")
    kwargs = {key: _filled(value, values) for key, value in entry.get("kwargs", {}).items()}
    meta = {"rule": rule.id, "severity": str(rule.severity), "owner": rule.owner, "releasable": rule.releasable}
    try:
        kind = get_expectation_impl(str(entry.get("type")))
        expectation = kind(**kwargs, severity=_GX_SEVERITY[rule.severity], meta=meta, description=rule.title)
    except (ExpectationNotFoundError, ValueError, TypeError) as error:
        raise BrokenContract(f"rule {rule.id}: its entry makes no expectation: {error}") from error
    if not getattr(kind, "map_metric", None):
        raise BrokenContract(f"rule {rule.id}: {entry['type']} judges the whole table, not rows")
    return RuleCheck(rule, frame, expectation)


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if not (isinstance(value, str) and value.startswith("$")):
        return value
    filled = values[value[1:]]
    return filled if isinstance(filled, list) else datetime.combine(filled, time())
