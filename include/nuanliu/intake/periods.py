"""Which week a file reports. Skeleton: signatures are final, bodies follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from nuanliu.findings import Finding
    from nuanliu.reporting_week import ReportingWeek


@dataclass(frozen=True, slots=True)
class PeriodDecision:
    """The week a file is filed under. ``is_certain`` False: sources conflict or cannot be read, receipt ``week`` null."""

    week: ReportingWeek
    is_certain: bool
    findings: tuple[Finding, ...] = ()


def read_period(text: str, *, received_at: datetime) -> ReportingWeek | None:
    """The week that a cover field, a title, a folder or a file name names; None when it names none."""
    raise NotImplementedError


def settle_period(
    sources: Mapping[str, str | None], *, received_at: datetime, weeks_back: int
) -> PeriodDecision:
    """Decide by all sources; keys are 封面, 标题, 路径, 文件名, values their texts (None or empty: not there)."""
    raise NotImplementedError
