"""From files to figures a reader may trust: versions, cumulative series, one activity by two unions, editions, ids."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from tests.integration.weekly_workbook import HEADER, answer, workbook
from tests.smtp_server import SmtpScript, serving

from nuanliu.operations.weeks.inquiries import trace
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

W49 = "2024-W49"
MONDAY_EVENING = datetime.fromisoformat("2024-12-09T18:00+08:00")
LATER = datetime.fromisoformat("2024-12-10T18:00+08:00")


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def since(people: int, why: str | None = None) -> tuple[Any, ...]:
    return ("困难职工帮扶", "困难帮扶", None, None, "累计", "2024-01-01", people, None, why)


def event(name: str, people: int, why: str | None = None) -> tuple[Any, ...]:
    return (name, "健康义诊", "2024-12-04", "2024-12-04", "本次", None, people, None, why)


def value(ctx: Context, of_week: str, figure: str) -> str | None:
    """A figure's value, the week rolled up first; None when it has none."""
    listed = {each["figure_id"]: each["value"] for each in roll_up_week(ctx, of_week)["figures"]}
    return listed.get(f"{of_week}/{figure}")


def typed(kind: str, *rows: tuple[Any, ...]) -> bytes:
    """A CSV whose rows say what kind of report it is."""
    lines = [(*HEADER, "报送类型"), *((*row, kind) for row in rows)]
    return "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines).encode()


def test_a_cumulative_series_grows_is_held_when_it_falls_and_is_restated_once_it_is_explained(ctx: Context) -> None:
    figure = "620400/all/people_served/cumulative_since/since=2024-01-01"
    answer(ctx, "2024-W47", workbook([since(10000)]))
    assert value(ctx, "2024-W47", figure) == "10000"
    answer(ctx, "2024-W48", workbook([since(15000)]))
    grown = next(each for each in roll_up_week(ctx, "2024-W48")["figures"] if each["figure_id"].endswith(figure))
    assert (grown["value"], grown["previous"]) == ("15000", "10000")
    answer(ctx, W49, workbook([event("义诊", 1)]), union_id="620300")
    assert answer(ctx, W49, workbook([since(14000)]))["status"] == "held"
    assert value(ctx, W49, figure) == "15000"
    assert answer(ctx, W49, workbook([since(14000, "核减重复登记1000人")]))["rows"]["accepted"] == 1
    assert value(ctx, W49, figure) == "14000"
    edition = publish_week(_at(ctx, MONDAY_EVENING), W49, send=False)
    page = ctx.bucket.read(f"reports/{W49}/edition-{edition['edition']}/summary.html").decode()
    line = page[page.index("累计数调低") :]
    assert line.index("15000") < line.index("14000") < line.index("核减重复登记1000人")
    assert "情况说明" not in page


def test_each_version_leaves_the_figures_that_it_should(ctx: Context) -> None:
    figure = "620400/all/people_served/event"
    first = workbook([event("甲", 100), event("乙", 20)])
    steps = (
        ("workbook", first, "accepted", "120"),
        ("the same bytes", first, "duplicate", "120"),
        ("the same as CSV", typed("首报", event("甲", 100), event("乙", 20)), "unchanged", "120"),
        ("补充 of what is there and something new", typed("补充", event("甲", 100), event("丙", 3)), "accepted", "123"),
        ("补充 with another value", typed("补充", event("甲", 101)), "held", "123"),
        ("乙 and 丙 are gone without 更正", typed("首报", event("甲", 100)), "held", "123"),
        (
            "更正 with a row that cannot be read",
            typed("更正", (*event("甲", 0)[:6], "30-50", None, None)),
            "held",
            "123",
        ),
        ("更正 that takes 乙 and 丙 away", typed("更正", event("甲", 90)), "accepted_with_warnings", "90"),
    )
    for number, (name, data, status, people) in enumerate(steps):
        receipt = answer(ctx, W49, data, name=f"{number}.{'xlsx' if data.startswith(b'PK') else 'csv'}")
        assert (receipt["status"], value(ctx, W49, figure)) == (status, people), (name, receipt["findings"])
        if name.startswith("补充 of"):
            assert receipt["rows"]["ignored"] == 1
            assert [each["severity"] for each in receipt["findings"]] == ["info"]
    assert reconcile(ctx)["ok"]


@pytest.mark.parametrize("order", ["organiser first", "organiser last"])
def test_one_activity_by_two_unions_counts_once_at_its_organiser_whoever_came_first(ctx: Context, order: str) -> None:
    own = ("620403", workbook([event("义诊", 100)]))
    theirs = ("620400", workbook([(*event("义诊", 100), "平川区总工会")], header=(*HEADER, "主办单位")))
    for union_id, data in (own, theirs) if order == "organiser first" else (theirs, own):
        answer(ctx, W49, data, union_id=union_id)
    for union_id in ("620000", "620400", "620403"):
        assert value(ctx, W49, f"{union_id}/all/people_served/event") == "100"
    cells = trace(ctx, f"{W49}/620000/all/people_served/event")["cells"]
    assert [cell["union_id"] for cell in cells] == ["620403"]
    assert reconcile(ctx)["ok"]


def test_a_published_file_that_was_touched_is_reported_and_nothing_more_is_published_until_it_is_put_back(
    ctx: Context,
) -> None:
    answer(ctx, W49, workbook([event("甲", 100)]))
    published = publish_week(_at(ctx, MONDAY_EVENING), W49, send=False)
    assert reconcile(ctx)["ok"]
    key = f"reports/{W49}/edition-1/summary.json"
    assert key in published["files"]
    original = ctx.bucket.read(key)
    ctx.bucket.write(key, original.replace(b'"value": "100"', b'"value": "900"'))
    (difference,) = reconcile(ctx)["differences"]
    assert (difference["identity"], difference["subject"]) == ("reports = editions", key)
    assert difference["expected"] != difference["found"]
    ctx.bucket.write(key, original)
    ctx.bucket.delete(f"reports/{W49}/edition-1/summary.docx")
    (difference,) = reconcile(ctx)["differences"]
    assert difference["found"] == "no such object in the bucket"


def test_every_number_of_the_mail_and_the_workbook_has_an_id_that_leads_to_its_cells(
    ctx: Context, tmp_path: Path
) -> None:
    """A later edition, with a correction, last year's week and a restated series."""
    answer(ctx, "2024-W48", workbook([since(15000)]))
    answer(ctx, W49, workbook([since(14000, "核减"), event("甲", 100)]))
    answer(ctx, W49, workbook([event("丁", 7)]), union_id="620300")
    publish_week(_at(ctx, MONDAY_EVENING), W49, send=False)
    answer(ctx, W49, typed("更正", since(14000, "核减"), event("甲", 90)), name="更正.csv")
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,name,role,union_id\nleader@x.example,领导,leader,\n", "utf-8")
    with serving(SmtpScript()) as script:
        settings = replace(ctx.settings, now=LATER, smtp_url=script.url, recipients=recipients)
        mailed = replace(ctx, settings=settings)
        assert publish_week(mailed, W49, send=True)["edition"] == 2
    (mail,) = [message_from_bytes(raw, policy=default) for raw in script.messages]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    for told in (plain.get_content(), html.get_content()):
        assert told.index("应报14家") < told.index("100人") < told.index("90人") < told.index("数据质量")
        assert told.index("无此项") < told.index("核减")
    (attached,) = mail.iter_attachments()
    book = load_workbook(BytesIO(attached.get_content()))
    ids = set(re.findall(r'title="(\d{4}-W\d{2}/[^"]+)"', html.get_content()))
    listed = {row[-1]: row for row in book["全部数据"].iter_rows(min_row=2, values_only=True)}
    assert f"{W49}/620000/all/people_served/event" in ids
    rest = [row[-1] for name in ("更正", "本周亮点") for row in book[name].iter_rows(min_row=2, values_only=True)]
    named = {each for told in rest for each in (told or "").split()}
    assert ids <= set(listed) | named
    activities = [each for each in ids if "/activity/" in each]
    assert activities
    assert all(trace(ctx, each)["cells"] for each in activities)
    assert set(listed) == {each["figure_id"] for each in roll_up_week(ctx, W49)["figures"]}
    for figure_id, row in listed.items():
        traced = trace(ctx, figure_id)
        assert float(traced["value"]) == row[7]
        assert sum(float(cell["value"]) for cell in traced["cells"]) == row[7]


def _at(ctx: Context, now: datetime) -> Context:
    return replace(ctx, settings=replace(ctx.settings, now=now))
