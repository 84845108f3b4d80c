"""What is written down of every drop: the number, the document, the findings, the held rows and the counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from tests.builders import MONDAY_AFTER, activity, checked, load, submission, take

from nuanliu.domain.checked import FileStatus
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.submissions.answers import record_loaded
from nuanliu.warehouse.submissions.loading import load_drop
from nuanliu.warehouse.submissions.receipts_store import (
    mark_written,
    receipt_by_number,
    receipt_of,
    receipts_of_week,
    unwritten_receipts,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine


def _finding(rule: str, severity: Severity = Severity.QUERY, **fields: Any) -> Finding:
    return Finding(rule=rule, severity=severity, message="请核对", fix="请改正", **fields)


def _rows(warehouse: Engine, statement: str) -> list[tuple[Any, ...]]:
    with warehouse.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def _number(warehouse: Engine, union_id: str = "620400", week: str = "2024-W49", **fields: Any) -> str | None:
    return load(warehouse, checked(submission(union_id, week, [activity()]), **fields)).receipt.receipt_no


def test_receipts_are_numbered_by_union_and_week_without_gaps(warehouse: Engine) -> None:
    assert _number(warehouse) == "620400-2024W49-001"
    assert _number(warehouse, status=FileStatus.HELD) == "620400-2024W49-002"
    assert _number(warehouse, status=FileStatus.TRIAL) == "620400-2024W49-003"
    assert _number(warehouse, "620300") == "620300-2024W49-001"
    assert _number(warehouse, week="2025-W01") == "620400-2025W01-001"


def test_a_number_that_was_rolled_back_is_given_again(warehouse: Engine) -> None:
    drop = checked(submission(activities=[activity()]))
    with warehouse.connect() as connection:
        lost = load_drop(connection, drop, object_id=take(connection, drop))
        connection.rollback()
    assert lost.receipt.receipt_no == "620400-2024W49-001"
    assert _number(warehouse) == "620400-2024W49-001"


def test_the_thousandth_receipt_of_a_week_has_four_digits(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(
            text("""
                with taken as (
                    insert into registry (object_key, source_key, union_id, is_trial, state, stored_key, sha256, size_bytes,
                        received_at, arrival_order)
                    select 'k', 'k', '620400', false, 'archived', 'a', 's', 1, now(), 'a' from generate_series(1, 999)
                    returning object_id
                )
                insert into receipt (receipt_no, object_id, union_id, filed_week, status, document, touched_weeks)
                select 'r' || object_id, object_id, '620400', '2024-W49', 'held', '{}', '{}' from taken
            """)
        )
    assert _number(warehouse) == "620400-2024W49-1000"


def test_an_unknown_sender_gets_a_receipt_too(warehouse: Engine) -> None:
    refused = submission("unknown", activities=[], is_readable=False)
    loaded = load(warehouse, checked(refused, status=FileStatus.REJECTED, week=None))
    assert loaded.receipt.receipt_no == "unknown-2024W49-001"
    assert _rows(warehouse, "select union_id, filed_week, document->>'week' from receipt") == [
        ("unknown", "2024-W49", None)
    ]


def test_the_stored_receipt_is_the_answered_one(warehouse: Engine) -> None:
    findings = (_finding("file.period.conflict"), _finding("row.name", Severity.ERROR, sheet="表", cell="C3", row=3))
    drop = checked(submission(activities=[activity()], findings=findings))
    loaded = load(warehouse, drop)
    with warehouse.connect() as connection:
        stored = receipt_by_number(connection, "620400-2024W49-001")
    assert stored is not None
    assert stored.receipt == loaded.receipt
    assert list(stored.receipt.as_json()) == list(loaded.receipt.as_json())
    assert stored.receipt.received_at == MONDAY_AFTER
    assert (stored.filed_week, stored.weeks, stored.written_at) == ("2024-W49", ("2024-W49",), None)


def test_receipts_of_a_week_come_oldest_first(warehouse: Engine) -> None:
    for status in (FileStatus.HELD, FileStatus.ACCEPTED):
        _number(warehouse, status=status)
    _number(warehouse, week="2024-W48")
    with warehouse.connect() as connection:
        found = receipts_of_week(connection, "620400", "2024-W49")
    assert [stored.receipt.status for stored in found] == ["held", "accepted"]


def test_receipts_are_unwritten_until_marked_and_the_first_mark_stands(warehouse: Engine) -> None:
    _number(warehouse)
    written_at = datetime(2024, 12, 9, 2, tzinfo=UTC)
    with warehouse.begin() as connection:
        (stored,) = unwritten_receipts(connection)
        mark_written(connection, stored.object_id, written_at)
        mark_written(connection, stored.object_id, written_at.replace(hour=3))
        assert unwritten_receipts(connection) == []
        again = receipt_of(connection, stored.object_id)
    assert again is not None
    assert again.written_at == written_at


def test_an_object_without_an_answer_has_no_receipt(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        assert receipt_of(connection, 1) is None
        assert receipt_by_number(connection, "620400-2024W49-001") is None


def test_findings_are_kept_in_the_receipts_order(warehouse: Engine) -> None:
    findings = (
        _finding(
            "row.b", Severity.ERROR, sheet="表", cell="F7", row=7, column="结束日期", value="2024-12-20", row_id=0
        ),
        _finding("file.a", Severity.WARNING, expected="…"),
    )
    load(warehouse, checked(submission(activities=[activity()], findings=findings)))
    columns = "ordinal, rule, severity, sheet, cell, source_row, column_header, value, expected, message, fix"
    assert _rows(warehouse, f"select {columns} from finding order by ordinal") == [
        (1, "row.b", "error", "表", "F7", 7, "结束日期", "2024-12-20", None, "请核对", "请改正"),
        (2, "file.a", "warning", None, None, None, None, None, "…", "请核对", "请改正"),
    ]


def test_held_rows_name_the_queries_they_wait_for(warehouse: Engine) -> None:
    findings = (
        _finding("set.b", row_id=1, row=3),
        _finding("row.a", row_id=1, row=3),
        _finding("row.c", Severity.WARNING, row_id=1, row=3),
        _finding("row.d", row_id=0, row=2),
    )
    rows = [activity("甲"), activity("乙", activity_key="key of 乙"), activity("丙")]
    load(warehouse, checked(submission(activities=rows, findings=findings), held=[1]))
    held = "select receipt_no, source_sheet, source_row, rules, activity_key from held_row"
    assert _rows(warehouse, held) == [("620400-2024W49-001", "活动明细", 3, "row.a;set.b", "key of 乙")]


def test_rows_of_a_held_file_wait_for_the_files_query(warehouse: Engine) -> None:
    findings = (_finding("file.period.conflict"), _finding("row.a", row_id=0, row=2))
    drop = checked(
        submission(activities=[activity("甲"), activity("乙")], findings=findings, sheet=None), status=FileStatus.HELD
    )
    load(warehouse, drop)
    assert _rows(warehouse, "select source_sheet, source_row, rules from held_row order by source_row") == [
        ("", 2, "file.period.conflict;row.a"),
        ("", 3, "file.period.conflict"),
    ]


def test_counts_and_times_of_a_drop_are_one_row(warehouse: Engine) -> None:
    rows = [activity(figures={"people_served": 1, "sessions": 2}), activity("乙"), activity("合计", row_class="total")]
    drop = checked(submission(activities=rows), held=[1])
    at = datetime(2024, 12, 9, 1, 5, tzinfo=UTC)
    loaded = at + timedelta(seconds=3)
    with warehouse.begin() as connection:
        object_id = take(connection, drop)
        load_drop(connection, drop, object_id=object_id, checked_at=at)
        for now in (loaded, loaded + timedelta(hours=1)):  # the first note stands
            record_loaded(connection, object_id, now)
    columns = (
        "received_count, accepted_count, returned_count, held_count, ignored_count, activity_count, figure_count, "
        "is_late, week_start, received_at, checked_at, loaded_at, answered_at"
    )
    monday = ReportingWeek.parse("2024-W49").monday
    assert _rows(warehouse, f"select {columns} from fact_submission") == [
        (3, 1, 0, 1, 1, 1, 2, False, monday, MONDAY_AFTER, at, loaded, None)
    ]
