"""The object store: a folder or S3 behind one small interface. Keys are relative to the root and use ``/``."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import tempfile
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from nuanliu.errors import BucketUnavailable, InvalidSetting, ObjectChanged, ObjectMissing, Permanent

_TEMP_SUFFIX = ".nuanliu-part"
_BLOCK = 1 << 20


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
        return S3Bucket(url, f"{parts.netloc}{parts.path}".rstrip("/"), options or {})
    raise InvalidSetting(f"NUANLIU_BUCKET={url!r}: use file:///folder or s3://bucket/prefix")


class FolderBucket:
    """A folder on a local or network file system."""

    needs_settling = True

    def __init__(self, url: str, root: Path) -> None:
        self.url = url
        self.root = root

    def list(self, prefix: str) -> list[StoredObject]:
        """All objects whose key starts with a prefix; symbolic links are not followed."""
        start = self._path(prefix.rpartition("/")[0])
        found = []
        with _folder_errors(prefix):
            for folder, _, names in os.walk(start, onerror=_raise_unless_absent):
                for name in names:
                    path = Path(folder) / name
                    key = path.relative_to(self.root).as_posix()
                    if key.startswith(prefix) and not name.endswith(_TEMP_SUFFIX) and not path.is_symlink():
                        with suppress(FileNotFoundError):  # taken away while we listed
                            found.append(_listed(key, path.stat()))
        return sorted(found, key=lambda item: item.key)

    def stat(self, key: str) -> StoredObject | None:
        """One object, or None."""
        path = self._path(key)
        with _folder_errors(key):
            return _listed(key, path.stat()) if path.is_file() and not path.is_symlink() else None

    def read(self, key: str) -> bytes:
        """The bytes of one object."""
        with _folder_errors(key):
            return self._path(key).read_bytes()

    def write(self, key: str, data: bytes) -> None:
        """Write whole, by a temporary file beside it and a rename."""
        self._write(key, (data,))

    def digest(self, key: str) -> tuple[str, int]:
        """The sha256 and the size of one object, read in blocks."""
        with _folder_errors(key):
            return _digest(self._blocks(key))

    def copy(self, source: str, target: str, sha256: str) -> None:
        """Copy in blocks, by a temporary file beside the target."""
        with _folder_errors(source):
            self._write(target, _blocks_of(source, self._blocks(source), sha256))

    def create(self, key: str, data: bytes) -> bool:
        """Write only where nothing is; the link is the atomic step. The file counts as complete at once."""
        target = self._path(key)
        with _folder_errors(key), self._temporary(target, (data,)) as temporary:
            os.utime(temporary, (0, 0))  # long settled: its writer has finished
            try:
                os.link(temporary, target)
            except FileExistsError:
                return False
            _sync_folder(target.parent)
        return True

    def delete(self, key: str) -> None:
        """Remove an object; no error when it is gone."""
        with _folder_errors(key):
            self._path(key).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Delete temporary files that nobody holds any more."""
        with _folder_errors(""):
            return sum(
                _delete_unless_held(Path(folder) / name)
                for folder, _, names in os.walk(self.root, onerror=_raise_unless_absent)
                for name in names
                if name.endswith(_TEMP_SUFFIX)
            )

    def _write(self, key: str, blocks: Iterable[bytes]) -> None:
        target = self._path(key)
        with _folder_errors(key), self._temporary(target, blocks) as temporary:
            os.replace(temporary, target)  # noqa: PTH105  # Path.replace would hide that this is the atomic step
            _sync_folder(target.parent)

    def _blocks(self, key: str) -> Iterator[bytes]:
        with self._path(key).open("rb") as stream:
            while block := stream.read(_BLOCK):
                yield block

    def _path(self, key: str) -> Path:
        if any(part == ".." for part in PurePosixPath(key).parts) or key.startswith("/"):
            raise Permanent(f"object key {shown_key(key)!r} leaves the bucket")
        return self.root / key

    @contextmanager
    def _temporary(self, target: Path, blocks: Iterable[bytes]) -> Iterator[Path]:
        """A file with these bytes beside the target, held until the block ends: a killed writer holds it no more."""
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = _held_file(target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                for block in blocks:
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
                yield temporary
        finally:
            temporary.unlink(missing_ok=True)


_TALKATIVE = ("aiobotocore", "boto3", "botocore", "fsspec", "s3fs")
"""At DEBUG these write every request down, and with it the names of waiting drops, in which a person's number may stand."""


class S3Bucket:
    """A bucket of any S3-compatible store, through s3fs."""

    needs_settling = False

    def __init__(self, url: str, root: str, options: Mapping[str, Any]) -> None:
        import s3fs

        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)
        self.url = url
        self.root = root
        # No instance or listing cache: a forked task must open its own connections and see today's listing.
        self.files = s3fs.S3FileSystem(**options, use_listings_cache=False, skip_instance_cache=True)

    def list(self, prefix: str) -> list[StoredObject]:
        """All objects whose key starts with a prefix."""
        with _s3_errors(prefix):
            folder, _, name = prefix.rpartition("/")
            found = self.files.find(f"{self.root}/{folder}", detail=True, prefix=name)
        items = (self._listed(info) for info in found.values() if info["type"] == "file")
        return sorted((item for item in items if item.key.startswith(prefix)), key=lambda item: item.key)

    def stat(self, key: str) -> StoredObject | None:
        """One object, or None."""
        with _s3_errors(key):
            try:
                info = self.files.info(f"{self.root}/{key}", refresh=True)
            except FileNotFoundError:
                return None
        return self._listed(info) if info["type"] == "file" else None

    def read(self, key: str) -> bytes:
        """The bytes of one object."""
        with _s3_errors(key):
            return bytes(self.files.cat_file(f"{self.root}/{key}"))

    def write(self, key: str, data: bytes) -> None:
        """Write an object; S3 shows it only when it is whole."""
        with _s3_errors(key):
            self.files.pipe_file(f"{self.root}/{key}", data)

    def create(self, key: str, data: bytes) -> bool:
        """Write only where nothing is, by a conditional put."""
        with _s3_errors(key):
            try:
                self.files.pipe_file(f"{self.root}/{key}", data, mode="create")
            except FileExistsError:
                return False
        return True

    def digest(self, key: str) -> tuple[str, int]:
        """The sha256 and the size of one object, read in blocks."""
        with _s3_errors(key):
            return _digest(self._blocks(key))

    def copy(self, source: str, target: str, sha256: str) -> None:
        """Hash in blocks, then let the store copy exactly what was hashed; S3 shows the target when it is whole."""
        with _s3_errors(source):
            hashed = str(self.files.info(f"{self.root}/{source}", refresh=True)["ETag"])
            for _ in _blocks_of(source, self._blocks(source), sha256):
                pass
            self.files.cp_file(f"{self.root}/{source}", f"{self.root}/{target}", CopySourceIfMatch=hashed)

    def delete(self, key: str) -> None:
        """Remove an object; no error when it is gone."""
        with _s3_errors(key), suppress(FileNotFoundError):
            self.files.rm_file(f"{self.root}/{key}")

    def sweep(self) -> int:
        """Nothing: what was not written whole is no object."""
        return 0

    def _blocks(self, key: str) -> Iterator[bytes]:
        with self.files.open(f"{self.root}/{key}", "rb", block_size=_BLOCK * 8, cache_type="readahead") as stream:
            while block := stream.read(_BLOCK):
                yield block

    def _listed(self, info: Mapping[str, Any]) -> StoredObject:
        key = str(info["name"])[len(self.root) + 1 :]
        written_at = info["LastModified"]
        return StoredObject(key, int(info["size"]), written_at, written_at, str(info["ETag"]))


def _digest(blocks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _blocks_of(key: str, blocks: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """The blocks as they are. Raises: ObjectChanged after the last one, when together they have another hash."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
        yield block
    if digest.hexdigest() != sha256:
        raise ObjectChanged(f"{shown_key(key)} was replaced while it was copied")


def _held_file(folder: Path) -> tuple[int, Path]:
    """A new temporary file and the descriptor that holds it. The kernel lets go when its holder dies."""
    while True:
        handle, name = tempfile.mkstemp(suffix=_TEMP_SUFFIX, dir=folder)
        with suppress(OSError):  # a file system without locks, on which nothing is swept either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, Path(name)
        os.close(handle)  # swept between the two steps


def _delete_unless_held(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:  # its writer has finished meanwhile
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody writes it, or this file system cannot say
        return False
    else:
        path.unlink(missing_ok=True)
        return True
    finally:
        os.close(handle)


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


def _listed(key: str, stat: os.stat_result) -> StoredObject:
    stamp = f"{stat.st_ino}-{stat.st_size}-{stat.st_mtime_ns}"
    # ctime cannot be set by anyone: a copy that keeps the original's date still shows when it arrived.
    modified, arrived = (datetime.fromtimestamp(seconds, UTC) for seconds in (stat.st_mtime, stat.st_ctime))
    return StoredObject(key, stat.st_size, modified, arrived, stamp)


def _sync_folder(folder: Path) -> None:
    """Make a rename or link survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _raise_unless_absent(error: OSError) -> None:
    """A folder that cannot be read hides drops, so that is an error; one that is not there holds none."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _first_words(error: Exception) -> str:
    """What a store said, by its code or kind: the texts of botocore and of the stores repeat the address with the key."""
    for said in (error, error.__cause__):  # s3fs makes a system error of what the store answered
        response = getattr(said, "response", None)
        if isinstance(response, dict):
            return str(response.get("Error", {}).get("Code") or type(error).__name__)
    return type(error).__name__


def shown_key(key: str) -> str:
    """A key for messages and logs: a union's own file name may hold personal data, so it is left out."""
    folder, _, rest = key.partition("/")
    if folder != "intake" or not rest:
        return storable(key)
    sender, slash, _ = rest.partition("/")
    return f"intake/{storable(sender)}/…" if slash else "intake/…"


@contextmanager
def _folder_errors(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        # The system's own error names the file in full, so it is not chained.
        raise ObjectMissing(f"{shown_key(key)} is not in the bucket ({type(error).__name__})") from None
    except OSError as error:
        raise BucketUnavailable(f"bucket folder, {shown_key(key)}: {error.strerror or type(error).__name__}") from None


@contextmanager
def _s3_errors(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectMissing(f"{shown_key(key)} is not in the bucket ({type(error).__name__})") from None
    except (OSError, ClientError, BotoCoreError) as error:
        if isinstance(error, FileExistsError):
            raise
        # Its text quotes the whole address, the union's file name in it, and so would a chained traceback.
        raise BucketUnavailable(f"object store, {shown_key(key)}: {_first_words(error)}") from None
