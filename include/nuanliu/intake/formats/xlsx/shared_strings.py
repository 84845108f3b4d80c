"""The shared texts of an xlsx, in the order that cells name them."""

from __future__ import annotations

from nuanliu.intake.formats.cell_formats import plain_text
from nuanliu.intake.formats.grids import CellBudget
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.formats.xlsx.xml_parts import is_on, local_name, parse_stream
from nuanliu.intake.formats.zip_archive import Archive


class SharedTexts:
    """The texts by index, and which of them are struck through in part or whole by their own runs."""

    def __init__(self, limits: ReadingLimits, budget: CellBudget) -> None:
        self.texts: list[str] = []
        self.struck: set[int] = set()
        self._limits = limits
        self._budget = budget
        self._parts: list[str] = []
        self._length = 0
        self._is_inside = False
        self._phonetic_depth = 0
        self._is_text = False

    @classmethod
    def read(cls, archive: Archive, part: str, limits: ReadingLimits, budget: CellBudget) -> SharedTexts:
        """Read sharedStrings.xml; a workbook without one has no shared texts."""
        shared = cls(limits, budget)
        if part in archive:
            parse_stream(archive, part, shared._start, shared._end, shared._text)
        return shared

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag) if ":" in tag else tag
        if name == "t":
            self._is_text = self._is_inside and not self._phonetic_depth
        elif name == "si":
            self._is_inside = True
            self._parts.clear()
            self._length = 0
        elif name == "rPh":  # how Japanese readers would say it; not part of the text
            self._phonetic_depth += 1
        elif name == "strike" and self._is_inside and is_on(attributes.get("val"), absent=True):
            self.struck.add(len(self.texts))

    def _end(self, tag: str) -> None:
        name = local_name(tag) if ":" in tag else tag
        if name == "t":
            self._is_text = False
        elif name == "si":
            self._is_inside = False
            self._budget.hold(self._length)
            self.texts.append(plain_text("".join(self._parts)))
            if len(self.texts) > self._limits.max_texts:
                raise Refused("file.bomb", detail=f"不同的文字超过{self._limits.max_texts}条")
        elif name == "rPh":
            self._phonetic_depth -= 1

    def _text(self, data: str) -> None:
        if self._is_text:
            self._length += len(data)
            if self._length > self._limits.max_text_length:
                raise Refused("file.bomb", detail=f"一个单元格的文字超过{self._limits.max_text_length}个字")
            self._parts.append(data)
