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
_LETTER = re.compile(r"[A-Za-z]")
_HIGH_RUN = re.compile(r"[\x80-\xff]+")


def mojibake_line(text: str) -> int | None:
    """The line (from 1) of the first sign that a text was once read in a wrong encoding, or None."""
    line = misread_line(text)
    return 1 if line is None and is_lost_to_question_marks(text) else line


def misread_line(text: str) -> int | None:
    """The same for signs that no sound text has. Question marks are none: a sound workbook may have a sheet of them."""
    for sign in (_LOST, _LOST_TWICE):
        at = text.find(sign)
        if at >= 0:
            return text.count("\n", 0, at) + 1
    return 1 if is_misread_utf8(text) or is_misread_gb(text) else None


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


def is_misread_gb(text: str) -> bool:
    """Whether the beginning of a text is GB2312 that was read as a Western encoding: »î¶¯Ãû³Æ.

    Its characters come in pairs of two high ones, and no Chinese is left; the accents of European words stand alone.
    """
    sample = text[:_SAMPLE]
    if _HAN.search(sample):
        return False
    runs = _HIGH_RUN.findall(sample)
    again = "".join(run.encode("latin-1").decode("gb2312", "replace") for run in runs)
    different = len(set(_HAN.findall(again)))  # a line of ···· is one character many times
    return different >= _MIN_HAN and sum(map(len, runs)) >= 3 * len(runs) and again.count(_LOST) * 5 <= len(again)


def is_lost_to_question_marks(text: str) -> bool:
    """Whether the beginning of a text was saved in an encoding without Chinese: every character became a ?.

    Some cells that ask ?? beside words and figures are none of that: of a lost text hardly anything else is left.
    """
    sample = text[:_SAMPLE]
    if not sample.isascii() or len(_QUESTION_MARKS.findall(sample)) < _MIN_QUESTIONS:
        return False
    return sample.count("?") > len(_LETTER.findall(sample))
