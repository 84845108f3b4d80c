"""A submission keeps one finding a cell and rule: the later one, where the earlier stood."""

from __future__ import annotations

from tests.unit.quality.hand_made import row, submission

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding


def about(rule: str, row_id: int, value: str = "3-5") -> Finding:
    place = {"row_id": row_id, "row": row_id + 2, "cell": f"F{row_id + 2}"}
    return rule_registry()[rule].finding(column_id="people_served", value=value, **place)  # type: ignore[arg-type]


def test_the_later_finding_of_a_cell_and_rule_takes_the_place_of_the_earlier() -> None:
    ranges = [about("row.figure.range", at) for at in range(3)]
    vague = about("row.figure.vague", 1)
    read = submission(row(), row(), row()).with_findings([*ranges, ranges[0]])
    assert read.findings == tuple(ranges)
    again = about("row.figure.range", 1, "4-6")
    assert read.with_findings([vague, vague]).findings == (*ranges, vague)
    assert read.with_findings([vague, again]).findings == (ranges[0], again, ranges[2], vague)
    assert read.with_findings([]) is read
