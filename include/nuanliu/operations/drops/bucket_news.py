"""What the intake folder tells by itself: a file is whole, and need not lie still before it is taken."""

from __future__ import annotations

import logging
from collections.abc import Callable

from nuanliu.errors import NuanliuError
from nuanliu.operations.context import Context
from nuanliu.operations.drops.claiming import mark_of
from nuanliu.operations.drops.drop_path import INTAKE_PREFIX
from nuanliu.storage.bucket import Bucket, Watch
from nuanliu.storage.objects import News

log = logging.getLogger(__name__)
QUIET_SHARE = 0.2
"""Of the settling time: so long nobody may touch a file that its writer has closed, since some close it and write on."""


def listen(ctx: Context, tell: Callable[[str | None, float], None]) -> Watch | None:
    """Let the bucket tell; None for one that does not (a store, a folder that is not there yet).

    ``tell`` is called in a thread of the bucket's with the mark of a file (``mark_of``) that is whole after so many seconds if it
    has the same mark then, or with None: something is there.
    """
    bucket, settle_seconds = ctx.bucket, ctx.settings.settle_seconds
    return bucket.watch(INTAKE_PREFIX, lambda key, news: tell(*_read(bucket, key, news, settle_seconds)))


def _read(bucket: Bucket, key: str, news: News, settle_seconds: float) -> tuple[str | None, float]:
    try:
        found = None if news is News.CREATED else bucket.stat(key)
    except NuanliuError as error:
        log.warning("A file that was told of cannot be looked at and waits for its age: %s", error.message)
        found = None
    quiet = QUIET_SHARE * settle_seconds if news is News.CLOSED else 0.0
    return (None, 0.0) if found is None else (mark_of(found), quiet)
