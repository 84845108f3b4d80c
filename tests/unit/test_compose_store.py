"""The object store and the TLS proxy of docker-compose.yaml: who reaches what, with which key."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.compose_file import SOURCE, composed, drawn_values, env_values

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE: dict[str, Any] = yaml.safe_load(SOURCE)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
FILLED = composed(drawn_values())
IDENTITIES = (PROJECT_DIR / "deploy" / "seaweedfs.json").read_text("utf-8")


def test_only_the_gate_stands_in_the_store_s_network() -> None:
    """Ports of the store other than S3 ask for no key."""
    assert COMPOSE["networks"] == {"store": {"internal": True}}
    assert {name for name, service in SERVICES.items() if "store" in service.get("networks", [])} == {
        "store",
        "objects",
    }
    assert SERVICES["store"]["networks"] == ["store"]
    assert "ports" not in SERVICES["store"]


def test_the_gate_leads_to_s3_on_the_port_that_airflow_is_told() -> None:
    (listens,) = re.findall(
        r"^:(\d+) \{$", gate := (PROJECT_DIR / "deploy/objects.Caddyfile").read_text(), re.MULTILINE
    )
    (leads,) = re.findall(r"reverse_proxy (\S+)", gate)
    arguments = SERVICES["store"]["command"]
    assert leads == f"store:{next(each for each in arguments if each.startswith('-s3.port=')).partition('=')[2]}"
    assert FILLED["x-airflow"]["environment"]["AWS_ENDPOINT_URL"] == f"http://objects:{listens}"
    assert SERVICES["objects-init"]["environment"]["OBJECTS_URL"] == f"http://objects:{listens}"
    assert FILLED["services"]["objects"]["ports"] == [f"127.0.0.1:9000:{listens}"]


def test_accounts_are_those_of_the_file_and_cannot_be_changed_from_outside() -> None:
    arguments = SERVICES["store"]["command"]
    (config,) = [each for each in SERVICES["store"]["configs"] if each["source"] == "store-identities"]
    assert f"-s3.config={config['target']}" in arguments
    assert COMPOSE["configs"]["store-identities"] == {"file": "./deploy/seaweedfs.json"}
    assert {"-s3.iam=false", "-s3.autoCreateBucket=false", "-master.telemetry=false"} <= set(arguments)


def test_the_store_knows_every_key_that_its_accounts_name() -> None:
    named = set(re.findall(r"\$\{([A-Z0-9_]+)\}", IDENTITIES))
    unions = {name for name in named if name.startswith("NUANLIU_KEY_")}
    assert unions
    assert named - unions == set(SERVICES["store"]["environment"])
    assert SERVICES["store"]["env_file"] == [{"path": ".env.unions", "required": False}]
    assert {name for name, service in SERVICES.items() if "env_file" in service} == {"store"}
    assert ".env.unions" in (PROJECT_DIR / ".gitignore").read_text().splitlines()


def drawn(folder: Path) -> tuple[str, dict[str, str]]:
    """What `make union-keys` says there, and the keys."""
    said = subprocess.run(["bash", folder / "scripts/union_keys.sh"], check=True, capture_output=True, text=True).stdout
    return said, env_values((folder / ".env.unions").read_text())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("scripts/union_keys.sh", "deploy/seaweedfs.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes((PROJECT_DIR / name).read_bytes())
    return tmp_path


def test_every_union_gets_a_key_of_its_own_that_nobody_else_can_read(checkout: Path) -> None:
    _, keys = drawn(checkout)
    assert set(keys) == {name for name in re.findall(r"\$\{([A-Z0-9_]+)\}", IDENTITIES) if "_KEY_" in name}
    assert len(set(keys.values())) == len(keys)
    assert all(re.fullmatch(r"[0-9a-f]{48}", key) for key in keys.values())
    assert stat.S_IMODE((checkout / ".env.unions").stat().st_mode) == 0o600


def test_a_key_that_is_there_stays_and_an_empty_one_is_drawn(checkout: Path) -> None:
    (checkout / ".env.unions").write_text("NUANLIU_KEY_UNION_620100=mine\nNUANLIU_KEY_UNION_620200=\n")
    _, keys = drawn(checkout)
    assert keys["NUANLIU_KEY_UNION_620100"] == "mine"
    assert len(keys["NUANLIU_KEY_UNION_620200"]) == 48
    said, again = drawn(checkout)
    assert again == keys
    assert " 0 keys drawn" in said


def test_the_root_key_stands_in_no_command_line() -> None:
    assert "NUANLIU" not in json.dumps([SERVICES["objects-init"]["entrypoint"], SERVICES["store"]["command"]])
    assert "--user" not in SERVICES["objects-init"]["entrypoint"][-1]


# --- the image can be built from what is sent to it ---


def test_everything_that_the_image_copies_is_sent_to_the_build() -> None:
    ignored = (PROJECT_DIR / ".dockerignore").read_text().splitlines()
    copied = re.findall(r"^COPY (?:--\S+ )*(.+) \S+$", (PROJECT_DIR / "Dockerfile").read_text(), re.MULTILINE)
    assert [name for line in copied for name in line.split() if f"!{name}" not in ignored] == []
