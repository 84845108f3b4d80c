"""Who gets mail: leaders the summary, engineers alerts, a union its reminders. A CSV of address, name, role, union_id."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from nuanliu.errors import InvalidSetting

ROLES = ("leader", "engineer", "union")


@dataclass(frozen=True)
class Recipient:
    """One address."""

    address: str
    name: str
    role: str
    union_id: str | None


def recipients_of(role: str, path: Path) -> list[Recipient]:
    """The recipients of one role, in the order of the list. Raises: InvalidSetting as ``read_recipients``."""
    return [recipient for recipient in read_recipients(path) if recipient.role == role]


def read_recipients(path: Path) -> list[Recipient]:
    """Read the list. Raises: InvalidSetting naming the line for an unknown role or an address without @."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidSetting(f"NUANLIU_RECIPIENTS: {path}: {error.strerror}") from error
    text = _decoded(data, path)
    found = []
    for number, line in enumerate(csv.DictReader(text.splitlines()), start=2):
        address, role = (line.get("address") or "").strip(), (line.get("role") or "").strip()
        if "@" not in address or not address.isascii() or any(mark in address for mark in "\r\n<>, "):
            raise InvalidSetting(f"{path.name} line {number}: {address!r} is no mail address")
        if role not in ROLES:
            raise InvalidSetting(f"{path.name} line {number}: role {role!r} is none of {', '.join(ROLES)}")
        found.append(Recipient(address, (line.get("name") or "").strip(), role, line.get("union_id") or None))
    return found


def _decoded(data: bytes, path: Path) -> str:
    """UTF-8, or GB18030 as a Chinese Excel saves CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidSetting(f"NUANLIU_RECIPIENTS: {path} is neither UTF-8 nor GB18030 text")
