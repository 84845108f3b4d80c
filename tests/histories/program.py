"""The program on a warehouse and a bucket of its own, at whatever time a history says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from tests.histories.making.writing import file_name, object_key, write_drop
from tests.histories.memory_bucket import MemoryBucket
from tests.histories.moments import Moment
from tests.histories.union_lists import write_reference
from tests.model.drops import Drop, Publish, TreeChange
from tests.model.figures import Figure

from nuanliu.contract import code_lists, reloading
from nuanliu.domain.exactness import exactness_word
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.take_all import take_all
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.operations.weeks.inquiries import trace
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.settings import Settings
from nuanliu.warehouse.marts.coverage import UnitWeek, read_coverages
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.schema import tables


@dataclass
class Program:
    """What a history is played through. ``answers``: receipts by drop."""

    engine: Engine
    home: Path
    bucket: MemoryBucket = field(default_factory=MemoryBucket)
    answers: dict[Drop, dict[str, Any]] = field(default_factory=dict)
    waiting: dict[str, Drop] = field(default_factory=dict)
    changes: list[TreeChange] = field(default_factory=list)
    is_crowded: bool = False
    """Whether two intakes always run at once."""

    def at(self, moment: datetime) -> Context:
        settings = Settings.from_env(
            {"NUANLIU_HOME": str(self.home), "NUANLIU_BUCKET": (self.home / "bucket").as_uri()}
        )
        return Context(replace(settings.at(moment), settle_seconds=0), self.bucket, self.engine)

    def live_through(self, moment: Moment) -> list[dict[str, Any]]:
        """Everything but publications: files arrive, the tree changes, the intake runs. Returns its failures."""
        for drop in moment.arriving:
            self._put(drop)
        if moment.changes:
            self._change_tree(moment.at, moment.changes)
        self.bucket.unreadable = {key for key, drop in self.waiting.items() if drop.at > moment.at}
        if not (moment.arriving or moment.answered):
            return []
        intakes = self._take_all(moment.at)
        for receipt in (receipt for answered in intakes for receipt in answered["receipts"]):
            drop = self.waiting.pop(receipt["object_key"], None)
            if drop is not None:
                self.answers[drop] = receipt
        failures = [failure for answered in intakes for failure in answered["failures"]]
        return failures if len(failures) > len(self.bucket.unreadable) * len(intakes) else []

    def _take_all(self, at: datetime) -> list[dict[str, Any]]:
        """One intake, or two at once that share the work."""
        if not self.is_crowded:
            return [take_all(self.at(at))]
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(take_all, [self.at(at), self.at(at)]))

    def publish(self, step: Publish) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """What ``publish`` answers, and the document of the edition."""
        answer = publish_week(self.at(step.at), step.week, send=False)
        with self.engine.connect() as connection:
            edition = tables.edition.c
            found = select(edition.document).where(
                edition.week_id == step.week, edition.edition_no == answer["edition"]
            )
            return dict(answer), connection.execute(found).scalar()

    def figures(self) -> dict[str, Figure]:
        """Every figure of every week by id."""
        with self.engine.connect() as connection:
            rows = connection.execute(tables.mart_week_figure.select()).all()
        return {row.figure_id: Figure(row.value, exactness_word(row.exactness), row.activity_count) for row in rows}

    def document(self, week: str) -> dict[str, Any]:
        """The week's ``nuanliu.rollup/1``."""
        with self.engine.connect() as connection:
            return dict(week_document(connection, ReportingWeek.parse(week)))

    def coverages(self, weeks: Sequence[str]) -> dict[str, tuple[UnitWeek, ...]]:
        """Every union's state by week."""
        with self.engine.connect() as connection:
            found = read_coverages(connection, [ReportingWeek.parse(week) for week in weeks])
        return {str(week): units for week, units in found.items()}

    def trace(self, figure_id: str, moment: datetime) -> dict[str, Any]:
        return dict(trace(self.at(moment), figure_id))

    def replay(self, moment: datetime) -> dict[str, Any]:
        return replay(self.at(moment), ReplayScope())

    def reconcile(self, moment: datetime) -> dict[str, Any]:
        return dict(reconcile(self.at(moment)))

    def _put(self, drop: Drop) -> None:
        """Never over a waiting file, as ``nuanliu drop``."""
        key, number = object_key(drop), 1
        while key in self.bucket.objects:
            number += 1
            name = file_name(drop)
            key = object_key(drop).removesuffix(name) + f"{Path(name).stem}-{number}{Path(name).suffix}"
        self.bucket.put(key, write_drop(drop), drop.arrived)
        self.waiting[key] = drop

    def _change_tree(self, at: datetime, changes: Sequence[TreeChange]) -> None:
        """The lists are edited, ``init`` takes them over, and every week is rolled up anew, as the runbook says."""
        self.changes += changes
        write_reference(self.home / "reference", self.changes)
        read_lists_from(self.home)
        initialise(self.at(at))
        for week in sorted({figure_id.partition("/")[0] for figure_id in self.figures()}):
            roll_up_week(self.at(at), week)


@contextmanager
def own_lists() -> Iterator[None]:
    """Give the program its own code lists back at the end."""
    folder = code_lists.INCLUDE_DIR
    try:
        yield
    finally:
        if folder != code_lists.INCLUDE_DIR:
            read_lists_from(folder)


COSTLY = {"rule_registry", "input_contract", "_prepared"}
"""Caches that depend on no union; to fill them again takes a second."""


def read_lists_from(folder: Path) -> None:
    """As after an edit of the code lists: whatever depends on the unions is read again."""
    code_lists.INCLUDE_DIR = folder
    for cached in reloading._CACHES:  # forgetting all of them is a second for each change of the tree
        if cached.__name__ not in COSTLY:
            cached.cache_clear()
