"""How cells look. Named, so that thousands of cells share one look each, and whoever likes another changes it once."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

FONT = "宋体"
"""Named, not shipped; programs without it take another."""
HEAD, TEXT, LINK, NUMBER, LINKED_NUMBER, TOTAL = (
    "周报表头",
    "周报文字",
    "周报链接",
    "周报数字",
    "周报数字链接",
    "周报合计",
)
TITLE, SUBTITLE, SECTION, PLAIN, PLAIN_LINK, ALARM = (
    "周报标题",
    "周报副题",
    "周报小标题",
    "周报正文",
    "周报正文链接",
    "周报提醒",
)
_RED, _BLUE, _LINE = "A6192E", "1F4E9E", "C9CDD3"
_THIN = Side(style="thin", color=_LINE)
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_UNDER = Border(bottom=Side(style="medium", color=_RED))
_TINT = PatternFill("solid", fgColor="F3D9DC")


def add_styles(book: Workbook) -> None:
    """Make the styles known to a workbook, and their font its own."""
    book._named_styles["Normal"].font = Font(name=FONT, size=11)  # type: ignore[attr-defined]  # it has no public name
    wrapped = Alignment(vertical="center", wrap_text=True)
    at_right = Alignment(horizontal="right", vertical="center", indent=1)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for name, font, alignment, border, fill in (
        (HEAD, _font(bold=True), middle, _BOX, _TINT),
        (TEXT, _font(), wrapped, _BOX, None),
        (LINK, _font(color=_BLUE), wrapped, _BOX, None),
        (NUMBER, _font(), at_right, _BOX, None),
        (LINKED_NUMBER, _font(color=_BLUE), at_right, _BOX, None),
        (TOTAL, _font(bold=True), at_right, _BOX, _TINT),
        (TITLE, _font(size=22, bold=True, color=_RED), middle, None, None),
        (SUBTITLE, _font(size=12), middle, None, None),
        (SECTION, _font(size=12, bold=True, color=_RED), Alignment(vertical="center"), _UNDER, None),
        (PLAIN, _font(), wrapped, None, None),
        (PLAIN_LINK, _font(color=_BLUE), wrapped, None, None),
        (ALARM, _font(bold=True), wrapped, None, _TINT),
    ):
        style = NamedStyle(name=name, font=font, alignment=alignment)
        style.border = border or Border()
        style.fill = fill or PatternFill()
        book.add_named_style(style)


def _font(size: int = 11, color: str = "000000", *, bold: bool = False) -> Font:
    return Font(name=FONT, size=size, bold=bold, color=color)
