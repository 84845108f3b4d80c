"""The Jinja environment of the mail, the receipts and the board: everything is escaped unless a template says so."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from nuanliu.settings import INCLUDE_DIR


@cache
def environment() -> Environment:
    """Strict: a name a template does not get is an error, not an empty place."""
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
