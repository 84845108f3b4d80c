"""All that the warehouse and the bucket say at the end, without times, and what in itself must not be."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from tests.soak.scenario import WEEKS

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.drops.receipt_keys import receipt_stem
from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.storage.folder_bucket import FolderBucket
from nuanliu.storage.objects import from_storable
from nuanliu.warehouse.marts.coverage import read_coverage
from nuanliu.warehouse.marts.editions import read_editions
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.submissions.receipts_store import receipts_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from nuanliu.operations.context import Context

_FACTS = (
    "select week_start, union_id, measure_id, period_kind, as_of_on, value, exactness, raw_text, source_cell "
    "from fact_measure join dim_measure using (measure_key) join dim_union on union_key = organizer_union_key "
    "order by 1, 2, 3, 4, 5, 6, 7, 8, 9"
)
_MAILS = "select purpose, recipient, message_id, state from outbox where purpose not like 'alert/%' order by 1, 2"
_OBJECTS = "select source_key, sha256, state, stored_key, is_trial from registry order by 1, 2"
_TABLES = ("fact_activity", "fact_measure", "bridge_activity_group", "bridge_activity_partner", "receipt", "registry",
           "dim_submission", "fact_submission", "mart_cumulative", "mart_week_figure", "mart_week_coverage",
           "mart_campaign_week", "edition")  # fmt: skip


def read_records(ctx: Context) -> dict[str, Any]:
    """Plain values. ``problems``: claims that nobody answers, lost bytes, second receipts, leftovers; empty when all is well."""
    with ctx.engine.connect() as connection:
        records = {
            "figures": {week: week_document(connection, ReportingWeek.parse(week)) for week in WEEKS},
            "coverage": {week: _coverage(connection, week) for week in WEEKS},
            "facts": [[str(value) for value in row] for row in connection.execute(text(_FACTS))],
            "receipts": sorted(_receipts(connection), key=str),
            "receipt numbers": sorted(connection.execute(text("select receipt_no from receipt")).scalars()),
            "objects": [list(row) for row in connection.execute(text(_OBJECTS))],
            "editions": {week: _editions(connection, week) for week in WEEKS},
            "mails": [list(row) for row in connection.execute(text(_MAILS))],
            "rows": {name: connection.execute(text(f"select count(*) from {name}")).scalar_one() for name in _TABLES},
            "bucket": sorted(item.key for item in ctx.bucket.list("") if not item.key.startswith("receipts/")),
        }
        problems = [*_lost(ctx, connection), *_open(connection)]
    document = reconcile(ctx)
    problems += [f"reconcile: {difference}" for difference in document["differences"]]
    problems += [f"a drop waits: {key}" for key in document["unclaimed"]]
    problems += _leftovers(ctx)
    problems += _hidden_doubts(ctx, records["mails"])
    return {**json.loads(json.dumps(records, default=str)), "problems": problems}


def _coverage(connection: Connection, week: str) -> list[Any]:
    units = read_coverage(connection, ReportingWeek.parse(week))
    return [[unit.union_id, str(unit.state), unit.is_late, unit.version] for unit in units]


def _editions(connection: Connection, week: str) -> list[Any]:
    editions = read_editions(connection, ReportingWeek.parse(week))
    return [[edition.number, edition.content_hash, sorted(edition.files)] for edition in editions]


def _receipts(connection: Connection) -> Iterator[dict[str, Any]]:
    """What each receipt says, without its number, name and time: of two equal files either may have come first."""
    for stored in receipts_after(connection, 0):
        document = stored.receipt.as_json()
        yield {
            **{key: document[key] for key in ("union_id", "status", "version", "rows", "totals", "changes", "sha256")},
            "filed": stored.filed_week,
            "rules": sorted((finding["rule"], str(finding["cell"])) for finding in document["findings"]),
        }


def _lost(ctx: Context, connection: Connection) -> Iterator[str]:
    """Kept bytes, receipts and editions that are not in the bucket, or not as they were."""
    for key, sha256 in connection.execute(text("select stored_key, sha256 from registry where stored_key is not null")):
        if hashlib.sha256(ctx.bucket.read(from_storable(key))).hexdigest() != sha256:
            yield f"lost: {key} holds other bytes"
    named = set()
    for stored in receipts_after(connection, 0):
        stem = receipt_stem(stored)
        named |= {f"{stem}.{ending}" for ending in ("json", "html", "xlsx")}
        if json.loads(ctx.bucket.read(f"{stem}.json")) != stored.receipt.as_json():
            yield f"lost: {stem}.json says something else than the warehouse"
        if ctx.bucket.stat(f"{stem}.html") is None:
            yield f"lost: {stem}.html"
    for item in ctx.bucket.list("receipts/"):
        if item.key not in named:
            yield f"double: {item.key} answers nothing"
    for week in WEEKS:
        for edition in read_editions(connection, ReportingWeek.parse(week)):
            for key, sha256 in edition.files.items():
                if hashlib.sha256(ctx.bucket.read(key)).hexdigest() != sha256:
                    yield f"lost: {key} is not what was published"


def _open(connection: Connection) -> Iterator[str]:
    for (key,) in connection.execute(text("select source_key from registry where state = 'claimed'")):
        yield f"claimed for ever: {key}"
    for (number,) in connection.execute(text("select receipt_no from receipt where written_at is null")):
        yield f"receipt never written: {number}"
    for (number,) in connection.execute(text("select object_id from receipt group by 1 having count(*) > 1")):
        yield f"double: object {number} has two receipts"
    for purpose, state in connection.execute(text("select purpose, state from outbox")):
        if state in {"sending", "refused"} or (state == "pending" and not purpose.startswith("alert/")):
            yield f"mail {purpose} is still {state}"


def _leftovers(ctx: Context) -> Iterator[str]:
    if isinstance(ctx.bucket, FolderBucket):
        for path in ctx.bucket.root.rglob("*.nuanliu-part"):
            yield f"left over: {path.relative_to(ctx.bucket.root)}"
    with ctx.engine.connect() as connection:
        if connection.execute(text("select count(*) from pg_namespace where nspname = 'replay'")).scalar_one():
            yield "left over: the tables of a replay"


def _hidden_doubts(ctx: Context, mails: list[list[Any]]) -> Iterator[str]:
    """A mail that may or may not have arrived must be told to a person."""
    if not any(mail[-1] == "uncertain" for mail in mails):
        return
    lines = [line for alert in watch_pipeline(ctx)["alerts"] for line in alert["lines"]]
    if not any("不确定" in line for line in lines):
        yield "mail: an uncertain mail is shown to nobody"
