"""Whose file it is, of which period and of which type: cover, lines above the tables and CSV columns put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.domain.findings import Finding
from nuanliu.domain.submission import SubmissionType
from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.rows.cell_findings import shorten
from nuanliu.intake.tables.headers import Header, title_cells
from nuanliu.intake.tables.labelled_values import (
    Stated,
    first_stated,
    period_titles,
    read_labelled_values,
    read_submission_type,
)
from nuanliu.intake.tables.table_rows import TableRows
from nuanliu.intake.values.coded_cells import propose
from nuanliu.intake.values.union_names import UnionReading, read_union
from nuanliu.intake.values.unique_texts import is_null
from nuanliu.ooxml.addresses import row_of

_NAMES_WEEK = re.compile(r"周|[wWＷ]-?[0-9]")
"""In a letter stand other numbers too: the day of signing, a telephone."""


@dataclass(frozen=True)
class SelfDescription:
    """``periods``: source → text, for ``decide_period``. ``submission_type``: None when the file names none.
    ``default_unions``: table number → union that rows without 填报单位 are reported for, where its title names one.
    """

    union_text: str | None = None
    period_text: str | None = None
    submission_type: SubmissionType | None = None
    template_version: str | None = None
    periods: Mapping[str, str] = field(default_factory=dict)
    default_unions: Mapping[int, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class _Describer:
    """Takes in one place after another, covers first, and says in the end what they come to."""

    def __init__(self, sender_id: str, aliases: Aliases) -> None:
        self.sender_id = sender_id
        self.aliases = aliases
        self.union_text: str | None = None
        self.period_text: str | None = None
        self.version: str | None = None
        self.findings: list[Finding] = []
        self.periods: dict[str, str] = {}
        self.types: dict[SubmissionType, None] = {}
        self.defaults: dict[int, str] = {}

    def take_cover(self, sheet: Sheet) -> None:
        """What a cover states, or a sheet of a 零报告; it must name the sender."""
        stated = read_labelled_values(sheet.grid.iloc[:100], sheet)
        if (union := first_stated(stated, "union")) is not None:
            union_id = self._read_union(union, sheet)
            if union_id is not None and union_id != self.sender_id:
                self._hold_foreign(union_id, union.value)
        self._take_period(stated, "封面")
        self._take_type(stated)
        if (template := first_stated(stated, "template_version")) is not None:
            self.version = self.version or template.value

    def take_letter(self, sheet: Sheet) -> None:
        """The lines of a sheet without a table that name a week."""
        for line in filter(_NAMES_WEEK.search, period_titles(sheet.grid.iloc[:100])):
            self._add_period("标题", line)

    def take_title(self, number: int, sheet: Sheet, header: Header, *, is_only: bool) -> None:
        """What stands above a table; a union that ever stood in the sender's own tree may be named above one of
        several. Whether it did in the weeks of its rows is judged row by row.
        """
        titles = title_cells(sheet, header)
        stated = read_labelled_values(titles, sheet)
        if (union := first_stated(stated, "union")) is not None:
            union_id = self._read_union(union, sheet)
            is_own = union_id == self.sender_id or (not is_only and codes().was_ever_below(union_id, self.sender_id))
            if union_id is not None and is_own:
                self.defaults[number] = union_id
            elif union_id is not None:
                self._hold_foreign(union_id, union.value)
        self._take_period(stated, "报告期")
        for title in period_titles(titles):
            self._add_period("标题", title)
        self._take_type(stated)

    def take_columns(self, table: TableRows) -> None:
        """The columns 报告期 and 报送类型 of a table."""
        for text in _distinct(table, "csv_period"):
            self._add_period("报告期", text)
        for text in _distinct(table, "csv_type"):
            self._add_type(text)

    def description(self) -> SelfDescription:
        """What it all comes to, with what contradicts itself."""
        if len(self.types) > 1:
            said = "、".join(kind.value for kind in self.types)
            self.findings.append(rule_registry()["file.type.conflict"].finding(said=said))
        current = input_contract().template_version
        if self.version is not None and _numbers(self.version) < _numbers(current):
            old = rule_registry()["file.template.old"].finding(value=shorten(self.version), current=current)
            self.findings.append(old)
        return SelfDescription(
            union_text=self.union_text,
            period_text=self.period_text,
            submission_type=next(iter(self.types), None),
            template_version=self.version,
            periods=self.periods,
            default_unions=self.defaults,
            findings=tuple(self.findings),
        )

    def _take_period(self, stated: Sequence[Stated], source: str) -> None:
        if (period := first_stated(stated, "period")) is not None:
            self.period_text = self.period_text or period.value
            self._add_period(source, period.value)

    def _take_type(self, stated: Sequence[Stated]) -> None:
        if (kind := first_stated(stated, "submission_type")) is not None:
            self._add_type(kind.value)

    def _add_period(self, source: str, text: str) -> None:
        if text not in self.periods.values():
            number = sum(name.startswith(source) for name in self.periods)
            self.periods[source if not number else f"{source}{number + 1}"] = text

    def _add_type(self, text: str) -> None:
        found = read_submission_type(text)
        if found is None:
            self.findings.append(rule_registry()["file.type.unknown"].finding(value=text[:20]))
        else:
            self.types[found] = None

    def _read_union(self, stated: Stated, sheet: Sheet) -> str | None:
        """The union that a cover or title names; a name that is not the sender's has a finding."""
        self.union_text = self.union_text or stated.value
        rules = rule_registry()
        reading = read_union(stated.value, self.sender_id, self.aliases)
        unions = codes().unions
        if reading.union_id is None:
            self.findings.append(
                rules["org.cover.unknown"].finding(
                    value=stated.value[:40],
                    sender=unions.get(self.sender_id).name,
                    nearest=propose(reading.nearest),
                )
            )
        elif reading.rule:
            row = row_of(stated.cell)
            self.findings.append(self._short(reading, stated, sheet, row))
        return reading.union_id

    def _short(self, reading: UnionReading, stated: Stated, sheet: Sheet, row: int) -> Finding:
        meant = codes().unions.get(reading.union_id or "").name
        return rule_registry()["org.union.short"].finding(
            sheet=sheet.name,
            cell=stated.cell,
            row=row,
            column_id="reporting_union",
            value=stated.value[:40],
            meant=meant,
        )

    def _hold_foreign(self, union_id: str, text: str) -> None:
        unions = codes().unions
        self.findings.append(
            rule_registry()["org.cover.foreign"].finding(
                value=text[:40], named=unions.get(union_id).name, sender=unions.get(self.sender_id).name
            )
        )


def describe(
    covers: Sequence[Sheet],
    tables: Sequence[tuple[Sheet, Header]],
    rows: Sequence[TableRows],
    sender_id: str,
    aliases: Aliases = NO_ALIASES,
    *,
    letters: Sequence[Sheet] = (),
    unread: Sequence[Sheet] = (),
) -> SelfDescription:
    """Put together what a file says about itself. ``rows``: the rows of ``tables``, for 报告期 and 报送类型 columns.
    ``letters``: the sheets of a 零报告 without any table; whatever it says it says there. ``unread``: sheets whose table
    nobody could find; their titles name the week all the same.

    A cover must name the sender. A title above one of several tables may name a union of the sender's own tree, whose
    rows they are then; above the only table it must name the sender (M26).
    """
    about = _Describer(sender_id, aliases)
    for sheet in (*covers, *letters):
        about.take_cover(sheet)
    for sheet in (*letters, *unread):
        about.take_letter(sheet)
    for number, (sheet, header) in enumerate(tables):
        about.take_title(number, sheet, header, is_only=len(tables) == 1)
    for table in rows:
        about.take_columns(table)
    return about.description()


def _distinct(table: TableRows, column_id: str) -> Iterator[str]:
    column = table.labels.get(column_id)
    if column is not None:
        yield from (text for text in column.distinct if not is_null(text))


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version for comparing; 1 and 1.0 are the same, a sheet takes the one for the other."""
    numbers = [int(number[:9]) for number in re.findall(r"[0-9]+", version)]
    return tuple(reversed([*dropwhile(lambda number: not number, reversed(numbers))]))
