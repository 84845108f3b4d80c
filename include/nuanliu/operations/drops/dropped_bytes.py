"""The bytes of a drop, as many as may be read: of a file over the cap only what it is."""

from __future__ import annotations

import hashlib

from nuanliu.errors import ObjectMissing
from nuanliu.intake.formats.limits import Oversized, ReadingLimits
from nuanliu.storage.bucket import Bucket
from nuanliu.storage.objects import shown_key


def read_drop(bucket: Bucket, key: str) -> bytes | Oversized:
    """An object's bytes; of one over the cap its hash and size, read in blocks. Raises: ObjectMissing."""
    known = bucket.stat(key)
    if known is None:
        raise ObjectMissing(f"{shown_key(key)} is not in the bucket")
    if known.size > ReadingLimits.from_contract().max_bytes:
        return Oversized(*bucket.digest(key))
    return bucket.read(key)


def sha256_of(data: bytes | Oversized) -> str:
    """The content hash of a drop."""
    return data.sha256 if isinstance(data, Oversized) else hashlib.sha256(data).hexdigest()
