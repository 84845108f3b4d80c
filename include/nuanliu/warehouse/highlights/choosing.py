"""Which activities are told: the rules of contracts/highlights.yaml applied to a week's facts. The same facts give the same choice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nuanliu.contract.highlight_rules import (
    FIRST_OF_CAMPAIGN,
    IN_TURN,
    LARGEST,
    UNUSUAL_GROUP,
    HighlightRule,
    HighlightRules,
)
from nuanliu.warehouse.highlights.activities import MONEY, PEOPLE, Activity


@dataclass(frozen=True)
class Circumstances:
    """What the rules ask of other weeks."""

    first_campaigns: Collection[str]
    """Ids of campaigns whose first event of the season counts in this week."""
    unusual_groups: Collection[str]
    """Ids of groups that no event of the weeks before was for."""
    last_told: Mapping[str, str]
    """Prefecture → the week in which it was told last; those that never were are not here."""


@dataclass(frozen=True)
class Choice:
    """An activity and the rule that chose it."""

    rule: HighlightRule
    activity: Activity


def choose(activities: Iterable[Activity], rules: HighlightRules, seen: Circumstances) -> list[Choice]:
    """Each rule in its turn takes from what is left, until there is enough in all, of a prefecture, or of the rule.

    A rule on campaigns, groups or prefectures takes one activity of each.
    """
    listed = sorted((activity for activity in activities if activity.numbers), key=lambda activity: activity.key)
    chosen: list[Choice] = []
    for rule in rules.rules:
        told: set[str] = {choice.activity.home for choice in chosen} if rule.kind == IN_TURN else set()
        taken = 0
        for activity, subject in _candidates(rule, listed, seen):
            if taken == rule.take or len(chosen) == rules.most:
                break
            homes = [choice.activity.home for choice in chosen]
            is_left = all(choice.activity is not activity for choice in chosen)
            if is_left and subject not in told and homes.count(activity.home) < rules.most_of_a_prefecture:
                chosen.append(Choice(rule, activity))
                told.add(subject)
                taken += 1
    return chosen


def _candidates(rule: HighlightRule, activities: list[Activity], seen: Circumstances) -> Iterable[tuple[Activity, str]]:
    """The activities that a rule may take, the first it would first, each with what it would be taken for."""
    for activity in sorted(activities, key=_ORDERS[rule.kind](rule, seen)):
        for subject in sorted(_subjects(rule, activity, seen)):
            yield activity, subject


def _subjects(rule: HighlightRule, activity: Activity, seen: Circumstances) -> set[str]:
    match rule.kind:
        case _ if rule.kind == LARGEST:
            return {"/".join(activity.key)} if activity.amount(str(rule.measure)) else set()
        case _ if rule.kind == FIRST_OF_CAMPAIGN:
            return {activity.campaign_id} & set(seen.first_campaigns) if activity.campaign_id else set()
        case _ if rule.kind == UNUSUAL_GROUP:
            return set(activity.groups) & set(seen.unusual_groups)
        case _:
            return {activity.prefecture_id} if activity.prefecture_id else set()


def _size(activity: Activity) -> tuple[Decimal, Decimal, tuple[str, str, str]]:
    people, money = activity.amount(PEOPLE) or Decimal(0), activity.amount(MONEY) or Decimal(0)
    return -people, -money, activity.key


def _by_measure(rule: HighlightRule, _: Circumstances) -> Callable[[Activity], Any]:
    return lambda activity: (-(activity.amount(str(rule.measure)) or Decimal(0)), *_size(activity))


def _by_size(_: HighlightRule, __: Circumstances) -> Callable[[Activity], Any]:
    return _size


def _by_turn(_: HighlightRule, seen: Circumstances) -> Callable[[Activity], Any]:
    """Who was told longest ago comes first, and who never was before all."""

    def order(activity: Activity) -> Any:
        home = activity.prefecture_id or ""
        return (seen.last_told.get(home, ""), home, *_size(activity))

    return order


_ORDERS: Mapping[str, Callable[[HighlightRule, Circumstances], Callable[[Activity], Any]]] = {
    LARGEST: _by_measure,
    FIRST_OF_CAMPAIGN: _by_size,
    UNUSUAL_GROUP: _by_size,
    IN_TURN: _by_turn,
}
