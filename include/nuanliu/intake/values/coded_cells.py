"""Cells that must say something of a list: category, groups, campaign, 统计口径, 统计范围."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from nuanliu.contract.code_lists import BeneficiaryGroup, codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.aliases import NO_ALIASES, Aliases, AliasKind
from nuanliu.intake.values.unique_texts import is_null
from nuanliu.intake.values.units import LONGEST_LABEL


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a cell means: ``value`` an id (or ids joined by ;), None when empty or unreadable; then ``rule`` says why."""

    value: str | None = None
    rule: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)


EMPTY = CellReading()
_PARENS = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(r"^(?:[(]?[0-9]{1,2}[).、.]|[①-⑳])")
_CATEGORY_END = re.compile(r"(?:类活动|活动|类)\Z")
_GROUP_PARTS = re.compile(r"[、,;/|()等]+")
_GROUP_JOINT = re.compile(r"以及|和|与|及")
_GROUP_END = re.compile(r"(?:各?(?:行业|一线|相关))?(?:群体|人群|代表|人员|们)?\Z")
_YEAR = re.compile(r"^(?:20[0-9]{2})年?度?")
_CAMPAIGN_END = re.compile(r"(?:系列|专项|公益|免费|健康|体检|慰问|主题)*(?:活动|行动|工程|计划|项目)\Z")
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]+)[”\"」』》]")
_SINCE_YEAR = re.compile(r"(?:自|从)?(?:20[0-9]{2}年?.*|入[春夏秋冬])以来(?:累计)?")


def propose(names: Iterable[str]) -> str:
    """Names to choose from, for a message; the list of codes when none is near."""
    listed = "、".join(names)
    return f"是不是“{listed.replace('、', '”“')}”" if listed else "可用的名称见模板的“代码表”"


def read_category(text: str, aliases: Aliases = NO_ALIASES, *, with_nearest: bool = True) -> CellReading:
    """A category's name or alias, also 3.健康体检 or 送温暖活动. ``with_nearest``: look for near names when none is right."""
    if is_null(text):
        return EMPTY
    known = _find_category(text) or aliases.find(AliasKind.CATEGORY, fold_label(text))
    if known is not None:
        return CellReading(known)
    categories = codes().categories
    nearest = categories.nearest(text) if with_nearest else ()
    words = {"nearest": propose(nearest), "choices": categories.all_names}
    return CellReading(None, "row.category.unknown", words)


def names_category(text: str) -> bool:
    """Whether a cell names a category of the code list."""
    return not is_null(text) and _find_category(text) is not None


def _find_category(text: str) -> str | None:
    folded = _NUMBERING.sub("", fold_label(text))
    for spelling in dict.fromkeys((text, folded, _CATEGORY_END.sub("", folded))):
        found = codes().categories.find(spelling)
        if found is not None:
            return found.id
    return None


def read_groups(text: str, aliases: Aliases = NO_ALIASES, *, with_nearest: bool = True) -> CellReading:
    """Every group a cell names; one that nobody knows holds the row. ``with_nearest``: as for categories."""
    if is_null(text):
        return EMPTY
    ids: list[str] = []
    for part in _group_parts(_group_text(text)):
        found = _find_group(part)
        target = found.id if found is not None else aliases.find(AliasKind.GROUP, part)
        if target is None:
            nearest = propose(codes().groups.nearest(part) if with_nearest else ())
            return CellReading(None, "row.group.unknown", {"part": part, "nearest": nearest})
        ids.append(target)
    return CellReading(";".join(dict.fromkeys(ids)) or None)


def unknown_groups(text: str, aliases: Aliases) -> tuple[str, ...]:
    """The parts of a cell that name no group, folded."""
    parts = _group_parts(_group_text(text))
    return tuple(p for p in parts if _find_group(p) is None and aliases.find(AliasKind.GROUP, p) is None)


def _group_text(text: str) -> str:
    return fold_label(text).replace("及其", "及")


def _group_parts(folded: str) -> Iterator[str]:
    if _find_group(folded):
        yield folded
        return
    for part in filter(None, _GROUP_PARTS.split(folded)):
        if not _GROUP_END.sub("", part):  # behind 等 stands only 群体 or 行业代表
            continue
        if _find_group(part):
            yield part
        else:
            yield from filter(None, (piece.strip() for piece in _GROUP_JOINT.split(part)))


def _find_group(part: str) -> BeneficiaryGroup | None:
    groups = codes().groups
    return groups.find(part) or groups.find(_GROUP_END.sub("", part))


def read_campaign(text: str) -> CellReading:
    """A campaign by name or alias: also with a year before it, in quotes inside a longer title, or with …公益体检活动 after
    it. A new one is its name in look-up form, whatever its blanks, width and case, with a warning.
    """
    if is_null(text):
        return EMPTY
    if len(text) > LONGEST_LABEL:
        return CellReading(text, "row.campaign.new")
    campaigns = codes().campaigns
    folded = _YEAR.sub("", _PARENS.sub("", fold_label(text)))
    quoted = [fold_label(part) for part in _QUOTED.findall(text)]
    for spelling in (fold_label(text), folded, _CAMPAIGN_END.sub("", folded), *quoted):
        found = campaigns.find(spelling)
        if found is not None:
            return CellReading(found.id)
    return CellReading(fold_label(text), "row.campaign.new")


@reloads_with_data
@cache
def _vocabulary(name: str) -> Mapping[str, str]:
    groups = input_contract().vocabulary[name]
    return {fold_label(word): kind for kind, words in groups.items() for word in words}


def read_period_kind(text: str) -> CellReading:
    """本次, 今年以来, 累计(2022年以来), 现有; an empty cell is left to the default."""
    return _read_word(text, "period_kinds", "row.period_kind.unknown")


def read_scope(text: str) -> CellReading:
    """本级 or 含下级."""
    return _read_word(text, "scopes", "row.scope.unknown")


def _read_word(text: str, vocabulary: str, rule: str) -> CellReading:
    if is_null(text):
        return EMPTY
    words = _vocabulary(vocabulary)
    folded = fold_label(text)
    for spelling in (folded, _PARENS.sub("", folded)):
        if spelling in words:
            return CellReading(words[spelling])
    if vocabulary == "period_kinds" and "今年以来" not in folded and _SINCE_YEAR.fullmatch(folded):
        return CellReading("cumulative_since")
    # 今年以来累计: the longest word that is in it; of two as long, the one that begins it
    inside = [word for word in words if len(word) >= 2 and word in folded]
    if inside and len(folded) <= 12:
        return CellReading(words[min(inside, key=lambda word: (-len(word), folded.index(word)))])
    known = input_contract().vocabulary[vocabulary]
    return CellReading(None, rule, {"nearest": "、".join(spelled[0] for spelled in known.values())})
