"""Bulletins in LibreOffice: fifty that were only opened and saved give no alarm, and a page has 22 lines of 28 characters."""

from __future__ import annotations

import copy
import random
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from tests.rounds import rounds
from tests.unit.reporting.bulletin_weeks import PUBLISHED, RICH, RICH_NOTES, empty_summary

from nuanliu.reporting.proof.pieces import read_pieces
from nuanliu.reporting.proof.proving import prove
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.bulletin.figure_marks import MarkKeeper, read_marks
from nuanliu.reporting.summary.bulletin.page import lay_out_page
from nuanliu.reporting.summary.bulletin.rendering import render_bulletin
from nuanliu.reporting.summary.bulletin.typefaces import define_styles
from nuanliu.reporting.summary.bulletin.writing import Writer

SOFFICE, PDFTOTEXT = shutil.which("soffice"), shutil.which("pdftotext")
HAS_WRITER = SOFFICE is not None and (Path(SOFFICE).resolve().parent / "libswlo.so").is_file()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not HAS_WRITER, reason="LibreOffice Writer is not on this machine: apt-get install libreoffice-writer-nogui"
    ),
]
RESAVES = rounds(20, full=50)


def convert(folder: Path, kind: str, files: list[Path]) -> Path:
    """All files in one run of LibreOffice, with a profile of its own."""
    assert SOFFICE is not None
    out = folder / kind
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def a_week(seed: int) -> bytes:
    """The rich week with other numbers; every tenth is the empty one."""
    if seed % 10 == 9:
        return render_bulletin(empty_summary(), PUBLISHED, {})
    chance = random.Random(seed)
    document: Any = copy.deepcopy(RICH)
    for figure in document["figures"]:
        figure["value"] = str(chance.randint(1, 10 ** chance.randint(1, 7)))
        figure["exactness"] = chance.choice(["exact", "over", "under", "approx"])
    return render_bulletin(build_summary(document, RICH_NOTES), PUBLISHED, {})


@pytest.mark.timeout(1800)
def test_libreoffice_saves_a_copy_without_an_alarm(tmp_path: Path) -> None:
    originals = {f"{seed}.docx": a_week(seed) for seed in range(RESAVES)}
    files = [tmp_path / name for name in originals]
    for file in files:
        file.write_bytes(originals[file.name])
    saved = convert(tmp_path, "docx", files)
    for name, data in originals.items():
        original, again = docx.Document(BytesIO(data)), docx.Document(saved / name)
        numbers, names = prove(original, again)
        assert {each["verdict"] for each in numbers} == {"equal"}, name
        assert names == []
        assert read_marks(again) == read_marks(original), "the part with the ids is kept"
        marks = [mark for piece in read_pieces(again) for part in piece.parts for mark in part.marks]
        assert marks == [mark for piece in read_pieces(original) for part in piece.parts for mark in part.marks]


@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext is not on this machine: apt-get install poppler-utils")
def test_a_full_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    document = docx.Document()
    define_styles(document)
    lay_out_page(document)
    Writer(document, MarkKeeper()).say("工会" * 28 * 15)
    document.save(tmp_path / "full.docx")
    pdf = convert(tmp_path, "pdf", [tmp_path / "full.docx"]) / "full.pdf"
    assert PDFTOTEXT is not None
    command = [PDFTOTEXT, "-l", "1", "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line.strip().replace(" ", "") for line in text.splitlines() if "工" in line]
    assert [len(line) for line in lines] == [26, *[28] * 21], "the first line begins two characters in"
    assert "—1—" in text.replace(" ", "")
