"""Two weeks as bulletins: one in which everything that can be told is told, and one in which nobody reported."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from tests.unit.reporting.rollup_documents import (
    comparison,
    comparisons,
    document,
    figure,
    said_number,
    told_activity,
    week_point,
)

from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.bulletin.rendering import render_bulletin
from nuanliu.reporting.summary.contents import Summary

PUBLISHED = datetime(2024, 12, 9, 17, tzinfo=UTC)
"""The 10th in Asia/Shanghai."""
RICH: Any = document(
    figure("620000", "people_served", "12034", previous="10034", exactness="over", activities=12,
           comparisons=comparisons(week_before=comparison(
               "10034", ("1500", "exact", 7), ("600", "over", 2), ("-100", "exact", 1), ("0", "exact", 0)))),
    figure("620000", "funds_total", "467049", previous="350000", activities=7),
    figure("620000", "firms", "37", unit="家"),
    figure("620400", "people_served", "1425"),
    figure("620300", "people_served", "516", exactness="over"),
    figure("620400", "funds_total", "359000"),
    figure("620400", "people_served", "3188", category="hardship_aid", period_kind="ytd"),
    figure("620300", "people_served", "2999", category="hardship_aid", period_kind="stock", scope="inclusive"),
    coverage={
        "expected": 14, "reported": 10, "confirmed_zero": 0, "missing": ["620100", "620200"], "held": ["620500"],
        "returned": ["620600"], "late": ["620700"],
    },
    revisions=[
        {"week": "2024-W48", "figure_id": "2024-W48/620400/meals/people_served/event", "old": "1200", "new": "1020",
         "reason": "更正"},
    ],
    campaigns=[
        {"figure_id": "2024-W49/campaign/x/people_served/event", "campaign": "暖冬行动", "measure": "people_served",
         "value": "4205", "exactness": "exact", "unions": 3, "first_week": "2024-W40", "last_week": "2024-W49"},
    ],
    highlights={
        "activities": [
            told_activity(),
            told_activity(rule="largest_funds", union_id="620300", name="走访慰问困难职工", campaign=None, place=None,
                          partners=[], groups=["hardship_workers"],
                          numbers=[said_number("people_served", "516", "over"), said_number("funds_total", "108000")]),
        ],
        "last_told": {},
    },
)  # fmt: skip
RICH_NOTES: Any = {
    "restatements": [
        {"figure_id": "2024-W49/620400/meals/people_served/ytd", "union_id": "620400", "activity": "爱心餐",
         "measure": "people_served", "old": "4207", "old_exactness": "exact", "new": "4206", "new_exactness": "exact",
         "explanation": "核减重复登记"},
    ],
    "explanations": [
        {"union_id": "620400", "activity": "大型招聘会", "rule": "row.measure.over_limit", "column": "服务人数",
         "value": "4208", "explanation": "三县联办"},
    ],
    "contributors": {
        "2024-W49/620000/all/people_served/event/vs/2024-W48": [
            {"union_id": "620700", "term": "matched", "value": "435", "exactness": "exact", "explanation": "集中送温暖"},
            {"union_id": "620100", "term": "absent", "value": "-436", "exactness": "under", "explanation": None},
        ],
    },
    "workdays": {"2024-W49": 5, "2024-W48": 3},
    "revision_record": [{"measure": "people_served", "weeks": 26, "up": 17, "down": 2, "mean_pct": "3.1"}],
    "trend": [
        week_point("2024-W47", 11, people=("9401", "over"), money=("440000", "exact")),
        week_point("2024-W48", None),
        week_point("2024-W49", 10, people=("12034", "over"), money=("467049", "exact")),
    ],
    "open_findings": [
        {"union_id": "620500", "rule": "row.end_date.too_old", "findings": 3},
        {"union_id": "620600", "rule": "row.end_date.after_period", "findings": 1},
    ],
}  # fmt: skip
EVERYBODY = [*document()["coverage"]["missing"], "620300", "620400"]
EMPTY: Any = document(
    coverage={
        "expected": 14, "reported": 0, "confirmed_zero": 0, "missing": EVERYBODY, "held": [], "returned": [], "late": [],
    }
)  # fmt: skip
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
PICTURES = {"weeks": PNG, "prefectures": PNG}


def rich_summary() -> Summary:
    return build_summary(RICH, RICH_NOTES)


def empty_summary() -> Summary:
    return build_summary(EMPTY)


@cache
def rich_bulletin() -> bytes:
    return render_bulletin(rich_summary(), PUBLISHED, PICTURES)


@cache
def empty_bulletin() -> bytes:
    return render_bulletin(empty_summary(), PUBLISHED, {})
