"""The errors this package raises. One class is one situation; every error carries fields and survives pickling."""

from __future__ import annotations

from datetime import date


class NuanliuError(Exception):
    """Root of all errors of this package. ``message`` is one line that names the place and the fix."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Permanent(NuanliuError):
    """Trying again cannot help: the input or the configuration must change."""


class Transient(NuanliuError):
    """Trying again may help: network, lock timeout, server restart."""


class UsageError(Permanent):
    """The command was called in a way that can never work; the command line exits with 2."""


class UnknownUnion(UsageError):
    """A union id or name that ``include/reference/unions.csv`` does not list. ``nearest``: ids or names to propose."""

    def __init__(self, union_id: str, nearest: tuple[str, ...] = ()) -> None:
        hint = f"; nearest: {', '.join(nearest)}" if nearest else ""
        super().__init__(f"unknown union {union_id!r}{hint} (ids and names stand in include/reference/unions.csv)")
        self.union_id = union_id
        self.nearest = nearest

    def __reduce__(self) -> tuple[type[UnknownUnion], tuple[str, tuple[str, ...]]]:
        return (UnknownUnion, (self.union_id, self.nearest))


class AmbiguousUnion(UsageError):
    """A name that several unions could be meant by. ``candidates``: ``620400 白银市总工会`` and so on."""

    def __init__(self, text: str, candidates: tuple[str, ...]) -> None:
        super().__init__(f"{text!r} may mean {', '.join(candidates)}; give the id or the whole name")
        self.text = text
        self.candidates = candidates

    def __reduce__(self) -> tuple[type[AmbiguousUnion], tuple[str, tuple[str, ...]]]:
        return (AmbiguousUnion, (self.text, self.candidates))


class ReceiptMissing(UsageError):
    """A receipt number that was never given out."""

    def __init__(self, receipt_no: str) -> None:
        super().__init__(f"there is no receipt {receipt_no}")
        self.receipt_no = receipt_no

    def __reduce__(self) -> tuple[type[ReceiptMissing], tuple[str]]:
        return (ReceiptMissing, (self.receipt_no,))


class InvalidWeek(UsageError):
    """A week that is not written as ``2024-W49``, does not exist in the ISO calendar or lies beyond 1970 to 2099.

    ``hint``: what is wrong with this one or how to write what was probably meant.
    """

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(f"{text!r} is not an ISO week; {hint}{'; ' if hint else ''}a week is written as 2024-W49")
        self.text = text
        self.hint = hint

    def __reduce__(self) -> tuple[type[InvalidWeek], tuple[str, str]]:
        return (InvalidWeek, (self.text, self.hint))


class InvalidSetting(UsageError):
    """An environment variable whose value cannot be used."""


class BrokenContract(Permanent):
    """A data file under ``include/contracts`` or ``include/reference`` contradicts itself."""


class BucketUnavailable(Transient):
    """The object store did not answer, or answered with an error that may pass."""


class ObjectMissing(Permanent):
    """An object that the registry names is not in the bucket."""


class ObjectChanged(Transient):
    """An object was replaced by other bytes while it was read; what is there now is read next time."""


class WarehouseUnavailable(Transient):
    """PostgreSQL did not answer, or ended the connection."""


class MailUnavailable(Transient):
    """The mail server refused the connection before the message could have been taken."""


class MailServerAway(MailUnavailable):
    """The mail server cannot be reached, stopped talking or does not let us in: every other mail would fare the same."""


class UnknownMail(UsageError):
    """The id of a mail that waits for nobody's decision: none of the outbox, not uncertain or refused, or dropped."""

    def __init__(self, mail_id: int) -> None:
        super().__init__(f"mail {mail_id} waits for no decision; `nuanliu mails list` shows those that do")
        self.mail_id = mail_id

    def __reduce__(self) -> tuple[type[UnknownMail], tuple[int]]:
        return (UnknownMail, (self.mail_id,))


class EmbeddedServerRefused(Permanent):
    """The embedded PostgreSQL cannot work here as things are: no programs, no account, data of another version."""


class MailRefused(Permanent):
    """The mail server said no for good (5xx): another try of the same message cannot help."""


class MailUncertain(Permanent):
    """The connection ended after a message was handed over and before the answer: it may have been delivered."""


class UndatedUnionChange(UsageError):
    """Unions changed in the code list, and the day from which they did is missing or lies before their last change.

    ``ways``: for each what to write, and where.
    """

    def __init__(self, union_ids: tuple[str, ...], open_since: date | None = None, ways: tuple[str, ...] = ()) -> None:
        why = f"the last change was on {open_since}: give a later day" if open_since else "say from which day"
        what = f"unions {', '.join(union_ids)} changed in include/reference/unions.csv; {why}"
        super().__init__("; ".join((what, *ways)))
        self.union_ids = union_ids
        self.open_since = open_since
        self.ways = ways

    def __reduce__(self) -> tuple[type[UndatedUnionChange], tuple[tuple[str, ...], date | None, tuple[str, ...]]]:
        return (UndatedUnionChange, (self.union_ids, self.open_since, self.ways))


class LoadIncomplete(Permanent):
    """Fewer rows reached a table than were staged: some name a union, category or measure that its dimension lacks."""

    def __init__(self, table: str, staged: int, inserted: int) -> None:
        super().__init__(
            f"{table}: {inserted} of {staged} staged rows were inserted; nothing was loaded. "
            "Are include/reference and the dimensions the same? Run nuanliu init"
        )
        self.table = table
        self.staged = staged
        self.inserted = inserted

    def __reduce__(self) -> tuple[type[LoadIncomplete], tuple[str, int, int]]:
        return (LoadIncomplete, (self.table, self.staged, self.inserted))


class UnknownObject(Permanent):
    """An object id that the registry does not hold."""

    def __init__(self, object_id: int) -> None:
        super().__init__(f"the registry has no object {object_id}")
        self.object_id = object_id

    def __reduce__(self) -> tuple[type[UnknownObject], tuple[int]]:
        return (UnknownObject, (self.object_id,))


class StackNotReady(Permanent):
    """A process of the local stack ended, or did not become ready, while everything was being started."""


class UnknownFigure(UsageError):
    """A figure id that is not written as the contract says, or that no mart holds."""

    def __init__(self, figure_id: str, message: str | None = None) -> None:
        super().__init__(
            message
            or f"no figure {figure_id!r}; ids look like 2024-W49/620400/health_check/people_served/event "
            "and stand in the output of nuanliu rollup"
        )
        self.figure_id = figure_id

    def __reduce__(self) -> tuple[type[UnknownFigure], tuple[str]]:
        return (UnknownFigure, (self.figure_id,))


class UndatedCampaignFigure(UnknownFigure):
    """The id of a campaign's figure as older editions wrote it: without the week up to which it was added."""

    def __init__(self, figure_id: str) -> None:
        super().__init__(
            figure_id,
            f"{figure_id!r} is a campaign's figure as older editions named it, without its week; "
            f"put the edition's week before it, as 2024-W49/{figure_id}",
        )

    def __reduce__(self) -> tuple[type[UnknownFigure], tuple[str]]:
        return (UndatedCampaignFigure, (self.figure_id,))


class FigureGone(UsageError):
    """A figure that an edition told and that does not exist any more."""

    def __init__(self, figure_id: str, shown: str, reason: str, receipt_no: str | None) -> None:
        by = f", receipt {receipt_no}" if receipt_no else ""
        super().__init__(
            f"{figure_id} is no figure any more: it was published as {shown} and went away ({reason}{by}). The editions that "
            "told it keep it: nuanliu rollup --week W --edition N"
        )
        self.figure_id = figure_id
        self.shown = shown
        self.reason = reason
        self.receipt_no = receipt_no

    def __reduce__(self) -> tuple[type[FigureGone], tuple[str, str, str, str | None]]:
        return (FigureGone, (self.figure_id, self.shown, self.reason, self.receipt_no))


class EditionOvertaken(Transient):
    """Another publication of the week came between the numbering of an edition and its saving."""

    def __init__(self, week: str, number: int) -> None:
        super().__init__(f"edition {number} of {week} was published by someone else meanwhile; publish again")
        self.week = week
        self.number = number

    def __reduce__(self) -> tuple[type[EditionOvertaken], tuple[str, int]]:
        return (EditionOvertaken, (self.week, self.number))
