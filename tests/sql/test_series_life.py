"""Cumulative series end with their union and under another name; explained twins are one figure (issue 9)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.builders import activity
from tests.reference_lists import HISTORY, copy_lists
from tests.sql.reported import changing, document, figures, report, roll_up, shown, week

from nuanliu.contract.code_lists import read_codes
from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.published_weeks import read_week_trees, roll_up_moved
from nuanliu.warehouse.marts.reconcile import reconcile_document
from nuanliu.warehouse.marts.tracing import trace_document
from nuanliu.warehouse.marts.week_notes import week_notes
from nuanliu.warehouse.marts.weeks_pending import pending_weeks
from nuanliu.warehouse.schema.reference_data import load_reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    Ends = Callable[..., None]

CITY, DISTRICT, HEIR = "620400", "620402", "620403"
FIGURE = "620400/all/people_served/cumulative_since/since=2022-01-01"
OF_DISTRICT = FIGURE.replace(CITY, DISTRICT)
DIFFERENT = {"number": {"activity_no": "A-2"}, "name": {"name": "职工帮扶"}, "item": {"item_name": "大米"}}


def series(people: int, name: str = "帮扶", **says: Any) -> dict[str, Any]:
    row = activity(name, "hardship_aid", {"people_served": people}, period_kind="cumulative_since", **says)
    row = {"since_on": date(2022, 1, 1), **row}
    return {
        **row,
        "series_key": f"{name}/{says.get('activity_no')}/{says.get('item_name')}/{says.get('organizer_union_id')}",
    }


@pytest.fixture
def ends(warehouse: Engine, tmp_path: Path) -> Ends:
    """Load lists in which unions ended or changed, as lines of union_history.csv."""

    def load(connection: Connection, *lines: str) -> None:
        lists = read_codes(copy_lists(tmp_path, union_history="\n".join([HISTORY, *lines]) + "\n"))
        load_reference(connection, lists)

    return load


def differences(connection: Connection) -> list[str]:
    """What reconcile finds in the marts."""
    found = reconcile_document(connection, {})["differences"]
    return [difference["check"] for difference in found if difference["identity"] == "rollup = facts"]


def weeks(connection: Connection, of: str, *names: str) -> list[str | None]:
    """The figure in each of the weeks, rolled up in their order."""
    roll_up(connection, *names)
    return [figures(connection, name).get(of, {}).get("value") for name in names]


@pytest.mark.parametrize("new", DIFFERENT.values(), ids=DIFFERENT)
def test_a_series_that_goes_on_under_another_name_is_counted_once(warehouse: Engine, new: dict[str, Any]) -> None:
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300)])
        report(connection, CITY, "2024-W49", [series(320, explanation="原:帮扶", **new)])
        report(connection, CITY, "2024-W50", [series(330, **new)])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49", "2024-W50") == ["300", "320", "330"]
        assert differences(connection) == []
        cells = trace_document(connection, f"2024-W50/{FIGURE}")["cells"]
        assert [cell["value"] for cell in cells] == ["330"]


IN_RENAMED_WEEK = (
    "delete from mart_cumulative where week_start = date '2024-12-02' and split_part(series_key, '|', 1) in "
    "(select series_key from fact_activity where activity_name = '{name}')"
)
DAMAGED = {
    "one that is carried is lost": IN_RENAMED_WEEK.format(name="夏送清凉"),
    "one that is said anew is lost": IN_RENAMED_WEEK.format(name="爱心餐"),
    "the new name is lost": IN_RENAMED_WEEK.format(name="职工帮扶"),
    "the former is kept": (
        'insert into mart_cumulative select (jsonb_populate_record(kept, \'{"week_start": "2024-12-02"}\')).* '
        "from mart_cumulative as kept where week_start = date '2024-11-25' and split_part(series_key, '|', 1) in "
        "(select series_key from fact_activity where activity_name = '帮扶')"
    ),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_where_one_series_is_renamed_all_others_of_the_sender_are_still_checked(warehouse: Engine, damage: str) -> None:
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300), series(7, "夏送清凉"), series(5, "爱心餐")])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", explanation="原:帮扶"), series(6, "爱心餐")])
        roll_up(connection, "2024-W48", "2024-W49")
        assert differences(connection) == []
        assert connection.exec_driver_sql(damage).rowcount == 1
        assert "mart_cumulative__facts" in differences(connection)


def test_by_its_number_too_and_with_both_its_measures(warehouse: Engine) -> None:
    both = series(300, activity_no="A-1")
    both["figures"] = {"people_served": 300, "sessions": 5}
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [both])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", activity_no="A-2", explanation="原：Ａ-1")])
        roll_up(connection, "2024-W48")
        listed = figures(connection, "2024-W49")
    assert shown(listed[FIGURE]) == ("320", "exact")
    assert FIGURE.replace("people_served", "sessions") not in listed


@pytest.mark.parametrize(
    "other",
    [{"organizer_union_id": "620402"}, {"category_id": "education_aid"}, {"item_name": "大米"}],
    ids=["organiser", "category", "item"],
)
def test_of_two_works_of_one_name_only_the_one_that_goes_on_ends(warehouse: Engine, other: dict[str, Any]) -> None:
    """The other one is not in the new file and is carried."""
    kept = {**series(200), **other, "series_key": "kept", "activity_key": "kept"}
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300), kept])
        report(connection, CITY, "2024-W49", [series(320, activity_no="A-1", explanation="原:帮扶")])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49") == ["500", "520"]


def test_a_series_that_gets_a_name_and_a_number_at_once_ends_by_its_name(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300)])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", activity_no="A-1", explanation="原:帮扶")])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49") == ["300", "320"]


def test_a_numbered_series_is_not_ended_by_the_name_that_it_shares(warehouse: Engine) -> None:
    kept = {**series(200), "activity_no": "A-2", "series_key": "kept", "activity_key": "kept"}
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300, activity_no="A-1"), kept])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", activity_no="A-1", explanation="原:帮扶")])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49") == ["500", "520"]


def test_any_other_explanation_leaves_both_counting(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300)])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", explanation="另一项工作,原有的帮扶照旧")])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49") == ["300", "620"]


def test_when_the_row_that_says_so_goes_away_the_former_counts_again(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300)])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", explanation="原:帮扶")])
        report(connection, "620300", "2024-W50", [activity(figures={"people_served": 1})])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49", "2024-W50") == ["300", "320", "320"]
        correction = SubmissionType.CORRECTION
        report(connection, CITY, "2024-W49", [series(50, "夏送清凉")], submission_type=correction)
        roll_up(connection, "2024-W49")
        assert [figures(connection, name)[FIGURE]["value"] for name in ("2024-W49", "2024-W50")] == ["350", "350"]


def test_what_is_said_of_the_former_later_counts_again(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300)])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", explanation="原:帮扶")])
        report(connection, CITY, "2024-W50", [series(310)])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49", "2024-W50") == ["300", "320", "630"]


def test_a_late_file_of_the_former_ends_where_it_ended(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", explanation="原:帮扶")])
        report(connection, "620300", "2024-W50", [activity(figures={"people_served": 1})])
        roll_up(connection, "2024-W49", "2024-W50")
        report(connection, CITY, "2024-W48", [series(300)])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49", "2024-W50") == ["300", "320", "320"]


@pytest.mark.parametrize(
    "other",
    [
        {"scope": "inclusive"},
        {"since_on": date(2023, 1, 1)},
        {"period_kind": "stock"},
    ],
    ids=["scope", "since", "kind"],
)
def test_another_series_of_the_same_name_goes_on(warehouse: Engine, other: dict[str, Any]) -> None:
    kept = {**series(300), **other, "series_key": "kept", "activity_key": "kept"}
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [kept])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", explanation="原:帮扶")])
        roll_up(connection, "2024-W48")
        values = sorted(
            figure["value"]
            for name, figure in figures(connection, "2024-W49").items()
            if name.startswith(f"{CITY}/all/") and "/place" not in name
        )
    assert values == ["300", "320"]


def test_another_unions_series_of_that_name_goes_on(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620300", "2024-W48", [series(300)])
        report(connection, CITY, "2024-W49", [series(320, "职工帮扶", explanation="原:帮扶")])
        province = FIGURE.replace(CITY, "620000")
        assert weeks(connection, province, "2024-W48", "2024-W49") == ["300", "620"]


def test_twins_of_one_file_do_not_end_each_other_and_are_one_figure(warehouse: Engine) -> None:
    twins = [{**series(value), "activity_key": f"twin {value}"} for value in (100, 30)]
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", twins)
        report(connection, "620300", "2024-W49", [activity(figures={"people_served": 1})])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49") == ["130", "130"]
        assert figures(connection, "2024-W49")[FIGURE]["activities"] == 2
        cells = trace_document(connection, f"2024-W49/{FIGURE}")["cells"]
        assert sorted(cell["value"] for cell in cells) == ["100", "30"]
        assert differences(connection) == []
        report(connection, CITY, "2024-W50", [series(140)])
        assert weeks(connection, FIGURE, "2024-W50") == ["140"]


def test_of_two_twins_of_which_one_fell_the_series_is_restated_once(warehouse: Engine) -> None:
    first, second = (
        [{**series(value), "activity_key": f"twin {n}"} for n, value in enumerate(pair)]
        for pair in ((100, 100), (90, 100))
    )
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", first)
        report(connection, CITY, "2024-W49", second)
        roll_up(connection, "2024-W48", "2024-W49")
        lines = week_notes(connection, week("2024-W49"))["restatements"]
        assert [(line["old"], line["new"]) for line in lines] == [("200", "190")]


def test_a_numbered_series_that_another_union_organises_now_is_still_one(warehouse: Engine) -> None:
    numbered = {"series_key": "A-1", "activity_no": "A-1"}
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [{**series(300), **numbered}])
        report(connection, CITY, "2024-W49", [{**series(320, organizer_union_id=DISTRICT), **numbered}])
        assert weeks(connection, FIGURE, "2024-W48", "2024-W49") == ["300", "320"]
        assert differences(connection) == []


@pytest.mark.parametrize("role", ["sender", "organiser"])
def test_an_ended_unions_series_are_carried_no_further(warehouse: Engine, ends: Ends, role: str) -> None:
    with changing(warehouse) as connection:
        if role == "sender":
            report(connection, DISTRICT, "2024-W47", [series(300)])
        else:
            report(connection, CITY, "2024-W47", [series(300, organizer_union_id=DISTRICT)])
        for name in ("2024-W48", "2024-W49", "2024-W50"):
            report(connection, "620300", name, [activity(figures={"people_served": 1})])
        ends(connection, f"{DISTRICT},,,,,,,2024-12-02,{HEIR}")
        of_weeks = ("2024-W47", "2024-W48", "2024-W49", "2024-W50")
        assert weeks(connection, OF_DISTRICT, *of_weeks) == ["300", "300", None, None]
        assert weeks(connection, FIGURE, *of_weeks) == ["300", "300", None, None]
        assert differences(connection) == []


def test_an_end_within_a_week_is_the_end_of_that_week(warehouse: Engine, ends: Ends) -> None:
    with changing(warehouse) as connection:
        ends(connection, f"{DISTRICT},,,,,,,2024-12-04,-")
        report(connection, DISTRICT, "2024-W48", [series(300)])
        for name in ("2024-W49", "2024-W50"):
            report(connection, "620300", name, [activity(figures={"people_served": 1})])
        assert weeks(connection, OF_DISTRICT, "2024-W48", "2024-W49", "2024-W50") == ["300", "300", None]


def test_an_end_that_is_learned_late_rolls_up_the_weeks_it_changes(warehouse: Engine, ends: Ends) -> None:
    with changing(warehouse) as connection:
        report(connection, DISTRICT, "2024-W47", [series(300)])
        for name in ("2024-W48", "2024-W49"):
            report(connection, "620300", name, [activity(figures={"people_served": 1})])
        roll_up(connection, "2024-W47", "2024-W48", "2024-W49")
        trees = read_week_trees(connection)
        ends(connection, f"{DISTRICT},,,,,,,2024-12-02,{HEIR}")
        assert "mart_cumulative__facts" in differences(connection)
        roll_up_moved(connection, trees)
        assert differences(connection) == []
        ids = [figure["figure_id"] for figure in week_document(connection, week("2024-W49"))["figures"]]
        assert f"2024-W49/{OF_DISTRICT}" not in ids


def test_its_reports_stand_for_the_past_and_it_is_expected_no_more(warehouse: Engine, ends: Ends) -> None:
    with changing(warehouse) as connection:
        ends(connection, f"{CITY},,,,,,,2024-12-02,620300")
        report(connection, CITY, "2024-W48", [activity(figures={"people_served": 7})])
        report(connection, "620300", "2024-W49", [activity(figures={"people_served": 1})])
        assert document(connection, "2024-W48")["coverage"]["expected"] == 14
        later = document(connection, "2024-W49")
        assert later["coverage"]["expected"] == 13
        assert CITY not in later["coverage"]["missing"]
        assert shown(figures(connection, "2024-W48")["620400/all/people_served/event"]) == ("7", "exact")


def test_a_sum_from_which_an_ended_unions_series_went_is_not_compared(warehouse: Engine, ends: Ends) -> None:
    other = FIGURE.replace(CITY, "620300")
    with changing(warehouse) as connection:
        report(connection, DISTRICT, "2024-W47", [series(300)])
        for name, people in (("2024-W48", 20), ("2024-W49", 30), ("2024-W50", 40)):
            report(connection, CITY, name, [series(people)])
            report(connection, "620300", name, [series(people)])
        ends(connection, f"{DISTRICT},,,,,,,2024-12-02,{HEIR}")
        roll_up(connection, "2024-W47", "2024-W48", "2024-W49")
        listed, later = figures(connection, "2024-W49"), figures(connection, "2024-W50")
    assert (listed[FIGURE]["value"], listed[FIGURE]["previous"], listed[FIGURE]["comparable"]) == ("30", "320", False)
    assert not listed[FIGURE.replace(CITY, "620000")]["comparable"]
    assert not listed[f"{FIGURE.replace(CITY, '620000')}/place"]["comparable"]
    assert listed[other]["comparable"]
    assert (later[FIGURE]["previous"], later[FIGURE]["comparable"]) == ("30", True)


def test_a_sum_that_a_moved_county_left_or_joined_is_not_compared(warehouse: Engine, ends: Ends) -> None:
    with changing(warehouse) as connection:
        report(connection, DISTRICT, "2024-W47", [series(300)])
        for name, people in (("2024-W48", 20), ("2024-W49", 30)):
            report(connection, CITY, name, [series(people)])
            report(connection, "620300", name, [series(people)])
        ends(connection, f"{DISTRICT},,,620300,,,,2024-12-02,")
        roll_up(connection, "2024-W47", "2024-W48")
        listed = figures(connection, "2024-W49")
    assert [listed[FIGURE.replace(CITY, union)]["value"] for union in (CITY, "620300", "620000")] == [
        "330",
        "30",
        "360",
    ]
    assert [listed[FIGURE.replace(CITY, union)]["comparable"] for union in (CITY, "620300", "620000")] == [
        False,
        False,
        True,
    ]


MOVED = f"{DISTRICT},,,620300,,,,2024-11-25,"
"""白银区 stood below 金昌市 until W48, which nobody touched."""


@pytest.mark.parametrize(
    ("line", "union", "value", "previous"),
    [
        (f"{DISTRICT},,,,,,,2024-11-25,{HEIR}", CITY, "30", "20"),
        (f"{DISTRICT},,,,,,,2024-12-02,{HEIR}", CITY, "30", "320"),
        (f"{DISTRICT},,,,,,,2024-11-25,{HEIR}", DISTRICT, None, None),
        (MOVED, CITY, "330", "320"),
        (MOVED, "620300", "5", "5"),
        (MOVED.replace("11-25", "12-02"), CITY, "330", "20"),
        (MOVED.replace("11-25", "12-02"), "620300", "5", "305"),
        (f"{CITY},,,,,,,2024-11-25,620300", "620000", "305", "305"),
    ],
    ids=["ended", "ended after it", "the ended one", "moved", "moved away", "moved after it", "away after it", "city"],
)
def test_previous_is_the_sum_of_an_untouched_week_as_the_unions_stood_in_it(
    warehouse: Engine, ends: Ends, line: str, union: str, value: str | None, previous: str | None
) -> None:
    with changing(warehouse) as connection:
        ends(connection, line)
        report(connection, DISTRICT, "2024-W47", [series(300)])
        report(connection, CITY, "2024-W47", [series(20)])
        report(connection, "620300", "2024-W47", [series(5)])
        if not line.startswith(CITY):
            report(connection, CITY, "2024-W49", [series(30)])
        report(connection, "620300", "2024-W49", [activity(figures={"people_served": 1})])
        roll_up(connection, "2024-W47", "2024-W49")
        listed = figures(connection, "2024-W49")
        of = FIGURE.replace(CITY, union)
        assert (listed.get(of, {}).get("value"), listed.get(of, {}).get("previous")) == (value, previous)
        told = week_notes(connection, week("2024-W49"))["previous_exactness"]
        assert told.get(f"2024-W49/{of}") == (previous and "exact")
        province = FIGURE.replace(CITY, "620000")
        assert listed[f"{province}/place"]["previous"] == listed[province]["previous"]
        assert not any(listed[name]["comparable"] for name in {province, of} & listed.keys())


def test_an_untouched_week_of_the_new_year_hands_on_no_ytd_of_the_old(warehouse: Engine) -> None:
    year = {"period_kind": "ytd", "since_on": None}
    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W52", [{**series(300), **year}, series(7, "夏送清凉")])
        report(connection, CITY, "2025-W02", [{**series(120), **year}])
        roll_up(connection, "2024-W52")
        listed = figures(connection, "2025-W02")
    assert listed["620400/all/people_served/ytd"]["previous"] is None
    assert listed[FIGURE]["previous"] == "7"


def test_an_end_that_was_a_slip_is_taken_back(warehouse: Engine, ends: Ends) -> None:
    with changing(warehouse) as connection:
        report(connection, DISTRICT, "2024-W48", [series(300)])
        report(connection, "620300", "2024-W49", [activity(figures={"people_served": 1})])
        ends(connection, f"{DISTRICT},,,,,,,2024-12-02,{HEIR}")
        assert weeks(connection, OF_DISTRICT, "2024-W48", "2024-W49") == ["300", None]
        ends(connection, f"{DISTRICT},,,,,,,2024-12-02,")
        assert figures(connection, "2024-W49")[OF_DISTRICT]["value"] == "300"


def test_a_late_larger_figure_is_printed_with_its_own_explanation_where_the_later_one_falls(warehouse: Engine) -> None:
    from nuanliu.domain.reporting_week import ReportingWeek
    from nuanliu.warehouse.marts.week_notes import week_notes

    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W49", [series(120)])
        roll_up(connection, "2024-W49")
        report(connection, CITY, "2024-W48", [series(280, explanation="W49 已核减重复登记")])
        roll_up(connection, "2024-W48")
        (told,) = week_notes(connection, ReportingWeek.parse("2024-W49"))["restatements"]
    assert (told["old"], told["new"], told["explanation"]) == ("280", "120", "W49 已核减重复登记")


def test_the_migration_gives_older_series_their_senders(warehouse: Engine) -> None:
    from alembic import command

    from nuanliu.warehouse.schema.migrating import migration_config, upgrade

    with changing(warehouse) as connection:
        report(connection, CITY, "2024-W48", [series(300, organizer_union_id=DISTRICT)])
        roll_up(connection, "2024-W48")
    config = migration_config()
    with warehouse.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
    upgrade(warehouse)
    with warehouse.connect() as connection:
        found = connection.execute(text("select sender_union_id, union_id from mart_cumulative")).all()
        assert pending_weeks(connection) == ["2024-W48"]
    assert [tuple(row) for row in found] == [(CITY, DISTRICT)]


def test_what_an_ended_union_had_reported_still_counts_and_reconciles(warehouse: Engine, ends: Ends) -> None:
    """Its end may be said for a week that it had reported on: the report stands, and the week can be published."""
    with changing(warehouse) as connection:
        report(connection, DISTRICT, "2024-W49", [activity(figures={"people_served": 10}), series(300)])
        ends(connection, f"{DISTRICT},,,,,,,2024-11-25,{HEIR}")
        roll_up(connection, "2024-W49")
        assert weeks(connection, "620400/all/people_served/event", "2024-W49") == ["10"]
        assert differences(connection) == []
