"""A backup holds the settings, and nothing secret of them."""

from __future__ import annotations

import json

import pytest

from nuanliu.operations.recovery.saved_settings import plain_settings, without_secrets
from nuanliu.settings import Settings


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://user:s3cret@host:5433/warehouse?password=s3cret", "postgresql://host:5433/warehouse"),
        ("postgresql://s3cret@host/warehouse#s3cret", "postgresql://host/warehouse"),
        ("smtps://user:s3cr%40et@mail:465?starttls=yes", "smtps://mail:465"),
        ("postgresql://user:s3@cret@host/db", "postgresql://host/db"),
        ("s3://nuanliu/prefix", "s3://nuanliu/prefix"),
        ("file:///data/bucket", "file:///data/bucket"),
        ("host=db password=s3cret", None),
        (None, None),
    ],
)
def test_of_an_address_only_the_place_is_kept(address: str | None, shown: str | None) -> None:
    assert without_secrets(address) == shown


def test_no_secret_setting_is_written_down() -> None:
    settings = Settings.from_env(
        {
            "NUANLIU_WAREHOUSE_DSN": "postgresql://loader:s3cret@db/warehouse",
            "NUANLIU_BOARD_DSN": "postgresql://board:s3cret@db/warehouse?sslpassword=s3cret",
            "NUANLIU_SMTP_URL": "smtp://us3cret:s3cret@mail:25",
            "NUANLIU_BACKUPS": "/mnt/second",
            "AWS_SECRET_ACCESS_KEY": "s3cret",
        }
    )
    plain = plain_settings(settings)
    assert "s3cret" not in json.dumps(plain)
    assert (plain["warehouse"], plain["backups"]) == ("postgresql://db/warehouse", "/mnt/second")
