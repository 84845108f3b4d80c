"""What a reader learns without scrolling, and how good the numbers are."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.reporting.rollup_documents import comparison, comparisons, document, figure

from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.templates import render

ID = "2024-W49/620000/all/people_served/event"
BRIDGE = (("310", "exact", 12), ("200", "exact", 2), ("-65", "exact", 1), ("0", "exact", 0))
SERVED = figure("620000", "people_served", "1425", exactness="over")
DONE = {
    "expected": 14, "reported": 12, "confirmed_zero": 2, "missing": [], "held": [], "returned": [], "late": ["620300"],
}  # fmt: skip


def compared(**told: Any) -> dict[str, Any]:
    return SERVED | {"comparisons": comparisons(**told)}


def notes(explanation: str | None, term: str = "matched") -> Any:
    said = {"union_id": "620400", "term": term, "value": "310", "exactness": "exact", "explanation": explanation}
    return {"contributors": {f"{ID}/vs/2024-W48": [said]}}


def test_one_sentence_says_how_much_better_or_worse_and_who_made_it_so() -> None:
    summary = build_summary(document(compared(week_before=comparison("980", *BRIDGE))), notes("集中送温暖"))
    assert summary.lead == "全省服务人数1425余人,比上周增33.9%(可比口径);增得最多的是白银市,增310人(说明:集中送温暖)。"


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (notes("长" * 200), "增310人(有说明,见下)。"),
        (notes(None), "增310人。"),
        (notes(None, "joined"), "增310人(上周没报)。"),
        ({}, "比上周增33.9%(可比口径)。"),
    ],
    ids=["long words", "nobody knows why", "it is new", "nobody looked"],
)
def test_a_reason_stands_in_the_sentence_where_it_is_known_and_short(said: Any, end: str) -> None:
    summary = build_summary(document(compared(week_before=comparison("980", *BRIDGE))), said)
    assert summary.lead.endswith(end)


def contributor(union_id: str, value: str) -> dict[str, Any]:
    return {"union_id": union_id, "term": "matched", "value": value, "exactness": "exact", "explanation": None}


@pytest.mark.parametrize(
    ("percent", "values", "words"),
    [
        ("33.9", ("-500", "310", "5"), "比上周增33.9%(可比口径);增得最多的是金昌市,增310人。"),
        ("-3.0", ("500", "-310", "-5"), "比上周减3.0%(可比口径);减得最多的是金昌市,减310人。"),
        ("33.9", ("-500", "-310", "-5"), "比上周增33.9%(可比口径);变化最大的是白银市,减500人。"),
        ("0.0", ("-500", "310", "190"), "比上周持平(可比口径);变化最大的是白银市,减500人。"),
    ],
    ids=["a rise among falls", "a fall among rises", "none went that way", "neither"],
)
def test_who_is_named_went_the_way_the_figure_went(percent: str, values: tuple[str, ...], words: str) -> None:
    told = comparison("980", *BRIDGE)
    told["matched"]["change_pct"] = percent
    said = [
        contributor(union_id, value) for union_id, value in zip(("620400", "620300", "620100"), values, strict=True)
    ]
    summary = build_summary(
        document(compared(week_before=told)),
        {"contributors": {f"{ID}/vs/2024-W48": said}},  # type: ignore[typeddict-item]
    )
    assert summary.lead == f"全省服务人数1425余人,{words}"


def test_what_is_not_comparable_names_who_moved_the_sum_itself() -> None:
    none = comparison("2000", *BRIDGE, shown="none")
    said: Any = {"contributors": {f"{ID}/vs/2024-W48": [contributor("620400", "500"), contributor("620300", "-310")]}}
    assert build_summary(document(compared(week_before=none)), said).lead.endswith("减得最多的是金昌市,减310人。")


def revised(union_id: str, measure: str, category: str = "all") -> dict[str, Any]:
    return {
        "week": "2024-W48", "figure_id": f"2024-W48/{union_id}/{category}/{measure}/event", "old": "5", "new": "6",
        "reason": "更正",
    }  # fmt: skip


PROVINCE = [revised("620000", measure) for measure in ("people_served", "firms", "sessions", "households_visited")]
UNIONS = [revised(union_id, "firms", "employment") for union_id in ("620100", "620200", "620300", "620400")]


@pytest.mark.parametrize(
    ("told", "unions"),
    [
        ([*PROVINCE, *UNIONS], ["全省", "兰州市总工会", "嘉峪关市总工会"]),
        ([*PROVINCE, *UNIONS[:1]], ["全省", "全省", "兰州市总工会"]),
        (PROVINCE, ["全省", "全省", "全省"]),
        (UNIONS, ["兰州市总工会", "嘉峪关市总工会", "金昌市总工会"]),
        (UNIONS[:1], ["兰州市总工会"]),
        ([], []),
    ],
    ids=["many of both", "one union", "totals only", "unions only", "one", "none"],
)
def test_corrections_on_the_first_screen_name_whose_figure_it_was(told: list[Any], unions: list[str]) -> None:
    assert [line.union for line in build_summary(document(revisions=told)).first_revisions] == unions


def test_what_may_not_be_compared_is_said_to_be_so() -> None:
    none = comparison("980", *BRIDGE, shown="none")
    (line,) = build_summary(document(compared(week_before=none))).key_figures
    assert (line.verdict, line.basis) == ("与上周不可比", "两周都报的单位只占86%")
    assert "与上周不可比" in build_summary(document(compared(week_before=none))).lead


@pytest.mark.parametrize(
    ("served", "said", "expected"),
    [
        (compared(week_before=comparison("980", *BRIDGE)), {}, ("比上周+33.9%", "可比口径,占86%")),
        (compared(week_before=comparison("980", *BRIDGE, shown="plain")), {}, ("比上周+33.9%", "")),
        (compared(year_before=comparison("980", *BRIDGE)), {}, ("比上年同周+33.9%", "可比口径,占86%")),
        (
            compared(week_before=comparison("980", *BRIDGE), spring_festival=comparison("980", *BRIDGE)),
            {},
            ("比上年春节同期+33.9%", "可比口径,占86%"),
        ),
        (compared(), {}, ("", "")),
        (SERVED | {"previous": "980", "change_pct": "45.4", "comparable": True}, {}, ("比上周+45.4%", "")),
        (SERVED | {"previous": "980"}, {}, ("与上周不可比", "两周报送单位不同")),
        (SERVED | {"previous": "0", "comparable": True}, {}, ("", "")),
        (SERVED, {}, ("", "")),
    ],
    ids=[
        "matched", "plain", "last year", "near 春节", "nowhere else", "older: equal senders", "older: others reported",
        "older: zero then", "older: nothing then",
    ],
)  # fmt: skip
def test_a_key_figure_has_one_comparison(served: dict[str, Any], said: Any, expected: tuple[str, str]) -> None:
    (line,) = build_summary(document(served), said).key_figures
    assert (line.verdict, line.basis) == expected


def test_a_key_figure_and_the_bridge_of_it_never_say_different_things() -> None:
    told = compared(
        week_before=comparison("980", *BRIDGE, shown="none"), year_before=comparison("900", *BRIDGE, shown="plain")
    )
    summary = build_summary(document(told))
    (line,), (bridge,) = summary.key_figures, summary.bridges
    assert line.verdict == f"比{bridge.then}{bridge.percent}"
    assert line.shown == bridge.shown


def test_few_figures_come_first_in_the_order_of_the_measure_list() -> None:
    told = [
        figure("620000", name, "5")
        for name in ("sessions", "firms", "households_visited", "funds_total", "people_served")
    ]
    lines = build_summary(document(*told)).key_figures
    assert [line.measure for line in lines] == ["服务人数", "投入资金", "走访户数", "参与企业"]


def test_where_nothing_can_be_compared_people_and_money_are_told() -> None:
    told = document(SERVED, figure("620000", "service_visits", "7"), figure("620000", "funds_total", "467000"))
    assert build_summary(told).lead == "全省服务人数1425余人、投入资金46.70万元。"


def test_a_figure_that_came_or_went_is_not_told_by_a_dash() -> None:
    came, went = revised("620100", "firms"), revised("620200", "firms")
    page = render("summary.html.j2", s=build_summary(document(revisions=[came | {"old": None}, went | {"new": None}])))
    assert "原无→<strong>6家</strong>" in page
    assert "5家→<strong>已无</strong>" in page


def test_a_week_of_nothing_says_so() -> None:
    summary = build_summary(document())
    assert summary.lead == "全省各级工会没有报送本周活动数据。"
    assert "以下合计" not in summary.banner
    assert summary.key_figures == ()


def test_what_somebody_has_to_see_to_names_everybody() -> None:
    coverage = {**DONE, "reported": 9, "missing": ["620100", "620200"], "held": ["620500"], "returned": ["620600"]}
    same = {"category": "meals", "period_kind": "ytd"}
    inclusive = figure("622900", "meal_vouchers", "14999", scope="inclusive", **same)
    told = document(
        figure("622900", "meal_vouchers", "15000", **same),
        inclusive | {"figure_id": f"{inclusive['figure_id']}/inclusive"},
        coverage=coverage,
    )
    assert build_summary(told).decisions == (
        "催报2家:兰州市、嘉峪关市。",
        "待说明1家,数字等着核实放行:天水市。",
        "退回1家,改好要重报:武威市。",
        "核对含下级数:临夏回族自治州总工会报的含下级数小于各级自报合计。",
    )


def test_a_week_that_is_done_asks_nothing_of_anybody() -> None:
    summary = build_summary(document(SERVED, coverage=DONE))
    assert summary.decisions == ()
    assert "没有要处理的事" in render("summary.html.j2", s=summary)
    assert "没有:应报单位都报了" in render("summary.txt.j2", s=summary)


def test_quality_tells_coverage_punctuality_and_how_much_is_approximate() -> None:
    told = document(SERVED, *(figure("620400", name, "5") for name in ("people_served", "sessions")), coverage=DONE)
    assert build_summary(told).quality == (
        "应报14家,已报(含零报告)14家(100%),其中按时13家、迟报1家",
        "迟报:金昌市总工会",
        "本周各级各类3个数中,带余、近、约的1个(33%)",
    )


@pytest.mark.parametrize(
    ("rough", "exact", "part"), [(0, 5, "0%"), (1, 300, "不到1%"), (300, 1, "99%以上"), (4, 0, "100%"), (1, 1, "50%")]
)
def test_some_but_not_all_never_reads_none_or_all(rough: int, exact: int, part: str) -> None:
    kinds = ["approx"] * rough + ["exact"] * exact
    told = document(*(figure("620400", "sessions", "5", exactness=kind) for kind in kinds), coverage=DONE)
    assert build_summary(told).quality[-1].endswith(f"({part})")


def test_who_was_late_and_is_open_again_was_not_on_time_either() -> None:
    coverage = {**DONE, "reported": 11, "held": ["620300"]}
    assert "已报(含零报告)13家(93%),其中按时13家、迟报0家" in build_summary(document(coverage=coverage)).quality[0]
