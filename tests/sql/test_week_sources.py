"""The cells of a whole week lead to its figures and add up to each of them, as those of ``trace`` do one by one."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity
from tests.rounds import rounds
from tests.sql.generated_weeks import WEEKS, load_generated
from tests.sql.reported import changing, document, report, roll_up, week

from nuanliu.domain.exactness import Exactness, combine
from nuanliu.domain.figure_id import ActivityNumberId
from nuanliu.warehouse.highlights.activity_tracing import trace_activity
from nuanliu.warehouse.marts.tracing import trace_document
from nuanliu.warehouse.sources.week_sources import read_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection, Engine

    from nuanliu.domain.documents import SourceEntry

W49 = "2024-W49"


def added(sources: Iterable[SourceEntry]) -> dict[str, tuple[Decimal, str]]:
    """Figure id → what its cells come to."""
    cells: dict[str, list[SourceEntry]] = defaultdict(list)
    for source in sources:
        for figure_id in source["figure_ids"]:
            cells[figure_id].append(source)
    return {
        figure_id: (
            sum((Decimal(cell["value"]) for cell in listed), Decimal(0)),
            str(combine(Exactness(cell["exactness"]) for cell in listed)),
        )
        for figure_id, listed in cells.items()
    }


def told(figures: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Decimal, str]]:
    return {figure["figure_id"]: (Decimal(figure["value"]), figure["exactness"]) for figure in figures}


@pytest.mark.parametrize("seed", range(1, 1 + rounds(1, full=3)))
@pytest.mark.parametrize("most", [100_000, 5])
def test_the_cells_of_a_week_add_up_to_every_figure_of_it_and_to_no_other(
    warehouse: Engine, seed: int, most: int, set_limit: Callable[[str, Any], None]
) -> None:
    set_limit("most_sources", most)
    with changing(warehouse) as connection:
        load_generated(connection, seed)
        for of_week in WEEKS:
            assert added(read_sources(connection, week(of_week))) == told(document(connection, of_week)["figures"])


def of_one_week(connection: Connection) -> list[SourceEntry]:
    return read_sources(connection, week(W49))


def test_a_cell_is_told_with_file_sheet_place_and_text_as_trace_tells_it(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620402", W49, [activity(figures={"people_served": (1200, "over")})])
        roll_up(connection, W49)
        (source,) = of_one_week(connection)
        (cell,) = trace_document(connection, source["figure_ids"][0])["cells"]
    assert source["figure_ids"][0].startswith(f"{W49}/620402/")
    assert (source["union_id"], source["sha256"], source["sheet"], source["cell"], source["raw_text"]) == (
        cell["union_id"], cell["sha256"], cell["sheet"], cell["cell"], cell["raw_text"],
    )  # fmt: skip
    assert (source["value"], source["exactness"], source["cells"]) == ("1200", "over", 1)
    assert source["file"] == cell["object_key"].rpartition("/")[2]


def test_a_number_of_an_activity_is_called_as_its_highlight_calls_it(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620402", W49, [activity(figures={"people_served": 1200})])
        roll_up(connection, W49)
        (source,) = of_one_week(connection)
        assert source["number_id"] is not None
        (cell,) = trace_activity(connection, ActivityNumberId.parse(source["number_id"]))["cells"]
    assert cell["cell"] == source["cell"]


def test_cells_of_the_longest_files_are_told_together_beyond_the_limit(
    warehouse: Engine, set_limit: Callable[[str, Any], None]
) -> None:
    set_limit("most_sources", 2)
    with changing(warehouse) as connection:
        many = [activity(f"义诊{n}", figures={"people_served": 10 + n}) for n in range(3)]
        report(connection, "620402", W49, many)
        report(connection, "620300", W49, [activity(figures={"people_served": 7})])
        roll_up(connection, W49)
        short, long = sorted(of_one_week(connection), key=lambda source: source["cells"])
    assert (short["cells"], short["value"]) == (1, "7")
    assert (long["cells"], long["value"], long["raw_text"], long["number_id"]) == (3, "33", None, None)
    first, _, last = long["cell"].partition("—")
    assert int(last) - int(first) == 2


def test_the_cells_of_a_union_and_those_below_it_lie_together(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id in ("620402", "620300", "620400", "620403", "620100"):
            report(connection, union_id, W49, [activity(figures={"people_served": 5})])
        roll_up(connection, W49)
        senders = [source["union_id"] for source in of_one_week(connection)]
    at = sorted(senders.index(union_id) for union_id in ("620400", "620402", "620403"))
    assert at == list(range(at[0], at[0] + 3))
