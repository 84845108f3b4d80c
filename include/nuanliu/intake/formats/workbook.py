"""A file as a grid of texts, before anything is understood. What the readers return and recognition starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.errors import Permanent


@dataclass(frozen=True)
class MergedRange:
    """A merged area; rows and columns 1-based, ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Drawn:
    """What lies on a sheet and not in its cells. ``texts``: paragraphs of text boxes and shapes."""

    texts: tuple[str, ...] = ()
    has_pictures: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet as texts.

    ``grid``: one row per sheet row from the first to the last used one, one column per sheet column from A to the last
        used one; columns are labelled by letter (A, B, …), the index is the 1-based sheet row (CSV: record number, blank
        lines counted), rising. Blank rows inside are kept, but a run of more than a thousand of them is left out (the
        index jumps), so look rows up by label, never by position. A sheet without values has no rows and no columns.
        Values are str, never NaN: "" is empty. Numbers are written as a person would see them unformatted (1425, 35.9,
        no .0), at most 15 significant digits; dates as 2024-12-03, date-times as 2024-12-03 14:30 (seconds only when not
        zero), times alone as 14:30; booleans TRUE/FALSE; errors as Excel shows them (#REF!). Line breaks are single LF.
    ``merged``: merged areas; only what stands top left is shown and in ``grid``. ``covered``: what stands under the rest of
        them, a grid of the rows and columns that have such cells. ``hidden_rows``/``hidden_columns``: hidden or filtered out.
    ``uncomputed``: cells (address) that hold a formula without a stored value; their text is "". ``struck``: cells whose
        text is struck through, in part or whole. ``percent``: numeric cells shown as a percentage (the text is the stored
        number: 0.81). ``numeric_dates``: address → ISO date that a whole number in a cell without a date format would be as
        an Excel serial, the 1904 system applied; only for numbers that would fall in 2000–2050. A date column takes it, every
        other column keeps the number in the grid. ``decimals``: number cells such as 12.3 or 2024.1, which in a date column may
        be a day that the sheet took for a number (M65). ``errors``: cells that hold an error value, not a text that looks like
        one. ``comments``: address → comment text. ``drawn``: what lies on the sheet beside its cells. ``void_rows``: rows
        in a colour that a line of the sheet itself calls void.
    """

    name: str | None
    grid: pd.DataFrame
    is_visible: bool = True
    merged: tuple[MergedRange, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    uncomputed: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    percent: frozenset[str] = frozenset()
    numeric_dates: Mapping[str, str] = field(default_factory=dict)
    decimals: frozenset[str] = frozenset()
    errors: frozenset[str] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)
    drawn: Drawn = Drawn()
    void_rows: frozenset[int] = frozenset()
    covered: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Workbook:
    """A whole file.

    ``kind``: xlsx (xlsm too), xls or csv. ``has_external_links``: other workbooks, data connections, DDE or embedded
    objects; none was followed. ``encoding``, ``separator``: CSV only. ``ragged_rows``: CSV records that do not have as many
    fields as the header (blank records left out; titles and notes may be among them). ``properties``: document properties,
    for the personal-data scan. ``zipped_as``: its name inside the zip it came in. ``lost_sheets``: names of sheets whose
    content is not in the file or is broken.
    ``open_workbook.workbook_findings`` gives the warnings that concern the file as a whole.
    """

    kind: str
    sheets: tuple[Sheet, ...]
    has_macros: bool = False
    has_external_links: bool = False
    encoding: str | None = None
    separator: str | None = None
    ragged_rows: frozenset[int] = frozenset()
    properties: Mapping[str, str] = field(default_factory=dict)
    zipped_as: str | None = None
    lost_sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be read at all. ``rule`` is a ``file.*`` rule id; ``words`` fill its text."""

    rule: str
    words: Mapping[str, object] = field(default_factory=dict)

    def finding(self) -> Finding:
        """The refusal as the file-level finding of its receipt."""
        return rule_registry()[self.rule].finding(**self.words)  # type: ignore[arg-type]


class Refused(Permanent):
    """Raised inside the readers for a file that cannot be read; ``read_workbook`` turns it into its ``Refusal``."""

    def __init__(self, rule: str, **words: object) -> None:
        super().__init__(f"{rule}: {words}")
        self.refusal = Refusal(rule, words)

    def __reduce__(self) -> tuple[object, tuple[str, Mapping[str, object]]]:
        return (_refuse, (self.refusal.rule, self.refusal.words))


def _refuse(rule: str, words: Mapping[str, object]) -> Refused:
    return Refused(rule, **words)
