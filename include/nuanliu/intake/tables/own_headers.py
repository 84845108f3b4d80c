"""What a union calls its columns, where the template calls them otherwise: messages speak to it in these words."""

from __future__ import annotations

from collections.abc import Mapping

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.intake.tables.headers import Header
from nuanliu.intake.values.unique_texts import clean_text

_LONGEST = 30
"""Characters of a header that a message names."""


def own_headers(header: Header) -> Mapping[str, str]:
    """The template's header → the header as it is written, of columns that are called otherwise: 投入资金(元) → 投入资金(万元)."""
    contract, measures = input_contract(), codes().measures
    known = [field for field in header.fields.values() if field.id in contract.columns or field.id in measures]
    written = {field.id: clean_text(field.text) for field in known}
    return {
        contract.header(column_id): mask_text(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
        for column_id, text in written.items()
        if text and fold_label(text) != fold_label(contract.header(column_id))
    }
