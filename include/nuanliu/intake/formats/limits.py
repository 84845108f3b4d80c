"""The caps a file is read under, from ``file`` in contracts/limits.yaml, and what stands for a file above them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from nuanliu.contract.input_contract import input_contract


@dataclass(frozen=True)
class ReadingLimits:
    """Caps of one file; the comments in limits.yaml say what each counts. All are counts or bytes, none is a clock.

    A clock would refuse on a busy machine what it accepts on an idle one.
    """

    max_bytes: int
    max_member_bytes: int
    max_total_unpacked_bytes: int
    max_ratio: int
    max_rows: int
    max_columns: int
    max_sheets: int
    max_members: int
    max_small_part_bytes: int
    max_styles: int
    max_cells: int
    max_idle_elements: int
    max_texts: int
    max_text_length: int
    max_named_characters: int
    max_held_characters: int
    max_held_ratio: int
    max_merged: int
    max_xls_bytes: int
    max_packed_bytes: int
    max_record_length: int

    @classmethod
    def from_contract(cls) -> ReadingLimits:
        """The project's own caps."""
        caps = input_contract().limits["file"]
        return cls(**{cap.name: int(caps[cap.name]) for cap in fields(cls)})


@dataclass(frozen=True)
class Oversized:
    """A file over the size cap: known by its size and hash, never held in memory.

    Stands where a file's bytes would; the reader refuses it as it refuses too many bytes.
    """

    sha256: str
    size: int

    def __len__(self) -> int:
        return self.size
