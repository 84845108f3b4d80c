"""Personal numbers come in by every door and leave by none: database, bucket, mails and logs are searched for each."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.corpus.personal_numbers import written_variants
from tests.planted_numbers import (
    Planted,
    bucket_texts,
    cells_workbook,
    database_texts,
    leaks,
    mail_texts,
    persons_csv,
    persons_workbook,
    row,
    saved,
    stray_csv,
    stray_workbook,
    stray_xls,
    workbook,
)
from tests.smtp_server import SmtpScript, serving

from nuanliu.errors import ObjectMissing
from nuanliu.operations.drops.claiming import claim_waiting
from nuanliu.operations.mailing.alerts import raise_alert
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.take_all import take_all
from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.reminding import remind_unions
from nuanliu.orchestration.drops import make_batches, read_outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context

WEEK = "2024-W49"


def drops(planted: Planted) -> dict[str, bytes]:
    """Object keys and bytes: every door that a number may come in by."""
    return {
        f"intake/620400/周报{planted.plain('文件名')}.xlsx": stray_workbook(planted),
        f"intake/620400/2024-W48/周报 {written_variants(planted.plain('文件名分段', 1))[2]}.xlsx": saved(workbook(row(活动名称="慰问"))),
        "intake/620100/周报.xlsx": cells_workbook(planted),
        "intake/620300/周报.csv": stray_csv(planted, "gb18030"),
        "intake/620500/周报.csv": stray_csv(planted, "utf-8-sig"),
        f"intake/620600/{planted.plain('文件夹名')}/周报.csv": stray_csv(planted, "utf-16"),
        "intake/620700/周报.xls": stray_xls(planted),
        "intake/620800/名单.xlsx": persons_workbook(planted, hidden=False),
        f"intake/620900/名单{planted.plain('封存文件名', 0)}.xlsx": persons_workbook(planted, hidden=True),
        "intake/621000/名单.csv": persons_csv(planted),
        f"intake/621100/{planted.plain('坏文件名', 0)}.xlsx": b"%PDF-1.7\n" + planted.plain("坏文件").encode(),
        f"intake/999999/{planted.plain('未知单位的文件名')}.xlsx": saved(workbook(row(备注=planted("未知单位")))),
        f"intake/{planted.plain('未知单位', 1)}/周报.xlsx": saved(workbook(row(备注=planted("未知单位二")))),
        "intake/621200/试报/周报.xlsx": saved(workbook(row(备注=planted("试报"), 活动类别=planted("试报类别")))),
    }  # fmt: skip


@pytest.fixture
def mailed(ctx: Context, tmp_path: Path) -> Iterator[tuple[Context, SmtpScript]]:
    recipients = tmp_path / "recipients.csv"
    unions = "".join(f"u{n}@x.example,工会,union,62{n:02}00\n" for n in range(1, 13))
    recipients.write_text(
        f"address,name,role,union_id\nleader@x.example,领导,leader,\ne@x.example,工程师,engineer,\n{unions}", "utf-8"
    )
    with serving(SmtpScript()) as script:
        yield replace(ctx, settings=replace(ctx.settings, smtp_url=script.url, recipients=recipients)), script


def test_no_personal_number_leaves_the_original_bytes(
    mailed: tuple[Context, SmtpScript], caplog: pytest.LogCaptureFixture
) -> None:
    ctx, script = mailed
    planted = Planted(49)
    for key, data in drops(planted).items():
        assert ctx.bucket.create(key, data)
    caplog.set_level(logging.DEBUG)  # of every library too; SQLAlchemy says statements, parameters and rows
    ctx.engine.echo = "debug"
    progress: list[str] = []
    claims = claim_waiting(ctx)
    assert leaks(planted, database_texts(ctx.engine)) == []
    answered = take_all(ctx, progress.append)["receipts"]
    assert len(answered) == len(drops(Planted(49)))
    assert publish_week(ctx, WEEK, send=True)["published"]
    remind_unions(ctx, WEEK)
    batches = make_batches(claims)
    handed_on = repr(batches)
    told, _ = read_outcome(ctx, batches)
    raise_alert(ctx, purpose="test", title="投递", lines=[*told, *(batch["label"] for batch in batches)])
    watch_pipeline(ctx)

    assert leaks(planted, database_texts(ctx.engine)) == []
    assert leaks(planted, bucket_texts(ctx.bucket)) == []
    assert leaks(planted, (("mail", part) for message in script.messages for part in mail_texts(message))) == []
    assert script.messages
    # werkzeug serves the S3 API of this test; what an object store logs of requests is not ours
    logged: dict[str, list[str]] = defaultdict(list)
    for record in caplog.records:
        logged[record.name].append(logging.Formatter().format(record))
    logged.pop("werkzeug", None)
    assert "sqlalchemy.engine.Engine" in logged
    said = {"progress": progress, "handed on": [handed_on], "answers": [repr(answered)], **logged}
    assert leaks(planted, ((who, "\n".join(parts)) for who, parts in said.items())) == []
    assert reconcile(ctx)["differences"] == []

    by_union = {receipt["union_id"]: receipt for receipt in answered}
    quarantined = {union for union, receipt in by_union.items() if "pii.person_level" in rules_of(receipt)}
    assert quarantined == {"620800", "620900", "621000"}
    assert len(ctx.bucket.list("quarantine/")) == 3
    assert {by_union[union]["status"] for union in quarantined} == {"rejected"}
    strays = [receipt for receipt in answered if "pii.number.masked" in rules_of(receipt)]
    assert {receipt["union_id"] for receipt in strays} >= {"620400", "620100", "620300", "620500", "620600", "620700"}


def rules_of(receipt: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in receipt["findings"]}


def test_the_search_itself_finds_a_number_however_it_is_written() -> None:
    planted = Planted(1)
    for kind in range(3):
        number = planted.plain(f"{kind}", kind)
        for written in written_variants(number):
            assert planted.found_in(f"第{written}号") == {f"{kind}"}
        planted.places.clear()


def test_the_search_takes_the_times_of_a_log_for_no_number() -> None:
    planted = Planted(2)
    planted.places["17108030817"] = "手机"
    log = "2026-11-24T21:08:03.108030Z pid 817 took 1.108030 s\n2026-11-24 17:10:80.308171 took 0.1080308 s"
    assert planted.found_in(log) == set()
    assert planted.found_in(log.replace("pid 817", "打171 0803 0817")) == {"手机"}


def test_a_drop_with_a_number_in_its_name_is_answered_after_a_crash_too(ctx: Context) -> None:
    planted = Planted(7)
    key = f"intake/620400/周报{planted.plain('文件名')}.xlsx"
    assert ctx.bucket.create(key, saved(workbook(row())))
    claim_waiting(ctx)
    assert claim_waiting(ctx)[0].object_id == 1  # claimed once, though its name is not stored
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["status"] == "accepted_with_warnings"
    assert "pii.file_name.masked" in rules_of(receipt)
    assert ctx.bucket.list("intake/") == []
    assert [item.key.rpartition(".")[2] for item in ctx.bucket.list("archive/")] == ["xlsx"]


def test_a_replay_that_knows_the_name_as_masked_changes_no_receipt(ctx: Context) -> None:
    planted = Planted(8)
    for kind in range(3):
        key = f"intake/{('620400', '620100', '620300')[kind]}/周报{planted.plain('文件名', kind)}.xlsx"
        assert ctx.bucket.create(key, saved(workbook(row(活动名称=f"慰问第{kind}车间"))))
    receipts = take_all(ctx)["receipts"]
    assert all("pii.file_name.masked" in rules_of(receipt) for receipt in receipts)
    assert replay(ctx, ReplayScope())["receipts"] == []
    with ctx.engine.connect() as connection:
        documents = connection.exec_driver_sql("select document from receipt order by receipt_no").scalars().all()
    assert documents == sorted(receipts, key=lambda receipt: str(receipt["receipt_no"]))
    assert leaks(planted, database_texts(ctx.engine)) == []


def test_messages_about_missing_objects_name_no_file(ctx: Context) -> None:
    planted = Planted(9)
    with pytest.raises(ObjectMissing) as caught:
        ctx.bucket.read(f"intake/620400/{planted.plain('文件名')}.xlsx")
    assert caught.value.__cause__ is None
    assert planted.found_in(caught.value.message) == set()
    assert "620400" in caught.value.message
