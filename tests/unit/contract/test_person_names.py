"""A text that may name a person is told to nobody: doubt is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.contract.highlight_rules import highlight_rules

SURNAMES = "王李张刘陈杨黄赵吴周马丁沙何郭高罗郑梁宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕金康"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂"
people = st.builds(
    lambda surname, given: surname + given,
    st.sampled_from([*SURNAMES, "欧阳", "司马"]),
    st.text(st.sampled_from(GIVEN), min_size=1, max_size=2),
)
PLACES = (
    "{}", "慰问{}", "走访慰问困难职工{}", "看望劳模{}", "{}同志先进事迹宣讲", "{}事迹报告会", "慰问老人{}、老党员", "慰问职工{}等",
    "{}劳模工作室揭牌", "资助学生(“{}”)", "走访{}家庭", "慰问环卫工人:{}", "帮扶{}行动", "学习{}精神座谈会", "{}精神学习会",
)  # fmt: skip


@given(people, st.sampled_from(PLACES))
def test_a_name_is_seen_wherever_it_stands(person: str, place: str) -> None:
    assert highlight_rules().persons.may_name_a_person(place.format(person))


@pytest.mark.parametrize(
    "text",
    [
        "慰问张某",
        "李某某家庭",
        "司机李师傅慰问",
        "王女士",
        "138****1234",
        "慰问13800138000",
        "帮扶张×强",
        "编号6201021",
    ],
)
def test_what_was_hidden_or_is_a_number_of_somebody_is_seen_too(text: str) -> None:
    assert highlight_rules().persons.may_name_a_person(text)


@pytest.mark.parametrize(
    "text",
    ["货车司机健康体检", "免费体检", "爱心义诊", "暖冬送岗", "招聘活动", "技能培训", "回访", "志愿服务", "货车司机慰问", "送温暖走访", "元旦春节送温暖慰问", "困难职工家庭走访", "“冬送温暖”慰问货车司机", "金秋助学", "职工文化艺术节", "户外劳动者服务站点启用", "慰问一线职工", "劳模精神宣讲", "职工羽毛球比赛", "职工技能大赛", "家庭教育讲座", "职工书画展", "慰问消防员", "心理健康讲座进车间", "慰问环卫工人高温关爱", "关爱新业态·互助健康行"],
)  # fmt: skip
def test_what_unions_commonly_do_names_nobody(text: str) -> None:
    assert not highlight_rules().persons.may_name_a_person(text)


@pytest.mark.parametrize("name", ["县人社局", "县总医院", "兰州大学", "蓝天救援队", "省体育局"])
def test_an_organisation_is_one(name: str) -> None:
    assert highlight_rules().persons.is_organisation(name)


@pytest.mark.parametrize("name", ["王建国", "热心市民", "张某公司", "李师傅工作室"])
def test_what_may_be_a_person_or_nothing_is_no_organisation(name: str) -> None:
    assert not highlight_rules().persons.is_organisation(name)
