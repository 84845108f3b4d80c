"""Which sheets of a file are tables of activities, and what is said about the others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.domain.findings import Finding
from nuanliu.intake.formats.workbook import Sheet, Workbook
from nuanliu.intake.tables.headers import Header, find_header, is_transposed
from nuanliu.intake.tables.labelled_values import is_cover
from nuanliu.intake.tables.missing_header import looks_like_a_table

_MOST_NAMED = 8
_FIGURE = re.compile(r"[0-9０-９]|[一二两三四五六七八九十百千万亿]+[余多]?(?:人|元|户|场|件|份|名|家|次|万)")
_AROUND = re.compile(r"\([^()]*\)|[0-9]+\Z")


@dataclass(frozen=True)
class ChosenSheets:
    """``tables``: sheets with their header. ``covers``: the cover sheet. ``others``: visible ones without a header.

    ``passed_over``: names of sheets that are called 示例, 说明 or the like.
    """

    tables: tuple[tuple[Sheet, Header], ...] = ()
    covers: tuple[Sheet, ...] = ()
    others: tuple[Sheet, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    passed_over: tuple[str, ...] = ()


def choose_sheets(workbook: Workbook, aliases: Aliases = NO_ALIASES) -> ChosenSheets:
    """Sort the sheets. Findings: hidden sheets with data, drawings, tables standing on end, unread sheets."""
    rules = rule_registry()
    findings: list[Finding] = []
    tables: list[tuple[Sheet, Header]] = []
    covers: list[Sheet] = []
    others: list[Sheet] = []
    hidden: list[str] = []
    unread: list[str] = []
    transposed: list[str] = []
    drawn = [
        sheet.name or ""
        for sheet in workbook.sheets
        if sheet.is_visible and _shows_figures(sheet) and not _is_named_aside(sheet, exact=True)
    ]
    for sheet in workbook.sheets:
        if sheet.grid.empty or _is_named_aside(sheet, exact=True):
            continue
        if not sheet.is_visible:
            hidden.append(sheet.name or "")
        elif is_cover(sheet):
            covers.append(sheet)
        else:
            header = find_header(sheet, aliases)
            if header is None:
                others.append(sheet)
                if is_transposed(sheet):
                    transposed.append(sheet.name or "")
            elif _is_named_aside(sheet, exact=False):
                unread.append(sheet.name or "")
            else:
                tables.append((sheet, header))
    whole = [(sheet, header) for sheet, header in tables if not header.missing]
    if whole:
        # A sheet beside the table of activities that names no activity and no category sums up, and is not read.
        summaries = [sheet for sheet, header in tables if len(header.missing) > 1]
        unread += [sheet.name or "" for sheet in summaries]
        tables = [(sheet, header) for sheet, header in tables if len(header.missing) <= 1]
    if tables:
        unread += [sheet.name or "" for sheet in others if looks_like_a_table(sheet, aliases)]
    if hidden:
        findings.append(rules["file.sheet.hidden"].finding(sheets=_quoted(hidden)))
    if drawn:
        findings.append(rules["file.drawing.unread"].finding(sheets=_quoted(drawn)))
    if unread:
        findings.append(rules["file.sheet.unread"].finding(sheets=_quoted(unread)))
    if transposed:
        findings.append(rules["file.table.transposed"].finding(sheets=_quoted(transposed)))
    named = [sheet for sheet in workbook.sheets if not sheet.grid.empty and _is_named_aside(sheet, exact=True)]
    passed_over = tuple(sheet.name or "" for sheet in named)
    return ChosenSheets(tuple(tables), tuple(covers), tuple(others), tuple(findings), passed_over)


def _renamed(tables: tuple[tuple[Sheet, Header], ...]) -> str:
    """How to mend a missing column that is there under a name of the union's own."""
    lacking = [header for _, header in tables if header.missing]
    unknown = [text for header in lacking for text in header.unknown.values() if text][:_MOST_NAMED]
    if not unknown:
        return ""
    return f"表里认不得的列名有{_quoted(unknown)},其中若有写的就是这一项的,把列名改过来即可;没有的,"


def header_findings(tables: tuple[tuple[Sheet, Header], ...]) -> list[Finding]:
    """What is wrong with the headers: missing columns, two tables in one sheet, a column that stands twice."""
    rules = rule_registry()
    findings: list[Finding] = []
    missing = [(sheet.name, header.missing) for sheet, header in tables if header.missing]
    if missing:
        columns = "、".join(dict.fromkeys(column for _, columns in missing for column in columns))
        sheets = _quoted([name or "" for name, _ in missing])
        findings.append(rules["file.column.missing"].finding(columns=columns, sheets=sheets, renamed=_renamed(tables)))
    double = [sheet.name or "" for sheet, header in tables if header.has_two_tables]
    if double:
        findings.append(rules["file.table.second"].finding(sheets=_quoted(double)))
    repeated = [text for _, header in tables if not header.has_two_tables for text in header.repeated]
    if repeated:
        findings.append(rules["file.column.repeated"].finding(columns="、".join(dict.fromkeys(repeated))))
    for sheet, header in tables:
        hidden = [
            f"{column.letter}列({column.text})"
            for column in header.fields.values()
            if column.is_measure and column.letter in sheet.hidden_columns
        ]
        if hidden:
            findings.append(rules["file.column.hidden"].finding(columns="、".join(hidden), where=sheet.name or "表"))
    return findings


def _shows_figures(sheet: Sheet) -> bool:
    """Whether figures may stand where nobody reads them: in a picture, or in a text box that has digits (M45)."""
    return sheet.drawn.has_pictures or any(_FIGURE.search(text) for text in sheet.drawn.texts)


def _is_named_aside(sheet: Sheet, *, exact: bool) -> bool:
    """Whether the name says that a sheet holds no report: 示例, 填报说明, 底稿(勿动)."""
    if sheet.name is None:
        return False
    name = _AROUND.sub("", fold_label(sheet.name))
    words = tuple(fold_label(word) for word in input_contract().vocabulary["skipped_sheets"])
    return name in words if exact else name.startswith(words) or name.endswith(words)


def _quoted(names: list[str]) -> str:
    return "、".join(f"“{name}”" for name in dict.fromkeys(names) if name) or "文件"
