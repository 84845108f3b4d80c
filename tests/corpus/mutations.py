"""What happens to files on their way (catalogue M1–M79). Each mutation spoils a draft and notes what that means for it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.corpus.date_writing import IMPOSSIBLE, VAGUE
from tests.corpus.drafts import MONDAY, SENDERS, ExtraSheet, total_of
from tests.corpus.figure_writing import write_doubt, write_null
from tests.corpus.personal_numbers import invent_card, invent_id_number, invent_mobile, written_variants
from tests.corpus.written import EMPTY, Cell, Column, Row

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.corpus.drafts import Draft

    Mutation = Callable[[Draft, Random], None]

MUTATIONS: dict[str, Mutation] = {}


def mutation(number: str) -> Callable[[Mutation], Mutation]:
    """Register a mutation under its number of the catalogue."""

    def register(change: Mutation) -> Mutation:
        MUTATIONS[f"{number}_{change.__name__}"] = change
        return change

    return register


def spoil(draft: Draft, row: Row) -> None:
    """The row must not be accepted."""
    row.is_doubtful = True
    draft.must_pass = False


def cover(draft: Draft, *rows: list[object]) -> None:
    """Put a cover sheet before the table; a CSV has none, so it becomes a workbook."""
    draft.kind = "xlsx" if draft.kind == "csv" else draft.kind
    draft.cover = list(rows)


def refuse(draft: Draft) -> None:
    """Nothing of the file may be accepted."""
    draft.is_refused = True
    draft.must_pass = False


def some(rng: Random, draft: Draft) -> Row:
    """One of the activities."""
    return rng.choice(draft.activities())


def has(draft: Draft, column_id: str) -> bool:
    """Whether the table has a column."""
    return any(column.id == column_id for column in draft.columns)


def sum_row(draft: Draft, word: str, *, wrong: bool = False) -> Row:
    """A 合计 row over all activities."""
    cells = {}
    label = next(column.id for column in draft.columns if not column.is_measure)
    cells[label] = Cell(word)
    for column in draft.measures:
        value = total_of(draft, column) / column.scale + (977 if wrong else 0)
        cells[column.id] = Cell(int(value) if value == int(value) else float(value))
    return Row("total", cells)


# File ----------------------------------------------------------------------------------------------------------------


@mutation("M01")
def ending_lies(draft: Draft, rng: Random) -> None:
    draft.file_name = rng.choice(
        ("周报.xls", "周报.xlsx", "周报.csv", "周报.et", "周报.doc", "周报", "周报.XLSX", "周报.txt")
    )


@mutation("M06")
def other_separator(draft: Draft, rng: Random) -> None:
    draft.separator = rng.choice(("\t", ";", "，"))
    if draft.separator == "，":
        draft.kind = "xlsx"  # the writer cannot quote by a full-width comma; its reading has a test of its own


@mutation("M07")
def other_encoding(draft: Draft, rng: Random) -> None:
    draft.encoding = rng.choice(("gb18030", "utf-8-sig", "utf-16"))


@mutation("M09")
def mojibake(draft: Draft, _: Random) -> None:
    draft.damage = "mojibake"
    draft.rewritten = True
    draft.must_pass = False


@mutation("M10")
def other_line_ends(draft: Draft, rng: Random) -> None:
    draft.line_end = rng.choice(("\n", "\r"))
    if has(draft, "remarks"):
        some(rng, draft).cells["remarks"] = Cell('天气"原因"\n推迟, 一天')


@mutation("M16")
def truncated(draft: Draft, _: Random) -> None:
    draft.damage = "truncated"
    draft.rewritten = True
    draft.must_pass = False


@mutation("M16")
def flipped(draft: Draft, _: Random) -> None:
    draft.damage = "flipped"
    draft.rewritten = draft.kind != "xlsx"  # a zip has checksums: what is read from it is what was written
    draft.must_pass = False


@mutation("M17")
def strange_name(draft: Draft, rng: Random) -> None:
    draft.file_name = rng.choice(
        ("../../周报.xlsx", "周\u202e报.xlsx", "长" * 300 + ".xlsx", "周报;rm -rf.xlsx", "{{ ds }}.xlsx", "<b>周报</b>.xlsx",
         "周 报　.xlsx", "'; drop table receipt; --.xlsx", "周报%s%n.xlsx", "=cmd.xlsx", "CON.xlsx", "周报\t.xlsx")
    )  # fmt: skip


@mutation("M18")
def wrong_kind(draft: Draft, _: Random) -> None:
    draft.damage = "other_kind"
    draft.rewritten = True
    refuse(draft)


@mutation("M24")
def final_version(draft: Draft, rng: Random) -> None:
    draft.file_name = rng.choice(
        ("周报(2).xlsx", "周报最终版2.xlsx", "周报-副本.xlsx", "第49周周报.xlsx", "周报(12.2-12.8).xlsx")
    )


@mutation("M26")
def other_unions_file(draft: Draft, rng: Random) -> None:
    cover(draft, ["报送单位", rng.choice(("天水市总工会", "平凉市总工会"))], ["报告期", "2024年第49周"])
    refuse(draft)


@mutation("M27")
def period_conflicts(draft: Draft, rng: Random) -> None:
    where = rng.choice(("cover", "title", "name"))
    if where == "cover":
        cover(draft, ["报告期", "2024年第48周"])
    elif where == "title":
        draft.above.insert(0, ["工会活动周报(2024年第47周)"])
    else:
        draft.file_name = "2024年第48周.xlsx"
    draft.path_week = "2024-W49"
    refuse(draft)


@mutation("M28")
def period_far(draft: Draft, rng: Random) -> None:
    draft.path_week = rng.choice(("2025-W10", "2024-W20", "2023-W49"))
    refuse(draft)


@mutation("M20")
def zero_with_rows(draft: Draft, _: Random) -> None:
    cover(draft, ["报送类型", "零报告"])
    refuse(draft)


# Sheet ---------------------------------------------------------------------------------------------------------------


@mutation("M32")
def titled(draft: Draft, rng: Random) -> None:
    draft.above = [
        [rng.choice(("冬季送温暖活动周报", "白银市总工会活动统计表", "2024年第49周工会活动周报"))],
        *draft.above,
    ]
    if "白银" in str(draft.above[0][0]) and draft.union_id != "620400":
        draft.above[0] = ["工会活动周报"]


@mutation("M32")
def unit_line(draft: Draft, rng: Random) -> None:
    money = [column for column in draft.measures if column.scale == 10_000]
    if not money or any(column.unit == "元" for column in draft.measures):
        return
    line = rng.choice(
        (
            "单位:万元",
            "单位：万元",
            "(单位:万元)",
            "金额单位：万元",
            "单位:人、万元",
            "单位: 万元",
            "制表:办公室 单位:万元",
        )
    )
    draft.above.append([None] * rng.choice((0, 0, len(draft.columns) - 1)) + [line])
    for column in money:
        column.header = column.header.split("(")[0].split("（")[0]


@mutation("M33")
def two_header_rows(draft: Draft, _: Random) -> None:
    draft.header_rows = 2
    for column in draft.measures:
        column.group = "其中:" if column.id in {"funds_condolence", "goods_value"} else "服务情况"


@mutation("M33")
def unit_in_group(draft: Draft, _: Random) -> None:
    """资金(万元) above 慰问金 and 物资折价, which say no unit themselves."""
    money = [column for column in draft.measures if column.scale == 10_000]
    if draft.is_long or not money or draft.columns[0] in money:
        return
    draft.header_rows = 2
    for column in money:
        column.group = "资金(万元)"
        column.header = column.header.split("(")[0].split("（")[0]


@mutation("M32")
def file_lines(draft: Draft, rng: Random) -> None:
    """Lines above the table that say whose file it is and of which week, in one cell or in two."""
    name = SENDERS[draft.union_id][0]
    week = rng.choice(("2024年第49周", "2024年12月2日至12月8日", "12月2日—12月8日", "2024-W49", "第49周"))
    lines = [[f"填报单位:{name}", None, f"报告期:{week}"], ["报送单位", name, "报告期", week]]
    draft.above.append(rng.choice(lines))


@mutation("M34")
def merged_figure(draft: Draft, rng: Random) -> None:
    """One figure cell merged over two activities: it stands in the first, and is never copied down."""
    if draft.is_long or draft.kind == "csv":
        return
    pairs = [
        (upper, lower)
        for upper, lower in pairwise(draft.rows)
        if upper.kind == lower.kind == "activity" and upper is not lower
    ]
    if pairs:
        upper, lower = rng.choice(pairs)
        column = rng.choice(draft.measures)
        lower.cells[column.id] = EMPTY
        draft.merged_figures.append((upper, column.id))


@mutation("M34")
def merged_unions(draft: Draft, _: Random) -> None:
    draft.merge_unions = has(draft, "reporting_union") and draft.kind != "csv"


@mutation("M35")
def totals_row(draft: Draft, rng: Random) -> None:
    row = sum_row(draft, rng.choice(("合计", "合 计", "总计", "小计")))
    draft.rows.insert(rng.choice((0, len(draft.rows))), row)
    draft.must_pass = False  # whether a sum of rounded and inexact figures agrees is judged elsewhere


@mutation("M35")
def wrong_total(draft: Draft, _: Random) -> None:
    column = next((c for c in draft.measures if total_of(draft, c)), None)
    if column is None or any(cell.is_doubtful for row in draft.rows for cell in row.cells.values()):
        return
    draft.rows.append(sum_row(draft, "合计", wrong=True))
    draft.must_pass = False


@mutation("M36")
def foot(draft: Draft, rng: Random) -> None:
    phone = invent_mobile(rng)
    draft.foot = [[], ["备注:以上数据已核实"], ["填报人:张某", "审核人:李某", f"联系电话:{phone}"], ["(盖章)"]]
    draft.planted.append(phone)


@mutation("M37")
def repeated_header(draft: Draft, rng: Random) -> None:
    if not draft.is_long:
        row = Row("header", {column.id: Cell(column.header) for column in draft.columns})
        draft.rows.insert(rng.randint(0, len(draft.rows)), row)


@mutation("M37")
def blank_rows(draft: Draft, rng: Random) -> None:
    for _ in range(rng.randint(1, 4)):
        draft.rows.insert(rng.randint(0, len(draft.rows)), Row("blank", {}))


@mutation("M37")
def table_lies_right(draft: Draft, rng: Random) -> None:
    draft.blank_columns = rng.randint(1, 3)
    draft.above = [[], *draft.above]


@mutation("M38")
def second_table(draft: Draft, _: Random) -> None:
    draft.foot = [[], ["活动名称", "活动类别", "参与企业(家)"], ["年终招聘会", "就业服务", 37]]
    draft.must_pass = False


@mutation("M39")
def more_sheets(draft: Draft, rng: Random) -> None:
    table: list[list[object]] = [["活动名称", "活动类别", "服务人数(人)"], ["示范活动", "健康义诊", 77777]]
    draft.extra_sheets.append(ExtraSheet(rng.choice(("示例", "说明", "底稿", "模板")), table))


@mutation("M39")
def example_row(draft: Draft, rng: Random) -> None:
    cells = dict(some(rng, draft).cells)
    cells["activity_name"] = Cell(rng.choice(("示例:慰问活动", "(示例)慰问活动", "例")))
    draft.rows.insert(0, Row("example", cells))


@mutation("M40")
def hidden_sheet(draft: Draft, _: Random) -> None:
    table: list[list[object]] = [["活动名称", "活动类别", "服务人数(人)"], ["不报的活动", "健康义诊", 88888]]
    draft.extra_sheets.append(ExtraSheet("去年", table, is_hidden=True))


@mutation("M41")
def hidden_row(draft: Draft, rng: Random) -> None:
    if draft.kind != "csv":
        some(rng, draft).is_hidden = True
        draft.must_pass = False


@mutation("M44")
def struck_row(draft: Draft, rng: Random) -> None:
    if draft.kind != "csv":
        some(rng, draft).is_struck = True
        draft.must_pass = False


@mutation("M42")
def columns_moved(draft: Draft, rng: Random) -> None:
    rng.shuffle(draft.columns)


@mutation("M42")
def unknown_column(draft: Draft, rng: Random) -> None:
    draft.columns.insert(
        rng.randint(0, len(draft.columns)), Column("x_weather", rng.choice(("天气", "带队领导职务", "是否见报")))
    )
    for row in draft.activities():
        row.cells["x_weather"] = Cell(rng.choice(("晴", "小雪", "12", "是", None)))


@mutation("M42")
def required_column_missing(draft: Draft, rng: Random) -> None:
    lost = rng.choice(("activity_name", "category"))
    draft.columns = [column for column in draft.columns if column.id != lost]
    refuse(draft)


@mutation("M43")
def same_measure_twice(draft: Draft, rng: Random) -> None:
    if draft.is_long:
        return
    column = rng.choice(draft.measures)
    draft.columns.append(replace(column))
    draft.must_pass = False
    draft.is_refused = True


@mutation("M45")
def commented_figure(draft: Draft, rng: Random) -> None:
    at = rng.choice([at for at, row in enumerate(draft.rows) if row.kind == "activity"])
    column = rng.choice(draft.measures)
    draft.comments[at, "long_value" if draft.is_long else column.id] = "实际为 555 人"


# Number --------------------------------------------------------------------------------------------------------------


@mutation("M55")
def doubtful_figure(draft: Draft, rng: Random) -> None:
    column = rng.choice(draft.measures)
    some(rng, draft).cells[column.id] = write_doubt(rng, column)
    draft.must_pass = False


@mutation("M55")
def many_doubtful_figures(draft: Draft, rng: Random) -> None:
    for row in draft.activities():
        for column in draft.measures:
            if rng.random() < 0.5:
                row.cells[column.id] = write_doubt(rng, column)
    draft.must_pass = False


@mutation("M57")
def no_figures(draft: Draft, rng: Random) -> None:
    row = some(rng, draft)
    for column in draft.measures:
        row.cells[column.id] = write_null(rng)


# Date ----------------------------------------------------------------------------------------------------------------


@mutation("M65")
def impossible_date(draft: Draft, rng: Random) -> None:
    column = next((c.id for c in draft.columns if c.id in {"end_date", "activity_time"}), None)
    if column:
        row = some(rng, draft)
        row.cells[column] = Cell(rng.choice(IMPOSSIBLE))
        spoil(draft, row)


@mutation("M68")
def vague_date(draft: Draft, rng: Random) -> None:
    columns = [c.id for c in draft.columns if c.id in {"start_date", "end_date", "activity_time"}]
    if columns:
        row = some(rng, draft)
        if row.is_doubtful:  # its date may be why
            return
        for column in columns:
            row.cells[column] = Cell(rng.choice(VAGUE))
        row.weeks = frozenset({MONDAY})


@mutation("M69")
def backwards(draft: Draft, rng: Random) -> None:
    if has(draft, "end_date"):
        row = some(rng, draft)
        row.cells |= {"start_date": Cell(date(2024, 12, 7)), "end_date": Cell(date(2024, 12, 3))}
        spoil(draft, row)


# Name ----------------------------------------------------------------------------------------------------------------


@mutation("M71")
def spaced_names(draft: Draft, rng: Random) -> None:
    for row in draft.activities():
        for column in ("reporting_union", "organizer_union", "category"):
            text = row.cells[column].content if column in row.cells else None
            if isinstance(text, str):
                blank = rng.choice((" ", "\u3000", "\u00a0", "\u200b"))
                row.cells[column] = Cell(blank.join(text).replace("市", rng.choice("市巿")))


@mutation("M72")
def unknown_union(draft: Draft, rng: Random) -> None:
    column = next((c.id for c in draft.columns if c.id in {"reporting_union", "organizer_union"}), None)
    if column and not draft.merge_unions:
        row = some(rng, draft)
        row.cells[column] = Cell(rng.choice(("火星市总工会", "某某工会", "白银市总工会兰州市总工会", "临夏")))
        spoil(draft, row)


@mutation("M72")
def foreign_organizer(draft: Draft, rng: Random) -> None:
    if has(draft, "organizer_union"):
        row = some(rng, draft)
        row.cells["organizer_union"] = Cell("张掖市总工会")
        spoil(draft, row)


@mutation("M74")
def unknown_category(draft: Draft, rng: Random) -> None:
    row = some(rng, draft)
    row.cells["category"] = Cell(rng.choice(("扶贫济困大行动", "健康义诊健康体检", "?", "12", "")))
    spoil(draft, row)


@mutation("M75")
def same_row_twice(draft: Draft, rng: Random) -> None:
    row = some(rng, draft)
    row.twin = row.twin if row.twin is not None else len(draft.rows)
    draft.rows.append(deepcopy(row))
    draft.must_pass = False


@mutation("M57")
def name_as_above(draft: Draft, rng: Random) -> None:
    activities = draft.activities()
    if has(draft, "reporting_union") and not has(draft, "organizer_union") and len(activities) > 1:
        at = rng.randrange(1, len(activities))
        before, row = activities[at - 1], activities[at]
        if draft.rows.index(row) == draft.rows.index(before) + 1 and not before.is_doubtful:
            row.cells["reporting_union"] = Cell(rng.choice(("同上", "〃")))
            row.union_id = before.union_id


# Security ------------------------------------------------------------------------------------------------------------

INJECTIONS = ("=cmd|'/c calc'!A1", "+86", "-5", "@SUM(1)", "\tx", "<script>alert(1)</script>", "{{ ds }}", "{% raw %}", "'; drop table x; --", "${jndi:x}", "%s%s%n", "\x00"[:0] + "中\u202e文", "🎉" * 50, "很" * 3000)  # fmt: skip


@mutation("M76")
def injected_text(draft: Draft, rng: Random) -> None:
    columns = [c.id for c in draft.columns if c.id in {"remarks", "place", "explanation", "activity_name"}]
    row = some(rng, draft)
    column = rng.choice(columns)
    text = rng.choice(INJECTIONS)
    row.cells[column] = Cell(f"{text}慰问活动{len(draft.rows)}" if column == "activity_name" else text)
    if column == "activity_name":
        row.twin = None  # another activity now
    draft.must_pass = False


@mutation("M63")
def stray_number(draft: Draft, rng: Random) -> None:
    number = rng.choice((invent_id_number, invent_mobile, invent_card))(rng)
    text = f"联系人王某{rng.choice(written_variants(number))}。"
    draft.planted.append(number)
    where = rng.choice(("cell", "comment", "sheet", "property", "name", "hidden", "title"))
    if where == "cell":
        column = rng.choice(
            [
                c.id
                for c in draft.columns
                if c.id in {"remarks", "place", "explanation", "activity_name", "co_organizers"}
            ]
        )
        some(rng, draft).cells[column] = Cell(text)
        draft.must_pass = False  # a name that is a telephone number may be questioned
    elif where == "comment":
        at = rng.choice([at for at, row in enumerate(draft.rows) if row.kind == "activity"])
        draft.comments[at, "activity_name"] = text
    elif where == "sheet":
        draft.sheet_name = f"明细{number}"
    elif where == "property":
        draft.properties["creator"] = text
    elif where == "name":
        draft.file_name = f"周报{number}.xlsx"
    elif where == "hidden":
        draft.extra_sheets.append(ExtraSheet("备查", [["说明", text]], is_hidden=True))
    else:
        draft.above = [[f"周报 {text}"], *draft.above]


@mutation("M63")
def single_persons(draft: Draft, rng: Random) -> None:
    numbers = [invent_id_number(rng) for _ in range(3)]
    draft.planted += numbers
    rows: list[list[object]] = [["姓名", "身份证号"], *[[f"职工{n}", number] for n, number in enumerate(numbers)]]
    if draft.kind == "csv":
        draft.columns.append(Column("x_person", "身份证号"))
        for row, number in zip(draft.activities(), numbers, strict=False):
            row.cells["x_person"] = Cell(number)
    else:
        draft.extra_sheets.append(ExtraSheet("名单", rows, is_hidden=rng.random() < 0.5))
    refuse(draft)
