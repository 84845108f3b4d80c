"""What must hold for every file, whatever was done to it."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.corpus.personal_numbers import secret_part
from tests.corpus.written import EMPTY

from nuanliu.domain.checked import RowStatus
from nuanliu.domain.exactness import EXACTNESS_CODES
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.drops.check_drop import Drop, check_drop
from nuanliu.operations.drops.drop_path import drop_key, read_drop_path

if TYPE_CHECKING:
    import pandas as pd
    from tests.corpus.generating import CorpusFile

    from nuanliu.domain.checked import CheckedDrop

ARRIVAL = datetime.fromisoformat("2024-12-09T09:00:00+08:00")


@dataclass
class Verdict:
    """What became of one file. ``broken``: the properties it breaks; ``strict``: why a tidy file was not let through."""

    status: str = ""
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)
    strict: list[str] = field(default_factory=list)
    accepted: int = 0
    figures: int = 0


def judge(file: CorpusFile) -> Verdict:
    """Check one file as the intake does and hold the answer against what was written."""
    draft = file.draft
    key = drop_key(draft.union_id, draft.file_name, week=draft.path_week, is_trial=False)
    drop = Drop(file.data, read_drop_path(key), mask_text(key), ARRIVAL)
    verdict = Verdict()
    started = time.perf_counter()
    try:
        checked = check_drop(drop, lambda _: None)
    except Exception as error:  # noqa: BLE001 - that none leaves the intake is what is tested
        verdict.broken.append(f"raised {type(error).__name__}: {error}")
        return verdict
    verdict.seconds = time.perf_counter() - started
    verdict.status = checked.receipt.status
    verdict.broken += [*_receipt(checked, file), *_rows(checked, file)]
    accepted = checked.row_status == str(RowStatus.ACCEPTED)
    verdict.accepted = int(accepted.sum())
    verdict.figures = int(checked.submission.figures["row_id"].isin(accepted[accepted].index).sum())
    if draft.must_pass and not verdict.status.startswith("accepted"):
        grave = [f for f in checked.receipt.findings if f.severity.rank < 2]
        verdict.strict = [f"{f.rule} {f.cell or ''} {f.value!r}" for f in grave]
    return verdict


def _receipt(checked: CheckedDrop, file: CorpusFile) -> list[str]:
    """A receipt that can be written, whose rows add up, without a planted number."""
    receipt = checked.receipt
    text = json.dumps(receipt.as_json(), ensure_ascii=False)
    digits = re.sub(r"[^0-9X]", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    broken = []
    if not receipt.rows.is_identity_kept:
        broken.append(f"rows do not add up: {receipt.rows}")
    if receipt.status not in {"accepted", "accepted_with_warnings"} and not receipt.findings:
        broken.append(f"{receipt.status} without a finding")
    for finding in receipt.findings:
        if not finding.message or not finding.fix or "{" in finding.rule:
            broken.append(f"{finding.rule} says nothing")
    twice = Counter((f.rule, f.sheet, f.cell) for f in receipt.findings if f.cell)
    broken += [f"{rule} twice at {sheet} {cell}" for (rule, sheet, cell), count in twice.items() if count > 1]
    # what stands in the foot is read to be told from activities, and goes no further
    stored = checked.submission.rows[checked.submission.rows["row_class"] == "activity"]
    frames = stored.to_json(force_ascii=False, date_format="iso") + checked.submission.figures.to_json(
        force_ascii=False, date_format="iso"
    )
    for number in file.draft.planted:
        if secret_part(number) in digits or number in text:
            broken.append(f"the receipt shows {number}")
        if secret_part(number) in frames:
            broken.append(f"the rows hold {number}")
    if file.draft.is_refused and receipt.rows.accepted:
        broken.append(f"{receipt.rows.accepted} rows of a file accepted that must be held or rejected")
    return broken


def _rows(checked: CheckedDrop, file: CorpusFile) -> list[str]:
    """Every accepted row is an activity that was written, with exactly the figures that were written."""
    if file.draft.rewritten:
        return []
    submission = checked.submission
    rows = submission.rows[checked.row_status == str(RowStatus.ACCEPTED)]
    figures = submission.figures
    broken: list[str] = []
    twins: Counter[int] = Counter()
    for row in rows.itertuples():
        place = (None if row.sheet != row.sheet else mask_back(str(row.sheet), file), int(row.row))
        said = file.said.get(place)
        if said is None or not said.row.may_be_accepted:
            broken.append(f"row {place} was accepted: {said.row if said else 'not a row of the table'}")
            continue
        if (
            said.row.twin is not None and not said.row.cells.get("explanation", EMPTY).content
        ):  # 说明 releases a set.* query
            twins[said.row.twin] += 1
        broken += _figures(figures[figures["row_id"] == row.row_id], said.figures, place)
        week = row.counts_week.date()
        for what, got, wanted in (
            ("week", week, said.row.weeks),
            ("union", row.organizer_union_id, {said.row.union_id}),
            ("category", row.category_id, {said.row.category_id}),
        ):
            if got not in wanted:
                broken.append(f"row {place}: {what} {got}, written {sorted(map(str, wanted))}")
    if not file.draft.is_long:
        broken += [f"row {twin} was accepted {count} times" for twin, count in twins.items() if count > 1]
    return broken


def mask_back(sheet: str, file: CorpusFile) -> str:
    """The sheet as the file names it: rows may carry its masked name."""
    return file.draft.sheet_name if sheet == mask_text(file.draft.sheet_name) else sheet


def _figures(
    loaded: pd.DataFrame, said: dict[str, tuple[str, Decimal, str]], place: tuple[str | None, int]
) -> list[str]:
    got = {
        row.cell: (row.measure_id, Decimal(int(row.value_cents)) / 100, str(EXACTNESS_CODES[row.exactness]))
        for row in loaded.itertuples()
    }
    return [
        f"{place} {cell}: read {got.get(cell)}, written {said.get(cell)}"
        for cell in sorted({*got, *said})
        if got.get(cell) != said.get(cell)
    ]
