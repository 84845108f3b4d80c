"""Histories that were once told wrongly, played through program and model: seldom met at random."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.histories.making.saying import (
    CITY,
    COUNTY,
    OTHER_CITY,
    OTHER_COUNTY,
    W48,
    W49,
    day,
    published,
    said,
    sent,
    when,
)
from tests.histories.playing import play_beside
from tests.histories.warehouses import Warehouses, open_program
from tests.model.drops import Row, Step, TreeChange
from tests.rounds import rounds

SIBLING, NEW_YEAR = "620403", "2025-W01"


@pytest.fixture
def warehouses(postgres_server: str, warehouse_template: str) -> Warehouses:
    return Warehouses(postgres_server, warehouse_template)


def reported_for(union: str | None, people: int = 40, **cells: object) -> Row:
    """A row that the prefecture organises and reports for another."""
    return said(people, organiser=CITY, reporting=union, **cells)


def moves_to_another_reporting_union(**cells: object) -> tuple[Step, ...]:
    """Wrong; mended as first report and as 补充; answered; asked the other way round; saved anew."""
    wrong, right = reported_for(COUNTY, **cells), reported_for(SIBLING, **cells)
    answered = reported_for(SIBLING, explanation="原:慰问活动", **cells)
    return (
        sent(W49, wrong),
        published(W49, minutes=1),
        sent(W49, right, minutes=5),
        sent(W49, right, type="补充", minutes=6),
        sent(W49, answered, type="更正", minutes=7),
        published(W49, minutes=8),
        sent(W49, right, form="csv", minutes=9),
        sent(W48, reported_for(COUNTY, 30, **cells), minutes=60 * 24 * 8),
    )


def stands_beside_another_reporting_unions(**cells: object) -> tuple[Step, ...]:
    """Two counties in one file; one of them alone in the next week; both again."""
    county, sibling = reported_for(COUNTY, 100, **cells), reported_for(SIBLING, 70, **cells)
    return (
        sent(W48, county, sibling),
        sent(W49, reported_for(SIBLING, 80, **cells), said(1, "义诊")),
        sent(W49, reported_for(COUNTY, 110, **cells), type="补充", minutes=5),
        sent(W49, reported_for(None, 300, **cells), type="补充", minutes=6),
    )


def tells_two_years(number: str) -> tuple[Step, ...]:
    """The week that holds 1 January: both years at once, one after the other, the wrong one, and the week after."""
    ytd = {"kind": "ytd", "activity_no": number}
    old, new = said(350, end=day("12-31"), **ytd), said(120, end=day("2025-01-04"), **ytd)
    return (
        sent(NEW_YEAR, old),
        sent(NEW_YEAR, old, new, type="补充", minutes=5),
        published("2024-W52", minutes=60 * 24 * 20),
        sent(NEW_YEAR, new, minutes=6),
        sent(NEW_YEAR, new, type="更正", minutes=7),
        sent(NEW_YEAR, old, new, minutes=8),
        sent("2025-W02", said(130, **ytd)),
    )


def ends_on_its_ground(heir: str | None) -> tuple[Step, ...]:
    """A county's union ends after its week was published, and the neighbour that it went to; work goes on where it was."""
    here, carried = said(10, place=COUNTY), said(50, "帮扶", kind="stock", place=COUNTY)
    return (
        sent(W48, here, carried),
        sent(W49, here, minutes=60 * 24 * 7),
        published(W49, minutes=60 * 24 * 7 + 1),
        TreeChange(when(W49, 10), COUNTY, W49, ended=True, successor=heir),
        TreeChange(when(W49, 20), SIBLING, W49, ended=True, successor=OTHER_COUNTY),
        published(W49, minutes=60 * 24 * 7 + 30),
        sent(W49, here, carried, said(3, "讲座", place=SIBLING), type="更正", minutes=60 * 24 * 7 + 40),
    )


def repeats_what_counts(*again: Row, **file: object) -> tuple[Step, ...]:
    """An explained row counts in an older week; the same row comes again without words, beside a new one."""
    long_ago = said(10, "义诊", end=day("09-20"), explanation="补报")
    return (
        sent(W48, long_ago, said(1, "讲座")),
        sent(W49, replace(long_ago, explanation=""), *again, minutes=60 * 24 * 7, **file),
        sent(W48, said(1, "讲座"), type="更正", minutes=60 * 24 * 7 + 10),
    )


NUMBERED, INCLUSIVE = {"activity_no": "7"}, {"scope": "inclusive"}
CASES = (
    {},
    {"kind": "campaign", **INCLUSIVE},
    {"kind": "ytd", **INCLUSIVE, **NUMBERED},
    INCLUSIVE,
    {"kind": "ytd", **NUMBERED},
    {"kind": "ytd", **INCLUSIVE},
)[: rounds(3, full=6)]
"""Kinds of rows; what the last three are made of is in the first three."""


@pytest.mark.parametrize("cells", CASES, ids=lambda cells: " ".join(cells.values()))
def test_rows_that_one_union_reports_for_others(cells: dict[str, str], warehouses: Warehouses) -> None:
    for steps in (moves_to_another_reporting_union, stands_beside_another_reporting_unions):
        with open_program(warehouses) as program:
            assert not play_beside(program, steps(**cells), replayed=True)


@pytest.mark.parametrize("number", ["", "7"])
def test_figures_of_two_years_in_one_file(number: str, warehouses: Warehouses) -> None:
    with open_program(warehouses) as program:
        assert not play_beside(program, tells_two_years(number), replayed=True)


EXTRA = said(5, "体检")
EXPLAINED = {
    "a fall": (
        sent(W48, said(300, kind="ytd")),
        sent(W49, said(280, kind="ytd", explanation="核减")),
        sent(W49, said(280, kind="ytd", goods_items=7), EXTRA, type="更正", minutes=5),
        sent(W49, said(270, kind="ytd"), EXTRA, type="更正", minutes=6),
    ),
    "the figures of the week before": (
        sent(W48, said(178)),
        sent(W49, said(178, explanation="两次")),
        sent(W49, said(178), EXTRA, type="更正", minutes=5),
        sent(W49, said(178), type="更正", minutes=6),
        sent(W49, said(178, goods_items=7), type="更正", minutes=7),
    ),
    "a former name": (
        sent(W48, said(300, kind="ytd", activity_no="1")),
        sent(W49, said(320, kind="ytd", activity_no="2", explanation="原:1")),
        sent(W49, said(320, kind="ytd", activity_no="2"), EXTRA, type="更正", minutes=5),
    ),
    "twins": (
        sent(W49, said(10, explanation="已核实"), said(10, explanation="已核实")),
        sent(W49, said(10, explanation="已核实"), said(10, explanation="另一个村"), type="更正", minutes=5),
        sent(W49, said(10), said(10), EXTRA, type="更正", minutes=6),
    ),
}


@pytest.mark.parametrize("what", EXPLAINED)
def test_an_explanation_given_once_answers_again_while_what_it_explained_stays(
    what: str, warehouses: Warehouses
) -> None:
    with open_program(warehouses) as program:
        assert not play_beside(program, EXPLAINED[what], replayed=True)


@pytest.mark.parametrize("heir", [None, OTHER_COUNTY, OTHER_CITY])
def test_places_of_unions_that_ended(heir: str | None, warehouses: Warehouses) -> None:
    with open_program(warehouses) as program:
        assert not play_beside(program, ends_on_its_ground(heir), replayed=True)


@pytest.mark.parametrize("kind", ["首报", "补充"])
def test_rows_that_count_already_are_asked_nothing(kind: str, warehouses: Warehouses) -> None:
    with open_program(warehouses) as program:
        assert not play_beside(program, repeats_what_counts(said(3, "慰问"), type=kind), replayed=True)


def test_a_replay_takes_files_in_the_order_in_which_they_were_answered_across_unions(warehouses: Warehouses) -> None:
    """The prefecture's file came first and could not be read for an hour: it was answered after the county's own report."""
    steps = (
        sent(W49, said(20, organiser=COUNTY), EXTRA, answered=when(W49, 60)),
        sent(W49, said(30), union=COUNTY, minutes=5),
        published(W49),
    )
    with open_program(warehouses) as program:
        assert not play_beside(program, steps, replayed=True)
