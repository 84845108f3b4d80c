"""The answer to one drop, as ``nuanliu.receipt/1`` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from nuanliu.domain import schemas
from nuanliu.domain.findings import Finding, Severity


@dataclass(frozen=True)
class RowCounts:
    """received = accepted + returned + held + ignored, always."""

    received: int = 0
    accepted: int = 0
    returned: int = 0
    held: int = 0
    ignored: int = 0

    @property
    def is_identity_kept(self) -> bool:
        """Whether every received row is accounted for."""
        return self.received == self.accepted + self.returned + self.held + self.ignored


@dataclass(frozen=True)
class MeasureTotal:
    """The sum of one measure over accepted rows. ``value`` is a decimal in the base unit, as text."""

    measure: str
    unit: str
    period_kind: str
    scope: str
    value: str
    exactness: str


@dataclass(frozen=True)
class Change:
    """One value of an activity that differs from the version before."""

    activity: str
    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Receipt:
    """One drop's answer. ``receipt_no`` is None for ``check``, ``week`` None when the period could not be told."""

    receipt_no: str | None
    object_key: str
    sha256: str
    received_at: datetime
    union_id: str
    union_name: str
    week: str | None
    status: str
    would_be: str | None
    version: int | None
    submission_type: str | None
    late: bool
    activities: int
    rows: RowCounts
    totals: tuple[MeasureTotal, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...] = ()

    def numbered(self, receipt_no: str, version: int | None) -> Receipt:
        """The receipt with the number and version the warehouse gave it."""
        return replace(self, receipt_no=receipt_no, version=version)

    def as_json(self) -> dict[str, Any]:
        """The document of the contract, keys in its order."""
        return {
            "schema": schemas.RECEIPT,
            "receipt_no": self.receipt_no,
            "object_key": self.object_key,
            "sha256": self.sha256,
            "received_at": self.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "union_id": self.union_id,
            "union_name": self.union_name,
            "week": self.week,
            "status": self.status,
            "would_be": self.would_be,
            "version": self.version,
            "submission_type": self.submission_type,
            "late": self.late,
            "activities": self.activities,
            "rows": _fields(self.rows),
            "totals": [_fields(total) for total in self.totals],
            "findings": [finding.as_receipt() for finding in self.findings],
            "changes": [_fields(change) for change in self.changes],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Receipt:
        """Read a stored receipt back."""
        return cls(
            **{
                key: document[key]
                for key in (
                    "receipt_no",
                    "object_key",
                    "sha256",
                    "union_id",
                    "union_name",
                    "week",
                    "status",
                    "would_be",
                    "version",
                    "submission_type",
                    "late",
                    "activities",
                )
            },
            received_at=datetime.fromisoformat(document["received_at"]),
            rows=RowCounts(**document["rows"]),
            totals=tuple(MeasureTotal(**total) for total in document["totals"]),
            findings=tuple(
                Finding(**{**finding, "severity": Severity(finding["severity"])}) for finding in document["findings"]
            ),
            changes=tuple(Change(**change) for change in document["changes"]),
        )


def _fields(value: RowCounts | MeasureTotal | Change) -> dict[str, Any]:
    return dict(vars(value))
