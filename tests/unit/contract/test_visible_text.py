"""No text that others wrote acts on a terminal, breaks a line of a log or hides in a label."""

from __future__ import annotations

import json

import pytest

from nuanliu.contract.visible_text import visible, visible_json, visible_lines

ACTING = [
    "\r",
    "\n",
    "\x1b[31m",
    "\x07",
    "\x00",
    "\x7f",
    "\x9b2J",
    "\x85",
    "\u202e",
    "\u2028",
    "\u2066",
    "\u200b",
    "\ufeff",
]


@pytest.mark.parametrize("acting", ACTING)
def test_what_acts_is_shown_as_its_escape(acting: str) -> None:
    text = f"周报{acting}.xlsx"
    assert visible(text).isprintable()
    assert visible(text).startswith("周报\\")
    assert visible(text).endswith(".xlsx")


@pytest.mark.parametrize("acting", ACTING)
def test_lines_of_ours_stay_lines(acting: str) -> None:
    shown = visible_lines(f"一\n二{acting}三")
    assert shown.startswith("一\n二")
    assert all(line.isprintable() for line in shown.split("\n"))
    assert len(shown.split("\n")) == 2 + (acting == "\n")


@pytest.mark.parametrize("acting", ACTING)
def test_json_means_the_same_and_holds_nothing_that_acts(acting: str) -> None:
    document = {"key": f"周报{acting}.xlsx", "lines": ["a\tb", acting]}
    shown = visible_json(json.dumps(document, ensure_ascii=False, indent=2))
    assert json.loads(shown) == document
    assert all(line.isprintable() for line in shown.split("\n"))


@pytest.mark.parametrize("text", ["周报(第49周) – 白银市.xlsx", "a b\u3000c", "报表—2.xlsx", "👍🏽.xlsx", "é.csv"])
def test_ordinary_names_are_left_alone(text: str) -> None:
    assert visible(text) == visible_lines(text) == visible_json(text) == text
