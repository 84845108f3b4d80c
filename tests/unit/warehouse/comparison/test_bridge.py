"""The bridge between two weeks of a figure: its terms add up exactly, and it is the same seen from the other week."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce
from operator import or_

from hypothesis import given, settings
from hypothesis import strategies as st

from nuanliu.domain.figure_id import Term
from nuanliu.warehouse.comparison.bridge import Added, Amount, Between, Bridge, build_bridge
from nuanliu.warehouse.marts.comparability import change_pct
from nuanliu.warehouse.schema.union_tree import UnionOfWeek, WeekTree

ROOT = "p"
CITIES = ("a", "b", "c")
COUNTIES = ("a1", "a2", "b1", "c1")
UNIONS = (*CITIES, *COUNTIES)


def tree(**parents: str) -> WeekTree:
    """The province with its cities and counties; ``parents``: a county → the city it stands below, if not its own."""
    above = {ROOT: None, **dict.fromkeys(CITIES, ROOT), **{county: county[0] for county in COUNTIES}, **parents}
    return WeekTree({name: UnionOfWeek(name, "any", parent, name) for name, parent in above.items()})


STANDING = tree()
AMOUNTS = st.builds(
    Amount,
    st.decimals(0, 10**12, places=2) | st.decimals(10**28, 10**30, places=2) | st.just(Decimal(0)),
    st.integers(0, 3),
)
SENDERS = st.frozensets(st.sampled_from(UNIONS))
TREES = st.fixed_dictionaries({}, optional={county: st.sampled_from(CITIES) for county in COUNTIES}).map(
    lambda moved: tree(**moved)
)
BETWEEN = st.builds(Between, SENDERS, SENDERS, TREES, TREES, st.frozensets(st.sampled_from(COUNTIES), max_size=1))
REPORTS = st.dictionaries(st.tuples(st.sampled_from(UNIONS), st.sampled_from(UNIONS)), AMOUNTS, max_size=8)


def of_node(reports: Added, node: str, standing: WeekTree) -> Added:
    """What stands in a union's figure, as the roll-up adds it up the tree."""
    return {(sender, leaf): amount for (sender, leaf), amount in reports.items() if node in standing.upwards(leaf)}


def bridge(between: Between, node: str, now: Added, then: Added) -> Bridge:
    return build_bridge(
        of_node(now, node, between.tree_now), of_node(then, node, between.tree_then), partial(between.term, node)
    )


def swapped(between: Between) -> Between:
    return Between(between.then, between.now, between.tree_then, between.tree_now, between.ended)


def written(*values: int | str, exactness: int = 0) -> list[Amount]:
    return [Amount(Decimal(value), exactness) for value in values]


NODES = st.sampled_from((ROOT, *CITIES, *COUNTIES))


@settings(max_examples=500)
@given(BETWEEN, NODES, REPORTS, REPORTS)
def test_the_terms_add_up_to_the_change_in_value_and_exactness(
    between: Between, node: str, now: Added, then: Added
) -> None:
    found = bridge(between, node, now, then)
    stands_now, stood_then = of_node(now, node, between.tree_now), of_node(then, node, between.tree_then)
    changes = [found.change(term) for term in Term]
    assert sum(Fraction(change.value) for change in changes) == sum(
        Fraction(amount.value) for amount in stands_now.values()
    ) - sum(Fraction(amount.value) for amount in stood_then.values())
    taken_away = {0: 0, 1: 2, 2: 1, 3: 3}
    kinds = [a.exactness for a in stands_now.values()] + [taken_away[a.exactness] for a in stood_then.values()]
    assert reduce(or_, (change.exactness for change in changes), 0) == reduce(or_, kinds, 0)
    assert found.value - found.previous == reduce(lambda one, other: one + other, changes)


@settings(max_examples=500)
@given(BETWEEN, NODES, REPORTS, REPORTS)
def test_the_weeks_swapped_give_the_bridge_taken_back(between: Between, node: str, now: Added, then: Added) -> None:
    forth, back = bridge(between, node, now, then), bridge(swapped(between), node, then, now)
    other_way = {Term.JOINED: Term.ABSENT, Term.ABSENT: Term.JOINED}
    for term in Term:
        assert back.change(other_way.get(term, term)) == -forth.change(term)
    assert back.share == forth.share


@settings(max_examples=500)
@given(SENDERS, NODES, REPORTS, REPORTS)
def test_equal_senders_in_one_tree_give_the_plain_percentage(
    senders: frozenset[str], node: str, now: Added, then: Added
) -> None:
    found = bridge(Between(senders, senders, STANDING, STANDING), node, now, then)
    assert found.is_all_matched
    assert all(found.change(term) == Amount() for term in Term if term is not Term.MATCHED)
    assert (found.part_now(Term.MATCHED), found.part_then(Term.MATCHED)) == (found.value, found.previous)
    assert found.share == Decimal("1.00")
    assert change_pct(found.part_now(Term.MATCHED).value, found.part_then(Term.MATCHED).value) == change_pct(
        found.value.value, found.previous.value
    )


def test_the_example_of_the_contract() -> None:
    """980 → 1425: 915 → 1225 where both weeks were reported, 200 came, 65 went."""
    now = dict(zip([("a", "a"), ("b", "b")], written(1225, 200), strict=True))
    then = dict(zip([("a", "a"), ("c", "c")], written(915, 65), strict=True))
    found = bridge(Between(frozenset("ab"), frozenset("ac"), STANDING, STANDING), ROOT, now, then)
    assert [found.change(term).value for term in Term] == [310, 200, -65, 0]
    assert found.share == Decimal("0.86")


def test_a_county_that_moved_brings_what_it_says_now_and_takes_away_what_it_said() -> None:
    everybody = frozenset({"a1", "a2", "b1"})
    between = Between(everybody, everybody, tree(a1="b"), STANDING)
    now = {("a1", "a1"): Amount(Decimal(70)), ("b1", "b1"): Amount(Decimal(5)), ("a2", "a2"): Amount(Decimal(9))}
    then = {("a1", "a1"): Amount(Decimal(60), 1), ("b1", "b1"): Amount(Decimal(4)), ("a2", "a2"): Amount(Decimal(8))}
    assert {term: bridge(between, "b", now, then).change(term).value for term in Term} == {
        Term.MATCHED: 1, Term.JOINED: 0, Term.ABSENT: 0, Term.MOVED: 70,
    }  # fmt: skip
    # 60余 taken away is at most -60
    assert bridge(between, "a", now, then).change(Term.MOVED) == Amount(Decimal(-60), 2)
    assert bridge(between, ROOT, now, then).change(Term.MATCHED).value == 12
    assert bridge(between, "a1", now, then).change(Term.MATCHED).value == 10


def test_what_a_union_that_ended_had_said_is_gone_with_the_tree_and_not_with_a_missing_report() -> None:
    between = Between(frozenset("a"), frozenset({"a", "a1"}), STANDING, STANDING, frozenset({"a1"}))
    found = bridge(between, "a", {("a", "a"): Amount(Decimal(10))}, {("a1", "a1"): Amount(Decimal(4))})
    assert (found.change(Term.MOVED).value, found.change(Term.ABSENT).value) == (-4, 0)


def test_who_reported_in_neither_week_is_compared_with_itself() -> None:
    """Carried figures stand in both weeks though nobody said them anew."""
    between = Between(frozenset("a"), frozenset("a"), STANDING, STANDING)
    found = bridge(between, ROOT, {("b", "b"): Amount(Decimal(30))}, {("b", "b"): Amount(Decimal(30))})
    assert (found.is_all_matched, found.share) == (True, Decimal("1.00"))


def test_the_share_is_of_the_larger_total_and_none_where_there_is_no_part() -> None:
    between = Between(frozenset("ab"), frozenset("ac"), STANDING, STANDING)

    def share(matched_now: str, joined: str, matched_then: str, absent: str) -> Decimal | None:
        now = {("a", "a"): Amount(Decimal(matched_now)), ("b", "b"): Amount(Decimal(joined))}
        then = {("a", "a"): Amount(Decimal(matched_then)), ("c", "c"): Amount(Decimal(absent))}
        return bridge(between, ROOT, now, then).share

    assert share("10", "90", "50", "0") == Decimal("0.10")
    assert share("10", "0", "50", "150") == Decimal("0.25")
    assert share("10", "90", "50", "50") == Decimal("0.10")
    assert share("0", "0", "0", "0") == Decimal("1.00")
    assert share("5", "-5", "0", "0") is None
    assert share("-5", "10", "0", "0") is None
    assert share("0.995", "0.005", "0", "0") == Decimal("1.00")
