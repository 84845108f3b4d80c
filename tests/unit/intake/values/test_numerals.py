"""The bare number: digits with separators, Chinese numerals normal and financial, mixed; what has two readings is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.intake.values.chinese_numerals import FINANCIAL, NORMAL, TRADITIONAL, in_both_scripts, write_chinese

from nuanliu.intake.values.numerals import fold_numeral, read_arabic, read_numeral, scale_of

READ = [
    # text, value, one unit of the last printed digit or last named unit
    ("0", "0", "1"),
    ("7", "7", "1"),
    ("1425", "1425", "1"),
    ("1200", "1200", "1"),
    ("1200.50", "1200.50", "0.01"),
    ("0.5", "0.5", "0.1"),
    ("1,200", "1200", "1"),
    ("1，200", "1200", "1"),
    ("1 200", "1200", "1"),
    ("1\u00a0200", "1200", "1"),
    ("1\u3000200", "1200", "1"),
    ("1\u202f200", "1200", "1"),
    ("1'200", "1200", "1"),
    ("1’200", "1200", "1"),
    ("12,345,678.90", "12345678.90", "0.01"),
    ("１２００", "1200", "1"),
    ("１２．５", "12.5", "0.1"),
    ("１，２００", "1200", "1"),
    ("12\u200b00", "1200", "1"),
    ("35.9万", "359000", "1000"),
    ("35.90万", "359000", "100"),
    ("1,100万", "11000000", "10000"),
    ("2.4亿", "240000000", "10000000"),
    ("2.4億", "240000000", "10000000"),
    ("3千", "3000", "1000"),
    ("3百", "300", "100"),
    ("3仟", "3000", "1000"),
    ("1.2千万", "12000000", "1000000"),
    ("3百万", "3000000", "1000000"),
    ("1万亿", "1000000000000", "1000000000000"),
    ("1万2000", "12000", "1"),
    ("12万3456", "123456", "1"),
    ("3万5千", "35000", "1000"),
    ("5万3百", "50300", "100"),
    ("2千3百", "2300", "100"),
    ("1亿2千万", "120000000", "10000"),
    ("1亿2000万", "120000000", "10000"),
    ("3千5百万", "35000000", "10000"),
    ("零", "0", "1"),
    ("〇", "0", "1"),
    ("一", "1", "1"),
    ("两", "2", "1"),
    ("兩", "2", "1"),
    ("十", "10", "10"),
    ("十五", "15", "1"),
    ("拾伍", "15", "1"),
    ("壹拾伍", "15", "1"),
    ("二十", "20", "10"),
    ("廿", "20", "10"),
    ("廿五", "25", "1"),
    ("卅一", "31", "1"),
    ("一百", "100", "100"),
    ("一百零五", "105", "1"),
    ("一百〇五", "105", "1"),
    ("一百一十", "110", "10"),
    ("一百十五", "115", "1"),
    ("二百六十", "260", "10"),
    ("二百五", "250", "10"),
    ("三千", "3000", "1000"),
    ("两千", "2000", "1000"),
    ("一千八", "1800", "100"),
    ("一千零五", "1005", "1"),
    ("一千零五十", "1050", "10"),
    ("一千二百三十四", "1234", "1"),
    ("壹仟贰佰", "1200", "100"),
    ("壹仟貳佰", "1200", "100"),
    ("叁拾伍万玖仟", "359000", "1000"),
    ("五万", "50000", "10000"),
    ("两万", "20000", "10000"),
    ("五萬", "50000", "10000"),
    ("三万五", "35000", "1000"),
    ("三万五千", "35000", "1000"),
    ("三万二千五", "32500", "100"),
    ("3万5", "35000", "1000"),
    ("13万2", "132000", "1000"),
    ("20万5", "205000", "1000"),
    ("二十万五", "205000", "1000"),
    ("十万五", "105000", "1000"),
    ("3千2", "3200", "100"),
    ("1百5", "150", "10"),
    ("1万2千5", "12500", "100"),
    ("1亿2", "120000000", "10000000"),
    ("3万五", "35000", "1000"),
    ("六千7", "6700", "100"),
    ("3千五百", "3500", "100"),
    ("12万三千", "123000", "1000"),
    ("三万2000", "32000", "1"),
    ("一百23", "123", "1"),
    ("2万零5", "20005", "1"),
    ("3万5,000", "35000", "1"),
    ("两千两百", "2200", "100"),
    ("1亿200万", "102000000", "10000"),
    ("一万零五", "10005", "1"),
    ("一万零五十", "10050", "10"),
    ("一万零五百", "10500", "100"),
    ("十万", "100000", "10000"),
    ("二十万零五百", "200500", "100"),
    ("一千八百万", "18000000", "10000"),
    ("五百万零三十", "5000030", "10"),
    ("一亿二", "120000000", "10000000"),
    ("三亿零五万", "300050000", "10000"),
    ("四万零一百一", "40110", "10"),
    ("一亿零三万五", "100035000", "1000"),
    ("一万亿", "1000000000000", "100000000"),
    ("一二〇〇", "1200", "1"),
    ("二○二四", "2024", "1"),
    ("五〇", "50", "1"),
    ("0.30000000000000004", "0.3", "0.1"),
    ("35.900000000000006万", "359000", "1000"),
    ("123456789012345678901", "123456789012345678901", "1"),
]

NOT_ONE_NUMBER = [
    "", " ", "0931", "007", "00", "-5", "+5", "1.", ".5", "1..5", "1.2.3", "12,00", "1,2000", "1,20", "1,200 000", "1'200,000",
    "1 2 3", "150\n200", "2万05", "2万50", "1.5万5", "3千万5", "100万5", "三百万五", "1.5万2000", "1万12000", "1万200", "15千3百", "10十", "三五", "七八", "三五百", "七八十",
    "一百零", "一千零五百", "三十零五", "零五", "〇五", "○", "百百", "十十", "一百百", "三千万五", "万万", "万千", "百一", "一十百",
    "5w", "3k", "1E+05", "1e5", "①", "①150", "10²", "½", "٣", "𝟏", "一半", "五百两", "两十", "五三两", "两零二", "三万五亿", "二百五万", "三亿五千", "3亿5千", "一亿三千五百", "一亿二千五", "十5", "十2万", "百5", "2百十", "2.1十", "一万十", "半", "兆", "几", "数百", "12人", "约500", "0x1F", "1_000", "∞", "NaN",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "step"), READ)
def test_a_number_is_read_with_the_step_of_its_last_digit(text: str, value: str, step: str) -> None:
    read = read_numeral(fold_numeral(text))
    assert read is not None
    assert (read.value, read.step, read.is_bare) == (Decimal(value), Decimal(step), False)


@pytest.mark.parametrize("text", NOT_ONE_NUMBER)
def test_what_has_no_or_two_readings_is_no_number(text: str) -> None:
    assert read_numeral(fold_numeral(text)) is None


@pytest.mark.parametrize(
    ("text", "value"), [("百", 100), ("千", 1000), ("万", 10_000), ("亿", 10**8), ("百万", 10**6), ("千万", 10**7)]
)
def test_a_named_unit_without_a_count_is_marked_as_bare(text: str, value: int) -> None:
    read = read_numeral(text)
    assert read is not None
    assert (read.value, read.is_bare) == (value, True)


@pytest.mark.parametrize(
    ("text", "scale"), [("万", 10**4), ("亿", 10**8), ("百万", 10**6), ("千", 1000), ("十万", 10**5), ("万亿", 10**12)]
)
def test_a_chain_of_named_units_multiplies(text: str, scale: int) -> None:
    assert scale_of(text) == scale


@pytest.mark.parametrize("text", ["", "万万", "万千", "人", "一万", "百十"])
def test_anything_else_is_no_chain_of_named_units(text: str) -> None:
    assert scale_of(text) is None


@pytest.mark.parametrize("text", ["1234567890123.456", "0.123456789012345678"])
def test_real_digits_are_not_taken_for_the_noise_of_floats(text: str) -> None:
    read = read_arabic(text)
    assert read is not None
    assert abs(read.value - Decimal(text)) < Decimal("1e-6")
    assert read.value != read.value.to_integral_value()


@given(st.integers(0, 10**12 - 1), st.sampled_from([NORMAL, FINANCIAL, TRADITIONAL]))
def test_any_number_written_in_chinese_reads_back(number: int, style: tuple[str, str, str]) -> None:
    read = read_numeral(fold_numeral(write_chinese(number, style)))
    assert read is not None
    assert read.value == number


HEADS = st.one_of(
    st.tuples(st.integers(1, 9999).filter(lambda head: head % 100), st.sampled_from((4, 8))),
    st.tuples(st.integers(1, 9_999_999).filter(lambda head: head % 10), st.sampled_from((2, 3))),
)
"""What stands before the digit whose unit is left out: a count with the power of ten of its last named unit."""


@given(HEADS, st.integers(1, 9), st.sampled_from([NORMAL, FINANCIAL, TRADITIONAL]), st.sets(st.integers(0, 30)))
def test_the_last_unit_may_be_left_out_in_either_script(
    head: tuple[int, int], digit: int, style: tuple[str, str, str], arabic: set[int]
) -> None:
    count, power = head
    spoken = write_chinese(count * 10**power, style) + style[0][digit]
    read = read_numeral(fold_numeral(in_both_scripts(spoken, style, arabic)))
    assert read is not None
    assert (read.value, read.step) == (count * 10**power + digit * 10 ** (power - 1), 10 ** (power - 1))


@given(HEADS, st.integers(1, 9), st.sampled_from([NORMAL, FINANCIAL, TRADITIONAL]), st.sets(st.integers(0, 30)))
def test_behind_a_zero_the_last_digit_counts_ones(
    head: tuple[int, int], digit: int, style: tuple[str, str, str], arabic: set[int]
) -> None:
    count, power = head
    read = read_numeral(fold_numeral(in_both_scripts(write_chinese(count * 10**power + digit, style), style, arabic)))
    assert read is not None
    assert (read.value, read.step) == (count * 10**power + digit, 1)


@given(st.integers(0, 10**12 - 1), st.sampled_from([NORMAL, FINANCIAL, TRADITIONAL]), st.sets(st.integers(0, 30)))
def test_which_script_a_digit_stands_in_does_not_matter(
    number: int, style: tuple[str, str, str], arabic: set[int]
) -> None:
    read = read_numeral(fold_numeral(in_both_scripts(write_chinese(number, style), style, arabic)))
    assert read is not None
    assert read.value == number


@given(st.integers(1, 99), st.sampled_from(["百", "千", "万", "亿"]), st.integers(1, 10**7 - 1))
def test_arabic_digits_behind_a_unit_are_one_digit_or_fill_its_places(count: int, unit: str, rest: int) -> None:
    places = {"百": 2, "千": 3, "万": 4, "亿": 8}[unit]
    read = read_numeral(f"{count}{unit}{rest}")
    if count > 9 and places < 4:
        assert read is None
    elif len(str(rest)) == places:
        assert read is not None
        assert read.value == count * 10**places + rest
    elif rest < 10:
        assert read is not None
        assert read.value == count * 10**places + rest * 10 ** (places - 1)
    else:
        assert read is None


@given(st.integers(0, 10**15), st.sampled_from([",", "，", " ", "\u00a0", "'", "\u3000"]))
def test_any_number_with_thousands_separators_reads_back(number: int, separator: str) -> None:
    read = read_numeral(fold_numeral(f"{number:,}".replace(",", separator)))
    assert read is not None
    assert read.value == number


@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_any_amount_reads_back(amount: Decimal) -> None:
    read = read_numeral(f"{amount:f}")
    assert read is not None
    assert read.value == amount


@given(st.text(alphabet="0123456789.,' 零〇一二两三十百千万亿廿余", max_size=12))
def test_reading_never_raises_and_never_goes_below_zero(text: str) -> None:
    read = read_numeral(fold_numeral(text))
    assert read is None or (read.value >= 0 and read.step > 0)
