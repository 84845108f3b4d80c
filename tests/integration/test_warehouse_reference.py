"""Reference data: the dimensions say what the code lists say, and unions keep their history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from nuanliu.contract.code_lists import CodeList, Codes, UnionTree, codes
from nuanliu.contract.union_life import Union
from nuanliu.errors import UndatedUnionChange
from nuanliu.warehouse.schema.reference_data import load_reference
from nuanliu.warehouse.schema.tables import dim_date, dim_union

if TYPE_CHECKING:
    from sqlalchemy import Engine

HUATING = "620881"
DIMENSIONS = (
    "dim_date",
    "dim_union",
    "dim_division",
    "dim_category",
    "dim_measure",
    "dim_beneficiary_group",
    "dim_campaign",
)
DAY = date(2018, 9, 3)


def _with_unions(*changed: Union, without: str | None = None) -> Codes:
    """The project's code lists with some unions changed or added, and one left out."""
    entries = {**codes().unions.list.entries, **{union.id: union for union in changed}}
    entries.pop(without or "", None)
    return replace(codes(), unions=UnionTree(CodeList(entries, {})))


def _rows(warehouse: Engine, union_id: str) -> list[tuple[str, date, date]]:
    with warehouse.connect() as connection:
        found = connection.execute(
            select(dim_union.c.union_name, dim_union.c.valid_from, dim_union.c.valid_to)
            .where(dim_union.c.union_id == union_id)
            .order_by(dim_union.c.valid_from)
        )
        return [tuple(row) for row in found]


def test_every_code_is_in_its_dimension(warehouse: Engine) -> None:
    lists = {
        "dim_union": codes().unions.list,
        "dim_division": codes().divisions,
        "dim_category": codes().categories,
        "dim_measure": codes().measures,
        "dim_beneficiary_group": codes().groups,
        "dim_campaign": codes().campaigns,
    }
    with warehouse.connect() as connection:
        counts = {name: connection.execute(text(f"select count(*) from {name}")).scalar_one() for name in lists}
    assert counts == {name: len(entries) for name, entries in lists.items()}


def test_loading_again_writes_no_row_anew(warehouse: Engine) -> None:
    def written_by() -> dict[str, set[tuple[str, str]]]:
        with warehouse.connect() as connection:
            return {
                name: {tuple(row) for row in connection.execute(text(f"select xmin::text, ctid::text from {name}"))}
                for name in DIMENSIONS
            }

    before = written_by()
    with warehouse.begin() as connection:
        load_reference(connection)
    assert written_by() == before


def test_loading_again_uses_up_no_keys(warehouse: Engine) -> None:
    """An insert takes a key also where its row is there; the facts have two bytes for the keys of measures and categories."""
    taken = text("select sequencename, last_value from pg_sequences where sequencename like 'dim\\_%' order by 1")
    with warehouse.begin() as connection:
        before = connection.execute(taken).all()
        load_reference(connection)
        assert connection.execute(taken).all() == before
    assert len(before) >= 6


def test_a_changed_name_of_a_category_is_updated_in_place(warehouse: Engine) -> None:
    category = replace(codes().categories["meals"], name="爱心餐食")
    changed = replace(codes(), categories=CodeList({**codes().categories.entries, "meals": category}, {}))
    with warehouse.begin() as connection:
        load_reference(connection, changed)
        found = connection.execute(text("select category_name from dim_category where category_id = 'meals'"))
        assert found.scalars().all() == ["爱心餐食"]


@pytest.mark.parametrize(
    ("day", "week_id", "is_workday"),
    [
        (date(2024, 12, 30), "2025-W01", True),
        (date(2025, 1, 26), "2025-W04", True),  # a Sunday worked for the Spring Festival
        (date(2025, 1, 28), "2025-W05", False),  # the eve of it, a Tuesday
        (date(2018, 1, 1), "2018-W01", False),
        (date(2035, 12, 31), "2036-W01", True),
    ],
)
def test_the_calendar_knows_weeks_and_workdays(warehouse: Engine, day: date, week_id: str, is_workday: bool) -> None:
    with warehouse.connect() as connection:
        row = connection.execute(select(dim_date).where(dim_date.c.date_on == day)).one()
    assert (row.week_id, row.is_workday) == (week_id, is_workday)
    assert row.date_key == int(f"{day:%Y%m%d}")


def test_a_renamed_union_keeps_its_old_name_before_the_day(warehouse: Engine) -> None:
    renamed = replace(codes().unions.get(HUATING), name="华亭新名总工会")
    with warehouse.begin() as connection:
        load_reference(connection, _with_unions(renamed), changes_from=DAY)
    old = codes().unions.get(HUATING).name
    assert _rows(warehouse, HUATING) == [
        (old, date(2000, 1, 1), DAY),
        ("华亭新名总工会", DAY, date(9999, 12, 31)),
    ]


def test_a_moved_county_opens_a_new_row(warehouse: Engine) -> None:
    moved = replace(codes().unions.get("620102"), parent_id="620400")
    with warehouse.begin() as connection:
        load_reference(connection, _with_unions(moved), changes_from=DAY)
        parents = connection.execute(
            text("select parent_union_id from dim_union where union_id = '620102' order by valid_from")
        )
        assert parents.scalars().all() == ["620100", "620400"]


def test_a_second_change_from_the_same_day_puts_the_first_right(warehouse: Engine) -> None:
    for name in ("一", "二"):
        with warehouse.begin() as connection:
            renamed = replace(codes().unions.get(HUATING), name=name)
            load_reference(connection, _with_unions(renamed), changes_from=DAY)
    assert [row[0] for row in _rows(warehouse, HUATING)] == [codes().unions.get(HUATING).name, "二"]


def test_a_change_without_a_day_is_refused_and_changes_nothing(warehouse: Engine) -> None:
    renamed = _with_unions(replace(codes().unions.get(HUATING), name="一"))
    with pytest.raises(UndatedUnionChange, match=HUATING), warehouse.begin() as connection:
        load_reference(connection, renamed)
    assert len(_rows(warehouse, HUATING)) == 1


def test_a_change_before_the_last_one_is_refused(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        load_reference(
            connection, _with_unions(replace(codes().unions.get(HUATING), name="一")), changes_from=date(2020, 1, 6)
        )
    earlier = _with_unions(replace(codes().unions.get(HUATING), name="二"))
    with pytest.raises(UndatedUnionChange, match="2020-01-06"), warehouse.begin() as connection:
        load_reference(connection, earlier, changes_from=DAY)


def test_a_union_that_leaves_the_list_ends(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        load_reference(connection, _with_unions(without=HUATING), changes_from=DAY)
    assert [row[2] for row in _rows(warehouse, HUATING)] == [DAY]


def test_a_new_union_is_known_at_once_and_expected_from_the_day(warehouse: Engine) -> None:
    new = Union("62Q99", "新行业工会", "industry", "620000", "620000", expected_weekly=True)
    with warehouse.begin() as connection:
        load_reference(connection, _with_unions(new), changes_from=DAY)
        rows = connection.execute(
            text("select valid_from, is_expected_weekly from dim_union where union_id = '62Q99' order by valid_from")
        )
        assert [tuple(row) for row in rows] == [(date(2000, 1, 1), False), (DAY, True)]
