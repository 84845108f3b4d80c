"""A folder as object store."""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from nuanliu.errors import BucketUnavailable, ObjectMissing, Permanent
from nuanliu.storage.objects import BLOCK, News, StoredObject, digest_of, shown_key, unchanged_blocks

if TYPE_CHECKING:
    from nuanliu.storage.folder_watch import FolderWatch

log = logging.getLogger(__name__)
_FOLDER_MODE, _FILE_MODE = 0o750, 0o640
"""For the pipeline's account and its group, whatever umask it was started with: drops and receipts are nobody else's."""
_TEMP_SUFFIX = ".nuanliu-part"
_EPOCH = datetime.fromtimestamp(0, UTC)


class FolderBucket:
    """A folder on a local or network file system."""

    needs_settling = True

    def __init__(self, url: str, root: Path) -> None:
        self.url = url
        self.root = root
        self._created_ns = 0

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
            return digest_of(self._blocks(key))

    def copy(self, source: str, target: str, sha256: str) -> None:
        """Copy in blocks, by a temporary file beside the target."""
        with _folder_errors(source):
            self._write(target, unchanged_blocks(source, self._blocks(source), sha256))

    def create(self, key: str, data: bytes) -> bool:
        """Write only where nothing is; the link is the atomic step. The file counts as complete at once.

        It comes later than every file that was created before it through this object.
        """
        target = self._path(key)
        with _folder_errors(key), self._temporary(target, (data,)) as temporary:
            os.utime(temporary, (0, 0))  # long settled: its writer has finished
            while temporary.stat().st_ctime_ns <= self._created_ns:  # the kernel's clock ticks every few milliseconds
                os.utime(temporary, (0, 0))
            try:
                os.link(temporary, target)
            except FileExistsError:
                return False
            _sync_folder(target.parent)
        with suppress(OSError):  # taken away already
            self._created_ns = max(self._created_ns, target.stat().st_ctime_ns)
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

    def watch(self, prefix: str, tell: Callable[[str, News], None]) -> FolderWatch | None:
        """Let the kernel tell of files below a folder that exists; None where it cannot. Temporary files are not told."""
        try:
            from nuanliu.storage.folder_watch import FolderWatch  # none but Linux has it

            return FolderWatch(self._path(prefix), lambda path, news: self._tell(path, news, tell))
        except (ImportError, OSError) as error:
            log.info("The intake folder tells nothing and is polled: %s", type(error).__name__)
            return None

    def _tell(self, path: Path, news: News, tell: Callable[[str, News], None]) -> None:
        if not path.name.endswith(_TEMP_SUFFIX):
            tell(path.relative_to(self.root).as_posix(), news)

    def _write(self, key: str, blocks: Iterable[bytes]) -> None:
        target = self._path(key)
        with _folder_errors(key), self._temporary(target, blocks) as temporary:
            os.replace(temporary, target)  # noqa: PTH105  # Path.replace would hide that this is the atomic step
            _sync_folder(target.parent)

    def _blocks(self, key: str) -> Iterator[bytes]:
        with self._path(key).open("rb") as stream:
            while block := stream.read(BLOCK):
                yield block

    def _path(self, key: str) -> Path:
        if any(part == ".." for part in PurePosixPath(key).parts) or key.startswith("/"):
            raise Permanent(f"object key {shown_key(key)!r} leaves the bucket")
        return self.root / key

    @contextmanager
    def _temporary(self, target: Path, blocks: Iterable[bytes]) -> Iterator[Path]:
        """A file with these bytes beside the target, held until the block ends: a killed writer holds it no more."""
        self._make_folder(target.parent)
        handle, temporary = _held_file(target.parent)
        try:
            os.fchmod(handle, _FILE_MODE)
            with os.fdopen(handle, "wb") as out:
                for block in blocks:
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
                yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _make_folder(self, folder: Path) -> None:
        """The folder and those above it; what is there keeps the mode that somebody gave it."""
        if folder.is_dir():
            return
        if folder == self.root:
            folder.parent.mkdir(parents=True, exist_ok=True)
        else:
            self._make_folder(folder.parent)
        with suppress(FileExistsError):  # another writer was quicker; when it is no folder, the write itself says so
            folder.mkdir(_FOLDER_MODE)
            folder.chmod(_FOLDER_MODE)


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


def _listed(key: str, stat: os.stat_result) -> StoredObject:
    stamp = f"{stat.st_ino}-{stat.st_size}-{stat.st_mtime_ns}"
    # ctime cannot be set by anyone: a copy that keeps the original's date still shows when it arrived.
    modified, arrived = (_EPOCH + timedelta(microseconds=ns // 1000) for ns in (stat.st_mtime_ns, stat.st_ctime_ns))
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


@contextmanager
def _folder_errors(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        # The system's own error names the file in full, so it is not chained.
        raise ObjectMissing(f"{shown_key(key)} is not in the bucket ({type(error).__name__})") from None
    except OSError as error:
        raise BucketUnavailable(f"bucket folder, {shown_key(key)}: {error.strerror or type(error).__name__}") from None
