"""Six weeks of a province as a summary tells them, made without a database: what each of them is like, stands at its function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from tests.unit.reporting.rollup_documents import document, figure, said_number, told_activity, week_point

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.exactness import Exactness, combine
from nuanliu.domain.reporting_week import ReportingWeek

EXPECTED = tuple(union.id for union in codes().unions.list if union.expected_weekly)
MEASURES = (
    "people_served", "service_visits", "funds_total", "funds_condolence", "goods_value", "households_visited", "job_posts",
    "sessions",
)  # fmt: skip
CATEGORIES = ("health_check", "employment", "hardship_aid", "condolence", "volunteering", "outdoor_workers")
LONG = "今年以来持续开展面向新就业形态劳动者的“关爱新业态·互助健康行”免费体检和义诊活动,本周集中到县区和园区"
WORD = "https://gongzuo.example/2024/huodong/mianfeitijian/zhangqian/0123456789"
"""Nothing in it lets a line break."""

Said = Mapping[str, Mapping[str, tuple[int, str]]]
"""Union → measure → value and exactness."""
Week = tuple[Any, Any]
"""A rollup document and its notes."""


def rich() -> Week:
    """Everybody reported; all sections stand, with long names and numbers."""
    week = "2024-W49"
    now, then = _said(1, EXPECTED), _said(2, EXPECTED)
    now["620400"]["people_served"] = (12680, "over")
    year = _said(3, EXPECTED[:13])
    told = document(
        *_figures(week, now, {"week_before": ("2024-W48", then), "year_before": ("2023-W49", year)}),
        *_to_date(week),
        week=week,
        edition=1,
        coverage=_coverage(late=["620300", "622900"]),
        campaigns=[_campaign("关爱新业态·互助健康行", "18622", "over"), _campaign("暖冬送岗", "4310", "exact")],
        highlights={
            "activities": [
                told_activity(),
                told_activity(
                    said_number("people_served", "820"), rule="campaign_first", union_id="622900", place=None,
                    name="走访慰问困难职工", campaign="爱心甘肃·结对帮扶", partners=["州人社局", "州总医院", "州红十字会"],
                ),
            ],
            "last_told": {"620400": week},
        },
    )  # fmt: skip
    notes = _notes(week, now, then, "2024-W48") | {
        "explanations": [
            _explained("620400", "大型招聘会", "服务人数(人)", "12680余", LONG),
            _explained("623000", WORD, "投入资金(元)", "9" * 40, WORD),
        ],
        "restatements": [
            {
                "figure_id": f"{week}/622900/meals/meal_vouchers/ytd", "union_id": "622900", "activity": "爱心餐",
                "measure": "meal_vouchers", "old": "15000", "old_exactness": "over", "new": "14000",
                "new_exactness": "exact", "explanation": "核减重复登记",
            },
        ],
        "revision_record": [{"measure": "people_served", "weeks": 26, "up": 17, "down": 2, "mean_pct": "3.1"}],
    }  # fmt: skip
    return told, notes


def incomplete() -> Week:
    """Half a province: most of the money is not comparable."""
    week, here = "2024-W49", EXPECTED[3:8]
    now, then = _said(4, here), _said(5, EXPECTED)
    told = document(
        *_figures(week, now, {"week_before": ("2024-W48", then)}),
        week=week,
        edition=1,
        coverage=_coverage(missing=EXPECTED[8:], held=EXPECTED[:2], returned=EXPECTED[2:3], late=["620500"]),
    )
    return told, _notes(week, now, then, "2024-W48")


def corrected() -> Week:
    """The second edition of a week, after a correction of its own and of the week before."""
    week = "2024-W49"
    now, then = _said(6, EXPECTED), _said(7, EXPECTED)
    revised = [
        _revised(week, "620000/all/people_served/event", "41425", "40620", "更正"),
        _revised(week, "620400/health_check/people_served/event", "1425", "620", "更正"),
        _revised(week, "620400/health_check/people_served/event/place", "1425", "620", "更正"),
        _revised("2024-W48", "620000/all/funds_total/event", "467000", "500000", "补报"),
        _revised("2024-W48", "620900/hardship_aid/funds_total/event", None, "33000", "补报"),
        _revised("2024-W48", "622900/condolence/households_visited/event", "260", "206", "核实放行"),
    ]
    told = document(
        *_figures(week, now, {"week_before": ("2024-W48", then)}),
        week=week,
        edition=2,
        coverage=_coverage(late=["620400"]),
        revisions=revised,
    )
    notes = _notes(week, now, then, "2024-W48")
    record = [{"measure": "people_served", "weeks": 26, "up": 3, "down": 14, "mean_pct": "-2.4"}]
    return told, notes | {"revision_record": record}


def empty() -> Week:
    """Nobody reported anything."""
    week = "2024-W49"
    trend = [
        week_point(str(ReportingWeek.parse(week).shift(-number)), 14 if number else 0) for number in range(11, -1, -1)
    ]
    for point in trend[:-1]:
        point["figures"] = {"people_served": {"value": "12000", "exactness": "exact"}}
    return document(week=week, edition=1, coverage=_coverage(missing=EXPECTED)), {"trend": trend, "years": {}}


def first_ever() -> Week:
    """Nothing to compare with, of any week; one union had nothing to report."""
    week = "2024-W49"
    told = document(
        *_figures(week, _said(8, EXPECTED[:9]), {}),
        week=week,
        edition=1,
        coverage=_coverage(missing=EXPECTED[10:], zero=1),
    )
    return told, {"years": {}, "year_before": "2023-W49", "zero_reports": [EXPECTED[9]]}


def spring() -> Week:
    """The week of 正月初一, with two working days: last year's of the same distance stands for 同比."""
    week = "2025-W05"
    now, then, year = _said(9, EXPECTED[:12], 0.3), _said(10, EXPECTED), _said(11, EXPECTED[:13], 0.3)
    compared = {"spring_festival": ("2024-W06", year), "week_before": ("2025-W04", then)}
    told = document(
        *_figures(week, now, compared),
        week=week,
        edition=1,
        coverage=_coverage(missing=EXPECTED[12:]),
    )
    notes = _notes(week, now, year, "2024-W06")
    return told, notes | {"workdays": {week: 2, "2025-W04": 6, "2024-W06": 5}}


WEEKS = {
    "rich": rich, "incomplete": incomplete, "corrected": corrected, "empty": empty, "first-ever": first_ever,
    "spring": spring,
}  # fmt: skip


def _said(seed: int, union_ids: Iterable[str], scale: float = 1.0) -> dict[str, dict[str, tuple[int, str]]]:
    rng = Random(seed)
    sizes = dict(zip(MEASURES, (3000, 3600, 180_000, 90_000, 40_000, 120, 400, 12), strict=True))
    said: dict[str, dict[str, tuple[int, str]]] = {}
    for union_id in union_ids:
        told = [measure for number, measure in enumerate(MEASURES) if number in (0, 2) or rng.random() < 0.7]
        said[union_id] = {
            measure: (int(sizes[measure] * scale * rng.uniform(0.4, 1.6)) + 1, rng.choice(["exact"] * 5 + ["over"]))
            for measure in told
        }
    return said


def _sum(said: Said, measure: str, union_ids: Iterable[str]) -> tuple[int, Exactness]:
    told = [said[union_id][measure] for union_id in union_ids if measure in said.get(union_id, {})]
    return sum(value for value, _ in told), combine(Exactness(exactness) for _, exactness in told)


def _figures(week: str, now: Said, beside: Mapping[str, tuple[str, Said]]) -> list[dict[str, Any]]:
    found = []
    for measure in MEASURES:
        value, exactness = _sum(now, measure, now)
        if value:
            compared = {kind: _comparison(measure, now, *other) for kind, other in beside.items()}
            found.append(
                _figure(
                    week, PROVINCE, measure, value, exactness, activities=9 * len(now),
                    comparisons={"week_before": None, "year_before": None, "spring_festival": None} | compared,
                )
            )  # fmt: skip
    people, exactness = _sum(now, "people_served", now)
    nothing = {"week_before": None, "year_before": None, "spring_festival": None}
    for number, category in enumerate(CATEGORIES):
        part = people // 2 if number == 0 else people // 10
        found.append(_figure(week, PROVINCE, "people_served", part, exactness, category=category, comparisons=nothing))
    for union_id, told in now.items():
        found += [_figure(week, union_id, measure, *said, comparisons=nothing) for measure, said in told.items()]
    return found


def _figure(week: str, union_id: str, measure: str, value: int, exactness: str, **more: Any) -> dict[str, Any]:
    unit = codes().measures[measure].unit
    made = figure(union_id, measure, str(value), unit=unit, exactness=str(exactness), **more)
    return made | {"figure_id": made["figure_id"].replace("2024-W49", week)}


def _comparison(measure: str, now: Said, week: str, then: Said) -> dict[str, Any] | None:
    value, _ = _sum(now, measure, now)
    previous, previous_exactness = _sum(then, measure, then)
    both, joined, absent = now.keys() & then.keys(), now.keys() - then.keys(), then.keys() - now.keys()
    (mine, mine_exactness), (theirs, theirs_exactness) = _sum(now, measure, both), _sum(then, measure, both)
    came, came_exactness = _sum(now, measure, joined)
    went, went_exactness = _sum(then, measure, absent)
    if not previous:
        return None
    larger, part = (value, mine) if value > previous else (previous, theirs)
    share = (Decimal(part) / larger).quantize(Decimal("0.01"), ROUND_HALF_UP)
    percent = (Decimal((mine - theirs) * 100) / theirs).quantize(Decimal("0.1"), ROUND_HALF_UP) if theirs else None
    terms = [
        ("matched", mine - theirs, mine_exactness + -theirs_exactness, len(both)),
        ("joined", came, came_exactness, len(joined)),
        ("absent", -went, -went_exactness, len(absent)),
        ("moved", 0, Exactness.EXACT, 0),
    ]
    return {
        "week": week,
        "previous": str(previous),
        "previous_exactness": str(previous_exactness),
        "bridge": [
            {"term": term, "value": str(number), "exactness": str(kind), "unions": unions}
            for term, number, kind, unions in terms
        ],
        "matched": {
            "value": str(mine), "exactness": str(mine_exactness), "previous": str(theirs),
            "previous_exactness": str(theirs_exactness), "change_pct": None if percent is None else str(percent),
            "share": str(share), "unions": len(both),
        },
        "shown": "plain" if not joined and not absent else "matched" if share >= Decimal("0.6") else "none",
    }  # fmt: skip


def _notes(week: str, now: Said, then: Said, other: str) -> dict[str, Any]:
    """Twelve weeks, of which one is not known; who changed the first three totals most; the working days of both weeks."""
    rng = Random(week)
    trend = []
    for number in range(11, 0, -1):
        point = week_point(str(ReportingWeek.parse(week).shift(-number)), rng.randint(11, 14))
        people, money = rng.randint(20_000, 60_000), rng.randint(1_000_000, 4_000_000)
        point["figures"] = {
            "people_served": {"value": str(people), "exactness": rng.choice(["exact", "over", "approx"])},
            "funds_total": {"value": str(money), "exactness": rng.choice(["exact", "exact", "under"])},
        }
        trend.append(point)
    trend[4] = week_point(trend[4]["week"], None)
    last = week_point(week, len(now))
    totals = {measure: _sum(now, measure, now) for measure in ("people_served", "funds_total")}
    last["figures"] = {
        measure: {"value": str(value), "exactness": str(kind)} for measure, (value, kind) in totals.items()
    }
    said = {}
    for measure in MEASURES[:3]:
        changes = {
            union_id: now.get(union_id, {}).get(measure, (0, ""))[0] - then.get(union_id, {}).get(measure, (0, ""))[0]
            for union_id in now.keys() | then.keys()
        }
        largest = sorted(changes.items(), key=lambda change: (-abs(change[1]), change[0]))[:3]
        said[f"{week}/620000/all/{measure}/event/vs/{other}"] = [
            {
                "union_id": union_id, "term": "matched" if union_id in now and union_id in then else "absent",
                "value": str(change), "exactness": "exact",
                "explanation": "集中送温暖" if number == 0 and union_id in now else None,
            }
            for number, (union_id, change) in enumerate(largest)
        ]  # fmt: skip
    return {"trend": [*trend, last], "contributors": said, "workdays": {week: 5, other: 5}, "years": {}}


def _coverage(**said: Any) -> dict[str, Any]:
    away = [union_id for state in ("missing", "held", "returned") for union_id in said.get(state, ())]
    zero = said.pop("zero", 0)
    return {
        "expected": len(EXPECTED), "reported": len(EXPECTED) - len(away) - zero,
        "confirmed_zero": zero, "missing": [], "held": [], "returned": [], "late": [],
    } | {state: list(union_ids) for state, union_ids in said.items()}  # fmt: skip


def _to_date(week: str) -> list[dict[str, Any]]:
    found = []
    for union_id, measure, value, kind, since in (
        ("620100", "people_served", 41888, "ytd", None), ("622900", "meal_vouchers", 15000, "ytd", None),
        ("622900", "insured_people", 9 * 10**29, "cumulative_since", "2024-03-01"),
        ("623000", "goods_value", 45, "stock", None),
    ):  # fmt: skip
        found.append(
            _figure(week, union_id, measure, value, "over", category="hardship_aid", period_kind=kind, since=since)
        )
    inclusive = _figure(
        week, "622900", "meal_vouchers", 14999, "exact", category="hardship_aid", period_kind="ytd", scope="inclusive"
    )
    found[1]["exactness"] = "exact"
    return [*found, inclusive | {"figure_id": f"{inclusive['figure_id']}/inclusive"}]


def _campaign(name: str, value: str, exactness: str) -> dict[str, Any]:
    return {
        "figure_id": f"campaign/{name}/people_served/event", "campaign": name, "measure": "people_served", "value": value,
        "exactness": exactness, "unions": 11, "first_week": "2024-W40", "last_week": "2024-W49",
    }  # fmt: skip


def _explained(union_id: str, activity: str, column: str, value: str, explanation: str) -> dict[str, Any]:
    return {
        "union_id": union_id, "activity": activity, "rule": "row.measure.over_limit", "column": column, "value": value,
        "explanation": explanation,
    }  # fmt: skip


def _revised(week: str, tail: str, old: str | None, new: str, reason: str) -> dict[str, Any]:
    return {"week": week, "figure_id": f"{week}/{tail}", "old": old, "new": new, "reason": reason}
