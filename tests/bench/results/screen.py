"""A measured row as lines for the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.measuring.cost import Cost
    from tests.bench.results.rows import Figure, Measured

_HEAD = f"  {'':<44} {'wall':>10} {'client':>10} {'postgres':>10} {'WAL':>10} {'peak':>10}"
_LABEL = 44
_KILO = 1000.0


def lines(measured: Measured) -> Iterator[str]:
    """Ways, stages, counts, then each figure against its target; why some are left out."""
    yield ""
    yield measured.row.title
    if measured.row.ways:
        yield _HEAD
    for place, way in enumerate(measured.row.ways.values()):
        yield _cost_line(f"{way.says} ({way.runs} runs)" if way.runs > 1 else way.says, way.cost)
        for name, cost in measured.row.stages.items() if place == 0 else ():
            yield _cost_line(f"  of it {name}", cost)
    if measured.row.counts:
        yield "  " + "; ".join(f"{name} {amount(value, '')}" for name, value in measured.row.counts.items())
    for figure in measured.figures.values():
        yield _figure_line(figure)
    if not measured.is_quiet:
        yield (
            f"  The machine is loaded: others kept {measured.others:.1f} processors busy. Nothing is said by the clock; "
            "processor seconds hold."
        )


def goal(figure: Figure) -> str:
    """Its target as people read it, empty where there is none."""
    if figure.target is None:
        return ""
    return f"{figure.target:g} ×" if figure.unit == "×" else amount(figure.target, figure.unit)


def amount(value: float, unit: str) -> str:
    """A number and its unit as people read them."""
    if unit == "×":
        return f"{value:.2f} ×"
    if unit == "s" and value < 1:
        return f"{value * _KILO:.0f} ms"
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


def _figure_line(figure: Figure) -> str:
    mark = {True: "ok  ", False: "MISS", None: "    "}[figure.is_met]
    value = "not said" if figure.value is None else amount(figure.value, figure.unit)
    target = "" if figure.target is None else f"  (target {goal(figure)})"
    return f"  {mark} {figure.says}: {value}{target}"


def _cost_line(label: str, cost: Cost) -> str:
    cells = [amount(cost.wall, "s"), amount(cost.client, "s"), amount(cost.postgres, "s")]
    cells.append(amount(cost.wal_mb, "MB") if cost.wal_mb else "")
    cells.append(amount(cost.peak_mb, "MB") if cost.peak_mb else "")
    return f"  {label:<{_LABEL}} " + " ".join(f"{cell:>10}" for cell in cells)
