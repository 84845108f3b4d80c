"""The input checks of the template, made from the rules: what is an error is refused while typing, what is a query is
asked back, what is a warning is told. Nothing that the rules accept is refused: 1200余 and 12月3日 may be written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation

from nuanliu.contract.rules import Rule, rule_registry
from nuanliu.domain.findings import Severity
from nuanliu.reporting.template.contents import TemplateColumn

_STYLES: Mapping[Severity, Literal["stop", "warning", "information"]] = {
    Severity.ERROR: "stop",
    Severity.QUERY: "warning",
    Severity.WARNING: "information",
}
_TITLE_LENGTH, _TEXT_LENGTH = 32, 255  # what Excel takes
_LENGTHS = "expect_column_value_lengths_to_be_between"
# A number in a date cell: a day from 2000 to 2049, as a serial or written 20241203.
_DAY = "OR(AND({cell}>=36526,{cell}<=54788),AND({cell}>=20000101,{cell}<=20491231))"
_LIST_RULES = {
    "union": "org.union.unknown",
    "category": "row.category.unknown",
    "campaign": "row.campaign.new",
    "groups": None,  # several may stand in one cell, which no drop-down can say
    "period_kind": "row.period_kind.unknown",
    "scope": "row.scope.unknown",
}
TYPE_RULE = "file.type.unknown"


def column_checks(
    columns: Sequence[TemplateColumn], letters: Mapping[str, str], lists: Mapping[str, str], rows: tuple[int, int]
) -> Iterator[DataValidation]:
    """One check a column. ``letters``: column id → letter; ``lists``: name of a list → its range; ``rows``: first, last."""
    for column in columns:
        cell = f"{letters[column.id]}{rows[0]}"
        check = _check(column, cell, letters, lists, rows[0])
        if column.hint:
            check.showInputMessage = True
            check.promptTitle, check.prompt = column.header[:_TITLE_LENGTH], column.hint[:_TEXT_LENGTH]
        check.add(f"{cell}:{letters[column.id]}{rows[1]}")
        yield check


def list_check(source: str, rule_id: str | None, proposed: str) -> DataValidation:
    """A drop-down. ``rule_id``: what becomes of a name that is not in the list; None: nothing, it only proposes."""
    check = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=rule_id is not None)
    if rule_id is not None:
        _explain(check, rule_registry()[rule_id], nearest=proposed)
    return check


def _check(
    column: TemplateColumn, cell: str, letters: Mapping[str, str], lists: Mapping[str, str], row: int
) -> DataValidation:
    rules = rule_registry()
    if column.choices is not None:
        return list_check(lists[column.choices], _LIST_RULES[column.kind], "列表里的名称")
    if column.kind == "measure":
        return _refuse(f"OR(NOT(ISNUMBER({cell})),{cell}>=0)", rules["row.figure.negative"])
    if column.id == "end_date":
        start = f"{letters['start_date']}{row}"
        day = _DAY.format(cell=cell)
        order = f"OR(NOT(ISNUMBER({start})),{start}<={cell})"
        return _refuse(f"OR(NOT(ISNUMBER({cell})),AND({day},{order}))", rules["row.end_date.before_start"])
    if column.kind == "date":
        return _refuse(f"OR(NOT(ISNUMBER({cell})),{_DAY.format(cell=cell)})", rules["row.date.implausible"])
    limit = next((rule for rule in rules if _limits_length(rule, column.id)), None)
    if limit is not None and limit.expectation is not None:
        most = limit.expectation["kwargs"]["max_value"]
        check = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(most), allow_blank=True)
        _explain(check, limit)
        return check
    return DataValidation(type=None, allow_blank=True)


def _limits_length(rule: Rule, column_id: str) -> bool:
    return rule.column == column_id and rule.expectation is not None and rule.expectation["type"] == _LENGTHS


def _refuse(formula: str, rule: Rule) -> DataValidation:
    check = DataValidation(type="custom", formula1=formula, allow_blank=True)
    _explain(check, rule)
    return check


def _explain(check: DataValidation, rule: Rule, **words: str) -> None:
    check.errorStyle = _STYLES[rule.severity]
    check.showErrorMessage = True
    check.errorTitle = rule.title[:_TITLE_LENGTH]
    check.error = rule_words(rule, **words)[:_TEXT_LENGTH]


class _Blanks(dict[str, object]):
    """Words of a rule's text that only a row could give."""

    def __missing__(self, word: str) -> str:
        return _GENERAL.get(word, "…")


_GENERAL = {
    "row": "×",
    "column": "这一列",
    "nearest": "列表里的名称",
    "receipt_no": "先前那份",
    "unit": "",
    "sheet_unit": "这个单位",
    "column_unit": "表头的单位",
}


def rule_words(rule: Rule, **words: str) -> str:
    """How to mend what a rule finds, said in general."""
    return rule.fix.format_map(_Blanks({**rule.own_words, **words}))
