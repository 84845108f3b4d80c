"""本周亮点 out of the warehouse: what is chosen, that it leads to its cells, and that nothing personal comes with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity
from tests.sql.reported import changing, document, punctual, report, roll_up, week
from tests.sql.seed_week import load_seed

from nuanliu.domain.figure_id import ActivityNumberId, FigureId
from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import UnknownFigure
from nuanliu.reporting.summary.highlight_lines import highlight_lines
from nuanliu.warehouse.highlights.activity_tracing import trace_activity
from nuanliu.warehouse.marts.editions import propose_edition, save_edition
from nuanliu.warehouse.marts.figures import week_document

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

W48, W49, W50 = "2024-W48", "2024-W49", "2024-W50"
PUBLISHED = datetime(2024, 12, 9, 10, tzinfo=UTC)


def served(value: Any, name: str = "健康义诊", **says: Any) -> dict[str, Any]:
    return activity(name, "free_clinic", {"people_served": value}, **says)


def told(connection: Connection, of_week: str = W49) -> list[tuple[str, str, str | None]]:
    entries = document(connection, of_week)["highlights"]["activities"]
    return [(entry["rule"], entry["union_id"], entry["name"]) for entry in entries]


def test_the_seed_week_tells_its_activities_and_each_number_leads_to_its_cell(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        listed = week_document(connection, week(W49))
        lines = highlight_lines(listed)
        numbers = [number for entry in listed["highlights"]["activities"] for number in entry["numbers"]]
        traced = [trace_activity(connection, ActivityNumberId.parse(number["trace_id"])) for number in numbers]
    sentences = [line.sentence for line in lines]
    assert sentences == [
        "白银市总工会开展“免费体检”活动(“关爱新业态·互助健康行”专项),服务1425人,体检项目24项。",
        "金昌市总工会开展“暖冬送岗”活动,服务500余人,参与企业37家,提供岗位1200余个,达成意向216人。",
        "城关区总工会开展“回访”活动,服务57人。",
        "12月5日,古浪县总工会开展“志愿服务”活动,发放帽子50件、手套150件。",
    ]
    assert [(t["value"], t["exactness"]) for t in traced] == [(n["value"], n["exactness"]) for n in numbers]
    assert all(len(trace["cells"]) == 1 for trace in traced)
    assert not any("2022" in sentence or "今年" in sentence for sentence in sentences), (
        "cumulative rows are no activities"
    )


def test_a_week_without_events_tells_none(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [served(9, period_kind="ytd"), served(9, "甲", scope="inclusive")])
        report(connection, "620300", W49, submission_type=SubmissionType.ZERO)
        listed = document(connection, W49)
    assert listed["highlights"] == {"activities": [], "last_told": {}}


def test_an_activity_for_one_or_two_people_is_not_told(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [served(2, "大病救助"), served(3, "走访")])
        assert [name for *_, name in told(connection)] == ["走访"]


def test_what_may_name_a_person_does_not_leave_the_warehouse(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [
            served(9, "慰问劳模王建国", co_organizers="李秀英;县人社局", campaign_id="帮扶张伟强行动", item_name="赵丽",
                   place_detail="和平路12号王伟家"),
        ])  # fmt: skip
        listed = document(connection, W49)
        (entry,) = listed["highlights"]["activities"]
        (line,) = highlight_lines(listed)
    assert (entry["name"], entry["partners"], entry["is_list_open"]) == (None, ["县人社局"], True)
    text = json.dumps(listed["highlights"], ensure_ascii=False) + line.sentence
    assert not any(part in text for part in ("王", "李秀", "张伟", "赵丽", "12号"))
    assert line.sentence == "白银市总工会联合县人社局等开展健康义诊活动,服务9人。"


def test_a_campaign_is_told_in_its_first_week_only(warehouse: Engine) -> None:
    campaign = {"campaign_id": "warm-winter-jobs"}
    with changing(warehouse) as connection:
        report(connection, "620100", "2024-W47", [served(5000)])
        report(connection, "620400", W48, [served(10, "招聘", **campaign), served(900)])
        report(connection, "620400", W49, [served(10, "招聘", **campaign), served(900)])
        roll_up(connection, "2024-W47")
        assert ("first_of_campaign", "620400", "招聘") in told(connection, W48)
        assert "first_of_campaign" not in {rule for rule, *_ in told(connection, W49)}


def test_in_the_first_week_of_all_nothing_is_called_new(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(
            connection, "620400", W49, [served(10, campaign_id="warm-winter-jobs", beneficiary_groups="model_workers")]
        )
        assert {rule for rule, *_ in told(connection)} == {"largest_people"}


def test_a_group_that_was_served_in_none_of_the_weeks_before_is_unusual(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for back in range(5, 0, -1):
            report(connection, "620100", str(week(W49).shift(-back)), [served(500, beneficiary_groups="couriers")])
        report(connection, "620400", W49, [
            served(900, beneficiary_groups="couriers"), served(5, "座谈", beneficiary_groups="model_workers;couriers"),
        ])  # fmt: skip
        assert ("unusual_group", "620400", "座谈") in told(connection)
        roll_up(connection, W48)


def test_whose_turn_it_is_goes_by_what_earlier_editions_told(warehouse: Engine) -> None:
    """Nothing was told of a week that was not published."""
    with changing(warehouse) as connection:
        for of_week in (W48, W49, W50):
            for number, union_id in enumerate(("620100", "620200", "620300", "620400")):
                report(connection, union_id, of_week, [served(100 - number, f"义诊{of_week}")])
        first = document(connection, W48)
        assert [(rule, union) for rule, union, _ in told(connection, W48)] == [
            ("largest_people", "620100"), ("prefecture_in_turn", "620200"), ("prefecture_in_turn", "620300"),
        ]  # fmt: skip
        unpublished = told(connection, W49)
        save_edition(connection, first, files={}, published_at=PUBLISHED)
        assert [union for rule, union, _ in told(connection, W49) if rule == "prefecture_in_turn"] == [
            "620400",
            "620200",
        ]
        assert [union for rule, union, _ in unpublished if rule == "prefecture_in_turn"] == ["620200", "620300"]
        save_edition(connection, document(connection, W49), files={}, published_at=PUBLISHED)
        last = document(connection, W50)["highlights"]["last_told"]
        again = told(connection, W48)
    assert last == {"620100": W50, "620200": W50, "620300": W50, "620400": W49}
    assert [union for _, union, _ in again] == ["620100", "620200", "620300"], "later editions turn nothing back"


def test_another_choice_makes_no_new_edition_and_an_old_one_without_any_stays(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [served(100)])
        listed = document(connection, W49)
        old = {key: value for key, value in listed.items() if key != "highlights"}
        save_edition(connection, old, files={}, published_at=PUBLISHED)  # type: ignore[arg-type]
        assert propose_edition(connection, document(connection, W49)) is None  # type: ignore[arg-type]


def test_an_id_follows_a_correction_and_ends_with_its_activity(warehouse: Engine) -> None:
    dated = {"start_on": date(2024, 12, 3), "end_on": date(2024, 12, 3)}
    correction = {"submission_type": SubmissionType.CORRECTION, "received_at": PUBLISHED}
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [served(100, **dated)], received_at=punctual(week(W49)))
        (entry,) = document(connection, W49)["highlights"]["activities"]
        number_id = ActivityNumberId.parse(entry["numbers"][0]["trace_id"])
        report(connection, "620400", W49, [served((90, "over"), **dated)], **correction)
        traced = trace_activity(connection, number_id)
        assert (traced["value"], traced["exactness"]) == ("90", "over")
        report(connection, "620400", W49, [served(90, "另一次", **dated)], **correction)
        with pytest.raises(UnknownFigure):
            trace_activity(connection, number_id)


def test_ids_of_activities_and_of_figures_are_told_apart() -> None:
    text = f"{W49}/activity/620400/0123456789abcdef/people_served"
    assert str(ActivityNumberId.parse(text)) == text
    for wrong in (
        f"{W49}/620400/all/people_served/event",
        f"{W49}/activity/620400/012/people_served",
        "x",
        text + "/y",
    ):
        with pytest.raises(UnknownFigure):
            ActivityNumberId.parse(wrong)
    assert FigureId.parse(f"{W49}/620400/all/people_served/event")
