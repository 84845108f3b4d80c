"""From the texts of a table's rows to ids, dates and words of the contract: the row columns of a submission."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.contract.code_lists import codes, unions_of_week
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.union_life import UnionsOfWeek
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.domain.findings import Finding
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.intake.rows.cell_findings import CellFindings
from nuanliu.intake.rows.dated_cells import read_activity_dates, read_since_dates
from nuanliu.intake.rows.ended_unions import words_of_end
from nuanliu.intake.rows.keys import as_of_on, counts_week
from nuanliu.intake.rows.years_to_date import find_year_problems
from nuanliu.intake.tables.table_rows import TableRows
from nuanliu.intake.values.coded_cells import (
    CellReading,
    propose,
    read_campaign,
    read_category,
    read_groups,
    read_period_kind,
    read_scope,
)
from nuanliu.intake.values.partners import split_partners
from nuanliu.intake.values.places import place_names
from nuanliu.intake.values.union_names import UnionReading, read_union
from nuanliu.intake.values.unique_texts import UniqueTexts, is_null

_ERROR_VALUE = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)\Z", re.IGNORECASE)
R = TypeVar("R", CellReading, UnionReading)
_DATES = frozenset({"start_date", "end_date", "activity_time", "since_date"})
_UNKNOWN = {"org.union.unknown", "row.category.unknown", "row.group.unknown", "row.campaign.new"}


@dataclass(frozen=True)
class NormalisedRows:
    """``rows``: one per received row, the columns of ``ROW_COLUMNS`` that a row itself says.

    ``foreign``: names of unions outside the sender's own tree that rows are reported for. ``unknown_names``: distinct
    names of unions, categories, groups and campaigns that nobody knows.
    """

    rows: pd.DataFrame
    findings: list[Finding]
    foreign: tuple[str, ...] = ()
    unknown_names: frozenset[str] = frozenset()


def normalise_rows(
    table: TableRows,
    is_activity: npt.NDArray[np.bool_],
    *,
    sender_id: str,
    default_union: str | None = None,
    week: ReportingWeek,
    first_row_id: int,
    aliases: Aliases = NO_ALIASES,
) -> NormalisedRows:
    """Read every label column of a table. Cells that cannot be read are None and have a finding.

    ``default_union``: whom a row without 填报单位 is reported for; None: the sender. ``aliases``: the sender's confirmed
    spellings.
    """
    reader = _RowReader(table, is_activity, sender_id, default_union or sender_id, week, first_row_id, aliases)
    rows = reader.read()
    return NormalisedRows(
        rows, reader.findings.findings, tuple(dict.fromkeys(reader.foreign)), frozenset(reader.unknown)
    )


class _RowReader:
    def __init__(
        self,
        table: TableRows,
        is_activity: npt.NDArray[np.bool_],
        sender_id: str,
        default_union: str,
        week: ReportingWeek,
        first_row_id: int,
        aliases: Aliases,
    ) -> None:
        self.aliases = aliases
        self.table = table
        self.length = len(table.body)
        self.is_activity = is_activity
        self.sender_id = sender_id
        self.default_union = default_union
        self.week = week
        self.findings = CellFindings(table, is_activity, first_row_id)
        self.columns: dict[str, UniqueTexts] = {}
        self.foreign: list[str] = []
        self.unknown: set[str] = set()

    def read(self) -> pd.DataFrame:
        for column_id, column in self.table.labels.items():
            self.columns[column_id] = column if column_id in _DATES else self._without_errors(column_id, column)
        self._report_uncomputed()
        self._report_empty()
        reporting, inclusive_by = self._read_unions("reporting_union")
        reporting = reporting.where(~self._is_null("reporting_union"), self.default_union)
        organizer, inclusive_too = self._read_unions("organizer_union")
        organizer = organizer.where(~self._is_null("organizer_union"), reporting)
        kind = self._read_codes("period_kind", read_period_kind)
        kind = kind.where(~self._is_null("period_kind"), "event")
        partners = self._column("co_organizers")
        split = [split_partners(value) if not is_null(value) else ((), False) for value in partners.distinct]
        place = self._column("place")
        written_place = [None if is_null(value) else value for value in place.distinct]
        divisions = [place_names().find(value) if value else None for value in written_place]
        dates = read_activity_dates(self.table, self.findings, sunday=self.week.sunday)
        self._report_absent_dates(dates.is_absent)
        self._report_unions(reporting, organizer, counts_week(as_of_on({"end_on": dates.end_on}, self.week), kind))
        find_year_problems(self.findings, list(self.columns), period_kind=kind, end_on=dates.end_on, week=self.week)
        return pd.DataFrame(
            {
                "activity_no": self._text("activity_no"),
                "reporting_union_id": reporting,
                "organizer_union_id": organizer,
                "co_organizers": partners.spread([";".join(names) or None for names, _ in split]),
                "has_open_list": partners.where([is_open for _, is_open in split]),
                "activity_name": self._text("activity_name"),
                "campaign_id": self._read_codes("campaign", read_campaign),
                "category_id": self._read_codes("category", self._bounded(read_category)),
                "start_on": dates.start_on,
                "end_on": dates.end_on,
                "is_date_inferred": dates.is_inferred,
                "place_division": place.spread(divisions),
                "place_detail": place.spread(
                    [
                        None
                        if code and value and fold_label(value) == fold_label(codes().divisions[code].name)
                        else value
                        for value, code in zip(written_place, divisions, strict=True)
                    ]
                ),
                "beneficiary_groups": self._read_codes("beneficiary_groups", self._bounded(read_groups)),
                "period_kind": kind,
                "since_on": read_since_dates(self.table, self.findings, sunday=self.week.sunday),
                "item_name": self._text("item_name"),
                "scope": self._read_scope(inclusive_by, inclusive_too),
                "explanation": self._text("explanation"),
                "remarks": self._read_remarks(),
            }
        )

    def _column(self, column_id: str) -> UniqueTexts:
        return self.columns.get(column_id) or UniqueTexts.empty(self.length)

    def _is_null(self, column_id: str) -> npt.NDArray[np.bool_]:
        return self._column(column_id).is_null

    def _text(self, column_id: str) -> pd.Series:
        return self._column(column_id).known()

    def _without_errors(self, column_id: str, column: UniqueTexts) -> UniqueTexts:
        """#REF! and its kin are null, with a warning; in a required cell that makes the cell empty (M58)."""
        is_error = column.marked("^#", lambda text: _ERROR_VALUE.match(text) is not None)
        if not any(is_error):
            return column
        rules = ["row.cell.error_value" if error else None for error in is_error]
        self.findings.add_readings(column, rules, column_id, [{}] * len(rules))
        return UniqueTexts(
            ["" if error else value for value, error in zip(column.distinct, is_error, strict=True)], column.codes
        )

    def _report_uncomputed(self) -> None:
        if not self.table.sheet.uncomputed:
            return
        for column in self.table.header.fields.values():
            if column.is_measure or column.id not in self.columns:
                continue
            at = [
                i
                for i, row in enumerate(self.table.body.index)
                if f"{column.letter}{row}" in self.table.sheet.uncomputed
            ]
            self.findings.add("row.cell.uncomputed", at, column.id)

    def _report_empty(self) -> None:
        for column in input_contract().columns.values():
            if column.required and column.id in self.columns:
                self.findings.add("row.required.empty", self._is_null(column.id), column.id)

    def _read_codes(self, column_id: str, read: Callable[[str], CellReading]) -> pd.Series:
        column = self._column(column_id)
        readings = column.apply(read)
        self._report(column_id, column, [r.rule for r in readings], [r.words for r in readings])
        return column.spread([reading.value for reading in readings])

    def _bounded(self, read: Callable[..., R]) -> Callable[[str], R]:
        """``read`` with what was aliases. Once more names are unknown than a file may have, near ones are not looked for:
        the file goes back for that, and the search is slow (M79).
        """
        most, unknown = int(input_contract().limits["max_new_names"]), 0

        def read_one(text: str) -> R:
            nonlocal unknown
            reading = read(text, aliases=self.aliases, with_nearest=unknown <= most)
            unknown += reading.rule in _UNKNOWN
            return reading

        return read_one

    def _report(
        self, column_id: str, column: UniqueTexts, rules: list[str | None], words: list[Mapping[str, object]]
    ) -> None:
        self.unknown.update(
            fold_label(value) for value, rule in zip(column.distinct, rules, strict=True) if rule in _UNKNOWN
        )
        self.findings.add_readings(column, rules, column_id, words)

    def _read_unions(self, column_id: str) -> tuple[pd.Series, npt.NDArray[np.bool_]]:
        column = self._column(column_id)
        empty = UnionReading(None)
        read = self._bounded(partial(read_union, sender_id=self.sender_id))
        readings = [empty if is_null(value) else read(value) for value in column.distinct]
        unions = codes().unions.list
        words: list[Mapping[str, object]] = [
            {
                "nearest": propose(reading.nearest),
                "choices": f",即{_quoted(reading.nearest)}" if reading.nearest else "",
                "meant": unions[reading.union_id].name if reading.union_id else "",
            }
            for reading in readings
        ]
        self._report(column_id, column, [reading.rule for reading in readings], words)
        return (
            column.spread([reading.union_id for reading in readings]),
            column.where([reading.is_inclusive for reading in readings]),
        )

    def _report_unions(self, reporting: pd.Series, organizer: pd.Series, weeks: pd.Series) -> None:
        """Unions outside the sender's tree, and unions that have ended: by the week in which each row counts."""
        for monday in weeks[self.is_activity].unique():
            unions = unions_of_week(monday.date())
            then = (weeks == monday).to_numpy(dtype=bool)
            ended = self._report_ended(unions, then, {"organizer_union": organizer, "reporting_union": reporting})
            tree = unions.subtree(self.sender_id)
            outside = then & ~ended & (reporting.notna() & ~reporting.isin(tree)).to_numpy(dtype=bool)
            ids = reporting[outside & self.is_activity].unique()
            self.foreign += [unions.standing[union_id].name for union_id in ids]
            outside = then & ~ended & (organizer.notna() & ~organizer.isin(tree)).to_numpy(dtype=bool)
            self._report_foreign_organizers(organizer, outside, unions)

    def _report_ended(
        self, unions: UnionsOfWeek, then: npt.NDArray[np.bool_], named: Mapping[str, pd.Series]
    ) -> npt.NDArray[np.bool_]:
        """Rows of unions that had ended by their week. A sender that has ended is told so once, of the whole file."""
        ended = np.zeros(self.length, dtype=bool)
        others = [union_id for union_id in unions.ends if union_id != self.sender_id]
        for column_id, ids in named.items() if others else ():
            is_over = then & ~ended & ids.isin(others).to_numpy(dtype=bool)
            shown = next((name for name in (column_id, *named) if name in self.columns), column_id)
            self.findings.add("org.union.ended", is_over, shown, words=partial(_words_of_end, unions, ids))
            ended |= is_over
        return ended

    def _report_foreign_organizers(
        self, organizer: pd.Series, outside: npt.NDArray[np.bool_], unions: UnionsOfWeek
    ) -> None:
        column = self._column("organizer_union")
        self.findings.add(
            "org.organizer.foreign",
            outside & ~self._is_null("organizer_union"),
            "organizer_union",
            values=column.at,
            words=lambda at: {
                "organizer": unions.standing[organizer.iloc[at]].name,
                "sender": unions.standing[self.sender_id].name,
            },
        )

    def _read_scope(self, *inclusive: npt.NDArray[np.bool_]) -> pd.Series:
        """统计范围; where it is empty, a name that says 各级工会 means 含下级."""
        scope = self._read_codes("scope", read_scope)
        is_null_scope = self._is_null("scope")
        for column_id, says_inclusive in zip(("reporting_union", "organizer_union"), inclusive, strict=True):
            column = self._column(column_id)
            hinted = self.findings.add(
                "org.scope.inferred",
                is_null_scope & says_inclusive,
                column_id,
                values=column.at,
            )
            scope = scope.where(~hinted, "inclusive")
            is_null_scope = is_null_scope & ~hinted
        return scope.where(~is_null_scope, "own")

    def _report_absent_dates(self, is_absent: npt.NDArray[np.bool_]) -> None:
        column = next((name for name in ("start_date", "activity_time", "end_date") if name in self.columns), None)
        if column is not None:
            self.findings.add("row.date.absent", is_absent, column, words=lambda _: {"week": self.week.label})

    def _read_remarks(self) -> pd.Series:
        """备注, and behind it what stands in columns that nobody knows: 列名:内容."""
        column = self._column("remarks")
        remarks = UniqueTexts(column.known_distinct, column.codes)
        contacts = {
            label
            for name in ("contact_name", "contact_phone")
            for label in input_contract().vocabulary["cover_labels"][name]
        }
        for letter, header in self.table.header.unknown.items():
            if fold_label(header) in contacts:
                continue
            extra = UniqueTexts.of(self.table.body[letter])
            title = mask_text(header) or f"{letter}列"
            remarks = remarks.joined(extra, partial(_with_extra, title))
        return remarks.spread_texts(remarks.arrow)


def _with_extra(title: str, remarks: pa.Array, extra: pa.Array) -> pa.Array:
    """Each remark and behind it what the unknown column says, where it says anything."""
    added = pc.binary_join_element_wise(pa.scalar(title, pa.large_string()), extra, pa.scalar(":", pa.large_string()))
    separator = pa.scalar(";", pa.large_string())
    both = pc.utf8_ltrim(pc.binary_join_element_wise(pc.fill_null(remarks, ""), added, separator), ";")
    return pc.if_else(pc.equal(extra, ""), remarks, both)


def _quoted(names: Sequence[str]) -> str:
    """“甲”“乙”或“丙”."""
    quoted = [f"“{name}”" for name in names]
    return "".join(quoted[:-1]) + ("或" if len(quoted) > 1 else "") + quoted[-1]


def _words_of_end(unions: UnionsOfWeek, ids: pd.Series, at: int) -> Mapping[str, object]:
    return words_of_end(unions, ids.iloc[at])
