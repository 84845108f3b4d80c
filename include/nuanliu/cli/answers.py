"""What all commands do alike: open a warehouse that is ready, print one answer, say by the exit code whether it is good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from nuanliu.contract.visible_text import visible, visible_json, visible_lines
from nuanliu.errors import UsageError
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nuanliu.operations.context import Context

D = TypeVar("D", bound=Mapping[str, Any])
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
UnionOption = Annotated[str, typer.Option("--union", help="A union's id, name or confirmed alias, e.g. 620400.")]
NEGATIVE = frozenset({"rejected", "held"})
"""Statuses that mean that nothing of a file was taken."""


@contextmanager
def command_context(*, as_owner: bool = False) -> Iterator[Context]:
    """The adapters of one command. ``as_owner``: of one that makes or changes the warehouse's tables itself.

    Raises: UsageError for a warehouse that ``nuanliu init`` has not made or brought up, unless the command may do that.
    """
    from nuanliu.operations.context import open_context
    from nuanliu.warehouse.schema.migrating import is_current

    with open_context(Settings.from_env(), as_owner=as_owner) as ctx:
        if not as_owner and not is_current(ctx.engine):
            raise UsageError("the warehouse is not ready; run `nuanliu init` first")
        yield ctx


def union_of(text: str) -> str:
    """The id of the union that ``--union`` names. Raises: UnknownUnion, AmbiguousUnion."""
    from nuanliu.operations.upkeep.naming_unions import union_named

    return union_named(text, Settings.from_env())


def print_answer(document: D, as_json: bool, words: Callable[[D], str]) -> None:
    """The document as JSON, or its words. Names that others gave cannot break a line or steer the terminal."""
    if as_json:
        typer.echo(visible_json(json.dumps(document, ensure_ascii=False, indent=2)))
    else:
        typer.echo(visible_lines(words(_visible(document))))


def say(text: str) -> None:
    """Lines for the person at the terminal, beside the answer."""
    typer.echo(visible_lines(text), err=True)


def _visible(document: D) -> D:
    """The same document, each of its texts in one line."""

    def shown(value: Any) -> Any:
        match value:
            case str():
                return visible(value)
            case dict():
                return {name: shown(item) for name, item in value.items()}
            case list() | tuple():
                return [shown(item) for item in value]
        return value

    return cast("D", shown(dict(document)))


def exit_unless(is_positive: bool) -> None:
    """End with exit code 1 for an answer that is not good. Raises: typer.Exit."""
    if not is_positive:
        raise typer.Exit(1)
