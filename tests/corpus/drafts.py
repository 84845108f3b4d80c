"""A union's week before it becomes a file: what a tidy clerk would send, ready to be spoilt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.corpus.date_writing import monday_of, write_day, write_span
from tests.corpus.figure_writing import write_large, write_null, write_number
from tests.corpus.written import EMPTY, Cell, Column, Row

if TYPE_CHECKING:
    from random import Random

WEEK = "2024-W49"
MONDAY = date(2024, 12, 2)
SENDERS = {
    "620400": ("白银市总工会", ("白银市总工会", "白银市总", "白银区总工会", "靖远县总工会", "景泰县总")),
    "620100": ("兰州市总工会", ("兰州市总工会", "兰州市总", "城关区总工会", "兰州市城关区总工会", "永登县总工会")),
    "620300": ("金昌市总工会", ("金昌市总工会", "金昌市总", "永昌县总工会", "金川区总")),
    "621122": ("陇西县总工会", ("陇西县总工会", "陇西县总")),
    "620000-own": ("甘肃省总工会", ("甘肃省总工会", "省总工会", "省总", "省本级")),
}
UNION_IDS = {
    "白银市总工会": "620400", "白银市总": "620400", "白银区总工会": "620402", "靖远县总工会": "620421", "景泰县总": "620423",
    "兰州市总工会": "620100", "兰州市总": "620100", "城关区总工会": "620102", "兰州市城关区总工会": "620102",
    "永登县总工会": "620121", "金昌市总工会": "620300", "金昌市总": "620300", "永昌县总工会": "620321", "金川区总": "620302",
    "陇西县总工会": "621122", "陇西县总": "621122",
    "甘肃省总工会": "620000-own", "省总工会": "620000-own", "省总": "620000-own", "省本级": "620000-own",
}  # fmt: skip
CATEGORIES = {
    "健康义诊": "free_clinic", "义诊": "free_clinic", "健康体检": "health_check", "就业服务": "employment", "招聘会": "employment",
    "困难帮扶": "hardship_aid", "金秋助学": "education_aid", "送温暖慰问": "condolence", "走访慰问": "condolence", "爱心餐": "meals",
    "志愿服务": "volunteering", "工会驿站": "service_station", "心理健康": "mental_health", "文化活动": "culture",
}  # fmt: skip
THEMES = (
    "冬季送温暖", "货车司机健康义诊", "暖冬招聘会", "困难职工走访", "环卫工人爱心早餐", "法律援助进工地", "职工心理讲座", "书画进车间",
    "快递小哥体检", "驿站开放日", "金秋助学发放", "女职工关爱", "劳模慰问", "志愿者扫雪",
)  # fmt: skip
PLACES = (
    "火车站广场",
    "滨河路工地",
    "开发区",
    "物流园",
    "矿区",
    "第二中学",
    "新城街道",
    "汽车站",
    "纺织厂",
    "人民公园",
)
_MEASURES = {
    # id: (header without unit, unit of the header, least, most, step)
    "people_served": ("服务人数", "人", 60, 3000, 1),
    "service_visits": ("服务人次", "人次", 3000, 9000, 1),
    "funds_total": ("投入资金", "元", 100_000, 900_000, 1000),
    "funds_condolence": ("慰问金", "元", 1000, 20_000, 100),
    "goods_value": ("物资折价", "元", 1000, 20_000, 100),
    "goods_items": ("发放物资", "件", 10, 2000, 1),
    "households_visited": ("走访户数", "户", 5, 300, 1),
    "sessions": ("场次", "场", 1, 30, 1),
    "leaflets": ("宣传资料", "份", 100, 5000, 1),
}


@dataclass
class ExtraSheet:
    """A sheet beside the table."""

    name: str
    rows: list[list[object]]
    is_hidden: bool = False


@dataclass
class Draft:
    """One file in the making. ``is_refused``: nothing of it may be accepted. ``planted``: numbers that must stay unseen.

    ``rewritten``: the bytes no longer say what was written (flipped, re-encoded), so that values cannot be held against
    it. ``must_pass``: so far nothing was done to it that should hold a row.
    """

    union_id: str
    columns: list[Column]
    rows: list[Row]
    file_name: str = "周报.xlsx"
    path_week: str | None = WEEK
    kind: str = "xlsx"
    is_long: bool = False
    encoding: str = "utf-8"
    separator: str = ","
    line_end: str = "\r\n"
    cover: list[list[object]] = field(default_factory=list)
    above: list[list[object]] = field(default_factory=list)
    foot: list[list[object]] = field(default_factory=list)
    blank_columns: int = 0
    header_rows: int = 1
    merge_unions: bool = False
    merged_figures: list[tuple[Row, str]] = field(default_factory=list)
    sheet_name: str = "活动明细"
    second_sheet: str | None = None
    """The sheet of the lower half of the rows, where they stand in two."""
    extra_sheets: list[ExtraSheet] = field(default_factory=list)
    extra_parts: dict[str, str] = field(default_factory=dict)
    """Parts put into an xlsx beside what its writer wrote: name → content."""
    drawn: str | None = None
    """Text of a box on the first table's sheet; "" is a picture."""
    zipped_as: str | None = None
    """The file's name inside the zip it comes in."""
    comments: dict[tuple[int, str], str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    planted: list[str] = field(default_factory=list)
    mutations: list[str] = field(default_factory=list)
    damage: str | None = None
    other_bytes: bytes | None = None
    """Sent in place of the table."""
    is_refused: bool = False
    rewritten: bool = False
    must_pass: bool = True

    @property
    def measures(self) -> list[Column]:
        """The columns of figures."""
        return [column for column in self.columns if column.is_measure]

    def activities(self) -> list[Row]:
        """The rows that are activities."""
        return [row for row in self.rows if row.kind == "activity"]


def draft_week(rng: Random) -> Draft:
    """A tidy week: every cell can be read, though not every one is written plainly."""
    union_id = rng.choice(list(SENDERS))
    columns = _columns(rng)
    has_union = any(column.id == "reporting_union" for column in columns)
    has_organizer = any(column.id == "organizer_union" for column in columns)
    spans = any(column.id == "activity_time" for column in columns)
    themes = rng.sample(THEMES, rng.randint(1, 9))
    rows = []
    for theme in themes:
        named = rng.choice(SENDERS[union_id][1])
        category = rng.choice(list(CATEGORIES))
        start = MONDAY + timedelta(days=rng.randint(0, 6))
        end = min(start + timedelta(days=rng.choice((0, 0, 1, 3))), MONDAY + timedelta(days=6))
        if rng.random() < 0.1:  # an activity of an earlier week counts in its own
            start, end = start - timedelta(days=14), end - timedelta(days=14)
        cells = {
            "ordinal": Cell(len(rows) + 1),
            "activity_name": Cell(f"{rng.choice(PLACES)}{theme}"),
            "category": Cell(category),
            "reporting_union": Cell(named),
            "organizer_union": Cell(named),
            "start_date": write_day(rng, start),
            "end_date": write_day(rng, end),
            "activity_time": write_span(rng, start, end),
            "place": Cell(rng.choice(PLACES)),
            "beneficiary_groups": Cell(
                rng.choice(("困难职工", "货车司机、快递员", "农民工", "环卫工人", "困难职工,农民工"))
            ),
            "period_kind": Cell(rng.choice(("本次", "本周", "本次"))),
            "co_organizers": Cell(rng.choice(("市人社局", "市卫健委、市医院等", "", None))),
            "remarks": Cell(rng.choice((None, "", "按计划完成", "天气原因推迟一天"))),
            "explanation": Cell(rng.choice((None, "", "人数以签到表为准"))),
        }
        for column in columns:
            if column.is_measure:
                cells[column.id] = _figure(rng, column)
        one_day = spans or any(column.id == "end_date" for column in columns)
        rows.append(
            Row(
                "activity",
                {column.id: cells.get(column.id, EMPTY) for column in columns},
                weeks=frozenset({monday_of(end) if one_day else MONDAY}),
                union_id=UNION_IDS[named] if has_union or has_organizer else union_id,
                category_id=CATEGORIES[category],
            )
        )
    return Draft(union_id, columns, rows)


def _figure(rng: Random, column: Column) -> Cell:
    _, _, least, most, step = _MEASURES[column.id]
    if rng.random() < 0.1:
        return write_null(rng)
    if rng.random() < 0.1 and column.scale == 1 and column.id in {"funds_total", "leaflets"}:
        return write_large(rng, column)
    value = rng.randrange(least, most + 1, step)
    return write_number(rng, value, column)


def _columns(rng: Random) -> list[Column]:
    columns = []
    if rng.random() < 0.3:
        columns.append(Column("ordinal", "序号"))
    if rng.random() < 0.6:
        columns.append(Column("reporting_union", rng.choice(("填报单位", "报送单位", "单位名称"))))
    columns += [
        Column("activity_name", rng.choice(("活动名称", "活动主题"))),
        Column("category", rng.choice(("活动类别", "类别"))),
    ]
    if rng.random() < 0.3:
        columns.append(Column("organizer_union", "主办单位"))
    dates = rng.random()
    if dates < 0.5:
        columns += [Column("start_date", "开始日期"), Column("end_date", "结束日期")]
    elif dates < 0.9:
        columns.append(Column("activity_time", rng.choice(("活动时间", "活动日期"))))
    columns += [
        Column(name, header)
        for name, header in (
            ("place", "活动地点"),
            ("beneficiary_groups", "服务对象"),
            ("period_kind", "统计口径"),
            ("co_organizers", "联合单位"),
        )
        if rng.random() < 0.5
    ]
    in_ten_thousands = rng.random() < 0.5
    for measure in rng.sample(list(_MEASURES), rng.randint(1, 5)):
        name, unit, *_ = _MEASURES[measure]
        is_money = unit == "元"
        shown = "万元" if is_money and in_ten_thousands else unit
        header = rng.choice((f"{name}({shown})", f"{name}（{shown}）")) if is_money or rng.random() < 0.8 else name
        columns.append(Column(measure, header, True, 10_000 if shown == "万元" else 1, shown))
    columns += [
        Column(name, header) for name, header in (("remarks", "备注"), ("explanation", "说明")) if rng.random() < 0.4
    ]
    return columns


def total_of(draft: Draft, column: Column) -> Decimal:
    """The sum of a column's figures, in its base unit."""
    return sum((row.cells[column.id].value or Decimal(0) for row in draft.activities()), Decimal(0))
