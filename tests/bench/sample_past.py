"""What it takes to make and load sample weeks; every figure of them is held against the plan, as of its publication and in the end."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.bench.measurement import Measurement
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
    from collections.abc import Iterator

    from tests.bench.sizes import Sizes

_LAST = "2024-W48"


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Sixty weeks with ``--full``, else six."""
    past = Past.ending(ReportingWeek.parse(_LAST), sizes.weeks)
    with TemporaryDirectory(prefix="nuanliu-bench-") as home, bench_server() as server:
        engine = open_engine(server.warehouse("past"))
        settings = Settings.from_env({"NUANLIU_HOME": home})
        ctx = Context(settings, open_bucket((Path(home) / "var" / "bucket").as_uri()), engine)
        wall, cpu = time.perf_counter(), time.process_time()
        played = play_past(ctx, past)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        wrong = _wrong_figures(ctx, past)
        differences = len(reconcile(ctx)["differences"])
        engine.dispose()
    work = f"{len(past.weeks)} sample weeks, {played['files']} files, {played['editions']} editions"
    yield Measurement(f"{work}: figures that are not as planned", wrong, 0, "")
    yield Measurement(f"{work}: differences of reconcile", differences, 0, "")
    yield Measurement(
        f"{work}: a file, with its share of the editions", cpu / played["files"], 0.6, "s", f"{wall:.0f} s"
    )
    yield Measurement(f"{work}: peak memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 800, "MB")


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
