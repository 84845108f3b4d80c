"""The files of one edition."""

from __future__ import annotations

import json
from datetime import datetime

from nuanliu.domain.documents import NotesDocument, RollupDocument
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.document import render_document
from nuanliu.reporting.summary.workbook import render_workbook
from nuanliu.reporting.templates import render


def render_summary_files(
    document: RollupDocument, *, published_at: datetime, notes: NotesDocument | None = None
) -> dict[str, bytes]:
    """``summary.html``, ``.xlsx``, ``.docx`` and ``.json`` (the rollup document as published) by file name.

    ``notes``: as ``build_summary`` takes them; for people, no part of the rollup document.
    """
    summary = build_summary(document, notes)
    return {
        "summary.html": render("summary.html.j2", s=summary).encode(),
        "summary.xlsx": render_workbook(summary, published_at),
        "summary.docx": render_document(summary, published_at),
        "summary.json": json.dumps(document, ensure_ascii=False, indent=2).encode(),
    }
