"""Our first sheet: what became of the file, and every finding with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt
from nuanliu.ooxml.addresses import address
from nuanliu.ooxml.annotations import MARK_AUTHOR
from nuanliu.reporting.export_cells import quoted_text
from nuanliu.reporting.labels import SEVERITY
from nuanliu.reporting.marking.earlier_marks import COLOURS, FILL_COLUMN, NUMBER_COLUMN
from nuanliu.reporting.marking.sheet import clean
from nuanliu.reporting.marking.styles import Styles
from nuanliu.reporting.receipts.receipt_text import rows_line, status_words, verdict
from nuanliu.reporting.row_height import LINE_HEIGHT, fitted_height

HEADER_ROW = 6
MOST_LISTED = 2000
"""More findings than anybody reads; the JSON receipt holds them all."""
_HEADER = ("问题", "怎么改", "位置", "列", "填写的值", "应为", "程度", "规则")
_WIDTHS = (44, 40, 15, 13, 14, 20, 8, 22)
_GREY_BORDER = "".join(
    f'<{side} style="thin"><color rgb="FFBFC5CE"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_BORDER = f"<border>{_GREY_BORDER}<diagonal/></border>"
_BOLD = '<font><b/><sz val="11"/><name val="宋体"/></font>'
_TITLE = '<font><b/><sz val="15"/><name val="宋体"/></font>'
_LINK = '<font><u/><sz val="11"/><color rgb="FF1F4E9E"/><name val="宋体"/></font>'
_TITLE_WIDTH = sum(_WIDTHS) - 10


@dataclass(frozen=True)
class Listed:
    """A finding on our sheet. ``link``: (sheet, cell) it leads to; ``number``, ``fill``: of the comment on that cell."""

    finding: Finding
    link: tuple[str, str] | None = None
    number: int | None = None
    fill: str = ""


def _legend(receipt: Receipt) -> str:
    """What the colours ask for. 说明 is offered only where it releases something: most queries must be mended."""
    rules = rule_registry()
    queries = [each for each in receipt.findings if each.severity is Severity.QUERY and each.rule in rules.rules]
    answerable = [each for each in queries if rules[each.rule].releasable]
    yellow = "黄色须改"
    if answerable and len(answerable) == len(queries):
        yellow = "黄色须改,数字没错的可在“说明”一格写明情况"
    elif answerable:
        yellow = "黄色须改,只有“怎么改”一栏叫写“说明”的,才可以改为写明情况"
    return f"红色须改;{yellow};蓝色请看一下,不改也已收。"


def result_sheet(receipt: Receipt, listed: Sequence[Listed], styles: Styles, namespace: str) -> str:
    """The worksheet part. ``namespace``: of the workbook, transitional or strict."""
    title, plain, bold = (
        styles.plain(font=_TITLE),
        styles.plain(),
        styles.plain(rgb="EEF1F5", font=_BOLD, border=_BORDER),
    )
    text, link = styles.plain(border=_BORDER), styles.plain(font=_LINK, border=_BORDER)
    tints = {severity: styles.plain(rgb=rgb, border=_BORDER) for severity, rgb in COLOURS.items()}
    rows = [
        _row(row, [(1, words, style)], height=size * fitted_height([words], [_TITLE_WIDTH / size]))
        for row, (words, style, size) in enumerate(
            (
                (f"{status_words(receipt)}:{verdict(receipt)}", title, 1.5),
                (rows_line(receipt), plain, 1.0),
                (f"回执号:{receipt.receipt_no or '(未编号)'}。这一页和批注、底色是{MARK_AUTHOR}加的:直接在本工作簿里改好、"
                 "保存,再投递一次即可,不用删去它们。", plain, 1.0),
                (_legend(receipt), plain, 1.0),
            ),
            start=1,
        )
    ]  # fmt: skip
    rows.append(_row(HEADER_ROW, [(column, words, bold) for column, words in enumerate(_HEADER, start=1)]))
    links = []
    for row, item in enumerate(listed[:MOST_LISTED], start=HEADER_ROW + 1):
        tint = tints[item.finding.severity]
        texts = _texts(item.finding)
        cells = [
            (column, words, tint if column in (1, 7) else link if column == 3 and item.link else text)
            for column, words in enumerate(texts, start=1)
        ]
        if item.number is not None:
            cells += [(NUMBER_COLUMN, str(item.number), 0), (FILL_COLUMN, item.fill, 0)]
        rows.append(_row(row, cells, height=fitted_height(texts, _WIDTHS)))
        if item.link:
            sheet, cell = item.link
            location = quoteattr(f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}")
            links.append(f'<hyperlink ref="{address(row, 3)}" location={location} display={quoteattr(cell)}/>')
    after = len(rows) + 2
    if not listed:
        rows.append(_row(after, [(1, "没有发现问题。", plain)]))
    elif len(listed) > MOST_LISTED:
        rest = f"还有 {len(listed) - MOST_LISTED} 条没有列出,全部见 JSON 回执 {receipt.receipt_no or ''}.json。"
        rows.append(_row(after, [(1, f"{rest}改好以上各条后再投递时会再检查。", plain)]))
    return _worksheet(namespace, rows, links)


def _worksheet(namespace: str, rows: Sequence[str], links: Sequence[str]) -> str:
    cols = "".join(
        f'<col min="{column}" max="{column}" width="{width}" customWidth="1"/>'
        for column, width in enumerate(_WIDTHS, start=1)
    )
    merged = "".join(f'<mergeCell ref="A{row}:{address(row, len(_HEADER))}"/>' for row in range(1, 5))
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<worksheet xmlns="{namespace}"><sheetPr><tabColor rgb="FFC8102E"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"><pane ySplit="{HEADER_ROW}" '
        f'topLeftCell="A{HEADER_ROW + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{LINE_HEIGHT}"/><cols>{cols}<col min="{NUMBER_COLUMN}" max="{FILL_COLUMN}" '
        f'width="4" hidden="1" customWidth="1"/></cols><sheetData>{"".join(rows)}</sheetData>'
        f'<mergeCells count="4">{merged}</mergeCells>{hyperlinks}'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页,共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )


def _texts(finding: Finding) -> list[str]:
    place = f"{finding.sheet or ''} {finding.cell or (f'第{finding.row}行' if finding.row else '整份文件')}".strip()
    texts = (
        finding.message, finding.fix, place, finding.column or "", finding.value or "", finding.expected or "",
        SEVERITY[finding.severity], finding.rule,
    )  # fmt: skip
    return [quoted_text(text) for text in texts]


def _row(row: int, cells: Sequence[tuple[int, str, int]], *, height: float | None = None) -> str:
    tall = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{row}"{tall}>{"".join(_cell(row, *cell) for cell in cells)}</row>'


def _cell(row: int, column: int, text: str, style: int) -> str:
    return (
        f'<c r="{address(row, column)}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(clean(text))}'
        "</t></is></c>"
    )
