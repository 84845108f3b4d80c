from __future__ import annotations

import pytest

from nuanliu.operations.drops.drop_path import drop_key, is_temporary, read_drop_path


@pytest.mark.parametrize(
    ("key", "union_id", "week", "is_trial"),
    [
        ("intake/620400/周报.xlsx", "620400", None, False),
        ("intake/620400/2024-W49/周报.xlsx", "620400", "2024-W49", False),
        ("intake/620400/试报/周报.xlsx", "620400", None, True),
        ("intake/620400/trial/2024-W49/周报.xlsx", "620400", "2024-W49", True),
        ("intake/620000-own/a.csv", "620000-own", None, False),
        ("intake/620000/a.csv", "unknown", None, False),
        ("intake/999999/a.csv", "unknown", None, False),
        ("intake/a.csv", "unknown", None, False),
        ("intake/620400/2024-W60/a.csv", "620400", None, False),
        ("intake/620400/2024w49/a.csv", "620400", "2024-W49", False),
        ("intake/620400/２０２４－Ｗ４９ /a.csv", "620400", "2024-W49", False),
        ("intake/620400/2024年第9周/a.csv", "620400", "2024-W09", False),
        ("intake/620400/第49周/a.csv", "620400", None, False),
    ],
)
def test_the_path_names_sender_week_and_trial(key: str, union_id: str, week: str | None, is_trial: bool) -> None:
    path = read_drop_path(key)
    assert (path.union_id, path.week, path.is_trial) == (union_id, week, is_trial)


@pytest.mark.parametrize(
    "folder",
    ["试报", "试报 ", "\u3000试报", "试 报", "(试报)", "（试报）", "【试报】", "[试报]", "〔试报〕", "TRIAL", "Trial", "ｔｒｉａｌ",
     "(trial)", "{试报}", "试报\u200b"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["{}/a.csv", "2024-W49/{}/a.csv", "{}/2024-W49/a.csv", "甲/乙/{}/丙/a.csv"])
def test_case_width_blanks_and_brackets_of_a_trial_folder_do_not_matter(folder: str, place: str) -> None:
    path = read_drop_path(f"intake/620400/{place.format(folder)}")
    assert (path.is_trial, path.doubtful_folder) == (True, None)


@pytest.mark.parametrize("folder", ["试报材料", "试报2", "非试报", "trial-run", "Ｔrials", "第一次试报（49周）"])
def test_a_folder_that_only_speaks_of_a_trial_is_neither_trial_nor_report(folder: str) -> None:
    path = read_drop_path(f"intake/620400/{folder}/a.csv")
    assert (path.is_trial, path.doubtful_folder) == (False, folder)


@pytest.mark.parametrize("key", ["intake/620400/试报说明.csv", "intake/620400/试用/a.csv", "intake/620400/试/报/a.csv"])
def test_a_file_name_makes_no_trial_and_no_doubt(key: str) -> None:
    path = read_drop_path(key)
    assert (path.is_trial, path.doubtful_folder) == (False, None)


@pytest.mark.parametrize("folder", ["2024-W60", "2024-W53", "2024w0", "2024年第99周"])
def test_a_folder_that_names_no_week_of_the_calendar_is_noted(folder: str) -> None:
    path = read_drop_path(f"intake/620400/{folder}/a.csv")
    assert (path.week, path.impossible_week) == (None, folder)


@pytest.mark.parametrize(
    "name",
    [
        "~$周报.xlsx",
        ".~lock.周报.xlsx#",
        "Thumbs.db",
        ".DS_Store",
        "x.part",
        "x.xlsx.crdownload",
        "desktop.ini",
        "x.tmp",
    ],
)
def test_names_of_unfinished_and_system_files_are_temporary(name: str) -> None:
    assert is_temporary(f"intake/620400/{name}")


@pytest.mark.parametrize("name", ["周报.xlsx", "最终版(2).xls", "tmp周报.csv", "a.txt", "~周报.xlsx"])
def test_a_unions_own_names_are_not_temporary(name: str) -> None:
    assert not is_temporary(f"intake/620400/{name}")


@pytest.mark.parametrize(
    ("name", "repeat", "key"),
    [
        ("周报.xlsx", 1, "intake/620400/周报.xlsx"),
        ("周报.xlsx", 2, "intake/620400/周报-2.xlsx"),
        ("周报", 3, "intake/620400/周报-3"),
    ],
)
def test_a_repeated_drop_gets_a_suffix_before_the_ending(name: str, repeat: int, key: str) -> None:
    assert drop_key("620400", name, week=None, is_trial=False, repeat=repeat) == key


@pytest.mark.parametrize("week", [None, "2024-W49"])
@pytest.mark.parametrize("is_trial", [False, True])
def test_what_drop_writes_the_intake_reads_back(week: str | None, is_trial: bool) -> None:
    path = read_drop_path(drop_key("620400", "a.csv", week=week, is_trial=is_trial))
    assert (path.union_id, path.week, path.is_trial, path.file_name) == ("620400", week, is_trial, "a.csv")
