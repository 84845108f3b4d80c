"""Writes a drop of the model as the file that a union would send, with the headers of the template.

Only columns that some row fills are written, so that a row's neighbours differ from file to file. Headers come from
include/contracts/columns.yaml and include/reference/measures.csv, words from include/contracts/vocabulary.yaml.
"""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from io import BytesIO, StringIO

import yaml
from openpyxl import Workbook
from tests.model.drops import Amount, Drop, Row
from tests.model.tree import REFERENCE, read_reference

CONTRACTS = REFERENCE.parent / "contracts"
MARKS = {"exact": "{}", "over": "{}余", "under": "近{}", "approx": "约{}"}
SHEET = "活动明细"
ZERO_LINE = "本周无活动"


def file_name(drop: Drop) -> str:
    """The drop's name with the ending of its form."""
    return f"{drop.name.rpartition('.')[0]}.csv" if drop.form == "csv" else drop.name


def object_key(drop: Drop) -> str:
    """Where the drop lies in the bucket (contract §1)."""
    folders = (drop.path_week, "试报" if drop.trial else None)
    return "/".join(("intake", drop.union, *(folder for folder in folders if folder), file_name(drop)))


def write_drop(drop: Drop) -> bytes:
    """The same bytes whenever, and only when, ``drop.bytes_of`` is the same in one process."""
    return write_bytes(drop.union, drop.week, drop.type, drop.zero_line, drop.rows, drop.form)


@lru_cache(maxsize=4096)
def write_bytes(union: str, week: str | None, kind: str, zero_line: bool, rows: tuple[Row, ...], form: str) -> bytes:
    cover = {"报送单位": name_of("unions.csv", union), "报告期": week or "", "报送类型": kind}
    lines = [write_row(row) for row in rows]
    table = list_table(lines, reverse=form == "reordered")
    return write_csv(cover, table, union) if form == "csv" else write_xlsx(cover, table, zero_line)


def list_table(lines: list[dict[str, object]], *, reverse: bool) -> list[list[object]]:
    """A header and the rows below it; name and category always have a column."""
    used = {header for line in lines for header, value in line.items() if value != ""}
    headers = [header for header in list_headers() if header in used | {"活动名称", "活动类别"}]
    headers = headers[::-1] if reverse else headers
    return [headers, *([line.get(header, "") for header in headers] for line in lines)]


def list_headers() -> list[str]:
    return [
        *(column["header"] for column in read_columns().values()),
        *map(measure_header, read_reference("measures.csv")),
    ]


@cache
def read_columns() -> dict[str, dict[str, str]]:
    columns = yaml.safe_load((CONTRACTS / "columns.yaml").read_text("utf-8"))
    return {column["id"]: column for column in columns}


@cache
def read_words(of: str) -> dict[str, str]:
    """The first word of each entry of a closed list."""
    vocabulary = yaml.safe_load((CONTRACTS / "vocabulary.yaml").read_text("utf-8"))
    return {entry: words[0] for entry, words in vocabulary[of].items()}


def measure_header(line: dict[str, str]) -> str:
    return f"{line['name']}({line['unit']})"


def name_of(reference: str, wanted: str) -> str:
    """The name that a code list gives an id."""
    return next(line["name"] for line in read_reference(reference) if wanted in list(line.values())[:1])


def name_place(code: str) -> str:
    """A county with its prefecture before it, as clerks write it."""
    line = next(line for line in read_reference("divisions.csv") if line["code"] == code)
    above = line["parent_code"]
    return (name_of("divisions.csv", above) if line["level"] == "county" else "") + line["name"]


def write_row(row: Row) -> dict[str, object]:
    """Header → cell, empty cells as empty texts."""
    columns = read_columns()
    cells = {
        "activity_no": row.activity_no,
        "reporting_union": row.reporting and name_of("unions.csv", row.reporting),
        "organizer_union": row.organiser and name_of("unions.csv", row.organiser),
        "co_organizers": "、".join(row.co_organisers),
        "activity_name": row.name,
        "campaign": row.campaign,
        "category": row.category and name_of("categories.csv", row.category),
        "start_date": row.start and row.start.isoformat(),
        "end_date": row.end and row.end.isoformat(),
        "place": (name_place(row.place) if row.place else "") + row.place_detail,
        "beneficiary_groups": "、".join(name_of("beneficiary_groups.csv", group) for group in row.groups),
        "period_kind": "" if row.kind == "event" else read_words("period_kinds")[row.kind],
        "since_date": row.since and row.since.isoformat(),
        "item_name": row.item,
        "scope": "" if row.scope == "own" else read_words("scopes")[row.scope],
        "explanation": row.explanation,
        "remarks": row.remarks,
    }
    units = {line["measure_id"]: line for line in read_reference("measures.csv")}
    figures = {measure_header(units[measure]): write_amount(amount) for measure, amount in row.measures}
    return {columns[column]["header"]: value or "" for column, value in cells.items()} | figures


def write_amount(amount: Amount) -> str:
    return MARKS[amount.exactness].format(amount.value)


def write_xlsx(cover: dict[str, str], table: list[list[object]], zero_line: bool) -> bytes:
    """The cover 报送信息 and the sheet 活动明细."""
    book = Workbook()
    sheet = book.active
    sheet.title = "报送信息"
    for line in cover.items():
        sheet.append(line)
    activities = book.create_sheet(SHEET)
    for line in table:
        activities.append([value if value != "" else None for value in line])
    if zero_line:
        activities.append([ZERO_LINE])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def write_csv(cover: dict[str, str], table: list[list[object]], union: str) -> bytes:
    """The table with 报告期 and 报送类型 as columns; the union is that of the path (contract §2).

    Blank lines at the end are other ones for each union: the same bytes from two unions are another matter (M25).
    """
    extra = {header: value for header, value in cover.items() if header != "报送单位" and value}
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow([*extra, *table[0]])
    lines.writerows([*extra.values(), *line] for line in table[1:])
    unions = [line["union_id"] for line in read_reference("unions.csv")]
    return (text.getvalue() + "\r\n" * unions.index(union)).encode("utf-8-sig")
