"""Write the sample drops of 2024-W49: the activities of a real bulletin, as eight unions would have filled them in.

Source: the provincial union's bulletin of 2024-12-16 (tests/fixtures/seed_bulletin.txt); its facts stand, one by one, in
tests/fixtures/seed_facts.csv. One row is ours: 金昌's training with an end date after the period, which must come back.
Run: ``python include/samples/make_samples.py``; the files are committed, this says how they came to be.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).resolve().parent / "2024-W49"
WRITTEN_AT = datetime(2024, 12, 9, 8, 30)  # noqa: DTZ001  # openpyxl wants naive times; fixed, so that a rerun is the same


def main() -> None:
    """Write all files."""
    for union_id, name, data in (
        ("620000-own", "省总工会活动周报.xlsx", province()),
        ("620400", "白银市总工会2024年第49周.csv", baiyin()),
        ("620300", "金昌市总工会周报(12.2-12.8)最终版.xlsx", jinchang()),
        ("622900", "临夏州总工会2024-W49.xlsx", linxia()),
        ("620500", "天水市总工会周报.csv", tianshui()),
        ("620102", "城关区总工会第49周.xlsx", chengguan()),
        ("620622", "古浪县总工会物资发放.xlsx", gulang()),
        ("621122", "陇西县总工会20241202-20241208.xlsx", longxi()),
    ):
        folder = HERE / union_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def province() -> bytes:
    """The template as it is meant: cover sheet, one header row, units in the headers."""
    book = Workbook()
    _cover(book.active, "甘肃省总工会", "2024-W49", "首报")
    sheet = book.create_sheet("活动明细")
    _rows(
        sheet,
        ("活动编号", "主办单位", "联合单位", "活动名称", "活动类别", "开始日期", "结束日期", "活动地点", "服务对象",
         "统计口径", "服务人数(人)", "服务人员(人)", "物资折价(元)", "备注"),
        (
            "SZ-2024-1203", "甘肃省总工会", "省教科文卫工会、省人民医院、兰大二院、省中医院、省二院、省三院",
            "省总工会赴帮扶村开展爱心义诊", "健康义诊", datetime(2024, 12, 3), datetime(2024, 12, 3),  # noqa: DTZ001
            "定西市陇西县文家集、回岔、井儿、杨营、杜家门5村", "帮扶村村民", "本次", "700余", "30余", "10万元",
            "5家医院参加,赠送义诊药品",
        ),
    )  # fmt: skip
    return _save(book)


def baiyin() -> bytes:
    """A CSV as Excel saves it on a Chinese Windows: GB18030, no dates."""
    return _csv(
        ("填报单位", "报告期", "活动名称", "专项/品牌", "活动类别", "活动时间", "服务对象", "联合单位", "统计口径",
         "服务人数(人)", "体检项目(项)", "备注"),
        ("白银市总工会", "2024年第49周", "新就业形态劳动者免费健康体检活动", "“关爱新业态·互助健康行”", "健康体检", "近日",
         "网约送餐员、快递员、货车司机等新就业形态劳动者", "中国职工保险互助会兰州办事处", "本次", "1425", "24",
         "7大类,集中利用13天分批次"),
    ).encode("gb18030")  # fmt: skip


def jinchang() -> bytes:
    """Messy: merged title, a line of the sender, a two-row merged header, own words for figures, 合计, a foot."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    sheet["A1"] = "金昌市总工会职工服务活动周报表(2024年12月2日—12月8日)"
    sheet.merge_cells("A1:O1")
    sheet["A2"] = "填报单位:金昌市总工会"
    sheet["N2"] = "单位:元"
    parents = ("序号", "活动名称", "活动类别", "活动时间", "服务对象", "统计口径", "累计起始", "统计范围", "服务情况", None,
               None, "就业情况", None, None, "宣传资料(份)", "场次(场)", "线上观看(人次)", "培训人次(人次)")  # fmt: skip
    children = (None, None, None, None, None, None, None, None, "服务人数(人)", "求职人数(人)", "参与企业(家)",
                "提供岗位(个)", "达成意向(人)", "实现就业(人)", None, None, None, None)  # fmt: skip
    sheet.append(parents)
    sheet.append(children)
    for column in [*range(1, 9), *range(15, 19)]:
        sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet.merge_cells("I3:K3")
    sheet.merge_cells("L3:N3")
    for row in (
        (1, "“暖冬送岗”促就业活动", "就业服务", "近日", "求职者", "本次", None, "本级", "500余", "500余", 37, "1200余", 216,
         None, None, None, "2000余", None),
        (2, "“春风行动”“就业招聘月”“夜市招聘会”等招聘活动", "就业服务", None, "农民工、新就业形态劳动者", "累计", "2022年",
         "含下级", None, None, None, "8000多", "2600多", "1800多", "6万多", 45, None, None),
        (3, "技能培训活动", "技能培训竞赛", None, "农民工、新就业形态劳动者", "累计", "2022年", "含下级", None, None, None, None,
         None, None, None, 120, None, None),
        (4, "快递、外卖、护理护工等行业技能大赛", "技能培训竞赛", None, "农民工、新就业形态劳动者", "累计", "2022年", "含下级", None,
         None, None, None, None, None, None, 25, None, 1500),
        (5, "电焊加工技能培训班", "技能培训竞赛", "2024.12.16-2024.12.20", "农民工", "本次", None, "本级", 60, None, None,
         None, None, None, None, 1, None, None),
    ):  # fmt: skip
        sheet.append(row)
    sheet.append(("合 计", None, None, None, None, None, None, None, "560余"))
    sheet.append(("备注:线上专场直播带岗在职工之家App同步进行。",))
    sheet.append(("填报人:(略)", None, None, "审核人:(略)"))
    sheet["A1"].font = Font(bold=True, size=16)
    for row in sheet.iter_rows(min_row=1, max_row=4):
        for cell in row:
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return _save(book)


def linxia() -> bytes:
    """A day last week and a cumulative figure that contains it, of all levels together."""
    book = Workbook()
    sheet = book.active
    sheet.title = "爱心餐"
    sheet["A1"] = "临夏州总工会“爱心餐”活动情况报送表"
    sheet.merge_cells("A1:L1")
    _rows(
        sheet,
        ("填报单位", "活动名称", "活动类别", "开始日期", "结束日期", "服务对象", "联合单位", "统计口径", "累计起始", "统计范围",
         "场次(场)", "餐券(份)"),
        ("临夏州总工会", "“冬日一碗面 暖心又暖胃”万人爱心餐活动", "爱心餐", "2024年11月29日", "2024年11月29日",
         "保安、快递、外卖、环卫", "甘肃电信临夏分公司", "本次", None, "本级", None, 3000),
        ("临夏州总工会", "爱心餐活动", "爱心餐", None, None, "职工", None, "累计", "入冬以来", "含下级", "9场次", "15000份"),
    )  # fmt: skip
    return _save(book)


def tianshui() -> bytes:
    """A UTF-8 CSV with a byte order mark, semicolons, a date range without a year."""
    text = _csv(
        ("填报单位", "报告期", "活动名称", "专项/品牌", "活动类别", "活动时间", "活动地点", "服务对象", "联合单位", "统计口径",
         "服务人数(人)", "互助保障人数(人)", "保险服务折价(元)", "备注"),
        ("天水总工会", "2024-W49", "“关爱新业态·互助健康行”公益体检活动", "关爱新业态・互助健康行", "体检", "11月11日至12日",
         "天水元通物流有限责任公司货车司机之家等集散点", "货车司机、快递员", "中国职工保险互助会兰州办事处", "本次", "260余名", "",
         "", "7大类检查项目"),
        ("天水总工会", "2024-W49", "在职职工意外伤害互助保障", "", "互助保障", "", "天水市", "新就业形态劳动者", "", "今年以来", "",
         "350", "9000余元", ""),
        separator=";",
    )  # fmt: skip
    return b"\xef\xbb\xbf" + text.encode()


def chengguan() -> bytes:
    """A 单位:万元 line, 今年以来 rows and a 合计 row that must never be added to them."""
    book = Workbook()
    sheet = book.active
    sheet.title = "困难帮扶"
    sheet["A1"] = "兰州市城关区总工会困难职工帮扶情况"
    sheet.merge_cells("A1:G1")
    sheet["F2"] = "单位:万元"
    _rows(
        sheet,
        ("序号", "活动名称", "活动类别", "活动时间", "统计口径", "服务人数", "帮扶资金"),
        (1, "在库困难职工家庭情况回访", "困难帮扶", "近期", "本次", 57, None),
        (2, "生活救助金", "困难帮扶", None, "今年以来", None, 35.9),
        (3, "子女助学金", "困难帮扶", None, "今年以来", None, 10.8),
        ("合计", None, None, None, None, 57, 46.7),
    )
    return _save(book)


def gulang() -> bytes:
    """The long shape: one measure a row, gloves and hats apart."""
    book = Workbook()
    sheet = book.active
    sheet.title = "物资"
    sheet["A1"] = "古浪县总工会 2024年第49周"
    shared = (
        "“暖心又暖‘新’ 冬季送温暖”志愿服务活动",
        "志愿服务",
        "12月5日",
        "古浪县",
        "外卖骑手、快递小哥、环卫工人",
        "县委社会工作部等单位",
    )
    _rows(
        sheet,
        ("活动名称", "活动类别", "活动时间", "活动地点", "服务对象", "联合单位", "物资名称", "指标", "数值", "单位"),
        (*shared, "手套", "发放物资", 150, "双"),
        (*shared, "帽子", "发放物资", 50, "顶"),
    )
    return _save(book)


def longxi() -> bytes:
    """A short table whose period stands in the file name alone."""
    book = Workbook()
    sheet = book.active
    sheet.title = "活动"
    _rows(
        sheet,
        ("填报单位", "活动名称", "活动类别", "活动日期", "活动地点", "服务对象", "慰问人数", "备注"),
        (
            "陇西县总",
            "货车司机送温暖慰问活动",
            "送温暖慰问",
            "11月28日",
            "陇西县",
            "货车司机",
            "102名",
            "走访5家基层工会等",
        ),
    )
    return _save(book)


def _cover(sheet: Worksheet, union: str, week: str, kind: str) -> None:
    sheet.title = "报送信息"
    for label, value in (("报送单位", union), ("报告期", week), ("报送类型", kind), ("模板版本", "1")):
        sheet.append((label, value))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 30


def _rows(sheet: Worksheet, *rows: Sequence[object]) -> None:
    for row in rows:
        sheet.append(row)
    for column in sheet.columns:
        sheet.column_dimensions[column[-1].column_letter].width = 18


def _csv(*rows: Sequence[str], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def _save(book: Workbook) -> bytes:
    book.properties.creator = "样例"
    book.properties.created = book.properties.modified = WRITTEN_AT
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
