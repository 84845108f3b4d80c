"""Rows that gain, lose or change their 活动编号 and agree in everything else: one activity, which would count twice."""

from __future__ import annotations

import pandas as pd

from nuanliu.contract.rules import Rule
from nuanliu.domain.findings import Finding
from nuanliu.domain.history import History
from nuanliu.domain.submission import Submission, SubmissionType
from nuanliu.quality.finding_places import NAME_COLUMNS, describe_row, point_at_name, records, text_or_none

_PLACE = ("sheet_other", "row_other")


def find_unnumbered_twins(submission: Submission, activities: pd.DataFrame, rule: Rule) -> list[Finding]:
    """Two rows of one content in a file of which one has no number; two numbers are two activities. The later is asked about."""
    said = activities[activities["content_hash"].notna() & activities["content_hash"].duplicated(keep=False)]
    if said.empty or said["activity_no"].isna().all():
        return []
    said = said.assign(is_numbered=said["activity_no"].notna())
    first = said.drop_duplicates(["content_hash", "is_numbered"])[
        ["content_hash", "is_numbered", "row_id", "sheet", "row"]
    ]
    both = said.merge(
        first.assign(is_numbered=~first["is_numbered"]), on=["content_hash", "is_numbered"], suffixes=("", "_other")
    )
    later = both[both["row_id_other"].lt(both["row_id"])]
    return [
        point_at_name(
            submission, rule, row, first_place=describe_row(text_or_none(row["sheet_other"]), int(row["row_other"]))
        )
        for row in records(later, (*NAME_COLUMNS, *_PLACE))
    ]


def find_renumbered(submission: Submission, activities: pd.DataFrame, history: History, rule: Rule) -> list[Finding]:
    """Rows that another current submission of the union, for 补充 the own version too, holds under another number.

    ``activities``: those that are not set aside already. In one week, with one content, nothing but the number makes the
    keys of two rows differ.
    """
    columns = ["content_hash", "activity_key", "receipt_no"]
    others = [history.other_activities.rename(columns={"week_start": "counts_week"})[[*columns, "counts_week"]]]
    if submission.submission_type is SubmissionType.SUPPLEMENT:
        weeks = activities[["content_hash", "counts_week"]].drop_duplicates()
        others.append(history.current_rows[columns].merge(weeks, on="content_hash"))
    known = pd.concat([frame for frame in others if len(frame)] or others[:1]).drop_duplicates()
    if known.empty or activities.empty:
        return []
    both = activities.merge(known, on=["content_hash", "counts_week"], suffixes=("", "_other"))
    renumbered = both[both["activity_key"].ne(both["activity_key_other"])].drop_duplicates("row_id")
    return [
        point_at_name(submission, rule, row, receipt_no=row["receipt_no"])
        for row in records(renumbered, (*NAME_COLUMNS, "receipt_no"))
    ]
