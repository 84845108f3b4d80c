"""Look for secrets in every file that git keeps (detect-secrets, without asking anyone), and refuse what no person looked at.

``--accept`` writes what there is now into secrets.json: only after having looked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from locks import HERE, PROJECT

ACCEPTED = HERE / "secrets.json"
_BY_LOOKS = ("Basic Auth Credentials", "Secret Keyword", "Base64 High Entropy String", "Hex High Entropy String")
"""What only looks like a secret. Tests are full of passwords that open nothing; there, only keys of known makes count."""
Found = dict[str, dict[str, str]]


def main(arguments: Sequence[str]) -> int:
    """Look, and say what is new: the exit code."""
    asked = ["git", "ls-files", "-z"]
    listed = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    if listed.returncode:
        print("  skipped: this is no checkout of git")
        return 0
    files = [name for name in listed.stdout.split("\0") if name and (PROJECT / name) != ACCEPTED]
    command = [sys.executable, "-m", "detect_secrets", "-c", "2", "scan", "--no-verify", *files]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        print(f"  detect-secrets failed: {done.stderr.strip()}")
        return 1
    results = json.loads(done.stdout)["results"]
    if "--accept" in arguments:
        ACCEPTED.write_text(json.dumps(counted(results), indent=2, sort_keys=True) + "\n", "utf-8")
        return 0
    new = news(results, json.loads(ACCEPTED.read_text("utf-8")))
    for line in new:
        print(f"  {line}")
    print(
        f"  {len(files)} files; {len(new)} new findings"
        + ("; looked at: scripts/audit/scan_secrets.py --accept" * bool(new))
    )
    return int(bool(new))


def counted(results: Mapping[str, Sequence[Mapping[str, Any]]]) -> Found:
    """File → hash of what was found → its kind, without what only looks like a secret in a test."""
    found = {
        file: {each["hashed_secret"]: each["type"] for each in each_file if not _is_of_a_test(file, each["type"])}
        for file, each_file in results.items()
    }
    return {file: hashes for file, hashes in found.items() if hashes}


def news(results: Mapping[str, Sequence[Mapping[str, Any]]], accepted: Found) -> list[str]:
    """A line for each finding that is not accepted in its file. The secret itself is never printed."""
    return [
        f"{file}:{each['line_number']}: {each['type']}"
        for file, each_file in results.items()
        for each in each_file
        if not _is_of_a_test(file, each["type"]) and each["hashed_secret"] not in accepted.get(file, {})
    ]


def _is_of_a_test(file: str, kind: str) -> bool:
    return file.startswith("tests/") and kind in _BY_LOOKS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
