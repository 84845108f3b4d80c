"""A week's table of one prefecture as a GB18030 CSV of 20 columns: labels, dates, marked figures, and rows with one bad cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuanliu.contract.code_lists import codes

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

SENDER, WEEK = "620100", "2024-W49"
BAD_SHARE = 0.06
"""Of the rows. A bad row has one cell that holds or returns it."""
HEADER = (  # noqa: SIM905 - as the header line reads
    "活动编号,填报单位,主办单位,联合单位,活动名称,专项/品牌,活动类别,开始日期,结束日期,活动地点,服务对象,统计口径,"
    "服务人数(人),服务人次(人次),投入资金(元),慰问金(元),物资折价(元),场次(场),服务人员(人),备注"
).split(",")

_CORRECTED = "场次(场)"
_GROUPS = ["一线职工", "货车司机", "快递员", "货车司机、快递员", "困难职工", "农民工"]
_PARTNERS = ["", "", "", "县人社局", "县总医院", "县人社局、县总医院", "团县委", "县民政局、县红十字会"]
_DAYS = [f"2024-12-0{day}" for day in range(2, 9)]
_SPELLED_DAYS = [*_DAYS, *(f"12月{day}日" for day in range(2, 9)), *(f"2024.12.{day}" for day in range(2, 9))]
_BAD_CELLS = {
    "活动类别": ("慰问老干部", "综合类", ""),
    "结束日期": ("2024-12-20", "12月32日", "待定"),
    "服务对象": ("全体村民", "外来务工者"),
    "服务人数(人)": ("数百", "300-500", "900万", "=SUM(M2:M9)"),
    "服务人次(人次)": ("10", "若干"),
    "投入资金(元)": ("90亿", "约3万至5万", "3.5.2"),
    "活动名称": ("",),
}


def write_table(
    path: Path, rows: int, *, seed: int = 49, bad_share: float = BAD_SHARE, corrected_every: int | None = None
) -> None:
    """Write the file; the same arguments give the same bytes. ``corrected_every``: of so many rows one says another 场次."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = make_columns(rows, seed=seed, bad_share=bad_share)
    if corrected_every:
        is_other = pa.array([row % corrected_every == 0 for row in range(rows)])
        columns[_CORRECTED] = pc.if_else(is_other, "9", columns[_CORRECTED])
    lines = pc.binary_join_element_wise(*(columns[name] for name in HEADER), pa.scalar(","))
    with path.open("wb") as file:
        file.write(f"{','.join(HEADER)}\r\n".encode("gb18030"))
        for start in range(0, rows, 50_000):
            piece = "\r\n".join(lines.slice(start, 50_000).to_pylist())
            file.write(f"{piece}\r\n".encode("gb18030"))


def make_columns(rows: int, *, seed: int = 49, bad_share: float = BAD_SHARE) -> dict[str, pa.Array]:
    """The cells by header."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    draw = np.random.default_rng(seed)
    counties = [codes().unions.list[union_id].name for union_id in codes().unions.subtree(SENDER)]
    places = [codes().divisions[union.division_code].name for union in map(codes().unions.get, _tree())]
    county = draw.integers(0, len(counties), rows)
    numbers = np.arange(rows)
    people = draw.integers(5, 2000, rows)
    funds = draw.integers(10, 900, rows) * 100
    parts = funds // 3
    start = draw.integers(0, 4, rows)
    columns = {
        "活动编号": _joined("G", numbers),
        "填报单位": _chosen(counties, county),
        "主办单位": _chosen(counties, county),
        "联合单位": _chosen(_PARTNERS, draw.integers(0, len(_PARTNERS), rows)),
        "活动名称": _joined("冬季关爱职工服务第", numbers, "场"),
        "专项/品牌": _chosen(["", "", "暖冬送岗"], draw.integers(0, 3, rows)),
        "活动类别": _chosen(
            [each.name for each in codes().categories], draw.integers(0, len(codes().categories), rows)
        ),
        "开始日期": _chosen(_SPELLED_DAYS, start + 7 * draw.choice(3, rows, p=[0.8, 0.1, 0.1])),
        "结束日期": _chosen(_DAYS, start + draw.integers(0, 4, rows)),
        "活动地点": _chosen(places, county),
        "服务对象": _chosen(_GROUPS, draw.integers(0, len(_GROUPS), rows)),
        "统计口径": _chosen(["本次", ""], draw.integers(0, 2, rows)),
        "服务人数(人)": _marked(draw, people, "人"),
        "服务人次(人次)": _sometimes(draw, 0.5, _marked(draw, people * 2, "人次")),
        "投入资金(元)": _sometimes(draw, 0.8, _money(draw, funds)),
        "慰问金(元)": _sometimes(draw, 0.3, pa.array(parts).cast(pa.string())),
        "物资折价(元)": _sometimes(draw, 0.3, pa.array(parts).cast(pa.string())),
        "场次(场)": _sometimes(draw, 0.6, pa.array(draw.integers(1, 5, rows)).cast(pa.string())),
        "服务人员(人)": _sometimes(draw, 0.6, pa.array(draw.integers(2, 60, rows)).cast(pa.string())),
        "备注": _sometimes(draw, 0.3, _joined("由第", draw.integers(1, 400, rows), "工作组承办")),
    }
    kind = np.where(draw.random(rows) < bad_share, draw.integers(0, len(_BAD_CELLS), rows), -1)
    for number, (name, texts) in enumerate(_BAD_CELLS.items()):
        bad = _chosen(texts, draw.integers(0, len(texts), rows))
        columns[name] = pc.if_else(pa.array(kind == number), bad, columns[name])
    return columns


def _tree() -> tuple[str, ...]:
    return codes().unions.subtree(SENDER)


def _chosen(texts: list[str] | tuple[str, ...], which: npt.NDArray[np.int64]) -> pa.Array:
    import pyarrow as pa

    return pa.array(list(texts)).take(pa.array(which))


def _joined(before: str, numbers: npt.NDArray[np.int64], after: str = "") -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(before, pa.array(numbers).cast(pa.string()), after, "")


def _sometimes(draw: np.random.Generator, share: float, texts: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(draw.random(len(texts)) < share), texts, "")


def _marked(draw: np.random.Generator, numbers: npt.NDArray[np.int64], unit: str) -> pa.Array:
    """1200, 1200余, 约1200人, 1,200: as people write."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(numbers).cast(pa.string())
    before = _chosen(["", "约", "近", "超过"], draw.choice(4, len(texts), p=[0.85, 0.05, 0.05, 0.05]))
    after = _chosen(["", "余", unit, f"余{unit}"], draw.choice(4, len(texts), p=[0.8, 0.1, 0.05, 0.05]))
    clashes = pc.and_(pc.not_equal(before, ""), pc.match_substring(after, "余"))
    return pc.binary_join_element_wise(pc.if_else(clashes, "", before), texts, after, "")


def _money(draw: np.random.Generator, yuan: npt.NDArray[np.int64]) -> pa.Array:
    """35900 or 3.59万元."""
    import pyarrow as pa
    import pyarrow.compute as pc

    large = pc.binary_join_element_wise(
        pa.array(yuan // 10_000).cast(pa.string()), pa.array(yuan // 100 % 100 + 100).cast(pa.string()), "."
    )
    large = pc.binary_join_element_wise(pc.replace_substring(large, ".1", ".", max_replacements=1), "万元", "")
    return pc.if_else(pa.array(draw.random(len(yuan)) < 0.03), large, pa.array(yuan).cast(pa.string()))
