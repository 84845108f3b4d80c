"""The summary as a Word document, for the offices that pass paper on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from nuanliu.reporting.summary.contents import FigureLine, Summary

_PICTURE_WIDTH = Cm(13)


@dataclass(frozen=True)
class _Section:
    """A heading and a table."""

    heading: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def render_document(summary: Summary, published_at: datetime, pictures: Mapping[str, bytes]) -> bytes:
    """Title, 更正 first when there is any, coverage, what changed and why, the last weeks, totals, the table by prefecture, 本周亮点, to-date figures, campaigns, 情况说明."""
    document = _empty_document(summary.title, published_at)
    document.add_heading(summary.title, 0)
    if summary.revisions:
        _add_revisions(document, summary)
    _add_coverage(document, summary)
    document.add_paragraph(summary.headline)
    if summary.revision_record:
        document.add_paragraph(f"{';'.join(summary.revision_record)}。")
    _add_bridges(document, summary)
    _add_charted(document, _weeks(summary), pictures.get("weeks"), "近12周服务人数、投入资金和报送单位的柱形图")
    _add_any(document, _totals(summary))
    _add_charted(document, _by_union(summary), pictures.get("prefectures"), "各市州本周服务人数的条形图")
    _add_highlights(document, summary)
    for arrange in (_to_date, _restatements, _inclusive, _campaigns, _explanations):
        _add_any(document, arrange(summary))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _empty_document(title: str, published_at: datetime) -> Any:
    document = Document()
    style = document.styles["Normal"]
    style.font.name = "Noto Sans CJK SC"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.core_properties.author = "暖流"
    document.core_properties.title = title
    document.core_properties.created = document.core_properties.modified = published_at.replace(tzinfo=None)
    return document


def _add_any(document: Any, section: _Section) -> None:
    if section.rows:
        _add_section(document, section)


def _add_charted(document: Any, section: _Section, picture: bytes | None, says: str) -> None:
    """A table with its picture, ``pictures`` being PNG as ``draw_png`` gives them; the table says the numbers of the picture."""
    if not section.rows:
        return
    document.add_heading(section.heading, 1)
    if picture is not None:
        shape = document.add_picture(BytesIO(picture), width=_PICTURE_WIDTH)
        shape._inline.docPr.set("descr", f"{says},数字见下表")  # python-docx has no other way to an alternative text
    _add_table(document, section.header, section.rows)


def _add_section(document: Any, section: _Section) -> None:
    document.add_heading(section.heading, 1)
    _add_table(document, section.header, section.rows)


def _add_table(document: Any, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _add_coverage(document: Any, summary: Summary) -> None:
    document.add_paragraph(summary.banner).runs[0].bold = True
    for label, names in (
        ("未报", summary.missing), ("待说明", summary.held), ("退回", summary.returned), ("迟报", summary.late),
    ):  # fmt: skip
        if names:
            document.add_paragraph(f"{label}:{'、'.join(names)}")


def _add_revisions(document: Any, summary: Summary) -> None:
    main = [(r.week, r.union, r.what, r.old, r.new, r.reason) for r in summary.main_revisions]
    _add_section(document, _Section("更正", ("周次", "单位", "项目", "原数", "现数", "原因"), main))
    if len(main) < len(summary.revisions):
        document.add_paragraph(f"逐级、按地点的全部 {len(summary.revisions)} 处见工作簿“更正”。")


def _add_bridges(document: Any, summary: Summary) -> None:
    if summary.bridges:
        document.add_heading("变了多少,为什么", 1)
    for bridge in summary.bridges:
        document.add_paragraph(bridge.sentence).runs[0].bold = True
        terms = [(term.label, term.shown) for term in bridge.terms]
        rows = [(bridge.then, bridge.earlier), *terms, ("合计变化", bridge.change)]
        _add_table(document, (bridge.other, bridge.unit), rows)
        if bridge.contributors:
            said = ";".join(f"{c.union} {c.shown}{f'({c.why})' if c.why else ''}" for c in bridge.contributors)
            document.add_paragraph(f"变化最大的:{said}。")
        if bridge.workdays:
            document.add_paragraph(bridge.workdays)


def _add_highlights(document: Any, summary: Summary) -> None:
    if summary.highlights:
        document.add_heading("本周亮点", 1)
    for line in summary.highlights:
        paragraph = document.add_paragraph()
        if line.why:
            paragraph.add_run(f"{line.why}:").bold = True
        paragraph.add_run(line.sentence)


def _weeks(summary: Summary) -> _Section:
    return _Section(
        f"近{len(summary.weeks)}周",
        ("周次", "服务人数(人)", "投入资金(万元)", "已报/应报"),
        [
            (
                week.week,
                week.people.shown if week.people else "—",
                week.money.shown if week.money else "—",
                week.coverage,
            )
            for week in summary.weeks
        ],
    )


def _totals(summary: Summary) -> _Section:
    years = ("比春节同期",) if summary.compares_springs else ("同比",) * summary.compares_years
    return _Section(
        "本周合计",
        ("指标", "本周", "单位", "活动数", "环比", *years),
        [_total_row(line, summary) for line in summary.totals],
    )


def _total_row(line: FigureLine, summary: Summary) -> tuple[str, ...]:
    year = line.year_change or line.year_why_not or ""
    if summary.compares_springs:
        year = line.spring_change or line.spring_why_not or ""
    years = (year,) if summary.compares_years else ()
    return (line.measure, line.shown, line.unit, str(line.activities), line.change or line.why_not or "", *years)


def _by_union(summary: Summary) -> _Section:
    return _Section(
        "分市州",
        ("单位", "报送", *summary.table_measures),
        [(row.name, row.state, *(cell.in_column if cell else "—" for cell in row.cells)) for row in summary.by_union],
    )


def _to_date(summary: Summary) -> _Section:
    return _Section(
        "截至本周累计(本级)",
        ("单位", "类别", "指标", "口径", "数值", "计量单位"),
        [(x.union, x.category, x.measure, x.period, x.shown, x.unit) for x in summary.to_date],
    )


def _restatements(summary: Summary) -> _Section:
    return _Section(
        "累计数调低",
        ("单位", "活动", "指标", "上次", "本次", "计量单位", "说明"),
        [(x.union, x.activity, x.measure, x.old, x.new, x.unit, x.explanation) for x in summary.restatements],
    )


def _inclusive(summary: Summary) -> _Section:
    return _Section(
        "含下级口径(仅供对照)",
        ("单位", "类别", "指标", "口径", "数值", "计量单位", "各级自报合计"),
        [
            (x.union, x.category, x.measure, x.period, x.shown, x.unit, f"{x.own_sum or '—'}{' 不符' * x.is_below}")
            for x in summary.inclusive
        ],
    )


def _campaigns(summary: Summary) -> _Section:
    return _Section(
        "专项活动",
        ("专项", "指标", "数值", "参与单位", "周次"),
        [(c.campaign, c.measure, f"{c.shown} {c.unit}", str(c.unions), c.weeks) for c in summary.campaigns],
    )


def _explanations(summary: Summary) -> _Section:
    return _Section(
        "情况说明",
        ("单位", "活动", "项目", "上报", "说明"),
        [(x.union, x.activity, x.what, x.value, x.explanation) for x in summary.explanations],
    )
