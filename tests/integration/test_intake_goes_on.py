"""An error ends what it concerns and nothing else: the other drops are answered, the other weeks rolled up, and it is said."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from tests.integration.played_week import context
from tests.patching import replace_everywhere

from nuanliu.ooxml.annotations import RESULT_SHEET
from nuanliu.operations.drops.claiming import claim_waiting
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.drops.ingest_drop import ingest_drop
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.reporting.marking.package import Unmarkable
from nuanliu.running.demo import SAMPLES
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.marts.weeks_pending import pending_weeks

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.domain.reporting_week import ReportingWeek
    from nuanliu.operations.context import Context

SAMPLE = next((SAMPLES / "621122").iterdir())
PERSON = "13800138000"


@pytest.fixture
def ctx(tmp_path: Path, warehouse: Engine) -> Context:
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,name,role,union_id\nengineer@nuanliu.example,值班,engineer,\n", "utf-8")
    made = context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), warehouse)
    return replace(made, settings=replace(made.settings, recipients=recipients))


def dropped(ctx: Context) -> None:
    drop_files(ctx.bucket, [SAMPLE], union_id="621122")


def waiting_weeks(ctx: Context) -> list[str]:
    with ctx.engine.connect() as connection:
        return pending_weeks(connection)


def failing_rollup(monkeypatch: pytest.MonkeyPatch, *weeks: str, by: type[BaseException] = KeyError) -> None:
    from nuanliu.warehouse.marts import rollup

    real = rollup.rebuild_week

    def rebuild_week(connection: Any, week: ReportingWeek) -> Any:
        if str(week) in weeks:
            raise by(PERSON)
        return real(connection, week)

    replace_everywhere(monkeypatch, "nuanliu.warehouse.marts.rollup.rebuild_week", rebuild_week)


def coverage_weeks(ctx: Context) -> set[str]:
    with ctx.engine.connect() as connection:
        return set(
            connection.exec_driver_sql(
                "select distinct to_char(week_start, 'IYYY-\"W\"IW') from mart_week_coverage"
            ).scalars()
        )


def test_an_unforeseen_error_on_one_drop_is_reported_and_the_others_are_answered(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert ctx.bucket.create("intake/620400/周报.csv", "填报单位,活动名称\n白银市,甲\n".encode())
    dropped(ctx)
    said: list[str] = []
    with monkeypatch.context() as patch:
        from nuanliu.operations.drops import ingest_drop as module

        real = module.check_registered

        def check_registered(connection: Any, row: Any, *args: Any, **kwargs: Any) -> Any:
            if row.union_id == "620400":
                raise KeyError(PERSON)
            return real(connection, row, *args, **kwargs)

        replace_everywhere(patch, "nuanliu.operations.drops.registered_drop.check_registered", check_registered)
        document = take_all(ctx, said.append)
    assert [receipt["union_id"] for receipt in document["receipts"]] == ["621122"]
    (failure,) = document["failures"]
    assert failure["unexpected"] is True
    assert failure["message"].startswith("620400 周报.csv: KeyError in test_intake_goes_on.py:")
    assert failure["message"] in said
    assert "Traceback" in caplog.text
    assert "check_registered" in caplog.text
    assert PERSON not in caplog.text + str(document)
    assert [receipt["union_id"] for receipt in take_all(ctx)["receipts"]] == ["620400"]
    assert reconcile(ctx)["ok"]


def test_a_week_that_cannot_be_rolled_up_keeps_no_other_stale_and_is_made_up_for_by_the_next_intake(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped(ctx)
    with monkeypatch.context() as patch:
        failing_rollup(patch, "2024-W48")
        document = take_all(ctx)
    (failure,) = document["failures"]
    assert failure["message"].startswith("2024-W48: KeyError")
    assert coverage_weeks(ctx) == {"2024-W49"}
    assert waiting_weeks(ctx) == ["2024-W48"]
    assert take_all(ctx) == {"schema": "nuanliu.intake/1", "receipts": [], "failures": []}
    assert coverage_weeks(ctx) == {"2024-W48", "2024-W49"}
    assert waiting_weeks(ctx) == []
    assert reconcile(ctx)["ok"]


class Killed(BaseException):
    """The process ends here."""


def test_what_a_killed_intake_did_not_roll_up_the_next_one_does(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped(ctx)
    with monkeypatch.context() as patch:
        failing_rollup(patch, "2024-W48", by=Killed)
        with pytest.raises(Killed):
            take_all(ctx)
    assert coverage_weeks(ctx) == set()
    take_all(ctx)
    assert coverage_weeks(ctx) == {"2024-W48", "2024-W49"}
    assert reconcile(ctx)["ok"]


def test_a_drop_that_commits_while_its_week_is_rolled_up_keeps_the_week_waiting(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nuanliu.warehouse.marts import coverage

    dropped(ctx)
    (claim,) = claim_waiting(ctx)
    ingest_drop(ctx, claim.object_id)
    real = coverage.is_touched

    def touched_meanwhile(connection: Any, week: ReportingWeek) -> bool:
        with ctx.engine.begin() as another:
            another.exec_driver_sql(f"insert into stale_week (week_id, object_id) values ('{week}', 99)")
        return real(connection, week)

    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.warehouse.marts.coverage.is_touched", touched_meanwhile)
        take_all(ctx)
    assert waiting_weeks(ctx) == ["2024-W48", "2024-W49"]


@pytest.mark.parametrize("error", [Unmarkable("cannot be marked"), ValueError(PERSON)], ids=["foreseen", "unforeseen"])
def test_a_workbook_that_cannot_be_marked_at_all_is_answered_by_its_findings(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def annotate_workbook(*_: Any, **__: Any) -> bytes:
        raise error

    replace_everywhere(monkeypatch, "nuanliu.reporting.marking.annotated_workbook.annotate_workbook", annotate_workbook)
    dropped(ctx)
    document = take_all(ctx)
    assert document["failures"] == []
    (receipt,) = document["receipts"]
    answer = load_workbook(BytesIO(ctx.bucket.read(f"receipts/621122/2024-W49/{receipt['receipt_no']}.xlsx")))
    assert answer.sheetnames[0] == RESULT_SHEET
    assert SAMPLE.stem not in answer.sheetnames
    assert take_all(ctx)["receipts"] == []  # it is written, nothing waits
    assert reconcile(ctx)["ok"]
    assert PERSON not in caplog.text
    with ctx.engine.connect() as connection:
        told = list(connection.exec_driver_sql("select purpose from outbox").scalars())
    is_foreseen = isinstance(error, Unmarkable)
    assert told == ([] if is_foreseen else [f"alert/unmarked/{receipt['receipt_no']}"])
    assert ("Traceback" in caplog.text) is not is_foreseen


def test_the_load_is_over_after_the_check_and_that_is_what_is_noted(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nuanliu.settings import Settings

    dropped(ctx)
    (claim,) = claim_waiting(ctx)
    steps = iter(range(60))
    from nuanliu.warehouse.submissions import loading

    real = loading.load_drop
    ticks: list[int] = []

    def load_drop(*args: Any, **kwargs: Any) -> Any:
        loaded = real(*args, **kwargs)
        ticks.append(next(steps))  # the load takes until here
        return loaded

    replace_everywhere(monkeypatch, "nuanliu.warehouse.submissions.loading.load_drop", load_drop)
    arrival = ctx.settings.clock()
    monkeypatch.setattr(Settings, "clock", lambda _: arrival.replace(second=next(steps)))
    ingest_drop(ctx, claim.object_id)
    with ctx.engine.connect() as connection:
        row = connection.exec_driver_sql("select checked_at, loaded_at from fact_submission").one()
    assert row.checked_at.second < ticks[0] < row.loaded_at.second
