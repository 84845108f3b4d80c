"""Each identity holds after loading, and a break by one is seen and named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text
from tests.builders import activity
from tests.sql.generated_weeks import WEEKS, load_generated
from tests.sql.reported import changing, document, punctual, report, roll_up, week
from tests.sql.seed_week import WEEKS as SEED_WEEKS
from tests.sql.seed_week import load_seed

from nuanliu.domain.checked import FileStatus
from nuanliu.domain.submission import SubmissionType
from nuanliu.settings import INCLUDE_DIR
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.marts.editions import save_edition
from nuanliu.warehouse.marts.reconcile import IDENTITIES, reconcile_document
from nuanliu.warehouse.reconciliation.scope import Scope, spans_of
from nuanliu.warehouse.schema.tables import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


REPORTS = {"reports/2024-W49/edition-1/summary.json": "0" * 64}
CAMPAIGN = activity("两节送温暖", figures={"people_served": 7}, period_kind="campaign")


def bucket(connection: Connection) -> dict[str, set[str]]:
    """What the bucket holds when it is as the registry says."""
    objects: dict[str, set[str]] = {"archive": set(), "quarantine": set(), "intake": {"intake/620100/waiting.xlsx"}}
    for row in connection.execute(select(registry)):
        key = row.stored_key or row.source_key
        objects[key.split("/")[0]].add(key)
    return objects


def differences(connection: Connection, objects: dict[str, set[str]] | None = None) -> list[dict[str, Any]]:
    return reconcile_document(connection, objects or bucket(connection), reports=dict(REPORTS))["differences"]


def publish(connection: Connection) -> None:
    """The seed week's first edition, with the files that REPORTS holds."""
    save_edition(connection, document(connection, WEEKS[-1]), files=REPORTS, published_at=punctual(week(WEEKS[-1])))


def test_every_check_belongs_to_an_identity_and_has_a_test_that_breaks_it() -> None:
    files = {path.stem for path in (INCLUDE_DIR / "sql" / "checks").glob("*.sql")}
    checks = {check for checks in IDENTITIES.values() for check in checks}
    asked = {"edition__document_changed", "mart_week_coverage__records", "trace__figures", "trace__terms"}
    assert files == checks - asked
    broken_elsewhere = {
        "registry__object_missing",
        "registry__object_unnamed",
        "deletion__object_present",
        "edition__report_unnamed",
        "trace__terms",  # where terms are traced
    }
    assert {check for _, broken in BREAKS.values() for check in broken} | ECHOES == checks - broken_elsewhere


def test_the_records_agree_after_loading(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        report(connection, "620800", WEEKS[-1], [activity()], status=FileStatus.HELD)
        report(connection, "620700", WEEKS[-1], [activity()], status=FileStatus.REJECTED)
        publish(connection)
        assert reconcile_document(connection, bucket(connection), reports=REPORTS) == {
            "schema": "nuanliu.reconcile/1",
            "ok": True,
            "differences": [],
        }


@pytest.mark.parametrize("seed", [4, 5])
def test_the_records_agree_after_three_generated_weeks_with_corrections(warehouse: Engine, seed: int) -> None:
    with changing(warehouse) as connection:
        load_generated(connection, seed)
        assert differences(connection) == []


def test_an_empty_warehouse_and_an_empty_bucket_agree(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        assert reconcile_document(connection, {"archive": set(), "quarantine": set(), "intake": set()})["ok"]


def test_what_was_published_is_looked_at_only_where_it_is_given(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        publish(connection)
        assert reconcile_document(connection, bucket(connection))["ok"]


ECHOES = {"trace__figures", "published_figure__figures"}
"""These say of the province and of readers what another check says of the figure itself."""
BREAKS = {
    "edition that lacks what its coverage counts": (
        "update published_figure set value = value - 70 "
        "where week_start = '2024-12-02' and figure_id = '2024-W49/620000/all/people_served/event'",
        {"published_figure__figures"},
    ),
    "coverage that counts a union twice": (
        "update mart_week_coverage set version = version + 1 where union_id = '620400' and version is not null",
        {"mart_week_coverage__records"},
    ),
    "coverage that forgets a report": (
        "update mart_week_coverage set state = 'missing' where union_id = '620400' and state = 'reported'",
        {"mart_week_coverage__records"},
    ),
    "figure of the province off by one": (
        "update mart_week_figure set value = value + 1 where figure_id = '2024-W49/620000/all/people_served/event'",
        {"mart_week_figure__events", "mart_week_figure__places", *ECHOES},
    ),
    "fact lost": (
        "delete from fact_activity where activity_key = (select max(activity_key) from fact_activity)",
        {
            "fact_activity__accepted_activities",
            "fact_measure__activity_missing",
            "fact_measure__receipt_totals",
        },
    ),
    "fact added": (
        "update fact_submission set activity_count = activity_count - 1 where object_id = 1",
        {"fact_activity__accepted_activities"},
    ),
    "superseded version kept its facts": (
        "update dim_submission set superseded_at = received_at where union_id = '620400'",
        {"fact_activity__accepted_activities", "mart_week_coverage__records"},
    ),
    "accepted row counts nowhere": (
        "update fact_activity set is_counting = false where activity_key = (select min(activity_key) from fact_activity)",
        {"fact_activity__counting", "fact_measure__counting"},
    ),
    "figure does not count though its activity does": (
        "update fact_measure set is_counting = false where raw_text = '1425'",
        {
            "fact_measure__counting",
            "mart_campaign_week__facts",
            "mart_week_figure__events",
            "mart_week_figure__place_facts",
        },
    ),
    "figure in another category than its activity": (
        "update fact_measure set category_key = (select category_key from dim_category where category_id = 'other') "
        "where organizer_union_key = (select union_key from dim_union where union_id = '620400')",
        {"fact_measure__activity_missing", "mart_week_figure__events", "mart_week_figure__place_facts"},
    ),
    "facts under a union that is gone, and rolled up": (
        "with lost as (update fact_activity set organizer_union_key = 0 where organizer_union_key = any(select union_key "
        "from dim_union where union_id = '620400')) update fact_measure set organizer_union_key = 0 "
        "where organizer_union_key = any(select union_key from dim_union where union_id = '620400')",
        {"fact_activity__dimension_missing", "mart_week_figure__place_facts"},
    ),
    "a measure that is gone, and rolled up": (
        "update fact_measure set measure_key = 0 where raw_text = '1425'",
        {"fact_activity__dimension_missing", "fact_measure__receipt_totals"},
    ),
    "value off by one, and rolled up": (
        "update stored_measure set value_cents = value_cents + 100 where value_cents = 142500",
        {"fact_measure__receipt_totals"},
    ),
    "value less sure than written, and rolled up": (
        "update fact_measure set exactness = 3 where raw_text = '1425'",
        {"fact_measure__receipt_totals"},
    ),
    "value lost, and rolled up": (
        "delete from fact_measure where raw_text = '1425'",
        {"fact_measure__receipt_totals"},
    ),
    "row unaccounted for in the receipt": (
        "update receipt set document = jsonb_set(document, '{rows,accepted}', '0') where union_id = '620400'",
        {"receipt__row_identity"},
    ),
    "row unaccounted for in the snapshot": (
        "update fact_submission set ignored_count = ignored_count + 1 where union_id = '620400'",
        {"receipt__row_identity"},
    ),
    "snapshot lost": (
        "delete from fact_submission where union_id = '620400'",
        {"receipt__row_identity", "fact_activity__accepted_activities"},
    ),
    "answer not written": (
        "update receipt set written_at = null where union_id = '620400'",
        {"registry__unanswered"},
    ),
    "event figure off by one": (
        "update mart_week_figure set value = value + 1 where figure_id = '2024-W49/620400/all/people_served/event'",
        {"mart_week_figure__events"},
    ),
    "event figure less sure than its facts": (
        "update mart_week_figure set exactness = 3 where figure_id = '2024-W49/620400/all/people_served/event'",
        {"mart_week_figure__events"},
    ),
    "event figure lost": (
        "delete from mart_week_figure where figure_id = '2024-W49/620100/all/people_served/event'",
        {"mart_week_figure__events"},
    ),
    "figure of a county by place off by one": (
        "update mart_week_figure set value = value + 1 "
        "where figure_id = '2024-W49/621122/all/people_served/event/place'",
        {"mart_week_figure__place_facts"},
    ),
    "figure by place nowhere reported": (
        "update mart_week_figure set union_id = '620102', figure_id = '2024-W49/620102/all/people_served/event/place' "
        "where figure_id = '2024-W49/621122/all/people_served/event/place'",
        {"mart_week_figure__place_facts"},
    ),
    "campaign period figure off by one": (
        "update mart_week_figure set value = value + 1 where figure_id = '2024-W49/620800/all/people_served/campaign'",
        {"mart_week_figure__campaigns"},
    ),
    "campaign period figure lost": (
        "delete from mart_week_figure where figure_id = '2024-W49/620800/condolence/people_served/campaign'",
        {"mart_week_figure__campaigns"},
    ),
    "province by place off by one": (
        "update mart_week_figure set value = value + 1 "
        "where figure_id = '2024-W49/620000/all/people_served/event/place'",
        {"mart_week_figure__places", "mart_week_figure__place_facts"},
    ),
    "cumulative figure off by one": (
        "update mart_week_figure set value = value + 1 where figure_id = '2024-W49/620102/hardship_aid/funds_total/ytd'",
        {"mart_week_figure__cumulatives"},
    ),
    "cumulative figure less sure than its facts": (
        "update mart_week_figure set exactness = 3 where figure_id = '2024-W49/620102/hardship_aid/funds_total/ytd'",
        {"mart_week_figure__cumulatives"},
    ),
    "cumulative value in another category than its fact": (
        "update mart_cumulative set category_id = 'other' where union_id = '622900' and measure_id = 'sessions'",
        {"mart_cumulative__facts", "mart_week_figure__cumulatives"},
    ),
    "cumulative value of another union than its fact": (
        "update mart_cumulative set union_id = '620300' where union_id = '622900' and measure_id = 'sessions'",
        {"mart_cumulative__facts", "mart_week_figure__cumulatives"},
    ),
    "cumulative value since another day than its fact": (
        "update mart_cumulative set since_on = '2023-01-01' where union_id = '622900' and measure_id = 'sessions'",
        {"mart_cumulative__facts", "mart_week_figure__cumulatives"},
    ),
    "ytd that outlived its year": (
        "update mart_cumulative set as_of_on = '2023-12-31' where union_id = '620500' and measure_id = 'insured_people'",
        {"mart_cumulative__facts"},
    ),
    "inclusive figure off by one": (
        "update mart_week_figure set value = value + 1 "
        "where figure_id = '2024-W49/622900/meals/meal_vouchers/cumulative_since/since=2024-11-07/inclusive'",
        {"mart_week_figure__cumulatives"},
    ),
    "carried value off by one": (
        "update mart_cumulative set value = value + 1 where union_id = '622900' and measure_id = 'sessions'",
        {"mart_cumulative__facts", "mart_week_figure__cumulatives"},
    ),
    "series lost": (
        "delete from mart_cumulative where union_id = '622900' and measure_id = 'sessions'",
        {"mart_cumulative__facts", "mart_week_figure__cumulatives"},
    ),
    "campaign off by one": (
        "update mart_campaign_week set value = value + 1 where union_id = '620400' and measure_id = 'people_served'",
        {"mart_campaign_week__facts"},
    ),
    "campaign less sure than its facts": (
        "update mart_campaign_week set exactness = 3 where union_id = '620400' and measure_id = 'people_served'",
        {"mart_campaign_week__facts"},
    ),
    "published file changed by one byte": (
        f'update edition set files = \'{{"reports/2024-W49/edition-1/summary.json": "{"0" * 63}1"}}\'',
        {"edition__report_changed"},
    ),
    "published figure changed in the warehouse": (
        "update edition set document = jsonb_set(document, '{figures,0,value}', '\"1\"')",
        {"edition__document_changed"},
    ),
}


def test_a_unions_own_event_that_counts_in_two_submissions_is_seen(warehouse: Engine) -> None:
    event = activity(figures={"people_served": 178}, start_on=date(2024, 11, 29), identity_key="慰问")
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [event])
        report(connection, "620400", "2024-W49", [event])
        roll_up(connection, "2024-W48", "2024-W49")
        assert differences(connection) == []
        connection.execute(text("update fact_measure set is_counting = true"))
        connection.execute(text("update fact_activity set is_counting = true"))
        roll_up(connection, "2024-W48", "2024-W49")
        seen = {(line["check"], line["found"]) for line in differences(connection)}
    assert ("fact_activity__counting", "rows of 2 submissions") in seen


@pytest.mark.parametrize("damaged", ["2024-W48", "2024-W49"])
def test_one_of_two_explained_twins_that_is_lost_from_a_series_is_seen(warehouse: Engine, damaged: str) -> None:
    twin = activity("帮扶", "hardship_aid", {"people_served": 10}, period_kind="ytd")
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W48", [twin, twin])
        report(connection, "620400", "2024-W49", [activity("别的")])
        roll_up(connection, "2024-W48", "2024-W49")
        assert differences(connection) == []
        lost = text(
            "delete from mart_cumulative where week_start = :monday and activity_key = "
            "(select min(activity_key) from mart_cumulative)"
        )
        assert connection.execute(lost, {"monday": week(damaged).monday}).rowcount == 1
        seen = {(line["check"], line["expected"][:2], line["found"][:2]) for line in differences(connection)}
    assert ("mart_cumulative__facts", "2 ", "1 ") in seen


def test_a_ytd_series_whose_start_is_written_in_one_file_and_not_in_another_is_one(warehouse: Engine) -> None:
    def until(day: date | None, people: int, since_on: date | None) -> dict[str, Any]:
        said = {"period_kind": "ytd", "since_on": since_on, "end_on": day, "series_key": "帮扶/2024"}
        return activity("帮扶", "hardship_aid", {"people_served": people}, **said)

    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [until(None, 20, None)])
        report(connection, "620400", "2024-W50", [until(date(2024, 12, 4), 10, date(2024, 1, 1)), activity("别的")])
        roll_up(connection, "2024-W49", "2024-W50")
        assert differences(connection) == []


@pytest.mark.parametrize("written", ["原:帮扶", "“原：帮扶”", "已核实；\u3000原 ：“帮扶”", "《原》:帮扶"])
def test_a_series_that_goes_on_under_another_name_is_no_difference_however_the_words_are_written(
    warehouse: Engine, written: str
) -> None:
    with changing(warehouse) as connection:
        for of_week, name, people, why in (("2024-W48", "帮扶", 10, None), ("2024-W49", "职工帮扶", 20, written)):
            said = {"period_kind": "ytd", "explanation": why}
            report(connection, "620400", of_week, [activity(name, "hardship_aid", {"people_served": people}, **said)])
            roll_up(connection, of_week)
        carried = connection.execute(text("select value from mart_cumulative where week_start = '2024-12-02'"))
        assert carried.scalars().all() == [20]
        assert differences(connection) == []


def test_an_inclusive_series_of_a_union_that_has_ended_since_is_no_difference(warehouse: Engine) -> None:
    said = {
        "period_kind": "stock",
        "scope": "inclusive",
        "organizer_union_id": "620400",
        "reporting_union_id": "620402",
    }
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [activity("驿站", figures={"sessions": 3}, **said), activity("别的")])
        connection.execute(text("update dim_union set valid_to = '2024-12-02' where union_id = '620402'"))
        roll_up(connection, "2024-W49")
        assert differences(connection) == []


@pytest.fixture(scope="module")
def records(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The seed week, a 专项期间 figure and one edition, which agree; whoever breaks them rolls back."""
    engine = open_engine(request.getfixturevalue("module_warehouse_dsn"))
    with engine.begin() as connection:
        load_seed(connection)
        report(connection, "620800", WEEKS[-1], [CAMPAIGN])
        roll_up(connection, WEEKS[-1])
        publish(connection)
    with engine.connect() as connection:
        assert differences(connection) == []
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("statement", "checks"), BREAKS.values(), ids=BREAKS)
def test_a_break_by_one_is_seen(
    records: Engine, request: pytest.FixtureRequest, statement: str, checks: set[str]
) -> None:
    with records.connect() as connection:
        changed = connection.execute(text(statement)).rowcount
        if "and rolled up" in request.node.callspec.id:
            roll_up(connection, *SEED_WEEKS)
        seen = differences(connection)
    assert changed >= 1
    assert {difference["check"] for difference in seen} - ECHOES == checks - ECHOES
    assert checks & ECHOES <= {difference["check"] for difference in seen}
    assert all(difference["subject"] and difference["expected"] and difference["found"] for difference in seen)
    assert all(difference["check"] in IDENTITIES[difference["identity"]] for difference in seen)


def test_a_registry_row_without_a_receipt_is_seen_unless_it_is_a_claim_in_progress(warehouse: Engine) -> None:
    insert = text(
        "insert into registry (object_key, source_key, union_id, is_trial, state, stored_key, sha256, size_bytes, received_at, "
        "arrival_order) values ('intake/620400/a', 'intake/620400/a', '620400', false, :state, :stored, '00', 1, now(), 'a')"
    )
    with changing(warehouse) as connection:
        connection.execute(insert, {"state": "claimed", "stored": None})
        assert differences(connection) == []
        connection.execute(insert, {"state": "archived", "stored": "archive/620400/2024-W49/00.xlsx"})
        assert [difference["check"] for difference in differences(connection)] == ["registry__unanswered"]


@pytest.mark.parametrize("prefix", ["archive", "intake"])
def test_an_object_that_is_gone_is_seen(warehouse: Engine, prefix: str) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", WEEKS[-1], [activity()], status=FileStatus.HELD)
        connection.execute(
            text(
                "insert into registry (object_key, source_key, union_id, is_trial, state, sha256, size_bytes, received_at, "
                "arrival_order) values ('intake/620300/a', 'intake/620300/a', '620300', false, 'claimed', '00', 1, now(), 'a')"
            )
        )
        objects = bucket(connection)
        gone = next(iter(objects[prefix] - {"intake/620100/waiting.xlsx"}))
        objects[prefix].discard(gone)
        seen = differences(connection, objects)
    assert [(difference["check"], difference["expected"]) for difference in seen] == [
        ("registry__object_missing", gone)
    ]


def test_a_claimed_object_that_was_moved_already_is_no_difference(warehouse: Engine) -> None:
    """A crash between the move and the closing of its row; the next run closes it."""
    with changing(warehouse) as connection:
        loaded = report(connection, "620400", WEEKS[-1], [activity()], status=FileStatus.HELD)
        connection.execute(text("update registry set state = 'claimed', stored_key = null"))
        moved = f"archive/620400/{WEEKS[-1]}/{loaded.receipt.sha256}.xlsx"
        seen = differences(connection, {"archive": {moved}, "quarantine": set(), "intake": set()})
    assert seen == []


@pytest.mark.parametrize("prefix", ["archive", "quarantine"])
def test_an_object_that_no_row_names_is_seen_but_not_one_that_waits_in_intake(warehouse: Engine, prefix: str) -> None:
    with changing(warehouse) as connection:
        objects = bucket(connection)
        objects[prefix].add(f"{prefix}/620400/stray")
        objects["intake"].add("intake/620400/~$temp.xlsx")
        seen = differences(connection, objects)
    assert [(difference["check"], difference["subject"]) for difference in seen] == [
        ("registry__object_unnamed", f"{prefix}/620400/stray")
    ]


def test_a_report_that_no_edition_names_is_seen_but_not_the_next_editions_that_is_being_written(
    warehouse: Engine,
) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        publish(connection)
        names = (
            "W49/edition-1/more.json",
            "W49/edition-2/summary.json",
            "W49/edition-3/a",
            "W48/edition-1/summary.json",
        )
        listed = dict.fromkeys((f"reports/2024-{name}" for name in names), "1" * 64)
        seen = reconcile_document(connection, bucket(connection), reports={**REPORTS, **listed})["differences"]
    assert [(difference["check"], difference["subject"]) for difference in seen] == [
        ("edition__report_unnamed", "reports/2024-W49/edition-1/more.json"),
        ("edition__report_unnamed", "reports/2024-W49/edition-3/a"),
    ]


def test_a_published_file_that_is_gone_is_seen(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        publish(connection)
        (seen,) = reconcile_document(connection, bucket(connection), reports={})["differences"]
    assert (seen["check"], seen["subject"]) == ("edition__report_changed", *REPORTS)


def test_one_object_may_be_named_by_two_rows(warehouse: Engine) -> None:
    """The same bytes dropped twice are archived once."""
    with changing(warehouse) as connection:
        for _ in range(2):
            report(connection, "620400", WEEKS[-1], [activity()], status=FileStatus.HELD)
        connection.execute(text("update registry set stored_key = 'archive/620400/2024-W49/00.xlsx'"))
        assert differences(connection) == []


def test_an_activity_that_moved_to_its_organisers_report_is_no_difference(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        row = activity(figures={"people_served": 4}, reporting_union_id="620102", organizer_union_id="620102")
        sent = report(connection, "620100", WEEKS[-1], [row, activity("别的", figures={"people_served": 1})])
        own = report(connection, "620102", WEEKS[-1], [row])
        roll_up(connection, *sent.weeks, *own.weeks)
        waiting = text("select count(*) from fact_activity where not is_counting")
        assert connection.execute(waiting).scalar_one() == 1
        assert differences(connection) == []


def test_a_week_that_was_not_rolled_up_is_seen(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        report(
            connection,
            "620400",
            WEEKS[-1],
            [activity("免费体检", "health_check", {"people_served": 1426})],
            submission_type=SubmissionType.CORRECTION,
        )
        checks = {difference["check"] for difference in differences(connection)}
    assert "mart_week_figure__events" in checks


def test_one_week_can_be_looked_at_alone(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        connection.execute(text("update mart_week_figure set value = value + 1 where week_start = '2024-11-25'"))
        objects = bucket(connection)
        ok = {
            name: reconcile_document(connection, objects, scope=Scope(spans_of([week(name)])))["ok"] for name in WEEKS
        }
    assert ok == {"2024-W47": True, "2024-W48": False, "2024-W49": True}


def test_a_deletion_that_is_written_down_explains_an_object_that_is_gone_and_no_other(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        load_seed(connection)
        publish(connection)
        objects = bucket(connection)
        gone, lost = sorted(objects["archive"])[:2]
        connection.execute(
            text(
                "insert into deletion (object_key, union_id, sha256, size_bytes, rule, period, logged_at) "
                "select stored_key, union_id, sha256, 1, 'originals', '2 years', finished_at from registry "
                "where stored_key = :gone"
            ),
            {"gone": gone},
        )
        assert [item["check"] for item in differences(connection)] == ["deletion__object_present"]
        objects["archive"] -= {gone}
        assert differences(connection, objects) == []
        objects["archive"] -= {lost}
        assert [(item["check"], item["expected"]) for item in differences(connection, objects)] == [
            ("registry__object_missing", lost)
        ]
