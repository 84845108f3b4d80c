"""How the registry names a drop that waits: by its key, unless that holds a personal number, which no table may hold."""

from __future__ import annotations

import hashlib
import re

from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.drops.drop_path import INTAKE_PREFIX
from nuanliu.storage.bucket import Bucket
from nuanliu.storage.objects import from_storable, storable

RELEASE = "release/"
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_TOKEN = re.compile(r"~[a-p]{32}(?:\.[A-Za-z0-9]{1,8})?\Z")
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def registered_key(key: str) -> str:
    """The key as the registry stores it. With a personal number in it: masked, and told from others by a hash of the key.

    The hash stands before the ending and in letters, so that it is read neither as an ending nor as a number.
    """
    text = storable(key)
    masked = mask_text(text)
    if masked == text:
        return text
    ending = _ENDING.search(masked)
    stem = masked[: ending.start()] if ending else masked
    token = hashlib.sha256(text.encode()).hexdigest()[:32].translate(_LETTERS)
    return f"{stem}~{token}{ending[0] if ending else ''}"


def waived_key(receipt_no: str, registered: str) -> str:
    """How the registry names a file that is answered again: nothing ever waits under such a key."""
    return f"{RELEASE}{receipt_no}/{dropped_key(registered)}"


def is_waived(registered: str) -> bool:
    """Whether a registered key is that of a file answered again; its bytes lie in archive/ already."""
    return registered.startswith(RELEASE)


def dropped_key(registered: str) -> str:
    """The registered key under which a union dropped a file, also of one that is answered again."""
    return registered.split("/", 2)[2] if is_waived(registered) else registered


def waiting_key(bucket: Bucket, registered: str) -> str:
    """The key in the bucket that a registered one stands for; the registered one itself when no such object waits."""
    if _TOKEN.search(registered):
        for item in bucket.list(INTAKE_PREFIX):
            if registered_key(item.key) == registered:
                return item.key
    return from_storable(registered)
