"""What holds for any cell whatever: never a silent null, never another number, columns as cells, sums as algebra."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.intake.values.chinese_numerals import (
    FINANCIAL,
    NORMAL,
    TRADITIONAL,
    write_amount,
    write_chinese,
    write_mixed,
)

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness, combine, show_figure
from nuanliu.intake.values import written_number
from nuanliu.intake.values.figure_column import FigureReading, read_figure, read_figures

PEOPLE, MONEY, VISITS = (codes().measures[each] for each in ("people_served", "funds_total", "service_visits"))
MEASURES = st.sampled_from(list(codes().measures))
KINDS = st.sampled_from(EXACTNESS_CODES)
MONEY_UNITS = st.sampled_from([None, "元", "万元", "千元", "亿元", "角", "人", "元/万元"])
ALPHABET = "0123456789.,，' \u3000１２三十百千万亿余多约近超以上左右人次元双①-—~至+%=E#REF!/无同上()（）\n"
CELLS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=ALPHABET, max_size=10),
    st.integers(-1000, 10**16).map(str),
    st.decimals(0, 10**8, places=3, allow_nan=False).map(str),
    st.integers(0, 10**9).map(lambda number: f"{number:,}"),
    st.builds(
        lambda before, number, after: f"{before}{number}{after}",
        st.sampled_from(["", "约", "近", "超过", "①", "-", "¥", "共计"]),
        st.integers(0, 10**10),
        st.sampled_from(
            ["", "余", "万", "万多", "余人", "人次", "元", "万元", "双", "以上", "、", "月", "角", "千", "百", "多万"]
        ),
    ),
)


@given(CELLS, MEASURES, MONEY_UNITS, MONEY_UNITS, st.booleans())
@settings(max_examples=250)
def test_any_cell_is_a_figure_or_a_problem_or_a_null_word(
    text: str, of: object, header_unit: str | None, sheet_unit: str | None, is_percent: bool
) -> None:
    reading = read_figure(text, of, header_unit=header_unit, sheet_unit=sheet_unit, is_percent=is_percent)  # type: ignore[arg-type]
    if reading.figure is None and reading.problem is None and reading.note is None:
        left = text.translate({ord(char): None for char in "\u200b\ufeff\u2060\u00ad\ufe0f"}).strip()
        words = {*input_contract().vocabulary["null_words"], "無", "暫無", "／"}
        assert (
            left.strip("。;；' ") in words
            or not set(left) - set("-‐‑‒–—―−－─━。;；'’‘＇ʼ \u200c\u200d\u200e\u200f")
            or not left
        )
    assert (reading.figure is None) or (reading.problem is None)
    if reading.figure is not None:
        assert reading.figure.value >= 0
        assert reading.figure.step > 0
        assert reading.figure.value * 100 == int(reading.figure.value * 100)
    for rule in (reading.problem, reading.note):
        if rule:
            rule_registry()[rule].finding(column_id="people_served", value=text, **reading.words)  # type: ignore[arg-type]


@given(st.lists(CELLS, max_size=40), MEASURES, MONEY_UNITS, MONEY_UNITS, st.data())
@settings(max_examples=150)
def test_a_column_says_what_its_cells_say(
    texts: list[str], of: object, header_unit: str | None, sheet_unit: str | None, data: st.DataObject
) -> None:
    percent = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    texts = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # Arrow holds no lone surrogates
    column = pd.Series(texts, dtype="object")
    frame = read_figures(
        column, of, header_unit=header_unit, sheet_unit=sheet_unit, is_percent=pd.Series(percent, dtype=bool)
    )  # type: ignore[arg-type]
    assert list(frame.index) == list(column.index)
    for text, is_percent, said in zip(texts, percent, frame.itertuples(index=False), strict=True):
        reading = read_figure(text, of, header_unit=header_unit, sheet_unit=sheet_unit, is_percent=is_percent)  # type: ignore[arg-type]
        assert (reading.problem or "", reading.note or "") == (
            said.problem if pd.notna(said.problem) else "",
            said.note if pd.notna(said.note) else "",
        )
        assert said.words == (dict(reading.words) if reading.problem or reading.note else None)
        if reading.figure is None:
            assert pd.isna(said.value_cents)
            assert (said.exactness, said.precision_cents) == (0, 0)
        else:
            figure = reading.figure
            assert (said.value_cents, said.precision_cents) == (figure.value * 100, figure.step * 100)
            assert EXACTNESS_CODES[said.exactness] is figure.exactness


@given(st.decimals(0, 10**12, places=2, allow_nan=False), KINDS)
def test_what_the_reports_print_is_read_back_as_the_same_figure(value: Decimal, exactness: Exactness) -> None:
    figure = read_figure(show_figure(value, exactness), MONEY).figure
    assert figure is not None
    assert (figure.value, figure.exactness) == (value, exactness)


@given(st.integers(0, 10**11), st.sampled_from([NORMAL, FINANCIAL]), st.sampled_from(["", "人", "名"]))
def test_any_number_written_in_chinese_is_the_same_figure(number: int, style: tuple[str, str, str], unit: str) -> None:
    figure = read_figure(write_chinese(number, style) + unit, PEOPLE).figure
    assert figure is not None
    assert (figure.value, figure.exactness) == (number, Exactness.EXACT)


@given(st.one_of(st.text(max_size=12), st.text(alphabet=f"{ALPHABET}春风数几若干许多大量成上好*‰①㈠", max_size=12)))
def test_what_holds_no_telling_character_is_of_no_kind_of_writing(text: str) -> None:
    assert written_number.why_unreadable(text) == written_number._kind_of_writing(text)


ROUNDED = st.builds(lambda digits, zeros: digits * 10**zeros % 10**12, st.integers(0, 10**6), st.integers(0, 11))
"""Numbers with many zeros, at their end or between."""
NUMBERS = st.one_of(st.integers(0, 10**12 - 1), ROUNDED, st.builds(lambda a, b: (a + b) % 10**12, ROUNDED, ROUNDED))


@given(NUMBERS, st.sampled_from([NORMAL, FINANCIAL, TRADITIONAL]), st.booleans())
@settings(max_examples=150)
def test_both_conventions_of_the_zero_are_the_same_figure(
    number: int, style: tuple[str, str, str], has_zero: bool
) -> None:
    figure = read_figure(write_chinese(number, style, zero_after_round=has_zero), PEOPLE).figure
    assert figure is not None
    assert (figure.value, figure.exactness) == (number, Exactness.EXACT)


@given(NUMBERS, st.integers(0, 99), st.booleans(), st.booleans(), st.sampled_from(["", "人民币", "人民币(大写):"]))
@settings(max_examples=150)
def test_any_amount_in_financial_writing_is_the_same_figure(
    yuan: int, rest: int, after_round: bool, after_yuan: bool, before: str
) -> None:
    cents = yuan * 100 + rest
    written = before + write_amount(cents, zero_after_round=after_round, zero_after_yuan=after_yuan)
    figure = read_figure(written, MONEY).figure
    assert figure is not None
    assert (figure.value, figure.exactness) == (Decimal(cents) / 100, Exactness.EXACT)


@given(NUMBERS, st.booleans())
@settings(max_examples=150)
def test_any_number_in_mixed_writing_is_the_same_figure(number: int, sections_whole: bool) -> None:
    figure = read_figure(write_mixed(number, sections_whole=sections_whole), PEOPLE).figure
    assert figure is not None
    assert (figure.value, figure.exactness) == (number, Exactness.EXACT)


@given(
    st.integers(0, 9999), st.integers(1, 999), st.sampled_from(["", "万", "亿"]), st.sampled_from([NORMAL, FINANCIAL])
)
def test_a_point_in_chinese_numerals_is_a_decimal_point(
    whole: int, decimals: int, scale: str, style: tuple[str, str, str]
) -> None:
    printed = str(decimals).rstrip("0") or "5"
    text = write_chinese(whole, style) + "点" + "".join(NORMAL[0][int(digit)] for digit in printed) + scale
    value = Decimal(f"{whole}.{printed}") * {"": 1, "万": 10**4, "亿": 10**8}[scale]
    reading = read_figure(text, MONEY)
    if value * 100 != int(value * 100):
        assert reading.problem == "row.figure.decimals"
        return
    assert reading.figure is not None
    assert reading.figure.value == value


def test_28000_written_numbers_are_read_as_what_was_written() -> None:
    """The count of issue 10, by a writer of the tests' own, the same numbers every time."""
    chance = Random(10)
    wrong = []
    for _ in range(4000):
        number = chance.randrange(10 ** chance.randint(1, 12)) // 10 ** (gap := chance.randint(0, 6)) * 10**gap
        cents = number * 100 + chance.choice((0, 0, 5, 50, chance.randrange(100)))
        zeros = chance.random() < 0.5
        writings = [
            *(
                (write_chinese(number, style, zero_after_round=zeros), number)
                for style in (NORMAL, FINANCIAL, TRADITIONAL)
            ),
            (write_amount(cents, zero_after_round=zeros, zero_after_yuan=not zeros), Decimal(cents) / 100),
            (write_mixed(number), number),
            (write_mixed(number, sections_whole=True), number),
            (f"{number:,}", number),
        ]
        for written, value in writings:
            figure = read_figure(written, MONEY).figure
            if figure is None or (figure.value, figure.exactness) != (value, Exactness.EXACT):
                wrong.append((written, value, figure))
    assert wrong == []


@given(st.integers(0, 10**9), st.sampled_from(["約", "约", "近", "超", "不足", ">"]), st.sampled_from(["", "人"]))
def test_a_mark_in_front_changes_the_exactness_and_nothing_else(number: int, mark: str, unit: str) -> None:
    bare, marked = read_figure(f"{number}{unit}", PEOPLE).figure, read_figure(f"{mark}{number}{unit}", PEOPLE).figure
    assert bare is not None
    assert marked is not None
    assert (bare.value, bare.step, bare.exactness) == (marked.value, marked.step, Exactness.EXACT)
    assert marked.exactness is not Exactness.EXACT


@given(st.integers(1, 10**6), st.sampled_from(["余", "多", "以上", "左右"]), st.sampled_from(["", "万", "亿"]))
def test_a_mark_behind_changes_the_exactness_and_nothing_else(number: int, mark: str, scale: str) -> None:
    bare, marked = read_figure(f"{number}{scale}", PEOPLE), read_figure(f"{number}{scale}{mark}", PEOPLE)
    if bare.figure is None:  # 10^15 and more
        assert (bare.problem, marked.problem) == ("row.figure.too_large", "row.figure.too_large")
        return
    assert marked.figure is not None
    assert (marked.figure.value, marked.figure.step) == (bare.figure.value, bare.figure.step)
    assert marked.figure.exactness is not Exactness.EXACT


@given(st.integers(0, 10**8), st.sampled_from(["0123456789", "０１２３４５６７８９"]))
def test_the_width_of_digits_does_not_matter(number: int, digits: str) -> None:
    written = "".join(digits[int(digit)] for digit in str(number))
    assert read_figure(written, PEOPLE) == read_figure(str(number), PEOPLE)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["-", "—", "～", "至", "+", "、", "\n", "/", "*"]))
def test_two_numbers_in_a_cell_are_never_one_figure(first: int, second: int, between: str) -> None:
    reading = read_figure(f"{first}{between}{second}", PEOPLE)
    assert reading.figure is None
    assert reading.problem is not None


@given(st.floats(0.01, 10**7))
def test_an_amount_is_read_to_the_cent_or_asked_about(amount: float) -> None:
    reading = read_figure(repr(amount), MONEY)
    if reading.figure is None:
        assert reading.problem in ("row.figure.decimals", "row.figure.scientific")
    else:
        assert abs(reading.figure.value - Decimal(repr(amount))) < Decimal("1e-6")


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_float_noise_of_a_sum_of_cents_is_read_away(first: int, second: int) -> None:
    total = first / 100 + second / 100
    figure = read_figure(repr(total), MONEY).figure
    assert figure is not None
    assert figure.value == Decimal(first + second) / 100


@pytest.mark.parametrize(("a", "b", "c"), list(product(EXACTNESS_CODES, repeat=3)))
def test_adding_exactness_is_associative_and_commutative(a: Exactness, b: Exactness, c: Exactness) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert combine([a, b, c]) == combine([c, a, b])


@pytest.mark.parametrize("kind", EXACTNESS_CODES)
def test_exact_is_the_identity_and_equal_kinds_keep_theirs(kind: Exactness) -> None:
    assert kind + Exactness.EXACT == kind
    assert kind + kind == kind
    assert kind + Exactness.APPROX == (Exactness.APPROX)


def test_over_and_under_make_approx_and_an_empty_sum_is_exact() -> None:
    assert Exactness.OVER + Exactness.UNDER is Exactness.APPROX
    assert combine([]) is Exactness.EXACT


@given(st.text(max_size=40))
def test_a_silent_null_has_no_figure_in_it(text: str) -> None:
    if read_figure(text, VISITS) == FigureReading():
        assert not any(char.isdigit() for char in text)
