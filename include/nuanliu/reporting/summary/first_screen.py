"""What a reader learns without scrolling: one sentence, the key figures, what to see to; and, last, how good the numbers are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nuanliu.contract.code_lists import PROVINCE
from nuanliu.domain.documents import CoverageEntry, FigureEntry, NotesDocument
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.figure_id import FigureId
from nuanliu.reporting.labels import is_money, measure_name, node_name, short_union_name, show_measure
from nuanliu.reporting.summary.bridge_lines import OPEN_STATES, BridgeLine
from nuanliu.reporting.summary.comparisons import (
    NO_BASE,
    WORDS,
    Comparison,
    headline_comparison,
    share_text,
    week_before,
    why_not,
    with_sign,
    year_before,
)
from nuanliu.reporting.summary.revision_lines import RevisionLine

MOST_REVISIONS = 3
_LONGEST_WHY = 24
"""Characters of a union's own words in the one sentence; whoever said more is read below."""
_ASKED = {
    "missing": "催报{count}家:{names}。",
    "held": "待说明{count}家,数字等着核实放行:{names}。",
    "returned": "退回{count}家,改好要重报:{names}。",
}


@dataclass(frozen=True)
class KeyFigureLine:
    """One of the figures that a reader sees first."""

    figure_id: str
    measure: str
    """By name."""
    shown: str
    """With its 余, 近 or 约."""
    unit: str
    verdict: str
    """比上周+33.9%, or 与上周不可比; empty where it stood in no other week, or as zero."""
    basis: str
    """Of whom the percentage is, or why there is none; empty where there is nothing to say."""


def key_figure(figure: FigureEntry, notes: NotesDocument) -> KeyFigureLine:
    """A figure with the one comparison that stands for it."""
    shown = show_measure(figure["measure"], figure["unit"], figure["value"], figure["exactness"])
    verdict, basis = _verdict(figure) or _older_verdict(figure, notes)
    name = measure_name(figure["measure"])
    return KeyFigureLine(figure["figure_id"], name, shown.number, shown.unit, verdict, basis)


def _verdict(figure: FigureEntry) -> tuple[str, str] | None:
    found = headline_comparison(figure)
    if found is None:
        return None
    kind, entry = found
    then, matched = WORDS[kind].then, entry["matched"]
    if entry["shown"] == "none":
        return _no_percentage(then, why_not(entry, kind))
    if matched["change_pct"] is None:
        return "", f"{then}为0"
    is_of_some = entry["shown"] == "matched" and matched["share"] is not None
    basis = f"可比口径,占{share_text(matched['share'])}" if is_of_some and matched["share"] else ""
    return f"比{then}{with_sign(matched['change_pct'])}", basis


def _older_verdict(figure: FigureEntry, notes: NotesDocument) -> tuple[str, str]:
    """Of an edition from before the bridge."""
    told: list[tuple[str, Comparison | None]] = [
        ("上周", week_before(figure, notes)),
        ("上年", year_before(figure, notes)),
    ]
    known = [(then, said) for then, said in told if said and said.earlier]
    for then, said in known:
        if said.change:
            return f"比{then}{said.change}", ""
    unequal = ((then, said.why_not) for then, said in known if said.why_not and said.why_not != NO_BASE)
    return next((_no_percentage(then, why) for then, why in unequal), ("", ""))


def _no_percentage(then: str, why: str) -> tuple[str, str]:
    """与上周不可比, and below it the reason."""
    word, _, reason = why.partition(":")
    return f"与{then}{word}", reason


def lead(totals: Sequence[KeyFigureLine], bridges: Sequence[BridgeLine]) -> str:
    """The week in one sentence."""
    if not totals:
        return "全省各级工会没有报送本周活动数据。"
    first = totals[0]
    words = f"全省{first.measure}{first.shown}{first.unit}"
    bridge = next((line for line in bridges if line.figure_id == first.figure_id), None)
    if bridge is None:
        beside = [line for line in totals[1:] if is_money(FigureId.parse(line.figure_id).measure)] or totals[1:]
        return f"{'、'.join([words, *(f'{line.measure}{line.shown}{line.unit}' for line in beside[:1])])}。"
    words += f",{_better_or_worse(bridge)}"
    if bridge.contributors:
        words += f";{_who(bridge)}"
    return f"{words}。"


def _better_or_worse(bridge: BridgeLine) -> str:
    if bridge.percent is None:
        return f"与{bridge.then}{bridge.basis}"
    percent = bridge.percent.lstrip("+-")
    how = {1: f"增{percent}", 0: "持平", -1: f"减{percent}"}[bridge.direction]
    return f"比{bridge.then}{how}{'(可比口径)' if bridge.basis else ''}"


def _who(bridge: BridgeLine) -> str:
    """Who made it so: of those that went the same way the one that went farthest, which stands first among them."""
    same = [each for each in bridge.contributors if bridge.direction == (1 if each.is_rise else -1)]
    most = (same or bridge.contributors)[0]
    words = f"{'增' if most.is_rise else '减'}得最多的是" if same else "变化最大的是"
    why = f"({most.why})" if most.why and len(most.why) <= _LONGEST_WHY else "(有说明,见下)" if most.why else ""
    return f"{words}{most.union},{most.shown}{bridge.unit}{why}"


def first_revisions(lines: Sequence[RevisionLine]) -> tuple[RevisionLine, ...]:
    """One of the whole province and two of those that brought it about, as far as there are such."""
    province = [line for line in lines if line.union == node_name(PROVINCE)]
    others = [line for line in lines if line.union != node_name(PROVINCE)]
    chosen = [*province[:1], *others[: MOST_REVISIONS - 1], *province[1:], *others[MOST_REVISIONS - 1 :]][
        :MOST_REVISIONS
    ]
    return tuple(line for line in lines if line in chosen)


def decision_lines(coverage: CoverageEntry, below: Collection[str]) -> Iterator[str]:
    """What somebody has to see to; none where the week is done. ``below``: unions whose 含下级 figures contradict their own."""
    for key, _ in OPEN_STATES:
        if coverage[key]:
            yield _ASKED[key].format(count=len(coverage[key]), names=_listed(coverage[key]))
    if below:
        yield f"核对含下级数:{'、'.join(below)}报的含下级数小于各级自报合计。"


def quality_lines(
    coverage: CoverageEntry, names: Sequence[tuple[str, Sequence[str]]], figures: Iterable[FigureEntry]
) -> Iterator[str]:
    """Coverage, punctuality and how many figures are approximate. ``names``: 未报 … and the full names of who is."""
    answered = coverage["reported"] + coverage["confirmed_zero"]
    is_open = {union_id for key, _ in OPEN_STATES for union_id in coverage[key]}
    late = len(set(coverage["late"]) - is_open)
    yield (
        f"应报{coverage['expected']}家,已报(含零报告){answered}家({_part(answered, coverage['expected'])}),"
        f"其中按时{answered - late}家、迟报{late}家"
    )
    yield from (f"{label}:{'、'.join(said)}" for label, said in names if said)
    exactnesses = [figure["exactness"] for figure in figures]
    if exactnesses:
        rough = sum(exactness != Exactness.EXACT for exactness in exactnesses)
        yield f"本周各级各类{len(exactnesses)}个数中,带余、近、约的{rough}个({_part(rough, len(exactnesses))})"


def _listed(union_ids: Iterable[str]) -> str:
    return "、".join(map(short_union_name, union_ids))


def _part(some: int, all_of_them: int) -> str:
    """86%; what is some but not all never reads 0% or 100%."""
    if not all_of_them:
        return "0%"
    percent = int((Decimal(some * 100) / all_of_them).quantize(Decimal(1), ROUND_HALF_UP))
    if some and not percent:
        return "不到1%"
    return "99%以上" if percent == 100 and some < all_of_them else f"{percent}%"
