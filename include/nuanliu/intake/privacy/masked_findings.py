"""Belt and braces: whatever a finding quotes, no personal number leaves in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.domain.findings import Finding, LateFinding
from nuanliu.intake.privacy.personal_data import SIEVE, mask_text

_AT_A_TIME = 10_000
_TEXTS = ("message", "fix", "value", "expected", "sheet", "answered_message")
_QUOTES = ("value", "sheet")
"""What a finding quotes though its texts are not made yet; those it masks itself."""


def mask_findings(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with every personal number in their texts masked. Each different text is looked at once."""
    masked: list[Finding] = []
    for first in range(0, len(findings), _AT_A_TIME):
        some = findings[first : first + _AT_A_TIME]
        changed = _changed({text for finding in some for name in _spoken(finding) if (text := getattr(finding, name))})
        masked += [_with_texts(finding, changed) for finding in some] if changed else some
    return masked


def _spoken(finding: Finding) -> tuple[str, ...]:
    return _QUOTES if isinstance(finding, LateFinding) and finding.is_veiled else _TEXTS


def _changed(texts: set[str]) -> dict[str, str]:
    """Text → masked text, of those that hold a personal number."""
    listed = pa.array(list(texts), pa.large_string())
    possible = listed.filter(pc.match_substring_regex(listed, SIEVE)).to_pylist()
    return {text: masked for text in possible if (masked := mask_text(text)) != text}


def _with_texts(finding: Finding, changed: dict[str, str]) -> Finding:
    texts: dict[str, Any] = {
        name: changed[text] for name in _spoken(finding) if (text := getattr(finding, name)) in changed
    }
    return replace(finding.told(), **texts) if texts else finding
