"""Which union a name means. Exact name, alias, or a spelling built from them; never by likeness, that only proposes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nuanliu.contract.code_lists import PROVINCE, PROVINCE_OWN, UnionTree, codes
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.contract.union_life import Union, UnionPast
from nuanliu.domain.aliases import NO_ALIASES, Aliases, AliasKind

_AREA_END = re.compile(r"[省市州县区]\Z")
_SUFFIXES = ("总工会", "工会", "总")
_NO_PLACE = re.compile(r"[本我]?[省市州县区](?:总工会|工会|总)")
_STAMP = re.compile(r"\((?:公章|盖章|签章)\)")
_ALL_LEVELS = re.compile(r"(?P<area>.*?)(?:各级|市县两级|州县两级)(?:工会)?(?:组织)?")
_OWN_AREA = frozenset(
    {"", "全省", "全市", "全州", "全县", "全区", "我省", "我市", "我州", "我县", "我区", "本市", "本州", "本县", "本区"}
)
_ETHNIC = re.compile(r"(.+?)(?:(?:回|藏|蒙古|裕固|哈萨克|保安|东乡|撒拉)族)+自治[州县]|(.+)族自治县")


@dataclass(frozen=True, slots=True)
class UnionReading:
    """What a name means. ``union_id`` None: unknown or ambiguous, then ``rule`` holds the row.

    ``is_inclusive``: the name says 各级工会. ``nearest``: names to propose.
    """

    union_id: str | None
    rule: str | None = None
    is_inclusive: bool = False
    nearest: tuple[str, ...] = ()


class UnionNames:
    """All spellings of all unions of a tree.

    ``full``: spellings that end in 总工会, 工会, 总 or in a division's own 市 州 县 区. ``stems``: bare stems such as 白银 →
    every union they could mean.
    """

    def __init__(self, tree: UnionTree, past: Sequence[UnionPast] = ()) -> None:
        self._tree = tree
        parents = defaultdict(set, {union.id: {union.parent_id} for union in tree.list})
        for entry in past:
            parents[entry.union.id].add(entry.union.parent_id)
        self._parents: Mapping[str, set[str | None]] = parents
        full: dict[str, set[str]] = defaultdict(set)
        stems: dict[str, set[str]] = defaultdict(set)
        for union in tree.list:
            union_id = PROVINCE_OWN if union.id == PROVINCE else union.id
            for base in _bases(union):
                if _is_whole_area(base, union):
                    for suffix in ("", *_SUFFIXES):
                        full[fold_label(base + suffix)].add(union_id)
                stem = area_stem(base) if _is_whole_area(base, union) else base
                if len(stem) >= 2:
                    stems[fold_label(stem)].add(union_id)
        self._full: Mapping[str, str] = {text: ids.pop() for text, ids in full.items() if len(ids) == 1}
        self._stems: Mapping[str, frozenset[str]] = {text: frozenset(ids) for text, ids in stems.items()}

    def read(self, text: str, sender_id: str, *, with_nearest: bool = True) -> UnionReading:
        """The union that a cell of the sender's file names. ``with_nearest``: look for near names when none is right."""
        folded = _STAMP.sub("", fold_label(text))
        levels = _ALL_LEVELS.fullmatch(folded)
        if levels:
            area = levels["area"]
            if area in _OWN_AREA:
                return UnionReading(sender_id, is_inclusive=True)
            reading = self._read(area, sender_id, with_nearest=with_nearest)
            return UnionReading(reading.union_id, reading.rule, reading.union_id is not None, reading.nearest)
        return self._read(folded, sender_id, with_nearest=with_nearest)

    def _read(self, folded: str, sender_id: str, *, with_nearest: bool) -> UnionReading:
        for spelling in self._spellings(folded):
            union_id = self._exact(spelling) or self._below_prefecture(spelling)
            if union_id is not None:
                return UnionReading(union_id)
        for spelling in self._spellings(folded):
            for suffix in ("", *_SUFFIXES):
                stem = spelling.removesuffix(suffix) if suffix else spelling
                if stem in self._stems and (not suffix or stem != spelling):
                    return self._read_stem(stem, sender_id)
        nearest = self._nearest(folded, sender_id) if with_nearest else ()
        return UnionReading(None, "org.union.unknown", nearest=nearest)

    def _nearest(self, folded: str, sender_id: str) -> tuple[str, ...]:
        """Names to propose. 市总工会 names no place, so it is as near to one city as to another: it may be the sender."""
        unions = self._tree
        if _NO_PLACE.fullmatch(folded):
            sender = unions.find(unions.get(sender_id).name)
            return (sender.name,) if sender is not None else ()
        return unions.list.nearest(folded)

    def _exact(self, spelling: str) -> str | None:
        found = self._tree.find(spelling)
        return found.id if found is not None else self._full.get(spelling)

    def _below_prefecture(self, spelling: str) -> str | None:
        """陇南武都区总工会: a county union with its prefecture's stem before it, also of one that it once belonged to."""
        for cut in range(2, min(10, len(spelling))):
            above = self._stems.get(spelling[:cut]) or {self._full.get(spelling[:cut])}
            below = self._exact(spelling[cut:])
            if below is not None and not self._parents[below].isdisjoint(above):
                return below
        return None

    def _read_stem(self, stem: str, sender_id: str) -> UnionReading:
        """白银 means the sender where it is the sender's own stem; else a stem must be that of one union alone."""
        candidates = self._stems[stem]
        if sender_id in candidates:
            return UnionReading(sender_id, "org.union.short")
        names = tuple(self._tree.list[union_id].name for union_id in sorted(candidates))
        if len(candidates) == 1:
            return UnionReading(next(iter(candidates)), "org.union.short")
        return UnionReading(None, "org.union.ambiguous", nearest=names)

    @staticmethod
    def _spellings(folded: str) -> Iterator[str]:
        yield folded
        for province in ("甘肃省", "甘肃"):
            rest = folded.removeprefix(province)
            if rest != folded and len(rest) > 2:
                yield rest


def _bases(union: Union) -> Iterator[str]:
    """白银市 from 白银市总工会, 临夏州 from 临夏州总工会: name and aliases without 总工会."""
    for name in (union.name, *union.aliases):
        for suffix in ("总工会", "工会", "总"):
            base = name.removesuffix(suffix)
            if base != name:
                if len(base) >= 2 and union.level not in ("industry", "province_own"):
                    yield base
                break


def _is_whole_area(base: str, union: Union) -> bool:
    """Whether a base ends in the 市, 州, 县 or 区 of its division; 兰州 and 凉州 do not, 临夏州 does."""
    if base.endswith("州"):
        return union.name.endswith("自治州总工会")
    return _AREA_END.search(base) is not None


def area_stem(base: str) -> str:
    """白银 from 白银市, 张家川 from 张家川回族自治县."""
    ethnic = _ETHNIC.fullmatch(base)
    if ethnic:
        return ethnic[1] or ethnic[2]
    if base.endswith("新区"):
        return base.removesuffix("新区")
    return _AREA_END.sub("", base)


def read_union(text: str, sender_id: str, aliases: Aliases = NO_ALIASES, *, with_nearest: bool = True) -> UnionReading:
    """The union that a cell of the sender's file names, by the list of unions, else by what was confirmed for the sender.

    ``with_nearest``: look for near names when none is right, which is slow.
    """
    reading = union_names().read(text, sender_id, with_nearest=with_nearest)
    if reading.rule != "org.union.unknown":
        return reading
    target = aliases.find(AliasKind.UNION, fold_label(text))
    return UnionReading(target) if target is not None else reading


@reloads_with_data
@lru_cache(maxsize=4)
def union_names(tree: UnionTree | None = None) -> UnionNames:
    """The project's own union names, built once per process."""
    return UnionNames(tree or codes().unions, codes().union_past if tree is None else ())
