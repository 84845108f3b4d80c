"""`make compose-secrets`: draws what is secret, leaves alone what is an address, and says what a person must fill in."""

from __future__ import annotations

import re
import stat
import subprocess
from email.utils import parseaddr
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.compose_file import EXAMPLE, SOURCE, composed, env_values, variable_of

from nuanliu.running.airflow_env import PROJECT_DIR
from nuanliu.settings import Settings
from nuanliu.storage.mail import SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

NOT_SECRET = ("NUANLIU_SMTP_URL", "NUANLIU_MAIL_FROM", "NUANLIU_RECIPIENTS")
SECRETS = re.findall(r"^([A-Z0-9_]+)=", EXAMPLE.split("# --- secrets")[1].split("\n\n")[0], re.MULTILINE)


class Checkout:
    """The script and its example in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        (folder / "scripts").mkdir()
        self.script = folder / "scripts" / "compose_secrets.sh"
        self.script.write_bytes((PROJECT_DIR / "scripts" / "compose_secrets.sh").read_bytes())
        (folder / ".env.example").write_text(EXAMPLE)
        self.env = folder / ".env"

    def draw(self) -> str:
        """Run it; what it said."""
        return subprocess.run(["bash", str(self.script)], check=True, capture_output=True, text=True).stdout

    def values(self) -> dict[str, str]:
        return env_values(self.env.read_text())


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_every_secret_is_drawn_in_its_place_and_only_the_owner_can_read_it(checkout: Checkout) -> None:
    checkout.draw()
    values = checkout.values()
    assert len({values[name] for name in SECRETS}) == len(SECRETS) >= 7
    assert all(len(values[name]) >= 44 for name in SECRETS)
    assert len(values["NUANLIU_FERNET_KEY"]) == 44
    assert [line.split("=")[0] for line in checkout.env.read_text().splitlines()] == [
        line.split("=")[0] for line in EXAMPLE.splitlines()
    ]
    assert stat.S_IMODE(checkout.env.stat().st_mode) == 0o600


def test_every_secret_file_of_the_compose_file_holds_the_value_of_env(checkout: Checkout) -> None:
    checkout.draw()
    values, root = checkout.values(), checkout.env.parent
    for secret in yaml.safe_load(SOURCE)["secrets"].values():
        file = root / secret["file"]
        assert file.read_text() == f"{values[variable_of(secret)]}\n"
        assert stat.S_IMODE(file.stat().st_mode) == 0o444, (
            "a container reads it as an account that this machine does not know"
        )
    assert stat.S_IMODE((root / "secrets").stat().st_mode) == 0o700
    assert "secrets/" in (PROJECT_DIR / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("written", ["of-my-own", "'of-my-own'", '"of-my-own"'])
def test_a_changed_secret_is_written_into_its_file_and_how_it_counts_is_said(checkout: Checkout, written: str) -> None:
    checkout.draw()
    old = checkout.values()["NUANLIU_READER_PASSWORD"]
    checkout.env.write_text(checkout.env.read_text().replace(old, written))
    said = checkout.draw()
    assert (checkout.env.parent / "secrets" / "reader_password").read_text() == "of-my-own\n"
    assert "--force-recreate" in said
    assert re.findall(r"secrets/\w+", said) == ["secrets/reader_password"]
    assert "--force-recreate" not in checkout.draw()


def test_what_is_no_secret_stays_as_the_example_has_it(checkout: Checkout) -> None:
    checkout.draw()
    expected = {name: value for name, value in env_values(EXAMPLE).items() if name not in SECRETS}
    assert {name: value for name, value in checkout.values().items() if name not in SECRETS} == expected
    assert set(NOT_SECRET) < set(expected)


def test_with_the_drawn_file_every_mail_setting_parses_and_mail_goes_to_the_catcher(checkout: Checkout) -> None:
    checkout.draw()
    services = composed(checkout.values())["services"]
    for name in ("airflow-scheduler", "airflow-triggerer", "init", "airflow-worker"):
        environment = services[name]["environment"]
        settings = Settings.from_env({name: value for name, value in environment.items() if not name.endswith("_FILE")})
        server = SmtpServer.from_url(settings.smtp_url)
        assert (server.host, server.port) == ("mail", 1025)
        assert services[server.host]["image"].startswith("axllent/mailpit")
        assert "@" in parseaddr(settings.mail_from)[1]
        home = environment["AIRFLOW_HOME"]
        assert (PROJECT_DIR / settings.recipients.relative_to(home)).is_file()


def test_it_says_in_one_line_each_what_a_person_must_still_fill_in(checkout: Checkout) -> None:
    for said in (checkout.draw(), checkout.draw()):
        left = said.partition("left for you to fill in:\n")[2].splitlines()
        told = [line.strip().partition(":")[0] for line in left]
        empty = [name for name, value in checkout.values().items() if not value and f"\n{name}=" in EXAMPLE]
        assert set(NOT_SECRET) <= set(told) <= set(empty)
        assert all(len(line.partition(": ")[2]) > 20 for line in left)


def test_a_filled_in_value_is_not_asked_for_again(checkout: Checkout) -> None:
    checkout.draw()
    filled = checkout.env.read_text()
    for name in env_values(EXAMPLE):
        filled = re.sub(rf"^{name}=$", f"{name}=x", filled, flags=re.MULTILINE)
    checkout.env.write_text(filled)
    assert checkout.draw() == ".env is there already; nothing drawn\n"
    assert checkout.env.read_text() == filled


def test_an_older_file_keeps_its_values_and_gets_the_secrets_it_lacks(checkout: Checkout) -> None:
    older = "# mine\nNUANLIU_POSTGRES_PASSWORD=old\nNUANLIU_JWT_SECRET=\nNUANLIU_SMTP_URL=smtp://mail.example:25"
    checkout.env.write_text(older)
    said = checkout.draw()
    lines = checkout.env.read_text().splitlines()
    assert lines[:2] == older.splitlines()[:2]
    assert re.fullmatch("NUANLIU_JWT_SECRET=[0-9a-f]{48}", lines[2])
    assert lines[3] == "NUANLIU_SMTP_URL=smtp://mail.example:25"
    values = checkout.values()
    assert all(values[name] for name in SECRETS)
    assert len(lines) == len(values) + 1
    assert "NUANLIU_POSTGRES_PASSWORD" not in said
    assert "NUANLIU_JWT_SECRET" in said
    assert checkout.draw().startswith(".env is there already; nothing drawn")


def test_an_address_that_an_earlier_version_drew_is_told(checkout: Checkout) -> None:
    checkout.draw()
    checkout.env.write_text(checkout.env.read_text().replace("NUANLIU_SMTP_URL=", "NUANLIU_SMTP_URL=" + "0a" * 24))
    (line,) = (line for line in checkout.draw().splitlines() if "NUANLIU_SMTP_URL" in line)
    assert "holds a drawn secret" in line
