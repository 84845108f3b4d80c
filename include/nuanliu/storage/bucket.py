"""The object store: a folder or S3 behind one small interface. Keys are relative to the root and use ``/``."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from nuanliu.errors import InvalidSetting
from nuanliu.storage.folder_bucket import FolderBucket
from nuanliu.storage.objects import News, StoredObject


class Bucket(Protocol):
    """What the pipeline needs of an object store.

    Every method raises BucketUnavailable when the store does not answer, and ObjectMissing for a key that is not there.
    """

    url: str
    needs_settling: bool
    """Whether a writer's half-finished object can be seen (folders) or not (S3)."""

    def list(self, prefix: str) -> list[StoredObject]:
        """All objects whose key starts with a prefix, by key."""
        ...

    def stat(self, key: str) -> StoredObject | None:
        """One object, or None."""
        ...

    def read(self, key: str) -> bytes:
        """The bytes of one object."""
        ...

    def write(self, key: str, data: bytes) -> None:
        """Write an object whole, over one that is there; a reader never sees half of it."""
        ...

    def create(self, key: str, data: bytes) -> bool:
        """Write an object only where none is; False when one is there."""
        ...

    def digest(self, key: str) -> tuple[str, int]:
        """The sha256 and the size of one object, whatever its size: it is never held whole."""
        ...

    def copy(self, source: str, target: str, sha256: str) -> None:
        """Copy an object in blocks; the target is there whole or not at all. Raises: ObjectChanged for other bytes."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; no error when it is gone."""
        ...

    def sweep(self) -> int:
        """Take away what writers that were killed left half-written; returns how many such files there were."""
        ...

    def watch(self, prefix: str, tell: Callable[[str, News], None]) -> Watch | None:
        """Let the store tell of objects below a folder, by key, in a thread of its own; None for one that cannot.

        It may miss some (another machine's writers, a folder that is new): who must know of all lists them now and then.
        """
        ...


class Watch(Protocol):
    """A store that tells."""

    def close(self) -> None:
        """Let it tell nothing any more."""
        ...


def open_bucket(url: str, options: Mapping[str, Any] | None = None) -> Bucket:
    """The bucket at ``file:///folder`` or ``s3://name[/prefix]``.

    ``options`` go to s3fs (key, secret, client_kwargs); without them the standard AWS variables count.
    Raises: InvalidSetting for another scheme.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file" and (parts.netloc or parts.query or parts.fragment):
        raise InvalidSetting(f"NUANLIU_BUCKET={url!r}: write file:///folder, with %23 for # and %3F for ?")
    if parts.scheme == "file":
        return FolderBucket(url, Path(urllib.parse.unquote(parts.path)))
    if parts.scheme == "s3":
        from nuanliu.storage.s3_bucket import S3Bucket  # with it comes s3fs, a second that a folder need not pay

        return S3Bucket(url, f"{parts.netloc}{parts.path}".rstrip("/"), options or {})
    raise InvalidSetting(f"NUANLIU_BUCKET={url!r}: use file:///folder or s3://bucket/prefix")
