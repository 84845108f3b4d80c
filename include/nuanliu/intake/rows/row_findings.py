"""What is wrong with whole rows and columns of a table: marks, unknown headers, stray personal numbers, doubts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.intake.formats.merged_areas import covered_runs
from nuanliu.intake.privacy.personal_scan import PersonalScan, Stray, stray_findings
from nuanliu.intake.proposals import NO_HEADER
from nuanliu.intake.rows.cell_findings import CellFindings, holds, shorten
from nuanliu.intake.tables.header_labels import nearest_headers
from nuanliu.intake.tables.row_classes import ReadTable
from nuanliu.intake.values.coded_cells import propose
from nuanliu.ooxml.addresses import letters_of, row_of

_FIGURE = re.compile(r"[0-9０-９]|^[零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟余多约近]+\w{0,2}\Z")


def find_marked_rows(table: ReadTable, cells: CellFindings, ragged_rows: Collection[int]) -> None:
    """Rows that are hidden, struck out or broken, and figures that stand where they are not read."""
    sheet, body = table.rows.sheet, table.rows.body
    marked = (sheet.hidden_rows, sheet.struck, sheet.void_rows, sheet.comments, table.rows.merged_figures)
    is_marked = any(marked) or bool(ragged_rows)  # a million rows have no marks at all
    place = {int(row): at for at, row in enumerate(body.index)} if is_marked else {}
    name = "activity_name" if "activity_name" in table.rows.header.fields else "category"
    letters = {field.letter for field in table.rows.header.fields.values()}
    struck = {row_of(cell) for cell in sheet.struck if letters_of(cell) in letters}
    for rule_id, numbers in (
        ("row.hidden", sheet.hidden_rows),
        ("row.struck", struck),
        ("row.coloured", sheet.void_rows),
        ("row.ragged", ragged_rows),
    ):
        cells.add(rule_id, [place[row] for row in sorted(numbers) if row in place], name)
    said = _first_rows_under_merges(table)  # what is hidden under a merge says that only its first row counts
    for row, column_id in table.rows.merged_figures:
        if (table.rows.letter(column_id), row + 1) not in said:
            cells.add("row.figure.merged", [place[row]], column_id)
    for field in table.rows.header.fields.values():
        if not field.is_measure and field.id != "long_value":
            continue
        at = [
            place[row]
            for row in place
            if sheet.comments
            and any(character.isdigit() for character in sheet.comments.get(f"{field.letter}{row}", ""))
            and not str(body.loc[row, field.letter]).strip()
        ]
        if at:
            cells.add("row.figure.in_comment", at, field.id)


def unknown_columns(table: ReadTable) -> list[Finding]:
    """Columns under a header that the contract does not know and whose cells are not all empty."""
    rule = rule_registry()["file.column.unknown"]
    header = table.rows.header
    findings = []
    for letter, text in header.unknown.items():
        if letter in table.rows.body and (table.rows.body[letter].str.strip() != "").any():
            findings.append(
                rule.finding(
                    sheet=table.rows.sheet.name,
                    cell=f"{letter}{header.last_row}",
                    row=header.last_row,
                    value=text or f"{letter}{NO_HEADER}",
                    nearest=_proposed_headers(text),
                )
            )
    return findings


def figures_under_merges(table: ReadTable) -> list[Finding]:
    """Figures that merged areas hide: they are not read, and whoever wrote them may not know that they are there."""
    rule = rule_registry()["row.figure.under_merge"]
    sheet, header = table.rows.sheet, table.rows.header
    findings = []
    for field in header.fields.values():
        if not field.is_measure and field.id != "long_value":
            continue
        for run in covered_runs(sheet, field.letter, _says_figure):
            if run.last_row <= header.last_row:
                continue
            cell = f"{run.letter}{run.first_row}"
            cells = cell if run.first_row == run.last_row else f"{cell}至{run.letter}{run.last_row}"
            value = shorten(run.first)
            findings.append(rule.finding(sheet=sheet.name, cell=cell, row=run.first_row, value=value, cells=cells))
    return findings


def _first_rows_under_merges(table: ReadTable) -> set[tuple[str | None, int]]:
    columns = {column_id for _, column_id in table.rows.merged_figures}
    letters = [letter for column_id in columns if (letter := table.rows.letter(column_id))]
    return {
        (letter, run.first_row) for letter in letters for run in covered_runs(table.rows.sheet, letter, _says_figure)
    }


def _says_figure(text: str) -> bool:
    return _FIGURE.search(text) is not None


def _proposed_headers(text: str) -> str:
    """,是不是“服务人数(人)”: the columns that an unknown header may mean, for a message; "" when none is near."""
    headers = [input_contract().header(label.id) for label in nearest_headers(text)] if text else []
    return f",{propose(headers)}" if headers else ""


def strays_in_rows(scan: PersonalScan, rows: pd.DataFrame, tables: Sequence[ReadTable]) -> list[Finding]:
    """Personal numbers where none is expected, each with the row it would leave in."""
    if not (scan.strays or scan.in_drawings or scan.is_in_file_name or scan.is_in_properties):
        return []
    ids = {
        (None if sheet != sheet else sheet, row): row_id
        for sheet, row, row_id in zip(rows["sheet"], rows["row"].tolist(), rows["row_id"].tolist(), strict=True)
    }
    columns = {
        (table.rows.sheet.name, field.letter): field.id
        for table in tables
        for field in table.rows.header.fields.values()
        if field.id in input_contract().columns
    }

    def place_of(sheet: str | None, stray: Stray) -> tuple[int | None, str | None]:
        row_id = ids.get((sheet, stray.row))
        return row_id, None if row_id is None else columns.get((stray.sheet.name, stray.column))

    return stray_findings(scan, place_of)


def doubts_of_activities(rows: pd.DataFrame, findings: Sequence[Finding]) -> Mapping[int, str]:
    """Activity id → what could not be read of it: rules and written texts, in their look-up form.

    What the union tree says is no part: the same row is the same content before and after the tree changed.
    """
    doubts: dict[int, str] = {}
    known = rule_registry()
    grave = [
        (finding.row_id, finding)
        for finding in findings
        if finding.row_id is not None and holds(finding) and not known[finding.rule].is_by_union_tree
    ]
    rules = {rule: fold_label(f"{rule}=") for rule in {finding.rule for _, finding in grave}}
    activities = rows["activity_id"].to_numpy()[[row_id for row_id, _ in grave]].tolist() if grave else []
    for activity, (_, finding) in zip(activities, grave, strict=True):
        value = fold_label(finding.value) if finding.value else ""
        doubts[activity] = f"{doubts.get(activity, '')}{rules[finding.rule]}{value}"
    return doubts
