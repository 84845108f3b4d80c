"""The soak's short form: whatever is killed, the records end as if nothing had happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.soak.boundaries import BOUNDARIES
from tests.soak.campaign import Campaign, run_short, short_campaign
from tests.soak.local_stack import LocalStack
from tests.soak.table import lines

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def campaign() -> Iterator[Campaign]:
    with LocalStack() as local:
        yield short_campaign(local, seed=5)


def test_every_boundary_at_which_the_soak_kills_is_passed_by_the_pipeline(campaign: Campaign) -> None:
    passed = set().union(*campaign.undisturbed.passes)
    assert {boundary.name for boundary in BOUNDARIES} - passed == set()


def test_killed_at_boundaries_and_beside_each_other_nothing_is_lost_and_nothing_counted_twice(
    campaign: Campaign,
) -> None:
    report = run_short(campaign)
    assert report.ok, "\n".join(lines(report))
    assert report.kills >= 11
    assert all(row.recovered == row.injected for row in report.rows.values())
