from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.domain.figure_id import (
    CampaignFigureId,
    FigureId,
    Term,
    TermId,
    dated_figure_id,
    is_term_id,
    parse_figure_id,
)
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import UndatedCampaignFigure, UnknownFigure

NAMES = st.text(st.characters(exclude_characters="/", exclude_categories=["C"]), min_size=1)
WEEKS = st.dates(date(1970, 1, 5), date(2099, 12, 1)).map(ReportingWeek.of)
FIGURES = st.builds(
    FigureId,
    week=WEEKS,
    union_id=NAMES,
    category=NAMES,
    measure=NAMES,
    period_kind=NAMES,
    since=st.none() | st.dates(date(1949, 10, 1)),
    is_by_place=st.booleans(),
    is_inclusive=st.booleans(),
)
CAMPAIGNS = st.builds(CampaignFigureId, week=WEEKS, campaign_id=st.text(), measure=NAMES)


@given(FIGURES | CAMPAIGNS)
def test_an_id_is_read_back_as_it_was_written(figure_id: FigureId | CampaignFigureId) -> None:
    assert parse_figure_id(str(figure_id)) == figure_id


@given(st.text() | FIGURES.map(lambda figure_id: f"{figure_id}/place"))
def test_a_text_is_an_id_as_it_stands_or_none(text: str) -> None:
    with suppress(UnknownFigure):
        assert str(parse_figure_id(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2024-W49/620400/health_check/people_served/event",
            FigureId(ReportingWeek(date(2024, 12, 2)), "620400", "health_check", "people_served", "event"),
        ),
        (
            "2024-W49/620000/all/funds_total/cumulative_since/since=2024-03-01/place/inclusive",
            FigureId(
                ReportingWeek(date(2024, 12, 2)),
                "620000",
                "all",
                "funds_total",
                "cumulative_since",
                since=date(2024, 3, 1),
                is_by_place=True,
                is_inclusive=True,
            ),
        ),
        (
            "2024-W49/campaign/送清凉/甘肃/goods_items/event",
            CampaignFigureId(ReportingWeek(date(2024, 12, 2)), "送清凉/甘肃", "goods_items"),
        ),
    ],
)
def test_the_parts_of_an_id(text: str, expected: FigureId | CampaignFigureId) -> None:
    assert parse_figure_id(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024-W49/620400/all/people_served",
        "2024-W60/620400/all/people_served/event",
        "2024-W49/620400/all/people_served/event/inclusive/place",
        "2024-W49/620400/all/people_served/cumulative_since/since=20240301",
        "2024-W49/620400/all/people_served/cumulative_since/since=spring",
        "2024-W49/620400/all/people_served/event/other",
        "2024-W49/campaign/送清凉/goods_items",
        "2024-W60/campaign/送清凉/goods_items/event",
        "campaign/送清凉/goods_items",
    ],
)
def test_anything_else_is_no_id(text: str) -> None:
    with pytest.raises(UnknownFigure):
        parse_figure_id(text)


def test_an_id_of_an_older_edition_is_told_what_it_lacks() -> None:
    with pytest.raises(UndatedCampaignFigure, match="2024-W49/campaign/送清凉/甘肃/goods_items/event"):
        parse_figure_id("campaign/送清凉/甘肃/goods_items/event")


@pytest.mark.parametrize("text", ["2024-W49/620400/all/people_served/event", "2024-W49/campaign/x/people_served/event"])
def test_only_an_id_without_its_week_gets_one(text: str) -> None:
    assert dated_figure_id("2024-W48", text) == text
    assert dated_figure_id("2024-W48", "campaign/x/people_served/event") == "2024-W48/campaign/x/people_served/event"


@given(st.builds(TermId, figure=FIGURES, other=WEEKS, term=st.sampled_from(Term)))
def test_the_id_of_a_term_is_read_back_as_it_was_written(term_id: TermId) -> None:
    assert is_term_id(str(term_id))
    assert TermId.parse(str(term_id)) == term_id


@pytest.mark.parametrize(
    "text",
    [
        "2024-W49/620000/all/people_served/event/vs/2024-W48/gone",
        "2024-W49/620000/all/people_served/event/vs/2024-W60/matched",
        "2024-W49/620000/all/people_served/event/matched",
        "2024-W49/620000/all/people_served/vs/2024-W48/matched",
    ],
)
def test_what_is_no_id_of_a_term_is_refused(text: str) -> None:
    with pytest.raises(UnknownFigure):
        TermId.parse(text)
