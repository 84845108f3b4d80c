"""Settings: a secret may stand in a file, and never shows where settings are shown."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from nuanliu.errors import InvalidSetting
from nuanliu.settings import SECRETS, Settings, database_setting, secret_setting

if TYPE_CHECKING:
    from pathlib import Path

DSN = "postgresql://loader:Top5ecret@db/warehouse"


def written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_stand_in_a_file_or_in_its_variable(name: str, tmp_path: Path) -> None:
    file = written(tmp_path / "secret", b"Top5ecret\n")
    assert secret_setting({f"{name}_FILE": file}, name) == "Top5ecret"
    assert secret_setting({name: "Top5ecret"}, name) == "Top5ecret"
    assert secret_setting({}, name) is None


@pytest.mark.parametrize("unset", ["", None])
def test_an_empty_variable_is_an_unset_one(unset: str | None, tmp_path: Path) -> None:
    """Compose hands on what .env leaves open as an empty text."""
    empty = {} if unset is None else {"NUANLIU_SMTP_URL": unset, "NUANLIU_SMTP_URL_FILE": unset}
    file = written(tmp_path / "secret", b"smtp://a:1")
    assert secret_setting(empty, "NUANLIU_SMTP_URL") is None
    assert secret_setting({**empty, "NUANLIU_SMTP_URL_FILE": file}, "NUANLIU_SMTP_URL") == "smtp://a:1"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("warehouse_dsn", "NUANLIU_WAREHOUSE_DSN"),
        ("board_dsn", "NUANLIU_BOARD_DSN"),
        ("owner_dsn", "NUANLIU_OWNER_DSN"),
        ("smtp_url", "NUANLIU_SMTP_URL"),
    ],
)
def test_settings_read_the_files(field: str, name: str, tmp_path: Path) -> None:
    settings = Settings.from_env({f"{name}_FILE": written(tmp_path / "secret", DSN.encode())})
    assert getattr(settings, field) == DSN


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\n\n"])
def test_line_ends_at_the_end_are_no_part_of_a_secret_and_blanks_are(ending: bytes, tmp_path: Path) -> None:
    file = written(tmp_path / "secret", b" a b " + ending)
    assert secret_setting({"NUANLIU_SMTP_URL_FILE": file}, "NUANLIU_SMTP_URL") == " a b "


def test_both_given_is_an_error_that_names_both(tmp_path: Path) -> None:
    file = written(tmp_path / "secret", b"from the file")
    with pytest.raises(InvalidSetting) as caught:
        secret_setting({"NUANLIU_SMTP_URL": "from the variable", "NUANLIU_SMTP_URL_FILE": file}, "NUANLIU_SMTP_URL")
    assert "NUANLIU_SMTP_URL and NUANLIU_SMTP_URL_FILE" in caught.value.message
    assert "from the" not in caught.value.message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "No such file"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"Top5ecret\nsecond line\n", "more than one line"),
        (b"Top5ecret\xff\xfe", "not UTF-8"),
        (b"Top5ecret\x00", "zero byte"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_that_names_variable_and_file_and_not_what_is_in_it(
    data: bytes | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InvalidSetting) as caught:
        secret_setting({"NUANLIU_BOARD_DSN_FILE": str(path)}, "NUANLIU_BOARD_DSN")
    assert words in caught.value.message
    assert f"NUANLIU_BOARD_DSN_FILE={str(path)!r}" in caught.value.message
    assert "Top5ecret" not in "".join(traceback.format_exception(caught.value))


def test_a_folder_in_place_of_the_file_is_such_an_error(tmp_path: Path) -> None:
    """What a container runtime makes of a mount whose source is missing."""
    with pytest.raises(InvalidSetting, match="Is a directory"):
        secret_setting({"NUANLIU_BOARD_DSN_FILE": str(tmp_path)}, "NUANLIU_BOARD_DSN")


def test_settings_that_are_shown_show_no_secret(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            **{name: f"postgresql://{name}:Top5ecret@db/x" for name in SECRETS if name.endswith(("_DSN", "_URL"))},
            "AWS_ACCESS_KEY_ID": "pipeline",
            "AWS_SECRET_ACCESS_KEY_FILE": written(tmp_path / "secret", b"Top5ecret"),
        }
    )
    assert "Top5ecret" not in f"{settings!r} {settings}"


@pytest.mark.parametrize("name", ["WAREHOUSE", "BOARD", "OWNER", "METADATA", "SERVER"])
def test_the_password_of_an_address_may_stand_apart_and_is_escaped(name: str, tmp_path: Path) -> None:
    env = {
        f"NUANLIU_{name}_DSN": "postgresql://loader@db/warehouse?sslmode=verify-full",
        f"NUANLIU_{name}_PASSWORD_FILE": written(tmp_path / "password", "p:@/%密".encode()),
    }
    found = database_setting(env, f"NUANLIU_{name}_DSN")
    assert found == "postgresql://loader:p%3A%40%2F%25%E5%AF%86@db/warehouse?sslmode=verify-full"
    assert make_url(found).password == "p:@/%密"


@pytest.mark.parametrize(
    "dsn", ["postgresql://loader:Top5ecret@db/x", "postgresql://db/x", "postgresql://:a@db/x", "x"]
)
def test_an_address_that_has_a_password_or_no_login_takes_no_other_password(dsn: str) -> None:
    with pytest.raises(InvalidSetting, match="NUANLIU_BOARD_PASSWORD is set") as caught:
        Settings.from_env({"NUANLIU_BOARD_DSN": dsn, "NUANLIU_BOARD_PASSWORD": "another"})
    assert "Top5ecret" not in caught.value.message


def test_a_password_without_an_address_changes_nothing() -> None:
    assert Settings.from_env({"NUANLIU_BOARD_PASSWORD": "x"}).board_dsn is None


def test_the_key_of_the_bucket_may_stand_in_a_file(tmp_path: Path) -> None:
    file = written(tmp_path / "secret", b"Top5ecret\n")
    settings = Settings.from_env({"AWS_ACCESS_KEY_ID": "pipeline", "AWS_SECRET_ACCESS_KEY_FILE": file})
    assert settings.bucket_key == {"key": "pipeline", "secret": "Top5ecret"}
    assert Settings.from_env({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}).bucket_key is None
    with pytest.raises(InvalidSetting, match="AWS_ACCESS_KEY_ID"):
        Settings.from_env({"AWS_SECRET_ACCESS_KEY_FILE": file})
