"""The advice of ``row.*`` and ``set.*``: what is wrong with a cell or a row, and what the fix says to write instead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from tests.integration.advice.playing import GOOD, Advice
from tests.integration.clerk import Paper, paper, visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook


def figure(rule: str, says: str, wrong: Any, right: Any, ends_at: str | None) -> Advice:
    """A cell of 服务人数."""
    return Advice(f"row.figure.{rule}", says, paper(visit(服务人数_人=wrong)), paper(visit(服务人数_人=right)), ends_at)


def money(rule: str, says: str, header: str, wrong: Any, right: Any, *, mended: str | None = None) -> Advice:
    """A cell of 投入资金, under this header and then perhaps another; 服务人数 stays 120."""
    before, after = visit(**{header: wrong}), visit(**{mended or header: right})
    return Advice(f"row.{rule}", says, paper(before), paper(after))


def cells(
    rule: str, says: str, wrong: dict[str, Any], right: dict[str, Any], *, sent_as: str | None = None, **more: Any
) -> Advice:
    """Cells of one activity. ``sent_as``: 报送类型 of the file that follows the fix."""
    return Advice(rule, says, paper(visit(**wrong)), paper(visit(**right), kind=sent_as), **more)


def dates(rule: str, says: str, wrong: Any, right: Any, **more: Any) -> Advice:
    """活动时间 instead of two days."""
    nothing = {"开始日期": None, "结束日期": None}
    return cells(f"row.{rule}", says, {**nothing, "活动时间": wrong}, {**nothing, "活动时间": right}, **more)


def why(rule: str, wrong: dict[str, Any], ends_at: str = "120", **more: Any) -> Advice:
    """A query that 说明 answers."""
    right = {**wrong, "说明": "数字已与台账核对,情况属实"}
    return cells(rule, "说明", {**wrong, "说明": None}, right, ends_at=ends_at, **more)


def on_row_2(change: str) -> Any:
    """What cannot be said in cells, done to the second of two activities: it stands in row 3."""

    def touch(book: Workbook) -> None:
        sheet = book["活动明细"]
        if change == "hide":
            sheet.row_dimensions[3].hidden = True
        for cell in sheet[3]:
            if change == "strike":
                cell.font = Font(strike=True)
            if change == "colour":
                cell.fill = PatternFill("solid", fgColor="FFFF0000")

    return touch


def with_comment(book: Workbook) -> None:
    sheet = book["活动明细"]
    sheet["F2"].value = None
    sheet["F2"].comment = Comment("服务120人", "甲")


def with_merged_figure(book: Workbook) -> None:
    book["活动明细"].merge_cells("F2:F3")


def with_hidden_figure(book: Workbook) -> None:
    """As sorting and format painters leave it: merged, and the lower figure still in the file."""
    sheet = book["活动明细"]
    sheet.merge_cells("F2:F3")
    sheet._cells[3, 6] = Cell(sheet, 3, 6, 30)


SECOND = visit(活动名称="技能比武", 活动类别="技能培训竞赛", 服务人数_人=30)
TWO = paper(visit(), SECOND)
RED = [("标红的作废",)]
LONG = ("活动名称", "活动类别", "开始日期", "结束日期", "指标", "数值")


def long_rows(*said: tuple[Any, Any]) -> Paper:
    """The long shape: one measure a row."""
    return Paper(
        rows=tuple(
            dict(zip(LONG, ("走访慰问", "送温暖慰问", "2024-12-03", "2024-12-03", *pair), strict=True)) for pair in said
        )
    )


def hired(seekers: int, intents: int, **says: Any) -> dict[str, Any]:
    return {"求职人数(人)": seekers, "达成意向(人)": intents, **says}


def twins(*numbers: Any, reasons: Sequence[str | None] = (None, None), kind: str | None = None) -> Paper:
    """Two visits of 10 people each on one day, alike in everything but 活动编号 and 说明."""
    rows = (
        visit(服务人数_人=10, 活动编号=number, 说明=reason) for number, reason in zip(numbers, reasons, strict=True)
    )
    return paper(*rows, kind=kind)


CSV = "活动名称,活动类别,开始日期,结束日期,统计口径,服务人数(人)\n"

FIGURE_ADVICE = (
    figure("unreadable", "只写一个数字", "1.2.3", "120", "120"),
    figure("personal", "改成实际的数", "138" + "00001234", "120", "120"),
    figure("words", "至多带上单位(例如 1200人)", "120(含家属)", "120人", "120"),
    figure("several", "一格只写一个数", "120人,另有20", "120", "120"),
    figure("places", "例如 10200", "1万200", "10200", "10200"),
    figure("places", "写成 1.02万", "1万200人", "1.02万", "10200"),
    figure("range", "约40", "30-50", "约40", "40"),
    figure("range", "30余", "30-50", "30余", "30"),
    figure("formula", "写算好的数", "150+50", "200", "200"),
    figure("uncomputed", "直接填写数字", "=A1*2", "120", "120"),
    figure("scientific", "写出全部数字", "1E+05", "100000", "100000"),
    figure("list_mark", "去掉序号", "①150人", "150人", "150"),
    figure("vague", "约300", "几百", "约300", "300"),
    figure("vague", "300余", "几百", "300余", "300"),
    figure("marks", "1200余", "约1200余", "1200余", "1200"),
    figure("same_as_above", "写出这一行自己的数", "同上", "120", "120"),
    figure("percent", "写实际数", "81%", "81", "81"),
    figure("fraction", "写整数", "12.5", "12", "12"),
    figure("fraction", "1.2万", "1.25", "1.2万", "12000"),
    figure("too_large", "核对数字和单位", "9999999999999999", "120", "120"),
    Advice("row.measure.impossible", "改正后重报", paper(visit(服务人数_人=2_000_000_000)), paper(visit(服务人数_人=2000)), "2000"),
    figure("personal", "请删去", "13800138000", None, None),
    figure("negative", "写实际发生数", -5, 120, "120"),
    Advice(
        "row.figure.negative", "用“更正”重报那一周", paper(visit(), visit(活动名称="冲减上周", 服务人数_人=-5)),
        paper(visit(服务人数_人=115), kind="更正"), "115", standing=[("2024-W49", GOOD)],
    ),
    figure("unit_unfit", "改正单位", "120家", "120人", "120"),
    Advice(
        "row.figure.unit_unfit", "填到对应的列", paper(visit(服务人数_人="120家")),
        paper(visit(服务人数_人=None, 参与企业_家="120家")), None,
    ),
    figure("person_times", "核对填的是人数还是人次", "120人次", "120人", "120"),
    figure("error_value", "直接填写数字", "#REF!", 120, "120"),
    money("figure.decimals", "四舍五入到分,例如 3333.33", "投入资金(元)", "3333.333", "3333.33"),
    money("figure.unit_doubled", "35.9万元", "投入资金(万元)", "35.9万", "35.9万元"),
    money("figure.unit_doubled", "只写数字", "投入资金(万元)", "35.9万", "35.9"),
    money("figure.unit_unclear", "35.9万元", "投入资金(元/万元)", "35.9", "35.9万元"),
    money("figure.unit_unclear", "改成一个单位", "投入资金(元/万元)", "35.9", "35.9", mended="投入资金(万元)"),
)  # fmt: skip

ROW_ADVICE = (
    # dates
    dates("date.unreadable", "2024-12-03", "12-3号左右", "2024-12-03"),
    dates("date.unreadable", "2024-12-03至2024-12-05", "从3号开始搞了三天", "2024-12-03至2024-12-05"),
    dates("date.number", "“文本”格式,写成 2024-12-03", 12.3, "2024-12-03"),
    dates("date.no_day", "写到日", "2024年10月", "2024-12-03"),
    dates("date.impossible", "核对月份和日期", "2024-02-30", "2024-12-03"),
    dates("date.implausible", "核对年份", "2042-12-03", "2024-12-03"),
    dates("date.reversed", "开始日期写在前", "12月5日至12月3日", "12月3日至12月5日"),
    dates("date.inexact", "请补上(例如 2024-12-03),以“更正”重报", "近日", "2024-12-03", sent_as="更正"),
    dates("date.error_value", "直接填写日期(例如 2024-12-03),以“更正”重报", "#REF!", "2024-12-03", sent_as="更正"),
    dates("date.weekday_differs", "核对日期", "2024-12-03(周一)", "2024-12-03(周二)"),
    Advice(
        "row.date.absent", "写明开始和结束日期", paper(visit(开始日期=None, 结束日期=None), SECOND),
        TWO.but(cover={"报送类型": "更正"}), "150",
    ),
    cells("row.end_date.after_period", "把“结束日期”留空", {"结束日期": "2024-12-20"}, {"结束日期": None}),
    cells("row.end_date.after_period", "日期写错的请改正", {"结束日期": "2024-12-20"}, {}),
    cells("row.end_date.after_period", "把“统计口径”写成“计划”", {"结束日期": "2024-12-20"},
          {"结束日期": "2024-12-20", "统计口径": "计划"}, ends_at=None),
    Advice(
        "row.end_date.after_period", "先把报告期改对", GOOD.but(cover={"报告期": "2024-W48"}, folder=""),
        GOOD.but(cover={"报告期": "2024-W49"}, folder=""),
    ),
    cells("row.end_date.before_start", "改正写错的一个", {"结束日期": "2024-12-02"}, {}),
    why("row.end_date.too_old", {"开始日期": "2024-09-03", "结束日期": "2024-09-03"}, counts_in="2024-W36"),
    cells("row.end_date.own_week", "写错的请改正,以“更正”重报", {"开始日期": "2024-11-28", "结束日期": "2024-11-28"}, {},
          sent_as="更正"),
    cells("row.start_date.after_period", "日期写错的请改正", {"开始日期": "2024-12-20", "结束日期": None}, {}),
    cells("row.start_date.after_period", "写成“计划”", {"开始日期": "2024-12-20", "结束日期": None},
          {"开始日期": "2024-12-20", "结束日期": None, "统计口径": "计划"}, ends_at=None),
    cells("row.dates.long_run", "日期写错的请改正", {"开始日期": "2024-01-03"}, {}, sent_as="更正"),
    cells("row.dates.long_run", "把“统计口径”改成“今年以来”", {"开始日期": "2024-01-03"},
          {"开始日期": "2024-01-03", "统计口径": "今年以来"}, kind="ytd", sent_as="更正"),
    cells("row.dates.long_run", "改成“累计”并写明“累计起始”", {"开始日期": "2024-01-03"},
          {"开始日期": "2024-01-03", "统计口径": "累计", "累计起始": "2024-01-03"},
          kind="cumulative_since/since=2024-01-03", sent_as="更正"),
    # series
    cells("row.since_date.missing", "写出开始累计的日期", {"统计口径": "累计"},
          {"统计口径": "累计", "累计起始": "2022-01-01"}, kind="cumulative_since/since=2022-01-01"),
    cells("row.since_date.missing", "把“统计口径”写成“今年以来”", {"统计口径": "累计"}, {"统计口径": "今年以来"}, kind="ytd"),
    cells("row.since_date.after_as_of", "核对“累计起始”和“结束日期”", {"统计口径": "累计", "累计起始": "2024-12-05"},
          {"统计口径": "累计", "累计起始": "2024-01-01"}, kind="cumulative_since/since=2024-01-01"),
    cells("row.since_date.unneeded", "改成“累计”", {"累计起始": "2024-01-01"},
          {"累计起始": "2024-01-01", "统计口径": "累计"}, kind="cumulative_since/since=2024-01-01", sent_as="更正"),
    cells("row.since_date.unneeded", "清空“累计起始”", {"累计起始": "2024-01-01"}, {}),
    cells("row.since_date.not_new_year", "改成“累计”", {"统计口径": "今年以来", "累计起始": "2024-03-01"},
          {"统计口径": "累计", "累计起始": "2024-03-01"}, kind="cumulative_since/since=2024-03-01", sent_as="更正"),
    # labels
    cells("row.required.empty", "填写第 2 行的“活动名称”", {"活动名称": None}, {}),
    Advice("row.required.empty", "请删除整行", paper(visit(), {"服务人数(人)": 7, "活动类别": "送温暖慰问"}), GOOD),
    cells("row.category.unknown", "选“其他”", {"活动类别": "放风筝"}, {"活动类别": "其他", "备注": "放风筝"}),
    cells("row.group.unknown", "改用服务对象表里的名称", {"服务对象": "宇航员"}, {"服务对象": "农民工", "备注": "宇航员"}),
    cells("row.campaign.new", "改成登记的写法", {"专项/品牌": "互助健康走一走"}, {"专项/品牌": "关爱新业态·互助健康行"}),
    cells("row.period_kind.unknown", "请改成", {"统计口径": "随便"}, {"统计口径": "本次"}),
    cells("row.scope.unknown", "请改成", {"统计范围": "随便"}, {"统计范围": "本级"}),
    Advice("row.measure.unknown", "例如“服务人数”", long_rows(("出席率", 120)), long_rows(("服务人数", 120))),
    Advice("row.measure.empty", "里写明,例如“服务人数”", long_rows(("服务人数", 120), (None, 5)),
           long_rows(("服务人数", 120), ("服务人次", 125))),
    cells("row.cell.error_value", "直接填写内容", {"服务对象": "#REF!"}, {"服务对象": "农民工"}),
    cells("row.cell.uncomputed", "选择性粘贴—数值", {"活动名称": "=B2&C2"}, {}),
    Advice("row.hidden", "取消隐藏", TWO.but(touch=on_row_2("hide")), TWO, "150"),
    Advice("row.hidden", "删除整行", TWO.but(touch=on_row_2("hide")), GOOD),
    Advice("row.struck", "去掉删除线", TWO.but(touch=on_row_2("strike")), TWO, "150"),
    Advice("row.struck", "删除整行", TWO.but(touch=on_row_2("strike")), GOOD),
    Advice("row.coloured", "作废请删除整行", TWO.but(touch=on_row_2("colour"), below=RED), GOOD.but(below=RED)),
    Advice("row.coloured", "去掉这一行的颜色", TWO.but(touch=on_row_2("colour"), below=RED), TWO.but(below=RED), "150"),
    Advice("row.coloured", "改掉那句注明", TWO.but(touch=on_row_2("colour"), below=RED), TWO.but(touch=on_row_2("colour")), "150"),
    Advice("row.ragged", "内容里有逗号时要加引号",
           Paper(data=f"{CSV}走访,慰问,送温暖慰问,2024-12-03,2024-12-03,本次,120\n".encode(), name="周报.csv"),
           Paper(data=f'{CSV}"走访,慰问",送温暖慰问,2024-12-03,2024-12-03,本次,120\n'.encode(), name="周报.csv")),
    Advice("row.ragged", "改用 Excel 文件报送",
           Paper(data=f"{CSV}走访,看望,送温暖慰问,2024-12-03,2024-12-03,本次,120\n".encode(), name="周报.csv"), GOOD),
    Advice("row.figure.merged", "取消合并、逐行填写", TWO.but(touch=with_merged_figure), TWO, "150"),
    Advice("row.figure.under_merge", "取消合并,逐行核对", TWO.but(touch=with_hidden_figure), TWO, "150"),
    Advice("row.figure.in_comment", "写进单元格", GOOD.but(touch=with_comment), GOOD),
    # limits
    why("row.measure.over_limit", {"服务人数(人)": 600000}, "600000"),
    cells("row.measure.over_limit", "核对数字和表头的单位", {"服务人数(人)": 600000}, {"服务人数(人)": 600}, ends_at="600"),
    why("row.measure.over_ratio", {"投入资金(元)": 30_000_000}),
    why("row.hire_intents.above_seekers", hired(10, 20)),
    why("row.hired.above_seekers", {"求职人数(人)": 10, "实现就业(人)": 20}),
    cells("row.parts.above_total", "都包含在投入资金里", {"投入资金(元)": 100, "慰问金(元)": 200},
          {"投入资金(元)": 200, "慰问金(元)": 200}),
    cells("row.service_visits.below_people", "两列是否写反了", {"服务人次": 20}, {"服务人次": 140}),
    cells("row.job_seekers.above_people", "核对两个数字", {"求职人数(人)": 200}, {"求职人数(人)": 20}),
    cells("row.insured_people.above_people", "核对两个数字", {"互助保障人数(人)": 200}, {"互助保障人数(人)": 20}),
    cells("row.sessions.above_people", "核对两个数字", {"场次": 200}, {"场次": 2}),
    cells("row.people_served.zero_with_money", "留空,不要写 0", {"服务人数(人)": 0, "投入资金(元)": 500},
          {"服务人数(人)": None, "投入资金(元)": 500}, ends_at=None),
    cells("row.measures.none", "请补上", {"服务人数(人)": None, "投入资金(元)": None}, {}),
    cells("row.item_name.missing", "写出名称", {"发放物资(件)": 20}, {"发放物资(件)": 20, "物资名称": "手套"}, sent_as="更正"),
    cells("row.activity_name.too_long", "写简短的名称", {"活动名称": "走访" * 50}, {}, sent_as="更正"),
    cells("row.activity_name.no_words", "写活动名称", {"活动名称": "12345"}, {}),
    cells("row.item_name.too_long", "分行写", {"发放物资(件)": 20, "物资名称": "手套帽子" * 10},
          {"发放物资(件)": 20, "物资名称": "手套"}, sent_as="更正"),
    cells("row.explanation.too_long", "写要点", {"说明": "很长" * 300}, {"说明": "要点"}),
    cells("row.remarks.too_long", "写要点", {"备注": "很长" * 600}, {"备注": "要点"}),
    # hints
    Advice("row.date.serial", "设为“日期”格式", paper(visit(开始日期="45629", 结束日期="45629")),
           paper(visit(开始日期=date(2024, 12, 3), 结束日期=date(2024, 12, 3)))),
    cells("row.measures.only_descriptive", "有服务人数、资金等数字的,请补上", {"服务人数(人)": None, "体检项目(项)": 12},
          {"体检项目(项)": 12}),
    cells("row.job_posts.no_firms", "知道企业数的请补上", {"提供岗位(个)": 50}, {"提供岗位(个)": 50, "参与企业(家)": 5}),
)  # fmt: skip
"""Said once for each way that a fix offers."""

SET_ADVICE = (
    Advice("set.number.missing", "删去一行", twins(None, "A2"), twins(None, "A2").but(rows=twins(None, "A2").rows[:1]), "10"),
    Advice("set.number.missing", "在这一行的“说明”里写明", twins(None, "A2"), twins(None, "A2", reasons=(None, "下午又一次")), "20"),
    Advice("set.number.missing", "给两行都填上“活动编号”(各不相同),整份文件以“更正”重报", twins(None, "A2"),
           twins("A1", "A2", kind="更正"), "20"),
    Advice("set.number.changed", "请删去这一行", paper(visit(活动编号="A1"), SECOND, kind="补充"), paper(SECOND, kind="补充"), "150",
           [("2024-W49", GOOD)]),
    Advice("set.number.changed", "在这一行的“说明”里写明", paper(visit(活动编号="A1"), kind="补充"),
           paper(visit(活动编号="A1", 说明="另一批职工"), kind="补充"), "240", [("2024-W49", GOOD)]),
    Advice("set.key.repeated", "删去一行", twins(None, None), twins(None, None).but(rows=twins(None, None).rows[:1]), "10"),
    Advice("set.key.repeated", "说明", twins(None, None), twins(None, None, reasons=(None, "下午又走访一次,另一批人")), "20"),
    Advice("set.key.repeated", "给两行都填上“活动编号”", twins(None, None), twins("A1", "A2", kind="更正"), "20"),
    Advice("set.key.repeated", "整份文件以“更正”重报", twins("A1", "A1"), twins("A1", "A2", kind="更正"), "20"),
    Advice("set.total.mismatch", "核对合计行", GOOD.but(below=[("合计", None, None, None, None, 130)]),
           GOOD.but(below=[("合计", None, None, None, None, 120)])),
    Advice("set.total.mismatch", "在合计行的“说明”里写明",
           paper(visit(说明=None), below=[("合计", None, None, None, None, 130)]),
           paper(visit(说明=None), below=[("合计", None, None, None, None, 130, "合计含下级10人")])),
    Advice("set.items.figure_repeated", "只写在其中一行",
           paper(visit(物资名称="手套", 发放物资_件=5), visit(物资名称="帽子", 发放物资_件=6)),
           paper(visit(物资名称="手套", 发放物资_件=5), visit(物资名称="帽子", 发放物资_件=6, 服务人数_人=None))),
    Advice("set.activity.similar", "重复的请删去一行", paper(visit(), visit(开始日期="2024-12-04", 结束日期="2024-12-04")),
           GOOD.but(cover={"报送类型": "更正"})),
)  # fmt: skip

ROW_NOT_PLAYED = {
    "row.since_date.in_future": "a day after the period is refused as row.date.implausible before",
    "row.measure.repeated": "the intake makes a second activity of it, about which set.key.repeated asks",
    "row.figure.share": "no measure of the list is a share; a test of the intake reads one",
    "row.figure.unit_differs": "asks to look; nothing is to be changed while the unit is right",
    "row.figure.unit_line_differs": "asks to look; nothing is to be changed while the header is right",
    "org.scope.inferred": "a name of the union's own: see test_a_name_that_says_all_levels_is_answered_as_own_in_a_correction",
    "row.parts.rounding": "asks for nothing",
    "set.total.rounding": "asks for nothing",
}
"""Rules above info whose advice cannot be played, and why."""
