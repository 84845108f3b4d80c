"""The packages of requirements*.txt: name and version, each once."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
SHIPPED = ("requirements.txt", "requirements-server.txt")
ALL = (*SHIPPED, "requirements-dev.txt")
BUILD = PROJECT / "build" / "audit"
_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)")


def pinned(*files: str) -> dict[str, str]:
    """Name → version, over all these locks."""
    lines = [line for file in files for line in (PROJECT / file).read_text("utf-8").splitlines()]
    return dict(sorted(match.groups() for line in lines if (match := _PINNED.match(line))))


def written(*files: str) -> Path:
    """The same as one file of requirements below build/."""
    BUILD.mkdir(parents=True, exist_ok=True)
    path = BUILD / f"{'+'.join(Path(file).stem for file in files)}.txt"
    path.write_text("".join(f"{name}=={version}\n" for name, version in pinned(*files).items()), "utf-8")
    return path
