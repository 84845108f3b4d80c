"""Where things are and what time it is. Built once per process, inside the task or command, never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nuanliu.errors import InvalidSetting

if TYPE_CHECKING:
    from collections.abc import Mapping

SHANGHAI = ZoneInfo("Asia/Shanghai")
INCLUDE_DIR = Path(__file__).resolve().parent.parent
"""``include/``: contracts, reference data, SQL, templates and migrations lie here."""


@dataclass(frozen=True)
class Settings:
    """The settings of one process.

    ``bucket_url``: object store root, ``file://…`` or ``s3://…``. ``warehouse_dsn``: None means the embedded server.
    ``now``: a pinned arrival time (aware), None means the wall clock.
    """

    home: Path
    bucket_url: str
    warehouse_dsn: str | None
    now: datetime | None

    @property
    def var(self) -> Path:
        """Everything the program writes lies under this folder."""
        return self.home / "var"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read NUANLIU_HOME, NUANLIU_BUCKET, NUANLIU_WAREHOUSE_DSN and NUANLIU_NOW.

        Raises: InvalidSetting when NUANLIU_NOW is not ISO 8601 with an offset.
        """
        source = os.environ if env is None else env
        home = Path(source.get("NUANLIU_HOME") or INCLUDE_DIR.parent).expanduser().resolve()
        bucket = source.get("NUANLIU_BUCKET") or f"file://{home}/var/bucket"
        return cls(
            home=home,
            bucket_url=bucket.rstrip("/"),
            warehouse_dsn=source.get("NUANLIU_WAREHOUSE_DSN") or None,
            now=_parse_now(source.get("NUANLIU_NOW")),
        )

    def clock(self) -> datetime:
        """The arrival time to use now, in UTC."""
        return self.now or datetime.now(UTC)

    def at(self, now: datetime) -> Settings:
        """The same settings at another time."""
        return replace(self, now=now.astimezone(UTC))


def _parse_now(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidSetting(f"NUANLIU_NOW={text!r} is not ISO 8601; write e.g. 2024-12-09T09:00+08:00") from error
    if parsed.tzinfo is None:
        raise InvalidSetting(f"NUANLIU_NOW={text!r} has no offset; write e.g. 2024-12-09T09:00+08:00")
    return parsed.astimezone(UTC)
