"""Editions are numbered, never altered, made only when something changed, and say what became different."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity
from tests.sql.reported import changing, document, report, roll_up, week

from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import EditionOvertaken
from nuanliu.warehouse.marts.editions import latest_edition, propose_edition, read_editions, save_edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

W48, W49 = "2024-W48", "2024-W49"
START = datetime(2024, 12, 9, 10, 0, tzinfo=UTC)
FIGURE = "620400/all/people_served/event"
CORRECTION = SubmissionType.CORRECTION


@pytest.fixture
def connection(warehouse: Engine) -> Iterator[Connection]:
    with changing(warehouse) as opened:
        yield opened


def hours(count: int) -> datetime:
    return START + timedelta(hours=count)


def served(value: Any, **says: Any) -> list[dict[str, Any]]:
    return [activity(figures={"people_served": value}, **says)]


def hand_in(
    connection: Connection, of_week: str, value: Any, *, at: int, union_id: str = "620400", **more: Any
) -> None:
    """A report at so many hours, rolled up."""
    rows = more.pop("rows", None) or served(value)
    roll_up(connection, *report(connection, union_id, of_week, rows, received_at=hours(at), **more).weeks)


def publish(connection: Connection, of_week: str, *, at: int) -> int | None:
    files = {f"reports/{of_week}/summary.html": "00"}
    return save_edition(connection, document(connection, of_week), files=files, published_at=hours(at))


def told(connection: Connection, of_week: str) -> dict[str, tuple[str | None, str | None, str]]:
    """Figure id → old, new and reason of the revisions in the week's last edition."""
    edition = latest_edition(connection, week(of_week))
    assert edition is not None
    return {line["figure_id"]: (line["old"], line["new"], line["reason"]) for line in edition.document["revisions"]}


def test_the_first_edition_is_number_one_and_holds_the_document(connection: Connection) -> None:
    hand_in(connection, W49, 1425, at=0)
    listed = document(connection, W49)
    assert publish(connection, W49, at=1) == 1
    edition = latest_edition(connection, week(W49))
    assert edition is not None
    assert edition.document == {**listed, "edition": 1}
    assert (edition.number, edition.published_at) == (1, hours(1))
    assert edition.files == {f"reports/{W49}/summary.html": "00"}
    assert listed["revisions"] == []


def test_a_week_without_editions_has_no_latest_one(connection: Connection) -> None:
    assert latest_edition(connection, week(W49)) is None


def test_nothing_is_published_twice(connection: Connection) -> None:
    hand_in(connection, W49, 1425, at=0)
    assert publish(connection, W49, at=1) == 1
    assert publish(connection, W49, at=2) is None
    assert len(read_editions(connection, week(W49))) == 1


def test_another_union_in_the_coverage_alone_makes_an_edition(connection: Connection) -> None:
    hand_in(connection, W49, 1425, at=0)
    publish(connection, W49, at=1)
    roll_up(connection, *report(connection, "620300", W49, submission_type=SubmissionType.ZERO).weeks)
    assert publish(connection, W49, at=2) == 2


def test_a_correction_makes_the_next_edition_which_says_it_once(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    hand_in(connection, W49, 1020, at=2, submission_type=CORRECTION)
    assert publish(connection, W49, at=3) == 2
    revision = ("1200", "1020", "更正")
    assert told(connection, W49) == {
        f"{W49}/{union}/{category}/people_served/event{place}": revision
        for union, place in (("620000", ""), ("620000", "/place"), ("620400", ""))
        for category in ("all", "condolence")
    }
    assert publish(connection, W49, at=4) is None


def test_an_edition_that_was_published_stays_as_it_was(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    before = json.dumps(read_editions(connection, week(W49))[0].document, sort_keys=True)
    hand_in(connection, W49, 1020, at=2, submission_type=CORRECTION)
    publish(connection, W49, at=3)
    assert json.dumps(read_editions(connection, week(W49))[0].document, sort_keys=True) == before


def test_revisions_are_keyed_and_ordered_as_the_contract_says(connection: Connection) -> None:
    for of_week in (W48, W49):
        hand_in(connection, of_week, 1200, at=0)
        publish(connection, of_week, at=1)
    for of_week in (W49, W48):
        hand_in(connection, of_week, 1020, at=2, submission_type=CORRECTION)
    lines = document(connection, W49)["revisions"]
    assert lines[0] == {
        "week": W48,
        "figure_id": f"{W48}/620000/all/people_served/event",
        "old": "1200",
        "new": "1020",
        "reason": "更正",
    }
    assert [(line["week"], line["figure_id"]) for line in lines] == sorted(
        (line["week"], line["figure_id"]) for line in lines
    )


def test_a_late_first_report_is_a_new_figure_and_changes_the_sums_above(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    hand_in(connection, W49, 30, at=2, union_id="620300")
    publish(connection, W49, at=3)
    revised = told(connection, W49)
    assert revised[f"{W49}/620300/all/people_served/event"] == (None, "30", "补报")
    assert revised[f"{W49}/620000/all/people_served/event"] == ("1200", "1230", "补报")
    assert f"{W49}/{FIGURE}" not in revised


def test_each_union_has_its_own_reason_and_the_province_the_strongest(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    hand_in(connection, W49, 50, at=0, union_id="620500")
    publish(connection, W49, at=1)
    hand_in(connection, W49, 30, at=2, union_id="620300")
    hand_in(connection, W49, 1020, at=2, submission_type=CORRECTION)
    hand_in(
        connection,
        W49,
        0,
        at=2,
        union_id="620500",
        rows=served(5, start_on=None, activity_name="又一次"),
        submission_type=SubmissionType.SUPPLEMENT,
    )
    publish(connection, W49, at=3)
    reasons = {
        name.split("/")[1]: reason for name, (_, _, reason) in told(connection, W49).items() if "/place" not in name
    }
    assert reasons == {"620000": "更正", "620300": "补报", "620400": "更正", "620500": "补充"}


def test_a_figure_that_went_away_is_told_with_null(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    hand_in(connection, W49, 0, at=2, rows=[activity(figures={"sessions": 1})], submission_type=CORRECTION)
    publish(connection, W49, at=3)
    assert told(connection, W49)[f"{W49}/{FIGURE}"] == ("1200", None, "更正")


def test_a_county_row_taken_out_of_its_prefectures_report_has_the_prefectures_reason(connection: Connection) -> None:
    county = served(9, reporting_union_id="620402", organizer_union_id="620402")[0]
    hand_in(connection, W49, 0, at=0, rows=[county, activity("甲", figures={"sessions": 1})])
    publish(connection, W49, at=1)
    hand_in(connection, W49, 0, at=2, rows=[activity("甲", figures={"sessions": 1})], submission_type=CORRECTION)
    publish(connection, W49, at=3)
    assert told(connection, W49)[f"{W49}/620402/all/people_served/event"] == ("9", None, "更正")


def test_where_only_exactness_changed_both_numbers_carry_their_mark(connection: Connection) -> None:
    hand_in(connection, W49, 260, at=0)
    publish(connection, W49, at=1)
    hand_in(connection, W49, (260, "over"), at=2, submission_type=CORRECTION)
    publish(connection, W49, at=3)
    assert told(connection, W49)[f"{W49}/{FIGURE}"] == ("260", "260余", "更正")


def test_a_change_without_any_report_is_a_new_rollup(connection: Connection) -> None:
    from sqlalchemy import text

    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    connection.execute(text("update fact_measure set value = 1201"))
    publish(connection, W49, at=3)
    assert told(connection, W49)[f"{W49}/{FIGURE}"] == ("1200", "1201", "重新汇总")


def test_a_change_of_the_week_before_is_told_in_the_first_edition_after_it_and_once(connection: Connection) -> None:
    hand_in(connection, W48, 1200, at=0)
    publish(connection, W48, at=1)
    hand_in(connection, W49, 50, at=2)
    hand_in(connection, W48, 1020, at=3, submission_type=CORRECTION)
    publish(connection, W49, at=4)
    assert told(connection, W49)[f"{W48}/{FIGURE}"] == ("1200", "1020", "更正")
    assert publish(connection, W49, at=5) is None
    hand_in(connection, W49, 60, at=6, submission_type=CORRECTION)
    assert publish(connection, W49, at=7) == 2
    assert {name.split("/")[0] for name in told(connection, W49)} == {W49}


def test_it_is_told_even_when_the_changed_week_told_it_first(connection: Connection) -> None:
    hand_in(connection, W48, 1200, at=0)
    publish(connection, W48, at=1)
    hand_in(connection, W48, 1020, at=3, submission_type=CORRECTION)
    assert publish(connection, W48, at=4) == 2
    assert told(connection, W48)[f"{W48}/{FIGURE}"] == ("1200", "1020", "更正")
    hand_in(connection, W49, 50, at=5)
    publish(connection, W49, at=6)
    assert told(connection, W49)[f"{W48}/{FIGURE}"] == ("1200", "1020", "更正")


def test_a_change_back_is_a_change_against_what_was_told(connection: Connection) -> None:
    hand_in(connection, W48, 1200, at=0)
    publish(connection, W48, at=1)
    hand_in(connection, W49, 50, at=2)
    hand_in(connection, W48, 1020, at=3, submission_type=CORRECTION)
    publish(connection, W49, at=4)
    hand_in(connection, W48, 1200, at=5, submission_type=CORRECTION)
    publish(connection, W49, at=6)
    assert told(connection, W49)[f"{W48}/{FIGURE}"] == ("1020", "1200", "更正")


def test_a_week_before_that_was_never_published_has_no_revisions(connection: Connection) -> None:
    hand_in(connection, W48, 1200, at=0)
    hand_in(connection, W49, 50, at=2)
    publish(connection, W49, at=3)
    hand_in(connection, W48, 1020, at=4, submission_type=CORRECTION)
    publish(connection, W49, at=5)
    assert told(connection, W49) == {}


def test_a_reason_is_found_under_a_pinned_clock(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=0)
    hand_in(connection, W49, 1020, at=0, submission_type=CORRECTION)
    publish(connection, W49, at=0)
    assert told(connection, W49)[f"{W49}/{FIGURE}"] == ("1200", "1020", "更正")


def test_a_carried_figure_corrected_in_an_earlier_week_is_revised_in_later_ones(connection: Connection) -> None:
    def ytd(value: int) -> list[dict[str, Any]]:
        return [activity(figures={"funds_total": value}, period_kind="ytd")]

    hand_in(connection, "2024-W46", 0, at=0, rows=ytd(100))
    hand_in(connection, W49, 1, at=0, union_id="620300")
    publish(connection, W49, at=1)
    hand_in(connection, "2024-W46", 0, at=2, rows=ytd(90), submission_type=CORRECTION)
    publish(connection, W49, at=3)
    assert told(connection, W49)[f"{W49}/620400/all/funds_total/ytd"] == ("100", "90", "更正")


def test_a_proposed_edition_is_what_is_saved(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    proposed = propose_edition(connection, document(connection, W49))
    assert proposed is not None
    assert proposed["edition"] == 1
    assert save_edition(connection, proposed, files={}, published_at=hours(1)) == 1
    assert propose_edition(connection, document(connection, W49)) is None


def test_an_edition_rendered_under_a_number_taken_meanwhile_is_refused(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    proposed = propose_edition(connection, document(connection, W49))
    assert proposed is not None
    publish(connection, W49, at=1)
    hand_in(connection, W49, 1020, at=2, submission_type=CORRECTION)
    stale = {**document(connection, W49), "edition": proposed["edition"]}
    with pytest.raises(EditionOvertaken):
        save_edition(connection, stale, files={}, published_at=hours(3))
    assert len(read_editions(connection, week(W49))) == 1
