"""From every figure back to its cells."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity
from tests.rounds import rounds
from tests.sql.generated_weeks import WEEKS, load_generated
from tests.sql.reported import changing, document, report, roll_up
from tests.sql.seed_week import load_seed

from nuanliu.domain.exactness import Exactness, combine
from nuanliu.domain.figure_id import FigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import UnknownFigure
from nuanliu.warehouse.marts.reconcile import reconcile_document
from nuanliu.warehouse.marts.tracing import trace_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine


def composed_id(figure: Mapping[str, Any], of_week: str) -> str:
    """The id that the columns of a figure make."""
    since = date.fromisoformat(figure["since"]) if figure["since"] else None
    return str(
        FigureId(
            ReportingWeek.parse(of_week),
            figure["union_id"],
            figure["category"],
            figure["measure"],
            figure["period_kind"],
            since=since,
            is_by_place=figure["basis"] == "place",
            is_inclusive=figure["scope"] == "inclusive",
        )
    )


def added(trace: Mapping[str, Any]) -> tuple[Decimal, str]:
    """What the cells of a trace come to."""
    cells = trace["cells"]
    return sum((Decimal(cell["value"]) for cell in cells), Decimal(0)), str(
        combine(Exactness(cell["exactness"]) for cell in cells)
    )


@pytest.mark.parametrize("seed", range(1, 1 + rounds(1, full=3)))
def test_the_cells_of_every_figure_add_up_to_it(warehouse: Engine, seed: int) -> None:
    with changing(warehouse) as connection:
        load_generated(connection, seed)
        documents = [document(connection, of_week) for of_week in WEEKS]
        figures = [figure for listed in documents for figure in (*listed["figures"], *listed["campaigns"])]
        kinds = {figure["figure_id"].split("/", 4)[-1] for listed in documents for figure in listed["figures"]}
        traces = {figure["figure_id"]: trace_document(connection, figure["figure_id"]) for figure in figures}
    assert [figure["figure_id"] for listed in documents for figure in listed["figures"]] == [
        composed_id(figure, listed["week"]) for listed in documents for figure in listed["figures"]
    ]
    assert {"event", "event/place", "event/inclusive", "campaign", "ytd", "stock"} <= kinds
    assert {name: added(trace) for name, trace in traces.items()} == {
        figure["figure_id"]: (Decimal(figure["value"]), figure["exactness"]) for figure in figures
    }
    assert {name: (trace["value"], trace["exactness"]) for name, trace in traces.items()} == {
        figure["figure_id"]: (figure["value"], figure["exactness"]) for figure in figures
    }
    assert all(
        len(traces[figure["figure_id"]]["cells"]) == figure["activities"]
        for figure in figures
        if "activities" in figure
    )


def test_a_trace_names_sender_object_sheet_cell_and_what_was_written(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        trace = trace_document(connection, "2024-W49/620100/hardship_aid/funds_total/ytd")
    assert {key: value for key, value in trace.items() if key != "cells"} == {
        "schema": "nuanliu.trace/1",
        "figure_id": "2024-W49/620100/hardship_aid/funds_total/ytd",
        "value": "467000",
        "exactness": "exact",
        "notes": [],
    }
    first = trace["cells"][0]
    assert first.pop("object_key").startswith("intake/620102/")
    assert len(first.pop("sha256")) == 64
    assert first == {
        "union_id": "620102",
        "sheet": "活动明细",
        "cell": "J3",
        "raw_text": "359000",
        "value": "359000",
        "exactness": "exact",
    }


def test_a_carried_figure_leads_to_the_file_of_the_week_it_was_said_in(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        row = activity(figures={"funds_total": 9}, period_kind="ytd")
        said = report(connection, "620400", "2024-W47", [row]).receipt
        report(connection, "620300", "2024-W49", [activity(figures={"people_served": 1})])
        roll_up(connection, "2024-W47", "2024-W49")
        trace = trace_document(connection, "2024-W49/620000/all/funds_total/ytd")
    assert [cell["sha256"] for cell in trace["cells"]] == [said.sha256]


@pytest.mark.parametrize(
    "figure_id",
    [
        "",
        "2024-W49",
        "W49/620000/all/people_served/event",
        "2024-W99/620000/all/people_served/event",
        "2024-W49/620000/all/people_served/no_such_kind",
        "2024-W50/620000/all/people_served/event",
        "2024-W49/campaign/care-new-employment-health/people_served",
        "2024-W49/campaign/no such campaign/people_served/event",
        "2024-W50/campaign/care-new-employment-health/people_served/event",
        "campaign/care-new-employment-health/people_served/event",
    ],
)
def test_an_id_that_names_no_figure_is_refused(warehouse: Engine, figure_id: str) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [activity(figures={"people_served": 1})])
        roll_up(connection, "2024-W49")
        with pytest.raises(UnknownFigure) as raised:
            trace_document(connection, figure_id)
    assert raised.value.figure_id == figure_id
    assert pickle.loads(pickle.dumps(raised.value)).figure_id == figure_id


PERIOD = "620400/all/people_served/campaign"


def period_figure(people: int, category: str = "condolence", name: str = "两节送温暖", **says: Any) -> dict[str, Any]:
    return activity(
        name,
        category,
        {"people_served": people},
        period_kind="campaign",
        series_key="A-1",
        activity_no="A-1",
        **says,
    )


def traced(warehouse: Engine, *reports: tuple[str, str, list[dict[str, Any]]]) -> dict[str, tuple[str, list[str]]]:
    """The 专项期间 figures of 2024-W49: value and the values of their cells."""
    with changing(warehouse) as connection:
        for union_id, of_week, rows in reports:
            report(connection, union_id, of_week, rows)
        listed = [f for f in document(connection, "2024-W49")["figures"] if f["period_kind"] == "campaign"]
        found = {}
        for figure in listed:
            trace = trace_document(connection, figure["figure_id"])
            assert trace["value"] == figure["value"]
            name = figure["figure_id"].removeprefix("2024-W49/")
            found[name] = (figure["value"], sorted(cell["value"] for cell in trace["cells"]))
        return found


@pytest.mark.parametrize(
    "first",
    [{}, {"category": "health_check"}, {"start_on": date(2024, 12, 2)}, {"organizer_union_id": "620402"}],
    ids=["the same", "another category", "another start", "another organiser"],
)
def test_a_period_figure_said_again_traces_to_what_was_said_last(warehouse: Engine, first: dict[str, Any]) -> None:
    found = traced(
        warehouse,
        ("620400", "2024-W49", [period_figure(100, end_on=date(2024, 12, 4), activity_key="one", **first)]),
        ("620400", "2024-W50", [period_figure(130, end_on=date(2024, 12, 8), activity_key="two")]),
    )
    assert found == {PERIOD: ("130", ["130"]), PERIOD.replace("all", "condolence"): ("130", ["130"])}


def test_explained_twins_of_a_period_are_both_in_it(warehouse: Engine) -> None:
    rows = [period_figure(value, activity_key=f"twin {value}") for value in (100, 30)]
    assert traced(warehouse, ("620400", "2024-W49", rows))[PERIOD] == ("130", ["100", "30"])


def test_of_one_day_the_later_report_holds_however_late_the_earlier_came(warehouse: Engine) -> None:
    day = date(2024, 12, 6)
    found = traced(
        warehouse,
        ("620400", "2024-W50", [period_figure(130, end_on=day, activity_key="two")]),
        ("620400", "2024-W49", [period_figure(100, end_on=day, activity_key="one")]),
    )
    assert found[PERIOD] == ("130", ["130"])


def test_two_senders_numbers_are_two_series(warehouse: Engine) -> None:
    found = traced(
        warehouse,
        ("620400", "2024-W49", [period_figure(130)]),
        ("620402", "2024-W49", [period_figure(100, name="节日走访", organizer_union_id="620400")]),
    )
    assert found[PERIOD] == ("230", ["100", "130"])


@pytest.mark.parametrize("kind", ["event", "campaign", "ytd", "stock"])
def test_an_inclusive_figure_is_that_of_the_union_that_fills_it_in_whoever_organised(
    warehouse: Engine, kind: str
) -> None:
    row = activity(
        figures={"people_served": 40},
        period_kind=kind,
        scope="inclusive",
        reporting_union_id="620402",
        organizer_union_id="620403",
    )
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [row])
        listed = [figure["figure_id"] for figure in document(connection, "2024-W49")["figures"]]
        assert listed == [f"2024-W49/620402/{part}/people_served/{kind}/inclusive" for part in ("all", "condolence")]
        for figure_id in listed:
            trace = trace_document(connection, figure_id)
            assert (trace["value"], len(trace["cells"])) == ("40", 1)
        found = reconcile_document(connection, {})["differences"]
        assert [one["check"] for one in found if one["identity"] == "rollup = facts"] == []
