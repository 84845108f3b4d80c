"""The advice of ``file.version.*`` and ``time.*``: a file against what the union has reported before."""

from __future__ import annotations

from typing import Any

from tests.integration.advice.playing import GOOD, Advice
from tests.integration.clerk import Paper, paper, visit

NO_DAYS: dict[str, Any] = {"开始日期": None, "结束日期": None}
SECOND = visit(活动名称="技能比武", 活动类别="技能培训竞赛", 服务人数_人=30)
BAD_SECOND = {**SECOND, "服务人数(人)": "30-50"}
TWO = paper(visit(), SECOND)
PARTIAL = paper(visit(), BAD_SECOND)
GOOD_BYTES = Paper(data=GOOD.write())
PARTIAL_BYTES = Paper(data=PARTIAL.write())
W48_DAYS = {"开始日期": "2024-11-26", "结束日期": "2024-11-26"}
STANDS = [("2024-W49", GOOD)]
WEEK_BEFORE = [("2024-W48", paper(visit(**NO_DAYS)))]


def ytd(people: int, name: str = "困难职工帮扶", end: str | None = None, **says: Any) -> dict[str, Any]:
    """今年以来, up to the end of the report week unless ``end`` says another day."""
    return visit(
        活动名称=name, 活动类别="困难帮扶", 开始日期=None, 结束日期=end, 统计口径="今年以来", 服务人数_人=people, **says
    )


def series(rule: str, says: str, before: dict[str, Any], after: dict[str, Any], ends_at: str, **more: Any) -> Advice:
    """今年以来 1000 of the week before, then this."""
    standing = more.pop("standing", [("2024-W48", paper(ytd(1000)))])
    return Advice(f"time.series.{rule}", says, paper(before), paper(after), ends_at, standing, kind="ytd", **more)


WHY = {"说明": "已与台账核对,情况属实"}
LATER = [("2024-W49", paper(ytd(1000)))]
OLD_FILE = "2024-W48"
PAST = [
    (week, paper(visit(开始日期=day, 结束日期=day, 服务人数_人=100)))
    for week, day in (("2024-W47", "2024-11-20"), ("2024-W48", "2024-11-27"))
]
EARLIER_EVENT = visit(活动名称="上周的义诊", 服务人数_人=50, **W48_DAYS)
MENDED_EVENT = {**EARLIER_EVENT, "服务人数(人)": 60}

HISTORY_ADVICE = (
    # versions of a week
    Advice("file.version.duplicate", "想改数字的,请改好以后重新报送", GOOD_BYTES, paper(visit(服务人数_人=130)), "130",
           [("2024-W49", GOOD_BYTES)]),
    Advice("file.version.unchanged", "想改数字的,请改好以后重新报送", GOOD, paper(visit(服务人数_人=130)), "130", STANDS),
    Advice("file.version.duplicate_partial", "处理没有入库的行,然后重新报送整份文件", PARTIAL_BYTES, TWO, "150",
           [("2024-W49", PARTIAL_BYTES)]),
    Advice("file.version.unchanged_partial", "处理没有入库的行,然后重新报送整份文件", PARTIAL.but(cover={"填报人": "甲"}), TWO, "150",
           [("2024-W49", PARTIAL)]),
    *(
        Advice(rule, "先以“更正零报告”撤回误报的这一周,再改对报告期重报", paper(row, kind=kind),
               paper(kind="更正零报告"), ends_at, WEEK_BEFORE, [paper(row, kind=kind, folder="2024-W48")], counts_in="2024-W48")
        for rule, kind, row, ends_at in (
            ("file.version.nothing_to_correct", "更正", visit(**NO_DAYS, 服务人数_人=100), "100"),
            ("file.version.nothing_to_add_to", "补充", SECOND | NO_DAYS, "150"),
        )
    ),
    Advice("file.version.already_there", "以“更正”重新报送本周的全部活动", paper(visit(), SECOND, kind="补充"),
           paper(visit(), visit(说明="下午又走访一次,另一批人"), SECOND, kind="更正"), "270", STANDS),
    Advice("file.version.counted_elsewhere", "那一周的全部活动,两行都写上", paper(visit(), EARLIER_EVENT),
           paper(EARLIER_EVENT, EARLIER_EVENT | {"说明": "下午又走访一次,另一批人"}, kind="更正", folder="2024-W48"), "100",
           [("2024-W48", paper(EARLIER_EVENT))], counts_in="2024-W48"),
    Advice("file.version.key_exists", "以“更正”重新报送本周的全部活动", paper(visit(服务人数_人=130), kind="补充"),
           paper(visit(服务人数_人=130), kind="更正"), "130", STANDS),
    Advice("file.version.differs_elsewhere", "以“更正”重新报送", paper(visit(), MENDED_EVENT),
           paper(MENDED_EVENT, kind="更正", folder="2024-W48"), "60", [("2024-W48", paper(EARLIER_EVENT))], counts_in="2024-W48"),
    Advice("file.version.differs_elsewhere", "从本周删去这一行", paper(visit(), MENDED_EVENT), GOOD, "120",
           [("2024-W48", paper(EARLIER_EVENT))]),
    Advice("file.version.activity_vanished", "漏写了的,请补上", GOOD, TWO, "150", [("2024-W49", TWO)]),
    Advice("file.version.activity_vanished", "确实要去掉的,请把“报送类型”写成“更正”", GOOD, paper(visit(), kind="更正"), "120",
           [("2024-W49", TWO)]),
    Advice("file.version.activity_vanished", "改了名称、编号、日期的", paper(visit(活动名称="入户走访")),
           paper(visit(活动名称="入户走访"), kind="更正"), "120", STANDS),
    Advice("file.version.activity_vanished", "改了名称、编号、日期的", paper(visit(活动编号="A1")),
           paper(visit(活动编号="A1"), kind="更正"), "120", STANDS),
    Advice("file.version.activity_vanished", "请写成“补充”", paper(SECOND), paper(SECOND, kind="补充"), "150", STANDS),
    Advice("file.version.activity_vanished", "报的不是这一周的,请把报告期改对再报",
           paper(SECOND | NO_DAYS, cover={"报告期": "2024-W48"}, folder=""),
           paper(SECOND | NO_DAYS, cover={"报告期": "2024-W49"}, folder=""), "30", WEEK_BEFORE),
    Advice("file.version.zero_over_activities", "写成“更正零报告”重新报送", paper(kind="零报告"), paper(kind="更正零报告"), None, STANDS),
    Advice("file.version.zero_over_activities", "报的不是这一周的,请把报告期改对再报",
           paper(kind="零报告", cover={"报告期": "2024-W48"}, folder=""),
           paper(kind="零报告", cover={"报告期": "2024-W49"}, folder=""), None, WEEK_BEFORE),
    Advice("file.version.takes_away", "以“更正”重新报送本周的全部活动", paper(visit(), kind="更正"), TWO.but(cover={"报送类型": "更正"}), "150",
           [("2024-W49", TWO)]),
    Advice("file.version.replaces", "以“更正”重新报送这一周的全部活动", paper(visit(), kind="更正"), TWO.but(cover={"报送类型": "更正"}), "150",
           [("2024-W49", TWO)]),
    Advice("file.version.withdraws", "以“更正”重新报送本周的全部活动", paper(kind="更正零报告"), paper(visit(), kind="更正"), "120", STANDS),
    Advice("file.version.not_clean", "改好以后,把整份文件重新报送", PARTIAL, TWO, "150", STANDS),
    # earlier and later weeks
    Advice("time.event.jump", "核对数字和单位", paper(visit(服务人数_人=5000)), paper(visit(服务人数_人=500)), "500", PAST),
    Advice("time.event.jump", "在“说明”里写明情况", paper(visit(服务人数_人=5000)), paper(visit(服务人数_人=5000, **WHY)), "5000", PAST),
    Advice("time.event.same_as_week_before", "写本周新增的数", paper(visit(**NO_DAYS)), paper(visit(**NO_DAYS, 服务人数_人=30)), "30",
           WEEK_BEFORE),
    Advice("time.event.same_as_week_before", "删去这一行", paper(visit(**NO_DAYS), SECOND | NO_DAYS), paper(SECOND | NO_DAYS), "30", WEEK_BEFORE),
    Advice("time.event.same_as_week_before", "在“说明”里写明", paper(visit(**NO_DAYS)), paper(visit(**NO_DAYS, **WHY)), "120",
           WEEK_BEFORE),
    Advice("time.event.same_as_week_after", "请删去这一行", paper(visit(**NO_DAYS), SECOND | NO_DAYS, folder=OLD_FILE),
           paper(SECOND | NO_DAYS, folder=OLD_FILE), "30", [("2024-W49", paper(visit(**NO_DAYS)))], counts_in=OLD_FILE),
    Advice("time.event.same_as_week_after", "在“说明”里写明", paper(visit(**NO_DAYS), folder=OLD_FILE),
           paper(visit(**NO_DAYS, **WHY), folder=OLD_FILE), "120", [("2024-W49", paper(visit(**NO_DAYS)))], counts_in=OLD_FILE),
    series("fell", "写错的请改正", ytd(900), ytd(1100), "1100"),
    series("fell", "在“说明”里写明原因", ytd(900), ytd(900, **WHY), "900"),
    series("jump", "核对数字和单位", ytd(20000), ytd(2000), "2000"),
    series("jump", "在“说明”里写明情况", ytd(20000), ytd(20000, **WHY), "20000"),
    Advice("time.series.above_later", "这一行写错的请改正", paper(ytd(1200), folder=OLD_FILE), paper(ytd(900), folder=OLD_FILE),
           "900", LATER, kind="ytd", counts_in=OLD_FILE),
    Advice("time.series.above_later", "以“更正”改正,再重报这一份", paper(ytd(1200), folder=OLD_FILE), paper(ytd(1300), kind="更正"),
           "1200", LATER, [paper(ytd(1200), folder=OLD_FILE)], kind="ytd", counts_in=OLD_FILE),
    Advice("time.series.above_later", "在“说明”里写明原因", paper(ytd(1200), folder=OLD_FILE),
           paper(ytd(1200, **WHY), folder=OLD_FILE), "1200", LATER, kind="ytd", counts_in=OLD_FILE),
    series("renamed", "“原:困难职工帮扶”", ytd(1100, "困难职工帮扶行动"), ytd(1100, "困难职工帮扶行动", 说明="原:困难职工帮扶"), "1100"),
    series("renamed", "确是两件事,请在“说明”里写明,两个数都会计入", ytd(1100, "困难职工帮扶行动"), ytd(1100, "困难职工帮扶行动", **WHY), "2100"),
    Advice("row.ytd.which_year", "2025 年的数写 2025-01-05", paper(ytd(120)), paper(ytd(120, end="2025-01-05")), "120",
           week="2025-W01", kind="ytd"),
    Advice("row.ytd.which_year", "2024 年全年的数写 2024-12-31", paper(ytd(120)), paper(ytd(120, end="2024-12-31")), "120",
           week="2025-W01", kind="ytd", counts_in="2024-W52"),
    Advice("row.ytd.old_year", "改成新一年的日子后以“更正”重报", paper(ytd(120, end="2024-12-31")),
           paper(ytd(120, end="2025-01-05"), kind="更正"), "120", week="2025-W01", kind="ytd"),
)  # fmt: skip

HISTORY_NOT_PLAYED = {
    "row.period_kind.planned": "another week: see test_what_was_planned_is_reported_in_its_own_week",
    "org.foreign.same_file": "two unions: see test_the_same_file_of_two_unions",
    "org.foreign.already_reported": "asks for nothing, or for a call",
    "org.foreign.similar": "asks two unions to agree: see test_an_activity_that_two_unions_report",
    "org.union.ended": "no union of the list has ended; tests of the union history play one that has",
    "org.sender.ended": "no union of the list has ended; tests of the union history play one that has",
}
