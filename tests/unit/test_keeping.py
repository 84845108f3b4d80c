"""How long things are kept: for ever unless a setting says otherwise, and never shorter than the law asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from nuanliu.errors import InvalidSetting
from nuanliu.settings import Keeping, Settings


def test_everything_that_was_reported_is_kept_for_ever_by_default() -> None:
    assert Settings.from_env({}).keeping == Keeping(originals_years=None, quarantine_days=None)


@pytest.mark.parametrize("years", ["0", "1", "1.5", "-3", "two"])
def test_less_than_two_years_for_originals_is_refused_with_the_reason(years: str) -> None:
    with pytest.raises(InvalidSetting, match=r"at least 2 years.*统计法实施条例"):
        Settings.from_env({"NUANLIU_KEEP_ORIGINALS_YEARS": years})


def test_two_years_and_more_are_taken() -> None:
    assert Settings.from_env({"NUANLIU_KEEP_ORIGINALS_YEARS": "2"}).keeping.originals_years == 2


@pytest.mark.parametrize(
    "name",
    ["NUANLIU_KEEP_QUARANTINE_DAYS", "NUANLIU_BACKUPS_DAILY", "NUANLIU_KEEP_METADATA_DAYS", "NUANLIU_KEEP_LOGS_DAYS"],
)
@pytest.mark.parametrize("text", ["0", "-1", "ten", "1.5"])
def test_a_count_that_would_keep_nothing_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(InvalidSetting, match=name):
        Settings.from_env({name: text})


def test_weekly_and_monthly_backups_may_be_done_without() -> None:
    kept = Settings.from_env({"NUANLIU_BACKUPS_WEEKLY": "0", "NUANLIU_BACKUPS_MONTHLY": "0"}).keeping
    assert (kept.daily, kept.weekly, kept.monthly) == (7, 0, 0)


def test_the_second_place_is_a_folder_and_unset_there_is_none() -> None:
    assert Settings.from_env({}).backups is None
    assert Settings.from_env({"NUANLIU_BACKUPS": "/mnt/second"}).backups == Path("/mnt/second")


@pytest.mark.parametrize(
    ("env", "is_server"),
    [
        ({}, False),
        ({"NUANLIU_BUCKET": "file:///data/bucket"}, False),
        ({"NUANLIU_BUCKET": "s3://nuanliu"}, True),
        ({"NUANLIU_WAREHOUSE_DSN": "postgresql://x@host/warehouse"}, True),
    ],
)
def test_a_store_is_a_server_when_bucket_or_warehouse_is(env: dict[str, str], is_server: bool) -> None:
    assert Settings.from_env(env).is_server is is_server
