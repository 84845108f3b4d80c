"""The locks agree: what the server and the tests add moves nothing of what the pipeline runs on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NAMES = ("requirements", "requirements-server", "requirements-dev")


def pins(name: str) -> dict[str, str]:
    lines = (PROJECT / f"{name}.txt").read_text().splitlines()
    found = {}
    for line in lines:
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;]+)", line)
        if match:
            found[match[1].lower().replace("_", "-")] = match[2]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_pins_something(name: str) -> None:
    assert len(pins(name)) > 20


@pytest.mark.parametrize(("one", "other"), [(NAMES[0], NAMES[1]), (NAMES[0], NAMES[2]), (NAMES[1], NAMES[2])])
def test_a_package_of_two_locks_has_one_version(one: str, other: str) -> None:
    first, second = pins(one), pins(other)
    assert {
        name: (first[name], second[name]) for name in first.keys() & second.keys() if first[name] != second[name]
    } == {}


def test_one_machine_does_without_what_only_a_server_needs() -> None:
    assert "apache-airflow-providers-fab" in pins("requirements-server")
    assert not {"apache-airflow-providers-fab", "flask-appbuilder"} & pins("requirements").keys()


def test_the_image_installs_both_and_tests_too() -> None:
    assert "-r /tmp/requirements.txt -r /tmp/requirements-server.txt" in (PROJECT / "Dockerfile").read_text()
    assert "-r requirements-dev.txt -r requirements-server.txt" in (PROJECT / "Makefile").read_text()
