"""The revision record is what ``summary.json`` files say, read one after the other; the mail speaks of it where it matters."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity
from tests.sql.reported import report

from nuanliu.cli.revisions import revision_record_lines
from nuanliu.contract.due_time import report_due_at
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import UsageError
from nuanliu.operations.weeks.publishing import publish_week, renew_editions
from nuanliu.operations.weeks.revision_inquiry import revisions
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

FIRST = ReportingWeek.parse("2024-W36")
WEEKS = [FIRST.shift(number) for number in range(11)]
SETTLED = "2024-W36..2024-W45"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def ctx(ctx: Context, loads_without_a_bucket: None) -> Context:
    """Loads come without a bucket."""
    return ctx


def load(ctx: Context, week: ReportingWeek, people: int, union_id: str, **more: Any) -> None:
    with ctx.engine.begin() as connection:
        report(connection, union_id, str(week), [activity(figures={"people_served": people})], **more)


def publish(ctx: Context, week: ReportingWeek, *, renews: bool = True) -> None:
    """As on the Monday evening after the week."""
    evening = report_due_at(week) + timedelta(hours=6)
    then = replace(ctx, settings=ctx.settings.at(evening))
    assert publish_week(then, str(week), send=False)["published"]
    if renews:
        renew_editions(then, str(week))


@pytest.fixture
def played(ctx: Context) -> Context:
    """Eleven weeks: the second union of each comes a week late, every third week is corrected, the first one twice."""
    for number, week in enumerate(WEEKS):
        load(ctx, week, 1000 + number, "620400")
        if number:
            load(ctx, WEEKS[number - 1], 20 + 7 * number, "620300")
        if number % 3 == 2:
            load(ctx, WEEKS[number - 2], 900, "620400", submission_type=SubmissionType.CORRECTION)
        publish(ctx, week)
    load(ctx, FIRST, 950, "620400", submission_type=SubmissionType.CORRECTION)
    # Nobody publishes the first week again: its correction is told in the next week's edition alone.
    load(ctx, WEEKS[-1].shift(1), 5, "620400")
    publish(ctx, WEEKS[-1].shift(1), renews=False)
    return ctx


def from_files(ctx: Context, figure: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Week → first and latest published value, by nothing but the ``summary.json`` files."""
    editions: dict[str, dict[int, dict[str, Any]]] = {}
    for key in sorted(stored.key for stored in ctx.bucket.list("reports/")):
        if key.endswith("summary.json"):
            document = json.loads(ctx.bucket.read(key))
            editions.setdefault(document["week"], {})[document["edition"]] = document
    found = {}
    for week, numbered in editions.items():
        of_week = [
            {entry["figure_id"]: entry["value"] for entry in document["figures"]}[f"{week}/{figure}"]
            for _, document in sorted(numbered.items())
            if f"{week}/{figure}" in {entry["figure_id"] for entry in document["figures"]}
        ]
        if not of_week:
            continue
        told = {
            step["old"]: step["new"]
            for other, documents in editions.items()
            if other != week
            for document in documents.values()
            for step in document["revisions"]
            if step["figure_id"] == f"{week}/{figure}"
        }
        latest = of_week[-1]
        while latest in told:
            latest = told[latest]
        found[week] = (Decimal(of_week[0]), Decimal(latest))
    return found


def test_the_record_is_what_the_files_of_the_editions_say(played: Context) -> None:
    check_means(played)
    check_steps(played)
    check_late_union(played)


def check_means(played: Context) -> None:
    said = from_files(played, "620000/all/people_served/event")
    document = revisions(played, weeks=SETTLED, measure="服务人数")
    (record,) = document["measures"]
    assert len(record["figures"]) == 10
    for figure in record["figures"]:
        first, latest = figure["published"][0], figure["published"][-1]
        assert (Decimal(first["value"] or 0), Decimal(latest["value"] or 0)) == said[figure["week"]]
    percents = [(latest - first) / first * 100 for week, (first, latest) in sorted(said.items()) if week <= "2024-W45"]
    mean = (sum(percents) / len(percents)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert record["mean_pct"] == str(mean)
    assert record["up"] == sum(percent > 0 for percent in percents)
    assert record["down"] == sum(percent < 0 for percent in percents)
    assert {record["up"] > 0, record["down"] > 0} == {True}, "the weeks that are tried go both ways"


def check_steps(played: Context) -> None:
    """Each later value has its day, its edition and its cause; one of them stands in another week's edition alone."""
    (record,) = revisions(played, weeks="2024-W36")["measures"]
    steps = [(step["edition"], step["value"], step["reason"]) for step in record["figures"][0]["published"]]
    assert steps == [
        ("2024-W36/1", "1000", None),
        ("2024-W37/1", "1027", "补报"),
        ("2024-W38/1", "927", "更正"),
        ("2024-W47/1", "977", "更正"),
    ]
    days = [datetime.fromisoformat(step["published_at"]).date() for step in record["figures"][0]["published"]]
    assert days == sorted(days)
    assert "1000(2024-09-09) → 1027(2024-09-18,补报)" in revision_record_lines(revisions(played, weeks="2024-W36"))


def check_late_union(played: Context) -> None:
    """A union that came late has its first figure from when it was published."""
    (record,) = revisions(played, weeks=SETTLED, union_id="620300")["measures"]
    assert {figure["published"][0]["edition"].rpartition("/")[2] for figure in record["figures"]} == {"2"}
    assert (record["up"], record["down"], record["mean_pct"]) == (0, 0, "0.0")


def test_the_summary_says_the_mean_over_the_weeks_before_its_own_where_it_matters(
    played: Context, set_limit: Callable[..., None]
) -> None:
    set_limit("worth_telling_pct", 1, of="revision_record")
    week = WEEKS[-1].shift(2)
    load(played, week, 7, "620400")
    publish(played, week, renews=False)
    (record,) = revisions(played, measure="people_served")["measures"]
    page = played.bucket.read(f"reports/{week}/edition-1/summary.html").decode()
    mean = Decimal(record["mean_pct"] or 0)
    assert abs(mean) >= 1
    line = f"近26周服务人数首发数平均{'上修' if mean > 0 else '下修'}{abs(mean)}%(发布{record['weeks']}周"
    assert line in page
    set_limit("worth_telling_pct", 50, of="revision_record")
    load(played, week.shift(1), 7, "620400")
    publish(played, week.shift(1), renews=False)
    assert "首发数平均" not in played.bucket.read(f"reports/{week.shift(1)}/edition-1/summary.html").decode()


def test_fewer_weeks_than_make_a_mean_are_not_spoken_of(ctx: Context, set_limit: Callable[..., None]) -> None:
    set_limit("worth_telling_pct", 0, of="revision_record")
    for week in WEEKS[:9]:
        load(ctx, week, 100, "620400")
        publish(ctx, week, renews=False)
    pages = [ctx.bucket.read(f"reports/{week}/edition-1/summary.html").decode() for week in WEEKS[:9]]
    assert ["首发数平均" in page for page in pages] == [False] * 8 + [True]


def test_before_anything_was_published_there_is_no_record(ctx: Context) -> None:
    document = revisions(ctx)
    assert document["measures"] == []
    assert "没有发布过" in revision_record_lines(document)


def test_a_measure_that_nobody_knows_is_refused(ctx: Context) -> None:
    with pytest.raises(UsageError, match="unknown measure"):
        revisions(ctx, measure="人头")
