"""Words that ask for personal data, 姓名 or 身份证号, and how to tell their answers from more such words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.contract.rules import rule_registry
from nuanliu.intake.tables.header_labels import read_header
from nuanliu.intake.tables.row_classes import says_note
from nuanliu.intake.values.unique_texts import is_null

_PARENS = re.compile(r"\([^()]*\)")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}\Z")
_NOTHING_SAID = re.compile(
    # 1, (2), 栏次 3, 甲, ①: the number of a column; (盖章), 年 月 日, ____: a place to write on
    r"(?:栏次)?\(?[0-9]{1,2}[).、]?|\(?[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸]\)?|[①-⑳]|栏次"
    r"|\([^()]*\)|[年月日时:/_.\-—×xX*\s□○]+|(?:\([^()]*\)|[年月日:/_\s])*"
)
_NUMBER_WORD = re.compile(r"(?:号码?|电话|手机|[账帐]户|卡|证件|联系方式)[0-9]?\Z")
_LONGEST_LABEL = 30


@reloads_with_data
@cache
def personal_words(name: str) -> frozenset[str]:
    """One of the word lists of pii.person_level, folded."""
    return frozenset(fold_label(header) for header in rule_registry()["pii.person_level"].params[name])


@reloads_with_data
@cache
def _surnames() -> frozenset[str]:
    return frozenset(str(rule_registry()["pii.person_level"].params["surnames"]))


def personal_header(text: str) -> str | None:
    """``strict`` for 姓名, 身份证号, 住址, 账号 and their like, ``telephone`` for 联系电话; else None."""
    label = _bare(text)
    if label in personal_words("headers") or (
        label.endswith("姓名") and label not in personal_words("contact_headers")
    ):
        return "strict"
    return "telephone" if label in personal_words("telephone_headers") else None


def names_numbers(text: str) -> bool:
    """Whether a text names numbers, as 会员卡号, 手机2 and 联系方式 do."""
    return _NUMBER_WORD.search(_bare(text)) is not None


def is_contact_label(text: str) -> bool:
    """Whether a text names who answers for the report, 填报人 or 联系人: a business contact."""
    return _bare(text) in personal_words("contact_headers")


@reloads_with_data
@lru_cache(maxsize=1024)
def is_form_label(text: str) -> bool:
    """Whether a text asks for something about a person: 姓名, 性别, 工作单位."""
    return _bare(text) in personal_words("form_labels") or personal_header(text) is not None


@reloads_with_data
@lru_cache(maxsize=1024)
def is_label(text: str) -> bool:
    """Whether a cell asks for something instead of saying something: in a form one stands below or beside another."""
    if len(text) > _LONGEST_LABEL:
        return False
    label = _bare(text)
    return (
        label in personal_words("contact_headers")
        or is_form_label(text)
        or (label != "" and fold_label(text).endswith(":"))
        or read_header((text,), is_long=False) is not None
    )


@reloads_with_data
@lru_cache(maxsize=1024)
def says_something(text: str) -> bool:
    """Whether a cell under or beside a label answers it: no further label, no number of a column, no line of the foot."""
    folded = fold_label(text)
    return not (is_null(text) or _NOTHING_SAID.fullmatch(folded) or is_label(text) or says_note(text))


def looks_like_a_name(text: str) -> bool:
    """Whether a text is two or three characters that begin with a surname."""
    bare = "".join(text.split())
    return bool(_HAN_NAME.match(bare)) and bare[0] in _surnames() and not is_label(bare)


def _bare(text: str) -> str:
    return _PARENS.sub("", fold_label(text)).strip("*:")
