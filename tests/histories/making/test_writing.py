"""A drop of the model becomes a file that says the same."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from openpyxl import load_workbook
from tests.histories.making.saying import COUNTY, W49, day, said, sent
from tests.histories.making.writing import object_key, write_drop

DROP = sent(
    W49,
    said(30, exactness="over", end=day("12-05"), place="620402", place_detail="人民路"),
    said(20, kind="ytd", organiser=COUNTY, scope="inclusive", groups=("truck_drivers",)),
    type="更正",
)


def test_a_workbook_has_the_headers_of_the_template_and_only_filled_columns():
    book = load_workbook(BytesIO(write_drop(DROP)))
    assert [line[1] for line in book["报送信息"].values] == ["白银市总工会", "2024-W49", "更正"]
    header, *rows = (dict(enumerate(line)) for line in book["活动明细"].values)
    assert list(header.values()) == [
        "主办单位", "活动名称", "活动类别", "结束日期", "活动地点", "服务对象", "统计口径", "统计范围", "服务人数(人)",
    ]  # fmt: skip
    assert [row[8] for row in rows] == ["30余", "20"]
    assert rows[0][4] == "白银市白银区人民路"
    assert (rows[1][0], rows[1][6], rows[1][7]) == ("白银区总工会", "今年以来", "含下级")


def test_a_csv_says_week_and_type_in_columns():
    text = write_drop(replace(DROP, form="csv")).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("报告期,报送类型,主办单位,活动名称")
    assert text.splitlines()[1].startswith("2024-W49,更正,")


def test_the_same_drop_has_the_same_bytes_and_lies_below_its_union():
    assert write_drop(replace(DROP, name="另.xlsx")) is write_drop(DROP)
    assert object_key(replace(DROP, trial=True, path_week=W49)) == "intake/620400/2024-W49/试报/周报.xlsx"
