"""Hold the locked packages against the known vulnerabilities (pip-audit). Without its service: one sentence, and no verdict."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from locks import ALL, HERE, written

_PATIENCE = 120
"""Seconds for some three hundred questions."""
_UNREACHABLE = (
    "ConnectionError",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
    "SSLError",
    "ServiceError",
    "HTTPError",
)


def main() -> int:
    """Ask, and say what was found: the exit code."""
    command = [
        sys.executable, "-m", "pip_audit", "-r", str(written(*ALL)), "--no-deps", "--disable-pip",
        "--progress-spinner", "off", "--format", "json", "--timeout", "5",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired:
        print(f"  skipped: the service of pip-audit did not answer within {_PATIENCE} s")
        return 0
    if not done.stdout.strip():
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        if any(name in done.stderr for name in _UNREACHABLE):
            print(f"  skipped: the service of pip-audit cannot be reached ({last[:200]})")
            return 0
        print(f"  pip-audit failed: {last}")
        return 1
    accepted = yaml.safe_load((HERE / "accepted_vulnerabilities.yaml").read_text("utf-8")) or {}
    return verdict(json.loads(done.stdout)["dependencies"], accepted, datetime.datetime.now(datetime.UTC).date())


def verdict(
    packages: Sequence[Mapping[str, Any]], accepted: Mapping[str, Mapping[str, Any]], today: datetime.date
) -> int:
    """1 where a package has a vulnerability that nobody accepted, or not until today. ``accepted``: id → why, until."""
    asked = [package for package in packages if "skip_reason" not in package]
    if not asked:
        print(f"  skipped: the service of pip-audit knows none of the {len(packages)} packages")
        return 0
    found = [
        f"{package['name']} {package['version']}: {each['id']}, mended in {', '.join(each['fix_versions']) or 'no version'}"
        for package in asked
        for each in package["vulns"]
        if not _is_accepted([each["id"], *each["aliases"]], accepted, today)
    ]
    for line in found:
        print(f"  {line}")
    unknown = len(packages) - len(asked)
    print(
        f"  {len(found)} open vulnerabilities in {len(asked)} packages" + (f"; {unknown} unknown to it" * bool(unknown))
    )
    return int(bool(found))


def _is_accepted(names: Sequence[str], accepted: Mapping[str, Mapping[str, Any]], today: datetime.date) -> bool:
    return any(name in accepted and today <= accepted[name]["until"] for name in names)


if __name__ == "__main__":
    sys.exit(main())
