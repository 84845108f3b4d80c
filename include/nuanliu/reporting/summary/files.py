"""The files of one edition."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime

from nuanliu.domain.documents import NotesDocument, RollupDocument, SourceEntry
from nuanliu.reporting.charts.drawing import draw_png, draw_svg
from nuanliu.reporting.charts.fonts import NO_CHINESE_FONT, chinese_font
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.bulletin.rendering import render_bulletin
from nuanliu.reporting.summary.workbook.rendering import render_workbook
from nuanliu.reporting.templates import render

log = logging.getLogger(__name__)


def render_summary_files(
    document: RollupDocument,
    *,
    published_at: datetime,
    notes: NotesDocument | None = None,
    sources: Sequence[SourceEntry] = (),
) -> dict[str, bytes]:
    """``summary.html``, ``.xlsx``, ``.docx`` and ``.json`` (the rollup document as published) by file name.

    ``notes``: as ``build_summary`` takes them; for people, no part of the rollup document. ``sources``: as
    ``read_sources`` gives them, for the workbook. Without a Chinese font on this
    machine page and paper have the numbers of the charts without the pictures.
    """
    summary = build_summary(document, notes)
    font = chinese_font()
    if font is None:
        log.error(NO_CHINESE_FONT)
    return {
        "summary.html": render("summary.html.j2", s=summary, charts=draw_svg(summary, font) if font else {}).encode(),
        "summary.xlsx": render_workbook(summary, published_at, sources),
        "summary.docx": render_bulletin(summary, published_at, draw_png(summary, font) if font else {}),
        "summary.json": json.dumps(document, ensure_ascii=False, indent=2).encode(),
    }
