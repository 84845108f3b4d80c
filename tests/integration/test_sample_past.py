"""Sample weeks, taken in as they arrive: every figure is what their plan adds up to, then and in the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.patching import replace_everywhere

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import UsageError
from nuanliu.operations.weeks.revision_inquiry import revisions
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.running.sample_past.oracle import expected_figures
from nuanliu.running.sample_past.planning import CORRECTION, published_at
from nuanliu.running.sample_past.playing import Past, play_past, write_past
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

UNIONS = ["620000-own", "620400", "620402", "620421", "620500", "620900", "622900"]
PAST = Past.ending(ReportingWeek.parse("2024-W10"), 3)


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def few_unions(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_everywhere(monkeypatch, "nuanliu.running.sample_past.planning.reporting_unions", lambda: UNIONS)


def own_figures(document: Any) -> dict[str, tuple[int, str]]:
    return {
        figure["figure_id"]: (int(figure["value"]), figure["exactness"])
        for figure in document["figures"]
        if (figure["scope"], figure["basis"]) == ("own", "organizer")
    }


@pytest.mark.usefixtures("few_unions")
def test_every_figure_is_what_the_plan_adds_up_to_at_its_publication_and_in_the_end(
    ctx: Context, tmp_path: Path
) -> None:
    files = PAST.files()
    assert any(file.submission_type == CORRECTION for file in files), "the weeks that are tried hold a correction"
    played = play_past(ctx, PAST)
    assert played["files"] == len(files)
    assert not {"held", "rejected"} & set(played["receipts"])
    for week in PAST.weeks:
        first = json.loads(ctx.bucket.read(f"reports/{week}/edition-1/summary.json"))
        assert own_figures(first) == expected_figures(files, week, published_at(week))
        assert own_figures(roll_up_week(ctx, str(week))) == expected_figures(files, week, published_at(PAST.last))
    assert played["editions"] > len(PAST.weeks), "what was corrected is published again"

    people = f"{PAST.first}/620000/all/people_served/event"
    (record,) = revisions(ctx, weeks=f"{PAST.first}..{PAST.last}", measure="people_served")["measures"]
    told = [int(step["value"] or 0) for step in record["figures"][0]["published"]]
    assert told[0] == expected_figures(files, PAST.first, published_at(PAST.first))[people][0]
    assert told[-1] == expected_figures(files, PAST.first, published_at(PAST.last))[people][0]

    again = play_past(ctx, PAST)
    assert (again["files"], again["editions"]) == (0, 0), "a second call finds everything published"
    with pytest.raises(UsageError, match="holds drops already"):
        play_past(ctx, Past(PAST.first, PAST.last, seed=2))

    folder = tmp_path / "written"
    assert write_past(PAST, folder)["files"] == len(list(folder.rglob("*.*"))) - 1
    oracle = json.loads((folder / "oracle.json").read_text("utf-8"))
    assert oracle[str(PAST.last)][f"{PAST.last}/620000/all/people_served/event"] == list(
        expected_figures(files, PAST.last, published_at(PAST.last))[f"{PAST.last}/620000/all/people_served/event"]
    )
    with pytest.raises(UsageError, match="not empty"):
        write_past(PAST, folder)


@pytest.mark.usefixtures("few_unions")
def test_the_week_after_comes_without_those_who_send_their_own_and_stays_open(ctx: Context) -> None:
    span = Past.ending(ReportingWeek.parse("2024-W48"), 1)
    after = span.last.shift(1)
    assert {"620500", "620900"} <= {file.union_id for file in Past(after, after).files()}
    play_past(ctx, span, open_week_without={"620900"})
    figures = own_figures(roll_up_week(ctx, "2024-W49"))
    assert not [figure_id for figure_id in figures if "/620900/" in figure_id]
    assert "2024-W49/620500/all/people_served/event" in figures
    assert not ctx.bucket.list("reports/2024-W49/")
