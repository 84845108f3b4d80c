"""A place counts for the union that lives there in the week: where one has ended, for its heir (issue 9)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.builders import activity
from tests.reference_lists import HISTORY, copy_lists
from tests.sql.reported import changing, document, figures, report, roll_up, week

from nuanliu.contract.code_lists import read_codes
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.published_weeks import read_week_trees, roll_up_moved
from nuanliu.warehouse.marts.reconcile import reconcile_document
from nuanliu.warehouse.marts.tracing import trace_document
from nuanliu.warehouse.schema.reference_data import load_reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    Lists = Callable[..., None]

PLACE, CITY, NEIGHBOUR = "620402", "620400", "620403"
NEWCOMER = "620499,新白银区总工会,county,620400,620402,no,"
HERE = "/all/people_served/event/place"


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """Load lists with these lines in union_history.csv and those more in unions.csv."""

    def load(connection: Connection, *lines: str, more: tuple[str, ...] = ()) -> None:
        folder = copy_lists(tmp_path, union_history="\n".join([HISTORY, *lines]) + "\n")
        unions = (folder / "unions.csv").read_text("utf-8").rstrip("\n").split("\n")
        known = {line.split(",")[0] for line in unions}
        (folder / "unions.csv").write_text(
            "\n".join([*unions, *(line for line in more if line.split(",")[0] not in known)]) + "\n", "utf-8"
        )
        load_reference(connection, read_codes(folder))

    return load


def at_the_place(people: int = 10, **says: Any) -> dict[str, Any]:
    return activity(figures={"people_served": people}, place_division=PLACE, **says)


def by_place(connection: Connection, of_week: str, ending: str = HERE) -> set[str]:
    """The unions that have the figure by place; every one of them is what its cells come to."""
    listed = {name: figure for name, figure in figures(connection, of_week).items() if name.endswith(ending)}
    for name, figure in listed.items():
        cells = trace_document(connection, f"{of_week}/{name}")["cells"]
        assert sum(int(cell["value"]) for cell in cells) == int(figure["value"]), name
    found = reconcile_document(connection, {})["differences"]
    assert [each for each in found if each["identity"] in {"rollup = facts", "traces = figures"}] == []
    return {name.split("/")[0] for name in listed}


@pytest.mark.parametrize(
    ("lines", "unions"),
    [
        ([], {PLACE, CITY, "620000"}),
        ([f"{PLACE},,,,,,,2024-12-02,{NEIGHBOUR}"], {NEIGHBOUR, CITY, "620000"}),
        ([f"{PLACE},,,,,,,2024-12-02,620102"], {"620102", "620100", "620000"}),
        ([f"{PLACE},,,,,,,2024-12-02,-"], {CITY, "620000"}),
        ([f"{PLACE},,,,,,,2024-12-02,{CITY}"], {CITY, "620000"}),
        # an industry union has no place; what lies above does
        ([f"{PLACE},,,,,,,2024-12-02,62Q001"], {CITY, "620000"}),
        (
            [f"{PLACE},,,,,,,2024-11-25,{NEIGHBOUR}", f"{NEIGHBOUR},,,,,,,2024-12-02,620421"],
            {"620421", CITY, "620000"},
        ),
        ([f"{PLACE},,,,,,,2024-11-25,{NEIGHBOUR}", f"{NEIGHBOUR},,,,,,,2024-12-02,-"], {CITY, "620000"}),
        # not yet ended
        ([f"{PLACE},,,,,,,2024-12-09,{NEIGHBOUR}"], {PLACE, CITY, "620000"}),
        # in the middle of a week: that week is still its own
        ([f"{PLACE},,,,,,,2024-12-04,{NEIGHBOUR}"], {PLACE, CITY, "620000"}),
        # the place goes up to where the union above it lives on
        ([f"{PLACE},,,,,,,2024-12-02,-", f"{CITY},,,,,,,2024-12-02,620300"], {"620300", "620000"}),
    ],
    ids=[
        "living", "heir", "heir elsewhere", "nobody", "the city", "industry", "heir of an heir", "nobody in the end",
        "later", "in the week", "the city too",
    ],
)  # fmt: skip
def test_a_place_counts_for_the_union_that_lives_there_then(
    warehouse: Engine, lists: Lists, lines: list[str], unions: set[str]
) -> None:
    with changing(warehouse) as connection:
        lists(connection, *lines)
        report(connection, "620000-own", "2024-W49", [at_the_place()])
        assert by_place(connection, "2024-W49") == unions


def test_weeks_before_the_end_keep_the_place_of_then(warehouse: Engine, lists: Lists) -> None:
    with changing(warehouse) as connection:
        lists(connection, f"{PLACE},,,,,,,2024-12-02,{NEIGHBOUR}")
        report(connection, "620000-own", "2024-W48", [at_the_place()])
        assert by_place(connection, "2024-W48") == {PLACE, CITY, "620000"}


@pytest.mark.parametrize(("of_week", "union"), [("2024-W48", PLACE), ("2024-W49", "620499")])
@pytest.mark.parametrize("new_id", ["620499", "620401"], ids=["sorts behind", "sorts before"])
def test_a_union_founded_anew_on_the_same_ground_takes_over_when_the_old_one_ends(
    warehouse: Engine, lists: Lists, of_week: str, union: str, new_id: str
) -> None:
    with changing(warehouse) as connection:
        newcomer = NEWCOMER.replace("620499", new_id)
        lists(connection, f"{PLACE},,,,,,,2024-12-02,{new_id}", more=(newcomer,))
        report(connection, "620000-own", of_week, [at_the_place()])
        assert by_place(connection, of_week) == {union.replace("620499", new_id), CITY, "620000"}


def test_a_figure_carried_over_the_end_moves_with_its_place(warehouse: Engine, lists: Lists) -> None:
    ending = "/all/people_served/cumulative_since/since=2022-01-01/place"
    with changing(warehouse) as connection:
        row = at_the_place(period_kind="cumulative_since", since_on=date(2022, 1, 1))
        report(connection, CITY, "2024-W48", [row])
        report(connection, "620300", "2024-W49", [activity(figures={"people_served": 1})])
        lists(connection, f"{PLACE},,,,,,,2024-12-02,{NEIGHBOUR}")
        roll_up(connection, "2024-W48", "2024-W49")
        assert by_place(connection, "2024-W48", ending) == {PLACE, CITY, "620000"}
        assert by_place(connection, "2024-W49", ending) == {NEIGHBOUR, CITY, "620000"}


def test_another_successor_is_rolled_up_like_another_tree(warehouse: Engine, lists: Lists) -> None:
    with changing(warehouse) as connection:
        lists(connection, f"{PLACE},,,,,,,2024-12-02,620421")
        report(connection, "620000-own", "2024-W49", [at_the_place()])
        assert by_place(connection, "2024-W49") == {"620421", CITY, "620000"}
        trees = read_week_trees(connection)
        lists(connection, f"{PLACE},,,,,,,2024-12-02,{NEIGHBOUR}")
        roll_up_moved(connection, trees)
        ids = [figure["figure_id"] for figure in week_document(connection, week("2024-W49"))["figures"]]
        assert [name for name in ids if name.endswith(f"{PLACE}{HERE}") or name.endswith(f"{NEIGHBOUR}{HERE}")] == [
            f"2024-W49/{NEIGHBOUR}{HERE}"
        ]


@pytest.mark.parametrize(
    ("line", "others"),
    [
        (f"{PLACE},,,,,,,2024-12-02,{NEIGHBOUR}", {NEIGHBOUR}),
        (f"{PLACE},,,620300,,,,2024-12-02,", {CITY, "620300"}),
    ],
    ids=["ended", "moved"],
)
def test_a_union_that_got_or_lost_a_place_is_not_compared_by_place(
    warehouse: Engine, lists: Lists, line: str, others: set[str]
) -> None:
    """The same unions reported in both weeks, but the figures are not of the same places."""
    with changing(warehouse) as connection:
        lists(connection, line)
        places = (PLACE, NEIGHBOUR, "620302")
        for name in ("2024-W48", "2024-W49"):
            rows = [activity(f"在{place}", figures={"people_served": 10}, place_division=place) for place in places]
            report(connection, "620000-own", name, rows)
        roll_up(connection, "2024-W48")
        listed = document(connection, "2024-W49")["figures"]
    told = {
        figure["union_id"]: figure["comparable"] for figure in listed if figure["figure_id"].endswith(HERE)
    }  # fmt: skip
    assert {union for union, is_comparable in told.items() if not is_comparable} == others
    assert told["620000"]


def test_a_warehouse_of_before_learns_successors_and_rolls_up_again(warehouse: Engine, lists: Lists) -> None:
    from alembic import command

    from nuanliu.warehouse.marts.weeks_pending import pending_weeks
    from nuanliu.warehouse.schema.migrating import migration_config, upgrade

    with changing(warehouse) as connection:
        lists(connection, f"{PLACE},,,,,,,2024-12-02,{NEIGHBOUR}")
        report(connection, "620000-own", "2024-W49", [at_the_place()])
        roll_up(connection, "2024-W49")
    config = migration_config()
    with warehouse.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0014")
    upgrade(warehouse)
    with changing(warehouse) as connection:
        assert pending_weeks(connection) == ["2024-W49"]
        trees = read_week_trees(connection)
        lists(connection, f"{PLACE},,,,,,,2024-12-02,{NEIGHBOUR}")
        found = connection.execute(text("select successor_union_id from dim_union where union_id = '620402'"))
        assert found.scalars().all() == [NEIGHBOUR]
        assert read_week_trees(connection) != trees
        assert by_place(connection, "2024-W49") == {NEIGHBOUR, CITY, "620000"}
