"""The seed bulletin's activities as its eight unions report them in 2024-W49 (issue 3, the oracle)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.builders import activity
from tests.sql.reported import report, roll_up

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEALTH_CAMPAIGN = "care-new-employment-health"
LONGXI = "621122"
SINCE_2022 = {"period_kind": "cumulative_since", "since_on": date(2022, 1, 1), "scope": "inclusive"}
SINCE_WINTER = {**SINCE_2022, "since_on": date(2024, 11, 7)}
WEEKS = ("2024-W46", "2024-W48", "2024-W49")

SEED = {
    "620000-own": [
        activity(
            "爱心义诊",
            "free_clinic",
            {"people_served": (700, "over"), "service_staff": (30, "over"), "goods_value": 100000},
            start_on=date(2024, 12, 3),
            end_on=date(2024, 12, 3),
            place_division=LONGXI,
        )
    ],
    "620400": [
        activity("免费体检", "health_check", {"people_served": 1425, "exam_items": 24}, campaign_id=HEALTH_CAMPAIGN)
    ],
    "620300": [
        activity(
            "暖冬送岗",
            "employment",
            {
                "people_served": (500, "over"),
                "job_seekers": (500, "over"),
                "firms": 37,
                "job_posts": (1200, "over"),
                "hire_intents": 216,
                "online_views": (2000, "over"),
            },
            campaign_id="warm-winter-jobs",
        ),
        activity(
            "招聘活动",
            "employment",
            {
                "sessions": 45,
                "job_posts": (8000, "over"),
                "leaflets": (60000, "over"),
                "hire_intents": (2600, "over"),
                "hired": (1800, "over"),
            },
            **SINCE_2022,
        ),
        activity("技能培训", "skills", {"sessions": 120}, **SINCE_2022),
        activity("技能大赛", "skills", {"sessions": 25, "trainees": 1500}, **SINCE_2022),
    ],
    "622900": [
        activity("爱心餐", "meals", {"meal_vouchers": 3000}, start_on=date(2024, 11, 29), end_on=date(2024, 11, 29)),
        activity("爱心餐", "meals", {"sessions": 9, "meal_vouchers": 15000}, **SINCE_WINTER),
    ],
    "620500": [
        activity(
            "公益体检",
            "health_check",
            {"people_served": (260, "over")},
            start_on=date(2024, 11, 11),
            end_on=date(2024, 11, 12),
            campaign_id=HEALTH_CAMPAIGN,
        ),
        activity(
            "意外伤害互助保障",
            "mutual_aid",
            {"insured_people": 350, "insurance_value": (9000, "over")},
            period_kind="ytd",
        ),
    ],
    "620102": [
        activity("回访", "hardship_aid", {"people_served": 57}),
        activity("帮扶资金", "hardship_aid", {"funds_total": 359000}, item_name="生活救助金", period_kind="ytd"),
        activity("帮扶资金", "hardship_aid", {"funds_total": 108000}, item_name="子女助学金", period_kind="ytd"),
    ],
    "620622": [
        activity("志愿服务", "volunteering", {"goods_items": 150}, item_name="手套", end_on=date(2024, 12, 5)),
        activity("志愿服务", "volunteering", {"goods_items": 50}, item_name="帽子", end_on=date(2024, 12, 5)),
    ],
    LONGXI: [
        activity(
            "货车司机慰问",
            "condolence",
            {"people_served": 102},
            start_on=date(2024, 11, 28),
            end_on=date(2024, 11, 28),
            place_division=LONGXI,
        )
    ],
}


def load_seed(connection: Connection) -> None:
    """All eight reports and the marts of the weeks they touch."""
    for union_id, activities in SEED.items():
        report(connection, union_id, "2024-W49", activities)
    roll_up(connection, *WEEKS)
