"""The clerks' guide says what becomes of a 更正, a 补充 and a withdrawal; its examples are played."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.integration.clerk import drop, paper, people, visit

from nuanliu.contract.code_lists import codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.template.contents import TYPE_CHOICES, template_lists
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "clerks.md").read_text("utf-8")
SECTION = GUIDE.split("## 改、补、撤")[1].split("\n## ")[0]
EXAMPLES = re.findall(r"^\| ([^|:\s]+)(?::([^|]+))? \| (\d+|没有) \|$", SECTION, re.MULTILINE)


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def rows(said: str) -> list[dict]:
    """甲 120、乙 30."""
    return [visit(活动名称=f"{name}活动", 服务人数_人=int(count)) for name, count in re.findall(r"(\S) (\d+)", said)]


def test_the_guide_has_the_examples() -> None:
    assert len(EXAMPLES) == 7


@pytest.mark.parametrize(("kind", "said", "total"), EXAMPLES)
def test_an_example_of_the_guide_ends_as_it_says(ctx: Context, kind: str, said: str, total: str) -> None:
    drop(ctx, paper(*rows("甲 120、乙 30")))
    drop(ctx, paper(*rows(said), kind=kind))
    assert (people(ctx) or "没有") == total


@pytest.mark.parametrize("word", re.findall(r"^\| [^|]+ \| (更正零报告|更正|补充) \|", SECTION, re.MULTILINE))
def test_every_type_that_the_guide_names_is_offered_by_the_template(word: str) -> None:
    assert word in template_lists(codes().unions.get("620400"), ReportingWeek.parse("2024-W49"))[TYPE_CHOICES]
