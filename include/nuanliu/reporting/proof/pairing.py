"""Which piece of an edited copy was which piece of the edition, and within two pieces which token was which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from nuanliu.reporting.proof.pieces import Piece
from nuanliu.reporting.proof.written_numbers import Written, read_numbers

_LEAST_ALIKE = 0.55
_NUMBER = "\0"


@dataclass(frozen=True)
class Token:
    """A number, a known name, or one character."""

    key: str
    """Numbers have one, so that a changed one still stands where it stood."""
    text: str
    start: int
    number: Written | None = None
    is_name: bool = False


def pair_pieces(original: Sequence[Piece], edited: Sequence[Piece]) -> list[Piece | None]:
    """For each piece of the copy the one it comes from, None for a new one. What is the same is taken first, then what is most alike."""
    unused: dict[tuple[bool, str], list[int]] = {}
    for number, piece in enumerate(original):
        unused.setdefault((piece.is_row, piece.text), []).append(number)
    found: list[int | None] = []
    for piece in edited:
        same = unused.get((piece.is_row, piece.text))
        found.append(same.pop(0) if same else None)
    left = sorted(number for numbers in unused.values() for number in numbers)
    pairs = sorted(
        (-alike, abs(number / len(original) - place / len(edited)), number, place)
        for place, piece in enumerate(edited)
        if found[place] is None
        for number in left
        if (alike := _alikeness(original[number], piece)) >= _LEAST_ALIKE
    )
    taken: set[int] = set()
    for _, _, number, place in pairs:
        if found[place] is None and number not in taken:
            found[place] = number
            taken.add(number)
    return [None if number is None else original[number] for number in found]


def _alikeness(original: Piece, edited: Piece) -> float:
    if original.is_row != edited.is_row:
        return 0.0
    matcher = SequenceMatcher(None, original.text, edited.text, autojunk=False)
    if matcher.real_quick_ratio() < _LEAST_ALIKE or matcher.quick_ratio() < _LEAST_ALIKE:
        return 0.0
    return matcher.ratio()


def by_head(names: Iterable[str]) -> dict[str, list[str]]:
    """Names by their first character, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        found.setdefault(name[0], []).append(name)
    return found


def tokens_of(text: str, names: Mapping[str, Sequence[str]]) -> list[Token]:
    """A text as numbers, names (the longest that fits; ``names`` as ``by_head`` gives them) and characters."""
    numbers = {number.start: number for number in read_numbers(text)}
    inside = {place for number in numbers.values() for place in range(number.start + 1, number.end)}
    tokens, place = [], 0
    while place < len(text):
        name = next((name for name in names.get(text[place], ()) if text.startswith(name, place)), None)
        if name is not None and place not in inside:
            tokens.append(Token(name, name, place, is_name=True))
            place += len(name)
        elif (number := numbers.get(place)) is not None:
            tokens.append(Token(_NUMBER, number.text, place, number=number))
            place = number.end
        else:
            tokens.append(Token(text[place], text[place], place))
            place += 1
    return tokens


def align(
    original: Sequence[Token], edited: Sequence[Token]
) -> Iterator[tuple[bool, Sequence[Token], Sequence[Token]]]:
    """Stretches of both, in order: the same ones (but for the values of numbers), and those that took the place of others."""
    matcher = SequenceMatcher(None, [t.key for t in original], [t.key for t in edited], autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        yield kind == "equal", original[first:last], edited[start:end]
