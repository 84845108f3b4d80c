"""The weekly summary made from ``nuanliu.rollup/1`` and what is told beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import rule_registry
from nuanliu.contract.spring_festival import weeks_from_festival
from nuanliu.domain.documents import (
    CampaignEntry,
    CoverageEntry,
    ExplanationEntry,
    FigureEntry,
    NotesDocument,
    RestatementEntry,
    RollupDocument,
)
from nuanliu.domain.figure_id import FigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.labels import (
    PERIOD_KIND,
    SCOPE,
    ShownFigure,
    adds_up,
    base_unit,
    category_name,
    column_unit,
    measure_name,
    node_name,
    short_union_name,
    show_measure,
    union_name,
)
from nuanliu.reporting.summary.bridge_lines import OPEN_STATES, bridge_lines
from nuanliu.reporting.summary.comparisons import (
    Comparison,
    comparison_words,
    share_text,
    spring_before,
    week_before,
    year_before,
)
from nuanliu.reporting.summary.contents import (
    CampaignLine,
    ExplanationLine,
    FigureLine,
    OpenMatterLine,
    RestatementLine,
    Summary,
    UnionLine,
)
from nuanliu.reporting.summary.first_screen import decision_lines, first_revisions, key_figure, lead, quality_lines
from nuanliu.reporting.summary.highlight_lines import highlight_lines
from nuanliu.reporting.summary.revision_lines import main_revisions, record_lines, revision_lines
from nuanliu.reporting.summary.trend_lines import prefecture_lines, week_lines

PEOPLE = "people_served"
MOST_TABLE_MEASURES = 6
"""More columns do not fit a phone or a printed page; the workbook has them all."""
MOST_KEY_FIGURES = 4
"""Seen without scrolling on a phone."""
MOST_BRIDGES = 3
"""Totals whose change is told: people and money stand first."""


def build_summary(document: RollupDocument, notes: NotesDocument | None = None) -> Summary:
    """Arrange a ``nuanliu.rollup/1`` document for reading; adds up nothing, so no figure can differ from the rollup.

    ``notes``: what is told beside the document, as ``warehouse.marts.week_notes`` gives it; without them less is told.
    """
    coverage, notes = document["coverage"], notes or {}
    week = ReportingWeek.parse(document["week"])
    figures = [(figure, _line(figure, notes)) for figure in document["figures"]]
    revisions = revision_lines(document, notes)
    main = main_revisions(revisions)
    totals = [(f, line) for f, line in figures if _is_total(f) and f["union_id"] == PROVINCE and adds_up(f["measure"])]
    ordered = _by_measure(totals)
    table_measures = tuple(f["measure"] for f, _ in ordered)[:MOST_TABLE_MEASURES]
    has_bridges = any("comparisons" in figure for figure in document["figures"])
    is_complete = not (coverage["missing"] or coverage["held"] or coverage["returned"])
    by_union = tuple(_union_lines(figures, table_measures, coverage, notes.get("zero_reports", ())))
    missing, held = _names(coverage["missing"]), _names(coverage["held"])
    returned, late = _names(coverage["returned"]), _names(coverage["late"])
    bridges = bridge_lines([f for f, _ in ordered[:MOST_BRIDGES]], notes, coverage)
    key_figures = tuple(key_figure(f, notes) for f, _ in ordered[:MOST_KEY_FIGURES])
    inclusive = tuple(_inclusive_lines(figures))
    return Summary(
        week=week,
        edition=document.get("edition"),
        headline=_headline(week, [line for _, line in ordered]),
        lead=lead(key_figures, bridges),
        key_figures=key_figures,
        decisions=tuple(decision_lines(coverage, dict.fromkeys(line.union for line in inclusive if line.is_below))),
        quality=tuple(
            quality_lines(
                coverage,
                [("未报", missing), ("待说明", held), ("退回", returned), ("迟报", late)],
                document["figures"],
            )
        ),
        banner=_banner(coverage, is_complete=is_complete, has_figures=bool(figures)),
        is_complete=is_complete,
        coverage=coverage,
        missing=missing,
        held=held,
        returned=returned,
        late=late,
        revisions=revisions,
        main_revisions=main,
        first_revisions=first_revisions(main),
        revision_record=record_lines(notes),
        compares_years="years" in notes or has_bridges,
        compares_springs=has_bridges and _is_near_festival(week),
        has_bridges=has_bridges,
        bridges=bridges,
        least_share=share_text(str(input_contract().limits["min_matched_share"])),
        totals=tuple(line for _, line in ordered),
        by_category=tuple(
            line
            for f, line in figures
            if f["union_id"] == PROVINCE and f["category"] != "all" and f["measure"] == PEOPLE and _is_event(f)
        ),
        table_measures=tuple(
            f"{line.measure}({column_unit(f['measure'], f['unit'])})" for f, line in ordered[:MOST_TABLE_MEASURES]
        ),
        by_union=by_union,
        weeks=week_lines(notes),
        prefectures=prefecture_lines(by_union),
        highlights=highlight_lines(document),
        to_date=tuple(
            line
            for f, line in figures
            if f["period_kind"] in {"ytd", "cumulative_since", "stock", "campaign"}
            and f["scope"] == "own"
            and f["basis"] == "organizer"
            and f["category"] != "all"
            and f["level"] != "province"
            and not _has_own_child(f, document["figures"])
        ),
        inclusive=inclusive,
        campaigns=tuple(_campaign(campaign) for campaign in document["campaigns"] if adds_up(campaign["measure"])),
        figures=tuple(line for _, line in figures),
        restatements=tuple(map(_restatement, notes.get("restatements", ()))),
        explanations=tuple(map(_explanation, _not_restated(notes))),
        open_matters=tuple(_open_matters(notes)),
    )


def _is_event(figure: FigureEntry) -> bool:
    return (figure["period_kind"], figure["scope"], figure["basis"]) == ("event", "own", "organizer")


def _is_total(figure: FigureEntry) -> bool:
    return _is_event(figure) and figure["category"] == "all"


def _by_measure(pairs: Sequence[tuple[FigureEntry, FigureLine]]) -> list[tuple[FigureEntry, FigureLine]]:
    """In the order of the measure list, which puts people and money first."""
    order = {measure.id: number for number, measure in enumerate(codes().measures)}
    return sorted(pairs, key=lambda pair: order.get(pair[0]["measure"], len(order)))


def _has_own_child(figure: FigureEntry, figures: Iterable[FigureEntry]) -> bool:
    """Whether the same figure stands at a union below: then the line there is the one to read."""
    below = set(codes().unions.subtree(figure["union_id"])) - {figure["union_id"]}
    return any(f["union_id"] in below and _what(f) == _what(figure) for f in figures)


def _what(figure: FigureEntry) -> tuple[str | None, ...]:
    """What a figure is of, whoever's it is."""
    return (*_series(figure), figure["scope"], figure["basis"])


def _series(figure: FigureEntry) -> tuple[str | None, ...]:
    """The same, counted in whichever scope and by organiser or place."""
    return (figure["category"], figure["measure"], figure["period_kind"], figure["since"])


def _line(figure: FigureEntry, notes: NotesDocument) -> FigureLine:
    measure, exactness = figure["measure"], figure["exactness"]
    since = figure.get("since")
    period = PERIOD_KIND[figure["period_kind"]] + (f"(自{since})" if since else "")
    week, year, spring = week_before(figure, notes), year_before(figure, notes), spring_before(figure)
    compared, unknown_then = comparison_words(_told_comparisons(figure, week, year, spring))
    shown = show_measure(measure, figure["unit"], figure["value"], exactness)
    return FigureLine(
        figure_id=figure["figure_id"],
        union=node_name(figure["union_id"]),
        category=category_name(figure["category"]),
        measure=measure_name(measure),
        unit=shown.unit,
        period=period,
        scope=SCOPE[figure["scope"]] + ("·按地点" if figure["basis"] == "place" else ""),
        shown=shown.number,
        in_column=shown.under(column_unit(measure, figure["unit"])),
        value=figure["value"],
        exactness=exactness,
        activities=figure["activities"],
        previous=week.earlier.under(shown.unit) if week.earlier else None,
        change=week.change,
        why_not=week.why_not,
        year_ago=year.earlier.under(shown.unit) if year and year.earlier else None,
        year_change=year.change if year else None,
        year_why_not=year.why_not if year else None,
        spring_ago=spring.earlier.under(shown.unit) if spring and spring.earlier else None,
        spring_change=spring.change if spring else None,
        spring_why_not=spring.why_not if spring else None,
        compared=compared,
        unknown_then=unknown_then,
    )


def _told_comparisons(
    figure: FigureEntry, week: Comparison, year: Comparison | None, spring: Comparison | None
) -> Iterable[tuple[str, str, Comparison]]:
    """Those that are told of a figure: near 春节 its week of last year stands in the place of the one of the same number."""
    if figure["scope"] != "own":
        return
    yield "环比", "上周", week
    if spring and _is_near_festival(FigureId.parse(figure["figure_id"]).week):
        yield "比春节同期", "上年", spring
    elif year:
        yield "同比", "上年", year


def _is_near_festival(week: ReportingWeek) -> bool:
    return weeks_from_festival(week) is not None


def _inclusive_lines(figures: Sequence[tuple[FigureEntry, FigureLine]]) -> Iterable[FigureLine]:
    """含下级 figures, each beside the sum of what the union and those below it reported as their own."""
    own = {
        (f["union_id"], *_series(f)): (f, line)
        for f, line in figures
        if f["scope"] == "own" and f["basis"] == "organizer"
    }
    for figure, line in figures:
        if figure["scope"] != "inclusive" or figure["category"] == "all":
            continue
        beside = own.get((figure["union_id"], *_series(figure)))
        if beside is None:
            yield line
            continue
        is_certain = figure["exactness"] in {"exact", "under"} and beside[0]["exactness"] in {"exact", "over"}
        is_below = is_certain and Decimal(figure["value"]) < Decimal(beside[0]["value"])
        own_sum = ShownFigure(beside[1].shown, beside[1].unit).under(line.unit)
        yield replace(line, own_sum=own_sum, is_below=is_below)


def _headline(week: ReportingWeek, totals: Sequence[FigureLine]) -> str:
    if not totals:
        return f"{week.label},全省各级工会没有报送本周活动数据。"
    words = "、".join(f"{line.measure}{line.shown}{line.unit}" for line in totals[:5])
    return f"据统计,{week.label}全省各级工会:{words}。"


def _banner(coverage: CoverageEntry, *, is_complete: bool, has_figures: bool) -> str:
    answered = coverage["reported"] + coverage["confirmed_zero"]
    words = f"应报{coverage['expected']}家,已报{coverage['reported']}家"
    if coverage["confirmed_zero"]:
        words += f",零报告{coverage['confirmed_zero']}家"
    for key, label in OPEN_STATES:
        if coverage[key]:
            words += f",{label}{len(coverage[key])}家"
    if is_complete:
        return f"数据完整:{words}。"
    if not has_figures:
        return f"数据不完整:{words}。"
    return f"数据不完整:{words}。以下合计只含已接收的数据({answered}家应报单位及其他已报单位)。"


def _names(union_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(union_name(union_id) for union_id in union_ids)


def _union_lines(
    figures: Sequence[tuple[FigureEntry, FigureLine]],
    measures: Sequence[str],
    coverage: CoverageEntry,
    zero_reports: Collection[str],
) -> Iterable[UnionLine]:
    """省本级, the prefectures, then industry and special unions that reported something."""
    cells = {(f["union_id"], f["measure"]): line for f, line in figures if _is_total(f)}
    for union in codes().unions.list:
        if union.level in {"province", "county"}:
            continue
        row = tuple(cells.get((union.id, measure)) for measure in measures)
        if union.expected_weekly or any(row):
            state = _state(union.id, coverage, zero_reports, expected=union.expected_weekly)
            yield UnionLine(union.id, short_union_name(union.id), state, row)


def _state(union_id: str, coverage: CoverageEntry, zero_reports: Collection[str], *, expected: bool) -> str:
    for key, label in OPEN_STATES:
        if union_id in coverage[key]:
            return label
    if not expected:
        return "—"
    is_late = union_id in coverage["late"]
    if union_id in zero_reports:
        return "零报告(迟)" if is_late else "零报告"
    return "迟报" if is_late else "已报"


def _campaign(campaign: CampaignEntry) -> CampaignLine:
    measure = campaign["measure"]
    shown = show_measure(measure, base_unit(measure), campaign["value"], campaign["exactness"])
    first, last = campaign["first_week"], campaign["last_week"]
    return CampaignLine(
        figure_id=campaign["figure_id"],
        campaign=campaign["campaign"],
        measure=measure_name(measure),
        shown=shown.number,
        unit=shown.unit,
        unions=campaign["unions"],
        weeks=first if first == last else f"{first}—{last}",
    )


def _explanation(said: ExplanationEntry) -> ExplanationLine:
    rule = rule_registry().rules.get(said["rule"])  # an old edition may name one that is gone
    is_row = rule is not None and rule.is_about_row
    column, value = (None, None) if is_row else (said["column"], said["value"])
    return ExplanationLine(
        union=union_name(said["union_id"]),
        activity=said["activity"],
        what="整行" if column is None else column,
        value="" if value is None else value,
        explanation=said["explanation"],
    )


def _restatement(said: RestatementEntry) -> RestatementLine:
    measure, unit = said["measure"], base_unit(said["measure"])
    old = show_measure(measure, unit, said["old"], said["old_exactness"] or "exact")
    new = show_measure(measure, unit, said["new"], said["new_exactness"])
    return RestatementLine(
        figure_id=said["figure_id"],
        union=union_name(said["union_id"]),
        activity=said["activity"],
        measure=measure_name(measure),
        old=old.under(new.unit),
        new=new.number,
        unit=new.unit,
        explanation=said["explanation"] or "—",
    )


def _open_matters(notes: NotesDocument) -> Iterable[OpenMatterLine]:
    """A line a union; a rule that is gone since is called by its id."""
    rules = rule_registry().rules
    for union_id, found in groupby(notes.get("open_findings", ()), key=lambda entry: entry["union_id"]):
        asks = (
            (rules[each["rule"]].title if each["rule"] in rules else each["rule"], each["findings"]) for each in found
        )
        yield OpenMatterLine(union_name(union_id), tuple(asks))


def _not_restated(notes: NotesDocument) -> Iterable[ExplanationEntry]:
    """What was explained, but for falls that stand among the restatements with their explanation."""
    restated = {(said["union_id"], said["activity"]) for said in notes.get("restatements", ())}
    for said in notes.get("explanations", ()):
        if said["rule"] != "time.series.fell" or (said["union_id"], said["activity"]) not in restated:
            yield said
