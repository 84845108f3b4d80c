"""The environment of Airflow's processes: ours where it must be, the caller's where it may be."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from nuanliu.running.airflow_env import Ports, airflow_environment
from nuanliu.running.secret_file import load_secrets
from nuanliu.settings import INCLUDE_DIR, Settings

DSN = "postgresql://nuanliu:secret@127.0.0.1:5433/airflow"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"NUANLIU_HOME": str(tmp_path)})


def environment(settings: Settings, **base: str) -> dict[str, str]:
    return airflow_environment(settings, Ports(8081, 1026), load_secrets(settings.var), DSN, base)


def test_everything_airflow_writes_lies_below_var(settings: Settings) -> None:
    env = environment(settings)
    for name in (
        "AIRFLOW_HOME",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
    ):
        assert Path(env[name]).is_relative_to(settings.var), name


def test_addresses_name_the_ports_that_were_chosen(settings: Settings) -> None:
    env = environment(settings)
    assert env["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8081"
    assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8081/execution/"
    assert env["NUANLIU_SMTP_URL"] == "smtp://127.0.0.1:1026"


def test_a_mail_server_that_the_caller_keeps_in_a_file_does_not_contradict_the_mail_sink(settings: Settings) -> None:
    env = environment(settings, NUANLIU_SMTP_URL_FILE="/run/secrets/smtp_url")
    assert Settings.from_env(env).smtp_url == "smtp://127.0.0.1:1026"


def test_both_drivers_reach_the_metadata_database(settings: Settings) -> None:
    env = environment(settings)
    assert env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == DSN.replace("postgresql", "postgresql+psycopg")
    assert env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"] == DSN.replace("postgresql", "postgresql+asyncpg")


def test_caller_may_tune_but_not_move_airflow(settings: Settings) -> None:
    env = environment(
        settings,
        AIRFLOW__CORE__PARALLELISM="32",
        AIRFLOW_HOME="/elsewhere",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="sqlite:////elsewhere.db",
        NUANLIU_NOW="2024-12-09T09:00+08:00",
    )
    assert env["AIRFLOW__CORE__PARALLELISM"] == "32"
    assert env["NUANLIU_NOW"] == "2024-12-09T09:00+08:00"
    assert "/elsewhere" not in env["AIRFLOW_HOME"] + env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]


def test_package_comes_first_on_the_path_and_once(settings: Settings) -> None:
    env = environment(settings, PYTHONPATH=f"/other:{INCLUDE_DIR}")
    assert env["PYTHONPATH"].split(":") == [str(INCLUDE_DIR), "/other"]


def test_each_login_has_a_password_in_a_private_file(settings: Settings) -> None:
    env = environment(settings)
    file = Path(env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    users = [each.split(":")[0] for each in env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"].split(",")]
    passwords = json.loads(file.read_text())
    assert list(passwords) == users
    assert all(len(each) >= 16 for each in passwords.values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
