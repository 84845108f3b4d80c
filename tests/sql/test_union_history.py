"""Unions change; weeks before the change keep the union as it was, and roll up by the tree of that week."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from tests.builders import activity
from tests.sql.reported import changing, figures, report, shown, week

from nuanliu.contract.code_lists import Codes, codes, read_codes
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR
from nuanliu.warehouse.marts.reconcile import reconcile_document
from nuanliu.warehouse.schema.reference_data import load_reference
from nuanliu.warehouse.schema.union_tree import read_tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    Lists = Callable[..., Codes]

HEADER = "union_id,name,level,parent_id,division_code,expected_weekly,valid_from,valid_to,successor"
HUATING, HUATING_PREFECTURE = "620881", "620800"
CITY_SINCE = date(2018, 9, 3)
MOVED, NEW_HOME = "621122", "620400"  # 陇西县 stood below 临夏州 until, say, 2024-12-02
OLD_HOME = "622900"
BEFORE, AFTER = "2024-W48", "2024-W49"


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """The project's code lists with a union_history.csv of the given lines."""

    def with_history(*lines: str) -> Codes:
        folder = tmp_path / "reference"
        shutil.copytree(INCLUDE_DIR / "reference", folder, dirs_exist_ok=True)
        (folder / "union_history.csv").write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
        return read_codes(folder)

    return with_history


def names(connection: Connection, union_id: str) -> list[tuple[str, date, date]]:
    found = connection.execute(
        text("select union_name, valid_from, valid_to from dim_union where union_id = :id order by valid_from"),
        {"id": union_id},
    )
    return [tuple(row) for row in found]


def test_huating_was_a_county_until_2018_and_is_a_city_since(warehouse: Engine, lists: Lists) -> None:
    with changing(warehouse) as connection:
        load_reference(connection, lists(f"{HUATING},华亭县总工会,,,620824,,,2018-09-03"))
        assert names(connection, HUATING) == [
            ("华亭县总工会", date(2000, 1, 1), CITY_SINCE),
            (codes().unions.get(HUATING).name, CITY_SINCE, date(9999, 12, 31)),
        ]
        for name, code in (("2018-W35", "620824"), ("2018-W36", "620881")):
            tree = read_tree(connection, week(name))
            assert tree.unions[HUATING].division_code == code
            assert tree.upwards(HUATING) == (HUATING, HUATING_PREFECTURE, "620000")


def test_a_renamed_union_shows_the_name_of_the_week_and_its_figures_keep_their_id(
    warehouse: Engine, lists: Lists
) -> None:
    with changing(warehouse) as connection:
        load_reference(connection, lists(f"{MOVED},陇西县旧名总工会,,,,,,2024-12-02"))
        for name, expected in ((BEFORE, "陇西县旧名总工会"), (AFTER, codes().unions.get(MOVED).name)):
            report(connection, MOVED, name, [activity(figures={"people_served": 10})])
            assert shown(figures(connection, name)[f"{MOVED}/all/people_served/event"]) == ("10", "exact")
            shown_name = connection.execute(
                text(
                    "select union_name from fact_activity join dim_union on organizer_union_key = union_key "
                    "where week_start = :monday"
                ),
                {"monday": week(name).monday},
            ).scalar_one()
            assert shown_name == expected


def test_a_moved_county_rolls_up_into_the_prefecture_of_that_week(warehouse: Engine, lists: Lists) -> None:
    with changing(warehouse) as connection:
        load_reference(connection, lists(f"{MOVED},,,{OLD_HOME},,,,2024-12-02"))
        for name in (BEFORE, AFTER):
            report(connection, MOVED, name, [activity(figures={"people_served": 10})])
        now_home = codes().unions.get(MOVED).parent_id
        before, after = figures(connection, BEFORE), figures(connection, AFTER)
        assert f"{OLD_HOME}/all/people_served/event" in before
        assert f"{now_home}/all/people_served/event" not in before
        assert f"{now_home}/all/people_served/event" in after
        assert f"{OLD_HOME}/all/people_served/event" not in after
        for figure in (before, after):
            assert shown(figure["620000/all/people_served/event"]) == ("10", "exact")


def test_a_history_learned_late_moves_the_facts_that_are_loaded_already(warehouse: Engine, lists: Lists) -> None:
    with changing(warehouse) as connection:
        for name in (BEFORE, AFTER):
            report(connection, MOVED, name, [activity(figures={"people_served": 10})])
        load_reference(connection, lists(f"{MOVED},旧名,,{OLD_HOME},,,,2024-12-02"))
        for table in ("fact_activity", "fact_measure"):
            found = connection.execute(
                text(
                    f"select week_start, union_name from {table} join dim_union on organizer_union_key = union_key "
                    "order by week_start"
                )
            ).all()
            assert [tuple(row) for row in found] == [
                (week(BEFORE).monday, "旧名"),
                (week(AFTER).monday, codes().unions.get(MOVED).name),
            ]
        assert f"{OLD_HOME}/all/people_served/event" in figures(connection, BEFORE)


def test_an_entry_that_is_put_right_leaves_no_row_behind(warehouse: Engine, lists: Lists) -> None:
    with changing(warehouse) as connection:
        report(connection, MOVED, BEFORE, [activity(figures={"people_served": 10})])
        load_reference(connection, lists(f"{MOVED},旧名,,,,,,2024-12-02"))
        load_reference(connection, lists(f"{MOVED},更旧名,,,,,,2020-01-06", f"{MOVED},旧名,,,,,2020-01-06,2024-11-25"))
        today = codes().unions.get(MOVED).name
        assert names(connection, MOVED) == [
            ("更旧名", date(2000, 1, 1), date(2020, 1, 6)),
            ("旧名", date(2020, 1, 6), date(2024, 11, 25)),
            (today, date(2024, 11, 25), date(9999, 12, 31)),
        ]
        assert connection.execute(
            text("select union_name from fact_measure join dim_union on organizer_union_key = union_key")
        ).scalars().all() == [today]


@pytest.mark.parametrize("first", ["2024-12-16", "2024-11-18"], ids=["later than said now", "earlier"])
def test_facts_of_weeks_after_a_union_ended_stand_under_its_last_row(
    warehouse: Engine, lists: Lists, first: str
) -> None:
    """The end replaces a change of another day: the row of after the change goes, with nothing in its place."""
    with changing(warehouse) as connection:
        load_reference(connection, lists(f"{MOVED},旧名,,,,,,{first},"))
        for name in (BEFORE, AFTER):
            report(connection, MOVED, name, [activity(figures={"people_served": 10})])
        load_reference(connection, lists(f"{MOVED},旧名,,,,,,2024-12-02,{HUATING}"))
        for table in ("fact_activity", "fact_measure"):
            found = connection.execute(
                text(
                    f"select week_start, union_name from {table} left join dim_union on organizer_union_key = union_key "
                    "order by week_start"
                )
            ).all()
            assert [row.union_name for row in found] == ["旧名", "旧名"]
        for name in (BEFORE, AFTER):
            assert shown(figures(connection, name)["620000/all/people_served/event"]) == ("10", "exact")
        assert reconcile_document(connection, None)["differences"] == []


def test_loading_the_same_history_again_writes_no_row_anew(warehouse: Engine, lists: Lists) -> None:
    history = lists(f"{HUATING},华亭县总工会,,,620824,,,2018-09-03")

    def written() -> set[tuple[str, ...]]:
        with warehouse.connect() as connection:
            return {tuple(row) for row in connection.execute(text("select xmin::text, ctid::text from dim_union"))}

    with changing(warehouse) as connection:
        load_reference(connection, history)
    before = written()
    with changing(warehouse) as connection:
        load_reference(connection, history)
    assert written() == before


def test_who_was_expected_is_told_by_the_week(warehouse: Engine, lists: Lists) -> None:
    from nuanliu.warehouse.marts.coverage import coverage_document, read_coverage

    with changing(warehouse) as connection:
        load_reference(connection, lists(f"{NEW_HOME},,,,,no,,2024-12-02"))
        expected = {
            name: coverage_document(read_coverage(connection, week(name)))["expected"] for name in (BEFORE, AFTER)
        }
        assert expected == {BEFORE: 13, AFTER: 14}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["999999,甲,,,,,,2018-09-03"], "999999"),
        ([f"{HUATING},甲,,,,,,"], "days"),
        ([f"{HUATING},甲,,,,,,2018年"], "days"),
        ([f"{HUATING},甲,,999999,,,,2018-09-03"], "parent"),
        ([f"{HUATING},甲,,,,,2019-01-01,2018-09-03"], "before"),
        ([f"{HUATING},甲,,,,,2010-01-01,2018-09-03"], "begin"),
        ([f"{HUATING},甲,,,,,,2010-01-01", f"{HUATING},乙,,,,,2011-01-01,2018-09-03"], "begin"),
        ([f"{HUATING},甲,,,,,,2010-01-01", f"{HUATING},乙,,,,,2009-01-01,2018-09-03"], "begin"),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(lists: Lists, lines: list[str], message: str) -> None:
    with pytest.raises(BrokenContract, match=message):
        lists(*lines)
