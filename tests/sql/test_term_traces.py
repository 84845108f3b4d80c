"""A term of a bridge leads to its cells, which add up to it; those of the other week are taken away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import reduce
from operator import or_
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.builders import activity
from tests.reference_lists import HISTORY, copy_lists
from tests.sql.generated_weeks import WEEKS, load_generated
from tests.sql.reported import changing, document, figures, report, roll_up, week

from nuanliu.contract.code_lists import CodeList, UnionTree, codes, read_codes
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.figure_id import TermId
from nuanliu.errors import UnknownFigure
from nuanliu.warehouse.comparison.term_tracing import terms_traced_otherwise, trace_term
from nuanliu.warehouse.marts.reconcile import reconcile_document
from nuanliu.warehouse.schema.reference_data import load_reference

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

DISTRICT = "620402"
ENDED = f"{DISTRICT},,,,,,,2024-11-25,620403"
"""白银区 has ended by W48."""
W45, W48, W49 = "2024-W45", "2024-W48", "2024-W49"
PEOPLE = "all/people_served/event"


def served(value: Any, **says: Any) -> list[dict[str, Any]]:
    return [activity(figures={"people_served": value}, **says)]


def cells(connection: Connection, figure: str, term: str, other: str = W48) -> list[tuple[str, str, str, str]]:
    traced = trace_term(connection, TermId.parse(f"{W49}/{figure}/vs/{other}/{term}"))
    return [(cell["week"], cell["union_id"], cell["value"], cell["exactness"]) for cell in traced["cells"]]


def test_each_term_has_the_cells_of_its_senders(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id, of_week, value in (
            ("620400", W48, 900), ("620400", W49, 1200), ("620100", W48, (65, "over")), ("620300", W49, 200),
        ):  # fmt: skip
            report(connection, union_id, of_week, served(value))
        roll_up(connection, W48, W49)
        found = {term: cells(connection, f"620000/{PEOPLE}", term) for term in ("matched", "joined", "absent", "moved")}
        notes = trace_term(connection, TermId.parse(f"{W49}/620000/{PEOPLE}/vs/{W48}/absent"))["notes"]
    assert found == {
        "matched": [(W49, "620400", "1200", "exact"), (W48, "620400", "-900", "exact")],
        "joined": [(W49, "620300", "200", "exact")],
        "absent": [(W48, "620100", "-65", "under")],
        "moved": [],
    }
    assert notes == [f"{W48} 的单元格要减去,以负数列出;{W49} 的加上,各格之和就是这一项。"]


def test_what_moved_leads_to_the_cells_of_the_county(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id, value in (("620102", 10), ("620100", 3), ("620400", 4)):
            for of_week, more in ((W48, 0), (W49, 1)):
                report(connection, union_id, of_week, served(value + more))
        roll_up(connection, W48)
        listed = codes()
        moved = {**listed.unions.list.entries, "620102": replace(listed.unions.list["620102"], parent_id="620400")}
        unions = UnionTree(CodeList(moved, listed.unions.list.by_label))
        load_reference(connection, replace(listed, unions=unions), changes_from=week(W49).monday)
        roll_up(connection, W49)
        assert cells(connection, f"620400/{PEOPLE}", "moved") == [(W49, "620102", "11", "exact")]
        assert cells(connection, f"620100/{PEOPLE}", "moved") == [(W48, "620102", "-10", "exact")]
        assert len(cells(connection, f"620400/{PEOPLE}", "matched")) == 2


def test_a_carried_figure_of_a_week_that_nobody_touched_leads_to_the_cell_that_said_it(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in ((W45, 100), (W49, 130)):
            report(connection, "620400", of_week, served(value, period_kind="stock"))
        roll_up(connection, W45, W49)
        found = cells(connection, "620000/all/people_served/stock", "joined")
    assert found == [(W49, "620400", "130", "exact"), (W48, "620400", "-100", "exact")]


@pytest.mark.parametrize("sender", ["620400", DISTRICT])
@pytest.mark.parametrize("basis", ["", "/place"])
def test_nothing_of_a_union_that_ended_is_handed_on_whoever_reported_it_and_wherever_it_is_counted(
    warehouse: Engine, tmp_path: Path, sender: str, basis: str
) -> None:
    of_district = {"organizer_union_id": DISTRICT, "series_key": "district"}
    with changing(warehouse) as connection:
        report(connection, "620300", W45, served(5, period_kind="stock", place_division="620302"))
        report(connection, sender, W45, served(100, period_kind="stock", place_division=DISTRICT, **of_district))
        load_reference(connection, read_codes(copy_lists(tmp_path, union_history=f"{HISTORY}\n{ENDED}\n")))
        for union_id, value in (("620300", 8), ("620400", 30)):
            report(connection, union_id, W49, served(value, period_kind="stock", place_division=union_id[:4] + "02"))
        roll_up(connection, W45, W49)
        kinds = ("matched", "joined", "absent", "moved")
        found = {term: cells(connection, f"620000/all/people_served/stock{basis}", term) for term in kinds}
        assert list(terms_traced_otherwise(connection, week(W49))) == []
    assert found == {
        "matched": [],
        "joined": [(W49, "620300", "8", "exact"), (W49, "620400", "30", "exact"), (W48, "620300", "-5", "exact")],
        "absent": [],
        "moved": [],
    }


def test_reconcile_sees_a_term_whose_cells_do_not_add_up_to_it(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in ((W45, 100), (W49, 130)):
            report(connection, "620400", of_week, served(value, period_kind="stock"))
        roll_up(connection, W45, W49)
        assert reconcile_document(connection, None)["differences"] == []
        connection.execute(text("update stored_measure set value_cents = 10100 where value_cents = 10000"))
        found = reconcile_document(connection, None)["differences"]
    term = f"term {W49}/620000/all/people_served/stock{{}}/vs/{W48}/joined"
    assert [
        (each["subject"], each["expected"], each["found"]) for each in found if each["check"] == "trace__terms"
    ] == [(term.format(basis), "30", "29") for basis in ("", "/place")]


@pytest.mark.parametrize("term_id", [f"{W49}/620400/{PEOPLE}/vs/2024-W46/matched", f"{W49}/620400/{PEOPLE}/vs/{W49}/matched",
                                  f"{W49}/620300/{PEOPLE}/vs/{W48}/matched"])  # fmt: skip
def test_a_term_of_a_figure_that_does_not_stand_in_both_weeks_is_unknown(warehouse: Engine, term_id: str) -> None:
    with changing(warehouse) as connection:
        for of_week in (W48, W49):
            report(connection, "620400", of_week, served(1))
        roll_up(connection, W48, W49)
        with pytest.raises(UnknownFigure, match="must be an own one"):
            trace_term(connection, TermId.parse(term_id))


@pytest.mark.parametrize("seed", range(3))
def test_the_cells_of_any_term_add_up_to_it(warehouse: Engine, seed: int) -> None:
    with changing(warehouse) as connection:
        load_generated(connection, seed)
        listed = document(connection, WEEKS[2])["figures"]
        compared = [figure for figure in listed if figure.get("comparisons", {}).get("week_before")]
        for figure in Random(seed).sample(compared, 25):
            comparison = figure["comparisons"]["week_before"]
            for term in comparison["bridge"]:
                term_id = f"{figure['figure_id']}/vs/{comparison['week']}/{term['term']}"
                traced = trace_term(connection, TermId.parse(term_id))
                total = sum((Decimal(cell["value"]) for cell in traced["cells"]), Decimal(0))
                exactness = reduce(or_, (Exactness(cell["exactness"]).code for cell in traced["cells"]), 0)
                assert (total, exactness) == (Decimal(term["value"]), Exactness(term["exactness"]).code), term_id
                assert (traced["value"], traced["exactness"]) == (term["value"], term["exactness"])


def test_a_term_is_found_in_the_document_under_the_id_that_traces(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in ((W48, 2), (W49, 7)):
            report(connection, "620400", of_week, served(value))
        roll_up(connection, W48)
        comparison = figures(connection, W49)[f"620400/{PEOPLE}"]["comparisons"]["week_before"]
        traced = trace_term(connection, TermId.parse(f"{W49}/620400/{PEOPLE}/vs/{comparison['week']}/matched"))
    assert traced["value"] == "5"
