import pytest
from tests.unit.intake.hand_made import HEADER, activity, make_sheet, one, understand

from nuanliu.contract.code_lists import codes
from nuanliu.intake.values.partners import split_partners
from nuanliu.intake.values.places import place_names
from nuanliu.intake.values.union_names import union_names


def read(text, sender="620400"):
    return union_names().read(text, sender)


@pytest.mark.parametrize(
    ("text", "sender", "union_id"),
    [
        ("白银市总工会", "620400", "620400"),
        ("甘肃省白银巿总工会", "620400", "620400"),
        ("白 银 市 總 工 會", "620400", "620400"),
        ("白银市总工会(盖章)", "620400", "620400"),
        ("白银市", "620400", "620400"),
        ("城 关 区总工会", "620100", "620102"),
        ("兰州城关区总工会", "620100", "620102"),
        ("城关区总", "620100", "620102"),
        ("陇南武都区总工会", "621200", "621202"),
        ("定西市陇西县", "621100", "621122"),
        ("华亭县总工会", "620800", "620881"),
        ("东乡县", "622900", "622926"),
        ("张家川总工会", "620500", "620525"),
        ("临夏州总工会", "622900", "622900"),
        ("天水总工会", "620500", "620500"),
        ("省教科文卫工会", "620000-own", "62Q001"),
    ],
)
def test_names_aliases_and_short_forms_are_read(text, sender, union_id):
    reading = read(text, sender)
    assert (reading.union_id, reading.rule) == (union_id, None)


@pytest.mark.parametrize("text", ["甘肃省总工会", "省总", "省总工会", "甘肃省总", "省本级"])
def test_names_of_the_province_mean_its_own_activities(text):
    assert read(text, "620000-own").union_id == "620000-own"


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("白银", "620400"),
        ("白银", "620402"),
        ("临夏", "622900"),
        ("临夏工会", "622900"),
        ("兰州", "620100"),
        ("白银总工会", "620400"),
    ],
)
def test_ambiguous_stem_means_the_sender_with_a_warning(text, sender):
    reading = read(text, sender)
    assert (reading.union_id, reading.rule) == (sender, "org.union.short")


@pytest.mark.parametrize(
    ("text", "sender"), [("白银", "620300"), ("临夏", "620400"), ("兰州", "620400"), ("临夏总工会", "620000-own")]
)
def test_ambiguous_stem_of_others_is_a_query_with_the_candidates(text, sender):
    reading = read(text, sender)
    assert (reading.union_id, reading.rule) == (None, "org.union.ambiguous")
    assert len(reading.nearest) >= 2


@pytest.mark.parametrize("text", ["市总工会", "州总", "本市总工会", "县工会"])
def test_a_name_without_a_place_is_near_to_the_sender_alone(text):
    reading = read(text, "622900")
    assert (reading.rule, reading.nearest) == ("org.union.unknown", ("临夏回族自治州总工会",))


def test_stem_of_a_single_union_is_read_with_a_warning():
    assert (read("陇西", "621100").union_id, read("陇西", "621100").rule) == ("621122", "org.union.short")


@pytest.mark.parametrize(
    "text", ["康", "成", "康工会", "xx镇工会", "白银市总工会办公室", "陇西县文峰镇总工会", "总工会"]
)
def test_unknown_names_are_never_guessed(text):
    assert (read(text).union_id, read(text).rule) == (None, "org.union.unknown")


def test_unknown_name_proposes_the_nearest():
    assert "会宁县总工会" in read("会宁总工会县").nearest


@pytest.mark.parametrize(
    ("text", "sender", "union_id"),
    [
        ("金昌市各级工会", "620300", "620300"),
        ("临夏州各级工会", "622900", "622900"),
        ("全市各级工会", "620300", "620300"),
        ("各级工会", "620400", "620400"),
    ],
)
def test_all_levels_name_the_union_and_include_its_lower_ones(text, sender, union_id):
    reading = read(text, sender)
    assert (reading.union_id, reading.is_inclusive) == (union_id, True)


def test_every_name_and_alias_of_the_list_is_read():
    for union in codes().unions.list:
        for text in (union.name, *union.aliases):
            expected = "620000-own" if union.id == "620000" else union.id
            assert read(text).union_id == expected, text


def rows_with(header, *cells, sender="620400"):
    return understand(make_sheet([[*header, *HEADER], *[[*cell, *activity()] for cell in cells]]), sender=sender)


def test_reporting_union_defaults_to_the_sender_and_organiser_to_it():
    submission = rows_with(["填报单位", "主办单位"], ["", ""], ["靖远县总工会", ""], ["", "会宁县总工会"])
    assert submission.rows["reporting_union_id"].tolist() == ["620400", "620421", "620400"]
    assert submission.rows["organizer_union_id"].tolist() == ["620400", "620421", "620422"]


def test_row_reported_for_a_union_outside_the_tree_holds_the_file():
    submission = rows_with(["填报单位"], ["天水市总工会"], ["白银市总工会"])
    finding = one(submission, "org.reporting.foreign")
    assert (finding.severity, finding.is_file_level) == ("query", True)
    assert "天水市总工会" in finding.message


def test_organiser_outside_the_tree_is_a_query_on_the_row():
    submission = rows_with(["主办单位"], ["甘肃省总工会"], ["白银市总工会"])
    finding = one(submission, "org.organizer.foreign")
    assert (finding.severity, finding.cell, finding.column, finding.row_id) == ("query", "A2", "主办单位", 0)


def test_unknown_and_ambiguous_names_hold_their_row():
    submission = rows_with(["主办单位"], ["白银工贸"], ["临夏"])
    assert one(submission, "org.union.unknown").cell == "A2"
    assert (
        "临夏州" in one(submission, "org.union.ambiguous").message
        or "临夏回族自治州" in one(submission, "org.union.ambiguous").message
    )
    assert submission.rows["organizer_union_id"].isna().all()


def test_all_levels_make_the_scope_inclusive_unless_the_row_says_otherwise():
    submission = rows_with(
        ["主办单位", "统计范围"], ["白银市各级工会", ""], ["白银市各级工会", "本级"], ["白银市总工会", "含下级"]
    )
    assert submission.rows["scope"].tolist() == ["inclusive", "own", "inclusive"]
    assert one(submission, "org.scope.inferred").cell == "A2"


@pytest.mark.parametrize(
    ("text", "names", "is_open"),
    [
        ("甘肃省教科文卫工会、省人民医院，兰大二院;省二院/省三院", 5, False),
        ("县民政局和县残联", 2, False),
        ("西和县总工会和礼县总工会", 2, False),
        ("和政县总工会", 1, False),
        ("平和医院", 1, False),
        ("县委社会工作部等单位", 1, True),
        ("省人民医院、兰大二院等5家医院", 2, True),
        ("甘肃电信(兰州、临夏)公司", 1, False),
        ("县医院、县医院", 1, False),
        ("", 0, False),
    ],
)
def test_partner_lists_are_split_where_they_join(text, names, is_open):
    split, open_list = split_partners(text)
    assert (len(split), open_list) == (names, is_open)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("定西市陇西县文家集村等5村", "621122"),
        ("陇西县货运企业工会联合会", "621122"),
        ("兰州城关区", "620102"),
        ("城关区", "620102"),
        ("拉萨市城关区", None),
        ("陇西县、渭源县", "621100"),
        ("陇西县、会宁县", None),
        ("白银", None),
        ("临夏", None),
        ("临夏州", "622900"),
        ("天水元通物流有限责任公司", "620500"),
        ("天水路某广场", None),
        ("健康县城", None),
        ("县城市社区居家养老服务中心", None),
        ("会宁县", "620422"),
        ("合作市场", None),
        ("甘南州合作市", "623001"),
        ("张家川县", "620525"),
        ("东乡县", "622926"),
        ("清水驿乡", None),
        ("兰州新区", "620171"),
        ("陇南市康县", "621224"),
        ("线上", None),
    ],
)
def test_places_are_recognised_down_to_the_county(text, code):
    assert place_names().find(text) == code
