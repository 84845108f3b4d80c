"""scripts/audit: what `make audit` lets pass, refuses, and leaves out with a word."""

from __future__ import annotations

import datetime
import email
import importlib
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = datetime.date(2026, 12, 1)
FOLDER = PROJECT_DIR / "scripts" / "audit"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A script by its name, as Python finds it when it is started."""
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module


# --- vulnerabilities ---

SOUND = {"name": "a", "version": "1", "vulns": []}
HURT = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "accepted", "code", "said"),
    [
        ([SOUND], {}, 0, "0 open vulnerabilities in 1 packages"),
        ([SOUND, HURT], {}, 1, "b 2: PYSEC-1, mended in 3"),
        ([HURT], {"PYSEC-1": {"until": TODAY}}, 0, "0 open"),
        ([HURT], {"CVE-1": {"until": TODAY}}, 0, "0 open"),
        ([HURT], {"CVE-1": {"until": TODAY - datetime.timedelta(days=1)}}, 1, "PYSEC-1"),
        ([HURT], {"CVE-2": {"until": TODAY}}, 1, "PYSEC-1"),
        ([SOUND, UNKNOWN], {}, 0, "1 unknown to it"),
        ([UNKNOWN], {}, 0, "skipped: the service of pip-audit knows none of the 1 packages"),
    ],
)
def test_a_vulnerability_fails_until_it_is_mended_or_accepted_for_a_time(
    script: Callable[[str], Any],
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]],
    accepted: dict[str, Any],
    code: int,
    said: str,
) -> None:
    assert script("check_vulnerabilities").verdict(packages, accepted, TODAY) == code
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        ("requests.exceptions.ConnectionError: no route", 0, "skipped: the service of pip-audit cannot be reached"),
        ("requests.exceptions.ProxyError: refused", 0, "skipped"),
        ("usage: pip-audit\nunknown flag", 1, "pip-audit failed: unknown flag"),
        ("No module named pip_audit", 1, "pip-audit failed"),
    ],
)
def test_only_a_service_that_cannot_be_reached_is_left_out_with_a_word(
    script: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: str,
    code: int,
    said: str,
) -> None:
    module = script("check_vulnerabilities")
    done = subprocess.CompletedProcess([], 1, stdout="", stderr=error)
    monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: done)
    assert module.main() == code
    assert said in capsys.readouterr().out


def test_every_accepted_vulnerability_says_why_and_until_when() -> None:
    accepted = yaml.safe_load((FOLDER / "accepted_vulnerabilities.yaml").read_text())
    assert [
        name for name, each in accepted.items() if not each["why"] or not isinstance(each["until"], datetime.date)
    ] == []


def test_every_lock_is_held_against_the_vulnerabilities(script: Callable[[str], Any]) -> None:
    assert set(script("locks").ALL) == {path.name for path in PROJECT_DIR.glob("requirements*.txt")}


# --- licences ---


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: other", "MIT OR Apache-2.0"),
        ("Classifier: License :: OSI Approved :: MIT License\nClassifier: Topic :: X\nLicense: other", "MIT License"),
        ("Classifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: B", "B"),
        ("License: BSD-3-Clause\n  with all its text", "BSD-3-Clause"),
        ("Name: x", ""),
    ],
)
def test_a_package_says_its_licence_in_three_ways(script: Callable[[str], Any], metadata: str, said: str) -> None:
    assert script("check_licences").said_by(email.message_from_string(metadata)) == said


@pytest.mark.parametrize(
    ("licence", "passes"),
    [
        ("MIT", True),
        ("MIT AND (Apache-2.0 OR ISC)", True),
        ("ISC License (ISCL)", True),
        ("MIT OR AGPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("", False),
    ],
)
def test_every_part_of_a_licence_must_be_allowed(script: Callable[[str], Any], licence: str, passes: bool) -> None:
    allowed = ["MIT", "Apache-2.0", "ISC", "ISC License (ISCL)"]
    refused = script("check_licences").refusals({"x": licence}, allowed, {})
    assert bool(refused) != passes
    assert all(line.startswith("x: ") for line in refused)


def test_what_a_person_looked_at_passes_as_long_as_it_says_the_same(script: Callable[[str], Any]) -> None:
    refusals = script("check_licences").refusals
    assert refusals({"x": "GPL"}, [], {"x": "GPL"}) == []
    assert refusals({"x": "AGPL"}, [], {"x": "GPL"})
    assert refusals({"y": "GPL"}, [], {"x": "GPL"})


def test_everything_that_is_shipped_has_a_licence_that_we_may_use(
    script: Callable[[str], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert script("check_licences").main() == 0, capsys.readouterr().out


# --- secrets ---


def finding(kind: str, hashed: str = "h") -> dict[str, Any]:
    return {"type": kind, "hashed_secret": hashed, "line_number": 3}


@pytest.mark.parametrize(
    ("file", "kind", "told"),
    [
        ("include/a.py", "Secret Keyword", True),
        ("include/a.py", "AWS Access Key", True),
        ("tests/a.py", "AWS Access Key", True),
        ("tests/a.py", "Private Key", True),
        ("tests/a.py", "Secret Keyword", False),
    ],
)
def test_a_finding_is_told_unless_it_only_looks_so_in_a_test(
    script: Callable[[str], Any], file: str, kind: str, told: bool
) -> None:
    new = script("scan_secrets").news({file: [finding(kind)]}, {})
    assert new == ([f"{file}:3: {kind}"] if told else [])


def test_what_was_looked_at_is_accepted_in_its_file_only(script: Callable[[str], Any]) -> None:
    module = script("scan_secrets")
    results = {"a": [finding("Secret Keyword", "1")]}
    accepted = module.counted(results)
    assert module.news(results, accepted) == []
    assert module.news({"b": results["a"]}, accepted) == ["b:3: Secret Keyword"]
    assert module.news({"a": [finding("Secret Keyword", "2")]}, accepted) == ["a:3: Secret Keyword"]


def test_the_list_of_accepted_findings_holds_no_secret_but_hashes() -> None:
    accepted = json.loads((FOLDER / "secrets.json").read_text())
    assert accepted
    assert {len(hashed) for each in accepted.values() for hashed in each} == {40}


def test_a_key_of_a_known_make_is_found_anywhere(script: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """By the real program, in a small checkout."""
    pytest.importorskip("detect_secrets", reason="detect-secrets is not installed: `make lint` installs it")
    module = script("scan_secrets")
    folder = PROJECT_DIR / "build" / "audit" / "leak"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "leak.py").write_text("key = '" + "AKIA" + "Z" * 16 + "'\n")
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "add", "leak.py"], check=True)
    monkeypatch.setattr(module, "PROJECT", folder)
    assert module.main([]) == 1


# --- the document of what is shipped ---


def test_the_sbom_names_every_package_that_is_shipped(script: Callable[[str], Any]) -> None:
    pytest.importorskip("cyclonedx_py", reason="cyclonedx-bom is not installed: `make lint` installs it")
    module = script("write_sbom")
    assert module.main() == 0
    document = json.loads(module.SBOM.read_text())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert document["metadata"]["component"]["name"] == "nuanliu"
    named = {part["name"]: part["version"] for part in document["components"]}
    assert named == script("locks").pinned("requirements.txt", "requirements-server.txt")


def test_make_lint_asks_all_of_it() -> None:
    makefile = (PROJECT_DIR / "Makefile").read_text()
    assert "$(MAKE) --no-print-directory audit" in makefile.split("\nlint:")[1].split("\n\n")[0]
    audit = makefile.split("\naudit:")[1].split("\n\n")[0]
    started = {path.name for path in FOLDER.glob("*.py")} - {"locks.py"}
    assert {name for name in started if f"scripts/audit/{name}" in audit} == started
