"""Whether a free text may name a person. Nobody can know; doubt is enough where the text would be told to many."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_HAN = r"[\u4e00-\u9fff]"
_LONG_NUMBER = re.compile(r"[0-9０-９]{7,}")
_EDGE = r"(?=[^\u4e00-\u9fff]|$)"


@dataclass(frozen=True)
class PersonWords:
    """The words of contracts/highlights.yaml, as patterns."""

    masked: tuple[str, ...]
    named: re.Pattern[str]
    organisations: tuple[str, ...]

    @classmethod
    def of(cls, words: Mapping[str, Any], organisations: Sequence[str]) -> PersonWords:
        """``words``: ``persons`` of the file."""
        surname = "|".join([*words["compound"], f"[{''.join(words['surnames'].split())}]"])
        before, after, then, titles = ("|".join(words[name]) for name in ("before", "after", "then", "titles"))
        given = f"[{''.join(words['given'].split())}]"
        no_word = rf"(?!{'|'.join(words['words'])})"
        name = rf"{no_word}(?:{surname}){_HAN}{{1,2}}"
        named = (
            rf"(?:^|[^\u4e00-\u9fff]|{before}){name}(?:{_EDGE}|{then})"
            rf"|{name}(?={after})"
            rf"|{no_word}(?:{surname}){given}{{2}}|(?:^|{before}){no_word}(?:{surname}){given}"
            rf"|{no_word}(?:{surname})(?={titles})"
        )
        return cls(tuple(words["masked"]), re.compile(named), tuple(organisations))

    def may_name_a_person(self, text: str) -> bool:
        """Whether a text holds what may be somebody's name, or a number that may be somebody's."""
        is_masked = any(sign in text for sign in self.masked)
        return is_masked or bool(_LONG_NUMBER.search(text) or self.named.search(text))

    def is_organisation(self, text: str) -> bool:
        """Whether a name ends as organisations' do and holds no person's."""
        return text.endswith(self.organisations) and not self.may_name_a_person(text)
