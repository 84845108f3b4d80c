"""The weekly mail as bytes: what a program sees that has not read its standards to the end."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from tests.unit.reporting.rollup_documents import document, figure

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
