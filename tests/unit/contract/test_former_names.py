import pytest

from nuanliu.contract.former_names import former_name, names_former


@pytest.mark.parametrize(
    ("explanation", "former"),
    [
        ("原:帮扶", "帮扶"),
        ("原：帮 扶", "帮扶"),
        (" 原 : Ａ-1", "A-1"),
        ("已核实;原:帮扶", "帮扶"),
        ("原:", None),
        ("原因:系统换了", None),
        ("", None),
        (None, None),
    ],
)
def test_a_former_name_stands_behind_the_mark(explanation, former):
    assert former_name(explanation) == former


def test_name_or_number_may_be_given_as_people_write_them():
    assert names_former("原:a-1", "帮扶", "A-1")
    assert names_former("原:“帮扶”", "帮扶", None)
    assert names_former("原:衣;物", "衣;物", None)
    assert not names_former("原:帮扶对象", "帮扶", "A-1")
    assert not names_former("照旧", "照旧", None)
