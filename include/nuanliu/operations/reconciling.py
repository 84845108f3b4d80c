"""Hold the bucket, the registry, the receipts, the facts and the figures against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuanliu.operations.claiming import complete_objects
from nuanliu.operations.drop_path import INTAKE

if TYPE_CHECKING:
    from nuanliu.operations.context import Context

_PREFIXES = ("archive/", "quarantine/", INTAKE)


def reconcile(ctx: Context) -> dict[str, Any]:
    """The ``nuanliu.reconcile/1`` document: every identity of the contract, with what breaks it.

    ``unclaimed`` lists drops that wait and temporary names; they are no difference.
    """
    from nuanliu.storage.bucket import storable
    from nuanliu.warehouse.reconcile import reconcile_document
    from nuanliu.warehouse.registry import open_claims

    objects = {prefix: {storable(item.key) for item in ctx.bucket.list(prefix)} for prefix in _PREFIXES}
    with ctx.engine.connect() as connection:
        document = reconcile_document(connection, objects)
        claimed = {claim.source_key for claim in open_claims(connection)}
    return {**document, "unclaimed": len(objects[INTAKE] - claimed), "complete": len(complete_objects(ctx))}
