"""Policy documents for the object store: what each union, the pipeline and whoever looks after quarantine/ may do there."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.errors import UsageError

PIPELINE = "pipeline"
QUARANTINE = "quarantine"
_KEPT = ("archive", "quarantine", "receipts", "reports")
_NOT_FOR_EVER = ("archive", "quarantine", "receipts")
"""Where retention deletes, once a period is set (decision 0021)."""
Policy = dict[str, Any]


def policy_documents(bucket_url: str, *, retention: bool = False) -> Mapping[str, Policy]:
    """Name → IAM policy, as AWS, SeaweedFS and others read it. ``bucket_url``: ``s3://bucket[/prefix]``.

    A union puts files under its own intake/ folder, which it can neither list nor read back, and reads its own receipts.
    The pipeline takes drops away, and nothing else; what it keeps it deletes only with ``retention``.
    """
    place = _Place(bucket_url)
    senders = (union.id for union in codes().unions.list if union.id != PROVINCE)
    return {
        **{f"union-{union_id}": _of_union(place, union_id) for union_id in senders},
        PIPELINE: _of_pipeline(place, ("intake", *_NOT_FOR_EVER) if retention else ("intake",)),
        QUARANTINE: _policy(place.reading(QUARANTINE), place.listing(QUARANTINE)),
    }


class _Place:
    """A bucket's resources by folder."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise UsageError(
                f"{url} is no object store: policies are for s3://bucket, given by NUANLIU_BUCKET or --bucket"
            )
        self._bucket = f"arn:aws:s3:::{parts.netloc}"
        self._prefix = f"{parts.path.strip('/')}/".lstrip("/")

    def objects(self, folders: Iterable[str]) -> list[str]:
        return [f"{self._bucket}/{self._prefix}{folder}/*" for folder in folders]

    def reading(self, *folders: str) -> Policy:
        return _statement("Read", ["s3:GetObject"], self.objects(folders))

    def writing(self, *folders: str) -> Policy:
        return _statement("Write", ["s3:PutObject"], self.objects(folders))

    def deleting(self, *folders: str) -> Policy:
        return _statement("Delete", ["s3:DeleteObject"], self.objects(folders))

    def listing(self, *folders: str) -> Policy:
        """No folders: the whole bucket."""
        listed = _statement("List", ["s3:ListBucket"], [self._bucket])
        prefixes = [f"{self._prefix}{folder}/*" for folder in folders]
        return {**listed, "Condition": {"StringLike": {"s3:prefix": prefixes}}} if prefixes else listed


def _of_union(place: _Place, union_id: str) -> Policy:
    own_receipts = f"receipts/{union_id}"
    return _policy(place.writing(f"intake/{union_id}"), place.reading(own_receipts), place.listing(own_receipts))


def _of_pipeline(place: _Place, emptied: Iterable[str]) -> Policy:
    folders = ("intake", *_KEPT)
    return _policy(place.reading(*folders), place.writing(*folders), place.deleting(*emptied), place.listing())


def _policy(*statements: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _statement(name: str, actions: list[str], resources: list[str]) -> Policy:
    return {"Sid": name, "Effect": "Allow", "Action": actions, "Resource": resources}
