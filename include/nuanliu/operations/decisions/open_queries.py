"""What a person may still let pass, and how. Light: the board shows it and must not load the checks for that."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from itertools import dropwhile

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.checked import FileStatus
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt
from nuanliu.warehouse.submissions.receipts_store import StoredReceipt

SAYS_NOTHING_NEW = frozenset({FileStatus.DUPLICATE, FileStatus.UNCHANGED, FileStatus.TRIAL, FileStatus.REJECTED})
WHOLE_FILE = "file"
"""What is written instead of a row for a query on the file as a whole."""


def waiver_command(receipt: Receipt, finding: Finding) -> str | None:
    """What an engineer types to let a finding pass; None when nobody may."""
    rule = rule_registry()[finding.rule]
    is_open = finding.severity is Severity.QUERY and receipt.status not in SAYS_NOTHING_NEW
    if not is_open or not rule.releasable or rule.needs_own_explanation:
        return None
    row = WHOLE_FILE if finding.row is None else f"{finding.sheet}!{finding.row}" if finding.sheet else str(finding.row)
    return f"nuanliu release {receipt.receipt_no} --row {shlex.quote(row)} --reason 原因 --by 姓名"


def overtaken_by(stored: StoredReceipt, of_week: Iterable[StoredReceipt]) -> str | None:
    """The receipt with which the same union said something else about the week since, None when it did not.

    ``of_week``: all of the week, in the order in which the files arrived.
    """
    since = dropwhile(lambda other: other.object_id != stored.object_id, of_week)
    next(since, None)  # itself
    return next((each.receipt.receipt_no for each in since if each.receipt.status not in SAYS_NOTHING_NEW), None)
