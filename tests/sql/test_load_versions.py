"""Versions: what a new one replaces or adds to, and which weeks have to be rolled up again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from tests.builders import MONDAY_AFTER, activity, checked, load, submission, take

from nuanliu.domain.checked import FileStatus, LoadAction
from nuanliu.domain.submission import SubmissionType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from nuanliu.warehouse.submissions.loading import LoadedDrop

FACTS = """
    select s.union_id, s.week_id, s.version, a.activity_name, f.value from fact_measure f join fact_activity a
    using (week_start, activity_key) join dim_submission s on s.submission_key = f.submission_key
    where f.is_counting and a.is_counting order by s.union_id, s.week_id, s.version, a.activity_name
"""


def _rows(warehouse: Engine, statement: str) -> list[tuple[Any, ...]]:
    with warehouse.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def _report(warehouse: Engine, people: dict[str, int], *, union_id: str = "620400", **fields: Any) -> LoadedDrop:
    """Load a file whose activities served so many people."""
    says = fields.pop("says", {})
    rows = [activity(name, figures={"people_served": count}, **says) for name, count in people.items()]
    drop_fields = {name: fields.pop(name) for name in ("received_at", "waiting", "held", "status") if name in fields}
    return load(warehouse, checked(submission(union_id, activities=rows, **fields), **drop_fields))


def test_a_correction_replaces_every_fact_of_the_version_before(warehouse: Engine) -> None:
    _report(warehouse, {"甲": 1200, "乙": 5})
    second = _report(warehouse, {"甲": 1020}, submission_type=SubmissionType.CORRECTION)
    assert second.version == 2
    assert _rows(warehouse, FACTS) == [("620400", "2024-W49", 2, "甲", 1020)]


def test_the_replaced_version_stays_on_record_with_the_time_and_the_version_that_replaced_it(warehouse: Engine) -> None:
    _report(warehouse, {"甲": 1})
    later = MONDAY_AFTER + timedelta(hours=2)
    _report(warehouse, {"甲": 2}, received_at=later)
    versions = _rows(
        warehouse,
        "select a.version, a.superseded_at, b.version from dim_submission a left join dim_submission b "
        "on b.submission_key = a.superseded_by order by 1",
    )
    assert versions == [(1, later, 2), (2, None, None)]


def test_a_supplement_stands_beside_the_version_it_adds_to(warehouse: Engine) -> None:
    _report(warehouse, {"甲": 1})
    second = _report(warehouse, {"乙": 2}, submission_type=SubmissionType.SUPPLEMENT)
    assert second.version == 2
    assert _rows(warehouse, FACTS) == [("620400", "2024-W49", 1, "甲", 1), ("620400", "2024-W49", 2, "乙", 2)]


def test_a_correction_after_a_supplement_replaces_both(warehouse: Engine) -> None:
    _report(warehouse, {"甲": 1})
    _report(warehouse, {"乙": 2}, submission_type=SubmissionType.SUPPLEMENT)
    _report(warehouse, {"丙": 3}, submission_type=SubmissionType.CORRECTION)
    assert _rows(warehouse, FACTS) == [("620400", "2024-W49", 3, "丙", 3)]
    assert _rows(warehouse, "select count(*) from dim_submission where superseded_at is null") == [(1,)]


def test_a_held_correction_leaves_the_current_version_byte_for_byte(warehouse: Engine) -> None:
    _report(warehouse, {"甲": 1})
    facts = "select f.*, f.xmin::text from stored_measure f"
    before = _rows(warehouse, facts)
    held = _report(warehouse, {"甲": 2}, submission_type=SubmissionType.CORRECTION, status=FileStatus.HELD)
    assert held.version is None
    assert _rows(warehouse, facts) == before


def test_other_unions_and_other_weeks_are_left_alone(warehouse: Engine) -> None:
    _report(warehouse, {"甲": 1}, union_id="620300")
    _report(warehouse, {"甲": 2}, week="2024-W48")
    _report(warehouse, {"甲": 3})
    _report(warehouse, {"甲": 4})
    assert _rows(warehouse, FACTS) == [
        ("620300", "2024-W49", 1, "甲", 1),
        ("620400", "2024-W48", 1, "甲", 2),
        ("620400", "2024-W49", 2, "甲", 4),
    ]


def test_bridges_go_with_the_version_they_belong_to(warehouse: Engine) -> None:
    _report(warehouse, {"甲": 1}, says={"beneficiary_groups": "couriers", "co_organizers": "某医院"})
    _report(warehouse, {"甲": 1})
    assert _rows(warehouse, "select 1 from bridge_activity_group union all select 1 from bridge_activity_partner") == []


def test_weeks_of_the_replaced_version_are_rolled_up_again_too(warehouse: Engine) -> None:
    first = _report(warehouse, {"甲": 1}, says={"start_on": date(2024, 11, 12)})
    assert first.weeks == ("2024-W46", "2024-W49")
    second = _report(warehouse, {"甲": 1}, says={"start_on": date(2024, 11, 20)})
    assert second.weeks == ("2024-W46", "2024-W47", "2024-W49")
    assert _rows(warehouse, "select touched_weeks from receipt order by object_id") == [
        (list(first.weeks),),
        (list(second.weeks),),
    ]


def test_a_held_file_touches_the_coverage_of_its_week(warehouse: Engine) -> None:
    assert _report(warehouse, {"甲": 1}, status=FileStatus.HELD).weeks == ("2024-W49",)


def test_duplicates_unchanged_files_and_trials_touch_no_week(warehouse: Engine) -> None:
    for status in (FileStatus.DUPLICATE, FileStatus.UNCHANGED, FileStatus.TRIAL):
        assert _report(warehouse, {"甲": 1}, status=status).weeks == ()


def test_loading_an_object_again_returns_its_receipt_and_changes_nothing(warehouse: Engine) -> None:
    from nuanliu.warehouse.submissions.loading import load_drop

    drop = checked(submission(activities=[activity(figures={"people_served": 1}, beneficiary_groups="couriers")]))
    with warehouse.begin() as connection:
        object_id = take(connection, drop)
        first = load_drop(connection, drop, object_id=object_id)
    before = _everything(warehouse)
    other = checked(submission(activities=[activity(figures={"people_served": 2})]))
    with warehouse.begin() as connection:
        again = load_drop(connection, other, object_id=object_id)
    assert again == first
    assert _everything(warehouse) == before


def test_an_activity_that_its_organiser_reports_itself_waits_in_the_other_unions_version(warehouse: Engine) -> None:
    says = {"organizer_union_id": "620102", "start_on": date(2024, 12, 3), "beneficiary_groups": "couriers"}
    by_prefecture = submission(
        "620100",
        activities=[
            activity("义诊", figures={"people_served": 57}, **says),
            activity("别的", figures={"people_served": 8}, organizer_union_id="620102"),
        ],
    )
    load(warehouse, checked(by_prefecture))
    moved = _report(
        warehouse,
        {"义诊": 60},
        union_id="620102",
        says={"start_on": date(2024, 12, 3)},
    )
    assert _rows(warehouse, FACTS) == [
        ("620100", "2024-W49", 1, "别的", 8),
        ("620102", "2024-W49", 1, "义诊", 60),
    ]
    assert moved.weeks == ("2024-W49",)
    waiting = "select activity_name, is_accepted, is_counting from fact_activity where not is_counting"
    assert _rows(warehouse, waiting) == [("义诊", True, False)]


def test_what_waits_counts_again_when_the_row_before_it_goes(warehouse: Engine) -> None:
    says = {"organizer_union_id": "620102"}
    held = submission("620100", activities=[activity("义诊", figures={"people_served": 57}, **says)])
    _report(warehouse, {"义诊": 60}, union_id="620102")
    load(warehouse, checked(held, held=[0], waiting=[0], action=LoadAction.REPLACE))
    assert _rows(warehouse, FACTS) == [("620102", "2024-W49", 1, "义诊", 60)]
    gone = _report(warehouse, {}, union_id="620102", submission_type=SubmissionType.CORRECTION)
    assert gone.weeks == ("2024-W49",)
    assert _rows(warehouse, FACTS) == [("620100", "2024-W49", 1, "义诊", 57)]


def test_a_row_that_is_held_for_another_reason_stays_out_of_the_version(warehouse: Engine) -> None:
    rows = [activity("义诊", figures={"people_served": 57}), activity("别的", figures={"people_served": 8})]
    load(warehouse, checked(submission("620100", activities=rows), held=[0]))
    assert _rows(warehouse, "select activity_name from fact_activity") == [("别的",)]


def _everything(warehouse: Engine) -> dict[str, Sequence[tuple[Any, ...]]]:
    names = ("receipt", "finding", "held_row", "dim_submission", "fact_submission", "stored_activity", "stored_measure",
             "bridge_activity_group", "bridge_activity_partner", "dim_campaign", "dim_partner")  # fmt: skip
    return {name: sorted(_rows(warehouse, f"select t::text, t.xmin::text from {name} t")) for name in names}
