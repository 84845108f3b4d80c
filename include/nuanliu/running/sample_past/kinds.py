"""What unions do over a year, and how large it is: the words and sizes that sample weeks are made of."""

from __future__ import annotations

from dataclasses import dataclass

ALL_YEAR = frozenset(range(1, 13))


@dataclass(frozen=True)
class ActivityKind:
    """One kind of activity. ``share``: people for each hundred that a union usually reaches; ``per_head``: 元 for each of them.

    ``also``: another measure and how many people one of it stands for. ``months``: in which it is held.
    """

    category: str
    names: tuple[str, ...]
    groups: str
    share: int
    per_head: int = 0
    also: tuple[str, int] | None = None
    months: frozenset[int] = ALL_YEAR
    campaign: str = ""
    swells_at_festival: bool = False


KINDS = (
    ActivityKind(
        "condolence",
        ("走访慰问困难职工", "“两节”送温暖慰问", "慰问一线职工", "慰问坚守岗位职工"),
        "困难职工、一线职工",
        40,
        300,
        ("households_visited", 2),
        frozenset({11, 12, 1, 2}),
        swells_at_festival=True,
    ),
    ActivityKind(
        "summer_relief",
        ("“夏送清凉”慰问", "高温岗位送清凉", "建筑工地送清凉"),
        "农民工、户外劳动者",
        70,
        60,
        ("goods_items", 1),
        frozenset({6, 7, 8}),
    ),
    ActivityKind(
        "education_aid", ("“金秋助学”资助", "困难职工子女助学"), "职工子女", 12, 2000, None, frozenset({8, 9})
    ),
    ActivityKind(
        "employment",
        ("“春风行动”招聘会", "就业援助专场招聘", "民营企业招聘周"),
        "求职者、农民工",
        80,
        0,
        ("firms", 25),
        frozenset({2, 3, 4, 5, 9, 10, 11}),
        "春风行动",
    ),
    ActivityKind("health_check", ("新就业形态劳动者免费体检", "女职工健康体检"), "新就业形态劳动者、职工", 50, 150),
    ActivityKind("free_clinic", ("健康义诊进企业", "义诊进社区"), "职工、社区老人", 35),
    ActivityKind(
        "hardship_aid",
        ("困难职工生活救助", "结对帮扶困难职工"),
        "困难职工",
        15,
        800,
        None,
        ALL_YEAR,
        "爱心甘肃·结对帮扶",
    ),
    ActivityKind("skills", ("职业技能竞赛", "家政服务技能培训", "电工技能提升培训"), "一线职工、农民工", 30, 100),
    ActivityKind("volunteering", ("职工志愿服务", "学雷锋志愿服务"), "职工", 25),
    ActivityKind("culture", ("职工运动会", "职工书法展", "“五一”文艺演出"), "职工", 60, 40, ("sessions", 150)),
    ActivityKind("legal", ("普法宣传进工地", "劳动法律法规宣讲"), "农民工、职工", 45, 0, ("leaflets", 1)),
    ActivityKind("mental_health", ("心理健康讲座", "职工心理关爱服务"), "职工", 20),
    ActivityKind(
        "outdoor_workers",
        ("户外劳动者关爱行动", "驿站送暖心茶"),
        "环卫工人、快递员、外卖配送员",
        35,
        30,
        ("goods_items", 1),
    ),
)
