"""What the command line prints when a person, not a program, reads it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from nuanliu.domain.documents import (
    CellEntry,
    FigureEntry,
    NotesDocument,
    RollupDocument,
    StatusDocument,
    TraceDocument,
)
from nuanliu.domain.exactness import Exactness, show_figure
from nuanliu.domain.receipt import Receipt
from nuanliu.reporting.labels import FILE_STATUS, UNIT_STATE
from nuanliu.reporting.receipts.receipt_text import verdict
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.templates import render

Document = Mapping[str, Any]


def intake_lines(document: Document) -> str:
    """One line a receipt. What failed is told on stderr as it happens."""
    receipts = [Receipt.from_json(receipt) for receipt in document["receipts"]]
    if not receipts:
        return "没有一件受理成功。" if document["failures"] else "没有等待受理的文件。"
    return "\n".join(f"{r.receipt_no}  {r.union_name}  {FILE_STATUS[r.status]}:{verdict(r)}" for r in receipts)


def status_lines(document: StatusDocument) -> str:
    """The ledger of a week: expected unions first, then others that sent something."""
    coverage = document["coverage"]
    lines = [
        f"{document['week']}  应报 {coverage['expected']}  已报 {coverage['reported']}  零报告 {coverage['confirmed_zero']}"
        f"  未报 {len(coverage['missing'])}  待说明 {len(coverage['held'])}  退回 {len(coverage['returned'])}"
    ]
    for union in document["unions"]:
        if union["expected"] or union["state"] != "missing":
            late = " 迟报" if union["late"] else ""
            lines.append(f"  {union['union_id']:<12}{UNIT_STATE[union['state']]}{late}  {union['union_name']}")
    lines += [f"注意:{note}" for note in document["notes"]]
    return "\n".join(lines)


def rollup_lines(document: RollupDocument, notes: NotesDocument) -> str:
    """The summary's plain text, then every figure with its id. ``notes``: those of an edition, empty for a rollup."""
    figures = (f"  {f['figure_id']} = {_shown(f)} {f['unit']}" for f in document["figures"])
    return "\n".join([render("summary.txt.j2", s=build_summary(document, notes)), "全部数据", *figures])


def trace_lines(document: TraceDocument) -> str:
    """A figure and the cells it was added from."""
    lines = [f"{document['figure_id']} = {_shown(document)},来自 {len(document['cells'])} 个单元格:"]
    for cell in document["cells"]:
        place = f"{cell['sheet'] + '!' if cell['sheet'] else ''}{cell['cell']}"
        lines.append(
            f"  {cell['union_id']}  {cell['object_key']}  {place}  “{cell['raw_text']}” → {_shown(cell)}"
            f"  (存档 {cell['sha256'][:12]}…)"
        )
    lines += [f"  {note}" for note in document["notes"]]
    return "\n".join(lines)


def reconcile_lines(document: Document) -> str:
    """Clean, or what breaks which identity."""
    if document["ok"]:
        return "对账相符:投递桶、登记簿、回执、事实表、汇总表、已发布各版一致。"
    differences = (
        f"  [{item['identity']}] {item['subject']}: 应为 {item['expected']},实为 {item['found']}"
        for item in document["differences"]
    )
    return "\n".join([f"对账不符,{len(document['differences'])} 处:", *differences])


def replay_lines(document: Document) -> str:
    """What a replay changed, figure by figure; then the drops that are answered otherwise today."""
    lines = [
        f"重放 {document['replayed']} 件,涉及 {len(document['weeks'])} 周,{len(document['differences'])} 个数据有变化。"
    ]
    lines += [
        f"  {item['week']}  {item['union_id']:<12}{item['figure_id']}: {item['old'] or '无'} → {item['new'] or '无'}"
        for item in document["differences"]
    ]
    lines += [
        f"  {item['receipt_no']}: {_status(item['old'])} → {_status(item['new'])}" for item in document["receipts"]
    ]
    lines += [f"  原件缺失,所在周未变动:{key}" for key in document["missing"]]
    if document["deleted"]:
        lines.append(
            f"  {len(document['deleted'])} 件的原件已按保存期限删除,无法重做,所在周按已入库的内容保留:"
            + "、".join(document["deleted"])
        )
    return "\n".join(lines)


def backup_check_lines(document: Document) -> str:
    """Whether a backup is whole, or which of its files are not."""
    if document["ok"]:
        held = "连同原件" if document["with_objects"] else "只有清单,没有原件"
        return f"备份完好:{document['folder']},{document['taken_at']},对象 {document['objects']} 个({held})。"
    return "\n".join([f"备份有损坏,{len(document['problems'])} 处:", *(f"  {each}" for each in document["problems"])])


def drill_lines(document: Document) -> str:
    """How long a backup took to come back, and whether its records agree."""
    head = f"演练:{document['backup']}({document['taken_at']}),恢复并对账用时 {document['seconds']} 秒,对象 {document['objects']} 个。"
    return "\n".join([head, reconcile_lines(document)])


def restore_lines(document: Document) -> str:
    """What came back, and whether the records agree."""
    head = f"已恢复 {document['taken_at']} 的备份:对象 {document['objects']} 个,其中写入 {document['written']} 个。"
    return "\n".join([head, reconcile_lines(document)])


def standstill_lines(document: Document) -> str:
    """What still runs, or that nothing does."""
    if document["ok"]:
        return "Airflow 没有进程在运行,可以升级。"
    return "\n".join(["Airflow 还有进程在运行,请先停止(强行结束的进程要再等一分钟):", *document["running"]])


def _status(verdict: Mapping[str, Any] | None) -> str:
    return FILE_STATUS[verdict["status"]] if verdict else "无"


def _shown(figure: FigureEntry | TraceDocument | CellEntry) -> str:
    value, exactness = Decimal(figure["value"]), Exactness(figure["exactness"])
    return f"-{show_figure(-value, -exactness)}" if value < 0 else show_figure(value, exactness)
