"""Text that some program read in the wrong encoding and saved again. What was lost cannot be guessed back."""

from __future__ import annotations

import re

_SAMPLE = 4096
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_LOST = "\ufffd"
_LOST_TWICE = "锟斤拷"  # two U+FFFD in UTF-8, read as GBK
# UTF-8 bytes shown by the encodings in which careless programs read them.
_WRONG_ENCODINGS = ("gb18030", "cp1252", "latin-1")
_MIN_HAN = 4
_QUESTION_MARKS = re.compile(r"\?{2,}")
_MIN_QUESTIONS = 3


def mojibake_line(text: str) -> int | None:
    """The line (from 1) of the first sign that a text was once read in a wrong encoding, or None."""
    for sign in (_LOST, _LOST_TWICE):
        at = text.find(sign)
        if at >= 0:
            return text.count("\n", 0, at) + 1
    return 1 if is_misread_utf8(text) or is_lost_to_question_marks(text) else None


def is_misread_utf8(text: str) -> bool:
    """Whether the beginning of a text is UTF-8 that was read as GB18030 or as a Western encoding.

    Chinese text written in GB18030 is almost never valid UTF-8; misread UTF-8 is, but for a few lost bytes.
    """
    sample = "".join(_NON_ASCII.findall(text[:_SAMPLE]))
    if not sample:
        return False
    for encoding in _WRONG_ENCODINGS:
        again = sample.encode(encoding, "ignore").decode("utf-8", "replace")
        han = len(_HAN.findall(again))
        if han >= _MIN_HAN and again.count(_LOST) * 5 <= han:
            return True
    return False


def is_lost_to_question_marks(text: str) -> bool:
    """Whether the beginning of a text was saved in an encoding without Chinese: every character became a ?."""
    sample = text[:_SAMPLE]
    return sample.isascii() and len(_QUESTION_MARKS.findall(sample)) >= _MIN_QUESTIONS
