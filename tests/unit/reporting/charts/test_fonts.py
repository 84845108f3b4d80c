from __future__ import annotations

from pathlib import Path

import pytest

from nuanliu.reporting.charts.fonts import NO_CHINESE_FONT, choose_font


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["DejaVuSans.ttf"], None),
        ([], None),
        (["wqy-zenhei.ttc", "DejaVuSans.ttf"], "wqy-zenhei.ttc"),
        (["wqy-zenhei.ttc", "NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"], "NotoSansCJK-Regular.ttc"),
        (["wqy-microhei.ttc", "wqy-zenhei.ttc"], "wqy-zenhei.ttc"),
        (["NotoSansSC[wght].ttf"], "NotoSansSC[wght].ttf"),
        (["wqy-zenhei.txt"], None),
    ],
)
def test_only_noto_and_wenquanyi_are_taken_and_the_same_one_of_the_same_files(
    names: list[str], chosen: str | None
) -> None:
    found = {choose_font(map(Path, listed)) for listed in (names, names[::-1])}
    assert found == {Path(chosen) if chosen else None}


def test_who_lacks_a_font_is_told_which_to_install() -> None:
    assert "fonts-wqy-zenhei" in NO_CHINESE_FONT
    assert "fonts-noto-cjk" in NO_CHINESE_FONT
