"""What the summary tells beside its matrices, a table each: why figures changed, activities, corrections, 说明, who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nuanliu.reporting.summary.bridge_lines import BridgeLine
from nuanliu.reporting.summary.contents import Bar, Summary, WeekLine
from nuanliu.reporting.summary.workbook.amounts import Amount, column_amount, shown_amount
from nuanliu.reporting.summary.workbook.places import Places
from nuanliu.reporting.summary.workbook.tables import Cell, Table

WEEKS = "近12周"
_ID = "图号"


def week_table(summary: Summary) -> Table:
    """近12周: what the charts draw. What is unknown is an empty cell, and a gap."""
    header = ("周次", "报告期", "服务人数(人)", "投入资金(万元)", "已报(家)", "应报(家)", "人数图号", "资金图号")
    rows = [_week_row(week) for week in summary.weeks]
    return Table(WEEKS, "每周的服务人数、投入资金和报送家数", header, rows, wide=("报告期", "人数图号", "资金图号"))


def _week_row(week: WeekLine) -> Sequence[Cell]:
    people, money = week.people, week.money
    return (
        week.week, week.label, _bar(people), _bar(money), week.answered, week.expected,
        people.figure_id if people else None, money.figure_id if money else None,
    )  # fmt: skip


def _bar(bar: Bar | None) -> Amount | str | None:
    return column_amount(bar.figure_id, bar.value, bar.exactness) if bar else None


def bridge_table(summary: Summary, places: Places) -> Table:
    """变化原因: each bridge from the figure then to the figure now."""
    rows = [row for bridge in summary.bridges for row in _bridge_rows(bridge, places)]
    header = ("指标", "项目", "数", "计量单位", "说明", _ID)
    return Table("变化原因", "前几项合计为什么变了,谁变得最多", header, rows, widest=30, wide=("说明", _ID))


def _bridge_rows(bridge: BridgeLine, places: Places) -> Iterator[Sequence[Cell]]:
    """Every term has the id that leads to its cells."""
    measure, unit = bridge.measure, bridge.unit
    yield measure, bridge.then, shown_amount(bridge.earlier), unit, bridge.other, None
    for term in bridge.terms:
        yield measure, term.label, shown_amount(term.shown), unit, None, term.term_id
    yield measure, "合计变化", shown_amount(bridge.change), unit, None, None
    now = places.to_figure(shown_amount(bridge.shown), bridge.figure_id)
    yield measure, "本周", now, unit, bridge.sentence, bridge.figure_id
    for each in bridge.contributors:
        yield measure, f"其中 {each.union}", shown_amount(each.shown), unit, each.why, None
    if bridge.workdays:
        yield measure, "工作日", None, None, bridge.workdays, None


def highlight_table(summary: Summary, places: Places) -> Table:
    """本周亮点: each sentence with the ids of its numbers, in their order. LibreOffice does not wrap a cell with a link."""
    rows = [
        (places.to_number(line.why, line.trace_ids), line.sentence, "\n".join(line.trace_ids))
        for line in summary.highlights
    ]
    return Table("本周亮点", "活动本身,一项一句", ("入选原因", "活动", _ID), rows, widest=30, wide=("活动", _ID))


def revision_table(summary: Summary, places: Places) -> Table:
    """更正: every published figure that is another one now."""
    rows = [
        (r.week, r.union, r.what, r.old, places.to_figure(r.new, r.figure_id), r.reason, r.figure_id)
        for r in summary.revisions
    ]
    header = ("周次", "单位", "项目", "原数", "现数", "原因", _ID)
    return Table("更正", "公布过又变了的数:原数、现数、原因", header, rows, wide=("项目", _ID))


def to_date_table(summary: Summary, places: Places) -> Table:
    """累计: 今年以来, 累计, 现有 and 专项期间 of the lowest union that has them."""
    rows = [
        (
            x.union,
            x.category,
            x.measure,
            x.period,
            places.to_figure(shown_amount(x.shown), x.figure_id),
            x.unit,
            x.figure_id,
        )
        for x in summary.to_date
    ]
    header = ("单位", "类别", "指标", "口径", "数值", "计量单位", _ID)
    return Table("累计", "今年以来、累计、现有和专项期间", header, rows, wide=(_ID,))


def inclusive_table(summary: Summary, places: Places) -> Table:
    """含下级: each beside the sum of the own figures."""
    rows = [
        (
            x.union, x.category, x.measure, x.period, places.to_figure(shown_amount(x.shown), x.figure_id), x.unit,
            shown_amount(x.own_sum) or "—", "不符" if x.is_below else "", x.figure_id,
        )
        for x in summary.inclusive
    ]  # fmt: skip
    header = ("单位", "类别", "指标", "口径", "数值", "计量单位", "各级自报合计", "对照", _ID)
    return Table("含下级", "含下级的数,只供对照", header, rows, wide=(_ID,))


def campaign_table(summary: Summary) -> Table:
    """专项: they reach over weeks, so that their cells are not among 来源."""
    rows = [
        (c.campaign, c.measure, shown_amount(c.shown), c.unit, c.unions, c.weeks, c.figure_id)
        for c in summary.campaigns
    ]
    header = ("专项", "指标", "数值", "计量单位", "参与单位(家)", "周次", _ID)
    return Table("专项", "各专项从开始到本周", header, rows, wide=(_ID,))


def restatement_table(summary: Summary, places: Places) -> Table:
    """累计数调低: cumulative figures that fell, with what the union said."""
    rows = [
        (
            x.union, x.activity, x.measure, shown_amount(x.old), places.to_figure(shown_amount(x.new), x.figure_id),
            x.unit, x.explanation, x.figure_id,
        )
        for x in summary.restatements
    ]  # fmt: skip
    header = ("单位", "活动", "指标", "上次", "本次", "计量单位", "说明", _ID)
    return Table("累计数调低", "变小了的累计数和单位的说明", header, rows, wide=("说明", _ID))


def explanation_table(summary: Summary) -> Table:
    """情况说明: what unions said of what was asked about, as they wrote it."""
    rows = [(x.union, x.activity, x.what, x.value, x.explanation) for x in summary.explanations]
    header = ("单位", "活动", "项目", "上报", "说明")
    return Table("情况说明", "单位对被问到的数的说明", header, rows, wide=("活动", "说明"))


def open_union_table(summary: Summary) -> Table:
    """未报单位: who has still to report."""
    named = (("未报", summary.missing), ("待说明", summary.held), ("退回", summary.returned))
    rows = [(name, state) for state, names in named for name in names]
    return Table("未报单位", "未报、待说明、退回的单位", ("单位", "情况"), rows)
