"""What we write into a union's workbook, so that we know it again when the repaired copy comes back."""

from __future__ import annotations

RESULT_SHEET = "检查结果"
"""Our first sheet. The intake reads no sheet of this name (``skipped_sheets`` in vocabulary.yaml)."""
MARK_AUTHOR = "暖流"
"""The author of our comments, and a word that stands on our sheet."""
COMMENT_MARK = "〔暖流检查"
"""Begins our part of a comment; what the union wrote itself stands before it."""


def without_own_mark(comment: str) -> str:
    """A comment as its author wrote it; "" when all of it is ours."""
    return comment.split(COMMENT_MARK, 1)[0].rstrip()
