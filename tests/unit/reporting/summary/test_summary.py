from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape
from io import BytesIO
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from tests.unit.reporting.rollup_documents import document, figure
from tests.unit.reporting.shown_cells import shown

from nuanliu.reporting.mail.mail_message import compose_summary_mail
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.bulletin.punctuation import official
from nuanliu.reporting.summary.files import render_summary_files
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


def test_corrections_stand_on_the_first_screen_and_wholly_further_down() -> None:
    revision = {
        "week": "2024-W48", "figure_id": "2024-W48/620400/health_check/people_served/event",
        "old": "1200", "new": "1020", "reason": "更正",
    }  # fmt: skip
    html = render("summary.html.j2", s=build_summary({**TWO, "revisions": [revision]}))
    assert (
        html.index("数据不完整")
        < html.index("1200")
        < html.index("1020")
        < html.index("要处理")
        < html.index("本周合计")
    )
    assert html.count("1020") == 2


def revised(tail: str, old: str | None, new: str | None, reason: str = "更正") -> dict[str, Any]:
    return {"week": "2024-W48", "figure_id": f"2024-W48/{tail}", "old": old, "new": new, "reason": reason}


CORRECTED = [
    revised("620000/all/funds_total/event", "467000", "500000"),
    revised("620000/all/people_served/event", "2682", "2477"),
    revised("620000/all/people_served/event/place", "2682", "2477"),
    revised("620000/health_check/people_served/event", "1425", "1220"),
    revised("620400/all/funds_total/event", "467000", "500000"),
    revised("620400/all/people_served/event", "1425", "1020"),
    revised("620400/health_check/funds_total/event", "467000", "500000"),
    revised("620400/health_check/people_served/event", "1425", "1020"),
    revised("620100/hardship_aid/people_served/ytd", None, "200", "补报"),
    revised("620102/hardship_aid/people_served/ytd", None, "200", "补报"),
]
OVER = {"revision_marks": {"2024-W48/620000/all/people_served/event": ["over", "over"]}}


def test_a_correction_is_told_by_figure_old_new_union_and_reason_at_the_head_of_every_file() -> None:
    told = {**TWO, "revisions": CORRECTED}
    summary = build_summary(told, OVER)
    files = render_summary_files(told, published_at=PUBLISHED, notes=OVER)
    book = load_workbook(BytesIO(files["summary.xlsx"]))
    assert any(str(cell.value).endswith("2477余人(更正)") for row in book["封面"].iter_rows() for cell in row)
    rows = list(book["更正"].iter_rows(min_row=2, values_only=True))
    assert [row[6] for row in rows] == [revision["figure_id"] for revision in CORRECTED]
    assert rows[5] == (
        "2024-W48", "白银市总工会", "合计·服务人数", "1425人", "1020人", "更正", "2024-W48/620400/all/people_served/event",
    )  # fmt: skip
    word = docx.Document(BytesIO(files["summary.docx"]))
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == ["一、更正", "二、总体情况", "三、主要进展", "四、存在问题", "五、下一步"]
    table = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    plain = render("summary.txt.j2", s=summary)
    for line in summary.main_revisions:
        assert [line.week, line.union, official(line.what), line.old, line.new, line.reason] in table
        assert f"{line.week} {line.union} {line.what}:{line.old} → {line.new}({line.reason})" in plain
    assert plain.index("→") < plain.index("要处理") < plain.index("本周合计")


def test_a_reader_sees_the_provinces_totals_and_where_each_figure_changed_and_no_sum_of_it_again() -> None:
    lines = build_summary({**TWO, "revisions": CORRECTED}, OVER).main_revisions
    assert [(line.union, line.what, line.old, line.new) for line in lines] == [
        ("全省", "合计·投入资金", "46.70万元", "50.00万元"),
        ("全省", "合计·服务人数", "2682余人", "2477余人"),
        ("白银市总工会", "健康体检·投入资金", "46.70万元", "50.00万元"),
        ("白银市总工会", "健康体检·服务人数", "1425人", "1020人"),
        ("城关区总工会", "困难帮扶·服务人数(今年以来)", "—", "200人"),
    ]


def test_a_total_that_changed_alone_is_told() -> None:
    """Two categories changed places; or the place figure is all there is."""
    lines = build_summary(
        {**TWO, "revisions": [revised("620400/all/people_served/event", "5余", "约5")]}
    ).main_revisions
    assert [(line.old, line.new) for line in lines] == [("5余人", "约5人")]


def test_an_inclusive_figure_below_the_sum_of_the_own_ones_is_marked() -> None:
    same = {"category": "meals", "period_kind": "ytd"}
    own = figure("622900", "meal_vouchers", "15000", **same)

    def beside(value: str, exactness: str = "exact") -> tuple[str | None, bool]:
        inclusive = figure("622900", "meal_vouchers", value, scope="inclusive", exactness=exactness, **same)
        inclusive["figure_id"] += "/inclusive"
        summary = build_summary(document(own, inclusive))
        (line,) = summary.inclusive
        assert ("不符:" in render("summary.html.j2", s=summary)) is line.is_below
        return line.own_sum, line.is_below

    assert beside("14999") == ("15000", True)
    assert beside("15000") == ("15000", False)
    assert beside("14000", "over") == ("15000", False)  # 14000余 may be more
    assert beside("14000", "under") == ("15000", True)


def test_a_zero_report_is_called_so_and_its_lateness_too() -> None:
    summary = build_summary(TWO, {"zero_reports": ["620400", "620300"]})
    states = {row.union_id: row.state for row in summary.by_union}
    assert (states["620400"], states["620300"], states["620100"]) == ("零报告", "零报告(迟)", "未报")


def test_a_cumulative_figure_that_fell_is_told_with_both_values_and_the_explanation_once() -> None:
    fell = {
        "figure_id": "2024-W49/622900/meals/meal_vouchers/ytd", "union_id": "622900", "activity": "爱心餐",
        "measure": "meal_vouchers", "old": "15000", "old_exactness": "over", "new": "14000", "new_exactness": "exact",
        "explanation": "核减重复登记",
    }  # fmt: skip
    said = {
        "union_id": "622900",
        "activity": "爱心餐",
        "column": "餐券(份)",
        "value": "14000",
        "explanation": "核减重复登记",
    }
    notes = {
        "restatements": [fell],
        "explanations": [{**said, "rule": "time.series.fell"}, {**said, "rule": "row.measure.over_limit"}],
    }
    summary = build_summary(TWO, notes)
    (line,) = summary.restatements
    assert (line.union, line.old, line.new, line.explanation) == (
        "临夏回族自治州总工会",
        "15000余",
        "14000",
        "核减重复登记",
    )
    assert len(summary.explanations) == 1
    files = render_summary_files(TWO, published_at=PUBLISHED, notes=notes)
    assert "核减重复登记" in files["summary.html"].decode()
    row = list(load_workbook(BytesIO(files["summary.xlsx"]))["累计数调低"].iter_rows())[1]
    assert tuple(map(shown, row)) == (
        "临夏回族自治州总工会", "爱心餐", "餐券", "15000余", "14000", "份", "核减重复登记",
        "2024-W49/622900/meals/meal_vouchers/ytd",
    )  # fmt: skip


def test_every_number_of_the_table_by_union_leads_to_its_row_with_the_id() -> None:
    book = load_workbook(BytesIO(render_summary_files(TWO, published_at=PUBLISHED)["summary.xlsx"]))
    linked = {
        shown(cell): book["全部数据"][cell.hyperlink.location.rpartition("!")[2]].row
        for row in book["分市州"].iter_rows(min_row=2, max_row=15, min_col=3)
        for cell in row
        if cell.value != "—"
    }
    assert {text: ids_by_row(book)[row] for text, row in linked.items()} == {
        "1425": "2024-W49/620400/all/people_served/event", "500余": "2024-W49/620300/all/people_served/event",
    }  # fmt: skip


def ids_by_row(book: Any) -> dict[int, str]:
    column = [cell.value for cell in book["全部数据"][1]].index("图号")
    return {row[column].row: row[column].value for row in book["全部数据"].iter_rows(min_row=2)}


SMALL = document(
    figure("620000", "funds_total", "40", previous="467000", comparable=True),
    figure("620000", "funds_condolence", "50"),
    figure("620400", "funds_total", "40"),
    figure("620400", "funds_condolence", "50"),
    figure("620300", "funds_total", "30", category="meals", period_kind="ytd"),
    figure("620400", "funds_total", "467000", category="meals", period_kind="ytd"),
    campaigns=[
        {"figure_id": "campaign/x/funds_total/event", "campaign": "冬送温暖", "measure": "funds_total", "value": "20",
         "exactness": "exact", "unions": 1, "first_week": "2024-W49", "last_week": "2024-W49"},
    ],
    revisions=[
        {"week": "2024-W48", "figure_id": "2024-W48/620400/meals/funds_total/event", "old": "467000", "new": "10余",
         "reason": "更正"},
    ],
)  # fmt: skip
LITTLE = {
    "restatements": [
        {"figure_id": "2024-W49/620400/meals/funds_total/ytd", "union_id": "620400", "activity": "爱心餐",
         "measure": "funds_total", "old": "467000", "old_exactness": "exact", "new": "25", "new_exactness": "exact",
         "explanation": "多报"},
    ],
}  # fmt: skip


def test_money_below_fifty_yuan_has_one_unit_in_page_text_document_and_workbook() -> None:
    files = render_summary_files(SMALL, published_at=PUBLISHED, notes=LITTLE)
    book = load_workbook(BytesIO(files["summary.xlsx"]))
    word = docx.Document(BytesIO(files["summary.docx"]))
    written = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    plain = render("summary.txt.j2", s=build_summary(SMALL, LITTLE))
    page = files["summary.html"].decode()
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", page)
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", page)))

    assert "全省投入资金40元、慰问金0.01万元。" in words
    for told in (
        "投入资金 1项活动40元", "慰问金 1项活动0.01万元", "白银市 已报投入资金40元 慰问金0.01万元", "46.70万元 → 25 元",
        "46.70万元 → 10余元",
    ):  # fmt: skip
        assert told in words, told
    for rest in (
        ["投入资金", "40", "元"],
        ["慰问金", "0.01", "万元"],
        ["已报", "40元", "0.01"],
        ["46.70万元", "25", "元"],
    ):
        assert any(line[at : at + 3] == rest for line in written for at in range(len(line))), rest
    assert "20元" in cells
    assert "投入资金:40 元(1 项活动" in plain
    assert "白银市[已报] 投入资金 40元; 慰问金 0.01万元;" in plain
    assert "46.70万元 → 25 元" in plain
    assert "46.70万元 → 10余元(更正)" in plain
    assert "冬送温暖 投入资金:20 元" in plain

    by_union = {row[0].value: tuple(map(shown, row)) for row in book["分市州"].iter_rows()}
    assert by_union["单位"][2:] == ("投入资金(万元)", "慰问金(万元)")
    assert by_union["白银市"][2:] == ("0.004", "0.01")  # a number in the column's unit, for sums
    figures = {row[-1]: row[5:7] for row in book["全部数据"].iter_rows(values_only=True)}
    assert figures["2024-W49/620400/all/funds_total/event"] == ("40", "元")
    assert figures["2024-W49/620400/all/funds_condolence/event"] == ("0.01", "万元")
    assert tuple(map(shown, book["专项"][2][2:4])) == ("20", "元")
    assert tuple(map(shown, book["累计数调低"][2][3:6])) == ("46.70万元", "25", "元")


def test_a_figure_of_another_week_says_its_unit_when_its_line_says_another() -> None:
    (funds, _) = build_summary(SMALL).totals
    assert (funds.shown, funds.unit, funds.previous) == ("40", "元", "46.70万元")


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
    assert {row[-1]: row[7] for row in rows} == {f["figure_id"]: int(f["value"]) for f in TWO["figures"]}


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
    assert read["Subject"] == "2024年第49周:服务人数1925余人,已报2/14家(不完整) 全省工会服务职工周报"
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
