"""What made a figure another one between two weeks: pure arithmetic on what each sender added to it in either.

Everything here is the same seen from the other week: what joined is then absent, and every change is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property

from nuanliu.domain.exactness import EXACTNESS_CODES
from nuanliu.domain.figure_id import Term
from nuanliu.warehouse.schema.union_tree import WeekTree

Added = Mapping[tuple[str, str], "Amount"]
"""(sender, where it stands: the organiser, or ``place_leaf`` of a division) → what it added to one figure of a week."""
_PLACE = "place:"
_PERCENT = Decimal("0.01")
_DIGITS = 100
"""Sums have no upper bound, and terms must add up in all their digits."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum with its exactness, as a number: two such numbers are joined by or."""

    value: Decimal = Decimal(0)
    exactness: int = 0

    def __add__(self, other: Amount) -> Amount:
        with localcontext(prec=_DIGITS):
            return Amount(self.value + other.value, self.exactness | other.exactness)

    def __neg__(self) -> Amount:
        return Amount(self.value.copy_negate() if self.value else self.value, (-EXACTNESS_CODES[self.exactness]).code)

    def __sub__(self, other: Amount) -> Amount:
        return self + -other


def place_leaf(division_code: str | None) -> str:
    """Where a figure by place stands: in its division, which may count for another union later; None: in no known one."""
    return f"{_PLACE}{division_code or ''}"


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts with its exactness."""
    value, exactness = Decimal(0), 0
    with localcontext(prec=_DIGITS):
        for amount in amounts:
            value += amount.value
            exactness |= amount.exactness
    return Amount(value, exactness)


@dataclass(frozen=True)
class Between:
    """Who reported in a week and in another, and where everybody stood in each."""

    now: frozenset[str]
    """Unions with a current version, 零报告 included."""
    then: frozenset[str]
    tree_now: WeekTree
    tree_then: WeekTree
    ended: frozenset[str] = frozenset()
    """Unions that exist in one of the two weeks only, having ended by the other."""
    places_now: Mapping[str, str] = field(default_factory=dict)
    """Division code → the union for which it counts."""
    places_then: Mapping[str, str] = field(default_factory=dict)

    def term(self, node: str, sender: str, leaf: str) -> Term:
        """To which term of a union's figure it belongs what a sender added there.

        Who reported in neither week stands in both as before (carried figures; rows in the files of other weeks), so it is
        compared like one that reported in both.
        """
        return Term.MOVED if self.has_moved(node, leaf) else self.term_of_sender(sender)

    def has_moved(self, node: str, leaf: str) -> bool:
        """Whether something stands in a union's figure in one of the weeks only, whoever reported."""
        return leaf in self.ended or (node in self.above_now(leaf)) != (node in self.above_then(leaf))

    def term_of_sender(self, sender: str) -> Term:
        """To which term what a sender added belongs, where the tree has not changed."""
        if sender in self.ended:
            return Term.MOVED
        if (sender in self.now) == (sender in self.then):
            return Term.MATCHED
        return Term.JOINED if sender in self.now else Term.ABSENT

    def above_now(self, leaf: str) -> frozenset[str]:
        """The union of a place, or a union, and everyone above it now; a union nobody knows stands alone."""
        return _above(leaf, self._lines_now, self.places_now, self.tree_now)

    def above_then(self, leaf: str) -> frozenset[str]:
        """The same in the other week."""
        return _above(leaf, self._lines_then, self.places_then, self.tree_then)

    def senders_below(self, node: str, term: Term) -> frozenset[str]:
        """Who of a union's subtree reported in both weeks, or in one, whatever it added."""
        return frozenset(self._below.get((node, term), ()))

    @cached_property
    def _lines_now(self) -> Mapping[str, frozenset[str]]:
        return _lines(self.tree_now)

    @cached_property
    def _lines_then(self) -> Mapping[str, frozenset[str]]:
        return _lines(self.tree_then)

    @cached_property
    def _below(self) -> Mapping[tuple[str, Term], set[str]]:
        below: dict[tuple[str, Term], set[str]] = defaultdict(set)
        for sender in self.now | self.then:
            for node in self.above_now(sender) & self.above_then(sender):
                below[node, self.term(node, sender, sender)].add(sender)
        return below


def _above(leaf: str, lines: Mapping[str, frozenset[str]], places: Mapping[str, str], tree: WeekTree) -> frozenset[str]:
    if leaf.startswith(_PLACE):
        leaf = places.get(leaf.removeprefix(_PLACE), tree.root)
    return lines.get(leaf) or frozenset({leaf})


def _lines(tree: WeekTree) -> Mapping[str, frozenset[str]]:
    return {union_id: frozenset(tree.upwards(union_id)) for union_id in tree.unions}


@dataclass(frozen=True)
class Bridge:
    """A figure in two weeks, taken apart: term → sender → what it added to the figure, now and then."""

    now: Mapping[Term, Mapping[str, Amount]]
    then: Mapping[Term, Mapping[str, Amount]]

    @cached_property
    def value(self) -> Amount:
        """The figure now."""
        return total(self._parts_now.values())

    @cached_property
    def previous(self) -> Amount:
        """The figure then."""
        return total(self._parts_then.values())

    def part_now(self, term: Term) -> Amount:
        """What the senders of a term said now."""
        return self._parts_now[term]

    def part_then(self, term: Term) -> Amount:
        """What they said then."""
        return self._parts_then[term]

    @cached_property
    def _parts_now(self) -> Mapping[Term, Amount]:
        return {term: total(said.values()) for term, said in self.now.items()}

    @cached_property
    def _parts_then(self) -> Mapping[Term, Amount]:
        return {term: total(said.values()) for term, said in self.then.items()}

    def change(self, term: Term) -> Amount:
        """What a term changed. All four together are ``value - previous``, exactness included."""
        return self.part_now(term) - self.part_then(term)

    def senders(self, term: Term) -> frozenset[str]:
        """Who added anything in either week."""
        return frozenset(self.now[term].keys() | self.then[term].keys())

    def change_of(self, term: Term, sender: str) -> Amount:
        """What one sender changed."""
        return self.now[term].get(sender, Amount()) - self.then[term].get(sender, Amount())

    @cached_property
    def is_all_matched(self) -> bool:
        """Whether nothing but what is compared stands in either week."""
        return not any(
            amount.value for week in (self.now, self.then) for term in Term if term is not Term.MATCHED
            for amount in week[term].values()
        )  # fmt: skip

    @cached_property
    def share(self) -> Decimal | None:
        """The matched senders' part of the larger of the two totals, in hundredths; of two equal ones, of that with less of them.

        None where a total or a part below zero makes no share.
        """
        now, then = (self.value, self.part_now(Term.MATCHED)), (self.previous, self.part_then(Term.MATCHED))
        whole, part = min((now, then), key=lambda pair: (-pair[0].value, pair[1].value))
        if not whole.value and self.is_all_matched:
            return Decimal("1.00")
        if whole.value <= 0 or part.value < 0:
            return None
        with localcontext(prec=_DIGITS):
            return (part.value / whole.value).quantize(_PERCENT, rounding=ROUND_HALF_UP)


def build_bridge(now: Added, then: Added, term_of: Callable[[str, str], Term]) -> Bridge:
    """Take a figure apart. ``term_of``: sender and where it stands → the term, ``Between.term`` for the figure's union."""
    return Bridge(_by_term(now, term_of), _by_term(then, term_of))


def _by_term(added: Added, term_of: Callable[[str, str], Term]) -> Mapping[Term, Mapping[str, Amount]]:
    parts: dict[Term, dict[str, Amount]] = {term: {} for term in Term}
    for (sender, leaf), amount in added.items():
        of_term = parts[term_of(sender, leaf)]
        of_term[sender] = of_term.get(sender, Amount()) + amount
    return parts
