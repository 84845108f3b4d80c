"""Write the editions anew from reports/, where the warehouse does not know them: what was published stays known."""

from __future__ import annotations

import hashlib
import io
import json
import re
from datetime import UTC, datetime

import openpyxl

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.weeks.publishing import edition_purpose, enqueue_mails
from nuanliu.warehouse.mail.outbox import doubt_mails
from nuanliu.warehouse.marts.editions import read_editions, restore_edition
from nuanliu.warehouse.marts.published_figures import remember_told

REPORTS = "reports/"
_SUMMARY = re.compile(r"(?P<folder>reports/(?P<week>[^/]+)/edition-(?P<number>[0-9]+)/)summary\.json\Z")
_DOUBT = "the warehouse was rebuilt from the bucket, which does not say whether this mail was sent"


def rebuild_editions(ctx: Context) -> list[str]:
    """Note every published edition, for a warehouse that lost them; returns their folders in the bucket, oldest first.

    Whether its mails were sent is not known any more, so they stand in the outbox as uncertain: shown, never repeated.
    """
    found = (_SUMMARY.match(item.key) for item in ctx.bucket.list(REPORTS))
    editions = []
    for match in (match for match in found if match):
        folder = match["folder"]
        if ctx.bucket.stat(f"{folder}summary.xlsx") is None:
            continue  # its publication was killed before it was whole; the same number will be published again
        published_at = _published_at(ctx.bucket.read(f"{folder}summary.xlsx"))
        editions.append((published_at, match["week"], int(match["number"]), folder))
    restored = []
    # In the order of publication: an edition of one week may tell what became of another's figures.
    for published_at, name, number, folder in sorted(editions):
        week = ReportingWeek.parse(name)
        with ctx.engine.begin() as connection:
            if number in {edition.number for edition in read_editions(connection, week)}:
                continue
            files = {item.key: ctx.bucket.read(item.key) for item in ctx.bucket.list(folder)}
            document = json.loads(files[f"{folder}summary.json"])
            restore_edition(
                connection,
                document,
                files={key: hashlib.sha256(data).hexdigest() for key, data in files.items()},
                published_at=published_at,
            )
            remember_told(connection, document, {})
            enqueue_mails(ctx, connection, week, number)
            doubt_mails(connection, edition_purpose(week, number), _DOUBT)
        restored.append(folder)
    return restored


def _published_at(workbook: bytes) -> datetime:
    """When an edition was published: the workbook's date of creation, in UTC, is set to it."""
    created: datetime = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True).properties.created
    return created.replace(tzinfo=UTC)
