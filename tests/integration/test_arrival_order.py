"""What a union's files come to is what answering them in the order of their arrival comes to, whatever happens in between."""

from __future__ import annotations

import itertools
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.weekly_workbook import found
from tests.patching import replace_everywhere
from tests.rounds import TO_THE_FULL, rounds

from nuanliu.errors import BucketUnavailable, UsageError
from nuanliu.operations.decisions.waivers import waive_rows
from nuanliu.operations.drops.claiming import claim_waiting, waiting_objects
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.drops.ingest_drop import WAITED_FOR, WITHDRAWN, ingest_drop
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.take_all import take_all
from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.operations.weeks.inquiries import status
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nuanliu.operations.context import Context

WEEK = "2024-W49"
OVERTAKEN = "file.version.overtaken"


def report(people: int, kind: str = "首报", *, name: str = "慰问活动", more: Sequence[Sequence[Any]] = ()) -> bytes:
    """One activity, and the kind of report as a column of a CSV."""
    lines = ["报送类型,报告期,活动名称,活动类别,服务人数(人)"]
    lines += [f"{kind},{WEEK},{each},送温暖慰问,{count}" for each, count in ((name, people), *more)]
    return "\n".join(lines).encode()


def put(ctx: Context, name: str, data: bytes, union_id: str = "620400") -> None:
    assert ctx.bucket.create(f"intake/{union_id}/{name}", data)


def people(ctx: Context, union_id: str = "620400", week: str = WEEK) -> str | None:
    (value,) = people_of(ctx, union_id, week=week)
    return value


def people_of(ctx: Context, *union_ids: str, week: str = WEEK) -> list[str | None]:
    figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, week)["figures"]}
    return [figures.get(f"{week}/{union_id}/all/people_served/event") for union_id in union_ids]


def take(ctx: Context) -> list[dict[str, Any]]:
    document = take_all(ctx)
    assert document["failures"] == []
    return list(document["receipts"])


def name_of(receipt: dict[str, Any]) -> str:
    return str(receipt["object_key"].rpartition("/")[2])


def unreadable(patch: pytest.MonkeyPatch, ctx: Context, *names: str) -> None:
    """Let the store refuse some objects: a file mode does not stop root."""
    real_digest = type(ctx.bucket).digest

    def digest(self: Any, key: str) -> tuple[str, int]:
        if key.endswith(names):
            raise BucketUnavailable("Permission denied")
        return real_digest(self, key)

    patch.setattr(type(ctx.bucket), "digest", digest)


def refused(patch: pytest.MonkeyPatch, ctx: Context, name: str) -> list[str]:
    """Let the store refuse to give out the bytes of an object; returns the keys it refuses, as it does."""
    tried: list[str] = []
    original = type(ctx.bucket).read

    def read(self: Any, key: str) -> bytes:
        if key.endswith(name):
            tried.append(key)
            raise BucketUnavailable("Permission denied")
        return original(self, key)

    patch.setattr(type(ctx.bucket), "read", read)
    return tried


def later(ctx: Context, minutes: int) -> Context:
    assert ctx.settings.now is not None
    return replace(ctx, settings=replace(ctx.settings, now=ctx.settings.now + timedelta(minutes=minutes)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What follows when a first file is answered late does not hang on the store: a folder here, both in ``make soak``."""
    if "late_first" in metafunc.fixturenames and not TO_THE_FULL:
        metafunc.definition.add_marker(pytest.mark.parametrize("bucket", ["folder"], indirect=True))


@pytest.fixture
def late_first(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Drop files in their order, let the first of the given names be unreadable for an hour, and answer all."""

    def play(*files: tuple[str, bytes], late: str) -> list[dict[str, Any]]:
        for name, data in files:
            put(ctx, name, data)
        with monkeypatch.context() as patch:
            unreadable(patch, ctx, late)
            receipts = take_all(ctx)["receipts"]
        return [*receipts, *take(later(ctx, 60))]

    return play


def test_the_second_of_two_drops_of_one_name_counts(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "周报.csv"
    for data in (report(1200), report(1020, "更正")):
        path.write_bytes(data)
        drop_files(ctx.bucket, [path], union_id="620400")
    receipts = take(ctx)
    assert [name_of(receipt) for receipt in receipts] == ["周报.csv", "周报-2.csv"]
    assert [receipt["status"] for receipt in receipts] == ["accepted_with_warnings"] * 2
    assert people(ctx) == "1020"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("周报.csv", "周报(更正).csv"),
        ("周报.csv", "周报\uff08更正\uff09.csv"),
        ("周报2.csv", "周报10.csv"),
        ("周报\uff12.csv", "周报10.csv"),
        ("周报.txt", "周报-2.csv"),
        ("2024-W49/周报.csv", "周报-2.csv"),
        ("周报.csv", "2024-W49/周报-2.csv"),
        ("第二稿.csv", "第三稿.csv"),
    ],
)
def test_names_as_clerks_give_them_count_in_their_order(ctx: Context, first: str, second: str) -> None:
    put(ctx, first, report(1200))
    put(ctx, second, report(1020, "更正"))
    take(ctx)
    assert people(ctx) == "1020"


def test_on_a_folder_the_order_of_arrival_goes_before_names(ctx: Context) -> None:
    if not ctx.bucket.needs_settling:
        pytest.skip("a store tells times to the second")
    put(ctx, "b.csv", report(1200))
    put(ctx, "a.csv", report(1020, "更正"))
    assert [name_of(receipt) for receipt in take(ctx)] == ["b.csv", "a.csv"]
    assert people(ctx) == "1020"


def test_files_of_one_drop_wait_at_once_and_in_the_order_in_which_they_were_named(ctx: Context, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.csv" for name in ("c", "b", "a", "d")]
    for path in paths:
        path.write_bytes(report(1, name=path.stem))
    drop_files(ctx.bucket, paths, union_id="620400")
    names = [item.key.rpartition("/")[2] for item in waiting_objects(ctx)]
    assert names == (["c.csv", "b.csv", "a.csv", "d.csv"] if ctx.bucket.needs_settling else sorted(names))


def test_a_first_report_that_could_not_be_read_for_an_hour_does_not_replace_its_correction(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    correction, first = late_first(("周报.csv", report(1200)), ("更正.csv", report(1020, "更正")), late="周报.csv")
    assert people(ctx) == "1020"
    assert first["status"].startswith("accepted")
    assert first["version"] is None
    (told,) = found(first, OVERTAKEN)
    assert correction["receipt_no"] in told["message"]
    assert told["severity"] == "info"
    assert first["received_at"] == correction["received_at"]
    assert reconcile(ctx)["differences"] == []
    (unit,) = [unit for unit in status(ctx, WEEK)["unions"] if unit["union_id"] == "620400"]
    assert (unit["state"], unit["version"], unit["receipt_no"]) == ("reported", 1, correction["receipt_no"])


def test_an_overtaken_file_stays_so_in_a_replay_of_the_warehouse_and_of_the_bucket_alone(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    late_first(
        ("周报.csv", report(1200)), ("更正.csv", report(1020, "更正")), ("补充.csv", report(7, "补充", name="体检")),
        late="周报.csv",
    )  # fmt: skip
    assert people(ctx) == "1027"
    document = replay(ctx, ReplayScope())
    assert (document["differences"], document["receipts"]) == ([], [])
    with ctx.engine.begin() as connection:
        tables = connection.exec_driver_sql(
            "select string_agg(quote_ident(tablename), ', ') from pg_tables where schemaname = 'public' "
            "and (tablename in ('registry', 'receipt') or tablename like 'fact%%' or tablename like 'mart%%')"
        ).scalar_one()
        connection.exec_driver_sql(f"truncate {tables} cascade")
    replay(ctx, ReplayScope())
    assert people(ctx) == "1027"
    put(ctx, "再更正.csv", report(900, "更正"))
    take(ctx)
    assert people(ctx) == "900"


def test_a_late_correction_asks_nothing_that_it_cannot_know(late_first: Callable[..., list[dict[str, Any]]]) -> None:
    _, late = late_first(("1.csv", report(1200, "更正")), ("2.csv", report(1020)), late="1.csv")
    assert found(late, "file.version.nothing_to_correct") == []
    assert found(late, OVERTAKEN)
    assert late["changes"] == []


def test_a_first_report_answered_after_its_supplement_goes_in_beneath(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    added, first = late_first(
        ("周报.csv", report(1200)), ("补充.csv", report(20, "补充", name="体检")), late="周报.csv"
    )  # fmt: skip
    assert people(ctx) == "1220"
    assert first["version"] == 2
    assert added["receipt_no"] in found(first, OVERTAKEN)[0]["message"]
    assert reconcile(ctx)["differences"] == []
    assert (replay(ctx, ReplayScope())["differences"], people(ctx)) == ([], "1220")


def test_what_a_younger_supplement_says_too_counts_as_that_says(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    _, first = late_first(
        ("周报.csv", report(1200, more=[("体检", 5)])), ("补充.csv", report(20, "补充", name="体检")), late="周报.csv"
    )  # fmt: skip
    assert people(ctx) == "1220"
    assert first["rows"] == {"received": 2, "accepted": 1, "returned": 0, "held": 0, "ignored": 1}
    assert len(found(first, "file.version.said_since")) == 1
    assert reconcile(ctx)["differences"] == []


def test_a_correction_between_a_report_and_its_supplement_replaces_the_report_alone(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    late_first(
        ("1.csv", report(1200)), ("2.csv", report(1020, "更正")), ("3.csv", report(20, "补充", name="体检")), late="2.csv"
    )  # fmt: skip
    assert people(ctx) == "1040"
    assert reconcile(ctx)["differences"] == []
    assert replay(ctx, ReplayScope())["differences"] == []


def test_of_three_supplements_the_late_one_adds_too(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    files = [(f"{count}.csv", report(count, "补充", name=f"活动{count}")) for count in (100, 20, 3)]
    late_first(*files, late="20.csv")
    assert people(ctx) == "123"
    assert reconcile(ctx)["differences"] == []


def test_a_younger_file_that_was_held_or_a_trial_overtakes_nobody(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    *_, late = late_first(
        ("1.csv", report(1200)), ("2.csv", b"%PDF-1.7"), ("试报/3.csv", report(5)), late="/1.csv"
    )  # fmt: skip
    assert (found(late, OVERTAKEN), late["version"], people(ctx)) == ([], 1, "1200")


def test_a_late_trial_is_answered_as_it_would_have_been_and_told_nothing_of_versions(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    *_, late = late_first(("试报/1.csv", report(1200)), ("2.csv", report(1020)), late="/1.csv")
    assert (late["status"], found(late, OVERTAKEN), people(ctx)) == ("trial", [], "1020")


def test_the_very_bytes_of_the_younger_file_are_a_duplicate(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    *_, late = late_first(("1.csv", report(1200)), ("2.csv", report(1200)), late="1.csv")
    assert (late["status"], late["version"], people(ctx)) == ("duplicate", 1, "1200")


def test_an_older_file_of_another_week_is_overtaken_by_nothing(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    other = report(300).replace(WEEK.encode(), b"2024-W48")
    *_, late = late_first(("1.csv", other), ("2.csv", report(1020)), late="1.csv")
    assert (found(late, OVERTAKEN), late["version"]) == ([], 1)
    assert (people(ctx, week="2024-W48"), people(ctx)) == ("300", "1020")


def test_a_younger_file_of_another_union_does_not_move_the_time_of_receipt(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.csv", report(1200))
    put(ctx, "2.csv", report(1020), union_id="620500")
    with monkeypatch.context() as patch:
        unreadable(patch, ctx, "1.csv")
        (other,) = take_all(ctx)["receipts"]
    (late,) = take(later(ctx, 60))
    assert late["received_at"] > other["received_at"]


def test_clocks_of_two_workers_that_differ_do_not_bend_the_order(ctx: Context) -> None:
    """The first is claimed by a clock five seconds ahead; the second by a right one, and it still came later."""
    assert ctx.settings.now is not None
    ahead = replace(ctx, settings=replace(ctx.settings, now=ctx.settings.now + timedelta(seconds=5)))
    put(ctx, "1.csv", report(1200))
    claim_waiting(ahead)
    put(ctx, "2.csv", report(1020, "更正"))
    first, second = take(ctx)
    assert (name_of(first), name_of(second)) == ("1.csv", "2.csv")
    assert first["received_at"] == second["received_at"]
    assert people(ctx) == "1020"
    put(ctx, "3.csv", report(7), union_id="620300")
    (other,) = take(ctx)
    assert other["received_at"] < second["received_at"]
    assert replay(ctx, ReplayScope())["differences"] == []


def test_a_claim_of_a_second_ago_is_not_called_stuck_though_its_file_came_an_hour_ago(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.csv", report(1200))
    put(ctx, "2.csv", report(1020, "更正"))
    with monkeypatch.context() as patch:
        unreadable(patch, ctx, "1.csv")
        take_all(ctx)

    def stuck(minutes: int) -> list[str]:
        watched = watch_pipeline(later(ctx, minutes))["alerts"]
        return [line for alert in watched if alert["name"] == "stuck_claims" for line in alert["lines"]]

    (claimed,) = claim_waiting(later(ctx, 60))
    assert stuck(61) == []
    assert stuck(91) == [f"登记号 {claimed.object_id},报送单位 620400"]


@pytest.fixture
def overwritten(ctx: Context) -> Callable[[str, bytes], None]:
    """Put other bytes in place of a waiting file, later than all that was put before."""

    def overwrite(name: str, data: bytes) -> None:
        if not ctx.bucket.needs_settling:
            time.sleep(1.1)  # a store tells times to the second
        key = f"intake/620400/{name}"
        ctx.bucket.delete(key)
        assert ctx.bucket.create(key, data)

    return overwrite


def test_a_file_overwritten_after_its_claim_came_when_it_was_overwritten(
    ctx: Context, overwritten: Callable[[str, bytes], None]
) -> None:
    put(ctx, "1.csv", report(1200))
    put(ctx, "2.csv", report(1020, "更正"))
    claim_waiting(ctx)
    overwritten("1.csv", report(1300, "更正"))
    assert [name_of(receipt) for receipt in [*take(ctx), *take(ctx)]] == ["2.csv", "1.csv"]
    assert people(ctx) == "1300"
    assert reconcile(ctx)["differences"] == []
    assert replay(ctx, ReplayScope())["differences"] == []


def test_a_file_overwritten_between_two_tries_to_answer_it_came_when_it_was_overwritten(
    ctx: Context, overwritten: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.csv", report(1200))
    put(ctx, "2.csv", report(1020, "更正"))
    older, _ = claim_waiting(ctx)

    def away(*_: Any, **__: Any) -> None:
        raise BucketUnavailable("full")

    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.operations.drops.archiving.keep_bytes", away)
        with pytest.raises(BucketUnavailable):
            ingest_drop(ctx, older.object_id)
    overwritten("1.csv", report(1300, "更正"))
    assert ingest_drop(ctx, older.object_id).status == WITHDRAWN
    assert [name_of(receipt) for receipt in [*take(ctx), *take(ctx)]] == ["2.csv", "1.csv"]
    assert people(ctx) == "1300"


@pytest.mark.parametrize("moment", ["before its bytes are read", "after its bytes were read"])
def test_a_file_overwritten_while_it_is_claimed_came_when_it_was_overwritten(
    ctx: Context, overwritten: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    put(ctx, "1.csv", report(1200))
    put(ctx, "2.csv", report(1020, "更正"))
    real_digest = type(ctx.bucket).digest
    todo = ["1.csv"]

    def digest(self: Any, key: str) -> tuple[str, int]:
        is_it = todo == [key.rpartition("/")[2]]
        if is_it and moment == "before its bytes are read":
            overwritten(todo.pop(), report(1300, "更正"))
        found = real_digest(self, key)
        if is_it and todo:
            overwritten(todo.pop(), report(1300, "更正"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(type(ctx.bucket), "digest", digest)
        first = take(ctx)
    assert [name_of(receipt) for receipt in [*first, *take(ctx)]] == ["2.csv", "1.csv"]
    assert people(ctx) == "1300"


def test_an_older_claim_is_answered_first_whoever_comes_first(ctx: Context) -> None:
    put(ctx, "1.csv", report(1200))
    put(ctx, "2.csv", report(1020, "更正"))
    older, younger = claim_waiting(ctx)
    answered: list[int] = []
    ingest_drop(ctx, younger.object_id, lambda outcome: answered.append(outcome.object_id))
    assert answered == [older.object_id, younger.object_id]
    ingest_drop(ctx, older.object_id, lambda outcome: answered.append(outcome.object_id))
    assert len(answered) == 2
    assert people(ctx) == "1020"


def test_an_older_claim_that_fails_keeps_a_younger_one_waiting_for_no_more_than_its_tries(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(WAITED_FOR + 2):
        put(ctx, f"{number}.csv", report(100 + number, "更正"))
    older, *others = claim_waiting(ctx)
    with monkeypatch.context() as patch:
        tried = refused(patch, ctx, "/0.csv")
        for other in others:
            ingest_drop(ctx, other.object_id)
    assert len(tried) == WAITED_FOR
    assert people(ctx) == str(100 + WAITED_FOR + 1)
    ingest_drop(ctx, older.object_id)
    assert people(ctx) == str(100 + WAITED_FOR + 1)
    assert reconcile(ctx)["differences"] == []


def test_parallel_tasks_never_end_with_an_older_figure(ctx: Context) -> None:
    unions = ("620400", "620500", "620600", "620700")
    turns = itertools.permutations(range(4))
    for number, turn in enumerate(itertools.islice(turns, rounds(2, full=8)), start=1):
        for union_id in unions:
            name = f"{union_id}慰问"  # the same bytes from two unions would be asked about
            put(ctx, f"{number}-周报.csv", report(1000 + number, "更正", name=name), union_id)
            put(ctx, f"{number}-周报-2.csv", report(2000 + number, "更正", name=name), union_id)
        claims = claim_waiting(ctx)
        assert len(claims) == 8
        with ThreadPoolExecutor(8) as pool:  # the younger ones first
            shuffled = [claims[1 + 2 * index] for index in turn] + claims[::2]
            list(pool.map(lambda claim: ingest_drop(ctx, claim.object_id), shuffled))
        assert people_of(ctx, *unions) == [str(2000 + number)] * 4
    with ctx.engine.connect() as connection:
        rules = connection.exec_driver_sql(f"select count(*) from finding where rule = '{OVERTAKEN}'").scalar()
    assert rules == 0


def test_two_intakes_at_once_list_each_receipt_once(ctx: Context) -> None:
    for number in range(3):
        for union_id in ("620400", "620500"):
            put(ctx, f"{number}.csv", report(100 + number, "更正", name=union_id), union_id)
    with ThreadPoolExecutor(2) as pool:
        documents = list(pool.map(lambda _: take_all(ctx), range(2)))
    listed = sorted(receipt["receipt_no"] for document in documents for receipt in document["receipts"])
    assert listed == sorted(f"{union_id}-2024W49-00{n}" for union_id in ("620400", "620500") for n in (1, 2, 3))
    assert [document["failures"] for document in documents] == [[], []]


def test_an_intake_lists_what_an_earlier_one_answered_without_writing_its_files(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.csv", report(1200))

    def refuse(*_: Any) -> None:
        raise BucketUnavailable("full")

    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.warehouse.submissions.receipts_store.mark_written", refuse)
        assert take_all(ctx)["receipts"] == []
    assert [receipt["receipt_no"] for receipt in take(ctx)] == ["620400-2024W49-001"]
    assert take(ctx) == []


def test_a_report_is_punctual_when_the_file_that_was_overtaken_was(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.csv", report(1200))
    claim_waiting(ctx)
    put(ctx, "2.csv", report(1020, "更正"))
    with monkeypatch.context() as patch:
        refused(patch, ctx, "1.csv")
        (correction,) = take_all(later(ctx, 60 * 24))["receipts"]
    (first,) = take(later(ctx, 60 * 25))
    assert found(first, OVERTAKEN)
    (unit,) = [unit for unit in status(ctx, WEEK)["unions"] if unit["union_id"] == "620400"]
    assert (first["late"], correction["late"], unit["late"]) == (False, True, False)


def test_what_a_person_let_pass_does_not_come_before_what_the_union_sent_since(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx, "1.csv", report(900_000))
    (held,) = take(ctx)
    assert held["status"] == "held"
    put(ctx, "2.csv", report(1020))  # it came before a person looked, and is read after
    with monkeypatch.context() as patch:
        unreadable(patch, ctx, "2.csv")
        waive_rows(later(ctx, 5), held["receipt_no"], rows=["2"], reason="电话核实", person="张三")
    assert people(ctx) == "900000"
    (since,) = take(later(ctx, 10))
    assert (found(since, OVERTAKEN), people(ctx)) == ([], "1020")
    assert replay(ctx, ReplayScope())["differences"] == []


def test_a_held_file_that_was_overtaken_is_not_the_last_word_on_its_week(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]]
) -> None:
    *_, late = late_first(("1.csv", report(900_000)), ("2.csv", report(1020)), late="1.csv")
    assert late["status"] == "held"
    with pytest.raises(UsageError, match="was followed by 620400-2024W49-001"):
        waive_rows(ctx, late["receipt_no"], rows=["2"], reason="电话核实", person="张三")


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "clerks.md"
_SAID = r"(\S+) (\d+)(?:[(\uff08](\S+)[)\uff09])?"
_EXAMPLE = re.compile(rf"^\| {_SAID} \| {_SAID} \| (\d+) \|$", re.MULTILINE)
EXAMPLES = _EXAMPLE.findall(GUIDE.read_text("utf-8"))


def test_the_guide_has_examples_of_the_order() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_guide_are_true_also_when_the_first_file_is_answered_last(
    ctx: Context, late_first: Callable[..., list[dict[str, Any]]], example: Sequence[str], is_late: bool
) -> None:
    kind, count, name, later_kind, later_count, later_name, total = example
    files = (
        ("1.csv", report(int(count), kind, name=name or "甲活动")),
        ("2.csv", report(int(later_count), later_kind, name=later_name or "甲活动")),
    )
    late_first(*files, late="1.csv" if is_late else "none.csv")
    assert people(ctx) == total
