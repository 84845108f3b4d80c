"""What a rollup run does with its week."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nuanliu.operations.context import Context


def rebuild(ctx: Context, week: str, *, is_asked_for: bool) -> None:
    """Rebuild a week: ``is_asked_for`` by a person always, else when it waits for that.

    Raises: AirflowSkipException when an earlier run has taken it along; InvalidWeek, WeekNotRolledUp.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from nuanliu.operations.weeks.roll_up import roll_up_waiting_week, roll_up_week

    if is_asked_for:
        roll_up_week(ctx, week)
    elif not roll_up_waiting_week(ctx, week):
        raise AirflowSkipException(f"{week} does not wait any more: an earlier run has rolled it up")
