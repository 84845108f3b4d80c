"""A cumulative series under another name: asked about when nothing else differs and the former one is not said (issue 9)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.quality.hand_made import WEEK, decided, found, history, row, rows_of, rules_of, submission

from nuanliu.domain.findings import Severity
from nuanliu.domain.submission import SubmissionType

if TYPE_CHECKING:
    from nuanliu.domain.history import History

RULE = "time.series.renamed"
SAID: dict[str, Any] = {
    "period_kind": "cumulative_since",
    "since_on": date(2022, 1, 1),
    "start_on": None,
    "end_on": None,
}


def series(name: str = "帮扶", people: int = 320, **says: Any) -> Any:
    return row(name, figures={"people_served": people}, **{**SAID, **says})


def current(*entries: Any, weeks_before: int = 1, **differs: Any) -> list[dict[str, Any]]:
    """What the union's reports of earlier weeks say, as ``History.current_series``."""
    rows = submission(*entries).rows
    week = WEEK.shift(-weeks_before)
    return [
        {
            **{name: each[name] for name in ("series_key", "period_kind", "scope", "since_on", "activity_name")},
            **{
                name: each[name]
                for name in ("activity_no", "category_id", "item_name", "organizer_union_id", "reporting_union_id")
            },
            "explanation": each["explanation"],
            "measure_id": "people_served",
            "as_of_on": week.sunday,
            "receipt_no": f"620400-{week.compact}-001",
            "week_start": week.monday,
            **differs,
        }
        for each in rows.to_dict("records")
    ]


def past(*series_rows: dict[str, Any]) -> History:
    return history(current_series=list(series_rows))


def test_a_new_name_while_the_former_is_not_said_is_asked_about() -> None:
    drop = decided(submission(series("职工帮扶")), past(*current(series())))
    (finding,) = found(drop.submission, RULE)
    assert (finding.severity, finding.value, rows_of(drop)) == (Severity.QUERY, "职工帮扶", ["held"])
    assert "“原:帮扶”" in finding.fix
    assert "活动名称" in finding.message


@pytest.mark.parametrize(
    ("differs", "part", "answer"),
    [
        ({"activity_no": "A-2"}, "活动编号", "原:A-1"),
        ({"category_id": "education_aid"}, "活动类别", "原:帮扶"),
        ({"item_name": "大米"}, "物资名称", "原:帮扶"),
        ({"organizer_union_id": "620402"}, "主办单位", "原:帮扶"),
        ({"activity_no": None}, "活动编号", "原:A-1"),
    ],
)
def test_each_of_the_other_names_may_have_changed(differs: dict[str, Any], part: str, answer: str) -> None:
    former = series(activity_no="A-1")
    new = series(**{"activity_no": "A-1", **differs})
    (finding,) = found(decided(submission(new), past(*current(former, series_key="old"))).submission, RULE)
    assert part in finding.message
    assert answer in finding.fix


@pytest.mark.parametrize(
    "says", [{"scope": "inclusive"}, {"activity_no": "A-1"}, {"scope": "inclusive", "activity_no": "A-1"}], ids=str
)
def test_a_reporting_union_that_has_changed_is_asked_about_where_it_names_the_series(says: dict[str, Any]) -> None:
    former, new = (series(**says, reporting_union_id=union) for union in ("620402", "620403"))
    (finding,) = found(decided(submission(new), past(*current(former))).submission, RULE)
    assert "只有填报单位不同" in finding.message
    other_name = series("走访", **says, reporting_union_id="620403")
    assert found(decided(submission(other_name), past(*current(former))).submission, RULE) == []


def test_of_an_own_figure_without_a_number_another_reporting_union_is_no_other_series() -> None:
    former, new = (series(reporting_union_id=union) for union in ("620402", "620403"))
    assert found(decided(submission(new), past(*current(former))).submission, RULE) == []


def test_organiser_and_reporting_union_of_an_inclusive_figure_change_together() -> None:
    """Where 主办单位 is empty it is the 填报单位."""
    former, new = (series(scope="inclusive", reporting_union_id=u, organizer_union_id=u) for u in ("620402", "620403"))
    (finding,) = found(decided(submission(new), past(*current(former))).submission, RULE)
    assert "只有主办单位不同" in finding.message


def test_a_number_that_appears_is_answered_by_the_name() -> None:
    drop = decided(submission(series(activity_no="A-1")), past(*current(series(), series_key="old")))
    assert "“原:帮扶”" in found(drop.submission, RULE)[0].fix


def test_any_explanation_releases_it() -> None:
    for why in ("原:帮扶", "另一项工作"):
        assert decided(submission(series("职工帮扶", explanation=why)), past(*current(series()))).status == "accepted"


@pytest.mark.parametrize(
    "differs",
    [
        {"period_kind": "stock"},
        {"scope": "inclusive"},
        {"since_on": date(2023, 1, 1)},
        {"measure_id": "sessions"},
        {"as_of_on": date(2024, 12, 9)},
        {"category_id": "education_aid"},
    ],
    ids=["kind", "scope", "since", "measure", "later as-of", "two names"],
)
def test_what_differs_in_more_than_one_name_is_another_series(differs: dict[str, Any]) -> None:
    assert RULE not in rules_of(decided(submission(series("职工帮扶")), past(*current(series(), **differs))).submission)


def test_years_of_this_years_figures_are_not_mixed() -> None:
    ytd = {"period_kind": "ytd", "since_on": None}
    old = current(series(**ytd), as_of_on=date(2023, 12, 31))
    assert RULE not in rules_of(decided(submission(series("职工帮扶", **ytd)), past(*old)).submission)
    assert RULE in rules_of(decided(submission(series("职工帮扶", **ytd)), past(*current(series(**ytd)))).submission)


def test_a_file_that_still_says_the_former_brings_two_series() -> None:
    assert RULE not in rules_of(decided(submission(series(), series("职工帮扶")), past(*current(series()))).submission)


def test_a_series_that_another_week_says_already_is_not_new() -> None:
    before = current(series("职工帮扶", explanation="另一项"), weeks_before=2)
    assert RULE not in rules_of(decided(submission(series("职工帮扶")), past(*current(series()), *before)).submission)


def test_a_replaced_versions_series_are_current_but_make_nothing_old() -> None:
    own = current(series(), series("职工帮扶", explanation="原:帮扶"), weeks_before=0)
    assert RULE in rules_of(decided(submission(series("职工帮扶")), past(*own)).submission)


def test_a_supplement_leaves_what_its_week_said_standing() -> None:
    own = current(series(), weeks_before=0)
    file = submission(series("职工帮扶"), submission_type=SubmissionType.SUPPLEMENT)
    assert RULE not in rules_of(decided(file, past(*own)).submission)


def test_a_former_that_has_ended_already_is_not_asked_about_again() -> None:
    heir = current(series("职工帮扶", explanation="原:帮扶"))
    former = current(series(), weeks_before=2)
    file = submission(series("职工帮扶"), series("帮扶", category_id="education_aid"))
    assert RULE not in rules_of(decided(file, past(*former, *heir)).submission)


@pytest.mark.parametrize("kind", ["event", "campaign", "planned"])
def test_kinds_that_are_not_carried_are_not_asked_about(kind: str) -> None:
    new = series("职工帮扶", period_kind=kind, since_on=None)
    assert RULE not in rules_of(
        decided(
            submission(new),
            past(
                *current(series()),
            ),
        ).submission
    )
