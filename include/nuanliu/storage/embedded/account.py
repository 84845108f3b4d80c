"""As whom the embedded server runs. PostgreSQL refuses root, and the machine's accounts are not ours to change."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from nuanliu.errors import EmbeddedServerRefused

_MAPPED = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class ServerAccount:
    """``prefix`` goes before every server command; ``owner`` (uid, gid) must own the folder, None means us."""

    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def can(self, *test: str) -> bool:
        """Whether the account passes a ``test`` expression, e.g. ``-x /some/program``."""
        return _succeeds(*self.prefix, "test", *test)

    def give(self, path: Path) -> None:
        """Hand a file or folder of ours to the account."""
        if self.owner is not None:
            os.chown(path, *self.owner)


def choose_account(folder: Path) -> ServerAccount:
    """The account for a server whose data lie (or will lie) in ``folder/data``.

    A plain user runs it as itself. Root runs it in a user namespace, where it is nobody special and owns its files as
    before; where the kernel forbids that, under an account that exists. Data that belong to a user stay that user's.
    Raises: EmbeddedServerRefused when no way is left.
    """
    data = folder / "data"
    owner = data.stat().st_uid if data.exists() else os.geteuid()
    if os.geteuid() != 0:
        if owner != os.geteuid():
            raise EmbeddedServerRefused(
                f"{data} belongs to user id {owner}; run as that user, or choose another NUANLIU_HOME"
            )
        return ServerAccount()
    if owner != 0:
        return _existing_account(folder, [pwd.getpwuid(owner)])
    if _succeeds(*_MAPPED, "true"):
        return ServerAccount(_MAPPED)
    return _existing_account(folder, [entry for entry in pwd.getpwall() if entry.pw_name in _ACCOUNTS])


def _existing_account(folder: Path, entries: list[pwd.struct_passwd]) -> ServerAccount:
    if shutil.which("setpriv") is None:
        raise EmbeddedServerRefused(
            "PostgreSQL does not run as root, and neither unshare nor setpriv works here; "
            "run as a plain user, or set NUANLIU_WAREHOUSE_DSN"
        )
    for entry in entries:
        prefix = ("setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
        account = ServerAccount(prefix, (entry.pw_uid, entry.pw_gid))
        if account.can("-x", str(folder.parent)):
            return account
    names = ", ".join(entry.pw_name for entry in entries) or "none"
    raise EmbeddedServerRefused(
        f"PostgreSQL does not run as root, and no other account ({names}) can reach {folder.parent}; "
        "run as a plain user, choose a NUANLIU_HOME that such an account can enter, or set NUANLIU_WAREHOUSE_DSN"
    )


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False
