"""更正, 总体情况 and 主要进展: what was corrected, how much, why it changed, and what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nuanliu.reporting.summary.bridge_lines import BridgeLine
from nuanliu.reporting.summary.bulletin.figure_marks import Number
from nuanliu.reporting.summary.bulletin.figures import in_cell, in_sentence, of_bar, of_bridge, with_unit_beside
from nuanliu.reporting.summary.bulletin.tables import Cell, Row, Said, add_table
from nuanliu.reporting.summary.bulletin.writing import Writer
from nuanliu.reporting.summary.contents import FigureLine, Summary
from nuanliu.reporting.summary.highlight_lines import HighlightLine

_TO_DATE_HEADER = ("单位", "类别", "指标", "口径", "数值", "计量单位")


def write_revisions(writer: Writer, summary: Summary) -> None:
    """更正 stands first, before everything else that is told."""
    if not summary.revisions:
        return
    writer.head("更正")
    add_table(
        writer,
        ("周次", "单位", "项目", "原数", "现数", "原因"),
        [
            (r.week, r.union, r.what, Number(r.old, r.figure_id), Number(r.new, r.figure_id), r.reason)
            for r in summary.main_revisions
        ],
    )
    if len(summary.main_revisions) < len(summary.revisions):
        writer.say(f"逐级、按地点的全部{len(summary.revisions)}处见工作簿“更正”。")


def write_overall(writer: Writer, summary: Summary, pictures: Mapping[str, bytes]) -> None:
    """How complete the week is, its totals, why they changed, the last weeks."""
    writer.head("总体情况")
    writer.say("", lead=summary.banner)
    totals = tuple(map(in_sentence, summary.totals))
    writer.say(summary.headline, totals, names=(line.measure for line in summary.totals))
    if summary.revision_record:
        writer.say(f"{';'.join(summary.revision_record)}。")
    if summary.totals:
        writer.subhead("主要指标")
        years = ("比春节同期",) if summary.compares_springs else ("同比",) * summary.compares_years
        rows = [_total_row(line, summary) for line in summary.totals]
        add_table(writer, ("指标", "本周", "单位", "活动数", "环比", *years), rows)
    if summary.bridges:
        writer.subhead("变了多少,为什么")
    for bridge in summary.bridges:
        _write_bridge(writer, bridge)
    if summary.weeks:
        writer.subhead(f"近{len(summary.weeks)}周")
        writer.picture(pictures.get("weeks"), "近12周服务人数、投入资金和报送单位的柱形图")
        add_table(
            writer,
            ("周次", "服务人数(人)", "投入资金(万元)", "已报/应报"),
            [(week.week, of_bar(week.people), of_bar(week.money), week.coverage) for week in summary.weeks],
        )


def write_progress(writer: Writer, summary: Summary, pictures: Mapping[str, bytes]) -> None:
    """The activities themselves, then union by union, campaigns, what has come together since, and 含下级."""
    writer.head("主要进展")
    if summary.highlights:
        writer.subhead("本周亮点")
    for line in summary.highlights:
        writer.say(
            line.sentence, tuple(_highlight_numbers(line)), names=line.names, lead=f"{line.why}:" if line.why else ""
        )
    writer.subhead("分市州")
    writer.picture(pictures.get("prefectures"), "各市州本周服务人数的条形图")
    rows: list[Row] = [(row.name, row.state, *map(in_cell, row.cells)) for row in summary.by_union]
    add_table(writer, ("单位", "报送", *summary.table_measures), rows)
    if summary.campaigns:
        writer.subhead("专项活动")
        add_table(
            writer,
            ("专项", "指标", "数值", "计量单位", "参与单位", "周次"),
            [
                (c.campaign, c.measure, Number(c.shown, c.figure_id), c.unit, str(c.unions), c.weeks)
                for c in summary.campaigns
            ],
        )
    if summary.to_date:
        writer.subhead("截至本周累计(本级)")
        add_table(writer, _TO_DATE_HEADER, list(map(_to_date_row, summary.to_date)))
    if summary.inclusive:
        writer.subhead("含下级口径(仅供对照)")
        header = (*_TO_DATE_HEADER, "各级自报合计")
        add_table(writer, header, [(*_to_date_row(x), _own_sum(x)) for x in summary.inclusive])


def _write_bridge(writer: Writer, bridge: BridgeLine) -> None:
    names = [bridge.measure, *(each.union for each in bridge.contributors)]
    writer.say(bridge.sentence, of_bridge(bridge), names=names)
    rows: list[Row] = [(bridge.then, Number(bridge.earlier, bridge.earlier_id))]
    rows += [(term.label, Number(term.shown, term.term_id)) for term in bridge.terms]
    add_table(writer, (bridge.other, bridge.unit), [*rows, ("合计变化", Number(bridge.change, bridge.figure_id))])
    if bridge.contributors:
        told = ";".join(f"{c.union} {c.shown}{f'({c.why})' if c.why else ''}" for c in bridge.contributors)
        numbers = [Number(c.shown, bridge.figure_id, before=f"{c.union} ") for c in bridge.contributors]
        writer.say(f"变化最大的:{told}。", numbers)
    if bridge.workdays:
        writer.say(bridge.workdays)


def _highlight_numbers(line: HighlightLine) -> Iterator[Number]:
    """The sentence ends with its numbers: what stands before the first may be a day or part of a name."""
    starts, end = [], len(line.sentence)
    for shown in reversed(line.shown):
        end = line.sentence.rfind(shown, 0, end)
        starts.append(max(end, 0))
    done = 0
    for start, shown, trace_id in zip(reversed(starts), line.shown, line.trace_ids, strict=True):
        yield Number(shown, trace_id, before=line.sentence[done:start])
        done = start + len(shown)


def _total_row(line: FigureLine, summary: Summary) -> Row:
    change, year = (line.change, line.why_not), (line.year_change, line.year_why_not)
    if summary.compares_springs:
        year = (line.spring_change, line.spring_why_not)
    compared = (change, year) if summary.compares_years else (change,)
    percents = (_percent(line, told, why_not) for told, why_not in compared)
    return (line.measure, with_unit_beside(line), line.unit, str(line.activities), *percents)


def _percent(line: FigureLine, told: str | None, why_not: str | None) -> Cell:
    if not told:
        return Said(why_not or "")
    number, bracket, whom = told.partition("(")
    return Number(number, line.figure_id, after=bracket + whom)


def _to_date_row(line: FigureLine) -> Row:
    return (line.union, line.category, line.measure, line.period, with_unit_beside(line), line.unit)


def _own_sum(line: FigureLine) -> str:
    return f"{line.own_sum or '—'}{' 不符' * line.is_below}"
