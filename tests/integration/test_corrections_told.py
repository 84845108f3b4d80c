"""What leaders learn of a week that changed: editions without a mail, the next mail's opening, and why each figure changed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.builders import activity
from tests.patching import replace_everywhere
from tests.sql.reported import report

from nuanliu.contract.code_lists import CodeList, UnionTree, codes
from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import FigureGone
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.operations.weeks.inquiries import trace
from nuanliu.operations.weeks.known_at import edition_known_at
from nuanliu.operations.weeks.publishing import mail_edition, publish_week, renew_editions
from nuanliu.operations.weeks.roll_up import WeekNotRolledUp, roll_up_week
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.schema.reference_data import load_union_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

W45, W48, W49, W50 = "2024-W45", "2024-W48", "2024-W49", "2024-W50"
CORRECTION = {"submission_type": SubmissionType.CORRECTION}
PEOPLE = "620400/all/people_served/event"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def ctx(ctx: Context, loads_without_a_bucket: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Loads come without a bucket; one leader has an address that no server takes mail for."""
    replace_everywhere(monkeypatch, "nuanliu.operations.mailing.delivering.deliver_outbox", lambda _: {"sent": 0})
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,name,role,union_id\nleader@x.example,领导,leader,\n", "utf-8")
    return replace(ctx, settings=replace(ctx.settings, recipients=recipients))


def at(ctx: Context, instant: str) -> Context:
    return replace(ctx, settings=replace(ctx.settings, now=datetime.fromisoformat(instant)))


def load(ctx: Context, week: str, people: int, *, union_id: str = "620400", **more: Any) -> None:
    with ctx.engine.begin() as connection:
        report(connection, union_id, week, [activity(figures={"people_served": people})], **more)


def mails(ctx: Context) -> dict[str, str]:
    """Purpose → plain text."""
    with ctx.engine.connect() as connection:
        rows = connection.execute(text("select purpose, message from outbox")).all()
    parts = {row.purpose: message_from_bytes(row.message, policy=default).get_body(("plain",)) for row in rows}
    return {purpose: part.get_content() for purpose, part in parts.items() if part is not None}


def steps(ctx: Context, week: str, figure_id: str) -> list[tuple[str | None, str | None, str]]:
    lines = roll_up_week(ctx, week)["revisions"]
    return [(line["old"], line["new"], line["reason"]) for line in lines if line["figure_id"] == figure_id]


def test_a_week_corrected_after_the_following_edition_left_gets_an_edition_and_the_next_mail_opens_with_it(
    ctx: Context,
) -> None:
    for week in (W48, W49):
        load(ctx, week, 1200)
        publish_week(ctx, week, send=True)
    load(ctx, W48, 1020, **CORRECTION)
    (renewed,) = renew_editions(ctx, W49)
    assert (renewed["week"], renewed["edition"], renewed["published"]) == (W48, 2, True)
    assert renew_editions(ctx, W49) == []
    load(ctx, W50, 7)
    publish_week(ctx, W50, send=True)
    assert sorted(mails(ctx)) == [f"edition/{W48}/1", f"edition/{W49}/1", f"edition/{W50}/1"], "no mail of its own"
    opening, _, rest = mails(ctx)[f"edition/{W50}/1"].partition("要处理")
    assert "更正" in opening
    assert "1200人 → 1020人(更正)" in opening
    assert rest
    html = ctx.bucket.read(f"reports/{W50}/edition-1/summary.html").decode()
    assert html.index("1020人") < html.index("要处理")
    assert edition_known_at(ctx, W50, datetime.fromisoformat("2030-01-01T00:00+08:00")).document["revisions"] == []


def test_what_a_mail_has_told_the_next_one_does_not_open_with(ctx: Context) -> None:
    for week in (W48, W49):
        load(ctx, week, 1200)
        publish_week(ctx, week, send=True)
    load(ctx, W48, 1020, **CORRECTION)
    load(ctx, W50, 7)
    publish_week(ctx, W50, send=True)
    assert "1200人 → 1020人(更正)" in mails(ctx)[f"edition/{W50}/1"]
    assert [edition["week"] for edition in renew_editions(ctx, W50)] == [W48], "the week's own edition says it as well"
    load(ctx, "2024-W51", 8)
    publish_week(ctx, "2024-W51", send=True)
    assert "更正" not in mails(ctx)["edition/2024-W51/1"]


def test_a_mail_that_leaves_later_is_the_edition_as_it_was_published(ctx: Context) -> None:
    load(ctx, W48, 1200)
    publish_week(ctx, W48, send=True)
    load(ctx, W49, 5)
    edition = publish_week(ctx, W49, send=False)
    load(ctx, W48, 1020, **CORRECTION)
    mail_edition(ctx, W49, edition["edition"])
    assert "1020" not in mails(ctx)[f"edition/{W49}/1"]
    load(ctx, W50, 7)
    publish_week(ctx, W50, send=True)
    assert "1200人 → 1020人(更正)" in mails(ctx)[f"edition/{W50}/1"]


def test_the_eight_weeks_before_are_looked_at_and_only_those_that_were_published(ctx: Context) -> None:
    for week in ("2024-W41", "2024-W42", W45):
        load(ctx, week, 100)
        publish_week(ctx, week, send=False)
    for week in ("2024-W41", "2024-W42", "2024-W44", W45):
        load(ctx, week, 90, union_id="620300")
    renewed = [(edition["week"], edition["edition"]) for edition in renew_editions(ctx, W50)]
    assert renewed == [("2024-W42", 2), (W45, 2)]


def gate_mails(ctx: Context) -> list[tuple[str, str]]:
    with ctx.engine.connect() as connection:
        rows = connection.execute(text("select purpose, recipient from outbox where purpose like 'alert/%'")).all()
    return sorted((row.purpose, row.recipient) for row in rows)


def test_an_earlier_week_that_the_gate_holds_is_told_to_the_engineers_once_and_leaves_when_the_reason_is_gone(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ctx.settings.recipients is not None
    with ctx.settings.recipients.open("a", encoding="utf-8") as lines:
        lines.write("engineer@x.example,值班,engineer,\n")
    load(ctx, W48, 1200)
    publish_week(ctx, W48, send=False)
    load(ctx, W48, 1020, **CORRECTION)
    unclean = {"ok": False, "differences": [{}]}
    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.operations.weeks.reconciling.reconcile_at_rest", lambda *_: unclean)
        for _ in range(2):
            (held,) = renew_editions(ctx, W49)
            assert (held["week"], held["held"]) == (W48, True)
        assert gate_mails(ctx) == [(f"alert/gate/{W48}/2024-12-09", "engineer@x.example")]
    (renewed,) = renew_editions(at(ctx, "2025-02-24T18:00+08:00"), "2025-W08")
    assert (renewed["week"], renewed["edition"], renewed["published"]) == (W48, 2, True)
    assert renew_editions(at(ctx, "2025-03-03T18:00+08:00"), "2025-W09") == []


def test_a_county_that_moves_changes_published_figures_by_a_change_of_unions(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ctx, W49, 10)
    with ctx.engine.begin() as connection:
        county = activity("义诊", figures={"people_served": 70}, reporting_union_id="620402")
        report(connection, "620402", W49, [county])
    load(ctx, W49, 5, union_id="620300")
    publish_week(ctx, W49, send=False)
    listed = codes()
    unions = {**listed.unions.list.entries, "620402": replace(listed.unions.list["620402"], parent_id="620300")}
    moved = replace(listed, unions=UnionTree(CodeList(unions, listed.unions.list.by_label)))

    def load_moved(connection: Any) -> None:
        load_union_tree(connection, moved, changes_from=date(2024, 11, 4))

    replace_everywhere(monkeypatch, "nuanliu.warehouse.schema.reference_data.load_union_tree", load_moved)
    initialise(ctx)
    assert steps(ctx, W49, f"{W49}/{PEOPLE}") == [("80", "10", "单位变动")]
    assert steps(ctx, W49, f"{W49}/620300/all/people_served/event") == [("5", "75", "单位变动")]
    assert steps(ctx, W49, f"{W49}/620000/all/people_served/event") == []


def test_a_change_that_no_file_is_behind_is_a_new_rollup_and_no_file_of_before_is_named(ctx: Context) -> None:
    load(ctx, W49, 1200)
    publish_week(ctx, W49, send=False)
    load(ctx, W49, 1020, **CORRECTION)
    with ctx.engine.begin() as connection:
        connection.execute(text("update stored_measure set value_cents = 102100"))
    assert steps(ctx, W49, f"{W49}/{PEOPLE}") == [("1200", "1020", "更正"), ("1020", "1021", "重新汇总")]


def test_the_id_of_a_figure_that_went_away_says_what_it_was(ctx: Context) -> None:
    load(ctx, W49, 1200)
    publish_week(ctx, W49, send=False)
    with ctx.engine.begin() as connection:
        loaded = report(connection, "620400", W49, [activity(figures={"sessions": 1})], **CORRECTION)
    with pytest.raises(FigureGone, match="published as 1200") as raised:
        trace(ctx, f"{W49}/{PEOPLE}")
    assert (raised.value.reason, raised.value.receipt_no) == ("更正", loaded.receipt.receipt_no)


def test_a_sum_has_no_upper_bound(ctx: Context) -> None:
    """Rows that stood before single figures had one: twelve of them exceeded what the marts could hold."""
    rows = [activity(f"拨款{number}", figures={"funds_total": 9 * 10**14}) for number in range(12)]
    with ctx.engine.begin() as connection:
        report(connection, "620400", W49, rows)
    load(ctx, W49, 5, union_id="620300")
    assert publish_week(ctx, W49, send=True)["published"]
    (total,) = [
        figure["value"]
        for figure in roll_up_week(ctx, W49)["figures"]
        if figure["figure_id"] == f"{W49}/620000/all/funds_total/event"
    ]
    assert total == str(12 * 9 * 10**14)
    assert "1080000000000.00万元" in mails(ctx)[f"edition/{W49}/1"]


@contextmanager
def refusing(ctx: Context, monday: str) -> Iterator[None]:
    """No figure of a week can be written meanwhile: what is loaded then waits for its roll-up."""
    with ctx.engine.begin() as connection:
        connection.execute(
            text(
                "create or replace function refuse() returns trigger language plpgsql as $$ begin "
                f"if new.week_start = '{monday}' then raise sqlstate '22003'; end if; return new; end $$"
            )
        )
        connection.execute(
            text("create trigger refuse before insert on mart_week_figure for each row execute function refuse()")
        )
    yield
    with ctx.engine.begin() as connection:
        connection.execute(text("drop trigger refuse on mart_week_figure"))


PROVINCE = PEOPLE.replace("620400", "620000")
OF_620300 = PEOPLE.replace("620400", "620300")


@pytest.mark.parametrize("known", ["neither", "the second"])
def test_where_two_files_waited_for_one_roll_up_a_figure_that_both_may_have_changed_has_no_guessed_reason(
    ctx: Context, known: str
) -> None:
    load(ctx, W49, 1200)
    load(ctx, W49, 5, union_id="620300")
    publish_week(ctx, W49, send=False)

    def add_to_the_other() -> None:
        with ctx.engine.begin() as connection:
            more = [activity("义诊", figures={"people_served": 2})]
            report(connection, "620300", W49, more, submission_type=SubmissionType.SUPPLEMENT)

    with refusing(ctx, "2024-12-02"):
        load(ctx, W49, 1020, **CORRECTION)
        if known == "neither":
            add_to_the_other()
    if known == "the second":
        add_to_the_other()
    assert steps(ctx, W49, f"{W49}/{OF_620300}") == [("5", "7", "补报")]
    assert steps(ctx, W49, f"{W49}/{PROVINCE}") == [("1205", "1027", "原因不明")]
    assert steps(ctx, W49, f"{W49}/{PEOPLE}") == [("1200", "1020", "更正")]


def test_a_file_that_changed_nothing_published_is_not_named_for_what_no_file_changed(ctx: Context) -> None:
    load(ctx, W49, 1200)
    publish_week(ctx, W49, send=False)
    with ctx.engine.begin() as connection:
        more = [activity("义诊", figures={"sessions": 2})]
        report(connection, "620400", W49, more, submission_type=SubmissionType.SUPPLEMENT)
    with ctx.engine.begin() as connection:
        connection.execute(text("update stored_measure set value_cents = 120100 where value_cents = 120000"))
    assert steps(ctx, W49, f"{W49}/{PEOPLE}") == [("1200", "1201", "重新汇总")]


def test_a_week_that_cannot_be_rolled_up_says_so_and_stops_neither_a_load_nor_another_week(ctx: Context) -> None:
    for week in (W48, W49):
        load(ctx, week, 100)
        publish_week(ctx, week, send=False)
    with refusing(ctx, "2024-11-25"):
        later = datetime.fromisoformat("2024-12-10T10:00+08:00")
        load(ctx, W48, 90, received_at=later, **CORRECTION)
        load(ctx, W49, 90, **CORRECTION)
        with pytest.raises(WeekNotRolledUp, match=W48):
            publish_week(ctx, W48, send=False)
        with pytest.raises(WeekNotRolledUp, match=W48):
            renew_editions(ctx, W50)
        assert steps(ctx, W49, f"{W49}/{PEOPLE}") == []
        assert edition_known_at(ctx, W49, datetime.fromisoformat("2030-01-01T00:00+08:00")).number == 2
    assert steps(ctx, W48, f"{W48}/{PEOPLE}") == [("100", "90", "更正")]
