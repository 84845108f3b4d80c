"""Hold the bucket, the registry, the receipts, the facts and the figures against each other."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from nuanliu.domain.documents import ReconcileDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.operations.drops.claiming import complete_objects
from nuanliu.operations.drops.drop_path import INTAKE_PREFIX
from nuanliu.operations.drops.source_keys import registered_key
from nuanliu.operations.weeks.roll_up import WeekNotRolledUp, roll_up_week
from nuanliu.storage.objects import from_storable, storable
from nuanliu.warehouse.marts.reconcile import KEPT_IDENTITIES, reconcile_document
from nuanliu.warehouse.reconciliation.printed_weeks import printed_scope
from nuanliu.warehouse.reconciliation.scope import EVERYTHING, Scope, spans_of
from nuanliu.warehouse.reconciliation.weeks_due import begin_look, note_clean, weeks_due
from nuanliu.warehouse.submissions.registry import open_claims, stored_keys

_ROLLUP_IDENTITY = "rollup = facts"
_WEEK = re.compile(r"\d{4}-W\d{2}")
_LOOKS = 3
_PAUSE_SECONDS = 2.0
_KEPT = ("archive/", "quarantine/")
REPORTS = "reports/"


def reconcile(ctx: Context) -> ReconcileDocument:
    """The ``nuanliu.reconcile/1`` document: every identity of the contract over all weeks, with what breaks it.

    ``unclaimed`` lists drops that wait and temporary names; they are no difference. What writers that were killed left
    half-written in the bucket is taken away first: nobody lists it, and nobody else would.
    """
    return _reconcile(ctx, EVERYTHING)


def reconcile_due(ctx: Context) -> ReconcileDocument:
    """The same document of what is due tonight: the whole bucket, the weeks that were touched since they were found clean, and
    so many others that each has its turn within eight weeks. When all is clean, these weeks are noted as found so.
    """
    began_at = ctx.settings.clock()
    with ctx.engine.begin() as connection:
        weeks = weeks_due(connection, began_at)
        begin_look(connection, weeks)
    document = _reconcile(ctx, Scope(spans_of(weeks)) if weeks else EVERYTHING)
    if document["ok"]:
        with ctx.engine.begin() as connection:
            note_clean(connection, weeks, began_at)
    return document


def _reconcile(ctx: Context, scope: Scope) -> ReconcileDocument:
    ctx.bucket.sweep()
    objects = {prefix: {storable(item.key) for item in ctx.bucket.list(prefix)} for prefix in _KEPT}
    objects[INTAKE_PREFIX] = {registered_key(item.key) for item in ctx.bucket.list(INTAKE_PREFIX)}
    reports = {item.key: "" for item in ctx.bucket.list(REPORTS)} | _report_hashes(ctx, scope)
    with ctx.engine.connect() as connection:
        document = reconcile_document(connection, objects, reports=_storable_keys(reports), scope=scope)
        claimed = {claim.source_key for claim in open_claims(connection)}
    unclaimed = sorted(mask_text(key) for key in objects[INTAKE_PREFIX] - claimed)
    return {**document, "unclaimed": unclaimed, "complete": len(complete_objects(ctx))}


def reconcile_at_rest(ctx: Context, week: ReportingWeek | None = None) -> ReconcileDocument:
    """The same document, after the work under way has had the time to settle. ``week``: only of what the next edition of a
    week prints: originals, receipts, editions, and whether its weeks are rolled up.

    A drop that is being answered right now, and a week that waits for its rollup, look like differences for a moment:
    such weeks are rolled up here, and what remains is looked at again before it counts.
    """
    document = _look(ctx, week)
    for _ in range(_LOOKS - 1):
        if document["ok"]:
            break
        for stale in sorted(_weeks_to_roll_up(document)):
            with suppress(WeekNotRolledUp):  # the difference stays, and says which week it is
                roll_up_week(ctx, stale, compares=False)
        time.sleep(_PAUSE_SECONDS)
        document = _look(ctx, week)
    return document


def _look(ctx: Context, week: ReportingWeek | None) -> ReconcileDocument:
    return reconcile(ctx) if week is None else _reconcile_for_edition(ctx, week)


def _reconcile_for_edition(ctx: Context, week: ReportingWeek) -> ReconcileDocument:
    """No object is listed that the edition does not rest on, since a bucket holds those of all years."""
    with ctx.engine.connect() as connection:
        scope = replace(printed_scope(connection, week), identities=KEPT_IDENTITIES | {_ROLLUP_IDENTITY})
        kept = stored_keys(connection, scope.object_ids or ())
        found = {key for key in kept if ctx.bucket.stat(from_storable(key)) is not None}
        objects = {prefix: {key for key in found if key.startswith(prefix)} for prefix in _KEPT}
        reports = _storable_keys(_report_hashes(ctx, scope))
        return reconcile_document(connection, objects, reports=reports, scope=scope)


def _report_hashes(ctx: Context, scope: Scope) -> dict[str, str]:
    """Object key → sha256 of the reports of some weeks, or of all."""
    folders = [f"{REPORTS}{week}/" for span in scope.spans for week in span.weeks()] if scope.is_limited else [REPORTS]
    return {
        item.key: hashlib.sha256(ctx.bucket.read(item.key)).hexdigest()
        for folder in folders
        for item in ctx.bucket.list(folder)
    }


def _storable_keys(reports: Mapping[str, str]) -> dict[str, str]:
    return {storable(key): digest for key, digest in reports.items()}


def _weeks_to_roll_up(document: ReconcileDocument) -> set[str]:
    stale = (item["subject"] for item in document["differences"] if item["identity"] == _ROLLUP_IDENTITY)
    return {found[0] for subject in stale if (found := _WEEK.search(subject))}
