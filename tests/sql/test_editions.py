"""Editions are numbered, never altered, made only when something changed, and say what became different."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.builders import activity
from tests.sql.reported import changing, document, report, roll_up, week

from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import EditionOvertaken
from nuanliu.warehouse.marts.editions import latest_edition, propose_edition, read_editions, save_edition
from nuanliu.warehouse.marts.revisions import unmailed_steps, untold_steps

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
    """Figure id → old, new and reason of the revisions in the week's last edition, each figure once."""
    edition = latest_edition(connection, week(of_week))
    assert edition is not None
    lines = edition.document["revisions"]
    assert len({line["figure_id"] for line in lines}) == len(lines)
    return {line["figure_id"]: (line["old"], line["new"], line["reason"]) for line in lines}


def steps(connection: Connection, of_week: str, figure_id: str) -> list[tuple[str | None, str | None, str]]:
    """What the week's last edition tells of one figure, step by step."""
    edition = latest_edition(connection, week(of_week))
    assert edition is not None
    lines = edition.document["revisions"]
    return [(line["old"], line["new"], line["reason"]) for line in lines if line["figure_id"] == figure_id]


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


def test_a_late_first_report_changes_the_sums_above_and_its_own_figures_were_never_published(
    connection: Connection,
) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    hand_in(connection, W49, 30, at=2, union_id="620300")
    publish(connection, W49, at=3)
    revised = told(connection, W49)
    assert revised[f"{W49}/620000/all/people_served/event"] == ("1200", "1230", "补报")
    assert {figure_id.split("/")[1] for figure_id in revised} == {"620000"}


def test_each_step_of_the_province_has_the_reason_of_the_file_that_made_it(connection: Connection) -> None:
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
    assert steps(connection, W49, f"{W49}/620000/all/people_served/event") == [
        ("1250", "1280", "补报"),
        ("1280", "1100", "更正"),
        ("1100", "1105", "补报"),
    ]
    assert steps(connection, W49, f"{W49}/620400/all/people_served/event") == [("1200", "1020", "更正")]
    assert steps(connection, W49, f"{W49}/620500/all/people_served/event") == [("50", "55", "补报")]


def test_every_drop_is_a_step_though_nobody_rolled_up_in_between(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    for hour, people in ((2, 1020), (3, 1000), (4, 1200)):
        report(connection, "620400", W49, served(people), received_at=hours(hour), submission_type=CORRECTION)
    publish(connection, W49, at=5)
    assert steps(connection, W49, f"{W49}/{FIGURE}") == [
        ("1200", "1020", "更正"),
        ("1020", "1000", "更正"),
        ("1000", "1200", "更正"),
    ]
    assert publish(connection, W49, at=6) is None


def test_there_and_back_again_makes_an_edition_and_is_told_in_the_next_week_too(connection: Connection) -> None:
    hand_in(connection, W48, 1200, at=0)
    publish(connection, W48, at=1)
    hand_in(connection, W48, 1020, at=2, submission_type=CORRECTION)
    hand_in(connection, W48, 1200, at=3, submission_type=CORRECTION)
    hand_in(connection, W49, 50, at=4)
    both = [("1200", "1020", "更正"), ("1020", "1200", "更正")]
    publish(connection, W49, at=5)
    assert steps(connection, W49, f"{W48}/{FIGURE}") == both
    assert publish(connection, W48, at=6) == 2
    assert steps(connection, W48, f"{W48}/{FIGURE}") == both
    assert publish(connection, W48, at=7) is None


def test_a_correction_that_touches_one_measure_gives_no_other_its_reason(connection: Connection) -> None:
    first = [activity(figures={"people_served": 10, "funds_total": 100})]
    hand_in(connection, W49, 0, at=0, rows=first)
    publish(connection, W49, at=1)
    late = [activity("义诊", figures={"people_served": 70})]
    hand_in(connection, W49, 0, at=2, rows=late, union_id="620402")
    mended = [activity(figures={"people_served": 10, "funds_total": 90})]
    hand_in(connection, W49, 0, at=3, rows=mended, submission_type=CORRECTION)
    publish(connection, W49, at=4)
    assert steps(connection, W49, f"{W49}/620400/all/people_served/event") == [("10", "80", "补报")]
    assert steps(connection, W49, f"{W49}/620400/all/funds_total/event") == [("100", "90", "更正")]


def test_a_correction_of_a_zero_report_is_a_report_that_was_missing(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    roll_up(connection, *report(connection, "620300", W49, submission_type=SubmissionType.ZERO).weeks)
    publish(connection, W49, at=1)
    hand_in(connection, W49, 30, at=2, union_id="620300", submission_type=CORRECTION)
    publish(connection, W49, at=3)
    assert steps(connection, W49, f"{W49}/620000/all/people_served/event") == [("1200", "1230", "补报")]


def test_a_figure_that_comes_back_is_told_from_nothing(connection: Connection) -> None:
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    hand_in(connection, W49, 0, at=2, rows=[activity(figures={"sessions": 1})], submission_type=CORRECTION)
    publish(connection, W49, at=3)
    hand_in(connection, W49, 1200, at=4, submission_type=CORRECTION)
    publish(connection, W49, at=5)
    assert told(connection, W49)[f"{W49}/{FIGURE}"] == (None, "1200", "更正")


def test_a_campaign_s_figure_is_told_like_any_other_in_every_published_week_that_shows_it(
    connection: Connection,
) -> None:
    def of_campaign(people: int) -> list[dict[str, Any]]:
        return served(people, campaign_id="care-new-employment-health")

    for of_week in (W48, W49):
        hand_in(connection, of_week, 0, at=0, rows=of_campaign(100))
        publish(connection, of_week, at=1)
    hand_in(connection, W48, 0, at=2, rows=of_campaign(80), submission_type=CORRECTION)
    publish(connection, W49, at=3)
    edition = latest_edition(connection, week(W49))
    assert edition is not None
    lines = [line for line in edition.document["revisions"] if "campaign" in line["figure_id"]]
    assert [(line["week"], line["old"], line["new"], line["reason"]) for line in lines] == [
        (W48, "100", "80", "更正"),
        (W49, "200", "180", "更正"),
    ]


def test_what_another_week_became_and_what_a_week_is_compared_with_make_no_edition_of_it(
    connection: Connection,
) -> None:
    for of_week in (W48, W49):
        hand_in(connection, of_week, 1200, at=0)
        publish(connection, of_week, at=1)
    hand_in(connection, W48, 1020, at=2, submission_type=CORRECTION)
    assert document(connection, W49)["revisions"] != []
    assert publish(connection, W49, at=3) is None


def test_a_change_of_any_week_reaches_the_first_edition_after_it_of_whatever_week(connection: Connection) -> None:
    for of_week in ("2024-W45", W48, W49):
        hand_in(connection, of_week, 1200, at=0)
        publish(connection, of_week, at=1)
    hand_in(connection, "2024-W45", 1020, at=2, submission_type=CORRECTION)
    hand_in(connection, "2024-W50", 7, at=3)
    publish(connection, "2024-W50", at=4)
    assert told(connection, "2024-W50")[f"2024-W45/{FIGURE}"] == ("1200", "1020", "更正")
    hand_in(connection, "2024-W51", 8, at=5)
    publish(connection, "2024-W51", at=6)
    assert told(connection, "2024-W51") == {}
    assert publish(connection, "2024-W45", at=7) == 2
    assert told(connection, "2024-W45")[f"2024-W45/{FIGURE}"] == ("1200", "1020", "更正")


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

    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    connection.execute(text("update stored_measure set value_cents = 120100"))
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


def test_the_edition_of_the_changed_week_may_be_the_first_after_it_and_then_no_other_week_repeats_it(
    connection: Connection,
) -> None:
    hand_in(connection, W48, 1200, at=0)
    publish(connection, W48, at=1)
    hand_in(connection, W48, 1020, at=3, submission_type=CORRECTION)
    assert publish(connection, W48, at=4) == 2
    assert told(connection, W48)[f"{W48}/{FIGURE}"] == ("1200", "1020", "更正")
    hand_in(connection, W49, 50, at=5)
    publish(connection, W49, at=6)
    assert told(connection, W49) == {}


def test_however_many_steps_an_edition_tells_its_mail_opens_with_the_others(connection: Connection) -> None:
    """More than a statement can be given one by one, as after an upgrade of a warehouse of years."""
    hand_in(connection, W49, 1200, at=0)
    publish(connection, W49, at=1)
    connection.execute(
        text(
            "insert into outbox (purpose, recipient, message_id, message, state, created_at) "
            "values ('edition/2024-W49/1', 'a@x.example', 'm', '', 'sent', now())"
        )
    )
    connection.execute(
        text(
            "insert into figure_change (week_id, figure_id, old_value, old_exactness, new_value, new_exactness, reason) "
            "select '2024-W48', '2024-W48/' || step, 1, 0, 2, 0, '规则变动' from generate_series(1, 70000) as step"
        )
    )
    first, last = 1, 70000
    connection.execute(text("update edition set change_seen = 0"))
    assert unmailed_steps(connection, week(W49)) == [], "the edition tells all"
    connection.execute(
        text("insert into edition select (jsonb_populate_record(edition, cast(:other as jsonb))).* from edition"),
        {"other": json.dumps({"edition_key": 1000, "week_id": "2024-W50", "change_seen": last - 1})},
    )
    assert len(untold_steps(connection, week(W49))) == first
    assert len(unmailed_steps(connection, week(W49))) == last - 1


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
