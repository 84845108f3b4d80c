"""Secrets of one home, drawn once and kept in ``var/secrets.json`` (0600)."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Secrets:
    """What Airflow signs and encrypts with, and the passwords of the three local logins."""

    fernet_key: str
    jwt_secret: str
    api_secret: str
    admin_password: str
    op_password: str
    viewer_password: str

    @property
    def passwords(self) -> dict[str, str]:
        """Password by user name; the user name is the role."""
        return {"admin": self.admin_password, "op": self.op_password, "viewer": self.viewer_password}


def load_secrets(var: Path) -> Secrets:
    """Read the secrets of a home, drawing those that are missing. Two callers at once get the same ones."""
    var.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(var / "secrets.json", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        text = stream.read()
        kept: dict[str, str] = json.loads(text) if text else {}
        drawn = Secrets(**{field.name: kept.get(field.name) or _draw(field.name) for field in fields(Secrets)})
        if asdict(drawn) != kept:
            stream.seek(0)
            stream.truncate()
            json.dump(asdict(drawn), stream, indent=1)
    return drawn


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    half.replace(path)


def _draw(name: str) -> str:
    if name == "fernet_key":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    if name.endswith("_password"):
        return secrets.token_urlsafe(12)
    return secrets.token_hex(32)
