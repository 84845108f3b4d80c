"""What a sender is told of a union that has ended: since when, and who reports instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuanliu.contract.code_lists import unions_of_week
from nuanliu.contract.rules import rule_registry
from nuanliu.contract.union_life import UnionsOfWeek
from nuanliu.domain.findings import Finding
from nuanliu.domain.reporting_week import ReportingWeek


def words_of_end(unions: UnionsOfWeek, union_id: str) -> Mapping[str, str]:
    """The words that the texts of ``org.union.ended`` and ``org.sender.ended`` need."""
    end, heir = unions.ends[union_id], unions.heir(union_id)
    return {
        "ended": end.union.name,
        "ended_on": end.valid_to.isoformat(),
        "what": f"并入“{heir.name}”" if heir else "撤销",
        "way": f"由“{heir.name}”报送,投到它自己的文件夹(intake/{heir.id}/)"
        if heir
        else "不再报送;有疑问请联系省总数据组",
        "instead": f"请改写成“{heir.name}”(它不在本单位名下的,由它自己报送)"
        if heir
        else "请写现在主办的工会,或删去这一行",
    }


def find_sender_end(sender_id: str, week: ReportingWeek) -> tuple[Finding, ...]:
    """A file for a week in which its sender exists no more goes back, naming who reports now."""
    unions = unions_of_week(week.monday)
    if sender_id not in unions.ends:
        return ()
    words: dict[str, Any] = {**words_of_end(unions, sender_id), "week": week.label}
    return (rule_registry()["org.sender.ended"].finding(**words),)
