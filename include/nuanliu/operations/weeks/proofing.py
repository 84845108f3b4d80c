"""Hold a 简报 that the office has edited against the edition that it was made of."""

from __future__ import annotations

from pathlib import Path

from nuanliu.domain import schemas
from nuanliu.domain.documents import ProofDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import Permanent, UsageError
from nuanliu.operations.context import Context
from nuanliu.operations.weeks.known_at import edition_numbered
from nuanliu.reporting.proof.proving import open_bulletin, prove
from nuanliu.reporting.summary.bulletin.figure_marks import EditionMarks, read_marks
from nuanliu.warehouse.marts.editions import Edition, latest_edition

_FORM = "summary.docx"


class EditionUnreadable(Permanent):
    """The file of an edition that a copy is to be held against is no Word document any more."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is no readable Word document; `nuanliu reconcile` says what became of it")
        self.key = key

    def __reduce__(self) -> tuple[type[EditionUnreadable], tuple[str]]:
        return (EditionUnreadable, (self.key,))


def proof(ctx: Context, file: Path, week: str, edition: int | None = None) -> ProofDocument:
    """The ``nuanliu.proof/1`` document. Without ``edition`` the one that the copy says it is of, else the last of the week.

    Raises: InvalidWeek, UsageError for a file that cannot be read, is no .docx or says that it is of another week, NoEdition,
    EditionUnreadable.
    """
    asked = ReportingWeek.parse(week)
    copy = open_bulletin(_bytes_of(file))
    if copy is None:
        raise UsageError(f"{file} is no Word document; save it as .docx and give that")
    said = read_marks(copy)
    if said is not None and said.week != str(asked):
        raise UsageError(f"{file} is of {said.week}; give --week {said.week}")
    found = _edition(ctx, asked, edition, said)
    key = next(key for key in found.files if key.endswith(f"/{_FORM}"))
    original = open_bulletin(ctx.bucket.read(key))
    if original is None:
        raise EditionUnreadable(key)
    numbers, names = prove(original, copy)
    return {"schema": schemas.PROOF, "week": str(asked), "edition": found.number, "numbers": numbers, "names": names}


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error


def _edition(ctx: Context, week: ReportingWeek, number: int | None, said: EditionMarks | None) -> Edition:
    if number is None and said is not None:
        number = said.edition
    if number is None:
        with ctx.engine.connect() as connection:
            last = latest_edition(connection, week)
        if last is not None:
            return last
        number = 1
    return edition_numbered(ctx, str(week), number)
