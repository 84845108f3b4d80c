"""What we write into a union's workbook, so that we know it again when the repaired copy comes back."""

from __future__ import annotations

from collections.abc import Mapping

RESULT_SHEET = "检查结果"
"""Our first sheet. The intake reads no sheet of this name (``skipped_sheets`` in vocabulary.yaml)."""
MARK_AUTHOR = "暖流"
"""The author of our comments, and a word that stands on our sheet."""
COMMENT_MARK = "〔暖流检查"
"""Begins our part of a comment; what the union wrote itself stands before it."""
FILLS: Mapping[str, str] = {
    # odd values on purpose: a fill of exactly this colour is ours
    "error": "F8B4BD",
    "query": "FFE08B",
    "warning": "D6E6F8",
    "info": "E6EFE4",
    "answer": "FFF6D9",
}
"""Our colours: by severity, and of cells of 说明 in which an answer is awaited."""


def without_own_mark(comment: str) -> str:
    """A comment as its author wrote it; "" when all of it is ours."""
    return comment.split(COMMENT_MARK, 1)[0].rstrip()
