"""环比 and 同比: a percentage only where it means something, else the reason."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.reporting.rollup_documents import comparison, comparisons, document, figure

from nuanliu.reporting.labels import ShownFigure
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.comparisons import Comparison, comparison_words, spring_before, week_before, year_before
from nuanliu.reporting.templates import render

ID = "2024-W49/620000/all/people_served/event"


def then(value: str = "1000", percent: str | None = "92.5", exactness: str = "exact", **more: Any) -> dict[str, Any]:
    """Notes in which the province's people stood at a value last year."""
    said = {"value": value, "exactness": exactness, "change_pct": percent, "comparable": True} | more
    return {"year_before": "2023-W49", "years": {ID: said}}


SERVED = figure("620000", "people_served", "1925", exactness="over")


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (then(), Comparison(ShownFigure("1000", "人"), "+92.5%", None)),
        (then(percent="-3.0"), Comparison(ShownFigure("1000", "人"), "-3.0%", None)),
        (then(exactness="over"), Comparison(ShownFigure("1000余", "人"), "+92.5%", None)),
        (then(comparable=False), Comparison(ShownFigure("1000", "人"), None, "不可比:两年报送单位不同")),
        (then("0", None), Comparison(ShownFigure("0", "人"), None, "—")),
        (then("0", None, comparable=False), Comparison(ShownFigure("0", "人"), None, "不可比:两年报送单位不同")),
        ({"year_before": "2023-W49", "years": {}}, Comparison(None, None, "上年无此项")),
    ],
    ids=["more", "less", "余 stays", "unequal coverage", "base zero", "base zero of others", "not reported then"],
)
def test_a_year_is_compared_only_where_the_same_unions_reported(notes: dict[str, Any], expected: Comparison) -> None:
    assert year_before(SERVED, notes) == expected


def test_week_53_has_no_counterpart_in_a_year_of_52() -> None:
    served = {**SERVED, "figure_id": "2026-W53/620000/all/people_served/event"}
    assert year_before(served, {"year_before": None, "years": {}}) == Comparison(None, None, "不可比:上年没有第53周")


def test_without_notes_nothing_is_said_of_last_year() -> None:
    assert year_before(SERVED, {}) is None
    summary = build_summary(document(SERVED))
    assert (summary.totals[0].compared, summary.totals[0].unknown_then) == ("", "上周无此项")
    assert "同比" not in render("summary.txt.j2", s=summary)


def test_the_week_before_keeps_its_yu() -> None:
    served = {**SERVED, "previous": "1500", "change_pct": "28.3", "comparable": True}
    assert week_before(served, {"previous_exactness": {ID: "over"}}) == Comparison(
        ShownFigure("1500余", "人"), "+28.3%", None
    )
    assert week_before(served, {}).earlier == ShownFigure("1500", "人")


def test_the_page_and_the_plain_text_show_both_comparisons() -> None:
    served = {**SERVED, "previous": "1500", "change_pct": "28.3", "comparable": True}
    summary = build_summary(document(served), then())
    for template in ("summary.html.j2", "summary.txt.j2"):
        page = render(template, s=summary)
        assert page.index("+28.3%") < page.index("+92.5%")


BRIDGE = (("310", "exact", 12), ("200", "exact", 2), ("-65", "exact", 1), ("0", "exact", 0))


def matched(**more: Any) -> dict[str, Any]:
    return comparison("980", *BRIDGE)["matched"] | more


@pytest.mark.parametrize(
    ("more", "change", "why_not"),
    [
        ({}, "+33.9%(可比口径,占86%)", None),
        ({"shown": "plain"}, "+33.9%", None),
        ({"shown": "none", "matched": matched(share="0.55")}, None, "不可比:两周都报的单位只占55%"),
        ({"shown": "none", "matched": matched(unions=0)}, None, "不可比:没有两周都报的单位"),
        ({"shown": "none", "matched": matched(share=None)}, None, "不可比:两周都报的单位占多少无法计算"),
        ({"matched": matched(change_pct=None)}, None, "—"),
        ({"matched": matched(change_pct="-3.0")}, "-3.0%(可比口径,占86%)", None),
    ],
    ids=["matched", "plain", "small share", "nobody in both", "no share", "base zero", "less"],
)
def test_matched_unions_stand_for_a_figure_with_their_share_or_the_reason_is_said(
    more: dict[str, Any], change: str | None, why_not: str | None
) -> None:
    entry = comparison("980", *BRIDGE, previous_exactness="over", **more)
    served = {**SERVED, "previous": "980", "comparisons": comparisons(week_before=entry)}
    assert week_before(served, {}) == Comparison(ShownFigure("980余", "人"), change, why_not)


def test_a_document_that_compares_needs_no_notes_to_say_what_is_not_there() -> None:
    served = {**SERVED, "comparisons": comparisons()}
    assert week_before(served, {}).why_not == "上周无此项"
    assert year_before(served, {}) == Comparison(None, None, "上年无此项")
    assert spring_before(served) == Comparison(None, None, "上年春节同期无此项")
    assert spring_before(SERVED) is None
    in_53 = {**served, "figure_id": "2026-W53/620000/all/people_served/event"}
    assert year_before(in_53, {}) == Comparison(None, None, "不可比:上年没有第53周")


def test_a_figure_that_could_not_be_taken_apart_is_compared_as_before() -> None:
    served = {**SERVED, "previous": "1500", "change_pct": "28.3", "comparable": True, "comparisons": comparisons()}
    assert week_before(served, {}) == Comparison(ShownFigure("1500", "人"), "+28.3%", None)


OLDER = """
本周合计
  服务人数:1925余 人(1 项活动;环比不可比:两周报送单位不同,上周1500人;同比+92.5%,上年1000人)

分市州
"""


def test_an_older_edition_says_no_more_than_it_did() -> None:
    """The page promises a percentage only where the same unions reported."""
    summary = build_summary(document({**SERVED, "previous": "1500", "change_pct": "28.3"}), then())
    assert OLDER in render("summary.txt.j2", s=summary)
    page = render("summary.html.j2", s=summary)
    assert "只在前后报送单位相同时计算" in page
    assert not any(word in page for word in ("可比口径", "变了多少", "春节"))


NOTHING = Comparison(None, None, "上周无此项")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([("环比", "上周", NOTHING), ("同比", "上年", Comparison(None, None, "上年无此项"))], ("", "上周、上年无此项")),
        (
            [("环比", "上周", NOTHING), ("比春节同期", "上年", Comparison(None, None, "上年春节同期无此项"))],
            ("", "上周、上年春节同期无此项"),
        ),
        (
            [("环比", "上周", NOTHING), ("同比", "上年", Comparison(None, None, "不可比:上年没有第53周"))],
            ("", "上周无此项,不可比:上年没有第53周"),
        ),
        (
            [("环比", "上周", Comparison(ShownFigure("980", "人"), "+3.1%", None)), ("同比", "上年", NOTHING)],
            ("环比+3.1%,上周980人", "上周无此项"),
        ),
        ([("环比", "上周", Comparison(ShownFigure("0", "人"), None, "—"))], ("环比—,上周0人", "")),
        ([], ("", "")),
    ],
    ids=["neither", "near 春节", "week 53", "one of them", "base zero", "nobody looked"],
)
def test_what_did_not_stand_in_another_week_is_said_once_and_short(
    told: list[tuple[str, str, Comparison]], expected: tuple[str, str]
) -> None:
    assert comparison_words(told) == expected


def test_a_reason_that_many_lines_share_stands_once_for_all_of_them() -> None:
    summary = build_summary(
        document(
            SERVED,
            figure("620000", "funds_total", "5"),
            figure("620000", "sessions", "7", previous="3", comparable=True),
        ),
        {"year_before": "2023-W49", "years": {}},
    )
    assert summary.unknown_then(summary.totals) == ("上周、上年无此项:服务人数、投入资金", "上年无此项:场次")
    assert summary.unknown_then(summary.totals[:2]) == ("上周、上年无此项:以上各项",)
    for template in ("summary.html.j2", "summary.txt.j2"):
        assert "上周无此项" not in render(template, s=summary)
    assert render("summary.txt.j2", s=summary).count("上周、上年无此项") == 1
