"""Invented personal numbers in every place of a file, and the search for them wherever something is kept or said."""

from __future__ import annotations

import io
import re
import zipfile
from email import message_from_bytes
from email.policy import default
from random import Random
from typing import TYPE_CHECKING, Any

import openpyxl
import xlwt
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from sqlalchemy import text
from tests.corpus.personal_numbers import (
    invent_card,
    invent_id_number,
    invent_mobile,
    secret_part,
    written_variants,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from nuanliu.storage.bucket import Bucket

_MAKERS = (invent_id_number, invent_mobile, invent_card)
HEADER = (
    "活动编号", "填报单位", "主办单位", "活动名称", "活动类别", "专项/品牌", "开始日期", "结束日期", "活动地点", "服务对象", "统计口径", "物资名称",
    "联合单位", "服务人数(人)", "投入资金(元)", "说明", "备注",
)  # fmt: skip


class Planted:
    """Hands out personal numbers, each once and each time in another writing, and remembers them with their place."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.places: dict[str, str] = {}

    def plain(self, place: str, kind: int | None = None) -> str:
        """A number as it is."""
        make = _MAKERS[len(self.places) % 3 if kind is None else kind]
        number = make(self.rng)
        self.places[number] = place
        return number

    def __call__(self, place: str, kind: int | None = None) -> str:
        """A number with words around it, in one of the ways people write it."""
        number = self.plain(place, kind)
        variants = written_variants(number)
        return f"找王某{variants[len(self.places) % len(variants)]}联系"

    def found_in(self, content: str) -> set[str]:
        """Places whose number, or the middle of it, stands in a text however it is written."""
        plain = content.translate(str.maketrans("０１２３４５６７８９Ｘ", "0123456789X"))
        plain = re.sub(r"\b[0-9a-f]{32,64}\b", " ", plain)  # hashes
        plain = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?", " ", plain)  # times
        joined = re.sub(r"(?<=[0-9])[ \-\u00a0\u3000_.]{1,2}(?=[0-9])", "", plain)
        return {
            place
            for number, place in self.places.items()
            if any(part in whole for part in (number, secret_part(number)) for whole in (plain, joined))
        }


def row(**says: Any) -> list[Any]:
    """One good activity, with what ``says`` puts into its cells by header."""
    good = {
        "活动名称": "慰问活动", "活动类别": "走访慰问", "开始日期": "2024-12-03", "结束日期": "2024-12-04", "统计口径": "本次", "服务人数(人)": 50,
    }  # fmt: skip
    return [{**good, **says}.get(header) for header in HEADER]


def saved(book: openpyxl.Workbook | xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: list[Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "活动明细"
    for cells in (list(HEADER), *rows):
        sheet.append(cells)
    return book


def stray_workbook(planted: Planted, union_name: str = "白银市总工会") -> bytes:
    """A workbook with one number in each place that has nothing to do with its table."""
    book = workbook(row(活动名称="慰问环卫工人"), row(活动名称="慰问货车司机", 备注=planted("备注")))
    sheet = book["活动明细"]
    sheet.insert_rows(1)
    sheet["A1"] = planted("标题")
    sheet["D3"].comment = Comment(planted("批注"), planted("批注作者"))
    sheet["R2"], sheet["R3"] = planted("表头"), planted("多余的列")
    sheet.append([])
    sheet.append(["备注:" + planted("表下备注")])
    sheet.append([f"填报人:王某 联系电话:{planted.plain('表下电话', 1)}"])
    sheet.oddHeader.center.text = planted("页眉")
    sheet.oddFooter.center.text = planted.plain("页脚", 1)
    hidden = book.create_sheet("备查")
    hidden["A1"] = planted("隐藏的表")
    hidden.sheet_state = "hidden"
    very_hidden = book.create_sheet("参数")
    very_hidden["C7"] = planted("深藏的表")
    very_hidden["C7"].comment = Comment(planted("深藏的表的批注"), "王某")
    very_hidden.sheet_state = "veryHidden"
    choices = DataValidation(type="list", formula1=f'"甲,{planted.plain("下拉项", 1)}"')
    choices.error, choices.prompt = planted("出错提示"), planted("输入提示")
    choices.errorTitle, choices.promptTitle = planted.plain("出错标题", 1), planted.plain("提示标题", 1)
    choices.add("J3:J9")
    sheet.add_data_validation(choices)
    named = f"号码_{planted.plain('定义的名称', 1)}"
    book.defined_names[named] = DefinedName(
        named, attr_text=f'"{planted.plain("定义的名称的值", 0)}"', comment=planted("名称的注释")
    )
    sheet.conditional_formatting.add(
        "J3:J9", FormulaRule(formula=[f'J3="{planted.plain("条件格式", 0)}"'], font=Font(bold=True))
    )
    sheet["D4"].hyperlink = f"https://x.example/{planted.plain('链接', 1)}"
    sheet["D4"].hyperlink.tooltip = planted("链接提示")
    sheet["L3"].number_format = f'0"{planted.plain("数字格式", 1)}"'
    other = book.create_sheet(f"说明{planted.plain('表名')}")
    other["B2"] = planted("未读的表")
    cover = book.create_sheet("报送信息", 0)
    for cells in (
        ["报送单位", union_name],
        ["报告期", "2024年第49周"],
        ["填报人", f"王某{planted.plain('封面填报人')}"],
        ["联系电话", planted.plain("封面电话", 1)],
        ["附注", planted("封面其他格")],
    ):
        cover.append(cells)
    for name in ("creator", "title", "subject", "keywords", "description", "lastModifiedBy", "category"):
        setattr(book.properties, name, planted(f"属性{name}"))
    book.custom_doc_props.append(StringProperty(name="自定义", value=planted("自定义属性")))
    return saved(book)


def cells_workbook(planted: Planted) -> bytes:
    """A workbook with a number in a cell of every column, each in a row of its own."""
    rows = [row(活动名称="慰问矿工", 活动编号="G-1")]
    rows += [
        row(**{"活动名称": f"慰问第{at}车间", header: planted(f"格:{header}")}) for at, header in enumerate(HEADER)
    ]
    rows += [row(活动名称="数字格", **{"服务人数(人)": int(planted.plain("数字格里的手机号", 1))})]
    rows += [row(活动名称="数字格二", **{"投入资金(元)": planted.plain("数字格里的卡号", 2)})]
    rows += [row(活动名称="数字格三", **{"服务人数(人)": int(planted.plain("数值存的身份证", 0)[:17].ljust(18, "0"))})]
    return saved(workbook(*rows))


def stray_csv(planted: Planted, encoding: str) -> bytes:
    rows = [
        list(HEADER),
        row(活动名称="慰问铁路职工", 备注=planted(f"{encoding}备注")),
        row(活动名称=planted(f"{encoding}名称")),
    ]
    return "\r\n".join(",".join("" if cell is None else str(cell) for cell in cells) for cells in rows).encode(encoding)


def stray_xls(planted: Planted) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("活动明细")
    for at, cells in enumerate(
        [list(HEADER), row(活动名称="慰问供电职工", 备注=planted("xls备注")), row(说明=planted("xls说明"))]
    ):
        for column, content in enumerate(cells):
            sheet.write(at, column, content)
    hidden = book.add_sheet(f"备查{planted.plain('xls表名')}")
    hidden.write(0, 0, planted("xls隐藏的表"))
    hidden.visibility = 1
    book.owner = planted.plain("xls作者")
    return saved(book)


def persons_workbook(planted: Planted, *, hidden: bool) -> bytes:
    book = workbook(row(活动名称="困难职工慰问"))
    sheet = book.create_sheet("名单")
    for cells in (
        ["姓名", "身份证号", "手机", "银行卡号"],
        *([f"职工{n}", *(planted.plain(f"名单{n}{kind}", kind) for kind in range(3))] for n in "甲乙丙"),
    ):
        sheet.append(cells)
    sheet.sheet_state = "hidden" if hidden else "visible"
    return saved(book)


def persons_csv(planted: Planted) -> bytes:
    lines = ["姓名,身份证号,服务人数", *(f"职工{n},{planted.plain(f'CSV名单{n}', 0)},1" for n in "甲乙丙")]
    return "\n".join(lines).encode("gb18030")


def database_texts(engine: Engine) -> Iterator[tuple[str, str]]:
    """Every column of every table as text; mails are taken apart."""
    with engine.connect() as connection:
        columns = connection.execute(
            text(
                "select table_name, column_name, data_type from information_schema.columns "
                "where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2"
            )
        ).all()
        for table, column, kind in columns:
            quoted = f'select "{column}" from "{table}" where "{column}" is not null'
            values = connection.exec_driver_sql(quoted.replace(f'"{column}"', f'"{column}"::text', 1)).scalars().all()
            yield f"{table}.{column}", "\n".join(values)
            if kind == "bytea":
                for value in connection.exec_driver_sql(quoted).scalars():
                    yield f"{table}.{column}", "\n".join(mail_texts(bytes(value)))


def mail_texts(message: bytes) -> Iterator[str]:
    """All of a mail: headers, bodies, attachments with what is in them."""
    mail = message_from_bytes(message, policy=default)
    for part in mail.walk():
        yield "\n".join(f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart():
            yield from texts_of(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]


def texts_of(data: bytes) -> Iterator[str]:
    """Bytes as text, and the members of a zip (xlsx, docx) as text."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts_of(archive.read(name))
    else:
        yield data.decode("utf-8", "replace")


def bucket_texts(bucket: Bucket) -> Iterator[tuple[str, str]]:
    """Every object that people see, by name and content; archive/ and quarantine/ by name only."""
    for item in bucket.list(""):
        if item.key.startswith("intake/"):
            continue
        yield f"key {item.key.split('/')[0]}", item.key
        if not item.key.startswith(("archive/", "quarantine/")):
            for content in texts_of(bucket.read(item.key)):
                yield item.key, content


def leaks(planted: Planted, texts: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted({(where, place) for where, content in texts for place in planted.found_in(content)})
