"""The weekly mail as bytes: what a program sees that has not read its standards to the end."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from tests.unit.reporting.rollup_documents import (
    comparison,
    comparisons,
    document,
    figure,
    told_activity,
    week_point,
)

from nuanliu.contract.code_lists import codes
from nuanliu.reporting.mail.mail_message import compose_summary_mail

FORMS = ("xlsx", "docx", "html", "json")
TWO = document(figure("620000", "people_served", "1925", exactness="over"), figure("620000", "funds_total", "467000"))


def mail(told: dict[str, Any] = TWO, **more: Any) -> bytes:
    return compose_summary_mail(
        told,  # type: ignore[arg-type]
        files={f"summary.{form}": b"x" for form in FORMS},
        sender="a@x.example",
        recipient="b@x.example",
        message_id="<1@x.example>",
        date=datetime(2024, 12, 9, 10, tzinfo=UTC),
        forms=FORMS,
        **more,
    ).as_bytes()


def headers_of(raw: bytes, form: str) -> bytes:
    """The head of the part that carries a form, unfolded."""
    heads = [part.partition(b"\r\n\r\n")[0] for part in raw.split(b"\r\n--=")]
    (head,) = [head for head in heads if b"attachment" in head and f".{form}".encode() in head]
    return re.sub(rb"\r\n(?=[ \t])", b"", head)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("trial", [None, "这是试发"], ids=["mail", "trial"])
def test_an_attachment_has_a_name_for_new_programs_and_one_for_old_ones(form: str, trial: str | None) -> None:
    raw = mail(trial=trial)
    head = headers_of(raw, form)
    plain = f"{'trial-' if trial else ''}nuanliu-2024-W49.{form}"
    assert re.findall(rb'[; ]name="([^"]*)"', head) == [plain.encode()], "what knows nothing else"
    assert len(re.findall(rb"filename\*=utf-8''[%A-Za-z0-9.-]+", head)) == 1, "RFC 2231 in one piece"
    assert b"filename*0" not in head
    assert b"filename=" not in head, "some programs would take it before the other one"
    chinese = f"{'试发-' if trial else ''}全省工会服务职工周报2024-W49.{form}"
    for policy in ({"policy": default}, {}):
        names = [part.get_filename() for part in message_from_bytes(raw, **policy).walk()]
        assert chinese in names, policy


def test_no_line_is_longer_than_a_server_takes() -> None:
    assert max(map(len, mail(trial="这是试发").split(b"\r\n"))) <= 998


def crowded() -> tuple[dict[str, Any], Any]:
    """More of everything than a page can hold."""
    unions = [union.id for union in codes().unions.list]
    same = {"category": "meals", "period_kind": "ytd"}
    own = [figure(union_id, "meal_vouchers", "15000", level="county", **same) for union_id in unions[:80]]
    inclusive = [figure(union_id, "meal_vouchers", "15000", scope="inclusive", **same) for union_id in unions[:80]]
    inclusive[79]["value"] = "14999"
    measures = [measure.id for measure in codes().measures if measure.kind != "descriptive"]
    events = [figure(union_id, measure, "123456789") for union_id in unions[:23] for measure in measures]
    categories = [figure("620000", "people_served", "5", category=category.id) for category in codes().categories]
    told = document(
        *own, *events, *categories, *(each | {"figure_id": f"{each['figure_id']}/inclusive"} for each in inclusive),
        revisions=[
            {"week": "2024-W48", "figure_id": f"2024-W48/{union_id}/meals/meal_vouchers/event", "old": "1", "new": "2",
             "reason": "更正"} for union_id in unions[:80]
        ],
        campaigns=[
            {"figure_id": f"campaign/{number}/people_served/event", "campaign": f"关爱新业态·互助健康行{number}",
             "measure": "people_served", "value": "5", "exactness": "exact", "unions": 3, "first_week": "2024-W40",
             "last_week": "2024-W49"} for number in range(80)
        ],
        highlights={"activities": [told_activity() for _ in range(6)], "last_told": {}},
    )  # fmt: skip
    said = {
        "union_id": "620400", "activity": "长" * 5000, "rule": "row.measure.over_limit", "column": "服务人数(人)",
        "value": "9" * 5000, "explanation": "长" * 5000,
    }  # fmt: skip
    trend = [
        week_point(f"2024-W{number}", 14, people=("123456789", "over"), money=("9" * 10, "exact"))
        for number in range(38, 50)
    ]
    terms = tuple((value, "exact", 12) for value in ("310", "200", "-65", "7"))
    for each in told["figures"]:
        if each["union_id"] == "620000":
            each["comparisons"] = comparisons(
                week_before=comparison("980", *terms), year_before=comparison("980", *terms)
            )
    most = [
        {
            "union_id": union_id,
            "term": "matched",
            "value": "123456789",
            "exactness": "exact",
            "explanation": "长" * 5000,
        }
        for union_id in unions[2:5]
    ]
    ids = [f"2024-W49/620000/all/{measure}/event/vs/2024-W48" for measure in measures]
    fell = {
        "figure_id": "2024-W49/622900/meals/meal_vouchers/ytd", "union_id": "622900", "activity": "长" * 5000,
        "measure": "meal_vouchers", "old": "2", "old_exactness": "exact", "new": "1", "new_exactness": "exact",
        "explanation": "长" * 5000,
    }  # fmt: skip
    return told, {
        "explanations": [said] * 80, "restatements": [fell] * 80, "trend": trend, "contributors": dict.fromkeys(ids, most),
    }  # fmt: skip


def test_a_program_that_cuts_off_long_pages_shows_all_of_a_crowded_week() -> None:
    told, notes = crowded()
    part = message_from_bytes(mail(told, notes=notes), policy=default).get_body(("html",))
    assert part is not None
    page = part.get_content()
    assert len(page.encode()) < 102_000, "Gmail hides what comes after that"
    assert page.count("其余见附件工作簿“全部数据”") == 2
    assert "其余见附件工作簿“专项”" in page
    assert "14999" in page, "what does not fit together is among those that are listed"


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        (TWO, "2024年第49周:服务人数1925余人,已报2/14家(不完整) 全省工会服务职工周报"),
        (
            {
                **TWO, "edition": 3, "coverage": {**TWO["coverage"], "reported": 10, "confirmed_zero": 4, "missing": []},
                "revisions": [
                    {"week": "2024-W48", "figure_id": "2024-W48/620400/all/people_served/event", "old": "5", "new": "6",
                     "reason": "更正"},
                ],
            },
            "2024年第49周:服务人数1925余人,已报14/14家,有更正 全省工会服务职工周报第3版",
        ),
        (document(edition=None), "2024年第49周:没有活动数据,已报2/14家(不完整) 全省工会服务职工周报未发布"),
    ],
    ids=["incomplete", "corrected", "nothing"],
)  # fmt: skip
def test_the_subject_begins_with_the_main_figure_and_the_coverage(told: dict[str, Any], subject: str) -> None:
    assert message_from_bytes(mail(told), policy=default)["Subject"] == subject
