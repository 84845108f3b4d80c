"""Which union a person means who gives its id, its name or a confirmed alias on the command line."""

from __future__ import annotations

from nuanliu.contract.code_lists import PROVINCE, PROVINCE_OWN, codes
from nuanliu.contract.label_text import fold_label
from nuanliu.domain.aliases import NO_ALIASES, Aliases, AliasKind
from nuanliu.errors import AmbiguousUnion, UnknownUnion
from nuanliu.intake.values.union_names import union_names
from nuanliu.operations.context import open_context
from nuanliu.settings import Settings
from nuanliu.warehouse.schema.migrating import is_current
from nuanliu.warehouse.submissions.aliases import read_aliases

_NOBODY = ""
"""No sender: a bare stem such as 白银 means nobody in particular."""


def union_named(text: str, settings: Settings | None = None) -> str:
    """The id of the union that a text names: id, name, or any spelling by which files name it.

    ``settings``: of a home whose warehouse may hold aliases that engineers have confirmed for every union; it is asked
    last and only where it exists already. Raises: AmbiguousUnion with the candidates, UnknownUnion with the nearest,
    WarehouseUnavailable where only the warehouse could tell.
    """
    unions = codes().unions
    bare = text.strip()
    listed = unions.list.find(bare)
    if listed is not None:
        is_province_named = listed.id == PROVINCE and fold_label(bare) != PROVINCE
        return unions.sender(PROVINCE_OWN if is_province_named else listed.id).id
    reading = union_names().read(bare, _NOBODY)
    if reading.union_id and not reading.is_inclusive:
        return unions.sender(reading.union_id).id
    if reading.rule == "org.union.ambiguous":
        ids = {union.name: union.id for union in unions.list}
        raise AmbiguousUnion(bare, tuple(f"{ids[name]} {name}" for name in reading.nearest))
    learned = _confirmed(settings).find(AliasKind.UNION, fold_label(bare)) if settings else None
    if learned is not None:
        return unions.sender(learned).id
    is_id = any(sign.isdigit() for sign in bare)
    raise UnknownUnion(bare, unions.ids_like(bare) if is_id else reading.nearest)


def _confirmed(settings: Settings) -> Aliases:
    """What engineers have confirmed for everybody, in a warehouse that is there; no server is set up for it."""
    if settings.warehouse_dsn is None and not (settings.var / "postgres").exists():
        return NO_ALIASES
    with open_context(settings) as ctx:
        if not is_current(ctx.engine):
            return NO_ALIASES
        with ctx.engine.connect() as connection:
            return read_aliases(connection, _NOBODY)
