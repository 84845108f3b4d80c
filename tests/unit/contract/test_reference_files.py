"""Every refusal about reference data names file, line and what to write (issue 9)."""

import pytest
from tests.reference_lists import copy_lists

from nuanliu.contract.code_lists import codes, read_codes
from nuanliu.contract.season import Season
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

CAMPAIGNS = "campaign_id,name,aliases,starts_on,ends_on"
NO_SEASON = "campaign_id,name,aliases"


def refused(tmp_path, **files):
    with pytest.raises(BrokenContract) as raised:
        read_codes(copy_lists(tmp_path, **files))
    return raised.value.message


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a,甲,,2024年,", "line 2: a 甲 has no season; starts_on '2024年' is no day of every year; write 2024-11-01"),
        ("a,甲,,,03-31", "line 2: a 甲 has no season; ends_on stands without starts_on; write the first day"),
        ("a,甲,,11-01,2025-03-31", "line 2: a 甲 has no season; write both days with a year"),
        ("a,甲,,2024-11-01,2024-10-01", "line 2: a 甲 has no season; ends_on 2024-10-01 lies before"),
        ("a,甲,,11-01,02-29", "line 2: a 甲 has no season; ends_on '02-29' is no day of every year"),
        ("a,甲,,11-01,03-31,更多", 'line 2: there are more cells than columns; put texts that hold a comma into "…"'),
        (",甲,,,", "line 2: id or name is empty; write both"),
    ],
)
def test_a_campaign_that_cannot_be(tmp_path, line, says):
    assert f"campaigns.csv {says}" in refused(tmp_path, campaigns=f"{CAMPAIGNS}\n{line}\n")


def test_seasons_are_read_and_a_list_without_the_columns_has_none(tmp_path):
    lists = read_codes(copy_lists(tmp_path, campaigns=f"{CAMPAIGNS}\na,甲,,11-01,03-31\nb,乙,,,\n"))
    assert [campaign.season for campaign in lists.campaigns] == [Season("11-01", "03-31"), None]
    lists = read_codes(copy_lists(tmp_path, campaigns=f"{NO_SEASON}\na,甲,\n"))
    assert [campaign.season for campaign in lists.campaigns] == [None]


def test_no_campaign_of_ours_has_a_season_that_nobody_told_us() -> None:
    assert {campaign.season for campaign in codes().campaigns} == {None}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (
            {"campaigns": f"{CAMPAIGNS}\na,甲,,,\nb,乙,,,\na,丙,,,\n"},
            "campaigns.csv line 4: id a stands twice, first in line 2",
        ),
        ({"campaigns": f"{CAMPAIGNS}\na,甲,,,\nb,乙,甲,,\n"}, "campaigns.csv line 3: '甲' names both a (line 2) and b"),
        (
            {"campaigns": "id,name\na,甲\n"},
            "campaigns.csv line 1: there is no column campaign_id, aliases; write the header",
        ),
        ({"campaigns": ""}, "campaigns.csv line 1: there is no column"),
        (
            {"beneficiary_groups": "group_id,name,parent_id,aliases\na,甲,b,\n"},
            "beneficiary_groups.csv line 2: parent b does",
        ),
    ],
)
def test_a_list_that_contradicts_itself(tmp_path, files, says):
    message = refused(tmp_path, **files)
    assert says in message
    assert "write" in message or "leave" in message


def test_a_union_of_an_unknown_level_or_expectation(tmp_path):
    text = (INCLUDE_DIR / "reference" / "unions.csv").read_text("utf-8")
    assert "unions.csv line 4: expected_weekly is 'ja'; write yes or no" in refused(
        tmp_path, unions=text.replace("620000,620100,yes", "620000,620100,ja", 1)
    )
    assert "unions.csv line 4: level is 'city'; write one of province," in refused(
        tmp_path, unions=text.replace("prefecture", "city", 1)
    )


def test_a_file_of_another_encoding_or_none(tmp_path):
    folder = copy_lists(tmp_path)
    (folder / "campaigns.csv").write_bytes(f"{CAMPAIGNS}\na,甲,,,\n".encode("gb18030"))
    with pytest.raises(BrokenContract, match=r"campaigns.csv is not UTF-8; save it as CSV UTF-8"):
        read_codes(folder)
    (folder / "campaigns.csv").unlink()
    with pytest.raises(BrokenContract, match=r"campaigns.csv is missing; write one with the header campaign_id"):
        read_codes(folder)


def test_a_file_that_excel_saved_as_utf_8_is_read(tmp_path):
    folder = copy_lists(tmp_path)
    (folder / "campaigns.csv").write_bytes(b"\xef\xbb\xbf" + f"{CAMPAIGNS}\r\na,甲,,,\r\n,,,,\r\n".encode())
    assert [campaign.name for campaign in read_codes(folder).campaigns] == ["甲"]
