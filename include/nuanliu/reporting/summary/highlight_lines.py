"""本周亮点 as sentences. Every name and number is a fact of the entry; the other words stand in contracts/highlights.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from nuanliu.contract.code_lists import PROVINCE, PROVINCE_OWN, codes
from nuanliu.contract.highlight_rules import Wording, highlight_rules
from nuanliu.domain.documents import HighlightEntry, HighlightNumberEntry, RollupDocument
from nuanliu.domain.exactness import Exactness, plain_number, with_mark
from nuanliu.reporting.labels import category_name, measure_name, union_name

_WAN, _CENT = Decimal(10000), Decimal("0.01")
_QUOTES = "“”《》「」"
_ACTIVITY = "活动"


@dataclass(frozen=True)
class HighlightLine:
    """One activity in one sentence."""

    why: str
    """What made it one that is told: 服务人数最多."""
    sentence: str
    trace_ids: tuple[str, ...]
    """Of its numbers, in the order of the sentence; they lead to the cells: ``nuanliu trace``."""
    shown: tuple[str, ...]
    """The same numbers as the sentence writes them."""
    names: tuple[str, ...]
    """Every name that the sentence tells."""


def highlight_lines(document: RollupDocument) -> tuple[HighlightLine, ...]:
    """Those of the document, in its order; none of an older edition."""
    told = document["highlights"]["activities"] if "highlights" in document else []
    rules = highlight_rules()
    return tuple(
        HighlightLine(
            rules.label(entry["rule"]),
            write_sentence(entry, rules.wording),
            tuple(number["trace_id"] for number in entry["numbers"]),
            tuple(map(shown_number, entry["numbers"])),
            tuple(_names(entry)),
        )
        for entry in told
    )


def write_sentence(entry: HighlightEntry, wording: Wording) -> str:
    """Who did what with whom, where and when, for whom, and how many exactly as reported."""
    return wording.sentence.format(
        date=_when(entry, wording),
        union=_who(entry["union_id"]),
        partners=_with_whom(entry, wording),
        place=_where(entry, wording),
        what=_what(entry, wording),
        campaign=_campaign(entry, wording),
        numbers="".join(f",{clause}" for clause in _numbers(entry, wording)),
    )


def _names(entry: HighlightEntry) -> Iterator[str]:
    yield _who(entry["union_id"])
    yield from entry["partners"]
    yield from (name for name in (entry["name"], entry["campaign"]) if name)
    if entry["name"] is None:
        yield category_name(entry["category"])
    divisions, groups = codes().divisions, codes().groups
    if entry["place"] is not None and entry["place"] in divisions:
        yield divisions[entry["place"]].name
    yield from (groups[group].name for group in entry["groups"] if group in groups)
    yield from (number["item"] for number in entry["numbers"] if number["item"])


def _who(union_id: str) -> str:
    return union_name(PROVINCE if union_id == PROVINCE_OWN else union_id)


def _when(entry: HighlightEntry, wording: Wording) -> str:
    start = date.fromisoformat(entry["start"]) if entry["start"] else None
    end = date.fromisoformat(entry["end"]) if entry["end"] else None
    first, last = start or end, end or start
    if first is None or last is None:
        return ""
    if end is None:
        part = "from_day"
    elif first == last:
        part = "day"
    elif first.year != last.year:
        part = "days_of_years"
    else:
        part = "days_of_month" if first.month == last.month else "days"
    return wording.parts[part].format(
        year=first.year, month=first.month, day=first.day, end_year=last.year, end_month=last.month, end_day=last.day
    )


def _with_whom(entry: HighlightEntry, wording: Wording) -> str:
    if not entry["partners"]:
        return ""
    names = _listed(entry["partners"], wording, is_open=entry["is_list_open"])
    return wording.parts["partners"].format(names=names)


def _listed(names: Sequence[str], wording: Wording, *, is_open: bool = False) -> str:
    some = names[: wording.most_names]
    return "、".join(some) + wording.parts["open_list"] * (is_open or len(some) < len(names))


def _where(entry: HighlightEntry, wording: Wording) -> str:
    """A place that says more than the union's name does."""
    unions, divisions = codes().unions.list, codes().divisions
    own = unions[entry["union_id"]].division_code if entry["union_id"] in unions else None
    if entry["place"] is None or entry["place"] == own or entry["place"] not in divisions:
        return ""
    return wording.parts["place"].format(name=divisions[entry["place"]].name)


def _what(entry: HighlightEntry, wording: Wording) -> str:
    name = entry["name"]
    if name is None:
        category = category_name(entry["category"])
        return wording.parts["category_activity" if category.endswith(_ACTIVITY) else "category"].format(name=category)
    if name.startswith(wording.verbs):
        part = "done"
    elif any(mark in name for mark in _QUOTES):
        part = "quoted"
    else:
        part = "named_activity" if name.endswith(_ACTIVITY) else "named"
    return wording.parts[part].format(name=name)


def _campaign(entry: HighlightEntry, wording: Wording) -> str:
    if entry["campaign"] is None or entry["campaign"] in (entry["name"] or ""):
        return ""
    return wording.parts["campaign"].format(name=entry["campaign"])


def _numbers(entry: HighlightEntry, wording: Wording) -> Iterator[str]:
    told: set[str] = set()
    for measure, said in groupby(entry["numbers"], key=lambda number: number["measure"]):
        numbers = list(said)
        goods = [number for number in numbers if number["item"] and "{item}" in _pattern(measure, wording)]
        if goods:
            yield _goods(measure, goods, wording)
        for number in numbers:
            if number not in goods:
                yield _clause(number, entry, wording, told)
        told.add(measure)


def _goods(measure: str, numbers: Sequence[HighlightNumberEntry], wording: Wording) -> str:
    """发放手套150双、帽子50顶: the things of one visit in one clause."""
    each = "、".join(f"{number['item']}{shown_number(number)}" for number in numbers)
    return _pattern(measure, wording).format(groups="", item="", number=each)


def _clause(number: HighlightNumberEntry, entry: HighlightEntry, wording: Wording, told: set[str]) -> str:
    measures = codes().measures
    groups = [codes().groups[group].name for group in entry["groups"] if group in codes().groups]
    clause = _pattern(number["measure"], wording).format(
        groups=_listed(groups, wording), item=wording.default_item, number=shown_number(number)
    )
    part_of = measures[number["measure"]].part_of if number["measure"] in measures else None
    return wording.parts["part"].format(clause=clause) if part_of in told else clause


def _pattern(measure: str, wording: Wording) -> str:
    return wording.measures.get(measure, f"{measure_name(measure)}{{number}}")


def shown_number(number: HighlightNumberEntry) -> str:
    """Exactly as many as reported, with 余, 近 or 约: 1425人, 近1.8万人, 35.9万元. 万 only where nothing is rounded away."""
    value, exactness = Decimal(number["value"]), Exactness(number["exactness"])
    wan = value / _WAN
    if value >= _WAN and wan == wan.quantize(_CENT):
        unit = f"万{number['unit']}"
        marked = with_mark(plain_number(wan), exactness)
        return f"{marked[:-1]}万余{number['unit']}" if exactness is Exactness.OVER else f"{marked}{unit}"
    return f"{with_mark(plain_number(value), exactness)}{number['unit']}"
