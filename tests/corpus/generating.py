"""From a seed to a file: draft it, spoil it, render it, damage its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tests.corpus import file_mutations  # noqa: F401 - registers its mutations
from tests.corpus.drafts import Draft, draft_week
from tests.corpus.mutations import MUTATIONS
from tests.corpus.rendering import render
from tests.corpus.xlsx_parts import drawing_parts
from tests.unit.intake.formats.reading_files import repacked, zipped

if TYPE_CHECKING:
    from tests.corpus.written import Said


@dataclass(frozen=True)
class CorpusFile:
    """One generated file. ``said``: what its rows say, by sheet name (None: CSV) and 1-based row."""

    seed: int
    data: bytes
    draft: Draft
    said: dict[tuple[str | None, int], Said]


def generate(seed: int) -> CorpusFile:
    """The file of a seed: always the same bytes for what matters (an xlsx carries the time it was made)."""
    rng = Random(seed)
    draft = draft_week(rng)
    draft.kind = rng.choice(("xlsx", "xlsx", "xlsx", "csv", "csv", "xls"))
    draft.is_long = rng.random() < 0.2
    draft.file_name = f"周报.{draft.kind}"
    draft.path_week = rng.choice((draft.path_week, None))
    names = rng.sample(list(MUTATIONS), rng.choice((0, 1, 1, 2, 3, 4, 6)))
    for name in sorted(names):
        draft.mutations.append(name)
        MUTATIONS[name](draft, rng)
    data, said = render(draft)
    sent = with_parts(data, draft) if draft.other_bytes is None else draft.other_bytes
    return CorpusFile(seed, pack(damage(sent, draft, rng), draft), draft, said)


def with_parts(data: bytes, draft: Draft) -> bytes:
    """An xlsx with the parts that no writer writes; other kinds have none."""
    if draft.kind != "xlsx" or not (draft.extra_parts or draft.drawn is not None):
        return data
    parts: dict[str, str | bytes | None] = dict(draft.extra_parts)
    if draft.drawn is not None:
        parts |= drawing_parts(draft.drawn)
    return repacked(data, parts)


def pack(data: bytes, draft: Draft) -> bytes:
    """The file as a zip brings it, where it comes in one."""
    return zipped({draft.zipped_as: data, "__MACOSX/._x": b"x"}) if draft.zipped_as is not None else data


def damage(data: bytes, draft: Draft, rng: Random) -> bytes:
    """What transport and wrong programs do to bytes."""
    match draft.damage:
        case "truncated":
            return data[: rng.randrange(len(data))]
        case "flipped":
            spoilt = bytearray(data)
            for _ in range(rng.choice((1, 1, 3, 20))):
                spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
            return bytes(spoilt)
        case "mojibake":
            return data.decode("utf-8", "replace").encode() if draft.kind == "csv" else b"\xef\xbb\xbf" + data
        case "other_kind":
            return rng.choice(
                (
                    b"",
                    b"%PDF-1.7\n%" + data[:200],
                    b"\x89PNG\r\n\x1a\n" + data[:200],
                    b"PK\x03\x04",
                    b"Rar!\x1a\x07\x00" + data[:100],
                    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
                    rng.randbytes(500),
                    b"{\\rtf1 x}",
                    b"\x00" * 1000,
                    b"<html><body><p>x</p></body></html>",
                )
            )
        case _:
            return data
