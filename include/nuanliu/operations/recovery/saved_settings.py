"""What a backup keeps beside the data: the settings without their secrets, who gets mail, rules and code lists in use."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import asdict

from nuanliu.operations.context import Context
from nuanliu.settings import INCLUDE_DIR, Settings

RECIPIENTS = "recipients.csv"
_FOLDERS = {"contracts": "*.yaml", "reference": "*.csv"}


def settings_files(ctx: Context) -> Iterator[tuple[str, bytes]]:
    """Name below ``settings/`` and content of each file. A recipients file that cannot be read is left out."""
    yield "settings.json", json.dumps(plain_settings(ctx.settings), ensure_ascii=False, indent=1).encode()
    if ctx.settings.recipients.is_file():
        yield RECIPIENTS, ctx.settings.recipients.read_bytes()
    for folder, pattern in _FOLDERS.items():
        for path in sorted((INCLUDE_DIR / folder).rglob(pattern)):
            yield path.relative_to(INCLUDE_DIR).as_posix(), path.read_bytes()


def plain_settings(settings: Settings) -> dict[str, object]:
    """The settings as JSON: addresses without user, password and parameters, of which some are secrets."""
    return {
        "home": str(settings.home),
        "bucket": without_secrets(settings.bucket_url),
        "warehouse": without_secrets(settings.warehouse_dsn),
        "board": without_secrets(settings.board_dsn),
        "smtp": without_secrets(settings.smtp_url),
        "mail_from": settings.mail_from,
        "recipients": str(settings.recipients),
        "settle_seconds": settings.settle_seconds,
        "backups": str(settings.backups) if settings.backups else None,
        "keeping": asdict(settings.keeping),
    }


def without_secrets(address: str | None) -> str | None:
    """``scheme://host:port/path`` of an address; None for one that is not written like that."""
    if address is None:
        return None
    parts = urllib.parse.urlsplit(address)
    if not parts.scheme or "//" not in address:
        return None
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
