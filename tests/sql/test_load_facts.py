"""From accepted rows to facts: what is loaded, with which keys, in which partition, and what is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.builders import activity, checked, load, submission

from nuanliu.domain.checked import FileStatus
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import LoadIncomplete

if TYPE_CHECKING:
    from sqlalchemy import Engine

ACTIVITIES = """
    select a.week_start, o.union_id as organizer, a.reporting_union_id, c.category_id, g.campaign_id, p.division_code,
        a.place_detail, a.start_on, a.end_on, a.is_date_inferred, a.is_crossing_week, a.period_kind, a.scope, a.since_on,
        a.as_of_on, a.activity_no, a.activity_name, a.item_name, a.has_open_list, a.natural_key, a.explanation, a.remarks,
        a.source_sheet, a.source_row
    from fact_activity a join dim_union o on o.union_key = a.organizer_union_key join dim_category c using (category_key)
    left join dim_campaign g using (campaign_key) left join dim_division p on p.division_key = a.place_division_key
    order by a.source_row
"""
FIGURES = """
    select m.measure_id, f.value, f.exactness, f.raw_text, f.source_sheet, f.source_row, f.source_cell, f.week_start,
        f.period_kind, f.scope, f.since_on, f.as_of_on, o.union_id as organizer
    from fact_measure f join dim_measure m using (measure_key) join dim_union o on o.union_key = f.organizer_union_key
    order by f.source_row, f.source_cell
"""


def _rows(warehouse: Engine, statement: str) -> list[dict[str, Any]]:
    with warehouse.connect() as connection:
        return [dict(row) for row in connection.execute(text(statement)).mappings()]


def _count(warehouse: Engine, table: str) -> int:
    with warehouse.connect() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_an_activity_becomes_one_fact_that_says_everything_the_row_says(warehouse: Engine) -> None:
    says = activity(
        "互助健康行",
        "health_check",
        reporting_union_id="620102",
        organizer_union_id="620100",
        campaign_id="care-new-employment-health",
        place_division="620102",
        place_detail="某社区",
        start_on=date(2024, 11, 29),
        end_on=date(2024, 12, 2),
        is_date_inferred=True,
        period_kind="campaign",
        scope="inclusive",
        since_on=date(2024, 11, 7),
        activity_no="A-1",
        item_name="手套",
        has_open_list=True,
        explanation="因故",
        remarks="备注",
        activity_key="the key",
    )
    load(warehouse, checked(submission("620100", activities=[says])))
    assert _rows(warehouse, ACTIVITIES) == [
        {
            "week_start": date(2024, 12, 2),
            "organizer": "620100",
            "reporting_union_id": "620102",
            "category_id": "health_check",
            "campaign_id": "care-new-employment-health",
            "division_code": "620102",
            "place_detail": "某社区",
            "start_on": date(2024, 11, 29),
            "end_on": date(2024, 12, 2),
            "is_date_inferred": True,
            "is_crossing_week": True,
            "period_kind": "campaign",
            "scope": "inclusive",
            "since_on": date(2024, 11, 7),
            "as_of_on": date(2024, 12, 2),
            "activity_no": "A-1",
            "activity_name": "互助健康行",
            "item_name": "手套",
            "has_open_list": True,
            "natural_key": "the key",
            "explanation": "因故",
            "remarks": "备注",
            "source_sheet": "活动明细",
            "source_row": 2,
        }
    ]


def test_a_figure_keeps_value_exactness_and_the_cell_it_came_from(warehouse: Engine) -> None:
    figures = {"people_served": (1200, Exactness.OVER), "funds_total": "467000.55"}
    load(warehouse, checked(submission(activities=[activity(figures=figures)])))
    found = _rows(warehouse, FIGURES)
    assert [(row["measure_id"], row["value"], row["exactness"], row["source_cell"]) for row in found] == [
        ("people_served", Decimal("1200.00"), 1, "J2"),
        ("funds_total", Decimal("467000.55"), 0, "K2"),
    ]
    assert {row["week_start"] for row in found} == {date(2024, 12, 2)}
    assert {row["organizer"] for row in found} == {"620400"}


def test_the_largest_and_smallest_amounts_survive_to_the_cent(warehouse: Engine) -> None:
    figures = {"funds_total": "9999999999999999.99", "goods_value": "0.01", "people_served": 0}
    load(warehouse, checked(submission(activities=[activity(figures=figures)])))
    assert [row["value"] for row in _rows(warehouse, FIGURES)] == [
        Decimal("9999999999999999.99"),
        Decimal("0.01"),
        Decimal("0.00"),
    ]


def test_only_accepted_activity_rows_become_facts(warehouse: Engine) -> None:
    rows = [
        activity("甲", figures={"people_served": 1}),
        activity("乙", figures={"people_served": 2}),
        activity("丙", figures={"people_served": 4}),
        activity("合计", row_class="total", figures={"people_served": 7}),
        activity("示例", row_class="example", figures={"people_served": 8}),
    ]
    load(warehouse, checked(submission(activities=rows), held=[1], returned=[2]))
    assert [row["activity_name"] for row in _rows(warehouse, ACTIVITIES)] == ["甲"]
    assert [row["value"] for row in _rows(warehouse, FIGURES)] == [1]


@pytest.mark.parametrize(
    "status", [FileStatus.HELD, FileStatus.REJECTED, FileStatus.DUPLICATE, FileStatus.UNCHANGED, FileStatus.TRIAL]
)
def test_a_file_that_is_not_accepted_loads_nothing(warehouse: Engine, status: FileStatus) -> None:
    load(warehouse, checked(submission(activities=[activity(figures={"people_served": 1})]), status=status))
    assert [_count(warehouse, table) for table in ("fact_activity", "fact_measure", "dim_submission")] == [0, 0, 0]
    assert _count(warehouse, "receipt") == 1


def test_planned_rows_are_loaded_into_the_week_they_are_planned_for(warehouse: Engine) -> None:
    planned = activity(period_kind="planned", start_on=date(2024, 12, 25), figures={"people_served": 50})
    loaded = load(warehouse, checked(submission(activities=[planned])))
    assert [(row["period_kind"], row["week_start"]) for row in _rows(warehouse, FIGURES)] == [
        ("planned", date(2024, 12, 23))
    ]
    assert loaded.weeks == ("2024-W49", "2024-W52")


def test_rows_of_one_file_go_to_the_partitions_of_their_own_weeks(warehouse: Engine) -> None:
    rows = [
        activity("甲", start_on=date(2024, 11, 12), figures={"people_served": 260}),
        activity("乙", start_on=date(2024, 12, 5), figures={"people_served": 57}),
    ]
    loaded = load(warehouse, checked(submission(activities=rows)))
    assert _count(warehouse, "only stored_measure_2024w46") == 1
    assert _count(warehouse, "only stored_measure_2024w49") == 1
    assert loaded.weeks == ("2024-W46", "2024-W49")


def test_rows_of_the_long_shape_become_one_activity(warehouse: Engine) -> None:
    rows = [
        activity("甲", figures={"people_served": 1}, activity_id=0),
        activity("甲", figures={"sessions": 2}, activity_id=0),
        activity("甲", figures={"leaflets": 3}, activity_id=0),
    ]
    load(warehouse, checked(submission(activities=rows), held=[0]))
    assert [row["source_row"] for row in _rows(warehouse, ACTIVITIES)] == [3]
    assert [row["measure_id"] for row in _rows(warehouse, FIGURES)] == ["sessions", "leaflets"]


def test_a_row_without_figures_is_an_activity_all_the_same(warehouse: Engine) -> None:
    load(warehouse, checked(submission(activities=[activity()])))
    assert (_count(warehouse, "fact_activity"), _count(warehouse, "fact_measure")) == (1, 0)


def test_a_zero_report_is_a_version_without_facts(warehouse: Engine) -> None:
    loaded = load(warehouse, checked(submission(submission_type=SubmissionType.ZERO)))
    assert (loaded.version, loaded.weeks) == (1, ("2024-W49",))
    assert (_count(warehouse, "dim_submission"), _count(warehouse, "fact_activity")) == (1, 0)


def test_groups_and_partners_are_bridged_once_each(warehouse: Engine) -> None:
    says = activity(beneficiary_groups="couriers;elderly;couriers", co_organizers="金昌市总;某医院;;金昌市总")
    load(warehouse, checked(submission(activities=[says, activity("乙")])))
    groups = _rows(warehouse, "select group_id from bridge_activity_group join dim_beneficiary_group using (group_key)")
    assert {row["group_id"] for row in groups} == {"couriers", "elderly"}
    assert len(groups) == 2
    partners = _rows(
        warehouse,
        "select partner_name, union_id, role from bridge_activity_partner join dim_partner using (partner_key) "
        "order by partner_name",
    )
    assert partners == [
        {"partner_name": "某医院", "union_id": None, "role": "joint"},
        {"partner_name": "金昌市总", "union_id": "620300", "role": "joint"},
    ]


def test_a_new_campaign_is_entered_under_its_own_name(warehouse: Engine) -> None:
    for week in ("2024-W48", "2024-W49"):
        load(warehouse, checked(submission(week=week, activities=[activity(campaign_id="暖冬新行动")])))
    campaigns = _rows(warehouse, "select campaign_name, is_listed from dim_campaign where campaign_id = '暖冬新行动'")
    assert campaigns == [{"campaign_name": "暖冬新行动", "is_listed": False}]


def test_texts_arrive_as_they_were_written(warehouse: Engine) -> None:
    name, detail = '带"引号",逗号\n换行\\N', "=1+1\t制表"
    load(warehouse, checked(submission(activities=[activity(name, place_detail=detail, remarks="")], sheet=None)))
    (row,) = _rows(warehouse, ACTIVITIES)
    assert (row["activity_name"], row["place_detail"], row["remarks"], row["source_sheet"]) == (name, detail, "", None)


def test_nul_which_the_database_cannot_hold_is_replaced(warehouse: Engine) -> None:
    says = activity("甲\0乙", campaign_id="行\0动", co_organizers="某\0院")
    loaded = load(warehouse, checked(submission(activities=[says]), union_name="白银\0总工会"))
    (row,) = _rows(warehouse, ACTIVITIES)
    assert (row["activity_name"], row["campaign_id"]) == ("甲�乙", "行�动")
    assert _rows(warehouse, "select document->>'union_name' as said from receipt") == [{"said": "白银�总工会"}]
    assert loaded.version == 1


def test_a_union_is_joined_as_it_was_in_the_week_of_the_activity(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(
            text("update dim_union set valid_to = '2024-12-02' where union_id = '620102' and valid_to = '9999-12-31'")
        )
        connection.execute(
            text(
                "insert into dim_union (union_id, union_name, level, parent_union_id, division_code, is_expected_weekly, "
                "valid_from, valid_to) values ('620102', '新名', 'county', '620100', '620102', false, '2024-12-02', "
                "'9999-12-31')"
            )
        )
    rows = [activity("甲", start_on=date(2024, 12, 1)), activity("乙", start_on=date(2024, 12, 2))]
    load(warehouse, checked(submission("620102", activities=rows)))
    names = _rows(
        warehouse,
        "select union_name from fact_activity join dim_union on union_key = organizer_union_key order by source_row",
    )
    assert [row["union_name"] for row in names] == ["城关区总工会", "新名"]


@pytest.mark.parametrize(
    "unknown",
    [
        {"organizer_union_id": "999999"},
        {"category": "no_such_category"},
        {"place_division": "999999"},
        {"beneficiary_groups": "couriers;no_such_group"},
        {"figures": {"no_such_measure": 1}},
    ],
)
def test_a_row_that_would_be_lost_on_the_way_stops_the_whole_load(warehouse: Engine, unknown: dict[str, Any]) -> None:
    rows = [activity("甲", figures={"people_served": 1}), activity("乙", **unknown)]
    with pytest.raises(LoadIncomplete):
        load(warehouse, checked(submission(activities=rows)))
    assert [_count(warehouse, table) for table in ("registry", "receipt", "dim_submission", "fact_activity")] == [0] * 4


def test_one_transaction_may_load_several_drops(warehouse: Engine) -> None:
    from tests.builders import take

    from nuanliu.warehouse.submissions.loading import load_drop

    with warehouse.begin() as connection:
        for union_id in ("620400", "620300"):
            drop = checked(submission(union_id, activities=[activity(figures={"people_served": 1})]))
            load_drop(connection, drop, object_id=take(connection, drop))
    assert _count(warehouse, "fact_measure") == 2


def test_every_key_of_a_fact_names_a_row_of_its_dimension(warehouse: Engine) -> None:
    says = activity(
        figures={"people_served": 1},
        campaign_id="新",
        place_division="620402",
        beneficiary_groups="couriers",
        co_organizers="甲",
    )
    load(warehouse, checked(submission(activities=[says])))
    orphans = _rows(
        warehouse,
        """
        select 1 from fact_measure f left join dim_measure using (measure_key) left join dim_submission s
            on s.submission_key = f.submission_key left join dim_union on union_key = organizer_union_key
            left join dim_category using (category_key) left join dim_campaign using (campaign_key)
            left join dim_division on division_key = place_division_key
            left join fact_activity a on a.week_start = f.week_start and a.activity_key = f.activity_key
        where measure_id is null or s.submission_key is null or union_name is null or category_id is null
            or campaign_id is null or division_name is null or a.activity_key is null
        """,
    )
    assert orphans == []
    assert _count(warehouse, "fact_measure") == 1
