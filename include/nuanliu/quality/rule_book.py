"""Write docs/rules.md from the rule registry: ``python -m nuanliu.quality.rule_book``."""

from __future__ import annotations

from collections.abc import Iterable

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import FAMILIES, RESEND, Rule, RuleRegistry, rule_registry
from nuanliu.quality.finding_places import header
from nuanliu.settings import INCLUDE_DIR

RULE_BOOK = INCLUDE_DIR.parent / "docs" / "rules.md"
_FAMILY_TITLES = {
    "file": "整份文件",
    "row": "一行或一格",
    "set": "一份文件的各行之间",
    "time": "与本单位往期相比",
    "org": "单位",
    "pii": "个人信息",
}
_SEVERITIES = {
    "error": "错误 error",
    "query": "待说明 query",
    "warning": "提示 warning",
    "info": "告知 info",
}
_CHECKERS = {"intake": "读取时", "expectation": "Great Expectations", "set": "各行之间", "time": "与往期"}
_HEAD = """# 检查规则

<!-- Generated from include/contracts/rules/*.yaml by `python -m nuanliu.quality.rule_book`; do not edit. -->

共 {count} 条。错误(error):退回,改正后重报。待说明(query):暂不入库;“可说明”的,在该行“说明”列写明情况即放行(变为告知)。
提示(warning):不妨碍入库,请看一下。告知(info):不用处理。文字里的 {{…}} 由程序填入。
怎么改里的“{resend}”:本周还没有入库的,回执写的是按“首报”重报。
"""


def write_rule_book(registry: RuleRegistry) -> str:
    """The rules as Markdown: a table per family, with text, severity and owner of every rule, ordered by id."""
    parts = [_HEAD.format(count=len(registry), resend=RESEND)]
    for family in FAMILIES:
        rules = sorted((rule for rule in registry if rule.family == family), key=lambda rule: rule.id)
        if rules:
            parts.append(_section(family, rules))
    return "\n".join(parts)


def _section(family: str, rules: Iterable[Rule]) -> str:
    head = [
        f"## {_FAMILY_TITLES[family]}({family})",
        "",
        "| 规则 | 级别 | 列 | 问题 | 怎么说 | 应为 | 怎么改 | 由谁发现 | 负责 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join((*head, *(_line(rule) for rule in rules), ""))


def _line(rule: Rule) -> str:
    severity = _SEVERITIES[rule.severity] + ("(可说明)" if rule.releasable else "")
    cells = (
        f"`{rule.id}`",
        severity,
        _column(rule),
        rule.title,
        _filled(rule, rule.message),
        _filled(rule, rule.expected or ""),
        _filled(rule, rule.fix),
        _CHECKERS[rule.found_by],
        rule.owner,
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _filled(rule: Rule, text: str) -> str:
    """The text with the limits it names; what only a file can say stays in braces."""
    for word, value in {**rule.own_words, "held_clause": rule.held_clause or ""}.items():
        text = text.replace(f"{{{word}}}", str(value))
    return text


def _column(rule: Rule) -> str:
    known = rule.column is not None and (rule.column in input_contract().columns or rule.column in codes().measures)
    return header(rule.column) if known and rule.column else ""


def main() -> None:
    """Write docs/rules.md."""
    RULE_BOOK.write_text(write_rule_book(rule_registry()), "utf-8")


if __name__ == "__main__":
    main()
