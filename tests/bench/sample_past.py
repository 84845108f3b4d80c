"""What it takes to make and load sample weeks; every figure of them is held against the plan, as of its publication and in the end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.bench.measuring.memory import own_peak_mb
from tests.bench.measuring.meter import Meter
from tests.bench.results.rows import By, Figure, Row, Way
from tests.bench.server import bench_server

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.running.sample_past.oracle import expected_figures
from nuanliu.running.sample_past.planning import published_at
from nuanliu.running.sample_past.playing import Past, play_past
from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from tests.bench.measuring.cost import Cost
    from tests.bench.sizes import Bench

_LAST = "2024-W48"


def measure(bench: Bench) -> Row:
    """Sixty weeks with ``--full``, else six."""
    past = Past.ending(ReportingWeek.parse(_LAST), bench.sizes.weeks)
    with TemporaryDirectory(prefix="nuanliu-bench-") as home, bench_server() as server:
        dsn = server.warehouse("past")
        engine = open_engine(dsn)
        settings = Settings.from_env({"NUANLIU_HOME": home})
        ctx = Context(settings, open_bucket((Path(home) / "var" / "bucket").as_uri()), engine)
        with Meter(dsn) as meter, meter.piece() as piece:
            played = play_past(ctx, past)
        wrong = _wrong_figures(ctx, past)
        differences = len(reconcile(ctx)["differences"])
        engine.dispose()
    cost = replace(piece.cost, peak_mb=own_peak_mb())
    return Row(
        title=f"{len(past.weeks)} sample weeks made and loaded",
        ways={
            "past": Way("all of it", cost, 1),
            "file": Way("a file, with its share of the editions", _of_each(cost, played), 1),
        },
        counts={"files": played["files"], "editions": played["editions"]},
        figures={
            "wrong": Figure("figures that are not as planned", wrong, "", By.COUNT, 0),
            "differences": Figure("differences of reconcile", differences, "", By.COUNT, 0),
            "file": Figure("Python's seconds of a file", cost.client / played["files"], "s", By.PROCESSOR, 0.6),
            "peak": Figure("peak memory", cost.peak_mb or 0, "MB", By.COUNT, 800),
        },
    )


def _of_each(cost: Cost, played: dict[str, Any]) -> Cost:
    return replace(cost, peak_mb=None).each(played["files"])


def _wrong_figures(ctx: Context, past: Past) -> int:
    files, wrong = past.files(), 0
    for week in past.weeks:
        first = json.loads(ctx.bucket.read(f"reports/{week}/edition-1/summary.json"))
        latest = roll_up_week(ctx, str(week), compares=False)
        for document, instant in ((first, published_at(week)), (latest, published_at(past.last))):
            said, planned = _own_figures(document), expected_figures(files, week, instant)
            wrong += sum(said.get(figure) != planned.get(figure) for figure in said.keys() | planned.keys())
    return wrong


def _own_figures(document: Any) -> dict[str, tuple[int, str]]:
    return {
        figure["figure_id"]: (int(figure["value"]), figure["exactness"])
        for figure in document["figures"]
        if (figure["scope"], figure["basis"]) == ("own", "organizer")
    }
