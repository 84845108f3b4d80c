"""The summary's charts, drawn with matplotlib: twelve weeks of people, money and coverage, and people by prefecture.

One drawing for both kinds of picture. A week of which nothing is known is a gap with a dash, no bar of no height; a bar whose
number is not exact is hatched and carries its 余, 近 or 约.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import matplotlib as mpl
import matplotlib.ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from nuanliu.domain.exactness import Exactness, with_mark
from nuanliu.reporting.summary.contents import Bar, PrefectureLine, Summary, WeekLine

_BAR, _LINE, _TEXT, _FAINT = "#c8102e", "#d5dbe3", "#1d2733", "#6b7684"
_HATCH = "////"
_WIDTH, _PANEL, _ROW = 4.8, 1.75, 0.24
"""Inches: as wide as a phone shows without making the texts small."""
_ON_PAPER, _ON_A_PHONE = 10, 13
"""Points of the texts: on a phone the picture shrinks, and no text may be below 12 pixels."""
_WAN = Decimal(10000)
_FONT = re.compile(r"font-family: [^;\"]*")
_READERS_FONTS = "font-family: 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', 'WenQuanYi Zen Hei', sans-serif"
_SIZE_IN_POINTS = re.compile(r'width="[0-9.]+pt" height="[0-9.]+pt"')
_AS_WIDE_AS_THE_PAGE = 'style="display:block;width:100%;height:auto" aria-hidden="true"'
_PIXELS = 200
_COLOURS = {
    _BAR: "--bar", _LINE: "--line", _TEXT: "--text", _FAINT: "--muted", "#ffffff": "--paper",
}  # fmt: skip
"""What the page calls them, which has other ones at night; without the page they are as drawn."""
_COLOUR = re.compile("|".join(_COLOURS))
_COLOUR_ATTRIBUTE = re.compile(r'fill="(#[0-9a-f]{6})"')


def draw_svg(summary: Summary, font: Path) -> dict[str, str]:
    """``weeks`` and ``prefectures`` as SVG elements for a page; a chart that has nothing to show is not there.

    ``font``: one with Chinese characters, to lay the texts out; the page shows them in the reader's own fonts.
    """
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "nuanliu"}):
        return {name: _svg(figure) for name, figure in _figures(summary, font, _ON_A_PHONE).items()}


def draw_png(summary: Summary, font: Path) -> dict[str, bytes]:
    """The same as PNG for paper."""
    return {name: _png(figure) for name, figure in _figures(summary, font, _ON_PAPER).items()}


def _figures(summary: Summary, file: Path, size: int) -> dict[str, Figure]:
    font = FontProperties(fname=str(file), size=size)
    figures = {}
    if summary.weeks:
        figures["weeks"] = _draw_weeks(summary.weeks, font)
    if summary.prefectures:
        figures["prefectures"] = _draw_prefectures(summary.prefectures, font)
    return figures


def _svg(figure: Figure) -> str:
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, facecolor="none")
    text = out.getvalue()
    text = _SIZE_IN_POINTS.sub(_AS_WIDE_AS_THE_PAGE, text[text.index("<svg") :], count=1)
    text = _COLOUR_ATTRIBUTE.sub(r'style="fill: \1"', _FONT.sub(_READERS_FONTS, text))
    return _COLOUR.sub(lambda found: f"var({_COLOURS[found[0]]}, {found[0]})", text)


def _png(figure: Figure) -> bytes:
    out = BytesIO()
    figure.savefig(out, format="png", dpi=_PIXELS, metadata={"Software": None}, facecolor="white")
    return out.getvalue()


def _draw_weeks(weeks: Sequence[WeekLine], font: FontProperties) -> Figure:
    figure = Figure(figsize=(_WIDTH, 3 * _PANEL), layout="constrained")
    people, money, coverage = figure.subplots(3, 1)
    _draw_bars(people, [week.people for week in weeks], Decimal(1), "服务人数(人)", font)
    _draw_bars(money, [week.money for week in weeks], _WAN, "投入资金(万元)", font)
    _draw_coverage(coverage, weeks, font)
    for axes in (people, money, coverage):
        axes.set_xticks(range(len(weeks)), [week.week.strip("第周") for week in weeks], fontproperties=font)
        axes.set_xlim(-0.6, len(weeks) - 0.4)
    coverage.set_xlabel("周次", fontproperties=font, color=_FAINT)
    return figure


def _draw_bars(axes: Axes, bars: Sequence[Bar | None], unit: Decimal, title: str, font: FontProperties) -> None:
    heights = [float(Decimal(bar.value) / unit) if bar else 0.0 for bar in bars]
    _prepare(axes, title, max(heights), font)
    for place, (bar, height) in enumerate(zip(bars, heights, strict=True)):
        if bar is None:
            _mark(axes, place, 0, "—", font)
        else:
            is_exact = bar.exactness == Exactness.EXACT
            axes.bar(
                place,
                height,
                width=0.7,
                color=_BAR if is_exact else "white",
                edgecolor=_BAR,
                hatch="" if is_exact else _HATCH,
            )
            _mark(axes, place, height, with_mark("", Exactness(bar.exactness)), font)


def _draw_coverage(axes: Axes, weeks: Sequence[WeekLine], font: FontProperties) -> None:
    _prepare(axes, "报送单位(家,灰框为应报)", float(max((week.expected or 0 for week in weeks), default=0)), font)
    for place, week in enumerate(weeks):
        if week.answered is None or week.expected is None:
            _mark(axes, place, 0, "—", font)
        else:
            axes.bar(place, week.expected, width=0.7, color="white", edgecolor=_LINE)
            axes.bar(place, week.answered, width=0.7, color=_BAR, edgecolor=_BAR)
            _mark(axes, place, week.expected, str(week.answered), font)


def _draw_prefectures(lines: Sequence[PrefectureLine], font: FontProperties) -> Figure:
    row = _ROW * font.get_size_in_points() / _ON_PAPER
    figure = Figure(figsize=(_WIDTH, 0.5 + row * len(lines)), layout="constrained")
    axes = figure.subplots()
    axes.patch.set_visible(False)
    values = [float(Decimal(line.people.value)) if line.people else 0.0 for line in lines]
    longest = max(values) or 1.0
    for place, (line, value) in enumerate(zip(lines, values, strict=True)):
        is_exact = line.people is None or line.people.exactness == Exactness.EXACT
        axes.barh(
            place,
            value,
            height=0.66,
            color=_BAR if is_exact else "white",
            edgecolor=_BAR if value else "none",
            hatch="" if is_exact else _HATCH,
        )
        shown = line.people.shown if line.people else f"— {line.state}" * (line.state != "—") or "—"
        axes.text(
            value + longest * 0.015,
            place,
            shown,
            va="center",
            ha="left",
            fontproperties=font,
            color=_TEXT if line.people else _FAINT,
        )
    axes.set_yticks(range(len(lines)), [line.name for line in lines], fontproperties=font)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_xlim(0, longest * 1.22)
    axes.set_xticks([])
    axes.set_title("本周服务人数(人)", loc="left", fontproperties=font, color=_TEXT)
    _without_frame(axes, "left")
    return figure


def _prepare(axes: Axes, title: str, highest: float, font: FontProperties) -> None:
    axes.patch.set_visible(False)
    axes.set_title(title, loc="left", fontproperties=font, color=_TEXT)
    axes.set_ylim(0, (highest or 1.0) * 1.22)
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(nbins=3, integer=highest >= 3))
    axes.yaxis.set_major_formatter(
        lambda value, _: f"{value:g}" if value < float(_WAN) else f"{value / float(_WAN):g}万"
    )
    for label in axes.get_yticklabels():
        label.set_fontproperties(font)
    axes.grid(axis="y", color=_LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    _without_frame(axes, "bottom")


def _without_frame(axes: Axes, kept: str) -> None:
    for name, spine in axes.spines.items():
        spine.set_visible(name == kept)
        spine.set_color(_LINE)
    axes.tick_params(length=0, colors=_FAINT)


def _mark(axes: Axes, place: float, height: float, text: str, font: FontProperties) -> None:
    axes.text(place, height, text, ha="center", va="bottom", fontproperties=font, color=_FAINT)
