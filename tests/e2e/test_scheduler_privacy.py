"""Personal numbers that go through the real scheduler and watcher: Airflow's database, every log and every mail are searched.

The same search of the warehouse, the bucket and the libraries' own DEBUG lines is in tests/integration/test_privacy.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine
from tests.e2e.driven_stack import bucket, copy, finished, mails, quiet, receipts, start, wait_for
from tests.planted_numbers import (
    Planted,
    bucket_texts,
    database_texts,
    leaks,
    mail_texts,
    persons_workbook,
    stray_workbook,
)

from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import airflow_dsn, open_engine, warehouse_dsn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.running.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

STRAY, PERSONS, SCAN = "621000", "621100", "621200"
KEPT_APART = ("bucket", "postgres")
"""Folders of ``var/`` that are searched by object and by table; archive/ and quarantine/ hold the bytes as they came."""


@pytest.fixture(scope="module")
def planted(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """A stack that has answered a file with stray numbers, a list of persons and a scan, all with a number in their names."""
    numbers = Planted(2024)
    folder = tmp_path_factory.mktemp("drops")
    files = {
        STRAY: (f"周报{numbers.plain('文件名')}.xlsx", stray_workbook(numbers, "庆阳市总工会")),
        PERSONS: (f"名单 {numbers.plain('名单文件名')}.xlsx", persons_workbook(numbers, hidden=True)),
        SCAN: (f"扫描{numbers.plain('扫描件文件名')}.pdf", b"%PDF-1.7\n" + numbers.plain("扫描件").encode()),
    }
    for at, (union_id, (name, data)) in enumerate(files.items()):
        source = folder / f"{at}"
        source.write_bytes(data)
        copy(stack, source, union_id, name)
    wait_for("an answer to each", lambda: set(files) <= {receipt["union_id"] for receipt in receipts(stack)}, stack)
    quiet(stack)
    finished(stack, start(stack, "watch_pipeline"))  # the alert about what was sent back
    return numbers


def test_each_was_answered_and_the_list_of_persons_was_sealed(stack: Stack, planted: Planted) -> None:
    answered = {receipt["union_id"]: receipt for receipt in receipts(stack)}
    assert answered[STRAY]["status"] in {"accepted_with_warnings", "partially_accepted"}
    assert {answered[PERSONS]["status"], answered[SCAN]["status"]} == {"rejected"}
    assert len(list((bucket(stack) / "quarantine" / PERSONS).iterdir())) == 1
    assert len(planted.places) > 40


def test_no_number_is_in_airflows_database(stack: Stack, planted: Planted) -> None:
    engine = create_engine(airflow_dsn(Settings.from_env(stack.env)).replace("postgresql://", "postgresql+psycopg://"))
    try:
        texts = dict(database_texts(engine))
    finally:
        engine.dispose()
    searched = {
        "xcom.value",
        "rendered_task_instance_fields.rendered_fields",
        "log.extra",
        "dag_run.conf",
        "asset_event.extra",
    }
    assert searched <= texts.keys()
    assert STRAY in texts["xcom.value"] + texts["task_instance.rendered_map_index"]
    assert leaks(planted, iter(texts.items())) == []


def test_no_number_is_in_a_log(stack: Stack, planted: Planted) -> None:
    logs = dict(_logs(stack))
    assert any(STRAY in text for text in logs.values())
    assert leaks(planted, iter(logs.items())) == []


def test_no_number_is_in_a_mail(stack: Stack, planted: Planted) -> None:
    sent = [part for mail in mails(stack) for part in mail_texts(mail.as_bytes())]
    assert any(PERSONS in part for part in sent)
    assert leaks(planted, (("mail", part) for part in sent)) == []


def test_no_number_is_in_the_warehouse_or_in_what_people_fetch(stack: Stack, planted: Planted) -> None:
    settings = Settings.from_env(stack.env)
    engine = open_engine(warehouse_dsn(settings))
    try:
        assert leaks(planted, database_texts(engine)) == []
    finally:
        engine.dispose()
    assert leaks(planted, bucket_texts(open_bucket(settings.bucket_url))) == []


def _logs(stack: Stack) -> Iterator[tuple[str, str]]:
    """Every file that the stack wrote beside the bucket and the database's own: logs of tasks and processes, state, locks."""
    var: Path = stack.home / "var"
    files = [path for path in sorted(var.rglob("*")) if path.is_file()]
    databases = [path for path in files if path.relative_to(var).parts[0] == "postgres" and path.suffix == ".log"]
    for path in [
        *databases,
        *(path for path in files if path.relative_to(var).parts[0] not in KEPT_APART),
    ]:
        yield str(path.relative_to(stack.home)), path.read_bytes().decode("utf-8", "replace")
