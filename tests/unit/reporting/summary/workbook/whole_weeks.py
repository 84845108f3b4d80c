"""Weeks for the workbook: an empty one, a rich one, and one in which every prefecture and county reported."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from openpyxl import load_workbook
from tests.unit.reporting.rollup_documents import (
    comparison,
    comparisons,
    document,
    figure,
    said_number,
    told_activity,
    week_point,
)

from nuanliu.contract.code_lists import codes
from nuanliu.domain.documents import SourceEntry
from nuanliu.domain.exactness import Exactness
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.workbook.rendering import render_workbook

PUBLISHED = datetime(2024, 12, 9, 2, tzinfo=UTC)
WEEK = "2024-W49"
Said = tuple[str, str, str, str, str]
"""Who says it, category, measure, value and exactness."""


def told_week(said: list[Said], **more: Any) -> tuple[dict[str, Any], list[SourceEntry]]:
    """The document of a week in which unions said these, each in a cell of its own file, and those cells."""
    sums: dict[str, tuple[Decimal, Exactness, int]] = {}
    kept: dict[str, tuple[str, str, str]] = {}
    sources: list[SourceEntry] = []
    rows: dict[str, count[int]] = defaultdict(lambda: count(2))
    for union_id, category, measure, value, exactness in sorted(said, key=lambda each: (each[2], each[1], each[0])):
        ids = []
        for part in (category, "all"):
            for above in _upwards(union_id):
                figure_id = f"{WEEK}/{above}/{part}/{measure}/event"
                ids.append(figure_id)
                total, sure, activities = sums.get(figure_id, (Decimal(0), Exactness.EXACT, 0))
                sums[figure_id] = (total + Decimal(value), sure + Exactness(exactness), activities + 1)
                kept[figure_id] = (above, part, measure)
        row = next(rows[union_id])
        sources.append(
            {
                "union_id": union_id, "file": f"{codes().unions.list[union_id].name}第49周.xlsx", "sha256": f"{int(union_id[:6]):064x}",
                "sheet": "活动明细", "cell": f"{'K' if measure == 'people_served' else 'N'}{row}", "cells": 1,
                "raw_text": f"{value}{'余' if exactness == 'over' else ''}", "value": value, "exactness": exactness,
                "figure_ids": ids, "number_id": f"{WEEK}/activity/{union_id}/{row:016x}/{measure}",
            }
        )  # fmt: skip
    figures = []
    for figure_id in sorted(sums):
        union_id, category, measure = kept[figure_id]
        total, sure, activities = sums[figure_id]
        level = codes().unions.list[union_id].level
        figures.append(
            figure(
                union_id,
                measure,
                str(total),
                unit=codes().measures[measure].unit,
                exactness=str(sure),
                category=category,
                level=level,
                activities=activities,
            )
        )
    return document(*figures, **more), sources


def _upwards(union_id: str) -> list[str]:
    unions, chain = codes().unions.list, [union_id]
    while parent := unions[chain[-1]].parent_id:
        chain.append(parent)
    return chain


def prefectures() -> list[str]:
    return [union.id for union in codes().unions.list if union.level == "prefecture"]


def counties() -> list[str]:
    return [union.id for union in codes().unions.list if union.level == "county"]


def empty_week() -> tuple[dict[str, Any], list[SourceEntry]]:
    """Nobody reported."""
    nobody = {
        "expected": 14,
        "reported": 0,
        "confirmed_zero": 0,
        "missing": prefectures(),
        "held": [],
        "returned": [],
        "late": [],
    }
    return document(coverage=nobody), []


def whole_week() -> tuple[dict[str, Any], list[SourceEntry]]:
    """Fourteen prefectures and eighty-six counties, six measures, five categories."""
    kinds = ("health_check", "hardship_aid", "condolence", "meals", "legal")
    measures = ("people_served", "funds_total", "funds_condolence", "sessions", "job_posts", "goods_items")
    said: list[Said] = []
    for number, union_id in enumerate([*prefectures(), *counties()]):
        for step, category in enumerate(kinds[: 2 + number % 4]):
            for place, measure in enumerate(measures[: 2 + (number + step) % 5]):
                value = str((number * 37 + step * 11 + 5) * (1234 if measure.startswith("funds") else 1 + place))
                said.append((union_id, category, measure, value, "over" if (number + step) % 9 == 0 else "exact"))
    complete = {
        "expected": 14, "reported": 14, "confirmed_zero": 0, "missing": [], "held": [], "returned": [], "late": ["620300"],
    }  # fmt: skip
    return told_week(said, coverage=complete, **_more())


def rich_week() -> tuple[dict[str, Any], list[SourceEntry]]:
    """A week with everything that a summary can tell; some unions are missing."""
    said: list[Said] = [
        ("620400", "health_check", "people_served", "1425", "exact"), ("620402", "health_check", "people_served", "260", "over"),
        ("620400", "hardship_aid", "funds_total", "467000", "exact"), ("620300", "condolence", "people_served", "18000", "under"),
        ("620300", "condolence", "funds_total", "40", "exact"), ("620102", "hardship_aid", "people_served", "57", "exact"),
        ("620102", "hardship_aid", "funds_total", "359000", "over"), ("622900", "meals", "meal_vouchers", "15000", "approx"),
    ]  # fmt: skip
    partly = {
        "expected": 14, "reported": 10, "confirmed_zero": 0, "missing": ["620600", "620700"], "held": ["620500"],
        "returned": ["620800"], "late": ["620300"],
    }  # fmt: skip
    told, sources = told_week(said, coverage=partly, **_more())
    told["figures"] += [
        figure("620400", "people_served", "41888", category="hardship_aid", period_kind="ytd"),
        figure("620300", "people_served", "41999", category="hardship_aid", period_kind="stock", scope="inclusive"),
    ]
    for each in told["figures"]:
        if each["figure_id"] == f"{WEEK}/620000/all/people_served/event":
            each["comparisons"] = comparisons(
                week_before=comparison(
                    "18000", ("1425", "exact", 7), ("317", "over", 2), ("-65", "under", 1), ("0", "exact", 0)
                )
            )
    return told, sources


def _more() -> dict[str, Any]:
    return {
        "revisions": [
            {"week": "2024-W48", "figure_id": "2024-W48/620400/health_check/people_served/event", "old": "1200",
             "new": "1020", "reason": "更正"},
            {"week": "2024-W48", "figure_id": "2024-W48/620400/health_check/people_served/event/place", "old": "1200",
             "new": "1020", "reason": "更正"},
        ],
        "campaigns": [
            {"figure_id": f"{WEEK}/campaign/warm-winter-jobs/people_served/event", "campaign": "暖冬行动",
             "measure": "people_served", "value": "42005", "exactness": "over", "unions": 3, "first_week": "2024-W40",
             "last_week": WEEK},
        ],
        "highlights": {
            "activities": [
                told_activity(said_number("people_served", "1425", trace_id=f"{WEEK}/activity/620400/{3:016x}/people_served")),
            ],
            "last_told": {"620400": WEEK},
        },
    }  # fmt: skip


NOTES: Any = {
    "restatements": [
        {"figure_id": "2024-W49/622900/meals/meal_vouchers/ytd", "union_id": "622900", "activity": "爱心餐",
         "measure": "meal_vouchers", "old": "15000", "old_exactness": "over", "new": "14000", "new_exactness": "exact",
         "explanation": "核减重复登记"},
    ],
    "explanations": [
        {"union_id": "620400", "activity": "大型招聘会", "rule": "row.measure.over_limit", "column": "服务人数(人)",
         "value": "=1+1", "explanation": "@三县联办,按各县签到表汇总,已由县总工会主席审核,详见附件"},
        {"union_id": "620400", "activity": "-", "rule": "row.measure.over_limit", "column": "服务人数(人)",
         "value": "#N/A", "explanation": "+86,没有数"},
    ],
    "contributors": {
        "2024-W49/620000/all/people_served/event/vs/2024-W48": [
            {"union_id": "620300", "term": "matched", "value": "1425", "exactness": "exact", "explanation": "集中送温暖,十二月上旬走访全部在册困难职工"},
            {"union_id": "620600", "term": "absent", "value": "-65", "exactness": "under", "explanation": None},
        ],
    },
    "workdays": {"2024-W49": 5, "2024-W48": 3},
    "revision_record": [{"measure": "people_served", "weeks": 26, "up": 17, "down": 2, "mean_pct": "3.1"}],
    "trend": [
        week_point("2024-W38", 9, people=("6120", "exact"), money=("1200000", "exact")),
        week_point("2024-W39", 12, people=("8120", "over"), money=("1543200", "exact")),
        week_point("2024-W40", 10, people=("3000", "exact"), money=("990000", "approx")),
        week_point("2024-W41", 14, people=("12400", "exact"), money=("3990000", "exact")),
        week_point("2024-W42", 13, people=("11800", "exact"), money=("4020000", "exact")),
        week_point("2024-W43", None),
        week_point("2024-W44", 14, people=("15900", "exact"), money=("5000000", "exact")),
        week_point("2024-W45", 14, people=("14300", "approx"), money=("4123400", "exact")),
        week_point("2024-W46", 12, people=("13370", "exact"), money=("2990000", "exact")),
        week_point("2024-W47", 11, people=("18000", "under"), money=("4400200", "exact")),
        week_point("2024-W48", 12, people=("18000", "exact"), money=("3670000", "exact")),
        week_point("2024-W49", 10, people=("19742", "approx"), money=("826040", "over")),
    ],
}  # fmt: skip


def opened(told: Any, notes: Any = None, sources: Any = ()) -> Any:
    """The workbook of a week, as openpyxl reads it."""
    return load_workbook(BytesIO(rendered(told, notes, sources)))


def rendered(told: Any, notes: Any = None, sources: Any = ()) -> bytes:
    return render_workbook(build_summary(told, notes), PUBLISHED, sources)
