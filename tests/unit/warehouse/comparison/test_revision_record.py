"""How first published figures fared: the first against the latest, each week alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from statistics import mean
from typing import TYPE_CHECKING, Any

import pytest

from nuanliu.domain.figure_id import FigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import ToldFigure
from nuanliu.warehouse.comparison.revision_record import Told, revision_record

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = ReportingWeek.parse("2024-W10")
AT = datetime(2024, 3, 18, 10, tzinfo=UTC)


def told(week: int, *values: int | str | None, measure: str = "people_served") -> list[Told]:
    """The values that editions told of one figure, one after the other."""
    figure = FigureId(FIRST.shift(week), "620000", "all", measure, "event")
    return [
        Told(
            figure,
            f"{figure.week}/{number}",
            AT,
            None
            if value is None
            else ToldFigure(Decimal(str(value).rstrip("余")), "over" if "余" in str(value) else "exact"),
            "更正" if number > 1 else None,
        )
        for number, value in enumerate(values, start=1)
    ]


def people(*weeks: Sequence[int | str | None]) -> dict[str, Any]:
    (record,) = revision_record([each for number, values in enumerate(weeks) for each in told(number, *values)])
    return dict(record)


def test_each_week_counts_alike_however_large_it_is() -> None:
    record = people((100, 110), (10000, 10000), (1000, 980))
    assert (record["weeks"], record["up"], record["down"]) == (3, 1, 1)
    assert record["mean_pct"] == "2.7"  # (10 + 0 - 2) / 3
    assert [figure["revision_pct"] for figure in record["figures"]] == ["10.0", "0.0", "-2.0"]


def test_the_first_is_compared_with_the_latest_and_the_steps_between_are_kept() -> None:
    (figure,) = people((100, 300, 90))["figures"]
    assert [step["value"] for step in figure["published"]] == ["100", "300", "90"]
    assert (figure["difference"], figure["revision_pct"]) == ("-10", "-10.0")


def test_there_and_back_again_is_no_revision_but_stays_told() -> None:
    record = people((100, 300, 100))
    assert (record["up"], record["down"], record["mean_pct"]) == (0, 0, "0.0")
    assert len(record["figures"][0]["published"]) == 3


def test_what_a_later_edition_repeats_is_told_once() -> None:
    (figure,) = people((100, 100, 120, 120))["figures"]
    assert [step["edition"] for step in figure["published"]] == ["2024-W10/1", "2024-W10/3"]


def steps(edition: str, *values: int) -> list[Told]:
    """The changes of one figure that an edition tells: from each value to the next."""
    figure = FigureId(FIRST, "620000", "all", "people_served", "event")
    known = [ToldFigure(Decimal(value), "exact") for value in values]
    return [Told(figure, edition, AT, new, "补报", old, is_step=True) for old, new in pairwise(known)]


@pytest.mark.parametrize(
    ("later", "values"),
    [
        ([steps("2024-W11/1", 100, 120, 90), steps("2024-W10/2", 100, 120, 90)], [100, 120, 90]),
        ([steps("2024-W11/1", 100, 120), steps("2024-W10/2", 100, 120, 90)], [100, 120, 90]),
        (
            [steps("2024-W11/1", 100, 120), steps("2024-W12/1", 120, 90), steps("2024-W10/2", 100, 120, 90)],
            [100, 120, 90],
        ),
        ([steps("2024-W11/1", 100, 120, 100), steps("2024-W10/2", 100, 120, 100, 130)], [100, 120, 100, 130]),
        ([steps("2024-W11/1", 100, 120), steps("2024-W12/1", 120, 100)], [100, 120, 100]),
    ],
)
def test_steps_that_the_weeks_own_edition_tells_again_were_told_once(
    later: list[list[Told]], values: list[int]
) -> None:
    stood = told(0, 100)
    (record,) = revision_record([*stood, *(step for edition in later for step in edition)])
    assert [step["value"] for step in record["figures"][0]["published"]] == [str(value) for value in values]


def test_another_exactness_is_another_value_and_no_revision() -> None:
    record = people((100, "100余"))
    assert [step["exactness"] for step in record["figures"][0]["published"]] == ["exact", "over"]
    assert (record["up"], record["down"]) == (0, 0)


def test_a_figure_that_is_gone_was_revised_by_all_of_it() -> None:
    record = people((100, None))
    assert (record["down"], record["mean_pct"]) == (1, "-100.0")
    assert record["figures"][0]["published"][-1]["value"] is None


def test_a_first_zero_goes_up_without_a_percentage() -> None:
    record = people((0, 50), (100, 101))
    assert (record["weeks"], record["up"], record["compared"], record["mean_pct"]) == (2, 2, 1, "1.0")


def test_nobody_who_knew_no_figure_is_told_that_there_is_none() -> None:
    assert revision_record(told(0, None)) == []
    (figure,) = people((None, 100))["figures"]
    assert figure["revision_pct"] == "0.0"


def test_of_26_weeks_the_range_leaves_one_out_at_each_end() -> None:
    record = people(*((1000, 1000 + 10 * step) for step in range(26)))
    assert (record["low_pct"], record["high_pct"]) == ("1.0", "24.0")
    assert record["mean_pct"] == str(mean(range(26)))


@pytest.mark.parametrize(("latest", "percent"), [(2001, "0.1"), (1999, "-0.1"), (2000, "0.0")])
def test_a_mean_is_rounded_away_from_zero_as_other_percentages_are(latest: int, percent: str) -> None:
    assert people((2000, latest))["mean_pct"] == percent  # 0.05


def test_measures_come_in_the_order_of_their_list_and_those_that_do_not_add_up_are_left_out() -> None:
    of = [*told(0, 5, measure="funds_total"), *told(0, 5), *told(0, 24, measure="exam_items")]
    assert [record["measure"] for record in revision_record(of)] == ["people_served", "funds_total"]
