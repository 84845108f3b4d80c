from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from io import BytesIO

import pytest
from openpyxl import load_workbook
from tests.unit.reporting.rollup_documents import document, figure

from nuanliu.reporting.mail_message import compose_summary_mail
from nuanliu.reporting.summary import build_summary
from nuanliu.reporting.summary_files import render_summary_files
from nuanliu.reporting.templates import render

PUBLISHED = datetime(2024, 12, 9, 10, tzinfo=UTC)
TWO = document(
    figure("620000", "people_served", "1925", exactness="over", activities=2),
    figure("620000", "funds_total", "467000"),
    figure("620400", "people_served", "1425", previous="980", change_pct="45.4", comparable=True),
    figure("620300", "people_served", "500", exactness="over"),
)


def test_an_incomplete_week_says_so_first_and_names_who_is_missing() -> None:
    summary = build_summary(TWO)
    assert not summary.is_complete
    assert summary.banner.startswith("数据不完整:应报14家,已报2家,未报12家")
    assert "兰州市总工会" in summary.missing
    assert summary.title.endswith("不完整")


def test_a_complete_week_is_called_complete() -> None:
    coverage = {**TWO["coverage"], "reported": 14, "missing": []}
    summary = build_summary({**TWO, "coverage": coverage})
    assert summary.is_complete
    assert summary.banner.startswith("数据完整")


def test_the_headline_keeps_yu_and_turns_money_into_wan() -> None:
    assert "服务人数1925余人、投入资金46.70万元" in build_summary(TWO).headline


def test_a_change_is_shown_only_where_it_is_comparable() -> None:
    lines = {line.figure_id: line for line in build_summary(TWO).figures}
    assert lines["2024-W49/620400/all/people_served/event"].change == "+45.4%"
    other = lines["2024-W49/620300/all/people_served/event"]
    assert (other.change, other.why_not) == (None, "上周无此项")


def test_unequal_coverage_is_named_as_the_reason() -> None:
    (line,) = build_summary(document(figure("620000", "people_served", "5", previous="9"))).totals
    assert (line.change, line.why_not) == (None, "不可比:两周报送单位不同")


def test_a_week_before_of_zero_gives_a_dash_not_infinity() -> None:
    (line,) = build_summary(document(figure("620000", "people_served", "5", previous="0", comparable=True))).totals
    assert (line.change, line.why_not) == (None, "—")


def test_every_expected_union_has_a_row_and_a_state() -> None:
    rows = {row.union_id: row for row in build_summary(TWO).by_union}
    assert len(rows) == 14
    assert (rows["620400"].state, rows["620300"].state, rows["620100"].state) == ("已报", "迟报", "未报")
    assert rows["620100"].cells[0] is None


def test_a_total_is_never_added_up_here() -> None:
    shown = [line.value for line in build_summary(TWO).totals]
    assert shown == ["1925", "467000"]


def test_a_figure_of_a_county_is_not_listed_again_at_its_prefecture() -> None:
    same = {"category": "hardship_aid", "period_kind": "ytd"}
    summary = build_summary(
        document(
            figure("620102", "funds_total", "467000", level="county", **same),
            figure("620100", "funds_total", "467000", **same),
            figure("620000", "funds_total", "467000", **same),
        )
    )
    assert [line.union for line in summary.to_date] == ["城关区总工会"]


def test_corrections_come_before_everything_else() -> None:
    revision = {
        "week": "2024-W48", "figure_id": "2024-W48/620400/health_check/people_served/event",
        "old": "1200", "new": "1020", "reason": "更正",
    }  # fmt: skip
    html = render("summary.html.j2", s=build_summary({**TWO, "revisions": [revision]}))
    assert html.index("1200") < html.index("1020") < html.index("数据不完整")


def test_names_with_markup_are_escaped() -> None:
    campaign = {
        "figure_id": "campaign/x/people_served/event", "campaign": "<script>alert(1)</script>", "measure": "people_served",
        "value": "1", "exactness": "exact", "unions": 1, "first_week": "2024-W49", "last_week": "2024-W49",
    }  # fmt: skip
    html = render("summary.html.j2", s=build_summary({**TWO, "campaigns": [campaign]}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_workbook_has_every_figure_with_its_id_and_its_number() -> None:
    files = render_summary_files(TWO, published_at=PUBLISHED)
    sheet = load_workbook(BytesIO(files["summary.xlsx"]))["全部数据"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[12]: row[7] for row in rows} == {f["figure_id"]: int(f["value"]) for f in TWO["figures"]}


def test_the_same_document_gives_the_same_page_and_data() -> None:
    first, second = (render_summary_files(TWO, published_at=PUBLISHED) for _ in range(2))
    assert first["summary.html"] == second["summary.html"]
    assert first["summary.json"] == second["summary.json"]


@pytest.mark.parametrize("name", ["summary.html", "summary.xlsx", "summary.docx", "summary.json"])
def test_an_edition_has_all_four_files(name: str) -> None:
    assert render_summary_files(TWO, published_at=PUBLISHED)[name]


def test_the_mail_has_plain_html_and_a_workbook_with_a_chinese_name() -> None:
    files = render_summary_files(TWO, published_at=PUBLISHED)
    mail = compose_summary_mail(
        TWO, files=files, sender="a@x.example", recipient="b@x.example", message_id="<1@x.example>", date=PUBLISHED
    )
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert read["Subject"].startswith("全省工会服务职工周报 2024年第49周")
    assert read["Message-ID"] == "<1@x.example>"
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "1925余" in plain.get_content()
    assert "1925余" in html.get_content()
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == "全省工会服务职工周报2024-W49.xlsx"
    assert attached.get_content() == files["summary.xlsx"]
    assert all(len(line) <= 998 for line in mail.as_bytes().split(b"\r\n"))
