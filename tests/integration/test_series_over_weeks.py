"""Cumulative figures over weeks, New Year, names and unions, as the guides tell it: what a receipt says to write works (issue 9)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.weekly_workbook import HEADER, answer, found, workbook
from tests.reference_lists import HISTORY, use_lists

from nuanliu.errors import UndatedUnionChange
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.operations.weeks.inquiries import status
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.settings import INCLUDE_DIR
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

NUMBERED = (*HEADER, "活动编号")
SINCE = "620400/all/people_served/cumulative_since/since=2022-01-01"
YTD = "620400/all/people_served/ytd"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def since(people: int, why: str | None = None, number: str | None = None, name: str = "职工帮扶") -> tuple[Any, ...]:
    return (name, "困难帮扶", None, None, "累计", "2022-01-01", people, None, why, number)


def ytd(people: int, until: str | None = None, start: str | None = None, why: str | None = None) -> tuple[Any, ...]:
    return ("职工帮扶", "困难帮扶", None, until, "今年以来", start, people, None, why)


def value(ctx: Context, week: str, figure: str) -> str | None:
    listed = {entry["figure_id"]: entry["value"] for entry in roll_up_week(ctx, week)["figures"]}
    return listed.get(f"{week}/{figure}")


def arrives(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00+08:00")


@pytest.mark.parametrize(
    ("former", "new"),
    [
        ({}, {"number": "A-2"}),
        ({"number": "A-1"}, {"number": "A-2"}),
        ({"number": "A-1"}, {}),
        ({}, {"name": "困难职工帮扶"}),
    ],
    ids=["numbered", "renumbered", "no number any more", "renamed"],
)
def test_a_series_under_another_name_is_asked_about_and_what_the_receipt_says_makes_it_one(
    ctx: Context, former: dict[str, str], new: dict[str, str]
) -> None:
    assert answer(ctx, "2024-W48", workbook([since(300, **former)], NUMBERED))["rows"]["accepted"] == 1
    (asked,) = found(answer(ctx, "2024-W49", workbook([since(320, **new)], NUMBERED)), "time.series.renamed")
    assert asked["severity"] == "query"
    (words,) = re.findall(r"只写“(原:.+?)”", asked["fix"])
    taken = answer(ctx, "2024-W49", workbook([since(320, words, **new)], NUMBERED))
    assert taken["rows"]["accepted"] == 1
    assert (value(ctx, "2024-W48", SINCE), value(ctx, "2024-W49", SINCE)) == ("300", "320")
    following = answer(ctx, "2024-W50", workbook([since(330, **new)], NUMBERED))
    assert not found(following, "time.series.renamed")
    assert value(ctx, "2024-W50", SINCE) == "330"
    assert reconcile(ctx)["ok"]


def test_two_works_are_told_apart_by_an_explanation_that_leaders_read(ctx: Context) -> None:
    answer(ctx, "2024-W48", workbook([since(300)], NUMBERED))
    why = "困难职工帮扶是今年新开的,与职工帮扶无关"
    answer(ctx, "2024-W49", workbook([since(320, why, name="困难职工帮扶")], NUMBERED))
    assert value(ctx, "2024-W49", SINCE) == "620"
    edition = publish_week(ctx, "2024-W49", send=False)
    (page,) = [ctx.bucket.read(key).decode() for key in edition["files"] if key.endswith(".html")]
    assert why in page


def test_an_undated_figure_over_new_year_is_asked_about_and_either_answer_counts_where_it_belongs(ctx: Context) -> None:
    asked = answer(ctx, "2025-W01", workbook([ytd(35200)]), arrives=arrives("2025-01-06"))
    (query,) = found(asked, "row.ytd.which_year")
    old, _ = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", query["fix"])
    taken = answer(ctx, "2025-W01", workbook([ytd(35200, old)]), arrives=arrives("2025-01-06"))
    assert taken["rows"]["accepted"] == 1
    assert found(taken, "row.ytd.old_year")[0]["severity"] == "warning"
    assert value(ctx, "2024-W52", YTD) == "35200"
    assert value(ctx, "2025-W01", YTD) is None
    following = answer(ctx, "2025-W02", workbook([ytd(120)]), arrives=arrives("2025-01-13"))
    assert following["status"].startswith("accepted")
    assert value(ctx, "2025-W02", YTD) == "120"


def test_a_new_years_figure_is_answered_with_its_sunday(ctx: Context) -> None:
    (query,) = found(answer(ctx, "2025-W01", workbook([ytd(90)]), arrives=arrives("2025-01-06")), "row.ytd.which_year")
    new = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", query["fix"])[-1]
    assert answer(ctx, "2025-W01", workbook([ytd(90, new)]), arrives=arrives("2025-01-06"))["rows"]["accepted"] == 1
    assert value(ctx, "2025-W01", YTD) == "90"


@pytest.mark.parametrize("mended", [ytd(40), ytd(40, start="2024-01-01")], ids=["emptied", "new year"])
def test_another_start_beside_this_year_is_asked_about_and_no_explanation_helps(
    ctx: Context, mended: tuple[Any, ...]
) -> None:
    for why in (None, "确是从去年起"):
        asked = answer(ctx, "2024-W49", workbook([ytd(40, start="2023-01-01", why=why)]))
        assert found(asked, "row.since_date.not_new_year")[0]["severity"] == "query"
    assert answer(ctx, "2024-W49", workbook([mended]))["rows"]["accepted"] == 1


def test_a_late_larger_figure_is_asked_about_and_the_later_one_can_be_corrected_first(ctx: Context) -> None:
    later = answer(ctx, "2024-W49", workbook([since(120)], NUMBERED))
    late = arrives("2024-12-10")
    (query,) = found(answer(ctx, "2024-W48", workbook([since(280)], NUMBERED), arrives=late), "time.series.above_later")
    assert later["receipt_no"] in query["fix"]
    corrected = answer(ctx, "2024-W49", workbook([since(320)], NUMBERED, kind="更正"), arrives=late)
    assert corrected["rows"]["accepted"] == 1
    assert answer(ctx, "2024-W48", workbook([since(280)], NUMBERED), arrives=late)["rows"]["accepted"] == 1
    assert (value(ctx, "2024-W48", SINCE), value(ctx, "2024-W49", SINCE)) == ("280", "320")


def test_a_late_larger_figure_that_is_explained_is_printed_with_its_explanation(ctx: Context) -> None:
    answer(ctx, "2024-W49", workbook([since(120)], NUMBERED))
    why = "W49 起剔除重复登记"
    late = answer(ctx, "2024-W48", workbook([since(280, why)], NUMBERED), arrives=arrives("2024-12-10"))
    assert late["rows"]["accepted"] == 1
    roll_up_week(ctx, "2024-W48")
    edition = publish_week(ctx, "2024-W49", send=False)
    (page,) = [ctx.bucket.read(key).decode() for key in edition["files"] if key.endswith(".html")]
    assert why in page


UNIONS = (INCLUDE_DIR / "reference" / "unions.csv").read_text("utf-8")
DISTRICT = next(line for line in UNIONS.splitlines() if line.startswith("620402,"))
CITY = next(line for line in UNIONS.splitlines() if line.startswith("620200,"))


def test_a_merged_union_is_said_in_one_line_and_its_sender_is_told_who_reports_now(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    answer(ctx, "2024-W48", workbook([since(300)], NUMBERED), union_id="620402")
    answer(ctx, "2024-W49", workbook([since(7)], NUMBERED), union_id="620300")
    of_district = SINCE.replace("620400", "620402")
    assert value(ctx, "2024-W49", of_district) == "300"
    use_lists(monkeypatch, request, tmp_path, union_history=f"{HISTORY}\n620402,,,,,,,2024-12-02,620403\n")
    initialise(ctx)
    assert (value(ctx, "2024-W48", of_district), value(ctx, "2024-W49", of_district)) == ("300", None)
    refused = answer(ctx, "2024-W49", workbook([since(310)], NUMBERED), union_id="620402")
    assert refused["status"] == "rejected"
    assert "intake/620403/" in found(refused, "org.sender.ended")[0]["fix"]
    late = arrives("2024-12-10")
    past = answer(ctx, "2024-W48", workbook([since(305)], NUMBERED, kind="更正"), union_id="620402", arrives=late)
    assert past["rows"]["accepted"] == 1
    assert (value(ctx, "2024-W48", of_district), value(ctx, "2024-W49", of_district)) == ("305", None)
    assert reconcile(ctx)["ok"]


@pytest.mark.parametrize(
    ("unions", "fill"),
    [
        (
            UNIONS.replace(DISTRICT, DISTRICT.replace("620400,", "620300,", 1)),
            {"<first day of the change>": "2024-12-02"},
        ),
        (
            UNIONS.replace(f"{DISTRICT}\n", ""),
            {"<first day without it>": "2024-12-02", "<id of its successor, or ->": "620403"},
        ),
        (
            UNIONS.replace(f"{CITY}\n", ""),
            {"<first day without it>": "2024-12-02", "<id of its successor, or ->": "620900"},
        ),
        (
            f"{UNIONS.rstrip()}\n62Q099,新产业工会,industry,620000,620000,yes,\n",
            {"<first day on which it is expected>": "2024-12-02"},
        ),
    ],
    ids=["moved", "taken away", "taken away though expected", "new and expected"],
)
def test_init_refuses_a_change_without_a_day_and_says_the_line_to_write_which_leaves_the_weeks_before_as_they_were(
    ctx: Context,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    unions: str,
    fill: dict[str, str],
) -> None:
    use_lists(monkeypatch, request, tmp_path, unions=unions, union_history=f"{HISTORY}\n")
    with pytest.raises(UndatedUnionChange) as raised:
        initialise(ctx)
    (way,) = raised.value.ways
    assert "unions.csv" in way
    line = way.rpartition("the line ")[2]
    for gap, says in fill.items():
        assert gap in line
        line = line.replace(gap, says)
    if back := re.search(r"put back the line ([^;]+);", way):
        unions = f"{unions.rstrip()}\n{back[1]}\n"
    use_lists(monkeypatch, request, tmp_path, unions=unions, union_history=f"{HISTORY}\n{line}\n")
    initialise(ctx)
    initialise(ctx)
    assert status(ctx, "2024-W48")["coverage"]["expected"] == 14
