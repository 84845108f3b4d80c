"""The tables of docs/scale.md, written from docs/bench.json between their marks; what stands around them is written by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.bench.results import document
from tests.bench.results.catalogue import GUARD, ROWS
from tests.bench.results.screen import amount, goal

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.bench.measuring.cost import Cost
    from tests.bench.results.rows import Figure, Measured

PAGE = PROJECT_DIR / "docs" / "scale.md"
_BLOCK = re.compile(r"(<!-- bench: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NATION_ROWS, _NATION_FILES, _WEEKS = 1_000_000, 3_400, 52
_GIGA = 1e9


def write_page() -> None:
    """Write the tables anew."""
    PAGE.write_text(page_text(PAGE.read_text("utf-8"), document.read(document.RECORDED)), "utf-8")


def page_text(page: str, recorded: Mapping[str, Measured]) -> str:
    """The page with its tables as the recorded rows have them. Raises: KeyError when a mark names no table."""
    in_order = {name: recorded[name] for name in ROWS if name in recorded}

    def written(block: re.Match[str]) -> str:
        table = "\n".join(_TABLES[block[2]](in_order))
        return f"{block[1]}\n{table}\n\n{block[3]}"

    return _BLOCK.sub(written, page)


def _targets(recorded: Mapping[str, Measured]) -> Iterator[str]:
    yield "| | measured | target | | with |"
    yield "|---|---|---|---|---|"
    for name, each in recorded.items():
        for figure in each.figures.values():
            if figure.target is not None:
                cells = " | ".join((_value(figure), goal(figure), _met(figure), f"`{name}`"))
                yield f"| {each.row.title}: {figure.says} | {cells} |"
    missing = [f"`{name}`" for name in ROWS if name not in recorded]
    if missing:
        yield ""
        yield f"Not recorded yet: {', '.join(missing)}."


def _costs(recorded: Mapping[str, Measured]) -> Iterator[str]:
    yield "| | runs | wall | client | PostgreSQL | WAL | peak | with |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, each in recorded.items():
        for way in each.row.ways.values():
            cells = " | ".join(_cells(way.cost, is_quiet=each.is_quiet))
            yield f"| {each.row.title}: {way.says} | {way.runs} | {cells} | `{name}` |"


def _stages(recorded: Mapping[str, Measured]) -> Iterator[str]:
    each = recorded.get("big") or recorded[GUARD]
    yield f"| {each.row.title} | wall | client | PostgreSQL | WAL |"
    yield "|---|---|---|---|---|"
    for stage, cost in each.row.stages.items():
        yield f"| {stage} | {' | '.join(_cells(cost, is_quiet=each.is_quiet)[:4])} |"
    yield ""
    counts = "; ".join(f"{name} {value:,.0f}" for name, value in each.row.counts.items())
    yield f"{counts[:1].upper()}{counts[1:]}."


def _nation(recorded: Mapping[str, Measured]) -> Iterator[str]:
    big = recorded.get("big") or recorded[GUARD]
    counts = big.row.counts
    figures = counts["figures"] / counts["rows"] * _NATION_ROWS
    disk = figures * counts["bytes a figure (all included)"] / _GIGA
    yield "| | a week | a year |"
    yield "|---|---|---|"
    yield f"| figures | {figures / 1e6:.1f} million | {figures * _WEEKS / 1e6:.0f} million |"
    yield f"| disk of the warehouse, all included | {disk:.1f} GB | {disk * _WEEKS:.0f} GB |"
    ours = big.row.ways["ours"].cost
    seconds = ours.processor / counts["rows"] * _NATION_ROWS
    yield f"| processor seconds, were it one file | {seconds:.0f} s | |"
    if "nation" in recorded:
        yield f"| {recorded['nation'].row.title}, measured | {_value(recorded['nation'].figures['clock'])} | |"
    elif "files" in recorded and recorded["files"].is_quiet:
        row = recorded["files"]
        minutes = row.row.ways["ours"].cost.wall / row.sizes["files"] * _NATION_FILES / 60
        yield f"| {_NATION_FILES:,} files through one scheduler, reckoned from `files` | {minutes:.0f} min | |"


def _measured_on(recorded: Mapping[str, Measured]) -> Iterator[str]:
    machines: dict[str, list[str]] = {}
    for name, each in recorded.items():
        has = each.machine
        said = (
            f"{each.on}, {has['cores']} cores, {has['memory_gb']} GB, PostgreSQL {has['postgresql']}, "
            f"Python {has['python']}{'' if each.is_quiet else ', a machine that others used too'}"
        )
        machines.setdefault(said, []).append(f"`{name}`")
    for said, names in machines.items():
        yield f"- {', '.join(names)}: {said}."


_TABLES: dict[str, Callable[[Mapping[str, Measured]], Iterator[str]]] = {
    "targets": _targets,
    "costs": _costs,
    "stages": _stages,
    "nation": _nation,
    "measured_on": _measured_on,
}


def _cells(cost: Cost, *, is_quiet: bool) -> list[str]:
    return [
        amount(cost.wall, "s") if is_quiet else "",
        amount(cost.client, "s"),
        amount(cost.postgres, "s") if cost.postgres else "",
        amount(cost.wal_mb, "MB") if cost.wal_mb else "",
        amount(cost.peak_mb, "MB") if cost.peak_mb else "",
    ]


def _value(figure: Figure) -> str:
    return "not said" if figure.value is None else amount(figure.value, figure.unit)


def _met(figure: Figure) -> str:
    return {True: "met", False: "**missed**", None: ""}[figure.is_met]
