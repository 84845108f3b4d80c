"""Who gets which form of the weekly summary, and of which editions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.patching import replace_everywhere

from nuanliu.errors import BrokenContract
from nuanliu.operations.mailing.publication_plan import ROLES, Plan, forms_by_address, publication_plans, read_plans
from nuanliu.operations.mailing.recipients import GETS, check_recipients

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = [("leader@x.example", "leader"), ("Office@x.example", "leader"), ("data@x.example", "engineer")]


def edition(number: int = 1, **open_states: list[str]) -> Any:
    return {"edition": number, "coverage": {"missing": [], "held": [], "returned": [], **open_states}}


def test_a_plan_knows_the_roles_of_the_recipients_file() -> None:
    assert set(ROLES) == set(GETS)


def test_leaders_get_the_workbook_with_every_edition() -> None:
    assert forms_by_address(publication_plans(), edition(2, missing=["620100"]), KNOWN) == {
        "leader@x.example": ("xlsx",),
        "Office@x.example": ("xlsx",),
    }


def test_whom_two_plans_name_gets_one_mail_with_the_forms_of_both() -> None:
    plans = (Plan("leader", ("xlsx",)), Plan("office@x.example", ("docx", "xlsx")))
    assert forms_by_address(plans, edition(), KNOWN) == {
        "leader@x.example": ("xlsx",),
        "Office@x.example": ("xlsx", "docx"),
    }


def test_an_address_that_only_a_plan_names_gets_its_mail() -> None:
    plans = (Plan("archive@x.example", ("json",)),)
    assert forms_by_address(plans, edition(), KNOWN) == {"archive@x.example": ("json",)}


@pytest.mark.parametrize(
    ("when", "of", "goes"),
    [
        ("every", edition(3, held=["620100"]), True),
        ("first", edition(1, missing=["620100"]), True),
        ("first", edition(2), False),
        ("complete", edition(2), True),
        ("complete", edition(1, missing=["620100"]), False),
        ("complete", edition(1, held=["620100"]), False),
        ("complete", edition(1, returned=["620100"]), False),
    ],
)
def test_a_plan_says_of_which_editions(when: str, of: Any, *, goes: bool) -> None:
    assert bool(forms_by_address((Plan("engineer", (), when),), of, KNOWN)) is goes


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("{to: boss, forms: [xlsx]}", "neither a role"),
        ("{forms: [xlsx]}", "neither a role"),
        ("{to: leader, forms: [pdf]}", "no form; choose among xlsx"),
        ("{to: leader, forms: [xlsx], when: monthly}", "write one of every, first, complete"),
        ("{to: leader, form: [xlsx]}", "no part of a plan"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_by_its_number(tmp_path: Path, plan: str, said: str) -> None:
    path = tmp_path / "publication.yaml"
    path.write_text(f"plans:\n  - {{to: leader, forms: [xlsx]}}\n  - {plan}\n", "utf-8")
    with pytest.raises(BrokenContract, match="plan 2") as refused:
        read_plans(path)
    assert said in refused.value.message


def test_the_check_of_the_recipients_says_who_gets_the_summary_by_the_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recipients.csv"
    path.write_text("address,role\nleader@x.example,leader\nDATA@x.example,engineer\n", "utf-8")
    plans = (Plan("data@x.example", ("json",)),)
    replace_everywhere(monkeypatch, "nuanliu.operations.mailing.publication_plan.publication_plans", lambda: plans)
    told = check_recipients(path, date(2024, 12, 9))["recipients"]
    assert [(each["address"], each["gets"]) for each in told] == [
        ("leader@x.example", []),
        ("DATA@x.example", ["summary", "alert"]),
    ]
