"""Why a figure changed, in words: one comparison a figure, terms that add up as printed, who changed it most."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.reporting.rollup_documents import comparison, comparisons, document, figure

from nuanliu.reporting.summary.bridge_lines import BridgeLine, ContributorLine, TermLine, bridge_lines
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.templates import render

ID = "2024-W49/620000/all/people_served/event"
BRIDGE = (("310", "exact", 12), ("200", "over", 2), ("-65", "under", 1), ("0", "exact", 0))
SERVED = figure("620000", "people_served", "1425", exactness="over")
COVERAGE = document()["coverage"]


def lines(told: dict[str, Any], notes: Any = None, **more: Any) -> tuple[BridgeLine, ...]:
    return bridge_lines([{**SERVED, **more, "comparisons": comparisons(**told)}], notes or {}, COVERAGE)


def line(told: Any, notes: Any = None, kind: str = "week_before", **more: Any) -> BridgeLine:
    (found,) = lines({kind: told}, notes, **more)
    return found


def contributor(union_id: str, term: str, value: str = "5", explanation: str | None = None) -> dict[str, Any]:
    return {"union_id": union_id, "term": term, "value": value, "exactness": "exact", "explanation": explanation}


def test_the_terms_stand_under_the_figure_each_with_its_id() -> None:
    found = line(comparison("980", *BRIDGE))
    assert (found.shown, found.earlier, found.change, found.unit) == ("1425余", "980", "增445余", "人")
    assert found.terms == (
        TermLine(f"{ID}/vs/2024-W48/matched", "两周都报的12家", "增310"),
        TermLine(f"{ID}/vs/2024-W48/joined", "本周报、上周没报的2家", "增200余"),
        TermLine(f"{ID}/vs/2024-W48/absent", "上周报、本周没报的1家", "减65余"),
    )
    assert found.sentence == "服务人数1425余人,上周980人,比上周+33.9%(可比口径,两周都报的12家,占86%)。"


def test_what_the_tree_brought_and_what_other_weeks_files_hold_is_called_so() -> None:
    found = line(comparison("980", ("5", "exact", 0), ("0", "approx", 1), ("0", "exact", 0), ("-7", "exact", 1)))
    assert [(term.label, term.shown) for term in found.terms] == [
        ("本周、上周都没报,由其他周的报表补计", "增5"),
        ("本周报、上周没报的1家", "约持平"),
        ("单位隶属变动", "减7"),
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (contributor("620400", "matched", explanation="集中走访慰问"), "说明:集中走访慰问"),
        (contributor("620400", "matched"), ""),
        (contributor("620300", "joined"), "上周没报"),
        (contributor("620100", "absent", "-5"), "本周未报"),
        (contributor("620302", "absent", "-5"), "本周没报"),
        (contributor("620102", "moved"), "隶属变动"),
    ],
    ids=["its own words", "nobody knows", "new", "missing", "no expected union", "moved"],
)
def test_who_changed_it_most_says_why_itself_or_its_report_does(said: dict[str, Any], why: str) -> None:
    (found,) = line(comparison("980", *BRIDGE), {"contributors": {f"{ID}/vs/2024-W48": [said]}}).contributors
    assert found.why == why
    assert found.shown == ("减5" if said["value"] == "-5" else "增5")
    assert isinstance(found, ContributorLine)


@pytest.mark.parametrize(
    ("told", "then"),
    [
        (("week_before", "year_before"), "上周"),
        (("year_before",), "上年同周"),
        (("week_before", "year_before", "spring_festival"), "上年春节同期"),
    ],
    ids=["the week before", "only last year", "near 春节"],
)
def test_one_comparison_stands_for_a_figure(told: tuple[str, ...], then: str) -> None:
    (found,) = lines({kind: comparison("980", *BRIDGE) for kind in told})
    assert found.then == then


def test_a_comparison_that_may_not_be_printed_makes_way_for_one_that_may() -> None:
    none = comparison("980", *BRIDGE, shown="none")
    (found,) = lines({"week_before": none, "year_before": comparison("980", *BRIDGE)})
    assert (found.then, found.percent) == ("上年同周", "+33.9%")
    (found,) = lines({"week_before": none, "year_before": none, "spring_festival": none})
    assert (found.then, found.percent, found.basis) == ("上周", None, "不可比:两周都报的单位只占86%")
    assert found.sentence == "服务人数1425余人,上周980人,与上周不可比:两周都报的单位只占86%。"


def test_a_figure_that_stood_nowhere_else_has_no_line() -> None:
    assert lines({}) == ()
    assert bridge_lines([SERVED], {}, COVERAGE) == ()


def test_money_is_in_wan_only_where_nothing_is_rounded_by_it() -> None:
    money = {"measure": "funds_total", "unit": "元", "figure_id": "2024-W49/620000/all/funds_total/event"}
    terms = (("150000", "exact", 12), ("-20000", "exact", 1), ("0", "exact", 0), ("0", "exact", 0))
    whole = line(comparison("337000", *terms), value="467000", exactness="exact", **money)
    assert (whole.unit, whole.shown, whole.change) == ("万元", "46.70", "增13.00")
    odd = line(
        comparison("337000.5", ("149999.5", "exact", 12), *terms[1:]), value="467000", exactness="exact", **money
    )
    assert (odd.unit, odd.shown, odd.earlier, odd.change) == ("元", "467000", "337000.5", "增129999.5")
    assert [term.shown for term in odd.terms] == ["增149999.5", "减20000"]


def test_a_percentage_of_nothing_is_not_printed() -> None:
    plain = comparison("0", ("1425", "over", 1), *BRIDGE[1:], shown="plain")
    found = line(plain | {"matched": plain["matched"] | {"change_pct": None}})
    assert (found.percent, found.verdict) == (None, "与上周不可比:上周为0")


def test_a_short_week_is_said_where_the_other_was_longer() -> None:
    told = comparison("980", *BRIDGE)
    assert line(told, {"workdays": {"2024-W49": 2, "2024-W48": 5}}).workdays == "工作日:本周2天,上周5天。"
    assert line(told, {"workdays": {"2024-W49": 5, "2024-W48": 5}}).workdays == ""
    assert line(told, {"workdays": {"2024-W49": 5}}).workdays == ""


def test_numbers_beyond_all_digits_still_add_up() -> None:
    money = {"measure": "funds_total", "unit": "元", "figure_id": "2024-W49/620000/all/funds_total/event"}
    huge = "9" * 40
    found = line(comparison("1", (huge[:-1] + "8", "exact", 1), *[("0", "exact", 0)] * 3), value=huge, **money)
    assert found.change == f"增{huge[:-1]}8余"


def test_near_the_spring_festival_its_comparison_stands_in_the_place_of_the_year() -> None:
    told = comparisons(spring_festival=comparison("980", *BRIDGE), year_before=comparison("2000", *BRIDGE))
    served = SERVED | {"figure_id": ID.replace("2024-W49", "2025-W05"), "comparisons": told}
    summary = build_summary(document(served, week="2025-W05"), {"years": {}, "year_before": "2024-W05"})
    for template in ("summary.html.j2", "summary.txt.j2"):
        page = render(template, s=summary)
        assert "比春节同期" in page
        assert "同比+" not in page
    far = build_summary(document(SERVED | {"comparisons": told}))
    assert "比春节同期" not in render("summary.html.j2", s=far)
