"""Mutations of whole files: what they are packed in, what they carry beside their cells, several tables in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.corpus.mutations import mutation, refuse
from tests.corpus.personal_numbers import invent_id_number
from tests.corpus.xlsx_parts import BOMB, ENTITIES, LINKS, MACROS
from tests.unit.intake.formats.reading_files import ole_container, zipped

if TYPE_CHECKING:
    from random import Random

    from tests.corpus.drafts import Draft

HTML = "<html><body><table><tr><td>活动名称</td><td>活动类别</td><td>服务人数(人)</td></tr></table></body></html>"
SPREADSHEET_ML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)


@mutation("M04")
def web_page(draft: Draft, rng: Random) -> None:
    replace_by(draft, HTML.encode(rng.choice(("utf-8", "gb18030", "utf-16"))))


@mutation("M05")
def spreadsheet_ml(draft: Draft, _: Random) -> None:
    replace_by(draft, SPREADSHEET_ML.encode())


@mutation("M11")
def encrypted(draft: Draft, rng: Random) -> None:
    replace_by(draft, ole_container({"EncryptionInfo": b"x", "EncryptedPackage": rng.randbytes(5000)}))


@mutation("M12")
def bomb(draft: Draft, _: Random) -> None:
    in_xlsx(draft, BOMB)
    refuse(draft)


@mutation("M13")
def macros(draft: Draft, _: Random) -> None:
    in_xlsx(draft, MACROS)


@mutation("M14")
def outside_links(draft: Draft, _: Random) -> None:
    in_xlsx(draft, LINKS)


@mutation("M15")
def entities(draft: Draft, _: Random) -> None:
    in_xlsx(draft, ENTITIES)
    refuse(draft)


@mutation("M22")
def packed(draft: Draft, rng: Random) -> None:
    draft.zipped_as = rng.choice(("周报.xlsx", "上报/周报.xls", "周报(2024年第49周).csv", "周报.dat"))
    draft.file_name = rng.choice(("周报.zip", "周报", "周报.xlsx"))


@mutation("M22")
def packed_with_others(draft: Draft, rng: Random) -> None:
    others = rng.choice(({}, {"甲.xlsx": b"x", "乙.xlsx": b"y"}, {"周报.zip": zipped({"周报.xlsx": b"x"})}))
    replace_by(draft, zipped(others))


@mutation("M39")
def several_tables(draft: Draft, rng: Random) -> None:
    """The lower half of the rows stands on a second sheet under the same header."""
    if draft.kind != "csv" and not draft.merged_figures and len(draft.activities()) > 1:
        draft.second_sheet = rng.choice(("景泰县", "明细2", "县区"))


@mutation("M44")
def coloured_row(draft: Draft, rng: Random) -> None:
    """A red row; only where a line says that red means void does the colour say anything."""
    if draft.kind == "csv":
        return
    row = rng.choice(draft.activities())
    row.colour = "FF0000"
    if rng.random() < 0.6:
        row.is_called_void = True
        draft.must_pass = False
        line: list[object] = [rng.choice(("注:标红的行作废", "备注:红色表示已取消", "说明:红色底的不计入"))]
        if rng.random() < 0.5:
            draft.above.append(line)
        else:
            draft.foot.append(line)


@mutation("M45")
def drawn_text(draft: Draft, rng: Random) -> None:
    if draft.kind == "xlsx" and not draft.comments:  # the writer gives a commented sheet relations of its own
        number = invent_id_number(rng)
        draft.drawn = rng.choice(("", "另有慰问金1200余元", f"联系人{number}"))
        draft.planted.append(number)


def replace_by(draft: Draft, data: bytes) -> None:
    """Send other bytes in place of the table; nothing of them may be accepted."""
    draft.other_bytes = data
    draft.rewritten = True
    refuse(draft)


def in_xlsx(draft: Draft, parts: dict[str, str]) -> None:
    """Put parts into the workbook, whatever kind it was to be."""
    draft.kind = "xlsx"
    draft.extra_parts |= parts
