"""Where a file came from, and which week follows from that and from what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nuanliu.contract.input_contract import input_contract
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.intake.origin.periods import PeriodDecision, decide_period


@dataclass(frozen=True)
class FileOrigin:
    """``path_week``: the folder it lay in or ``--week``. ``aliases``: the sender's confirmed spellings. ``zipped_as``: the
    file's name inside the zip it came in.
    """

    file_name: str
    sender_id: str
    path_week: str | None
    received_at: datetime
    aliases: Aliases = NO_ALIASES
    zipped_as: str | None = None

    def decide_period(self, periods: Mapping[str, str]) -> PeriodDecision:
        """The week of the file; ``periods``: what cover, titles and columns say, by source."""
        sources = {**periods, "路径": self.path_week, "文件名": self.file_name, "压缩包内的文件名": self.zipped_as}
        return decide_period(
            sources, received_at=self.received_at, weeks_back=int(input_contract().limits["weeks_back"])
        )
