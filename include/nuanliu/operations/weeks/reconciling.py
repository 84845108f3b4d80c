"""Hold the bucket, the registry, the receipts, the facts and the figures against each other."""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import suppress

from nuanliu.domain.documents import ReconcileDocument
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.operations.drops.claiming import complete_objects
from nuanliu.operations.drops.drop_path import INTAKE_PREFIX
from nuanliu.operations.drops.source_keys import registered_key
from nuanliu.operations.weeks.roll_up import WeekNotRolledUp, roll_up_week
from nuanliu.storage.objects import storable
from nuanliu.warehouse.marts.reconcile import reconcile_document
from nuanliu.warehouse.submissions.registry import open_claims

_ROLLUP_IDENTITY = "rollup = facts"
_WEEK = re.compile(r"\d{4}-W\d{2}")
_LOOKS = 3
_PAUSE_SECONDS = 2.0
_KEPT = ("archive/", "quarantine/")
REPORTS = "reports/"


def reconcile(ctx: Context) -> ReconcileDocument:
    """The ``nuanliu.reconcile/1`` document: every identity of the contract, with what breaks it.

    ``unclaimed`` lists drops that wait and temporary names; they are no difference. What writers that were killed left
    half-written in the bucket is taken away first: nobody lists it, and nobody else would.
    """
    ctx.bucket.sweep()
    objects = {prefix: {storable(item.key) for item in ctx.bucket.list(prefix)} for prefix in _KEPT}
    objects[INTAKE_PREFIX] = {registered_key(item.key) for item in ctx.bucket.list(INTAKE_PREFIX)}
    reports = {
        storable(item.key): hashlib.sha256(ctx.bucket.read(item.key)).hexdigest() for item in ctx.bucket.list(REPORTS)
    }
    with ctx.engine.connect() as connection:
        document = reconcile_document(connection, objects, reports=reports)
        claimed = {claim.source_key for claim in open_claims(connection)}
    unclaimed = sorted(mask_text(key) for key in objects[INTAKE_PREFIX] - claimed)
    return {**document, "unclaimed": unclaimed, "complete": len(complete_objects(ctx))}


def reconcile_at_rest(ctx: Context) -> ReconcileDocument:
    """The same document, after the work under way has had the time to settle.

    A drop that is being answered right now, and a week that waits for its rollup, look like differences for a moment:
    such weeks are rolled up here, and what remains is looked at again before it counts.
    """
    document = reconcile(ctx)
    for _ in range(_LOOKS - 1):
        if document["ok"]:
            break
        for week in sorted(_weeks_to_roll_up(document)):
            with suppress(WeekNotRolledUp):  # the difference stays, and says which week it is
                roll_up_week(ctx, week, compares=False)
        time.sleep(_PAUSE_SECONDS)
        document = reconcile(ctx)
    return document


def _weeks_to_roll_up(document: ReconcileDocument) -> set[str]:
    stale = (item["subject"] for item in document["differences"] if item["identity"] == _ROLLUP_IDENTITY)
    return {found[0] for subject in stale if (found := _WEEK.search(subject))}
