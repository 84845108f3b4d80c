"""The watcher announces what is new at once and what still waits only now and then."""

from __future__ import annotations

import json

from nuanliu.orchestration.watching.announcements import Watermark


def test_nothing_waits_nothing_is_said() -> None:
    assert Watermark().look([], now=0.0) == (Watermark(), False)


def test_a_new_drop_is_announced_at_once_and_the_same_set_is_not() -> None:
    seen, is_news = Watermark().look(["a"], now=100.0)
    assert is_news
    assert seen.look(["a"], now=102.0) == (seen, False)


def test_one_more_drop_is_news() -> None:
    seen, _ = Watermark().look(["a"], now=100.0)
    assert seen.look(["a", "b"], now=102.0)[1]


def test_what_was_taken_is_no_news() -> None:
    seen, _ = Watermark().look(["a", "b"], now=100.0)
    assert not seen.look(["b"], now=102.0)[1]


def test_the_same_file_dropped_again_is_news() -> None:
    seen, _ = Watermark().look(["a"], now=100.0)
    seen, _ = seen.look([], now=102.0)
    assert seen.look(["a"], now=104.0)[1]


def test_what_still_waits_is_announced_again_after_ever_longer_pauses() -> None:
    seen, _ = Watermark().look(["a"], now=0.0)
    said = []
    for now in range(1, 4 * 3600):
        seen, is_news = seen.look(["a"], now=float(now))
        if is_news:
            said.append(now)
    pauses = [later - earlier for earlier, later in zip([0, *said], said, strict=False)]
    assert pauses[:6] == [60, 120, 240, 480, 900, 900]
    assert set(pauses[6:]) == {900}


def test_the_state_survives_a_restart_and_shows_no_file_name() -> None:
    seen, _ = Watermark().look(["intake/620400/张三.xlsx\n1-2-3"], now=100.0)
    stored = json.dumps(seen.as_json())
    assert "张三" not in stored
    assert "620400" not in stored
    assert Watermark.from_json(json.loads(stored)) == seen
    assert Watermark.from_json(None) == Watermark()
