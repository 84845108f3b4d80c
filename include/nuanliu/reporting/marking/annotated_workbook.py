"""The union's own workbook, handed back with the faulty cells coloured and explained, and all else as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt
from nuanliu.ooxml.annotations import COMMENT_MARK, RESULT_SHEET
from nuanliu.reporting.labels import SEVERITY
from nuanliu.reporting.marking.book import Book
from nuanliu.reporting.marking.comments import SheetComments
from nuanliu.reporting.marking.earlier_marks import COLOURS, remove_earlier_marks
from nuanliu.reporting.marking.explanations import TablePlace, ask_for_explanations
from nuanliu.reporting.marking.masking import blank_contacts, mask_everything
from nuanliu.reporting.marking.package import Package, Unmarkable
from nuanliu.reporting.marking.result_sheet import HEADER_ROW, MOST_LISTED, Listed, result_sheet
from nuanliu.reporting.marking.sheet import Sheet, place

__all__ = ["RESULT_SHEET", "TablePlace", "Unmarkable", "annotate_workbook", "list_findings"]


def annotate_workbook(
    data: bytes,
    receipt: Receipt,
    *,
    contact_cells: Iterable[tuple[str | None, str]] = (),
    blank_contact: Callable[[str], str] = lambda _: "",
    mask: Callable[[str], str],
    tables: Sequence[TablePlace] = (),
) -> bytes:
    """Colour and comment the cells that have errors, queries or warnings, and list all findings on a first sheet.

    ``data``: an xlsx or xlsm; of any other file ``made_workbook.make_workbook`` makes one. ``contact_cells`` go through
    ``blank_contact``, every text through ``mask``. ``tables``: where 说明 is asked for beside queries. Marks of an earlier
    answer, macros and embedded objects are taken out. Raises: Unmarkable when the parts of the workbook do not fit together.
    """
    try:
        return _mark(data, receipt, contact_cells, blank_contact, mask, tables)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        # Numbers that are none, parts that contradict each other: the file was written by who knows what.
        raise Unmarkable(f"the workbook cannot be marked ({type(error).__name__})") from error


def list_findings(data: bytes, receipt: Receipt) -> bytes:
    """A workbook with our sheet alone before what it holds: for files that are too large to be handed back."""
    package = Package(data)
    book = Book(package)
    listed = [Listed(finding) for finding in _ordered(receipt.findings)]
    book.insert_first(RESULT_SHEET, result_sheet(receipt, listed, book.styles, book.ns[1:-1]), HEADER_ROW)
    return package.save()


def _mark(
    data: bytes,
    receipt: Receipt,
    contact_cells: Iterable[tuple[str | None, str]],
    blank_contact: Callable[[str], str],
    mask: Callable[[str], str],
    tables: Sequence[TablePlace],
) -> bytes:
    package = Package(data)
    book = Book(package)
    book.drop_what_runs()
    remove_earlier_marks(book)
    blank_contacts(book, contact_cells, blank_contact)
    mask_everything(book, mask)
    listed = _mark_cells(book, receipt.findings)
    for table in tables:
        _ask(book, receipt.findings, table)
    name = RESULT_SHEET
    while any(entry.name == name for entry in book.entries):  # a sheet of the union's own with that name
        name = f"{RESULT_SHEET}{int(name.removeprefix(RESULT_SHEET) or 1) + 1}"
    book.insert_first(name, result_sheet(receipt, listed, book.styles, book.ns[1:-1]), HEADER_ROW)
    return package.save()


def _sheets_by_name(book: Book) -> Mapping[str | None, Sheet]:
    """The sheets by the name that a finding says; None stands for the only one of a CSV file."""
    sheets = book.worksheets
    by_name: dict[str | None, Sheet] = {sheet.name: sheet for sheet in sheets}
    if sheets:
        by_name[None] = sheets[0]
    return by_name


def _spelled(name: str | None) -> str | None:
    """A masked sheet name as the workbook has it: no sheet may have * in its name."""
    return name.replace("*", "x") if name is not None else None


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    """The gravest first, then from top to bottom."""
    return sorted(findings, key=lambda item: (item.severity.rank, item.sheet or "", item.row or 0))


def _mark_cells(book: Book, findings: Sequence[Finding]) -> list[Listed]:
    """Mark the cells; returns every finding in the order in which they are listed."""
    ordered = _ordered(findings)
    by_cell: dict[tuple[str, int, int], list[int]] = {}
    links: dict[int, tuple[str, str]] = {}
    sheets = _sheets_by_name(book)
    for at, finding in enumerate(ordered):
        sheet = sheets.get(_spelled(finding.sheet))
        if sheet is None or finding.cell is None:
            continue
        row, column = place(finding.cell)
        links[at] = (sheet.name, finding.cell)
        if finding.severity is not Severity.INFO:
            by_cell.setdefault((sheet.name, *sheet.top_left(row, column)), []).append(at)
    before: dict[int, str] = {}
    comments = {sheet.name: SheetComments(book.package, sheet) for sheet in book.worksheets}
    for (name, row, column), numbers in by_cell.items():
        cell = sheets[name].cell(row, column)
        style = int(cell.get("s") or 0)
        before[numbers[0]] = book.styles.fill_xml(style)
        cell.set("s", str(book.styles.tinted(style, COLOURS[ordered[numbers[0]].severity])))
        if numbers[0] < MOST_LISTED:
            parts = [f"{COMMENT_MARK}{numbers[0] + 1}〕", *(_comment(ordered[number]) for number in numbers)]
            comments[name].add(row, column, "\n".join(parts))
    for written in comments.values():
        written.save()
    return [
        Listed(finding, links.get(at), at + 1 if at in before else None, before.get(at, ""))
        for at, finding in enumerate(ordered)
    ]


def _comment(finding: Finding) -> str:
    lines = [f"【{SEVERITY[finding.severity]}】{finding.message}"]
    if finding.value:
        lines.append(f"值:{finding.value}")
    if finding.expected:
        lines.append(f"应为:{finding.expected}")
    return "\n".join([*lines, f"怎么改:{finding.fix}"])


def _ask(book: Book, findings: Sequence[Finding], table: TablePlace) -> None:
    """Where a table has queries, give it a 说明 column; colour it where an answer there would release the row."""
    queries = [
        finding
        for finding in findings
        if finding.severity is Severity.QUERY and finding.sheet == table.sheet and finding.row is not None
    ]
    rows = sorted({finding.row for finding in queries if finding.row is not None and _is_releasable(finding)})
    wide = [finding for finding in findings if finding.severity is Severity.QUERY and finding.sheet is None]
    is_asked = bool(queries) or any(_is_releasable(finding) for finding in wide)
    sheet = _sheets_by_name(book).get(_spelled(table.sheet))
    if sheet is not None and is_asked:
        ask_for_explanations(book, sheet, table, rows)


def _is_releasable(finding: Finding) -> bool:
    rules = rule_registry().rules
    return finding.rule in rules and rules[finding.rule].releasable
