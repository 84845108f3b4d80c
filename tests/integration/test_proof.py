"""``nuanliu proof`` beside a published edition: what is wrong is named and ends with exit 1."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import docx
import pytest
from tests.builders import activity
from tests.sql.reported import report
from tests.unit.reporting.proof.edited_copies import paragraphs, rewrite
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import UsageError
from nuanliu.operations.weeks.known_at import NoEdition
from nuanliu.operations.weeks.proofing import proof
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

WEEK = "2024-W49"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def ctx(ctx: Context, loads_without_a_bucket: None) -> Context:
    """One union reported 1425 people, and the first edition is out; loads come without a bucket."""
    publish(ctx, 1425)
    return ctx


def publish(ctx: Context, people: int, submission_type: SubmissionType = SubmissionType.FIRST) -> None:
    with ctx.engine.begin() as connection:
        report(
            connection, "620400", WEEK, [activity(figures={"people_served": people})], submission_type=submission_type
        )
    assert publish_week(ctx, WEEK, send=False)["published"]


def copy_of(ctx: Context, path: Path, edition: int = 1, **changed: str) -> Path:
    """A file with the edition's bulletin, ``old="1425人", new="1452人"`` changed in it."""
    document = docx.Document(BytesIO(ctx.bucket.read(f"reports/{WEEK}/edition-{edition}/summary.docx")))
    if changed:
        paragraph = next(each for each in paragraphs(document) if changed["old"] in each.text)
        rewrite(paragraph, paragraph.text.replace(changed["old"], changed["new"]))
    document.save(path)
    return path


def wrong(ctx: Context, file: Path, edition: int | None = None) -> list[tuple[str, str | None, str | None]]:
    answer = proof(ctx, file, WEEK, edition)
    return [(n["text"], n["expected"], n["figure_id"]) for n in answer["numbers"] if n["verdict"] == "differs"]


def test_a_changed_number_is_named_with_the_right_one_and_its_figure(ctx: Context, tmp_path: Path) -> None:
    figure_id = f"{WEEK}/620000/all/people_served/event"
    assert wrong(ctx, copy_of(ctx, tmp_path / "a.docx")) == []
    changed = copy_of(ctx, tmp_path / "b.docx", old="1425人", new="1452人")
    assert wrong(ctx, changed) == [("1452人", "1425人", figure_id)]


def test_a_copy_is_held_against_the_edition_that_it_was_made_of_unless_another_is_asked_for(
    ctx: Context, tmp_path: Path
) -> None:
    first = copy_of(ctx, tmp_path / "a.docx")
    publish(ctx, 1020, SubmissionType.CORRECTION)
    assert proof(ctx, first, WEEK)["edition"] == 1
    assert wrong(ctx, first) == []
    assert ("1425人", "1020人", f"{WEEK}/620000/all/people_served/event") in wrong(ctx, first, 2)
    assert wrong(ctx, copy_of(ctx, tmp_path / "b.docx", 2)) == []


def test_what_cannot_be_held_against_a_week_is_refused_in_words(ctx: Context, tmp_path: Path) -> None:
    file = copy_of(ctx, tmp_path / "a.docx")
    with pytest.raises(UsageError, match=f"is of {WEEK}; give --week {WEEK}"):
        proof(ctx, file, "2024-W48")
    with pytest.raises(NoEdition, match="there is no edition 7"):
        proof(ctx, file, WEEK, 7)
    (tmp_path / "b.docx").write_bytes(b"%PDF-1.4")
    with pytest.raises(UsageError, match=r"save it as \.docx"):
        proof(ctx, tmp_path / "b.docx", WEEK)
    with pytest.raises(UsageError, match="cannot read"):
        proof(ctx, tmp_path / "none.docx", WEEK)
    blank = tmp_path / "c.docx"
    docx.Document().save(blank)
    with pytest.raises(NoEdition, match="no edition of it was ever published"):
        proof(ctx, blank, "2024-W30")


def test_the_command_ends_with_1_only_where_something_differs(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    @contextmanager
    def given():  # type: ignore[no-untyped-def]
        yield ctx

    monkeypatch.setattr("nuanliu.cli.proof.command_context", given)
    good, bad = copy_of(ctx, tmp_path / "a.docx"), copy_of(ctx, tmp_path / "b.docx", old="1425人", new="1425户")
    ran = CliRunner().invoke(app, ["proof", str(good), "--week", WEEK, "--json"])
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["schema"] == "nuanliu.proof/1"
    ran = CliRunner().invoke(app, ["proof", str(bad), "--week", WEEK])
    assert ran.exit_code == 1
    assert "1425户,应为 1425人" in ran.stdout
    assert "不符 1 处" in ran.stdout
