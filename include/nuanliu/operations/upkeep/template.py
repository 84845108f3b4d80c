"""Write a union's template workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nuanliu.contract.code_lists import codes
from nuanliu.domain import schemas
from nuanliu.errors import UsageError
from nuanliu.reporting.template.contents import template_words
from nuanliu.reporting.template.template_workbook import render_template


def write_template(union_id: str, target: Path) -> dict[str, Any]:
    """Write the template of a union to a file. Raises: UnknownUnion, UsageError when the file cannot be written."""
    union = codes().unions.sender(union_id)
    data = render_template(union)
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
