"""A bucket in memory: its objects arrive when a test says so, and some cannot be read for a while."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nuanliu.errors import BucketUnavailable, ObjectMissing
from nuanliu.storage.objects import News, StoredObject, digest_of, unchanged_blocks

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class MemoryBucket:
    """The interface of ``nuanliu.storage.bucket.Bucket``. ``unreadable``: keys whose bytes the store will not give."""

    url: str = "memory://"
    needs_settling: bool = False
    objects: dict[str, bytes] = field(default_factory=dict)
    arrivals: dict[str, datetime] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    def put(self, key: str, data: bytes, arrived_at: datetime) -> None:
        """What a union does: the object lies there from a moment on."""
        self.objects[key], self.arrivals[key] = data, arrived_at

    def list(self, prefix: str) -> list[StoredObject]:
        """All objects whose key starts with a prefix, by key."""
        return [self._listed(key) for key in sorted(self.objects) if key.startswith(prefix)]

    def stat(self, key: str) -> StoredObject | None:
        """One object, or None."""
        return self._listed(key) if key in self.objects else None

    def read(self, key: str) -> bytes:
        """The bytes of one object."""
        if key in self.unreadable:
            raise BucketUnavailable("the object cannot be read now")
        return self._bytes(key)

    def write(self, key: str, data: bytes) -> None:
        """Write an object whole, over one that is there."""
        self.objects[key] = data

    def create(self, key: str, data: bytes) -> bool:
        """Write an object only where none is."""
        return self.objects.setdefault(key, data) is data

    def digest(self, key: str) -> tuple[str, int]:
        """The sha256 and the size of one object, also of one whose bytes cannot be read."""
        return digest_of((self._bytes(key),))

    def copy(self, source: str, target: str, sha256: str) -> None:
        """Copy an object."""
        self.objects[target] = b"".join(unchanged_blocks(source, (self._bytes(source),), sha256))

    def delete(self, key: str) -> None:
        """Remove an object; no error when it is gone."""
        self.objects.pop(key, None)
        self.arrivals.pop(key, None)

    def sweep(self) -> int:
        """Nothing is ever half-written here."""
        return 0

    def watch(self, prefix: str, tell: Callable[[str, News], None]) -> None:
        """It tells nothing."""

    def _bytes(self, key: str) -> bytes:
        try:
            return self.objects[key]
        except KeyError:
            raise ObjectMissing(f"{key} is not in the bucket") from None

    def _listed(self, key: str) -> StoredObject:
        data = self.objects[key]
        arrived = self.arrivals.get(key, LONG_AGO)
        return StoredObject(
            key, len(data), LONG_AGO, arrived, hashlib.new("md5", data, usedforsecurity=False).hexdigest()
        )
