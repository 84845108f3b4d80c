"""Which division a place lies in: the county where one can be recognised, else the prefecture, else none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nuanliu.contract.code_lists import Division, codes
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.intake.values.union_names import area_stem

_STREET = r"(?:[东南西北中]{0,2}(?:路|街|巷)|大道|大厦|宾馆|饭店|场)"
_BEFORE_SHORT = re.compile(r"(?:\A|[省市州县区、,;/()在到赴至及和与往]|\W)\Z")
_FOREIGN = re.compile(r"([\u4e00-\u9fff]{2,4}[市州盟省])\Z")


@dataclass(frozen=True, slots=True)
class _Spelling:
    text: str
    division: Division
    needs_start: bool


class PlaceNames:
    """The names of prefectures and counties as places write them.

    Full names and short ones of autonomous areas (临夏州, 张家川县) count anywhere; a stem without its 市 or 县 only at the
    start of a place or after its prefecture, only if it is one division's alone, and never a single character.
    """

    def __init__(self, divisions: Iterable[Division]) -> None:
        known = [d for d in divisions if d.level in ("prefecture", "county", "special") and "(" not in d.name]
        self._by_id = {division.id: division for division in known}
        self._full: dict[str, _Spelling] = {}
        stems: dict[str, set[str]] = {}
        for division in known:
            short = area_stem(division.name) + division.name[-1] if "自治" in division.name else division.name
            for name in {division.name, short}:
                # 健康县城 holds 康县: a name of two characters needs a boundary before it
                self._full[fold_label(name)] = _Spelling(fold_label(name), division, len(name) <= 2)
            if division.level != "special" and len(short) >= 3:
                stems.setdefault(fold_label(short[:-1]), set()).add(division.id)
            elif division.level == "special":
                stems.setdefault(fold_label(division.name[:2]), set()).add(division.id)
        self._stems = {stem: self._by_id[next(iter(ids))] for stem, ids in stems.items() if len(ids) == 1}
        names = sorted(self._full, key=len, reverse=True)
        self._pattern = re.compile(rf"(?:{'|'.join(map(re.escape, names))})(?!{_STREET})")

    def find(self, text: str) -> str | None:
        """The code of the division a place lies in; None when none or several can be recognised."""
        folded = fold_label(text).removeprefix("甘肃省")
        found = list(dict.fromkeys(division.id for division in self._named(folded)))
        counties = [code for code in found if self._by_id[code].level != "prefecture"]
        prefectures = {code for code in found if code not in counties}
        prefectures |= {self._by_id[code].parent_id or code for code in counties if self._by_id[code].level == "county"}
        if len(counties) == 1:
            return counties[0]
        return next(iter(prefectures)) if len(prefectures) == 1 else None

    def _named(self, folded: str) -> Iterator[Division]:
        at = 0
        above: Division | None = None
        stem = self._stem_at(folded, 0, None)
        if stem is not None and not self._pattern.match(folded):
            yield stem[0]
            above, at = stem
        for match in self._pattern.finditer(folded, at):
            spelling = self._full[match[0]]
            if not self._may_stand(folded[: match.start()], spelling, above, match.start() == at):
                continue
            yield spelling.division
            if spelling.division.level == "prefecture":
                above = spelling.division
                below = self._stem_at(folded, match.end(), above)
                if below is not None and not self._pattern.match(folded, match.end()):
                    yield below[0]

    def _may_stand(self, before: str, spelling: _Spelling, above: Division | None, is_next: bool) -> bool:
        division = spelling.division
        if above is not None and division.level == "county" and division.parent_id != above.id:
            return not is_next and not spelling.needs_start and self._is_new_place(before)
        if spelling.needs_start and not is_next and not _BEFORE_SHORT.search(before):
            return False
        outside = _FOREIGN.search(before)
        return outside is None or any(before.endswith(name) for name in self._full)

    @staticmethod
    def _is_new_place(before: str) -> bool:
        return before.endswith(("、", ",", ";", "/", "和", "与", "及"))

    def _stem_at(self, folded: str, at: int, above: Division | None) -> tuple[Division, int] | None:
        for length in (3, 2):
            stem = folded[at : at + length]
            division = self._stems.get(stem)
            if division is None or len(stem) < length or re.match(_STREET, folded[at + length :]):
                continue
            if (above is None and division.level == "prefecture") or (
                above is not None and division.parent_id == above.id
            ):
                return division, at + length
        return None


@reloads_with_data
@lru_cache(maxsize=1)
def place_names() -> PlaceNames:
    """The project's own places, built once per process."""
    return PlaceNames(codes().divisions)
