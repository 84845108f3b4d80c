"""What to say when no sheet has a header of ours: where was looked, which row came nearest, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from nuanliu.contract.input_contract import Column, input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.tables.header_labels import read_header
from nuanliu.intake.tables.our_tables import count_known, known_texts
from nuanliu.intake.values.unique_texts import clean_text

_ALIKE = 0.5
_MISSPELT = 0.7
"""How much like a required column a row's word must be where the row has no word that is known."""
_LONGEST_HEADER = 20
_MOST_NAMED = 8
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A row that may be meant as a header: its texts by letter, and which of them are known."""

    sheet: Sheet
    row: int
    texts: Mapping[str, str]
    known: Mapping[str, str]


def describe_missing_header(
    looked_at: Sequence[Sheet], passed_over: Sequence[str], aliases: Aliases = NO_ALIASES
) -> dict[str, Any]:
    """The words of ``file.header.missing``: ``looked`` (sheets), ``candidate`` (the row that came nearest, "" for none).

    ``passed_over``: names of sheets that are not read because of their names. Of the cells only headers are quoted that are
    known or look like a required one, never what else may stand there.
    """
    names = _quoted([sheet.name or "" for sheet in looked_at])
    looked = f"工作表{names}" if names else "文件" if looked_at else "可见的、有内容的工作表"
    if passed_over:
        looked += f"(工作表{_quoted(passed_over)}按名称不读)"
    rows = [row for sheet in looked_at for row in _rows(sheet, aliases)]
    candidates = [row for row in rows if row.known] or [row for row in rows if _is_misspelt(row)]
    best = max(candidates, key=lambda each: (len(each.known), len(each.texts), -each.row), default=None)
    return {"looked": looked, "candidate": "" if best is None else _described(best, aliases)}


def looks_like_a_table(sheet: Sheet, aliases: Aliases = NO_ALIASES) -> bool:
    """Whether a sheet without a header of ours has a row of several words that we know all the same."""
    return any(len(row.known) >= _SEVERAL for row in _rows(sheet, aliases))


def _rows(sheet: Sheet, aliases: Aliases) -> list[_Candidate]:
    """The rows at the top of a sheet, with what is known of them; a line 单位:万元 or a title has one cell only."""
    found = []
    for row, values in sheet.grid.loc[: int(input_contract().limits["header_search_rows"])].iterrows():
        texts = {str(letter): text for letter, value in values.items() if (text := clean_text(str(value)))}
        texts = {letter: text for letter, text in texts.items() if len(text) <= _LONGEST_HEADER}
        if len(texts) < 2:
            continue
        stacks = {letter: (text,) for letter, text in texts.items()}
        known = known_texts(stacks, aliases) if count_known(stacks, aliases) else {}
        found.append(_Candidate(sheet, int(str(row)), texts, known))
    return found


def _is_misspelt(row: _Candidate) -> bool:
    """Whether a row without a known word has one for every required column that is nearly its name: 活动名成, 活动累别."""
    return all(_nearest(column, row)[1] >= _MISSPELT for column in _required())


def _required() -> list[Column]:
    return [column for column in input_contract().columns.values() if column.required]


def _described(candidate: _Candidate, aliases: Aliases) -> str:
    ids = {
        label.id for text in candidate.known.values() if (label := read_header((text,), is_long=False, aliases=aliases))
    }
    missing = [_lacking(column, candidate) for column in _required() if column.id not in ids]
    where = f"“{candidate.sheet.name}”第{candidate.row}行" if candidate.sheet.name else f"第{candidate.row}行"
    known = list(candidate.known.values())
    words = f"认得{_quoted(known[:_MOST_NAMED])}{'等' if len(known) > _MOST_NAMED else ''}," if known else ""
    lack = f"没有{'、'.join(missing)}" if missing else "但这些列名别的表也常用,看不出是活动表"
    return f";最像表头的是{where}:{words}{lack}"


def _lacking(column: Column, candidate: _Candidate) -> str:
    """A required column that is not there, with the header that looks most like it."""
    nearest, likeness = _nearest(column, candidate)
    if likeness < _ALIKE:
        return f"“{column.header}”(没有相近的列名)"
    return f"“{column.header}”(最接近的列名是“{nearest}”)"


def _nearest(column: Column, candidate: _Candidate) -> tuple[str, float]:
    """The unknown word of a row that looks most like a column's name, and how much."""
    spellings = [fold_label(spelling) for spelling in (column.header, *column.aliases) if len(spelling) > 2]
    unknown = [text for letter, text in candidate.texts.items() if letter not in candidate.known]
    likeness = {
        text: max(SequenceMatcher(None, fold_label(text), each).ratio() for each in spellings) for text in unknown
    }
    nearest = max(likeness, key=lambda text: likeness[text], default="")
    return nearest, likeness.get(nearest, 0.0)


def _quoted(names: Sequence[str]) -> str:
    return "".join(f"“{name}”" for name in dict.fromkeys(names) if name)
