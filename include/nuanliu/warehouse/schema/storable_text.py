"""Text that PostgreSQL can hold: it has no NUL, and JSON's escape for it is refused too."""

from __future__ import annotations

import json
import re
from typing import Any

_NUL_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable_text(text: str) -> str:
    """The text with U+FFFD for every NUL and every half of a surrogate pair."""
    return text.replace("\0", _REPLACEMENT).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def storable_json(document: Any) -> str:
    """A JSON document whose strings are storable text."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return storable_text(_NUL_ESCAPE.sub(rf"\1{_REPLACEMENT}", text))
