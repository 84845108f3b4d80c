"""union_history.csv without a database: trees by week, ends, heirs; and what is refused with the way to mend it (issue 9)."""

from datetime import date

import pytest
from tests.reference_lists import HISTORY, copy_lists

from nuanliu.contract.code_lists import read_codes
from nuanliu.contract.union_life import unions_on
from nuanliu.errors import BrokenContract

DISTRICT, OTHER, PREFECTURE, FORMER = "620402", "620403", "620400", "620300"
MONDAY = date(2024, 12, 2)


@pytest.fixture
def read(tmp_path):
    return lambda *lines: read_codes(copy_lists(tmp_path, union_history="\n".join([HISTORY, *lines]) + "\n"))


def on(lists, monday):
    return unions_on(monday, lists.unions.list.entries, lists.union_past)


def test_a_union_stands_where_it_stood_on_the_monday(read):
    lists = read(f"{DISTRICT},旧名,,{FORMER},,,,2024-12-04,")
    before, after = on(lists, MONDAY), on(lists, date(2024, 12, 9))
    assert (before.standing[DISTRICT].parent_id, before.standing[DISTRICT].name) == (FORMER, "旧名")
    assert DISTRICT in before.subtree(FORMER)
    assert DISTRICT not in before.subtree(PREFECTURE)
    assert DISTRICT in after.subtree(PREFECTURE)


def test_an_ended_union_stands_where_it_stood_last_and_says_so(read):
    lists = read(f"{DISTRICT},,,{FORMER},,,,2024-12-02,{OTHER}")
    assert not on(lists, date(2024, 11, 25)).ends
    after = on(lists, MONDAY)
    assert after.standing[DISTRICT].parent_id == FORMER
    assert after.ends[DISTRICT].valid_to == MONDAY
    assert after.heir(DISTRICT).id == OTHER
    assert after.heir(OTHER) is None


def test_a_file_without_the_column_successor_knows_no_ends(tmp_path):
    header = HISTORY.removesuffix(",successor")
    lists = read_codes(copy_lists(tmp_path, union_history=f"{header}\n{DISTRICT},旧名,,,,,,2024-12-02\n"))
    assert not on(lists, MONDAY).ends


def test_who_was_ever_below_whom(read):
    lists = read(f"{DISTRICT},,,{FORMER},,,,2024-12-02,")
    assert lists.was_ever_below(DISTRICT, FORMER)
    assert lists.was_ever_below(DISTRICT, PREFECTURE)
    assert lists.was_ever_below(DISTRICT, "620000")
    assert not lists.was_ever_below(DISTRICT, "620500")
    assert not lists.was_ever_below(None, PREFECTURE)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["999999,,,,,,,2024-12-02,-"], "line 2: '999999' is not in unions.csv; keep the line"),
        ([f"{DISTRICT},,,,,,,,"], "line 2: valid_to is empty; write the first day"),
        ([f"{DISTRICT},,,,,,,2024年,"], "line 2: valid_to '2024年' is no day; write days as 2018-09-03"),
        ([f"{DISTRICT},,,,,,,20241202,"], "line 2: valid_to '20241202' .*; write days as"),
        ([f"{DISTRICT},,,999999,,,,2024-12-02,"], "line 2: parent 999999 does not exist; write an id"),
        ([f"{DISTRICT},,,,,maybe,,2024-12-02,"], "line 2: expected_weekly is 'maybe'; write yes or no"),
        ([f"{DISTRICT},,,,,,2024-12-02,2024-12-01,"], "line 2: valid_from 2024-12-02 does not lie before"),
        (
            [f"{DISTRICT},,,,,,2020-01-06,2024-12-02,"],
            "line 2: .* must begin .*; leave valid_from of its first line empty",
        ),
        (
            [f"{DISTRICT},,,,,,,2020-01-06,", f"{DISTRICT},,,,,,2020-02-03,2024-12-02,"],
            "line 3: .* must begin .*; write 2020-01-06 as valid_from",
        ),
        ([f"{DISTRICT},,,,,,,2024-12-02,999999"], "line 2: successor '999999' is not in unions.csv; write the id"),
        ([f"{DISTRICT},,,,,,,2024-12-02,{DISTRICT}"], "line 2: 620402 is its own successor; write the id"),
        (
            [f"{DISTRICT},,,,,,,2024-12-02,{OTHER}", f"{OTHER},,,,,,,2024-06-03,{DISTRICT}"],
            "line 2: successor 620403 has itself ended on 2024-06-03; write the id",
        ),
        (
            [f"{DISTRICT},,,,,,,2020-01-06,{OTHER}", f"{DISTRICT},,,,,,2020-01-06,2024-12-02,"],
            "line 3: 620402 has ended on 2020-01-06; write nothing after its end",
        ),
    ],
)
def test_a_history_that_cannot_be_is_refused_with_line_and_way(read, lines, says):
    with pytest.raises(BrokenContract, match=f"union_history.csv {says}"):
        read(*lines)


def test_a_chain_of_heirs_is_no_circle(read):
    lists = read(f"{DISTRICT},,,,,,,2024-06-03,{OTHER}", f"{OTHER},,,,,,,2024-12-02,620421")
    assert on(lists, MONDAY).heir(DISTRICT).id == "620421"
