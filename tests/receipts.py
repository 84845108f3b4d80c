"""A receipt as the warehouse gives it out, to be varied by ``dataclasses.replace``."""

from __future__ import annotations

from datetime import UTC, datetime

from nuanliu.domain.receipt import Receipt, RowCounts

STORED = Receipt(
    receipt_no="620400-2024W49-001",
    object_key="intake/620400/周报.xlsx",
    sha256="0" * 64,
    received_at=datetime(2024, 12, 9, 1, tzinfo=UTC),
    union_id="620400",
    union_name="白银市总工会",
    week="2024-W49",
    status="accepted",
    would_be=None,
    version=1,
    submission_type="首报",
    late=False,
    activities=1,
    rows=RowCounts(1, 1, 0, 0, 0),
    totals=(),
    findings=(),
)
