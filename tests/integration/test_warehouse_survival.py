"""A load is all or nothing, whatever is killed, and two at once end as one after the other."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.builders import activity, checked, load, submission, take

from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import WarehouseUnavailable
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.schema.locks import limit_lock_wait, lock_submission, lock_unions
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.submissions import loading
from nuanliu.warehouse.submissions.history_reading import read_history

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from nuanliu.domain.checked import CheckedDrop
    from nuanliu.warehouse.submissions.loading import LoadedDrop

WRITTEN = ("receipt", "finding", "held_row", "dim_submission", "fact_submission", "fact_activity", "fact_measure",
           "bridge_activity_group", "dim_campaign", "dim_partner")  # fmt: skip
SAYS = {"beneficiary_groups": "couriers", "co_organizers": "某医院", "campaign_id": "新专项"}


def _contents(warehouse: Engine) -> dict[str, list[str]]:
    with warehouse.connect() as connection:
        return {name: sorted(connection.execute(text(f"select t::text from {name} t")).scalars()) for name in WRITTEN}


def _drop(people: int, **fields: Any) -> CheckedDrop:
    rows = [activity(f"活动{number}", figures={"people_served": people}, **SAYS) for number in range(3)]
    return checked(submission(activities=rows, **fields))


def _load_and_die(dsn: str, object_id: int, last_step: str) -> None:
    """Run in a child process: end without a word right after one step of the load."""
    step = getattr(loading, last_step)

    def die_after(*args: Any, **kwargs: Any) -> None:
        step(*args, **kwargs)
        os._exit(9)

    setattr(loading, last_step, die_after)
    with open_engine(dsn).begin() as connection:
        loading.load_drop(connection, _drop(2), object_id=object_id)


@pytest.mark.parametrize(
    "last_step",
    [
        "record_receipt",
        "record_counts",
        "begin_version",
        "supersede_others",
        "insert_facts",
        "record_touched_weeks",
    ],
)
def test_a_process_killed_in_the_middle_leaves_nothing_and_the_next_try_succeeds(
    warehouse: Engine, warehouse_dsn: str, last_step: str
) -> None:
    load(warehouse, _drop(1))
    with warehouse.begin() as connection:
        object_id = take(connection, _drop(2))
    before = _contents(warehouse)
    # Forked: another interpreter would import pandas and Great Expectations, four seconds for each step.
    child = multiprocessing.get_context("fork").Process(
        target=_load_and_die, args=(warehouse_dsn, object_id, last_step)
    )
    child.start()
    child.join(timeout=60)
    assert child.exitcode == 9
    assert _contents(warehouse) == before
    with warehouse.begin() as connection:
        loaded = loading.load_drop(connection, _drop(2), object_id=object_id)
    assert (loaded.receipt.receipt_no, loaded.version) == ("620400-2024W49-002", 2)
    assert _people(warehouse) == 6


def test_a_connection_the_server_ends_is_an_outage_that_may_pass(warehouse: Engine) -> None:
    with pytest.raises(WarehouseUnavailable), warehouse.begin() as connection:  # noqa: PT012 - the block is the transaction
        object_id = take(connection, _drop(1))
        backend = connection.execute(text("select pg_backend_pid()")).scalar_one()
        with warehouse.begin() as other:
            other.execute(text("select pg_terminate_backend(:backend)"), {"backend": backend})
        loading.load_drop(connection, _drop(1), object_id=object_id)
    assert load(warehouse, _drop(1)).version == 1


def test_a_lock_that_is_not_granted_in_time_is_an_outage_that_may_pass(warehouse: Engine) -> None:
    with warehouse.begin() as holder, warehouse.begin() as waiter:
        lock_unions(holder, ["620400"])
        with pytest.raises(WarehouseUnavailable, match="trying"):
            _lock_quickly(waiter, "620400")


def test_the_message_of_an_outage_holds_nothing_a_union_wrote(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("set local statement_timeout = '20ms'"))
        with pytest.raises(WarehouseUnavailable) as caught, as_transient("loading"):
            connection.execute(text("select pg_sleep(1), cast(:said as text)"), {"said": "张三"})
    assert "张三" not in caught.value.message


def test_two_loads_of_one_union_and_week_become_two_versions(warehouse: Engine) -> None:
    arrivals = count(1)

    def load_next(people: int) -> LoadedDrop:
        with warehouse.begin() as connection:
            lock_unions(connection, ["620400"])  # as an intake, which takes the files of a union as they arrived
            object_id = take(connection, _drop(people), source_key=f"intake/620400/{next(arrivals)}.xlsx")
            return loading.load_drop(connection, _drop(people), object_id=object_id)

    with ThreadPoolExecutor(6) as pool:
        loaded = list(pool.map(load_next, range(1, 7)))
    assert sorted(drop.version or 0 for drop in loaded) == [1, 2, 3, 4, 5, 6]
    assert sorted(drop.receipt.receipt_no or "" for drop in loaded) == [f"620400-2024W49-{n:03d}" for n in range(1, 7)]
    with warehouse.connect() as connection:
        current = connection.execute(text("select version from dim_submission where superseded_at is null"))
        assert current.scalars().all() == [6]
        versions = connection.execute(
            text("select distinct version from fact_measure join dim_submission using (submission_key)")
        )
        assert versions.scalars().all() == [6]


def test_two_runs_of_one_object_answer_it_once(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        object_id = take(connection, _drop(1))

    def answer(_: int) -> str | None:
        with warehouse.begin() as connection:
            return loading.load_drop(connection, _drop(1), object_id=object_id).receipt.receipt_no

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(answer, range(4))) == {"620400-2024W49-001"}
    assert [len(_contents(warehouse)[name]) for name in ("receipt", "dim_submission", "fact_activity")] == [1, 1, 3]


def test_different_unions_load_at_the_same_time(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        first = checked(submission("620300", activities=[activity(figures={"people_served": 1})]))
        loading.load_drop(connection, first, object_id=take(connection, first))
        other = checked(submission("620500", activities=[activity(figures={"people_served": 2})]))
        assert load(warehouse, other).version == 1  # would wait for ever if it waited at all
    assert _people(warehouse) == 3


def test_what_the_checks_saw_is_what_the_load_meets(warehouse: Engine) -> None:
    """A second drop of the union reads its history only when the first has committed, whatever week either is for."""
    seen: list[int] = []
    first, second = _drop(1), _drop(2, week="2024-W48")

    def ingest_second() -> None:
        with warehouse.begin() as connection:
            lock_submission(connection, second.submission)
            read = submission(week="2024-W48", activities=[activity("活动0", counts_week=_monday(first))])
            history = read_history(
                connection, union_id="620400", week=second.submission.week, rows=read.rows, figures=read.figures
            )
            seen.append(len(history.other_activities))

    with warehouse.begin() as connection:
        lock_submission(connection, first.submission)
        waiting = threading.Thread(target=ingest_second)
        waiting.start()
        _wait_for_waiter(warehouse)
        loading.load_drop(connection, first, object_id=take(connection, first))
    waiting.join(timeout=30)
    assert seen == [3]


def test_a_drop_waits_for_another_that_reports_the_same_organiser(warehouse: Engine) -> None:
    for_county = submission("620100", activities=[activity(organizer_union_id="620102")])
    with warehouse.begin() as first, warehouse.begin() as second:
        lock_submission(first, for_county)
        with pytest.raises(WarehouseUnavailable, match="trying"):
            _lock_quickly(second, "620102")


def test_drops_that_name_the_same_unions_in_any_order_do_not_block_each_other(warehouse: Engine) -> None:
    names = ["620100", "620102", "620103", "620104"]

    def take_locks(turn: int) -> None:
        order = names[turn % 4 :] + names[: turn % 4]
        with warehouse.begin() as connection:
            lock_unions(connection, order)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take_locks, range(40)))


_VALUES = st.integers(min_value=0, max_value=10**17).map(lambda cents: Decimal(cents) / 100)
_ROWS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["people_served", "funds_total", "sessions"]), _VALUES, max_size=3),
        st.sampled_from(["accepted", "held", "returned", "total"]),
    ),
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.tuples(_ROWS, st.sampled_from(SubmissionType)), min_size=1, max_size=4))
def test_facts_equal_the_accepted_figures_of_the_current_versions(warehouse: Engine, files: list[Any]) -> None:
    with warehouse.begin() as connection:
        # What has a foreign key goes with the registry; the facts have none.
        facts = "stored_activity, stored_measure, bridge_activity_group, bridge_activity_partner"
        connection.execute(text(f"truncate registry, {facts} cascade"))
    expected: list[tuple[str, Decimal]] = []
    for rows, kind in files:
        says = [
            activity(f"活动{number}", figures=figures, row_class="total" if fate == "total" else "activity")
            for number, (figures, fate) in enumerate(rows)
        ]
        by_fate = {fate: [n for n, row in enumerate(rows) if row[1] == fate] for fate in ("held", "returned")}
        load(warehouse, checked(submission(activities=says, submission_type=kind), **by_fate))
        accepted = [item for figures, fate in rows if fate == "accepted" for item in figures.items()]
        expected = [*expected, *accepted] if kind is SubmissionType.SUPPLEMENT else accepted
    with warehouse.connect() as connection:
        found = connection.execute(
            text("select measure_id, value from fact_measure join dim_measure using (measure_key)")
        )
        assert sorted(tuple(row) for row in found) == sorted(expected)
        counted = text("select coalesce(sum(activity_count), 0) from fact_submission join dim_submission using (object_id) "
                       "where superseded_at is null")  # fmt: skip
        facts = connection.execute(text("select count(*) from fact_activity")).scalar_one()
        assert facts == connection.execute(counted).scalar_one()


@as_transient("trying a lock")
def _lock_quickly(connection: Connection, union_id: str) -> None:
    limit_lock_wait(connection, "50ms")
    connection.execute(load_sql("warehouse", "lock_unions"), {"union_ids": [union_id]})


def _people(warehouse: Engine) -> int:
    with warehouse.connect() as connection:
        return int(connection.execute(text("select sum(value) from fact_measure")).scalar_one())


def _monday(drop: CheckedDrop) -> Any:
    return drop.submission.week.monday


def _wait_for_waiter(warehouse: Engine) -> None:
    """Until another session of this database waits for an advisory lock."""
    waiting = text(
        "select count(*) from pg_locks where locktype = 'advisory' and not granted "
        "and database = (select oid from pg_database where datname = current_database())"
    )
    for _ in range(200):
        with warehouse.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
        time.sleep(0.05)
    pytest.fail("nobody waited for the lock")
