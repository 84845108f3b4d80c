"""The Jinja environment of the mail, the receipts and the board: everything is escaped unless a template says so."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """Strict: a name a template does not get is an error, not an empty place."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(INCLUDE_DIR / "templates"),
        autoescape=select_autoescape(["html", "html.j2"], default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **words: object) -> str:
    """Fill a template of include/templates."""
    return environment().get_template(template).render(**words)
