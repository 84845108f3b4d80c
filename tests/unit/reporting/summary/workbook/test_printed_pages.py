"""The workbook as LibreOffice prints it: opened without repair, cover and charts on a page each, no page without text."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.unit.reporting.summary.workbook.whole_weeks import (
    NOTES,
    empty_week,
    opened,
    rendered,
    rich_week,
    whole_week,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROGRAMS = ("soffice", "pdftotext")
ABSENT = [program for program in PROGRAMS if shutil.which(program) is None]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(bool(ABSENT), reason=f"not on this machine: {'、'.join(ABSENT)} (libreoffice-calc, poppler-utils)")
@pytest.mark.parametrize("make", [rich_week, empty_week, whole_week])
def test_cover_and_charts_are_a_page_each_and_every_page_has_text(tmp_path: Path, make: Callable[[], object]) -> None:
    told, sources = make()  # type: ignore[misc]
    notes = {} if make is empty_week else NOTES
    (tmp_path / "summary.xlsx").write_bytes(rendered(told, notes, sources))
    pages = printed(tmp_path)
    names = [page.split()[0] for page in pages]  # the head of each page begins with its sheet's name
    sheets = opened(told, notes, sources).sheetnames
    assert list(dict.fromkeys(names)) == sheets, "every sheet in its order, and no page between that is nobody's"
    counts = Counter(names)
    assert {name: counts[name] for name in sheets if name in {"封面", "图表"}} == dict.fromkeys(
        [name for name in ("封面", "图表") if name in sheets], 1
    )
    assert all(len(page.split()) > 12 for page in pages), "a page has more than its head and foot"
    assert not any("##" in page for page in pages), "a column too narrow for its number"
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in page.replace(" ", "")


def printed(folder: Path) -> list[str]:
    """The texts of the pages of summary.xlsx there."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), "summary.xlsx"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=1500)
    text = subprocess.run(
        ["pdftotext", "-layout", "summary.pdf", "-"], cwd=folder, check=True, capture_output=True, timeout=300
    )
    return text.stdout.decode().removesuffix("\f").split("\f")
