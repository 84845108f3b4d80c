"""A bucket of an S3-compatible store as object store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import s3fs
from botocore.exceptions import BotoCoreError, ClientError

from nuanliu.errors import BucketUnavailable, ObjectMissing
from nuanliu.storage.objects import BLOCK, News, StoredObject, digest_of, shown_key, unchanged_blocks

_TALKATIVE = ("aiobotocore", "boto3", "botocore", "fsspec", "s3fs")
"""At DEBUG these write every request down, and with it the names of waiting drops, in which a person's number may stand."""

_FOLDER_ENDINGS = ("/", "_$folder$")
"""How consoles and the usual clients end the name of a folder, and how Hadoop's do."""


class _ExactKeys(s3fs.S3FileSystem):  # type: ignore[misc]  # s3fs has no types
    """Takes every key as it is. s3fs itself reads keys as paths: to it ``a/`` is ``a``, and ``a?versionId=1`` a version of ``a``."""

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        return path

    def split_path(self, path: str) -> tuple[str, str, None]:
        """Bucket, key, and no version."""
        bucket, _, key = path.partition("/")
        return bucket, key, None


class S3Bucket:
    """A bucket of any S3-compatible store, through s3fs."""

    needs_settling = False

    def __init__(self, url: str, root: str, options: Mapping[str, Any]) -> None:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)
        self.url = url
        self.root = root
        self._name, _, below = root.partition("/")
        self._below = f"{below}/" if below else ""
        # No instance or listing cache: a forked task must open its own connections and see today's listing.
        self.files = _ExactKeys(**options, use_listings_cache=False, skip_instance_cache=True)

    def list(self, prefix: str) -> list[StoredObject]:
        """All objects whose key starts with a prefix, but those that only stand for a folder.

        It asks for listings alone: s3fs's own ``find`` also asks for an object with an empty folder's name, which nobody
        needs a right to.
        """
        with _s3_errors(prefix):
            found = [self._stored(entry) for page in self._pages(f"{self._below}{prefix}") for entry in page]
        return sorted((item for item in found if not _is_folder(item)), key=lambda item: item.key)

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
            return digest_of(self._blocks(key))

    def copy(self, source: str, target: str, sha256: str) -> None:
        """Hash in blocks, then let the store copy exactly what was hashed; S3 shows the target when it is whole."""
        with _s3_errors(source):
            hashed = str(self.files.info(f"{self.root}/{source}", refresh=True)["ETag"])
            for _ in unchanged_blocks(source, self._blocks(source), sha256):
                pass
            self.files.cp_file(f"{self.root}/{source}", f"{self.root}/{target}", CopySourceIfMatch=hashed)

    def delete(self, key: str) -> None:
        """Remove an object; no error when it is gone."""
        with _s3_errors(key), suppress(FileNotFoundError):
            self.files.rm_file(f"{self.root}/{key}")

    def sweep(self) -> int:
        """Nothing: what was not written whole is no object."""
        return 0

    def watch(self, prefix: str, tell: Callable[[str, News], None]) -> None:
        """It tells nothing: a store's events come by a queue or a web hook of its own."""

    def _blocks(self, key: str) -> Iterator[bytes]:
        with self.files.open(f"{self.root}/{key}", "rb", block_size=BLOCK * 8, cache_type="readahead") as stream:
            while block := stream.read(BLOCK):
                yield block

    def _pages(self, prefix: str) -> Iterator[Sequence[Mapping[str, Any]]]:
        """What the store lists, up to a thousand objects at a time."""
        more: dict[str, str] = {}
        while True:
            page = self.files.call_s3("list_objects_v2", Bucket=self._name, Prefix=prefix, **more)
            yield page.get("Contents", [])
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _stored(self, entry: Mapping[str, Any]) -> StoredObject:
        written_at = entry["LastModified"]
        key = str(entry["Key"])[len(self._below) :]
        return StoredObject(key, int(entry["Size"]), written_at, written_at, str(entry["ETag"]))

    def _listed(self, info: Mapping[str, Any]) -> StoredObject:
        key = str(info["name"])[len(self.root) + 1 :]
        written_at = info["LastModified"]
        return StoredObject(key, int(info["size"]), written_at, written_at, str(info["ETag"]))


def _is_folder(item: StoredObject) -> bool:
    """Whether an object was made by a click on "create folder": no bytes, under a name that only folders have."""
    return item.size == 0 and item.key.endswith(_FOLDER_ENDINGS)


def _first_words(error: Exception) -> str:
    """What a store said, by its code or kind: the texts of botocore and of the stores repeat the address with the key."""
    for said in (error, error.__cause__):  # s3fs makes a system error of what the store answered
        response = getattr(said, "response", None)
        if isinstance(response, dict):
            return str(response.get("Error", {}).get("Code") or type(error).__name__)
    return type(error).__name__


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
