"""How the bench counts: nobody's processor seconds are lost, and what others take is told apart."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.bench.measuring.cost import Cost, median_cost
from tests.bench.measuring.household import Snapshot
from tests.bench.measuring.memory import own_peak_mb
from tests.bench.measuring.processor_time import (
    Process,
    ServerSeconds,
    family,
    family_seconds,
    machine_seconds,
    parent_of,
    processes,
    server_seconds,
)

BURN = "import time\nwhile time.process_time() < 0.1: pass"
LIVING = {
    each.pid: each
    for each in (
        Process(10, 1, "bash", 1.0),
        Process(11, 10, "python", 2.0),
        Process(12, 11, "python", 4.0),
        Process(20, 1, "postgres", 8.0),
        Process(21, 20, "postgres", 16.0),
        Process(22, 20, "postgres", 32.0),
    )
}
COMMANDS = {
    20: "/usr/lib/postgresql/15/bin/postgres -D /data",
    21: "postgres: checkpointer ",
    22: "postgres: nuanliu a",
}


def test_a_family_is_a_process_and_all_below_it() -> None:
    assert {each.pid for each in family(10, LIVING)} == {10, 11, 12}
    assert family_seconds(10, LIVING) == 7
    assert family(99, LIVING) == []


def test_a_server_tells_its_backends_from_what_writes_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Process, "command", lambda self: COMMANDS[self.pid])
    assert server_seconds(20, LIVING) == ServerSeconds(backends=40, writers=16)


def test_a_process_that_ended_is_counted_by_the_one_that_waited_for_it() -> None:
    before = family_seconds(os.getpid(), processes())
    subprocess.run([sys.executable, "-c", BURN], check=True)
    assert family_seconds(os.getpid(), processes()) - before >= 0.09


def test_a_process_that_still_runs_is_counted_too() -> None:
    before = family_seconds(os.getpid(), processes())
    program = BURN + "\nprint(flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert family_seconds(os.getpid(), processes()) - before >= 0.09
        child.communicate(b"\n")


def test_a_process_knows_its_parent() -> None:
    assert parent_of(os.getpid()) == os.getppid()


def test_the_machine_took_at_least_what_this_process_took() -> None:
    assert machine_seconds() > family_seconds(os.getpid(), processes())


def test_a_process_knows_the_most_memory_it_held() -> None:
    assert own_peak_mb() > 10


def snapshot(wall: float, *, machine: float, ours: float) -> Snapshot:
    return Snapshot(
        wall=wall,
        bench=ours,
        children=ours * 2,
        servers=ServerSeconds(ours * 3, ours),
        kernel=ours,
        machine=machine,
    )


def test_what_others_take_is_what_ran_less_all_that_is_ours() -> None:
    begin, end = snapshot(100, machine=1000, ours=1), snapshot(110, machine=1020, ours=2)
    assert begin.others_until(end) == pytest.approx((20 - 8) / 10)
    assert begin.until(end) == Cost(wall=10, client=2, postgres=3, writers=1)


def test_others_are_never_less_than_nothing() -> None:
    begin, end = snapshot(100, machine=1000, ours=1), snapshot(110, machine=1001, ours=2)
    assert begin.others_until(end) == 0


def test_each_number_of_several_runs_is_the_middle_one_and_the_peak_the_highest() -> None:
    runs = [Cost(3, 10, 1, wal_mb=5, peak_mb=70), Cost(1, 30, 2, wal_mb=5, peak_mb=90), Cost(2, 20, 9, wal_mb=8)]
    assert median_cost(runs) == Cost(2, 20, 2, wal_mb=5, peak_mb=90)


def test_one_of_several_equal_pieces_is_its_share_and_holds_the_same_memory() -> None:
    assert Cost(10, 5, 2.5, 1, 20, 300).each(10) == Cost(1, 0.5, 0.25, 0.1, 2, 300)


def test_client_and_backends_count_together() -> None:
    assert Cost(wall=9, client=4, postgres=3, writers=2).processor == 7
