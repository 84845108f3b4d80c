"""A warehouse that was filled by an earlier program knows, once upgraded, what its editions have shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text
from tests.builders import activity
from tests.sql.reported import document, report, week

from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.marts.editions import save_edition
from nuanliu.warehouse.marts.published_figures import note_rule_changes
from nuanliu.warehouse.marts.revisions import revision_entries, untold_steps
from nuanliu.warehouse.schema.migrating import migration_config, upgrade

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

W48, W49 = "2024-W48", "2024-W49"
LATER = datetime(2024, 12, 10, 10, tzinfo=UTC)
CAMPAIGN = {"campaign_id": "care-new-employment-health"}


def published(connection: Connection) -> list[tuple[Any, ...]]:
    rows = connection.execute(text("select * from published_figure order by week_start, figure_id")).all()
    return [tuple(row) for row in rows]


def go_back(engine: Engine) -> None:
    config = migration_config()
    before = ScriptDirectory.from_config(config).get_revision("0010").down_revision
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, str(before))


def test_figures_of_every_edition_are_known_those_of_earlier_ones_as_gone(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        for of_week in (W48, W49):
            rows = [activity(figures={"people_served": (1200, "over"), "sessions": 3}, **CAMPAIGN)]
            report(connection, "620400", of_week, rows)
            save_edition(connection, document(connection, of_week), files={}, published_at=LATER)
        rows = [activity(figures={"people_served": 1020}, **CAMPAIGN)]
        report(connection, "620400", W49, rows, submission_type=SubmissionType.CORRECTION, received_at=LATER)
        save_edition(connection, document(connection, W49), files={}, published_at=LATER)
        before = published(connection)
    assert (None, None) in {row[3:] for row in before}
    go_back(warehouse)
    upgrade(warehouse)
    with warehouse.begin() as connection:
        assert published(connection) == before
        note_rule_changes(connection)
        assert untold_steps(connection, week(W49)) == []


def test_what_changed_between_the_last_edition_and_the_upgrade_is_told_with_its_reason(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        report(connection, "620400", W49, [activity(figures={"people_served": 1200})])
        save_edition(
            connection, document(connection, W49), files={}, published_at=datetime(2024, 12, 9, 10, tzinfo=UTC)
        )
        rows = [activity(figures={"people_served": 1020})]
        report(connection, "620400", W49, rows, submission_type=SubmissionType.CORRECTION, received_at=LATER)
    go_back(warehouse)
    upgrade(warehouse)
    with warehouse.begin() as connection:
        note_rule_changes(connection)
        lines = revision_entries(untold_steps(connection, week(W49)))
    assert {(line["old"], line["new"], line["reason"]) for line in lines} == {("1200", "1020", "更正")}
