"""What others wrote, made safe to show on a terminal, in a label or in a log: nothing in it can act there or hide."""

from __future__ import annotations

import re

_ACTING = "\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
"""Control characters (CR, LF and ESC; CSI is one of the second block), what turns the direction of writing, what hides."""
_IN_A_LINE = re.compile(f"[{_ACTING}]")
_IN_LINES = re.compile(f"(?!\n)[{_ACTING}]")
_RAW_IN_JSON = re.compile(f"(?![\t\n\r])[{_ACTING}]")


def visible(text: str) -> str:
    r"""One line: each such character as its escape, ``\n`` or ``\x1b``."""
    return _IN_A_LINE.sub(_escape, text)


def visible_lines(text: str) -> str:
    """Several lines of ours in which something of others may stand: line feeds stay."""
    return _IN_LINES.sub(_escape, text)


def visible_json(text: str) -> str:
    """A JSON text that means the same: what JSON may leave raw is written as its escape."""
    return _RAW_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
