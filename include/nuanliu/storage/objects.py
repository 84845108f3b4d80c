"""What every object store shares: an object as listed, keys that can be stored and shown, digests of blocks."""

from __future__ import annotations

import hashlib
import os
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from nuanliu.errors import ObjectChanged

BLOCK = 1 << 20
"""Bytes that are held at once while an object is read through."""


@dataclass(frozen=True)
class StoredObject:
    """One object as listed. ``modified_at``: when its writer last touched it; ``arrived_at``: when it came to lie there.
    ``stamp`` changes whenever its bytes change.
    """

    key: str
    size: int
    modified_at: datetime
    arrived_at: datetime
    stamp: str


class News(Enum):
    """What a store tells of an object without being asked."""

    CREATED = "created"
    """It is there; its writer may be at work."""
    CLOSED = "closed"
    """Its writer has closed it, and may open it again."""
    MOVED = "moved"
    """It was moved there, so it is whole."""


def storable(key: str) -> str:
    """A key as PostgreSQL and JSON can hold it: file names that are not UTF-8 are written ``bytes:`` percent-encoded."""
    try:
        key.encode()
    except UnicodeEncodeError:
        return "bytes:" + urllib.parse.quote_from_bytes(os.fsencode(key))
    return key


def from_storable(text: str) -> str:
    """The key that ``storable`` wrote down."""
    return os.fsdecode(urllib.parse.unquote_to_bytes(text[6:])) if text.startswith("bytes:") else text


def shown_key(key: str) -> str:
    """A key for messages and logs: a union's own file name may hold personal data, so it is left out."""
    folder, _, rest = key.partition("/")
    if folder != "intake" or not rest:
        return _in_a_line(storable(key))
    sender, slash, _ = rest.partition("/")
    return f"intake/{_in_a_line(storable(sender))}/…" if slash else "intake/…"


def _in_a_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def digest_of(blocks: Iterable[bytes]) -> tuple[str, int]:
    """The sha256 and the size of all blocks together."""
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def unchanged_blocks(key: str, blocks: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """The blocks as they are. Raises: ObjectChanged after the last one, when together they have another hash."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
        yield block
    if digest.hexdigest() != sha256:
        raise ObjectChanged(f"{shown_key(key)} was replaced while it was copied")
