"""Which column a header names: 服务人数(人), 其中:慰问金(万元), *活动名称, or a parent 投入资金 above a child 小计."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.contract.input_contract import Column, input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.aliases import NO_ALIASES, Aliases, AliasKind
from nuanliu.intake.values.units import LONGEST_LABEL, Fit, read_units, split_header_unit

UNIT_OF = "unit_of:"
"""Prefix of the id of a column that holds the unit of a measure's figures: 发放物资 above 名称, 数量, 单位."""

# A run is looked at from its first sign alone: from each of its signs it would be the square of its length.
_MARKS = re.compile(r"^[*★※]+|(?<![*★※:])[*★※:]+$|\((?:必填|选填|必选|可选|必报)\)")
_NUMBERING = re.compile(r"^(?:[(]?[0-9一二三四五六七八九十]{1,2}[).、.]|[①-⑳])")
_OF_WHICH = re.compile(r"^其中[:,、]?")
_PARENS = re.compile(r"\([^()]*\)$")
_ANY_SUM = frozenset({"合计", "小计", "总计", "总数", "数值", "计"})
_MONEY_SUM = frozenset({"金额", "总额", "资金"})
_COUNT_SUM = frozenset({"数量", "数"})
_ALIAS_RANK = 90
"""Behind every spelling of the project's own."""
_OPENING = re.compile(r"^(?:活动|举办|开展)")


@dataclass(frozen=True, slots=True)
class Label:
    """What a header names. ``rank`` 0: the template's own header; the higher, the further from it."""

    id: str
    unit: str | None
    rank: int
    measure: Measure | None = None


class HeaderLabels:
    """The spellings of all columns, of one shape (wide or long)."""

    def __init__(self, columns: Iterable[Column], measures: Iterable[Measure], *, is_long: bool) -> None:
        self._known: dict[str, Label] = {}
        for column in columns:
            if column.only_in != "long" and not is_long:
                self._add(column.id, (column.header, *column.aliases))
            elif is_long:
                spellings = (column.header, *column.aliases, *column.long_aliases)
                self._add(column.id, spellings, wins=column.only_in == "long")
        guesses: dict[str, Label] = {}
        for measure in measures:
            # 发放资金 and 投入资金 are both aliases, but the name itself is as good as the template's header.
            for rank, spelling in enumerate((measure.header, measure.name, *measure.aliases)):
                unit = split_header_unit(spelling)[1]
                self._known.setdefault(fold_label(spelling), Label(measure.id, unit, max(0, rank - 1), measure))
                for unit in (measure.unit, *measure.unit_aliases):
                    guesses.setdefault(fold_label(spelling + unit), Label(measure.id, unit, rank + 20, measure))
        self._known = guesses | self._known

    def _add(self, column_id: str, spellings: Iterable[str], *, wins: bool = False) -> None:
        for rank, spelling in enumerate(spellings):
            label = Label(column_id, None, rank)
            if wins:
                self._known[fold_label(spelling)] = label
            else:
                self._known.setdefault(fold_label(spelling), label)

    @property
    def spellings(self) -> Mapping[str, Label]:
        """Every exact spelling, folded."""
        return self._known

    def read(self, text: str) -> Label | None:
        """The column a single header cell names, or None."""
        if len(text) > LONGEST_LABEL:
            return None
        folded = fold_label(text)
        if not folded:
            return None
        name, unit = split_header_unit(text)
        for penalty, spelling in enumerate(self._variants(folded, fold_label(name))):
            label = self._known.get(spelling)
            if label is not None:
                return replace(label, unit=unit or label.unit, rank=label.rank + 10 * penalty)
        return None

    @staticmethod
    def _variants(folded: str, name: str) -> Iterable[str]:
        yield folded
        bare = _MARKS.sub("", folded)
        yield bare
        yield name
        name = _MARKS.sub("", name)
        yield name
        name = _OF_WHICH.sub("", _NUMBERING.sub("", _OF_WHICH.sub("", name)))
        yield name
        yield _PARENS.sub("", bare)
        yield _PARENS.sub("", name)

    def read_stack(self, texts: tuple[str, ...]) -> Label | None:
        """The column that header cells above one another name, top first; cells merged downwards stand once."""
        if len(texts) <= 1:
            return self.read(texts[0]) if texts else None
        child, parents = texts[-1], texts[:-1]
        above = self.read_stack(parents)
        return (
            self._summed(child, above)
            or self._joined(child, parents, above)
            or self._child_alone(child, above, _unit_above(parents))
            or self._unit_of(child, above)
        )

    def _summed(self, child: str, above: Label | None) -> Label | None:
        """投入资金 above 小计, 服务人数 above (人): the child only says that the parent's figure stands here."""
        if above is None or above.measure is None:
            return None
        if is_unit(child):
            return replace(above, unit=_bare_unit(child), rank=above.rank + 1)
        name, unit = split_header_unit(child)
        folded = _MARKS.sub("", fold_label(name))
        sums = _ANY_SUM | (_MONEY_SUM if above.measure.is_money else _COUNT_SUM)
        return replace(above, unit=unit or above.unit, rank=above.rank + 1) if folded in sums else None

    def _joined(self, child: str, parents: tuple[str, ...], above: Label | None) -> Label | None:
        """求职 above 人数, 时间 above 开始: the header is both together, in either order."""
        name, unit = split_header_unit(child)
        parent_name = split_header_unit(parents[-1])[0]
        short = _OPENING.sub("", parent_name.strip())
        for spelling in (parent_name + name, name + parent_name, name + short, short + name):
            label = self._known.get(fold_label(spelling))
            if label is not None and (above is None or label.id != above.id):
                return _with_unit(label, unit, _unit_above(parents))
        return None

    def _child_alone(self, child: str, above: Label | None, unit_above: str | None) -> Label | None:
        label = self.read(child)
        if label is None:
            return None
        # Below a known column, a short word such as 名称 or 单位 belongs to that column and not to the table.
        if above is not None and label.measure is None and label.rank > 0 and above.id != label.id:
            return None
        return _with_unit(label, label.unit, (above.unit if above else None) or unit_above)

    def _unit_of(self, child: str, above: Label | None) -> Label | None:
        if above is not None and above.measure is not None and fold_label(child) in {"单位", "计量单位"}:
            return Label(UNIT_OF + above.id, None, 0)
        return None


@reloads_with_data
@cache
def header_labels(*, is_long: bool) -> HeaderLabels:
    """The project's own header spellings."""
    return HeaderLabels(input_contract().columns.values(), codes().measures, is_long=is_long)


@reloads_with_data
@lru_cache(maxsize=4096)
def read_header(texts: tuple[str, ...], *, is_long: bool, aliases: Aliases = NO_ALIASES) -> Label | None:
    """The column that a stack of header cells names, by the project's own spellings, else by the union's confirmed ones."""
    return header_labels(is_long=is_long).read_stack(texts) or _read_aliases("/".join(texts), aliases)


def _read_aliases(text: str, aliases: Aliases) -> Label | None:
    target = aliases.find(AliasKind.HEADER, header_key(text))
    if target is None:
        return None
    measure = codes().measures.entries.get(target)
    return Label(target, split_header_unit(text)[1], _ALIAS_RANK, measure)


def header_key(text: str) -> str:
    """What a header is remembered by: its name without the unit, folded. The unit is read anew from each file."""
    return fold_label(split_header_unit(text)[0])


def nearest_headers(text: str, most: int = 3) -> tuple[Label, ...]:
    """Columns whose headers look like an unknown one, best first; only ever proposed, never used."""
    if len(text) > LONGEST_LABEL:
        return ()
    spellings = header_labels(is_long=False).spellings
    hits = get_close_matches(header_key(text), spellings, n=most * 3, cutoff=0.6)
    labels = {spellings[hit].id: spellings[hit] for hit in reversed(hits)}
    return tuple(reversed(labels.values()))[:most]


def is_unit(text: str) -> bool:
    """Whether a header cell holds nothing but a unit: (万元), 人."""
    bare = _bare_unit(text)
    return bool(bare) and len(bare) <= 6 and bool(read_units(bare)) and not bare.isdigit()


def _unit_above(parents: tuple[str, ...]) -> str | None:
    """The unit that a group gives to what stands below it: 资金(万元), or 万元 alone; the nearest one."""
    for parent in reversed(parents):
        unit = _bare_unit(parent) if is_unit(parent) else split_header_unit(parent)[1]
        if unit:
            return unit
    return None


def _bare_unit(text: str) -> str:
    return fold_label(text).removeprefix("单位").strip("():")


def _with_unit(label: Label, own: str | None, parents: str | None) -> Label:
    if own or not parents or label.measure is None:
        return replace(label, unit=own or label.unit)
    fits = all(unit.fit(label.measure) is Fit.YES for unit in read_units(parents))
    return replace(label, unit=parents if fits else label.unit)
