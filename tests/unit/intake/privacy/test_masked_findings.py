"""No personal number leaves in a finding, in whichever of its texts it stands."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from tests.unit.intake.hand_made import make_id_number

from nuanliu.domain.findings import Finding, Severity
from nuanliu.intake.privacy.masked_findings import mask_findings
from nuanliu.intake.privacy.personal_data import mask_text

CLEAN = Finding("row.x", Severity.QUERY, "人数不对", "请核对", "活动明细", "B2", 2, value="30")
TEXTS = ("message", "fix", "value", "expected", "sheet", "answered_message")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("number", ["13912345678", "１３９ 1234-5678", make_id_number(), "6.20102198001011E+17"])
def test_a_number_is_masked_in_every_text(name: str, number: str) -> None:
    said = f"见{number}处"
    finding = replace(CLEAN, **{name: said})
    (masked,) = mask_findings([finding])
    assert getattr(masked, name) == mask_text(said) != said
    assert masked == replace(finding, **{name: mask_text(said)})


def test_among_many_only_the_findings_with_numbers_change_and_all_keep_their_order() -> None:
    many = [replace(CLEAN, row_id=at, value="13912345678" if at % 9000 == 5 else f"{at}人") for at in range(20_010)]
    masked = mask_findings(many)
    assert [finding.row_id for finding in masked] == list(range(20_010))
    assert [at for at, finding in enumerate(masked) if finding is not many[at]] == [5, 9005, 18005]
    assert {finding.value for finding in masked if "*" in (finding.value or "")} == {"139****5678"}


def test_every_text_of_a_finding_is_looked_at() -> None:
    spoken = {field.name for field in fields(Finding)} - {
        "rule",
        "severity",
        "cell",
        "row",
        "column",
        "row_id",
        "column_id",
    }
    assert spoken == set(TEXTS), "a new text of a finding must be masked too"
