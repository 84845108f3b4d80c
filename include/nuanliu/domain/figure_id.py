"""Figure ids: composed and taken apart here, and nowhere else. ``mart_week_figure.sql`` writes the same, held to it by a test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import InvalidWeek, UndatedCampaignFigure, UnknownFigure

_CAMPAIGN, _EVENT = "campaign/", "/event"
_SINCE, _PLACE, _INCLUSIVE = "since=", "place", "inclusive"
_VERSUS = "/vs/"
_ACTIVITY = "activity"
_KEY_DIGEST = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True)
class FigureId:
    """One figure of a week: ``2024-W49/620400/health_check/people_served/event``, and further parts where they apply:
    ``…/cumulative_since/since=2024-03-01/place/inclusive``.
    """

    week: ReportingWeek
    union_id: str
    """Whose figure it is: the organiser's, or with ``is_by_place`` the place's."""
    category: str
    """``all`` for a total."""
    measure: str
    period_kind: str
    since: date | None = None
    is_by_place: bool = False
    is_inclusive: bool = False
    """Of scope 含下级."""

    @classmethod
    def parse(cls, text: str) -> FigureId:
        """Read what ``str`` writes, and nothing else. Raises: UnknownFigure."""
        try:
            week, union_id, category, measure, period_kind, *rest = text.split("/")
            since = next(
                (date.fromisoformat(part.removeprefix(_SINCE)) for part in rest if part.startswith(_SINCE)), None
            )
            found = cls(
                ReportingWeek.parse(week),
                union_id,
                category,
                measure,
                period_kind,
                since,
                _PLACE in rest,
                _INCLUSIVE in rest,
            )
        except (ValueError, InvalidWeek) as error:
            raise UnknownFigure(text) from error
        if str(found) != text:
            raise UnknownFigure(text)
        return found

    def __str__(self) -> str:
        parts = [str(self.week), self.union_id, self.category, self.measure, self.period_kind]
        if self.since:
            parts.append(f"{_SINCE}{self.since.isoformat()}")
        parts += [_PLACE] * self.is_by_place + [_INCLUSIVE] * self.is_inclusive
        return "/".join(parts)


@dataclass(frozen=True)
class CampaignFigureId:
    """What a campaign has reached in its season up to a week: ``2024-W49/campaign/warm-winter-jobs/people_served/event``."""

    week: ReportingWeek
    campaign_id: str
    """Of the list; of a campaign that no list knows its name in look-up form, which may hold a slash."""
    measure: str

    @classmethod
    def parse(cls, text: str) -> CampaignFigureId:
        """Read what ``str`` writes, and nothing else. Raises: UnknownFigure."""
        week, _, rest = text.partition("/")
        campaign_id, _, measure = rest.removeprefix(_CAMPAIGN).removesuffix(_EVENT).rpartition("/")
        try:
            found = cls(ReportingWeek.parse(week), campaign_id, measure)
        except InvalidWeek as error:
            raise UnknownFigure(text) from error
        if str(found) != text:
            raise UnknownFigure(text)
        return found

    def __str__(self) -> str:
        return f"{self.week}/{_CAMPAIGN}{self.campaign_id}/{self.measure}{_EVENT}"


class Term(StrEnum):
    """What changed a figure between two weeks: the unions that reported in both, in one only, and the tree."""

    MATCHED = "matched"
    JOINED = "joined"
    ABSENT = "absent"
    MOVED = "moved"


@dataclass(frozen=True)
class TermId:
    """One term of a figure's bridge: ``2024-W49/620400/health_check/people_served/event/vs/2024-W48/matched``."""

    figure: FigureId
    other: ReportingWeek
    """The week that the figure is compared with."""
    term: Term

    @classmethod
    def parse(cls, text: str) -> TermId:
        """Read what ``str`` writes, and nothing else. Raises: UnknownFigure."""
        figure, separator, rest = text.rpartition(_VERSUS)
        week, _, term = rest.partition("/")
        if not separator or term not in set(Term):
            raise UnknownFigure(text)
        try:
            return cls(FigureId.parse(figure), ReportingWeek.parse(week), Term(term))
        except (UnknownFigure, InvalidWeek) as error:
            raise UnknownFigure(text) from error

    def __str__(self) -> str:
        return f"{self.figure}{_VERSUS}{self.other}/{self.term}"


@dataclass(frozen=True)
class ActivityNumberId:
    """One number of one activity: ``2024-W49/activity/620400/0f3a9c…/people_served``."""

    week: ReportingWeek
    """In which it counts."""
    sender_id: str
    """The union whose file holds it."""
    key_digest: str
    """``digest_key`` of the activity's key."""
    measure: str

    @classmethod
    def parse(cls, text: str) -> ActivityNumberId:
        """Read what ``str`` writes, and nothing else. Raises: UnknownFigure."""
        try:
            week, word, sender_id, key_digest, measure = text.split("/")
            found = cls(ReportingWeek.parse(week), sender_id, key_digest, measure)
        except (ValueError, InvalidWeek) as error:
            raise UnknownFigure(text) from error
        if word != _ACTIVITY or not _KEY_DIGEST.match(key_digest) or str(found) != text:
            raise UnknownFigure(text)
        return found

    def __str__(self) -> str:
        return "/".join((str(self.week), _ACTIVITY, self.sender_id, self.key_digest, self.measure))


def digest_key(activity_key: str) -> str:
    """What ids say of an activity's key, which is long and has slashes. ``trace_activity.sql`` says the same."""
    return sha256(activity_key.encode()).hexdigest()[:16]


def is_activity_id(text: str) -> bool:
    """Whether a text is written as the id of an activity's number: no union is called so."""
    return text.partition("/")[2].startswith(f"{_ACTIVITY}/")


def is_term_id(text: str) -> bool:
    """Whether a text is written as the id of a term: no figure's id ends like one."""
    return text.rpartition("/")[2] in set(Term)


def parse_figure_id(text: str) -> FigureId | CampaignFigureId:
    """Read an id of either kind. Raises: UnknownFigure; UndatedCampaignFigure for one as editions before seasons wrote it."""
    if text.startswith(_CAMPAIGN) and text.endswith(_EVENT):
        raise UndatedCampaignFigure(text)
    _, _, rest = text.partition("/")
    return CampaignFigureId.parse(text) if rest.startswith(_CAMPAIGN) else FigureId.parse(text)


def dated_figure_id(week: str, text: str) -> str:
    """The id of a week's figure; what an older edition calls a campaign's figure gets the week that it lacks."""
    return f"{week}/{text}" if text.startswith(_CAMPAIGN) else text
