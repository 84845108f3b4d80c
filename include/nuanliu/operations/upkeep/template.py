"""Write a union's template workbook."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from nuanliu.contract.code_lists import codes, unions_of_week
from nuanliu.domain import schemas
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import UsageError
from nuanliu.reporting.template.contents import template_words
from nuanliu.reporting.template.template_workbook import render_template


def write_template(union_id: str, target: Path, week: ReportingWeek) -> dict[str, Any]:
    """Write the template of a union as it stands in a week to a file.

    Raises: UnknownUnion, UsageError when the union has ended by then or the file cannot be written.
    """
    codes().unions.sender(union_id)
    unions = unions_of_week(week.monday)
    union = unions.standing[union_id]
    if union_id in unions.ends:
        heir = unions.heir(union_id)
        instead = f"{heir.id} {heir.name} reports instead" if heir else "nobody reports instead"
        last = ReportingWeek.of(unions.ends[union_id].valid_to - timedelta(days=1))
        raise UsageError(
            f"{union_id} {union.name} has ended on {unions.ends[union_id].valid_to}: {instead}; "
            f"for a late report of its own say --week, {last} at the latest"
        )
    data = render_template(union, week)
    try:
        target.write_bytes(data)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from error
    return {
        "schema": schemas.TEMPLATE,
        "union_id": union.id,
        "union_name": union.name,
        "version": str(template_words()["version"]),
        "file": str(target),
    }
