"""Put the tables of one file together: rows, figures, findings, keys."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.file_content import file_content, hash_activities
from nuanliu.domain.findings import Finding
from nuanliu.domain.submission import (
    FIGURE_COLUMNS,
    ROW_COLUMNS,
    ColumnUnit,
    Cover,
    Submission,
    SubmissionType,
    empty_frame,
)
from nuanliu.intake.formats.open_workbook import workbook_findings
from nuanliu.intake.formats.workbook import Sheet, Workbook
from nuanliu.intake.origin.file_origin import FileOrigin
from nuanliu.intake.origin.self_description import describe
from nuanliu.intake.privacy.masked_findings import mask_findings
from nuanliu.intake.privacy.personal_data import mask_if_any
from nuanliu.intake.privacy.personal_scan import PersonalScan, Place
from nuanliu.intake.proposals import propose_names
from nuanliu.intake.rows.cell_findings import CellFindings, holds
from nuanliu.intake.rows.contents import OwnFigures, content_hash
from nuanliu.intake.rows.ended_unions import find_sender_end
from nuanliu.intake.rows.figures import FigureReader, read_table_figures
from nuanliu.intake.rows.keys import as_of_on, counts_week, row_keys
from nuanliu.intake.rows.labels import normalise_rows
from nuanliu.intake.rows.long_shape import group_activities
from nuanliu.intake.rows.row_findings import (
    doubts_of_activities,
    figures_under_merges,
    find_marked_rows,
    strays_in_rows,
    unknown_columns,
)
from nuanliu.intake.tables.labelled_values import first_stated, read_labelled_values, read_submission_type
from nuanliu.intake.tables.missing_header import describe_missing_header
from nuanliu.intake.tables.own_headers import own_headers
from nuanliu.intake.tables.row_classes import ACTIVITY, TOTAL, ReadTable, says_zero
from nuanliu.intake.tables.sheet_choice import ChosenSheets, header_findings
from nuanliu.intake.tables.table_rows import TableRows
from nuanliu.intake.values.figure_cell import figure_column
from nuanliu.intake.values.unique_texts import repeat_text
from nuanliu.memory import release_unused

_WITHOUT_ACTIVITIES = {
    SubmissionType.FIRST: SubmissionType.ZERO,
    SubmissionType.SUPPLEMENT: SubmissionType.ZERO,
    SubmissionType.CORRECTION: SubmissionType.WITHDRAWAL,
}
"""What a file is that says 本周无活动 and has no activity, by what it calls itself."""


class Assembly:
    """Puts the tables of one file together: ``read_tables``, then ``submission``."""

    def __init__(
        self,
        origin: FileOrigin,
        workbook: Workbook,
        chosen: ChosenSheets,
        tables: list[ReadTable],
        scan: PersonalScan,
        contacts: tuple[Place, ...],
    ) -> None:
        self.origin = origin
        self.workbook = workbook
        self.chosen = chosen
        self.tables = tables
        self.scan = scan
        self.about = describe(
            chosen.covers,
            chosen.tables,
            [table.rows for table in tables],
            origin.sender_id,
            origin.aliases,
            letters=chosen.others if not tables and self._says_zero() else (),
            unread=chosen.others if not tables and not self._says_zero() else (),
        )
        self.decision = origin.decide_period(self.about.periods)
        self.cover = Cover(
            union_text=mask_if_any(self.about.union_text),
            period_text=mask_if_any(self.about.period_text),
            submission_type=self.about.submission_type,
            template_version=self.about.template_version,
            contact_cells=contacts,
        )
        self.findings: list[Finding] = [
            *workbook_findings(workbook),
            *chosen.findings,
            *self.about.findings,
            *self.decision.findings,
            *(find_sender_end(origin.sender_id, self.decision.week) if self.decision.is_certain else ()),
        ]
        self.foreign: list[str] = []
        self.unknown: set[str] = set()

    def read_tables(self) -> None:
        """Read every table and let go of the cells: of a big file they are a third of its memory."""
        release_unused(sum(len(table.rows.body) for table in self.tables))
        activities = sum(int(table.is_activity.sum()) for table in self.tables)
        says_nothing = self._says_zero()
        submission_type = self.about.submission_type or SubmissionType.FIRST
        if says_nothing and not activities:
            submission_type = _WITHOUT_ACTIVITIES.get(submission_type, submission_type)
        self._report_shape(activities, says_nothing, submission_type)
        first = 0
        row_parts, figure_parts = [], []
        for number, table in enumerate(self.tables):
            rows, figures = self._read(number, table, first)
            row_parts.append(rows)
            figure_parts.append(figures)
            first += len(rows)
        self.submission_type = submission_type
        self.rows, self.figures = _joined(row_parts, ROW_COLUMNS), _joined(figure_parts, FIGURE_COLUMNS)
        self._report_names()
        self.findings += strays_in_rows(self.scan, self.rows, self.tables)
        self.layout = {mask_if_any(table.rows.sheet.name): _layout(table.rows) for table in self.tables}
        self.units = {
            (mask_if_any(table.rows.sheet.name), field.id): ColumnUnit(unit.name, unit.scale)
            for table in self.tables
            for field in table.rows.header.fields.values()
            if field.is_measure
            and (unit := figure_column(codes().measures[field.id], field.unit or None, table.unit or None).unit)
            and unit.scale != 1
        }
        self.own_headers = {mask_if_any(table.rows.sheet.name): own_headers(table.rows.header) for table in self.tables}
        self.header_rows = {mask_if_any(table.rows.sheet.name): table.rows.header.last_row for table in self.tables}
        self.is_readable = bool(self.tables) or not any(f.rule == "file.header.missing" for f in self.findings)
        del self.workbook, self.chosen, self.tables, self.scan

    def submission(self) -> Submission:
        """Hand on what was understood, once the tables have been read."""
        release_unused(len(self.rows))
        findings = mask_findings(self.findings)
        rows, content = self._add_keys(self.rows, self.figures, findings)
        return Submission(
            union_id=self.origin.sender_id,
            week=self.decision.week,
            is_week_certain=self.decision.is_certain,
            submission_type=self.submission_type,
            rows=rows,
            figures=self.figures,
            cover=self.cover,
            layout=self.layout,
            header_rows=self.header_rows,
            units=self.units,
            own_headers=self.own_headers,
            content_hash=content,
            proposals=propose_names(findings, self.origin.aliases),
            is_readable=self.is_readable,
        ).with_findings(findings)

    def _says_zero(self) -> bool:
        """Whether a line somewhere says 零报告 or 本周无活动."""
        if any(table.classes.zero_rows for table in self.tables):
            return True
        if not self.tables and any(map(_states_zero, self.chosen.others)):
            return True
        areas = [*(sheet.grid.iloc[:30] for sheet in self.chosen.others), *(table.titles for table in self.tables)]
        return any(says_zero(str(text)) for area in areas for letter in area.columns for text in area[letter] if text)

    def _report_shape(self, activities: int, says_nothing: bool, submission_type: SubmissionType) -> None:
        rules = rule_registry()
        self.findings += header_findings(self.chosen.tables)
        second = [table.rows.sheet.name or "文件" for table in self.tables if table.classes.has_second_table]
        if second:
            self.findings.append(rules["file.table.second"].finding(sheets="、".join(second)))
        is_zero = submission_type.is_zero or says_nothing
        if activities and is_zero:
            self.findings.append(rules["file.zero.with_rows"].finding(activities=activities))
        elif not activities and not is_zero:
            if self.tables:
                self.findings.append(rules["file.rows.none"].finding())
            elif not any(finding.rule == "file.table.transposed" for finding in self.findings):
                words = describe_missing_header(self.chosen.others, self.chosen.passed_over, self.origin.aliases)
                self.findings.append(rules["file.header.missing"].finding(**words))
                # what was not read may well name a week, and nothing of it went into one
                self.findings = [finding for finding in self.findings if finding.rule != "file.period.absent"]
        if activities and any("period_kind" not in table.rows.header.fields for table in self.tables):
            self.findings.append(rules["file.period_kind.absent"].finding())
        dates = {"start_date", "end_date", "activity_time"}
        if activities and any(not dates & table.rows.header.fields.keys() for table in self.tables):
            self.findings.append(rules["file.date.absent"].finding(week=self.decision.week.label))

    def _read(self, number: int, table: ReadTable, first: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        rows = table.rows
        length = len(rows.body)
        is_activity = table.is_activity
        normalised = normalise_rows(
            rows,
            is_activity,
            sender_id=self.origin.sender_id,
            default_union=self.about.default_unions.get(number, self.origin.sender_id),
            week=self.decision.week,
            first_row_id=first,
            aliases=self.origin.aliases,
        )
        cells = CellFindings(rows, is_activity, first)
        reader = FigureReader(rows, cells, table.has_figures, first, table.unit)
        figures, measures = read_table_figures(reader, rows, cells)
        activity = np.arange(length, dtype="int64")
        if measures:
            activity = np.where(is_activity, group_activities(rows, measures), activity)
        find_marked_rows(table, cells, self.workbook.ragged_rows)
        self.findings += [*unknown_columns(table), *normalised.findings, *cells.findings, *figures_under_merges(table)]
        self.foreign += normalised.foreign
        self.unknown |= normalised.unknown_names
        name = mask_if_any(rows.sheet.name)
        frame = normalised.rows.assign(
            row_id=np.arange(first, first + length, dtype="int64"),
            sheet=repeat_text(name, length),
            row=rows.body.index.to_numpy(dtype="int64"),
            row_class=pd.array(table.classes.classes.tolist(), dtype="str"),
            activity_id=activity + first,
        )
        figures = figures.assign(
            activity_id=(activity + first)[figures["row_id"].to_numpy() - first],
            sheet=repeat_text(name, len(figures)),
        )
        return frame, _typed({name: figures[name] for name in FIGURE_COLUMNS}, FIGURE_COLUMNS)

    def _report_names(self) -> None:
        rules = rule_registry()
        if self.foreign:
            names = "、".join(dict.fromkeys(self.foreign))
            self.findings.append(rules["org.reporting.foreign"].finding(named=names))
        limit = int(input_contract().limits["max_new_names"])
        if len(self.unknown) > limit:
            several = {"org.union.unknown", "row.category.unknown", "row.group.unknown", "row.campaign.new"}
            self.findings = [finding for finding in self.findings if finding.rule not in several]
            self.findings.append(rules["file.names.too_many"].finding(names=len(self.unknown), limit=limit))

    def _add_keys(self, rows: pd.DataFrame, figures: pd.DataFrame, findings: list[Finding]) -> tuple[pd.DataFrame, str]:
        week = self.decision.week
        columns = {str(name): rows[name] for name in rows.columns}
        columns["as_of_on"] = as_of_on(columns, week)
        columns["counts_week"] = counts_week(columns["as_of_on"], columns["period_kind"])
        is_activity = (columns["row_class"] == ACTIVITY).to_numpy(dtype=bool)
        activities = {name: column[is_activity] for name, column in columns.items()}
        ids = activities["activity_id"]
        is_head = ~ids.duplicated().to_numpy()
        heads = activities if is_head.all() else {name: column[is_head] for name, column in activities.items()}
        own = OwnFigures(heads["activity_id"], figures)
        derived = row_keys(heads)
        derived["measures_hash"] = own.measures_hash()
        derived["content_hash"] = content_hash({**heads, **derived}, own, doubts_of_activities(rows, findings))
        keys, contents = derived["activity_key"], derived["content_hash"]
        if heads is not activities:
            head_ids = heads["activity_id"].to_numpy()
            derived = {name: values.set_axis(head_ids).reindex(ids.to_numpy()) for name, values in derived.items()}
        for name, values in derived.items():
            columns[name] = values.set_axis(np.flatnonzero(is_activity)).reindex(range(len(rows)))
        rows = _typed(columns, ROW_COLUMNS)
        totals = figures[figures["row_id"].isin(rows.loc[rows["row_class"] == TOTAL, "row_id"])]
        said = (
            f"{m}={v}:{e}"
            for m, v, e in zip(totals["measure_id"], totals["value_cents"], totals["exactness"], strict=True)
        )
        doubts = [
            f"{finding.rule}={finding.message}" for finding in findings if finding.is_file_level and holds(finding)
        ]
        return rows, file_content(hash_activities(keys, contents, doubts), said)


def _states_zero(sheet: Sheet) -> bool:
    """Whether a sheet of any name says 报送类型:零报告, with nothing else on it."""
    stated = first_stated(read_labelled_values(sheet.grid.iloc[:30], sheet), "submission_type")
    kind = read_submission_type(stated.value) if stated is not None else None
    return kind is not None and kind.is_zero


def _joined(parts: list[pd.DataFrame], dtypes: Mapping[str, str]) -> pd.DataFrame:
    if len(parts) == 1:
        return parts[0]
    return pd.concat(parts, ignore_index=True) if parts else empty_frame(dtypes)


def _typed(columns: Mapping[str, pd.Series], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """A frame of exactly these columns and dtypes; what has its dtype is not copied."""
    typed = {
        name: columns[name] if columns[name].dtype == dtype else columns[name].astype(pd.api.types.pandas_dtype(dtype))
        for name, dtype in dtypes.items()
    }
    return pd.DataFrame(typed, copy=False)


def _layout(rows: TableRows) -> Mapping[str, str]:
    """Column id → letter: canonical columns and measures, and the row columns that are read from them."""
    letters = {field.id: field.letter for field in rows.header.fields.values()}
    for derived, sources in _DERIVED.items():
        source = next((letters[column_id] for column_id in sources if column_id in letters), None)
        if source is not None:
            letters.setdefault(derived, source)
    if rows.header.is_long and "long_value" in letters:
        letters |= dict.fromkeys(codes().measures.entries, letters["long_value"])
    return letters


_DERIVED: Mapping[str, tuple[str, ...]] = {
    "start_date": ("activity_time",),
    "end_date": ("activity_time",),
    "start_on": ("start_date", "activity_time"),
    "end_on": ("end_date", "activity_time"),
    "since_on": ("since_date",),
    "reporting_union_id": ("reporting_union",),
    "organizer_union_id": ("organizer_union", "reporting_union"),
    "campaign_id": ("campaign",),
    "category_id": ("category",),
    "place_division": ("place",),
    "place_detail": ("place",),
}
