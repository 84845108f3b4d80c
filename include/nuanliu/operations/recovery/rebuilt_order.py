"""In which order files arrived whose registry rows are lost: what their receipts still tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nuanliu.domain.arrival import arrival_order, arrived
from nuanliu.domain.waiver import Waiver
from nuanliu.operations.recovery.replay_scope import receipt_ordinal
from nuanliu.warehouse.recovery.replay_tables import AnsweredObject

_NEXT, _BETWEEN = "+", "!"  # behind a place and before all that follow it; the second before the first


@dataclass(frozen=True)
class IssuedReceipt:
    """What a receipt file in the bucket says of the drop it answers. ``received_at`` is exact to the second.

    ``again``: the number of the receipt whose file it answers again, None for a drop; ``waivers``: what was let pass.
    ``overtaken_by``: the number of a receipt whose file arrived later and was answered before.
    """

    receipt_no: str
    filed_week: str
    union_id: str
    object_key: str
    sha256: str
    received_at: datetime
    again: str | None = None
    waivers: tuple[Waiver, ...] = ()
    overtaken_by: str | None = None


def find_places(
    receipts: Sequence[IssuedReceipt], known: Iterable[AnsweredObject], written_at: Mapping[str, datetime]
) -> dict[str, str]:
    """The arrival order of each receipt's file, by receipt number.

    ``receipts``: in order of their answers. ``written_at``: when each receipt came to lie in the bucket; nothing that is
    dropped later may come before it. Files of one union and week came as they were answered, but for those whose receipts
    say that they were overtaken; a file that is answered again keeps the place that it had.
    """
    places = {each.receipt_no: each.row.arrival_order for each in known if each.receipt_no}
    of_week: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in known:
        if each.receipt_no and each.filed_week:
            of_week[each.row.union_id, each.filed_week].append(each.receipt_no)
    for receipt in receipts:
        number = receipt.receipt_no
        answered = of_week[receipt.union_id, receipt.filed_week]
        before = [places[other] for other in answered if receipt_ordinal(other) < receipt_ordinal(number)]
        places[number] = _place(receipt, places, before, written_at[number])
        answered.append(number)
    return {receipt.receipt_no: places[receipt.receipt_no] for receipt in receipts}


def _place(receipt: IssuedReceipt, places: Mapping[str, str], before: Iterable[str], written_at: datetime) -> str:
    if receipt.again is not None and receipt.again in places:
        return places[receipt.again]
    own = arrival_order(receipt.received_at, arrived(written_at, receipt.object_key))
    younger = places.get(receipt.overtaken_by or "")
    if younger is None:
        return max([own, *(f"{place}{_NEXT}" for place in before if place >= own)])
    own = arrival_order(receipt.received_at, "")
    return max([own, *(f"{place}{_BETWEEN}" for place in before if own <= place < younger)])
