"""The places at which a process is killed by name: just before or just after a function of the pipeline, as data."""

from __future__ import annotations

import functools
import importlib
import os
import re
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    Touch = Callable[[str], None]

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Boundary:
    """``target``: module:function or module:Class.method. ``argument``: what one of its texts must match to count."""

    name: str
    target: str
    moment: str = AFTER
    argument: str = ""

    def holds(self, arguments: tuple[Any, ...]) -> bool:
        """Whether a call with these arguments passes here."""
        if not self.argument:
            return True
        texts = (each.decode("latin-1") if isinstance(each, bytes) else str(each) for each in arguments)
        return any(re.search(self.argument, text) for text in texts)


def _around(name: str, target: str, argument: str = "") -> tuple[Boundary, Boundary]:
    return (
        Boundary(f"before {name}", target, BEFORE, argument),
        Boundary(f"after {name}", target, AFTER, argument),
    )


_FOLDER = "nuanliu.storage.folder_bucket:FolderBucket"

BOUNDARIES = (
    *_around("a transaction commits", "sqlalchemy.engine.default:DefaultDialect.do_commit"),
    # intake
    Boundary("after a registry row, uncommitted", "nuanliu.warehouse.submissions.registry:claim"),
    Boundary("after a drop is claimed", "nuanliu.operations.drops.claiming:_claim"),
    Boundary("after an attempt is counted", "nuanliu.warehouse.submissions.registry:count_attempt"),
    Boundary("after the union's lock is held", "nuanliu.warehouse.schema.locks:lock_submission"),
    Boundary("after a drop is checked", "nuanliu.operations.drops.check_drop:check_drop"),
    *_around("the bytes are archived", f"{_FOLDER}.write", r"^archive/"),
    *_around("the bytes are quarantined", f"{_FOLDER}.write", r"^quarantine/"),
    *_around("a half-written file takes its name", "os:replace", r"nuanliu-part$"),
    Boundary("after partitions are made, uncommitted", "nuanliu.warehouse.schema.partitions:ensure_partitions"),
    Boundary("after a receipt is numbered, uncommitted", "nuanliu.warehouse.submissions.answers:record_receipt"),
    Boundary("after a version begins, uncommitted", "nuanliu.warehouse.submissions.versions:begin_version"),
    Boundary("after versions are superseded, uncommitted", "nuanliu.warehouse.submissions.versions:supersede_others"),
    Boundary("after facts are copied, uncommitted", "nuanliu.warehouse.facts.inserting:insert_facts"),
    Boundary("after a drop is loaded, uncommitted", "nuanliu.warehouse.submissions.loading:load_drop"),
    Boundary("before the original is taken away", "nuanliu.operations.drops.archiving:_take_away", BEFORE),
    Boundary("after the original is taken away", "nuanliu.operations.drops.archiving:_take_away"),
    Boundary("after the registry row is closed", "nuanliu.operations.drops.archiving:close_object"),
    *_around("receipt.json", f"{_FOLDER}.write", r"^receipts/.*\.json$"),
    *_around("receipt.html", f"{_FOLDER}.write", r"^receipts/.*\.html$"),
    *_around("receipt.xlsx", f"{_FOLDER}.write", r"^receipts/.*\.xlsx$"),
    Boundary(
        "after a receipt is marked as written, uncommitted", "nuanliu.warehouse.submissions.receipts_store:mark_written"
    ),
    Boundary("after a drop is answered", "nuanliu.operations.drops.ingest_drop:ingest_drop"),
    # roll-up
    Boundary("before a week is rolled up", "nuanliu.operations.weeks.roll_up:roll_up_week", BEFORE),
    Boundary("after a mart is rebuilt, uncommitted", "nuanliu.warehouse.marts.rollup:_rebuild"),
    Boundary("after the coverage is written, uncommitted", "nuanliu.warehouse.marts.rollup:_insert_coverage"),
    Boundary("after changes are noted, uncommitted", "nuanliu.warehouse.marts.published_figures:note_changes"),
    Boundary("after a week is rolled up", "nuanliu.operations.weeks.roll_up:roll_up_week"),
    # publication
    Boundary("after the records are reconciled", "nuanliu.operations.weeks.reconciling:reconcile_at_rest"),
    Boundary("after the week is reconciled in its moment", "nuanliu.warehouse.marts.reconcile:reconcile_document"),
    Boundary("after an edition is proposed", "nuanliu.warehouse.marts.editions:propose_edition"),
    *_around("the first file of an edition", f"{_FOLDER}.write", r"^reports/.*summary\.html$"),
    *_around("the last file of an edition", f"{_FOLDER}.write", r"^reports/.*summary\.xlsx$"),
    Boundary("after an edition is saved, uncommitted", "nuanliu.warehouse.marts.editions:save_edition"),
    Boundary("after an edition is published", "nuanliu.operations.weeks.publishing:publish_week"),
    # mail
    Boundary("after a mail is written down, uncommitted", "nuanliu.warehouse.mail.outbox:enqueue"),
    Boundary("after the mails are written down", "nuanliu.operations.weeks.publishing:enqueue_mails"),
    Boundary("before the mail server is asked", "nuanliu.storage.mail:connected", BEFORE),
    Boundary("before a mail is sent", "nuanliu.storage.mail:send_message", BEFORE),
    Boundary("before DATA", "smtplib:SMTP.docmd", BEFORE, r"^data$"),
    Boundary("after DATA", "smtplib:SMTP.docmd", AFTER, r"^data$"),
    Boundary("after the message left, its answer unread", "smtplib:SMTP.send", AFTER, r"\r\n\.\r\n\Z"),
    Boundary("after a mail is sent", "nuanliu.storage.mail:send_message"),
    Boundary("after a mail is settled", "nuanliu.warehouse.mail.outbox:record_outcome"),
    # replay
    Boundary("after the shadow is made", "nuanliu.warehouse.recovery.replay_tables:make_shadow"),
    Boundary("after a drop is played again", "nuanliu.operations.recovery.replaying:_play"),
    Boundary("before a replay is taken over", "nuanliu.warehouse.recovery.replay_tables:outcomes", BEFORE),
    Boundary("after the figures are kept, uncommitted", "nuanliu.warehouse.recovery.figure_changes:keep_figures"),
    Boundary("after a replay rebuilt its weeks, uncommitted", "nuanliu.warehouse.marts.rollup:rebuild_weeks"),
    Boundary("before the shadow is dropped", "nuanliu.warehouse.recovery.replay_tables:delete_shadow", BEFORE),
    Boundary("before a replay writes receipts", "nuanliu.operations.recovery.replaying:_write_receipts", BEFORE),
)
BY_NAME = {boundary.name: boundary for boundary in BOUNDARIES}


@dataclass(frozen=True)
class Crash:
    """Where a process ends: at the ``nth`` time (from 1) that it passes a boundary."""

    boundary: str
    nth: int = 1


def count_passes(passes: Counter[str]) -> None:
    """Count how often this process passes each boundary."""

    def touch(name: str) -> None:
        passes[name] += 1

    for boundary in BOUNDARIES:
        _watch(boundary, touch)


def arm(crash: Crash) -> None:
    """Let this process kill itself at a boundary, as ``kill -9`` does: nothing is unwound, nothing is said."""
    passed = 0

    def touch(_: str) -> None:
        nonlocal passed
        passed += 1
        if passed == crash.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    _watch(BY_NAME[crash.boundary], touch)


def _watch(boundary: Boundary, touch: Touch) -> None:
    """Put the boundary around its function, wherever a module of ours has it by name."""
    module_name, _, path = boundary.target.partition(":")
    module = importlib.import_module(module_name)
    owner_name, _, name = path.rpartition(".")
    owner = getattr(module, owner_name) if owner_name else module
    original = getattr(owner, name)
    watched = _watched(original, boundary, touch)
    setattr(owner, name, watched)
    for each in [each for known, each in sys.modules.items() if known.startswith("nuanliu.")]:
        for bound_as in [bound_as for bound_as, value in vars(each).items() if value is original]:
            setattr(each, bound_as, watched)


def _watched(original: Callable[..., Any], boundary: Boundary, touch: Touch) -> Callable[..., Any]:
    @functools.wraps(original)
    def watched(*arguments: Any, **named: Any) -> Any:
        counts = boundary.holds(arguments)
        if counts and boundary.moment == BEFORE:
            touch(boundary.name)
        result = original(*arguments, **named)
        if counts and boundary.moment == AFTER:
            touch(boundary.name)
        return result

    return watched
