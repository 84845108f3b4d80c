"""A zip that holds one file and nothing else is read as that file (M22); every other zip goes back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.formats.zip_archive import Archive

# What systems put beside the files that a person packs.
_SYSTEM = re.compile(r"(?:.*/)?(?:__macosx/.*|\.[^/]*|~\$[^/]*|thumbs\.db|desktop\.ini)", re.IGNORECASE)
_LONGEST_NAME = 120


@dataclass(frozen=True)
class SingleFileZip:
    """``name``: the last part of the member's name, as people may see it but for personal data."""

    name: str
    data: bytes


def open_single_file_zip(archive: Archive) -> SingleFileZip:
    """The one file of a zip. Raises: Refused when there are several or none, or when it unpacks beyond a cap."""
    members = [name for name in archive.written_names if not _SYSTEM.fullmatch(name)]
    if not members:
        raise Refused("file.archive", what="ZIP", why="里面没有文件")
    if len(members) > 1:
        raise Refused("file.archive", what="ZIP", why=f"里面有{len(members)}个文件,不知道该读哪一个")
    (member,) = members
    shown = "".join(character for character in member.rpartition("/")[2] if character.isprintable())
    return SingleFileZip(shown[:_LONGEST_NAME], archive.read(member, archive.limits.max_packed_bytes))
