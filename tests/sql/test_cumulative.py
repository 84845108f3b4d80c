"""Figures that do not add up over weeks: carried on, said anew, ended with the year, corrected late."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tests.builders import activity
from tests.sql.reported import changing, figures, report, roll_up, shown, week

from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.marts.rollup import rebuild_week
from nuanliu.warehouse.schema.tables import mart_cumulative

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

YTD = "620400/all/funds_total/ytd"
OF_PROVINCE = "620000/all/funds_total/ytd"


def ytd(value: int, name: str = "帮扶资金", **says: Any) -> dict[str, Any]:
    return activity(name, "hardship_aid", {"funds_total": value}, period_kind="ytd", **says)


def event() -> dict[str, Any]:
    return activity(figures={"people_served": 1})


def test_a_union_that_says_nothing_new_keeps_its_figure_in_a_week_others_touched(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W47", [ytd(100)])
        report(connection, "620300", "2024-W49", [ytd(7)])
        roll_up(connection, "2024-W47")
        listed = figures(connection, "2024-W49")
    assert shown(listed[YTD]) == ("100", "exact")
    assert shown(listed[OF_PROVINCE]) == ("107", "exact")


def test_a_zero_report_touches_a_week_so_carried_figures_stand_in_it(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [ytd(100)])
        report(connection, "620300", "2024-W49", submission_type=SubmissionType.ZERO)
        roll_up(connection, "2024-W48")
        listed = figures(connection, "2024-W49")
    assert shown(listed[YTD]) == ("100", "exact")


def test_the_latest_as_of_takes_the_place_of_earlier_ones_and_is_never_added(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [ytd(100)])
        report(connection, "620400", "2024-W49", [ytd(130)])
        roll_up(connection, "2024-W48")
        listed = figures(connection, "2024-W49")
    assert shown(listed[YTD]) == ("130", "exact")
    assert (listed[YTD]["previous"], listed[YTD]["change_pct"]) == ("100", "30.0")


def test_each_series_of_a_union_keeps_its_own_latest(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [ytd(100, "生活救助"), ytd(50, "助学")])
        report(connection, "620400", "2024-W49", [ytd(120, "生活救助")])
        roll_up(connection, "2024-W48")
        figure = figures(connection, "2024-W49")[YTD]
    assert (shown(figure), figure["activities"]) == (("170", "exact"), 2)


def test_within_a_week_the_later_as_of_holds_and_with_one_as_of_the_later_report(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [ytd(10, end_on=date(2024, 12, 6)), ytd(99, "别的")])
        report(
            connection,
            "620400",
            "2024-W50",
            [ytd(8, end_on=date(2024, 12, 4)), ytd(98, "别的", end_on=date(2024, 12, 8))],
        )
        assert shown(figures(connection, "2024-W49")[YTD]) == ("108", "exact")


def test_sums_with_another_start_are_figures_of_their_own(warehouse: Engine) -> None:
    def since(day: date, value: int) -> dict[str, Any]:
        return activity("累计", figures={"sessions": value}, period_kind="cumulative_since", since_on=day)

    with changing(warehouse) as connection:
        # One series key for both, as an intake might give that leaves dates out of it.
        report(
            connection,
            "620400",
            "2024-W49",
            [
                {**since(date(2022, 1, 1), 45), "series_key": "one series"},
                {**since(date(2024, 11, 7), 9), "series_key": "one series", "activity_key": "another"},
            ],
        )
        report(connection, "620300", "2024-W49", [since(date(2022, 1, 1), 5)])
        listed = figures(connection, "2024-W49")
    of_province = {
        name: figure["value"]
        for name, figure in listed.items()
        if name.startswith("620000/all/") and "/place" not in name
    }
    assert of_province == {
        "620000/all/sessions/cumulative_since/since=2022-01-01": "50",
        "620000/all/sessions/cumulative_since/since=2024-11-07": "9",
    }


def test_ytd_ends_with_the_year_and_the_others_do_not(warehouse: Engine) -> None:
    stock = activity("驿站", "service_station", {"sessions": 12}, period_kind="stock")
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W52", [ytd(100), stock])
        report(connection, "620300", "2025-W01", [event()])  # 2024-12-30 to 2025-01-05
        roll_up(connection, "2024-W52")
        listed = figures(connection, "2025-W01")
    assert YTD not in listed
    assert shown(listed["620400/all/sessions/stock"]) == ("12", "exact")


def test_in_the_week_of_new_year_ytd_is_of_the_year_of_its_sunday(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W52", [ytd(100)])
        report(connection, "620400", "2025-W01", [ytd(110, end_on=date(2024, 12, 31)), ytd(3, "新的一年")])
        roll_up(connection, "2024-W52")
        figure = figures(connection, "2025-W01")[YTD]
    assert shown(figure) == ("3", "exact")
    assert figure["previous"] is None


def test_previous_is_the_sum_a_week_earlier_even_when_nobody_touched_that_week(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W45", [ytd(80), event()])
        report(connection, "620400", "2024-W49", [ytd(100), event()])
        roll_up(connection, "2024-W45", "2024-W48")
        listed = figures(connection, "2024-W49")
    assert listed[YTD]["previous"] == "80"
    assert listed["620400/all/people_served/event"]["previous"] is None


def test_previous_ytd_of_another_year_is_null(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W52", [ytd(80)])
        report(connection, "620400", "2025-W02", [ytd(5)])
        roll_up(connection, "2024-W52")
        assert figures(connection, "2025-W02")[YTD]["previous"] is None


def test_a_carried_figure_counts_at_its_place(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620000-own", "2024-W48", [ytd(100, place_division="621122")])
        report(connection, "620300", "2024-W49", [event()])
        roll_up(connection, "2024-W48")
        listed = figures(connection, "2024-W49")
    assert shown(listed["621122/all/funds_total/ytd/place"]) == ("100", "exact")
    assert "621122/all/funds_total/ytd" not in listed


def test_inclusive_series_are_carried_beside_the_own_ones(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [ytd(100), ytd(900, scope="inclusive")])
        report(connection, "620300", "2024-W49", [event()])
        roll_up(connection, "2024-W48")
        listed = figures(connection, "2024-W49")
    assert shown(listed[OF_PROVINCE]) == ("100", "exact")
    assert shown(listed[f"{YTD}/inclusive"]) == ("900", "exact")
    assert f"{OF_PROVINCE}/inclusive" not in listed


def test_the_mart_keeps_increment_and_restatement(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in (("2024-W46", 100), ("2024-W47", 130), ("2024-W48", 120)):
            report(connection, "620400", of_week, [ytd(value)])
            roll_up(connection, of_week)
        report(connection, "620300", "2024-W49", [event()])
        roll_up(connection, "2024-W49")
        rows = connection.execute(select(mart_cumulative).order_by(mart_cumulative.c.week_start)).all()
    assert [(row.value, row.increment, row.is_restated) for row in rows] == [
        (Decimal(100), None, False),
        (Decimal(130), Decimal(30), False),
        (Decimal(120), Decimal(-10), True),
        (Decimal(120), Decimal(-10), True),
    ]


def three_weeks(connection: Connection) -> None:
    report(connection, "620400", "2024-W46", [ytd(100)])
    report(connection, "620300", "2024-W48", [event()])
    report(connection, "620300", "2024-W49", [event()])
    roll_up(connection, "2024-W46", "2024-W47", "2024-W48", "2024-W49")


def test_a_late_correction_reaches_the_later_weeks_that_carry_the_figure(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        three_weeks(connection)
        report(connection, "620400", "2024-W46", [ytd(90)], submission_type=SubmissionType.CORRECTION)
        rebuilt = rebuild_week(connection, week("2024-W46"))
        names = select(mart_cumulative.c.value).order_by(mart_cumulative.c.week_start)
        assert list(connection.execute(names).scalars()) == [Decimal(90)] * 3
    assert [str(of_week) for of_week in rebuilt] == ["2024-W46", "2024-W47", "2024-W48", "2024-W49"]


def test_a_late_correction_stops_at_the_week_in_which_the_figure_was_said_anew(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        three_weeks(connection)
        report(connection, "620400", "2024-W48", [ytd(120)])
        roll_up(connection, "2024-W48")
        report(connection, "620400", "2024-W47", [event()])
        rebuilt = rebuild_week(connection, week("2024-W47"))
    # W47 now carries the 100 of W46; W48 comes out as it was, so W49 cannot differ.
    assert [str(of_week) for of_week in rebuilt] == ["2024-W47", "2024-W48"]


def test_a_rebuild_that_changes_no_series_leaves_later_weeks_alone(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        three_weeks(connection)
        report(connection, "620500", "2024-W46", [event()])
        rebuilt = rebuild_week(connection, week("2024-W46"))
    assert rebuilt == (week("2024-W46"),)


def test_a_figure_whose_report_was_taken_back_leaves_every_week_that_carried_it(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        three_weeks(connection)
        report(connection, "620400", "2024-W46", [event()], submission_type=SubmissionType.CORRECTION)
        roll_up(connection, "2024-W46")
        assert YTD not in figures(connection, "2024-W46")
        assert not connection.execute(select(mart_cumulative)).all()


@pytest.mark.parametrize("order", [("2024-W46", "2024-W48", "2024-W49"), ("2024-W49", "2024-W48", "2024-W46")])
def test_weeks_may_be_rolled_up_in_any_order(warehouse: Engine, order: tuple[str, ...]) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W46", [ytd(100)])
        report(connection, "620300", "2024-W48", [ytd(20)])
        report(connection, "620400", "2024-W49", [ytd(150)])
        roll_up(connection, *order)
        values = {of_week: figures(connection, of_week)[OF_PROVINCE]["value"] for of_week in order}
    assert values == {"2024-W46": "100", "2024-W48": "120", "2024-W49": "170"}
