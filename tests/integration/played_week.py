"""Play the sample week through the intake into a fresh warehouse and bucket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from nuanliu.operations.context import Context
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.running.demo import ARRIVAL, sample_files
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.storage.bucket import Bucket

WEEKS = ("2024-W46", "2024-W48", "2024-W49")


@dataclass(frozen=True)
class PlayedWeek:
    """What the intake answered and what the rollups say."""

    ctx: Context
    receipts: list[dict[str, Any]]
    documents: dict[str, dict[str, Any]]

    @property
    def figures(self) -> dict[str, dict[str, Any]]:
        """Every figure and campaign of the three weeks by id."""
        found: dict[str, dict[str, Any]] = {}
        for document in self.documents.values():
            found |= {figure["figure_id"]: figure for figure in document["figures"]}
            found |= {campaign["figure_id"]: campaign for campaign in document["campaigns"]}
        return found

    def said(self, figure_id: str) -> tuple[str, str]:
        """Value and exactness of a figure."""
        figure = self.figures[figure_id]
        return figure["value"], figure["exactness"]


def context(home: Path, bucket: Bucket, engine: Engine, arrival: str = ARRIVAL) -> Context:
    """A context at a pinned arrival time."""
    settings = Settings.from_env({"NUANLIU_HOME": str(home), "NUANLIU_BUCKET": bucket.url})
    return Context(replace(settings, now=datetime.fromisoformat(arrival)), bucket, engine)


def play(ctx: Context) -> PlayedWeek:
    """Drop every sample, take all, roll up the weeks that the bulletin speaks of."""
    for union_id, path in sample_files():
        drop_files(ctx.bucket, [path], union_id=union_id)
    receipts = take_all(ctx)["receipts"]
    return PlayedWeek(ctx, receipts, {week: roll_up_week(ctx, week) for week in WEEKS})
