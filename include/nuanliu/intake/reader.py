"""A union's file as bytes in, a submission out: rows, figures, findings, every one with the cell it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.domain.file_content import hash_activities
from nuanliu.domain.findings import Finding
from nuanliu.domain.submission import FIGURE_COLUMNS, ROW_COLUMNS, Cover, Submission, SubmissionType, empty_frame
from nuanliu.intake.assembly import Assembly
from nuanliu.intake.formats.limits import Oversized
from nuanliu.intake.formats.open_workbook import read_workbook
from nuanliu.intake.formats.workbook import Refusal, Workbook
from nuanliu.intake.origin.file_origin import FileOrigin
from nuanliu.intake.privacy.masked_findings import mask_findings
from nuanliu.intake.privacy.personal_scan import PersonalScan, Place, person_level_findings, scan_workbook
from nuanliu.intake.rows.cell_findings import holds
from nuanliu.intake.tables.headers import title_cells
from nuanliu.intake.tables.labelled_values import CONTACTS, read_labelled_values
from nuanliu.intake.tables.row_classes import NOTE, ReadTable, read_table
from nuanliu.intake.tables.sheet_choice import ChosenSheets, choose_sheets
from nuanliu.intake.tables.table_rows import read_table_rows
from nuanliu.memory import release_unused

_BYTES_A_ROW = 64
"""A file of few rows that is as big as one of many left as much behind when it was read."""


def read_submission(
    data: bytes | Oversized,
    *,
    object_key: str,
    sender_id: str,
    path_week: str | None,
    received_at: datetime,
    aliases: Aliases = NO_ALIASES,
) -> Submission:
    """Read a file of any accepted kind.

    Never raises for what is in the file: a file that cannot be read, or has no table, is a submission without rows whose
    findings say why (``is_readable`` False). Person-level data: no rows, ``quarantine`` True. ``aliases``: spellings that
    were confirmed for the sender; without a database there are none.
    """
    origin = FileOrigin(object_key.rsplit("/", 1)[-1], sender_id, path_week, received_at, aliases)
    workbook = read_workbook(data, origin.file_name)
    if isinstance(workbook, Refusal):
        return _without_rows(origin, (workbook.finding(),), is_readable=False)
    if isinstance(data, bytes):
        release_unused(len(data) // _BYTES_A_ROW)
    try:
        begun = _begin(workbook, replace(origin, zipped_as=workbook.zipped_as))
        del workbook  # with the cells goes a third of a big file's memory
        return begun if isinstance(begun, Submission) else begun.submission()
    except MemoryError:
        return too_heavy_submission(origin)


def too_heavy_submission(origin: FileOrigin) -> Submission:
    """What stands for a file that does not fit into memory: nothing of it is used."""
    return _without_rows(origin, (rule_registry()["file.too_heavy"].finding(named=""),), is_readable=False)


def understand_workbook(
    workbook: Workbook,
    *,
    file_name: str,
    sender_id: str,
    path_week: str | None,
    received_at: datetime,
    aliases: Aliases = NO_ALIASES,
) -> Submission:
    """The submission of a workbook that has been read into texts."""
    begun = _begin(workbook, FileOrigin(file_name, sender_id, path_week, received_at, aliases, workbook.zipped_as))
    return begun if isinstance(begun, Submission) else begun.submission()


def _begin(workbook: Workbook, origin: FileOrigin) -> Submission | Assembly:
    """Everything that needs the cells. A submission at once where nothing of the file may be used."""
    chosen = choose_sheets(workbook, origin.aliases)
    tables = [read_table(sheet, header) for sheet, header in chosen.tables]
    contacts = _contact_cells(chosen, tables)
    scan = scan_workbook(workbook, origin.file_name, frozenset(contacts))
    personal = person_level_findings(scan)
    if personal:
        return _without_rows(
            origin, personal, is_readable=True, quarantine=True, cover=Cover(contact_cells=tuple(contacts))
        )
    if any(not stray.is_comment for stray in scan.strays):
        chosen = _on_masked(chosen, workbook, scan)
        tables = [
            replace(table, rows=read_table_rows(sheet, header), titles=title_cells(sheet, header))
            for table, (sheet, header) in zip(tables, chosen.tables, strict=True)
        ]
    assembly = Assembly(origin, workbook, chosen, tables, scan, tuple(contacts))
    assembly.read_tables()
    return assembly


def _contact_cells(chosen: ChosenSheets, tables: list[ReadTable]) -> list[Place]:
    """Cells of 填报人 and 联系电话: on the cover, above a table, in its foot; in a file without a table, anywhere."""
    covers = (*chosen.covers, *(() if tables else chosen.others))
    areas = [(sheet, sheet.grid.iloc[:100]) for sheet in covers]
    for table in tables:
        sheet = table.rows.sheet
        notes = table.rows.body.index[table.classes.classes == NOTE]
        areas += [(sheet, table.titles), (sheet, sheet.grid.loc[notes])]
    places = [
        (sheet.name, stated.cell)
        for sheet, cells in areas
        for stated in read_labelled_values(cells, sheet)
        if stated.field in CONTACTS
    ]
    return list(dict.fromkeys(places))


def _on_masked(chosen: ChosenSheets, workbook: Workbook, scan: PersonalScan) -> ChosenSheets:
    masked = {id(before): after for before, after in zip(workbook.sheets, scan.workbook.sheets, strict=True)}
    return replace(
        chosen,
        tables=tuple((masked[id(sheet)], header) for sheet, header in chosen.tables),
        covers=tuple(masked[id(sheet)] for sheet in chosen.covers),
        others=tuple(masked[id(sheet)] for sheet in chosen.others),
    )


def _without_rows(
    origin: FileOrigin,
    findings: Sequence[Finding],
    *,
    is_readable: bool,
    quarantine: bool = False,
    cover: Cover | None = None,
) -> Submission:
    decision = origin.decide_period({})
    held = [finding for finding in decision.findings if holds(finding)]
    nothing = empty_frame(ROW_COLUMNS)
    return Submission(
        union_id=origin.sender_id,
        week=decision.week,
        is_week_certain=decision.is_certain,
        submission_type=SubmissionType.FIRST,
        rows=nothing,
        figures=empty_frame(FIGURE_COLUMNS),
        cover=cover or Cover(),
        content_hash=hash_activities(
            nothing["activity_key"], nothing["content_hash"], [f"{found.rule}={found.message}" for found in findings]
        ),
        is_readable=is_readable,
        quarantine=quarantine,
    ).with_findings(mask_findings([*findings, *held]))
