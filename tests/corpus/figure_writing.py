"""The ways people write a number (M47–M62), each from the value to the text, so that what it says is known."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.corpus.written import Cell, ErrorValue, Formula
from tests.unit.intake.values.chinese_numerals import FINANCIAL, NORMAL, write_chinese

if TYPE_CHECKING:
    from random import Random

    from tests.corpus.written import Column

FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
OWN_UNITS = {
    "people_served": ("人", "名", "位"),
    "service_visits": ("人次",),
    "goods_items": ("件", "份", "双"),
    "households_visited": ("户",),
    "firms": ("家",),
    "job_posts": ("个",),
    "sessions": ("场", "次", "期"),
    "leaflets": ("份", "张"),
}
NULLS = ("", "-", "—", "——", "/", "无", "暂无", "－", " ", "\u3000", "\u00a0")
DOUBTS = (
    "30-50", "30～50人", "三十至五十", "150+50", "100×3", "1E+05", "1.2e5", "①150", "①150双", "十几", "数百", "若干", "三四十", "上千",
    "同上", "〃", "1200(含退休200)", "手套150双、帽子50顶", "150 50", "详见附件", "5O", "l20", "12OO", "一百廿几", "1200?", "¥",
    "1,20", "1,2000", "1.2.3", "约30-50", "近100余", "=A1+B1", "12月3日", "2024-12-03", "-50", "−50", "负五十", "１２００－１３００",
    "10²", "½", "约", "余", "<script>5</script>", "{{ 5 }}", "50;60", "50、60", "五十六十", "1千20", "12万30", "99999999999999999999",
)  # fmt: skip
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?")
_MARKS = {
    "over": (("", "余"), ("", "多"), ("", "以上"), ("超", ""), ("超过", ""), ("逾", ""), (">", ""), ("不少于", "")),
    "under": (("近", ""), ("不足", ""), ("将近", "")),
    "approx": (("约", ""), ("", "左右"), ("大约", ""), ("", "上下")),
}


def write_number(rng: Random, value: int, column: Column) -> Cell:
    """A certain figure: ``value`` in the base unit, a multiple of a hundredth of the column's scale."""
    bare = Decimal(value) / column.scale
    exactness = rng.choice(("exact", "exact", "exact", "over", "under", "approx"))
    ways = [_plain, _as_text, _separated, _full_width, _spaced]
    if exactness == "exact" and column.scale == 1:
        ways += [_chinese, _financial]
    content = rng.choice(ways)(rng, bare)
    unit = ""
    if rng.random() < 0.3:
        content, unit = _with_unit(rng, value, column)
    if exactness == "exact":
        shown = (
            f"{content}{unit}" if unit else f"'{content}" if str(content).isdigit() and rng.random() < 0.05 else content
        )
        return Cell(shown, Decimal(value))
    before, after = rng.choice(_MARKS[exactness])
    stay_before_unit = after in {"余", "多"}
    shown = f"{before}{content}{after}{unit}" if stay_before_unit else f"{before}{content}{unit}{after}"
    return Cell(shown, Decimal(value), exactness)


def write_large(rng: Random, column: Column) -> Cell:
    """Figures in 万, 亿, 千 (M50), where the column itself is in its base unit."""
    # money stays above what its parts may be
    digits = rng.choice((10, 16, 28, 60) if _is_money(column) else (1, 2, 3, 6, 8))
    scale, word = (10_000, "万") if _is_money(column) else rng.choice(((1_000, "千"), (10_000, "万")))
    tenths = rng.choice((0, 0, 5, 9))
    value = digits * scale + tenths * scale // 10
    text = f"{digits}.{tenths}" if tenths else str(digits)
    forms = [
        "{n}{w}",
        "{n}{w}多",
        "{n}{w}余",
        "近{n}{w}",
        "约{n}{w}",
        "{c}{w}",
        *(["{n}余{w}"] if word == "万" else []),
    ]
    form = rng.choice(forms)
    if form == "{n}余{w}":
        # 6余万 is six ten thousands and some; with a fraction nobody writes it
        value, text = digits * 10 * scale, f"{digits * 10}"
    if form == "{c}{w}":
        value, text = digits * scale, write_chinese(digits)
    exactness = (
        "over" if "余" in form or "多" in form else "under" if "近" in form else "approx" if "约" in form else "exact"
    )
    unit = rng.choice(("", "元" if _is_money(column) else OWN_UNITS[column.id][0]))
    return Cell(form.format(n=text, c=text, w=word) + unit, Decimal(value), exactness)


def write_null(rng: Random) -> Cell:
    """A cell that says nothing, or an error value, which says nothing either but is warned of."""
    return Cell(rng.choice(NULLS)) if rng.random() < 0.8 else Cell(ErrorValue(rng.choice(ERRORS)))


def write_doubt(rng: Random, column: Column) -> Cell:
    """A cell that cannot be read with certainty."""
    choices: list[str | float | Formula] = [*DOUBTS, Formula("SUM(1,2)"), Formula("1200"), -50]
    if not _is_money(column):
        choices += ["12.5", 12.5, "50%", "300元", "35.9万元"]
    else:
        choices += ["12.345元", "50人", "50%"]
        if column.scale > 1:
            choices += ["35.9万", "6万多"]
    return Cell(rng.choice(choices), is_doubtful=True)


def _is_money(column: Column) -> bool:
    return column.id not in OWN_UNITS


def _plain(_: Random, bare: Decimal) -> str | int | float:
    return int(bare) if bare == bare.to_integral_value() else float(bare)


def _as_text(_: Random, bare: Decimal) -> str:
    return f"{bare.normalize():f}"


def _separated(rng: Random, bare: Decimal) -> str:
    text = f"{bare.normalize():,f}"
    return text if rng.random() < 0.6 else text.replace(",", rng.choice(("，", " ", "'")))


def _full_width(_: Random, bare: Decimal) -> str:
    return f"{bare.normalize():f}".translate(FULL_WIDTH)


def _spaced(rng: Random, bare: Decimal) -> str:
    blank = rng.choice(("\u00a0", "\u3000", " ", "\u200b", "\n", "\ufeff"))
    text = f"{bare.normalize():f}"
    return blank + text if rng.random() < 0.5 else text + blank


def _chinese(_: Random, bare: Decimal) -> str:
    return write_chinese(int(bare), NORMAL)


def _financial(_: Random, bare: Decimal) -> str:
    return write_chinese(int(bare), FINANCIAL)


def _with_unit(rng: Random, value: int, column: Column) -> tuple[str, str]:
    if not _is_money(column):
        return str(value), rng.choice(OWN_UNITS[column.id])
    if rng.random() < 0.5:
        return f"{(Decimal(value) / 10_000).normalize():f}", "万元"
    return str(value), "元"
