"""What follows an edition: its mails at once, a person's approval first, or word to the engineers that there is none."""

from __future__ import annotations

from typing import Any


def next_task(edition: dict[str, Any], *, asks: bool | None) -> str:
    """The task that follows. ``edition``: ``nuanliu.edition/1``. ``asks``: a run's own wish for approval; None: the project's."""
    from nuanliu.operations.weeks.publishing import publication_gate

    if edition["held"]:
        return "tell_engineers"
    needs_approval = publication_gate().require_approval if asks is None else asks
    return "approve_edition" if needs_approval else "mail_edition"
