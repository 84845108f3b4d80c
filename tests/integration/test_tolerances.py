"""A tolerance answers one rule's queries of one union, up to a value and a day; then the union is asked again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.weekly_workbook import answer, found, workbook
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.errors import UsageError
from nuanliu.operations.decisions.tolerances import add_tolerance, end_tolerance, tolerances
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

RULE = "row.measure.over_limit"
GIVEN: dict[str, Any] = {
    "union_id": "620400",
    "rule": RULE,
    "measure": "服务人数",
    "limit": "95000000",
    "reason": "按全省职工总数填报",
    "person": "王工",
    "expires": "2024-12-16",
}


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def people(count: int) -> bytes:
    return workbook([("职工健康普查", "健康体检", None, None, "累计", "2024-01-01", count, None, None)])


def asked(receipt: dict[str, Any]) -> dict[str, Any]:
    (finding,) = found(receipt, RULE)
    return finding


def test_a_tolerance_answers_up_to_its_value_until_its_day_and_says_why(ctx: Context) -> None:
    (given,) = add_tolerance(ctx, **GIVEN)["tolerances"]
    assert (given["state"], given["measure"], given["limit"]) == ("running", "people_served", "95000000.00")
    passed = answer(ctx, "2024-W49", people(90_000_000))
    assert (asked(passed)["severity"], passed["rows"]["accepted"]) == ("info", 1)
    assert "按全省职工总数填报;2024-12-16 以前有效" in asked(passed)["message"]
    assert asked(answer(ctx, "2024-W50", people(96_000_000)))["severity"] == "query"
    assert asked(answer(ctx, "2024-W50", people(94_000_000)))["severity"] == "info"  # 16 December is its last day
    assert asked(answer(ctx, "2024-W51", people(93_000_000)))["severity"] == "query"


def test_a_tolerance_is_of_one_union_and_can_be_ended(ctx: Context) -> None:
    (given,) = add_tolerance(ctx, **GIVEN)["tolerances"]
    assert asked(answer(ctx, "2024-W49", people(90_000_000), union_id="620300"))["severity"] == "query"
    (ended,) = end_tolerance(ctx, given["tolerance_id"], person="李工")["tolerances"]
    assert (ended["state"], ended["ended_by"]) == ("ended", "李工")
    assert asked(answer(ctx, "2024-W50", people(90_000_000)))["severity"] == "query"
    with pytest.raises(UsageError, match="no running tolerance"):
        end_tolerance(ctx, given["tolerance_id"], person="李工")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rule": "row.category.unknown"}, "never released"),
        ({"rule": "row.none"}, "no rule"),
        ({"measure": "服务人"}, "unknown measure"),
        ({"measure": None}, "--limit needs --measure"),
        ({"limit": "很多"}, "not a number"),
        ({"limit": "NaN"}, "zero or more"),
        ({"expires": "2024-12-08"}, "between today"),
        ({"expires": "2034-12-08"}, "between today"),
        ({"expires": "明年"}, "not a day"),
        ({"reason": " "}, "--reason"),
        ({"union_id": "999999"}, "unknown union"),
        ({"rule": "set.key.repeated"}, "count activities twice"),
    ],
)
def test_a_tolerance_that_makes_no_sense_is_refused(ctx: Context, change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        add_tolerance(ctx, **{**GIVEN, **change})
    assert tolerances(ctx)["tolerances"] == []


def test_the_commands_give_list_and_end(warehouse_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", warehouse_dsn)
    monkeypatch.setenv("NUANLIU_NOW", "2024-12-09T09:00+08:00")

    def call(*arguments: str) -> Any:
        result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
        assert result.exit_code == 0
        return json.loads(result.stdout)

    options = [
        part for name, value in GIVEN.items() if name not in ("union_id", "expires") for part in (f"--{name}", value)
    ]
    (given,) = call("tolerance", "add", "--union", "620400", "--until", GIVEN["expires"], *options)["tolerances"]
    assert call("tolerance", "list")["tolerances"] == [given]
    (ended,) = call("tolerance", "end", str(given["tolerance_id"]), "--person", "李工")["tolerances"]
    assert ended["state"] == "ended"
    assert call("proposals", "list")["proposals"] == []
