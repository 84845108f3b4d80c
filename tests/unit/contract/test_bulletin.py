from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nuanliu.contract.bulletin import FILE, bulletin_words, read_bulletin_words
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR


def written(folder: Path, **changed: Any) -> Path:
    """The project's own file with some of it otherwise; None leaves an entry out."""
    data = {**yaml.safe_load((INCLUDE_DIR / "contracts" / FILE).read_text("utf-8")), **changed}
    path = folder / FILE
    path.write_text(yaml.safe_dump({name: each for name, each in data.items() if each is not None}), "utf-8")
    return path


def test_the_projects_own_words_can_be_read() -> None:
    words = bulletin_words()
    assert words.name
    assert words.printer
    assert words.number.format(number=49, year=2024) == "第49期"


def test_lists_may_be_empty_and_any_names_stand_in_them(tmp_path: Path) -> None:
    words = read_bulletin_words(written(tmp_path, report_to=[], copy_to=["甲", "乙"]))
    assert (words.report_to, words.copy_to) == ((), ("甲", "乙"))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": None}, "write copy_to, incomplete, issuer, name"),
        ({"colour": "red"}, "write copy_to, incomplete, issuer, name"),
        ({"number": "第{issue}期"}, r"nothing fills \{issue\}"),
        ({"title": ["{week}", "{year}年"]}, r"title: nothing fills \{year\}"),
        ({"problems": {"none": "x"}}, "problems says none; write held, late, missing, none, returned"),
        ({"incomplete": "{count}"}, "it takes nothing"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_what_to_write(
    tmp_path: Path, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(BrokenContract, match=told):
        read_bulletin_words(written(tmp_path, **changed))
