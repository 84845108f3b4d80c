"""Findings whose texts are made when they are read: for whoever reads them they are like any other."""

from __future__ import annotations

import pickle

import pytest

from nuanliu.contract.rules import Rule, rule_registry
from nuanliu.domain.findings import Finding, LateFinding, Severity
from nuanliu.errors import BrokenContract
from nuanliu.intake.privacy.masked_findings import mask_findings
from nuanliu.intake.privacy.personal_data import mask_text

PLACE = {"sheet": "活动明细", "cell": "F7", "row": 7, "column_id": "people_served", "value": "30-50", "row_id": 5}
RANGE = rule_registry()["row.figure.range"]
RELEASABLE = rule_registry()["row.measure.over_limit"]
WORDS = {"measure": "服务人数", "unit": "人", "shown": "9", "limit": "8", "impossible": "99"}


def late(rule: Rule = RANGE, **more: object) -> LateFinding:
    return rule.late_finding(**{**PLACE, **more})  # type: ignore[arg-type]


def test_its_texts_are_those_of_a_finding_told_at_once() -> None:
    assert late().told() == RANGE.finding(**PLACE) == late()  # type: ignore[arg-type]
    assert late().as_receipt() == RANGE.finding(**PLACE).as_receipt()  # type: ignore[arg-type]
    assert hash(late()) == hash(late().told())
    assert late() != late(value="30-60")


def test_its_words_are_made_once_and_only_when_it_is_read() -> None:
    made = []

    def words() -> dict[str, object]:
        made.append(1)
        return dict(WORDS)

    finding = late(RELEASABLE, words=words)
    assert (finding.rule, finding.severity, finding.is_file_level, made) == (RELEASABLE.id, Severity.QUERY, False, [])
    assert finding.message == RELEASABLE.finding(**PLACE, **WORDS).message  # type: ignore[arg-type]
    assert finding.fix
    assert made == [1]


def test_a_word_that_is_lacking_is_told_when_it_is_read() -> None:
    with pytest.raises(BrokenContract):
        _ = late(RELEASABLE).message


@pytest.mark.parametrize("veil", [None, mask_text])
def test_an_answered_query_says_the_same_told_late_or_at_once(veil: object) -> None:
    early = RELEASABLE.finding(**PLACE, **WORDS)  # type: ignore[arg-type]
    answered = late(RELEASABLE, words=WORDS, veil=veil).answered("已写说明。", "不用处理。")
    assert isinstance(answered, LateFinding)
    assert answered.told() == early.answered("已写说明。", "不用处理。")
    assert answered.severity is Severity.INFO


def test_it_travels_as_an_ordinary_finding() -> None:
    assert type(pickle.loads(pickle.dumps(late()))) is Finding
    assert pickle.loads(pickle.dumps(late())) == late()


def test_personal_numbers_are_masked_in_every_text_that_is_made_late() -> None:
    about = {**PLACE, "value": "张三13912345678", "sheet": "13812345678"}
    for veil in (None, mask_text):
        finding = late(veil=veil, value=about["value"], sheet=about["sheet"])
        (masked,) = mask_findings([finding])
        assert masked == mask_findings([RANGE.finding(**about)])[0]  # type: ignore[arg-type]
        assert "13912345678" not in f"{masked}"
    rule = rule_registry()["pii.number.masked"]
    (masked,) = mask_findings([late(rule, words={"kind": "13912345678"}, veil=mask_text)])
    assert "13912345678" not in masked.message


def test_what_needs_no_mask_is_left_as_it_is() -> None:
    finding = late(veil=mask_text)
    assert mask_findings([finding])[0] is finding


def test_columns_that_have_each_others_names_are_not_mixed_up() -> None:
    swapped = {"服务人数(人)": "服务人次(人次)", "服务人次(人次)": "服务人数(人)"}
    assert late().told(swapped).message == late().message.replace("服务人数(人)", "服务人次(人次)")


def test_a_value_that_reads_like_a_header_is_quoted_as_it_is_written() -> None:
    finding = late(value="结束日期").told({"结束日期": "截止日期", "服务人数(人)": "服务职工(人)"})
    assert finding.message == late(value="结束日期").message.replace("服务人数(人)", "服务职工(人)")
