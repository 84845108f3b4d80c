"""What stands beside a week's figures: last year, last week's 余, figures that fell, what was explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tests.builders import activity
from tests.sql.reported import changing, document, figures, punctual, report, roll_up, week

from nuanliu.contract.code_lists import CodeList, UnionTree, codes
from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.marts.editions import save_edition
from nuanliu.warehouse.marts.tracing import trace_document
from nuanliu.warehouse.marts.week_notes import week_notes
from nuanliu.warehouse.schema.reference_data import load_reference

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

W49, YEAR_BEFORE = "2024-W49", "2023-W49"
PROVINCE = f"{W49}/620000/all/people_served/event"


def served(value: Any, **says: Any) -> list[dict[str, Any]]:
    return [activity(figures={"people_served": value}, **says)]


def years(connection: Connection, of_week: str) -> dict[str, tuple[str, str, str | None, bool]]:
    """Figure id without the week → value, exactness, change and comparability a year before."""
    notes = week_notes(connection, week(of_week))
    return {
        name.removeprefix(f"{of_week}/"): (then["value"], then["exactness"], then["change_pct"], then["comparable"])
        for name, then in notes["years"].items()
    }


def test_a_year_is_compared_where_the_same_unions_reported_in_both_weeks(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id, of_week, value in (
            ("620400", YEAR_BEFORE, (100, "over")),
            ("620400", W49, 150),
            ("620300", W49, 30),
            ("620500", YEAR_BEFORE, 0),
            ("620500", W49, 7),
        ):
            report(connection, union_id, of_week, served(value))
        roll_up(connection, YEAR_BEFORE, W49)
        assert week_notes(connection, week(W49))["year_before"] == YEAR_BEFORE
        found = years(connection, W49)
    assert found["620400/all/people_served/event"] == ("100", "over", "50.0", True)
    assert found["620500/all/people_served/event"] == ("0", "exact", None, True)
    assert found["620000/all/people_served/event"] == ("100", "over", "87.0", False)
    assert "620300/all/people_served/event" not in found


def test_a_year_to_date_sum_is_held_against_that_of_the_same_week_last_year(warehouse: Engine) -> None:
    """Nobody touched 2023-W49: what was said in W47 stood there too, what was said of 2022 did not."""
    kinds = {"period_kind": "ytd"}
    with changing(warehouse) as connection:
        report(connection, "620400", "2022-W50", served(900, activity_name="旧", **kinds))
        report(connection, "620400", "2023-W47", served(100, **kinds))
        report(connection, "620400", W49, [*served(130, **kinds), *served(9, activity_name="旧", **kinds)])
        roll_up(connection, "2022-W50", "2023-W47", W49)
        found = years(connection, W49)
    assert found["620400/condolence/people_served/ytd"][:3] == ("100", "exact", "39.0")
    # The week itself has no version, so the same unions did not report.
    assert not found["620400/condolence/people_served/ytd"][3]


def test_week_53_is_followed_and_preceded_like_any_week_and_has_no_year_before(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for last, fifty_three, first in (
            ("2020-W52", "2020-W53", "2021-W01"), ("2026-W52", "2026-W53", "2027-W01"),
        ):  # fmt: skip
            for of_week, value in ((last, 10), (fifty_three, 15), (first, 30)):
                report(connection, "620400", of_week, served(value))
            roll_up(connection, last, fifty_three)
            changes = {
                of_week: (figure["previous"], figure["change_pct"], figure["comparable"])
                for of_week in (fifty_three, first)
                for figure in (figures(connection, of_week)["620400/all/people_served/event"],)
            }
            assert changes == {fifty_three: ("10", "50.0", True), first: ("15", "100.0", True)}
            notes = week_notes(connection, week(fifty_three))
            assert (notes["year_before"], notes["years"]) == (None, {})
            assert week_notes(connection, week(first))["year_before"] == f"{int(first[:4]) - 1}-W01"


def test_the_first_week_has_nothing_to_be_held_against(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, served(10))
        listed = document(connection, W49)["figures"]
        notes = week_notes(connection, week(W49))
    assert {(figure["previous"], figure["change_pct"], figure["comparable"]) for figure in listed} == {
        (None, None, False)
    }
    assert (notes["years"], notes["previous_exactness"], notes["restatements"]) == ({}, {}, [])


def test_the_figure_of_the_week_before_keeps_its_exactness(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", served((100, "over")))
        report(connection, "620300", "2024-W48", served((100, "under")))
        for union_id in ("620400", "620300"):
            report(connection, union_id, W49, served(150))
        roll_up(connection, "2024-W48", W49)
        exactness = week_notes(connection, week(W49))["previous_exactness"]
    assert exactness[PROVINCE] == "approx"
    assert exactness[f"{W49}/620400/all/people_served/event"] == "over"


def test_a_prefecture_is_not_compared_over_the_move_of_a_county_that_reported(warehouse: Engine) -> None:
    """The same unions reported in both weeks, but not the same ones stood in the prefecture's figure."""
    listed = codes()
    moved = {**listed.unions.list.entries, "620102": replace(listed.unions.list["620102"], parent_id="620400")}
    unions = UnionTree(CodeList(moved, listed.unions.list.by_label))
    with changing(warehouse) as connection:
        load_reference(connection, replace(listed, unions=unions), changes_from=week(W49).monday)
        for of_week in ("2024-W48", W49):
            for union_id in ("620100", "620102", "620400"):
                report(connection, union_id, of_week, served(10))
        roll_up(connection, "2024-W48")
        listed_figures = figures(connection, W49)
    compared = {
        union_id: (figure["value"], figure["previous"], figure["comparable"])
        for union_id in ("620000", "620100", "620102", "620400")
        for figure in (listed_figures[f"{union_id}/all/people_served/event"],)
    }
    assert compared == {
        "620000": ("30", "30", True),
        "620100": ("10", "20", False),
        "620102": ("10", "10", True),
        "620400": ("20", "10", False),
    }


SINCE = {"period_kind": "cumulative_since", "since_on": date(2024, 1, 1)}
FIGURE = "620400/all/people_served/cumulative_since/since=2024-01-01"


def test_the_series_10000_15000_14000_gives_each_latest_its_increment_and_one_restatement(warehouse: Engine) -> None:
    """The 14000 without a reason was held, so that no fact of it is here; its week was touched by another union."""
    told: dict[str, tuple[str, str | None, list[tuple[str, str, str | None]]]] = {}
    with changing(warehouse) as connection:
        for of_week, rows in (
            ("2024-W46", served(10000, **SINCE)),
            ("2024-W47", served(15000, **SINCE)),
            ("2024-W48", None),
            (W49, served(14000, explanation="核减重复登记1000人", **SINCE)),
            ("2024-W50", None),
        ):
            report(connection, "620400" if rows else "620300", of_week, rows or served(1))
            figure = figures(connection, of_week)[FIGURE]
            fell = week_notes(connection, week(of_week))["restatements"]
            told[of_week] = (
                figure["value"], figure["previous"], [(line["old"], line["new"], line["explanation"]) for line in fell],
            )  # fmt: skip
        (line,) = week_notes(connection, week(W49))["restatements"]
        traced = trace_document(connection, line["figure_id"])
    assert told == {
        "2024-W46": ("10000", None, []),
        "2024-W47": ("15000", "10000", []),
        "2024-W48": ("15000", "15000", []),
        W49: ("14000", "15000", [("15000", "14000", "核减重复登记1000人")]),
        "2024-W50": ("14000", "14000", []),
    }
    assert (line["union_id"], line["activity"], line["measure"]) == ("620400", "慰问活动", "people_served")
    assert [cell["raw_text"] for cell in traced["cells"]] == ["14000"]


def test_a_stock_that_falls_and_a_series_that_begins_lower_are_no_restatements(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [*served(12, period_kind="stock"), *served(100, **SINCE)])
        other = {**SINCE, "since_on": date(2024, 11, 1)}
        report(connection, "620400", W49, [*served(9, period_kind="stock"), *served(5, **other)])
        roll_up(connection, "2024-W48", W49)
        assert week_notes(connection, week(W49))["restatements"] == []


def test_a_gap_between_two_reports_holds_no_figure_and_none_is_made_up(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W46", served(100, **SINCE))
        report(connection, "620400", W49, served(160, **SINCE))
        roll_up(connection, "2024-W46")
        gap = [document(connection, of_week)["figures"] for of_week in ("2024-W47", "2024-W48")]
        figure = figures(connection, W49)[FIGURE]
    assert gap == [[], []]
    assert (figure["value"], figure["previous"]) == ("160", "100")


def test_notes_name_who_reported_nothing_and_the_exactness_of_what_was_revised(warehouse: Engine) -> None:
    published_at = datetime(2024, 12, 9, 10, tzinfo=UTC)
    with changing(warehouse) as connection:
        report(connection, "620400", W49, served((100, "over")))
        report(connection, "620300", W49, submission_type=SubmissionType.ZERO)
        save_edition(connection, document(connection, W49), files={}, published_at=published_at)
        correction = {"submission_type": SubmissionType.CORRECTION, "received_at": published_at}
        report(connection, "620400", W49, served((90, "under")), **correction)
        report(connection, "620500", W49, served(3), received_at=punctual(week(W49)))
        listed = document(connection, W49)
        notes = week_notes(connection, week(W49))
    assert notes["zero_reports"] == ["620300"]
    told = list(zip(listed["revisions"], notes["revision_steps"], strict=True))
    steps = [step for line, step in told if line["figure_id"] == f"{W49}/620400/all/people_served/event"]
    assert steps == [{"old": ["100", "over"], "new": ["90", "under"]}]
    assert [step for line, step in told if line["figure_id"] == f"{W49}/620000/all/people_served/event"] == [
        {"old": ["100", "over"], "new": ["90", "under"]},
        {"old": ["90", "under"], "new": ["93", "under"]},
    ]


def test_money_sent_down_is_no_spending_at_any_level(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620102", W49, [activity(figures={"funds_total": 100, "funds_transferred": 900})])
        listed = figures(connection, W49)
    values = {
        measure: {figure["value"] for name, figure in listed.items() if f"/{measure}/" in name}
        for measure in ("funds_total", "funds_transferred")
    }
    assert values == {"funds_total": {"100"}, "funds_transferred": {"900"}}
