"""The ledger: what became of each union's report of a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tests.builders import activity
from tests.sql.reported import changing, document, punctual, report, roll_up, week
from tests.sql.seed_week import load_seed

from nuanliu.contract.code_lists import CodeList, UnionTree, codes
from nuanliu.contract.due_time import report_due_at
from nuanliu.domain.checked import FileStatus
from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.marts.status import status_document
from nuanliu.warehouse.schema.reference_data import load_reference
from nuanliu.warehouse.schema.tables import mart_week_coverage

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

W49 = "2024-W49"
ROW = activity(figures={"people_served": 1})


def entry(connection: Connection, union_id: str = "620400", of_week: str = W49) -> dict[str, Any]:
    """The union's line of the status document."""
    unions = {line["union_id"]: line for line in status_document(connection, week(of_week))["unions"]}
    return unions[union_id]


def test_the_seed_week_has_four_of_fourteen(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        coverage = document(connection, W49)["coverage"]
    assert coverage == {
        "expected": 14,
        "reported": 4,
        "confirmed_zero": 0,
        "missing": [
            "620100", "620200", "620600", "620700", "620800", "620900", "621000", "621100", "621200", "623000",
        ],
        "held": [],
        "returned": [],
        "late": [],
    }  # fmt: skip


def test_the_five_states_add_up_to_the_expected_unions_whatever_came(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620100", W49, [ROW])
        report(connection, "620300", W49, submission_type=SubmissionType.ZERO)
        report(connection, "620400", W49, [ROW], status=FileStatus.HELD)
        report(connection, "620500", W49, [ROW], status=FileStatus.REJECTED)
        report(connection, "620102", W49, [ROW])
        coverage = document(connection, W49)["coverage"]
    assert (coverage["reported"], coverage["confirmed_zero"]) == (1, 1)
    assert (coverage["held"], coverage["returned"], len(coverage["missing"])) == (["620400"], ["620500"], 10)


def test_a_week_nobody_reported_on_still_names_the_missing(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        coverage = document(connection, W49)["coverage"]
    assert (coverage["expected"], len(coverage["missing"])) == (14, 14)


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ([FileStatus.HELD], "held"),
        ([FileStatus.REJECTED], "returned"),
        ([FileStatus.HELD, FileStatus.REJECTED], "returned"),
        ([FileStatus.REJECTED, FileStatus.HELD], "held"),
        ([FileStatus.HELD, FileStatus.DUPLICATE], "held"),
        ([FileStatus.TRIAL], "missing"),
        ([FileStatus.ACCEPTED, FileStatus.HELD], "reported"),
        ([FileStatus.ACCEPTED, FileStatus.REJECTED], "reported"),
        ([FileStatus.REJECTED, FileStatus.ACCEPTED], "reported"),
    ],
)
def test_a_current_version_decides_else_the_last_file(warehouse: Engine, files: list[FileStatus], state: str) -> None:
    with changing(warehouse) as connection:
        for number, status in enumerate(files):
            arrival = punctual(week(W49)) + timedelta(minutes=number)
            report(connection, "620400", W49, [ROW], status=status, received_at=arrival)
        assert entry(connection)["state"] == state


def test_a_zero_report_that_was_replaced_by_activities_is_no_zero_report(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, submission_type=SubmissionType.ZERO)
        assert entry(connection)["state"] == "confirmed_zero"
        report(connection, "620400", W49, [ROW], submission_type=SubmissionType.CORRECTION)
        assert entry(connection)["state"] == "reported"


def test_late_is_the_first_version_that_came_late(warehouse: Engine) -> None:
    due = report_due_at(week(W49))
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [ROW], received_at=due)
        report(
            connection,
            "620400",
            W49,
            [ROW],
            submission_type=SubmissionType.CORRECTION,
            received_at=due + timedelta(days=3),
        )
        report(connection, "620300", W49, [ROW], received_at=due + timedelta(seconds=1))
        report(connection, "620500", W49, [ROW], received_at=due + timedelta(days=1), status=FileStatus.HELD)
        coverage = document(connection, W49)["coverage"]
        state = entry(connection, "620300")["state"]
    assert coverage["late"] == ["620300", "620500"]
    assert state == "reported"


def test_status_shows_version_receipt_and_row_counts(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [ROW])
        rows = [activity(f"活动{number}", figures={"people_served": 1}) for number in range(3)]
        receipt = report(connection, "620400", W49, rows, submission_type=SubmissionType.CORRECTION).receipt
        document_ = status_document(connection, week(W49))
        line = entry(connection)
    assert list(document_) == ["schema", "week", "coverage", "unions", "notes"]
    assert (document_["schema"], document_["week"]) == ("nuanliu.status/1", W49)
    assert line == {
        "union_id": "620400",
        "union_name": "白银市总工会",
        "expected": True,
        "state": "reported",
        "late": False,
        "version": 2,
        "receipt_no": receipt.receipt_no,
        "rows": {"received": 3, "accepted": 3, "returned": 0, "held": 0, "ignored": 0},
    }


def test_status_lists_every_union_that_may_report_and_no_other(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620102", W49, [ROW])
        lines = status_document(connection, week(W49))["unions"]
        missing = entry(connection, "62Q001")
        county = entry(connection, "620102")
    assert [line["union_id"] for line in lines] == sorted(
        union.id for union in codes().unions.list if union.id != "620000"
    )
    assert (county["expected"], county["state"]) == (False, "reported")
    assert (missing["state"], missing["version"], missing["receipt_no"], missing["rows"]) == (
        "missing",
        None,
        None,
        None,
    )


def test_a_held_file_shows_its_receipt_though_it_has_no_version(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        receipt = report(connection, "620400", W49, [ROW], status=FileStatus.HELD).receipt
        line = entry(connection)
    assert (line["version"], line["receipt_no"], line["rows"]["held"]) == (None, receipt.receipt_no, 1)


def test_who_is_expected_is_as_it_was_in_the_week(warehouse: Engine) -> None:
    listed = codes()
    fifteen = {
        **listed.unions.list.entries,
        "620171": replace(listed.unions.list["620171"], expected_weekly=True),
    }
    unions = UnionTree(CodeList(fifteen, listed.unions.list.by_label))
    with changing(warehouse) as connection:
        load_reference(connection, replace(listed, unions=unions), changes_from=week(W49).monday)
        assert document(connection, "2024-W48")["coverage"]["expected"] == 14
        assert document(connection, W49)["coverage"]["expected"] == 15


def test_the_mart_says_what_the_ledger_says(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        report(connection, "620800", W49, [ROW], status=FileStatus.HELD)
        roll_up(connection, W49)
        mart = mart_week_coverage.c
        kept = connection.execute(
            select(mart.union_id, mart.is_expected, mart.state, mart.is_late, mart.version, mart.receipt_no)
            .where(mart.week_start == week(W49).monday)
            .order_by(mart.union_id)
        ).all()
        lines = status_document(connection, week(W49))["unions"]
    names = ("union_id", "expected", "state", "late", "version", "receipt_no")
    assert [tuple(row) for row in kept] == [tuple(line[name] for name in names) for line in lines]
