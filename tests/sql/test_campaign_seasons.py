"""A campaign's figures are sums within its season up to the week, each traceable (issue 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity
from tests.reference_lists import copy_lists
from tests.sql.reported import changing, document, report, roll_up

from nuanliu.contract.code_lists import read_codes
from nuanliu.errors import UndatedCampaignFigure, UnknownFigure
from nuanliu.warehouse.marts.tracing import trace_document
from nuanliu.warehouse.schema.reference_data import load_reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

WINTER = "warm-winter-jobs"


def event(people: int, campaign: str = WINTER, **says: Any) -> dict[str, Any]:
    return activity(figures={"people_served": people}, campaign_id=campaign, **says)


@pytest.fixture
def season(tmp_path: Path) -> Callable[..., None]:
    def load(connection: Connection, starts_on: str = "", ends_on: str = "") -> None:
        text = f"campaign_id,name,aliases,starts_on,ends_on\n{WINTER},暖冬送岗,,{starts_on},{ends_on}\n"
        load_reference(connection, read_codes(copy_lists(tmp_path, campaigns=text)))

    return load


def value(connection: Connection, of_week: str, campaign: str = WINTER) -> str | None:
    """The campaign's figure of a week; its cells add up to it."""
    listed = {entry["figure_id"]: entry for entry in document(connection, of_week)["campaigns"]}
    figure_id = f"{of_week}/campaign/{campaign}/people_served/event"
    if figure_id not in listed:
        with pytest.raises(UnknownFigure):
            trace_document(connection, figure_id)
        return None
    trace = trace_document(connection, figure_id)
    assert trace["value"] == listed[figure_id]["value"]
    assert sum(int(cell["value"]) for cell in trace["cells"]) == int(trace["value"])
    return str(trace["value"])


def test_a_yearly_season_does_not_add_last_winters(warehouse: Engine, season: Callable[..., None]) -> None:
    with changing(warehouse) as connection:
        season(connection, "11-01", "03-31")
        for week, people in (("2024-W05", 1000), ("2024-W49", 10), ("2025-W02", 5), ("2025-W20", 7), ("2025-W45", 3)):
            report(connection, "620400", week, [event(people)])
            roll_up(connection, week)
        found = [value(connection, week) for week in ("2024-W05", "2024-W49", "2025-W02", "2025-W20", "2025-W45")]
    assert found == ["1000", "10", "15", None, "3"]


def test_without_a_season_it_reaches_twenty_six_weeks_back(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for week, people in (("2024-W22", 1000), ("2024-W23", 100), ("2024-W49", 10)):
            for campaign in (WINTER, "冬日/一碗面"):
                report(connection, "620400" if campaign == WINTER else "620300", week, [event(people, campaign)])
            roll_up(connection, week)
        assert [value(connection, "2024-W49", name) for name in (WINTER, "冬日/一碗面")] == ["110", "110"]


def test_a_season_may_come_once(warehouse: Engine, season: Callable[..., None]) -> None:
    with changing(warehouse) as connection:
        season(connection, "2024-12-02", "2024-12-15")
        for week in ("2024-W48", "2024-W49", "2024-W50", "2024-W51"):
            report(connection, "620400", week, [event(1)])
            roll_up(connection, week)
        found = [value(connection, week) for week in ("2024-W48", "2024-W49", "2024-W50", "2024-W51")]
    assert found == [None, "1", "2", None]


def test_an_older_weeks_figure_traces_to_that_week(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for week, people in (("2024-W48", 10), ("2024-W49", 20)):
            report(connection, "620400", week, [event(people)])
            roll_up(connection, week)
        assert value(connection, "2024-W48") == "10"
        assert value(connection, "2024-W49") == "30"


def test_a_week_that_nobody_touched_has_none(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [event(10)])
        roll_up(connection, "2024-W48")
        assert value(connection, "2024-W49") is None


def test_the_id_of_an_older_edition_is_told_what_it_lacks(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [event(10)])
        roll_up(connection, "2024-W49")
        old = f"campaign/{WINTER}/people_served/event"
        with pytest.raises(UndatedCampaignFigure) as raised:
            trace_document(connection, old)
        assert f"2024-W49/{old}" in raised.value.message
        assert trace_document(connection, f"2024-W49/{old}")["value"] == "10"


def test_an_edition_of_before_is_not_published_again_for_its_ids(warehouse: Engine) -> None:
    from nuanliu.warehouse.marts.editions import propose_edition, restore_edition

    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [event(10)])
        now = document(connection, "2024-W49")
        (campaign,) = now["campaigns"]
        old_id = campaign["figure_id"].removeprefix("2024-W49/")
        before = {**now, "edition": 1, "campaigns": [{**campaign, "figure_id": old_id}]}
        restore_edition(connection, before, files={}, published_at=now_in(connection))
        assert propose_edition(connection, document(connection, "2024-W49")) is None


def now_in(connection: Connection) -> Any:
    from sqlalchemy import text

    return connection.execute(text("select now()")).scalar_one()
