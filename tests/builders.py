"""Submissions and checked drops made by hand, as the intake and the gate would hand them on."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.due_time import report_due_at
from nuanliu.domain.checked import CheckedDrop, FileStatus, LoadAction, RowStatus
from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness
from nuanliu.domain.receipt import Receipt, RowCounts
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import (
    CARRIED,
    FIGURE_COLUMNS,
    ROW_COLUMNS,
    PeriodKind,
    Submission,
    SubmissionType,
    empty_frame,
)
from nuanliu.quality.verdict.totals import sum_totals
from nuanliu.warehouse.submissions.loading import load_drop
from nuanliu.warehouse.submissions.registry import claim

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from nuanliu.domain.findings import Finding
    from nuanliu.warehouse.submissions.loading import LoadedDrop

W49 = ReportingWeek.parse("2024-W49")
MONDAY_AFTER = datetime(2024, 12, 9, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai on the Monday after W49."""

Figure = int | str | Decimal | tuple[int | str | Decimal, str]


def activity(
    name: str = "慰问活动", category: str = "condolence", figures: Mapping[str, Figure] | None = None, **says: Any
) -> dict[str, Any]:
    """One activity. ``figures``: measure id → value in the base unit, or (value, exactness).

    ``says``: any of ROW_COLUMNS; dates as ``date``. ``row_class`` total, example … makes a row that is no activity.
    """
    return {"activity_name": name, "category_id": category, "figures": figures or {}, **says}


def submission(
    union_id: str = "620400",
    week: ReportingWeek | str = W49,
    activities: Sequence[Mapping[str, Any]] = (),
    *,
    submission_type: SubmissionType = SubmissionType.FIRST,
    findings: Sequence[Finding] = (),
    sheet: str | None = "活动明细",
    **more: Any,
) -> Submission:
    """A submission of one sheet whose header stands in row 1; ``more`` are further fields of Submission."""
    of_week = ReportingWeek.parse(week) if isinstance(week, str) else week
    rows = [_row(number, says, union_id, of_week, sheet) for number, says in enumerate(activities)]
    figures = [figure for number, says in enumerate(activities) for figure in _figures(number, says, sheet)]
    hashes = "".join(row["content_hash"] for row in rows)
    fields = {"content_hash": _hash(union_id, of_week, submission_type, hashes), **more}
    return Submission(
        union_id=union_id,
        week=of_week,
        is_week_certain=True,
        submission_type=submission_type,
        rows=_frame(rows, ROW_COLUMNS),
        figures=_frame(figures, FIGURE_COLUMNS),
        findings=tuple(findings),
        **fields,
    )


def checked(
    submitted: Submission,
    *,
    status: FileStatus | None = None,
    action: LoadAction | None = None,
    held: Sequence[int] = (),
    returned: Sequence[int] = (),
    received_at: datetime = MONDAY_AFTER,
    waiting: Sequence[int] = (),
    **receipt_fields: Any,
) -> CheckedDrop:
    """The drop as the gate would decide it: all activity rows accepted but for the row ids in ``held`` and ``returned``.
    ``waiting``: those of ``held`` that stay in the version.

    A file ``status`` of held, rejected, duplicate, unchanged or trial loads nothing.
    """
    row_status = _row_status(submitted, held, returned, status)
    counts = {str(name): int(count) for name, count in row_status.value_counts().items()}
    settled = status or (FileStatus.PARTIALLY_ACCEPTED if held or returned else FileStatus.ACCEPTED)
    loads = settled in {
        FileStatus.ACCEPTED,
        FileStatus.ACCEPTED_WITH_WARNINGS,
        FileStatus.PARTIALLY_ACCEPTED,
    }
    adds = submitted.submission_type is SubmissionType.SUPPLEMENT
    default_action = (LoadAction.ADD if adds else LoadAction.REPLACE) if loads else LoadAction.NOTHING
    union = codes().unions.list.entries.get(submitted.union_id)
    # A measure that nobody knows is for the load to refuse.
    figures = submitted.figures[submitted.figures["measure_id"].isin([measure.id for measure in codes().measures])]
    accepted = submitted.rows[(row_status == str(RowStatus.ACCEPTED)) & (submitted.rows["row_class"] == "activity")]
    receipt = Receipt(
        receipt_no=None,
        object_key=f"intake/{submitted.union_id}/周报.xlsx",
        sha256=_hash("bytes", submitted.content_hash),
        received_at=received_at,
        union_id=submitted.union_id,
        union_name=union.name if union else "未知单位",
        week=str(submitted.week) if submitted.is_week_certain else None,
        status=str(settled),
        would_be=str(FileStatus.ACCEPTED) if settled is FileStatus.TRIAL else None,
        version=None,
        submission_type=str(submitted.submission_type),
        late=received_at > report_due_at(submitted.week),
        activities=int((submitted.rows["row_class"] == "activity").sum()),
        rows=RowCounts(received=len(row_status), **counts),
        totals=sum_totals(accepted, figures) if loads and len(accepted) else (),
        findings=submitted.findings,
    )
    return CheckedDrop(
        submission=submitted,
        row_status=row_status,
        status=settled,
        action=default_action if action is None else action,
        receipt=replace(receipt, **receipt_fields),
        waiting=frozenset(waiting),
    )


def load(engine: Engine, drop: CheckedDrop, *, source_key: str | None = None) -> LoadedDrop:
    """Claim and load a drop as the intake does, committed."""
    with engine.begin() as connection:
        object_id = take(connection, drop, source_key=source_key)
        return load_drop(connection, drop, object_id=object_id)


def take(connection: Connection, drop: CheckedDrop, *, source_key: str | None = None) -> int:
    """The registry row of a drop, claimed; each call without ``source_key`` is another object."""
    receipt = drop.receipt
    object_id = claim(
        connection,
        object_key=receipt.object_key,
        source_key=source_key or f"intake/{receipt.union_id}/{secrets.token_hex(8)}.xlsx",
        union_id=receipt.union_id,
        path_week=None,
        is_trial=drop.status is FileStatus.TRIAL,
        sha256=receipt.sha256,
        size_bytes=1,
        received_at=receipt.received_at,
    )
    assert object_id is not None
    return object_id


def activity_keys(submitted: Submission) -> list[str]:
    """The activity keys of a submission, row by row."""
    return [str(key) for key in submitted.rows["activity_key"]]


def _row_status(
    submitted: Submission, held: Sequence[int], returned: Sequence[int], status: FileStatus | None
) -> pd.Series[str]:
    rows = submitted.rows
    of_activity = {FileStatus.HELD: RowStatus.HELD, FileStatus.REJECTED: RowStatus.RETURNED}.get(
        status or FileStatus.ACCEPTED, RowStatus.ACCEPTED
    )
    result = pd.Series(str(RowStatus.IGNORED), index=rows.index, dtype="str")
    result[rows["row_class"] == "activity"] = str(of_activity)
    result[rows["row_id"].isin(held)] = str(RowStatus.HELD)
    result[rows["row_id"].isin(returned)] = str(RowStatus.RETURNED)
    return result


def _row(number: int, says: Mapping[str, Any], sender: str, week: ReportingWeek, sheet: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "row_id": number,
        "sheet": sheet,
        "row": number + 2,
        "row_class": "activity",
        "activity_id": number,
        "reporting_union_id": sender,
        "organizer_union_id": says.get("reporting_union_id", sender),
        "has_open_list": False,
        "is_date_inferred": False,
        "period_kind": str(PeriodKind.EVENT),
        "scope": "own",
        **{name: value for name, value in says.items() if name != "figures"},
    }
    ended = row.get("end_on") or row.get("start_on")
    row.setdefault("counts_week", ReportingWeek.of(ended).monday if ended else week.monday)
    row.setdefault("as_of_on", ended or week.sunday)
    series = (row["organizer_union_id"], row["category_id"], row["activity_name"], row.get("item_name"), row["scope"])
    since = (row["period_kind"], row.get("since_on"))
    dated = (row.get("start_on"), row["counts_week"] if row["period_kind"] == "event" else None)
    row["series_key"] = _key(row.get("series_key")) or _hash("series", *series, *since)
    is_carried = row["period_kind"] in {str(kind) for kind in CARRIED}
    row.setdefault("identity_key", _hash("identity", *series, *since, None if is_carried else row["counts_week"]))
    row.setdefault("measures_hash", _hash("measures", sorted(map(str, says["figures"].items()))))
    row.setdefault("activity_key", _hash("key", row.get("activity_no"), *series, *since, *dated))
    row.setdefault("content_hash", _hash("content", sorted(map(str, says.items()))))
    return row


def _figures(number: int, says: Mapping[str, Any], sheet: str | None) -> list[dict[str, Any]]:
    figures = []
    for column, (measure_id, written) in enumerate(says["figures"].items()):
        value, exactness = written if isinstance(written, tuple) else (written, Exactness.EXACT)
        cents = int(Decimal(value) * 100)
        figures.append(
            {
                "row_id": number,
                "activity_id": says.get("activity_id", number),
                "measure_id": measure_id,
                "value_cents": cents,
                "exactness": EXACTNESS_CODES.index(Exactness(exactness)),
                "precision_cents": 100,
                "raw_text": str(value),
                "sheet": sheet,
                "row": number + 2,
                "cell": f"{chr(ord('J') + column)}{number + 2}",
            }
        )
    return figures


def _frame(rows: list[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    if not rows:
        return empty_frame(columns)
    frame = pd.DataFrame({name: [row.get(name) for row in rows] for name in columns})
    return pd.DataFrame(
        {
            name: pd.to_datetime(frame[name]).astype(kind) if kind.startswith("datetime") else frame[name].astype(kind)
            for name, kind in columns.items()
        }
    )


def _key(written: str | None) -> str | None:
    """A key as the intake makes it, a hash and what may stand behind it, of whatever a test calls a series."""
    return written if written is None or re.match(r"[0-9a-f]{32}(/|\Z)", written) else _hash("series", written)


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
