"""The search for garbage rests while a file is checked, and only then."""

from __future__ import annotations

import gc

import pytest

from nuanliu.memory import collector_at_rest


def test_the_collector_rests_and_works_again_whatever_happens() -> None:
    def fail_at_rest() -> None:
        with collector_at_rest():
            assert not gc.isenabled()
            raise MemoryError

    assert gc.isenabled()
    with pytest.raises(MemoryError):
        fail_at_rest()
    assert gc.isenabled()


def test_a_collector_that_rests_already_goes_on_resting() -> None:
    with collector_at_rest():
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
