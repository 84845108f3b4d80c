"""The figures of a real bulletin, one rule a test. Source: tests/fixtures/seed_bulletin.txt and seed_facts.csv."""

from __future__ import annotations

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.integration.played_week import WEEKS, PlayedWeek, context, play

from nuanliu.domain.exactness import Exactness, combine
from nuanliu.operations.weeks.inquiries import status, trace
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVINCE = "2024-W49/620000/all/people_served/event"
EXPECTED = {
    "2024-W46/620000/all/people_served/event": ("260", "over"),
    "2024-W48/620000/all/people_served/event": ("102", "exact"),
    "2024-W49/620000/all/people_served/event": ("2682", "over"),
    "2024-W46/620500/all/people_served/event": ("260", "over"),
    "2024-W48/621122/all/people_served/event": ("102", "exact"),
    "2024-W49/620000-own/all/people_served/event": ("700", "over"),
    "2024-W49/620400/all/people_served/event": ("1425", "exact"),
    "2024-W49/620300/all/people_served/event": ("500", "over"),
    "2024-W49/620102/all/people_served/event": ("57", "exact"),
    "2024-W49/620100/all/people_served/event": ("57", "exact"),
    "2024-W49/620300/all/job_seekers/event": ("500", "over"),
    "2024-W49/620300/all/firms/event": ("37", "exact"),
    "2024-W49/620300/all/job_posts/event": ("1200", "over"),
    "2024-W49/620300/all/hire_intents/event": ("216", "exact"),
    "2024-W49/620300/all/online_views/event": ("2000", "over"),
    "2024-W49/620000-own/all/goods_value/event": ("100000", "exact"),
    "2024-W49/620000-own/all/service_staff/event": ("30", "over"),
    "2024-W48/622900/meals/meal_vouchers/event": ("3000", "exact"),
    "2024-W49/622900/meals/meal_vouchers/cumulative_since/since=2024-11-07/inclusive": ("15000", "exact"),
    "2024-W49/622900/meals/sessions/cumulative_since/since=2024-11-07/inclusive": ("9", "exact"),
    "2024-W49/620102/hardship_aid/funds_total/ytd": ("467000", "exact"),
    "2024-W49/620500/mutual_aid/insured_people/ytd": ("350", "exact"),
    "2024-W49/620500/mutual_aid/insurance_value/ytd": ("9000", "over"),
    "2024-W48/621100/all/people_served/event": ("102", "exact"),
    "2024-W49/621122/all/people_served/event/place": ("700", "over"),
    "2024-W48/621122/all/people_served/event/place": ("102", "exact"),
    "2024-W49/620622/all/goods_items/event": ("200", "exact"),
    "2024-W49/620300/employment/sessions/cumulative_since/since=2022-01-01/inclusive": ("45", "exact"),
    "2024-W49/620300/employment/job_posts/cumulative_since/since=2022-01-01/inclusive": ("8000", "over"),
    "2024-W49/620300/employment/leaflets/cumulative_since/since=2022-01-01/inclusive": ("60000", "over"),
    "2024-W49/620300/employment/hire_intents/cumulative_since/since=2022-01-01/inclusive": ("2600", "over"),
    "2024-W49/620300/employment/hired/cumulative_since/since=2022-01-01/inclusive": ("1800", "over"),
    "2024-W49/620300/skills/trainees/cumulative_since/since=2022-01-01/inclusive": ("1500", "exact"),
    "2024-W49/campaign/care-new-employment-health/people_served/event": ("1685", "over"),
}


@pytest.fixture(scope="module")
def week(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedWeek]:
    dsn = request.getfixturevalue("module_warehouse_dsn")
    home = tmp_path_factory.mktemp("oracle")
    engine = open_engine(dsn)
    yield play(context(home, open_bucket(f"file://{home}/bucket"), engine))
    engine.dispose()


@pytest.mark.parametrize(("figure_id", "said"), EXPECTED.items(), ids=EXPECTED)
def test_the_bulletins_figure_comes_out(week: PlayedWeek, figure_id: str, said: tuple[str, str]) -> None:
    assert week.said(figure_id) == said


def test_the_province_served_3044_and_more_never_a_bare_3044(week: PlayedWeek) -> None:
    weekly = [week.said(f"{name}/620000/all/people_served/event") for name in WEEKS]
    assert sum(Decimal(value) for value, _ in weekly) == 3044
    assert combine(Exactness(kind) for _, kind in weekly) == Exactness.OVER


@pytest.mark.parametrize("forbidden", ["18000", "934000", "3044"])
def test_a_doubled_sum_stands_nowhere(week: PlayedWeek, forbidden: str) -> None:
    texts = [json.dumps(week.documents), json.dumps(week.receipts)]
    assert all(f'"{forbidden}"' not in text for text in texts)


def test_the_campaign_has_two_unions_from_w46_to_w49(week: PlayedWeek) -> None:
    campaign = week.figures["2024-W49/campaign/care-new-employment-health/people_served/event"]
    assert (campaign["unions"], campaign["first_week"], campaign["last_week"]) == (2, "2024-W46", "2024-W49")
    assert campaign["campaign"] == "关爱新业态·互助健康行"


def test_what_a_county_organised_counts_for_its_prefecture_and_not_where_the_province_held_it(week: PlayedWeek) -> None:
    assert "2024-W49/621100/all/people_served/event" not in week.figures
    assert week.said("2024-W49/621100/all/people_served/event/place") == ("700", "over")


def test_trainings_and_contests_are_two_series_of_120_and_25(week: PlayedWeek) -> None:
    figure_id = "2024-W49/620300/skills/sessions/cumulative_since/since=2022-01-01/inclusive"
    cells = trace(week.ctx, figure_id)["cells"]
    assert sorted(cell["value"] for cell in cells) == ["120", "25"]


def test_inclusive_figures_stand_at_the_reporting_union_alone(week: PlayedWeek) -> None:
    inclusive = [figure for figure_id, figure in week.figures.items() if figure_id.endswith("/inclusive")]
    assert {figure["union_id"] for figure in inclusive} == {"620300", "622900"}


def test_gloves_and_hats_are_two_rows(week: PlayedWeek) -> None:
    cells = trace(week.ctx, "2024-W49/620622/all/goods_items/event")["cells"]
    assert sorted((cell["raw_text"], cell["value"]) for cell in cells) == [("150", "150"), ("50", "50")]


def test_coverage_names_the_ten_that_are_missing(week: PlayedWeek) -> None:
    coverage = week.documents["2024-W49"]["coverage"]
    assert (coverage["expected"], coverage["reported"], coverage["confirmed_zero"]) == (14, 4, 0)
    assert coverage["missing"] == [
        "620100", "620200", "620600", "620700", "620800", "620900", "621000", "621100", "621200", "623000",
    ]  # fmt: skip
    states = {union["union_id"]: union["state"] for union in status(week.ctx, "2024-W49")["unions"]}
    assert {union for union, state in states.items() if state == "reported"} == {
        "620000-own", "620102", "620300", "620400", "620500", "620622", "621122", "622900",
    }  # fmt: skip


def test_every_drop_is_answered_once_and_its_rows_add_up(week: PlayedWeek) -> None:
    assert len(week.receipts) == 8
    assert len({receipt["receipt_no"] for receipt in week.receipts}) == 8
    for receipt in week.receipts:
        rows = receipt["rows"]
        assert rows["received"] == rows["accepted"] + rows["returned"] + rows["held"] + rows["ignored"]


def test_the_one_row_that_is_wrong_comes_back_with_its_cell_and_the_rest_is_accepted(week: PlayedWeek) -> None:
    by_status = Counter(receipt["status"] for receipt in week.receipts)
    assert by_status["partially_accepted"] == 1
    assert by_status["held"] == by_status["rejected"] == 0
    jinchang = next(receipt for receipt in week.receipts if receipt["union_id"] == "620300")
    assert jinchang["rows"] == {"received": 8, "accepted": 4, "returned": 1, "held": 0, "ignored": 3}
    (error,) = [finding for finding in jinchang["findings"] if finding["severity"] == "error"]
    assert (error["rule"], error["cell"], error["expected"]) == (
        "row.end_date.after_period", "D9", "不晚于 2024-12-08",
    )  # fmt: skip


def test_facts_without_a_code_stay_text(week: PlayedWeek) -> None:
    with week.ctx.engine.connect() as connection:
        remarks = (
            connection.exec_driver_sql("select remarks from fact_activity where remarks is not null").scalars().all()
        )
    assert any("13天" in text and "7大类" in text for text in remarks)
    assert any("5家医院" in text for text in remarks)


def test_every_coded_fact_of_the_bulletin_is_in_the_warehouse(week: PlayedWeek) -> None:
    """Each seed fact with a number is found as a cell's value, but for those that the seed marks as descriptive."""
    uncoded = {"参与医院数", "覆盖帮扶村数", "活动天数", "体检项目大类数", "帮扶资金合计"}
    facts = csv.DictReader(Path("tests/fixtures/seed_facts.csv").read_text("utf-8").splitlines())
    wanted = Counter(
        (Decimal(fact["value"]), fact["exactness"])
        for fact in facts
        if fact["value"] and fact["measure"] not in uncoded
    )
    # 金昌's 500余 stands both as people served and as job seekers.
    wanted[(Decimal(500), "over")] += 1
    with week.ctx.engine.connect() as connection:
        rows = connection.exec_driver_sql("select value, exactness from fact_measure").all()
    kinds = ("exact", "over", "under", "approx")
    assert Counter((value.normalize(), kinds[code]) for value, code in rows) == Counter(
        {(value.normalize(), kind): number for (value, kind), number in wanted.items()}
    )


def test_every_figure_leads_back_to_cells_that_add_up_to_it(week: PlayedWeek) -> None:
    for figure_id, figure in week.figures.items():
        traced = trace(week.ctx, figure_id)
        assert sum(Decimal(cell["value"]) for cell in traced["cells"]) == Decimal(figure["value"]), figure_id
        assert combine(Exactness(cell["exactness"]) for cell in traced["cells"]) == figure["exactness"], figure_id


def test_the_change_to_the_week_before_is_told_and_leads_to_its_cells(week: PlayedWeek) -> None:
    """陇西县's 102 people of week 48 stand in its file of week 49: nobody reported in both weeks."""
    comparison = week.figures[PROVINCE]["comparisons"]["week_before"]
    assert (comparison["previous"], comparison["shown"], comparison["matched"]["unions"]) == ("102", "none", 0)
    (joined,) = [term for term in comparison["bridge"] if term["value"] != "0"]
    traced = trace(week.ctx, f"{PROVINCE}/vs/2024-W48/{joined['term']}")
    assert (traced["value"], traced["exactness"]) == (joined["value"], joined["exactness"]) == ("2580", "over")
    assert sorted(int(cell["value"]) for cell in traced["cells"]) == [-102, 57, 500, 700, 1425]


def test_the_records_agree(week: PlayedWeek) -> None:
    assert reconcile(week.ctx)["differences"] == []


def test_every_drop_has_its_receipt_files_in_the_bucket(week: PlayedWeek) -> None:
    keys = {item.key for item in week.ctx.bucket.list("receipts/")}
    for receipt in week.receipts:
        stem = f"receipts/{receipt['union_id']}/{receipt['week']}/{receipt['receipt_no']}"
        assert {f"{stem}.json", f"{stem}.html", f"{stem}.xlsx"} <= keys
        assert json.loads(week.ctx.bucket.read(f"{stem}.json")) == receipt
    assert week.ctx.bucket.list("intake/") == []


def test_the_same_files_again_are_duplicates_and_change_no_figure(week: PlayedWeek) -> None:
    again = play(week.ctx)
    assert {receipt["status"] for receipt in again.receipts} == {"duplicate"}
    assert again.documents == week.documents
    assert reconcile(week.ctx)["differences"] == []


def test_publication_makes_one_edition_and_says_that_it_is_incomplete(week: PlayedWeek) -> None:
    first = publish_week(week.ctx, "2024-W49", send=False)
    assert (first["published"], first["edition"]) == (True, 1)
    html = week.ctx.bucket.read("reports/2024-W49/edition-1/summary.html").decode()
    assert "不完整" in html
    assert "2682余" in html
    assert "兰州市总工会" in html
    again = publish_week(week.ctx, "2024-W49", send=False)
    assert (again["published"], again["edition"]) == (False, 1)


def test_a_week_nobody_touched_has_no_figures(week: PlayedWeek) -> None:
    assert roll_up_week(week.ctx, "2024-W30")["figures"] == []
