"""Engineers hear in time of a calendar that ends and of recipients who get nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from tests.integration.clerk import drop, paper, rules, visit
from tests.patching import replace_everywhere

from nuanliu.operations.mailing.recipients import recipients_of
from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.operations.weeks.inquiries import status
from nuanliu.reporting.console import status_lines
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def at(ctx: Context, now: str) -> Context:
    return replace(ctx, settings=replace(ctx.settings, now=datetime.fromisoformat(now)))


def alerts(ctx: Context, name: str) -> list[dict]:
    return [alert for alert in watch_pipeline(ctx)["alerts"] if alert["name"] == name]


def test_a_year_without_holidays_is_told_sixty_days_ahead_and_in_the_status(ctx: Context) -> None:
    assert alerts(at(ctx, "2049-10-31T09:00+08:00"), "unknown_calendar")[0]["title"].startswith("2049")
    known = at(ctx, "2024-12-09T09:00+08:00")
    assert alerts(known, "unknown_calendar") == []
    assert status(known, "2024-W49")["notes"] == []
    (note,) = status(at(ctx, "2050-02-01T09:00+08:00"), "2050-W03")["notes"]
    assert "2050 年" in note
    assert "include/reference/workdays.csv" in note
    assert note in status_lines(status(at(ctx, "2050-02-01T09:00+08:00"), "2050-W03"))


def test_a_late_file_of_such_a_year_says_how_lateness_was_judged(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    late = paper(visit())
    assert "file.late.calendar_unknown" not in rules(drop(ctx, late, week="2024-W50"))
    replace_everywhere(monkeypatch, "nuanliu.contract.due_time.is_year_known", lambda year: False)
    punctual = drop(ctx, late, union_id="620300")
    overdue = drop(ctx, late.but(folder="2024-W49"), union_id="620500", week="2024-W50")
    assert (punctual["late"], "file.late.calendar_unknown" in rules(punctual)) == (False, False)
    assert (overdue["late"], "file.late.calendar_unknown" in rules(overdue, "info")) == (True, True)


def test_bad_lines_of_the_recipients_file_are_one_alert_and_stop_nobody_else(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "recipients.csv"
    path.write_text(
        "address,name,role,union_id\nengineer@x.example,值班,engineer,\nbaiyin@x.example,白银,union,白银市总工会\n"
        "leader@x.example,领导,leader,\nchief@x.example,主任,chief,\n",
        "utf-8",
    )
    careful = replace(ctx, settings=replace(ctx.settings, recipients=path))
    (alert,) = alerts(careful, "bad_recipients")
    assert "2 处错误" in alert["title"]
    assert "第 3 行" in alert["lines"][0]
    assert "请写成 620400" in alert["lines"][0]
    assert "第 5 行" in alert["lines"][1]
    assert [recipient.address for recipient in recipients_of("leader", path)] == ["leader@x.example"]
