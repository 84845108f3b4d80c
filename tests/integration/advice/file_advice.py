"""The advice of ``file.*`` (but for versions), ``org.*`` and ``pii.*``: what is wrong with a file as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from tests.corpus.odd_sheets import Table, as_xlsx
from tests.integration.advice.playing import GOOD, Advice
from tests.integration.clerk import VISIT, Paper, paper, visit
from tests.unit.intake.formats.reading_files import ole_container, repacked, zipped

if TYPE_CHECKING:
    from openpyxl import Workbook

CSV = "活动名称,活动类别,开始日期,结束日期,统计口径,服务人数(人)\n走访慰问,送温暖慰问,2024-12-03,2024-12-03,本次,120\n"
SECOND = visit(活动名称="技能比武", 活动类别="技能培训竞赛", 服务人数_人=30)
OWNER = (b"\x03Abc".ljust(55) + b"\x03\x00" + "Abc".encode("utf-16-le")).ljust(165)
ZERO = [("本周无活动",)]


def refused(part: str, says: str, data: bytes, name: str = "周报.xlsx") -> Advice:
    """A file that cannot be read; the fix says to send the table as .xlsx."""
    return Advice(f"file.{part}", says, Paper(data=data, name=name), GOOD)


def sheet_moved(book: Workbook) -> None:
    """A second table beside the first."""
    sheet = book["活动明细"]
    for row, texts in enumerate((("活动名称", "活动类别", "服务人数(人)"), ("技能比武", "技能培训竞赛", 30)), start=1):
        for column, text in enumerate(texts, start=9):
            sheet.cell(row, column, text)


def transposed(book: Workbook) -> None:
    sheet = book["活动明细"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    sheet.delete_rows(1, sheet.max_row)
    for row in zip(*rows, strict=True):
        sheet.append(list(row))


def hide_sheet(book: Workbook) -> None:
    extra = book.create_sheet("县区补充")
    extra.append(["活动名称", "活动类别", "服务人数(人)"])
    extra.append(["技能比武", "技能培训竞赛", 30])
    extra.sheet_state = "hidden"


def hide_column(book: Workbook) -> None:
    book["活动明细"].column_dimensions["G"].hidden = True


def unread_sheet(book: Workbook) -> None:
    extra = book.create_sheet("县区数据")
    extra.append(["单位", "服务人数(人)", "投入资金(元)", "场次"])
    for number in range(4):
        extra.append([f"{number}科", number, number, number])


def lost_sheet() -> bytes:
    """The good file with a sheet named in it that is not there."""
    data = GOOD.but(touch=hide_sheet).write()
    return repacked(data, {"xl/worksheets/sheet2.xml": None})


def spread_text() -> bytes:
    """One very long text in ten thousand cells."""
    return as_xlsx(Table({(row, column): "字" * 32767 for row in range(1, 101) for column in range(1, 101)}))


def persons(book: Workbook) -> None:
    extra = book.create_sheet("名单")
    extra.append(["姓名", "身份证号"])
    extra.append(["张三", "620102199001011232"])


def phone_comment(book: Workbook) -> None:
    book["活动明细"]["A2"].comment = Comment("联系 13800138000", "甲")


def in_cover(**says: Any) -> Paper:
    """Words on the cover, in a folder that names no week; the cover does, unless it is what is wrong."""
    return GOOD.but(cover={"报告期": "2024-W49", **says}, folder="")


def with_devices(*numbers: str) -> Any:
    """A sheet of device numbers beside the table."""

    def touch(book: Workbook) -> None:
        extra = book.create_sheet("Sheet2")
        for text in ("设备编号", *numbers):
            extra.append([text])

    return touch


def many(people_served: Any) -> Paper:
    """One activity more than a receipt lists findings of a kind."""
    return paper(*(visit(活动名称=f"走访第{number}户", 服务人数_人=people_served) for number in range(2001)))


DEVICES = [str(13_800_001_000 + at) for at in range(10)]
DASHED = [f"{number[:3]}-{number[3:6]}-{number[6:]}" for number in DEVICES]

FILE_ADVICE = (
    # the week
    Advice("file.period.absent", "在“报送信息”表的“报告期”写明", GOOD.but(folder=""), in_cover(填报人="甲")),
    Advice("file.period.unreadable", "写成 2024-W49", in_cover(报告期="12月"), in_cover(报告期="2024-W49")),
    Advice("file.period.unreadable", "2024年第49周", in_cover(报告期="12月第一周"), in_cover(报告期="2024年第49周")),
    Advice("file.period.unreadable", "例如 12月2日-12月8日", in_cover(报告期="2023年12月2日-12月8日"),
           in_cover(报告期="12月2日-12月8日")),
    Advice("file.period.conflict", "报的是 2024-W49 的,请把“报送信息”表的“报告期”改成 2024-W49",
           in_cover(报告期="2024-W48").but(folder="2024-W49"), in_cover().but(folder="2024-W49")),
    Advice("file.period.conflict", "报的是 2024-W49 的,请把文件夹名改成 2024-W49",
           in_cover().but(folder="2024-W48"), in_cover().but(folder="2024-W49")),
    Advice("file.period.conflict", "请把文件名改成 2024-W49", in_cover().but(name="周报第48周.xlsx"),
           in_cover().but(name="周报2024-W49.xlsx")),
    Advice("file.period.future", "核对报告期的年份和周次", in_cover(报告期="2025-W49"), in_cover()),
    Advice("file.period.too_old", "写错的改正后再报", in_cover(报告期="2023-W49"), in_cover()),
    Advice("file.period.no_such_week", "例如 2024-W49", GOOD.but(folder="2024-W60"), GOOD),
    Advice("file.period.no_such_week", "不放进按周的文件夹", GOOD.but(folder="2024-W53"), in_cover()),
    Advice("file.trial.doubtful", "放到名称里没有“试报”“trial”的文件夹", GOOD.but(folder="试报材料"), GOOD),
    # what cannot be read
    refused("empty", "另存为.xlsx后重新报送", b""),
    Advice("file.empty", "请报送“零报告”", Paper(data=b"", name="周报.csv"), paper(kind="零报告"), None),
    refused("encrypted", "清空密码", ole_container({"EncryptedPackage": b"x" * 64, "EncryptionInfo": b"x" * 64})),
    refused("corrupt", "另存为.xlsx后重新报送", b"PK\x03\x04" + b"x" * 60),
    refused("archive", "直接报送", zipped({"甲.csv": CSV, "乙.csv": CSV}), "周报.zip"),
    Advice("file.archive", "第一份之外的“报送类型”都写“补充”", Paper(data=zipped({"甲.csv": CSV, "乙.csv": CSV + "\n"}), name="周报.zip"),
           GOOD, "150", further=[paper(SECOND, kind="补充", name="补充.xlsx")]),
    refused("pdf", "Excel表(.xlsx)", b"%PDF-1.7\n" + b"x" * 60, "周报.pdf"),
    refused("image", "Excel模板", b"\x89PNG\r\n\x1a\n" + b"x" * 60, "周报.png"),
    refused("document", "Excel模板", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}), "周报.docx"),
    refused("other_spreadsheet", "另存为—Excel工作簿",
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}), "周报.ods"),
    refused("web_page", "另存为—Excel工作簿", b"<html><body><table><tr><td>x</td></tr></table></body></html>", "周报.xls"),
    refused("xml_spreadsheet", "另存为—Excel工作簿",
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "周报.xls"),
    refused("mojibake", "直接另存为.xlsx", (CSV + "锟斤拷锟斤拷锟斤拷,,,,,\n").encode(), "周报.csv"),
    refused("encoding", "另存为.xlsx", CSV.encode("utf-8") + b"\xff\xfe\xff\n", "周报.csv"),
    refused("binary", "另存为.xlsx", bytes(range(256)) * 4, "周报.dat"),
    refused("open_quote", "改用.xlsx", (CSV + '"走访,送温暖慰问,,,,\n' * 3).encode(), "周报.csv"),
    refused("xml_entities", "另存为.xlsx", repacked(
        GOOD.write(), {"xl/workbook.xml": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><workbook/>'})),
    refused("no_sheet", "Excel模板", repacked(GOOD.write(), {
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'})),
    # shape
    Advice("file.header.missing", "“活动明细”表", Paper(data="一,二,三\n甲,乙,丙\n".encode(), name="周报.csv"), GOOD),
    Advice("file.header.missing", "选“零报告”", Paper(data="一,二,三\n甲,乙,丁\n".encode(), name="周报.csv"), paper(kind="零报告"), None),
    Advice("file.column.missing", "补上“活动类别”列", paper({"活动名称": "走访慰问", "开始日期": "2024-12-03", "服务人数(人)": 120}), GOOD),
    Advice("file.column.repeated", "只保留一列", GOOD.but(header=(*VISIT, "服务人数(人)")), GOOD),
    Advice("file.column.unknown", "改成模板的写法", paper(visit(负责科室="办公室")), paper(visit(备注="办公室"))),
    Advice("file.column.hidden", "删除它", paper(visit(投入资金_元=500), touch=hide_column), GOOD),
    Advice("file.table.second", "一张工作表只放一个表", GOOD.but(touch=sheet_moved), paper(visit(), SECOND), "150"),
    Advice("file.table.transposed", "一行一个活动", paper(visit(), SECOND, touch=transposed), paper(visit(), SECOND), "150"),
    Advice("file.sheet.lost", "请删除该工作表", Paper(data=lost_sheet()), GOOD),
    refused("temporary", "报送原来的文件", OWNER),
    refused("too_much_text", "只留需要的一格", spread_text()),
    Advice("file.sheet.hidden", "删除该工作表", GOOD.but(touch=hide_sheet), GOOD),
    Advice("file.sheet.hidden", "取消隐藏后重报", GOOD.but(touch=hide_sheet), paper(visit(), SECOND), "150"),
    Advice("file.sheet.unread", "补上“活动名称”“活动类别”两列", GOOD.but(touch=unread_sheet), paper(visit(), SECOND), "150"),
    Advice("file.rows.none", "填“零报告”", paper(), paper(kind="零报告"), None),
    Advice("file.rows.none", "填写后重报", paper(), GOOD),
    Advice("file.rows.none", "填“更正零报告”", paper(kind="更正"), paper(kind="更正零报告"), None, standing=[("2024-W49", GOOD)]),
    Advice("file.zero.with_rows", "改为“首报”", paper(visit(), kind="零报告"), paper(visit(), kind="首报")),
    Advice("file.zero.with_rows", "删去“零报告”“本周无活动”字样", paper(visit(), below=ZERO), GOOD),
    Advice("file.zero.with_rows", "先前报过的改为“更正”", paper(SECOND, kind="更正零报告"), paper(SECOND, kind="更正"), "30",
           standing=[("2024-W49", GOOD)]),
    Advice("file.zero.with_rows", "没有活动,请删去这些行", paper(visit(), kind="零报告"), paper(kind="零报告"), None),
    *(
        Advice("file.type.unknown", word, paper(visit(), kind="第二稿"), paper(*rows, kind=word), ends_at)
        for word, rows, ends_at in (("首报", (visit(),), "120"), ("补充", (visit(),), "120"), ("更正", (visit(),), "120"),
                                    ("零报告", (), None), ("更正零报告", (), None))
    ),
    Advice("file.type.conflict", "统一成一种", paper(visit(), kind="首报", above=[("报送类型:更正",)]), paper(visit(), kind="首报")),
    Advice("file.names.too_many", "从模板的下拉列表中选择",
           paper(*(visit(活动名称=f"活动{number}", 活动类别=f"乱写{number}", 服务人数_人=1) for number in range(201))), GOOD),
    Advice("file.template.old", "下载新模板", in_cover(模板版本="0.1"), in_cover(模板版本="1.0")),
    Advice("file.date.absent", "加上活动日期,以“更正”重报", paper(visit(开始日期=None, 结束日期=None), header=("活动名称", "活动类别", "统计口径", "服务人数(人)")),
           paper(visit(), kind="更正")),
    # whose file it is
    Advice("org.union.unknown", "工会名录里的全称", paper(visit(主办单位="某某公司工会")), GOOD),
    Advice("org.union.ambiguous", "写全称", paper(visit(主办单位="临夏")), GOOD),
    Advice("org.union.ambiguous", "“白银市总工会”或“白银区总工会”", paper(visit(主办单位="白银")), GOOD),
    Advice("org.organizer.foreign", "“主办单位”填实际牵头的本单位", paper(visit(主办单位="兰州市总工会")), paper(visit(联合单位="兰州市总工会"))),
    Advice("org.reporting.foreign", "只报本级和所辖工会的活动", paper(visit(填报单位="兰州市总工会")), GOOD),
    Advice("org.cover.foreign", "改正报送单位", in_cover(报送单位="兰州市总工会"), in_cover()),
    Advice("org.cover.unknown", "把报送单位写成", in_cover(报送单位="某某公司工会"), in_cover()),
    # persons
    Advice("pii.person_level", "删除逐人名单", GOOD.but(touch=persons), GOOD),
    Advice("file.findings.more", "同类的各处请一并改好", many("若干"), many(1), "2001"),
    Advice("pii.number.doubtful", "请删去这一列", GOOD.but(touch=with_devices(*DEVICES)), GOOD),
    Advice("pii.number.doubtful", "编号加短横线", GOOD.but(touch=with_devices(*DEVICES)), GOOD.but(touch=with_devices(*DASHED))),
    Advice("pii.number.masked", "不必为此重报", paper(visit(备注="联系 13800138000")), GOOD),
    Advice("pii.comment.masked", "不必为此重报", GOOD.but(touch=phone_comment), GOOD),
    Advice("pii.file_name.masked", "换一个不含个人号码的文件名", GOOD.but(name="13800138000.xlsx"), GOOD),
)  # fmt: skip

NO_KIND = {name: value for name, value in VISIT.items() if name != "统计口径"} | {"开始日期": None, "结束日期": None}

HINT_ADVICE = (
    Advice("file.packed", "可以不压缩,直接报送表格", Paper(data=zipped({"周报.xlsx": GOOD.write()}), name="周报.zip"), GOOD),
    Advice("file.period_kind.absent", "请加上“统计口径”列并写明,以“更正”重报", paper(NO_KIND),
           paper(NO_KIND | {"统计口径": "今年以来"}, kind="更正"), kind="ytd"),
)  # fmt: skip

_SPLIT = "a file above the cap costs minutes; test_a_report_in_several_files plays the splitting"
FILE_NOT_PLAYED = {
    "file.too_large": _SPLIT,
    "file.too_many_rows": _SPLIT,
    "file.too_many_cells": _SPLIT,
    "file.too_many_columns": "as any file that is saved anew",
    "file.too_many_blanks": "as any file that is saved anew",
    "file.too_many_styles": "as any file that is saved anew",
    "file.too_heavy": _SPLIT,
    "file.too_many_sheets": "as any file that is saved anew",
    "file.bomb": "as any file that is saved anew",
    "file.unreadable": "an error of a parser that nobody foresaw; the fix ends with the data team",
    "file.macros": "nothing is to be done for this report",
    "file.external_links": "asks to look at the figures",
    "file.drawing.unread": "asks to look into a picture",
    "org.sender.unknown": "no union is known to drop as: see test_a_file_outside_every_folder_is_answered_after_it_is_moved",
    "org.union.short": "see test_a_short_name_that_meant_another_is_corrected",
    "file.late.calendar_unknown": "asks for a call",
    "file.version.overtaken": "two files out of order: see test_arrival_order",
    "file.version.said_since": "two files out of order: see test_arrival_order",
    "org.foreign.handed_over": "asks for a call",
    "time.history.absent": "a file that is only checked asks for nothing",
    "pii.drawing.masked": "asks for nothing of this report",
    "pii.properties.masked": "asks for nothing of this report",
}
