"""How long the board takes for its page of unions and weeks, with five years of weeks in the warehouse."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from statistics import quantiles
from typing import TYPE_CHECKING
from unittest.mock import patch

from fastapi.testclient import TestClient
from tests.bench.big_table import WEEK
from tests.bench.measuring.meter import Meter
from tests.bench.results.rows import By, Figure, Row, Way
from tests.bench.server import bench_server
from tests.bench.years_of_facts import fill_weeks

from nuanliu.board import app as board_app
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.settings import Settings
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.sizes import Bench

_WEEKS = 5 * 52
_CALLS = 60


def measure(bench: Bench) -> Row:
    """The page as a browser asks for it, Airflow's login left out; the 95th percentile of its answers."""
    newest = ReportingWeek.parse(WEEK)
    with bench_server() as server, tempfile.TemporaryDirectory() as folder:
        dsn = server.warehouse("board")
        engine = open_engine(dsn)
        fill_weeks(engine, [newest.shift(-back) for back in range(_WEEKS)], bench.sizes)
        engine.dispose()
        with _board(dsn, folder) as board:
            for back in range(3):
                _seconds(board, newest.shift(-back))  # warms up
            with Meter(dsn) as meter, meter.piece() as piece:
                seconds = [_seconds(board, newest.shift(-(number % _WEEKS))) for number in range(_CALLS)]
    return Row(
        title=f"the board's page of 107 unions × 12 of {_WEEKS} weeks",
        ways={"page": Way("a page", piece.cost.each(_CALLS), _CALLS)},
        figures={"clock": Figure("95 % of the pages come within", quantiles(seconds, n=20)[-1], "s", By.CLOCK, 0.1)},
    )


def _seconds(board: TestClient, week: ReportingWeek) -> float:
    started = time.perf_counter()
    answer = board.get("/", params={"until": str(week)})
    seconds = time.perf_counter() - started
    if answer.status_code != 200:
        raise RuntimeError(f"the board answered {answer.status_code}: {answer.text[:200]}")
    return seconds


@contextmanager
def _board(dsn: str, folder: str) -> Iterator[TestClient]:
    settings = Settings.from_env({"NUANLIU_WAREHOUSE_DSN": dsn, "NUANLIU_BUCKET": f"file://{folder}"})
    with (
        patch.object(board_app, "require_login", lambda: None),
        TestClient(board_app.create_app(lambda: (settings, None))) as client,
    ):
        yield client
