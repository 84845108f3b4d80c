"""Which font of this machine has Chinese characters. A picture without one would show empty boxes, so that none is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_KNOWN = ("notosanscjk", "notosanssc", "wqy-zenhei", "wqy-microhei")
"""How the files of Noto and WenQuanYi begin, in lower case; the first is taken first."""
_KINDS = {".ttc", ".ttf", ".otf"}
NO_CHINESE_FONT = (
    "本机没有可用的中文字体,周报不画图,数字照样列成表和条形。请安装 WenQuanYi Zen Hei(Debian:apt-get install fonts-wqy-zenhei)"
    "或 Noto Sans CJK(fonts-noto-cjk),装好后出的下一版就有图。"
)
"""What the engineers are told. Nobody's summary waits for a font."""


def chinese_font() -> Path | None:
    """The file of a font with Chinese characters; None where the machine has none of those we know."""
    folders = (Path(folder).expanduser() for folder in _FOLDERS)
    return choose_font(file for folder in folders for file in folder.rglob("*"))


def choose_font(files: Iterable[Path]) -> Path | None:
    """The best of some files: a regular font of the known families. The same files give the same choice."""
    listed = sorted((file for file in files if file.suffix.lower() in _KINDS), key=lambda file: (file.name, str(file)))
    for known in _KNOWN:
        fitting = [file for file in listed if file.name.lower().startswith(known)]
        if fitting:
            return next((file for file in fitting if "regular" in file.name.lower()), fitting[0])
    return None
