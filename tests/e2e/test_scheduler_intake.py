"""The whole way through the real scheduler and watcher: a copied file, a receipt, figures, an edition, a mail.

The tests run in the order in which a week happens.
"""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from tests.e2e.driven_stack import (
    SAMPLES,
    WEEK,
    bucket,
    command,
    copy,
    finished,
    mails,
    mails_to,
    quiet,
    receipts,
    result,
    runs,
    start,
    tasks,
    wait_for,
)

from nuanliu.operations.context import open_context
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nuanliu.running.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def figures_of(stack: Stack) -> Callable[[str], dict[str, Any]]:
    """A week's figures by id, as the command tells them; each week is asked for once."""

    @cache
    def ask(week: str) -> dict[str, Any]:
        return {item["figure_id"]: item for item in command(stack, "rollup", "--week", week)["figures"]}

    return ask


def test_each_copied_file_gets_one_receipt_from_one_mapped_task(stack: Stack) -> None:
    for source in SAMPLES:
        copy(stack, source, source.parent.name)
    wait_for("a receipt for each file", lambda: len(receipts(stack)) == len(SAMPLES), stack)
    quiet(stack)
    answered = receipts(stack)
    assert sorted(receipt["union_id"] for receipt in answered) == [source.parent.name for source in SAMPLES]
    assert {receipt["received_at"] for receipt in answered} == {"2024-12-09T01:00:00Z"}
    assert {run["state"] for run in runs(stack, "ingest_submissions")} == {"success"}
    labels = [
        task["rendered_map_index"]
        for run in runs(stack, "ingest_submissions")
        for task in tasks(stack, run)
        if task["task_id"] == "ingest_drop" and task["map_index"] >= 0
    ]
    assert sorted(labels) == sorted(f"{source.parent.name} {source.name}" for source in SAMPLES)
    assert list((bucket(stack) / "intake").rglob("*.*")) == []


def test_every_touched_week_was_rolled_up_by_its_partition(stack: Stack) -> None:
    done = runs(stack, "roll_up_week")
    assert {run["state"] for run in done} == {"success"}
    assert {run["partition_key"] for run in done} >= {"2024-W46", "2024-W48", WEEK}
    assert {run["run_type"] for run in done} == {"asset_triggered"}
    monday = next(run["partition_date"] for run in done if run["partition_key"] == WEEK)
    assert monday == "2024-12-01T16:00:00Z"


@pytest.mark.parametrize(
    ("week", "figure", "value", "exactness"),
    [
        ("2024-W46", "2024-W46/620000/all/people_served/event", "260", "over"),
        ("2024-W48", "2024-W48/620000/all/people_served/event", "102", "exact"),
        (WEEK, "2024-W49/620000/all/people_served/event", "2682", "over"),
        (WEEK, "2024-W49/620102/hardship_aid/funds_total/ytd", "467000", "exact"),
    ],
)
def test_the_figures_are_those_of_the_bulletin(
    figures_of: Callable[[str], dict[str, Any]], week: str, figure: str, value: str, exactness: str
) -> None:
    figures = figures_of(week)
    assert (figures[figure]["value"], figures[figure]["exactness"]) == (value, exactness)


def test_the_publication_of_a_partition_makes_an_edition_and_mails_it_once(stack: Stack) -> None:
    for _ in range(2):
        run = finished(stack, start(stack, "publish_weekly_summary", partition_key=WEEK))
        assert run["state"] == "success", [(task["task_id"], task["state"]) for task in tasks(stack, run)]
    edition = bucket(stack) / "reports" / WEEK / "edition-1"
    assert {path.suffix for path in edition.iterdir()} == {".html", ".xlsx", ".docx", ".json"}
    assert not (edition.parent / "edition-2").exists()
    (subject,) = mails_to(stack, "leader@nuanliu.example")
    assert "49" in subject


def test_a_week_that_nobody_reported_is_held_and_the_engineers_are_told(stack: Stack) -> None:
    run = finished(stack, start(stack, "publish_weekly_summary", partition_key="2024-W40"))
    states = {task["task_id"]: task["state"] for task in tasks(stack, run)}
    assert states["tell_engineers"] == "success"
    assert states["mail_edition"] == "skipped"
    finished(stack, start(stack, "watch_pipeline"))
    assert any("2024-W40" in subject for subject in mails_to(stack, "engineer@nuanliu.example"))


def test_a_rejected_approval_sends_no_mail(stack: Stack) -> None:
    before = len(mails_to(stack, "leader@nuanliu.example"))
    run = start(stack, "publish_weekly_summary", partition_key=WEEK, conf={"approval": True})
    wait_for(
        "the question",
        lambda: any(task["state"] == "awaiting_input" for task in tasks(stack, run)),
        stack,
    )
    # Airflow 3.3.2 takes an answer of the first second for a crash and asks again; no person is that quick.
    time.sleep(4)
    path = (
        f"/dags/publish_weekly_summary/dagRuns/{quote(run['dag_run_id'])}/taskInstances/approve_edition/-1/hitlDetails"
    )
    stack.api().patch(path, {"chosen_options": ["Reject"]})
    finished(stack, run)
    states = {task["task_id"]: task["state"] for task in tasks(stack, run)}
    assert states["mail_edition"] == "skipped"
    assert len(mails_to(stack, "leader@nuanliu.example")) == before


def test_a_nonsense_partition_is_refused(stack: Stack) -> None:
    import httpx

    with pytest.raises(httpx.HTTPStatusError, match="400"):
        start(stack, "publish_weekly_summary", partition_key="week 49")


def test_reminders_go_to_the_unions_that_are_still_open(stack: Stack) -> None:
    run = finished(stack, start(stack, "remind_unions", partition_key=f"{WEEK}|last-call"))
    assert run["state"] == "success"
    assert result(stack, run, "send_reminders")["reminded"] == ["620100"]
    assert len(mails_to(stack, "lanzhou@nuanliu.example")) == 1


def test_an_unreadable_file_is_rejected_and_named_in_one_alert(stack: Stack, tmp_path: Path) -> None:
    scan = tmp_path / "扫描件.pdf"
    scan.write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
    copy(stack, scan, "620800")
    wait_for("the receipt", lambda: [item for item in receipts(stack) if item["union_id"] == "620800"], stack)
    quiet(stack)
    (receipt,) = [item for item in receipts(stack) if item["union_id"] == "620800"]
    assert receipt["status"] == "rejected"
    assert runs(stack, "ingest_submissions")[0]["state"] == "success"
    finished(stack, start(stack, "watch_pipeline"))
    alerts = [mail.get_content() for mail in mails(stack) if "1 个报送文件需要关注" in str(mail["Subject"])]
    assert any(receipt["receipt_no"] in text for text in alerts)


def test_the_watcher_s_heartbeat_is_found_well(stack: Stack) -> None:
    run = finished(stack, start(stack, "watch_pipeline"))
    assert result(stack, run, "check_watcher") == []


def test_reconcile_is_clean_after_all_that(stack: Stack) -> None:
    run = finished(stack, start(stack, "reconcile_warehouse"))
    assert run["state"] == "success"
    assert result(stack, run, "reconcile")["ok"] is True


def test_a_claim_that_can_never_be_read_fails_at_once_alone_and_is_alerted(stack: Stack) -> None:
    from nuanliu.warehouse.submissions.registry import claim, withdraw

    settings = Settings.from_env(stack.env)
    with open_context(settings) as ctx, ctx.engine.begin() as connection:
        lost = claim(
            connection,
            object_key="intake/620900/outside.xlsx",
            source_key="intake/620900/../../../outside.xlsx",
            union_id="620900",
            path_week=None,
            is_trial=False,
            sha256="0" * 64,
            size_bytes=1,
            received_at=settings.clock(),
        )
    assert lost is not None
    before = len(receipts(stack))
    copy(stack, SAMPLES[0], SAMPLES[0].parent.name, "再报一次.xlsx")
    wait_for("the receipt of the good file", lambda: len(receipts(stack)) > before, stack)
    quiet(stack)
    with open_context(settings) as ctx, ctx.engine.begin() as connection:
        withdraw(connection, lost)
    run = next(run for run in runs(stack, "ingest_submissions") if run["state"] == "failed")
    mapped = {
        task["rendered_map_index"]: (task["state"], task["try_number"])
        for task in tasks(stack, run)
        if task["task_id"] == "ingest_drop"
    }
    assert mapped["620900 outside.xlsx"] == ("failed", 1)
    assert mapped[f"{SAMPLES[0].parent.name} 再报一次.xlsx"] == ("success", 1)
    finished(stack, start(stack, "watch_pipeline"))
    texts = [f"{mail['Subject']}\n{mail.get_content()}" for mail in mails(stack) if "engineer@" in str(mail["To"])]
    assert any("任务失败:ingest_submissions.ingest_drop" in text and "leaves the bucket" in text for text in texts)
    assert any(f"没有回执:登记号 {lost}" in text for text in texts)
