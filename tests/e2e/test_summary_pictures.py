"""The mail as its readers see it: six weeks, four widths, light and dark, in a real browser. The pictures stay in var/pictures."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.summary_weeks import WEEKS

from nuanliu.reporting.charts.drawing import draw_svg
from nuanliu.reporting.charts.fonts import chinese_font
from nuanliu.reporting.mail.mail_message import compose_summary_mail
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from nuanliu.reporting.summary.contents import Summary

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PICTURES = Path(__file__).resolve().parents[2] / "var" / "pictures"
WIDTHS = (360, 390, 768, 1280)
RULED = (390, 1280)
"""Widths at which axe looks: it takes most of the time, and no rule of the page goes by its width."""
SCHEMES = ("light", "dark")
PHONE = (390, 700)
SMALLEST_TEXT = 12
CLIPPED = 102_000
"""Bytes of a page after which Gmail hides the rest behind a link."""
SMALLEST_TARGET = 44

MEASURE = """([smallest, target]) => {
  const width = document.documentElement.clientWidth, wide = [], small = [], tight = [];
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > width + 0.5 || box.left < -0.5)) wide.push(element.tagName + ' ' + element.textContent.slice(0, 40));
    if (element.matches('a, button, input') && (box.width < target || box.height < target)) tight.push(element.textContent);
  }
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const text = nodes.currentNode, parent = text.parentElement;
    if (!text.data.trim() || text.data === '\\u00a0') continue;
    const matrix = parent.getScreenCTM ? parent.getScreenCTM() : null;
    const size = parseFloat(getComputedStyle(parent).fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
    if (size < smallest - 0.01) small.push(size.toFixed(1) + ' ' + text.data.slice(0, 40));
  }
  return {wide, small, tight, scrolls: document.documentElement.scrollWidth > width};
}"""
BOTTOMS = """(wanted) => wanted.map((words) => {
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    if (!nodes.currentNode.data.includes(words)) continue;
    const range = document.createRange();
    range.selectNodeContents(nodes.currentNode);
    return [words, range.getBoundingClientRect().bottom];
  }
  return [words, Infinity];
})"""
AXE = """async () => (await axe.run({resultTypes: ['violations']})).violations.map(
  (found) => found.id + ': ' + found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | '))"""


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One for all pictures."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        print(f"pictures: {PICTURES}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), headless=True)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    yield page
    page.close()


def summary_of(week: str) -> Summary:
    return build_summary(*WEEKS[week]())


def mail_of(week: str) -> str:
    """The HTML part as it leaves."""
    document, notes = WEEKS[week]()
    mail = compose_summary_mail(
        document, files={}, sender="a@x.example", recipient="b@x.example", message_id="<1@x.example>",
        date=datetime(2024, 12, 9, 10, tzinfo=UTC), notes=notes, forms=(),
    )  # fmt: skip
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def show(page: Page, html: str) -> None:
    page.set_content(html)
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))


def troubles_by_shape(page: Page, name: str) -> dict[str, list[str]]:
    """Shows a page in every width, light and dark, keeping a picture of each."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE[1] if width < 700 else 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
            found[f"{width}-{scheme}"] = troubles(page, by_rules=width in RULED)
    return {shape: each for shape, each in found.items() if each}


def troubles(page: Page, *, by_rules: bool = True) -> list[str]:
    """What is wider than the screen, smaller than a reader can read or tap, or against axe's rules."""
    found: dict[str, Any] = page.evaluate(MEASURE, [SMALLEST_TEXT, SMALLEST_TARGET])
    named = [f"{kind}: {each}" for kind in ("wide", "small", "tight") for each in found[kind]]
    return [*named, *(["scrolls sideways"] if found["scrolls"] else []), *(page.evaluate(AXE) if by_rules else [])]


def test_what_is_looked_for_would_be_found(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    show(
        page,
        "<!doctype html><html lang=zh-CN><title>x</title><main><h1>x</h1><p style='color:#ccc;background:#fff'>淡得看不清的字</p>"
        "<p style='font-size:11px'>小</p><a href='#'>链接</a><table style='width:700px'><tr><td>宽</td></tr></table></main>",
    )
    found = troubles(page)
    for kind in ("wide: TABLE", "small: 11.0 小", "tight: 链接", "scrolls sideways", "color-contrast: "):
        assert any(each.startswith(kind) for each in found), (kind, found)


@pytest.mark.parametrize("week", WEEKS)
def test_a_mail_fits_every_screen_light_and_dark(page: Page, week: str) -> None:
    html = mail_of(week)
    assert len(html.encode()) < CLIPPED
    show(page, html)
    assert troubles_by_shape(page, week) == {}


@pytest.mark.parametrize("week", WEEKS)
def test_the_first_screen_of_a_phone_says_what_a_reader_must_know(page: Page, week: str) -> None:
    summary = summary_of(week)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.set_content(mail_of(week))
    wanted = [summary.lead, summary.banner, *(summary.decisions or ["没有要处理的事"])]
    for line in summary.key_figures:
        wanted += [line.shown, line.verdict, line.basis]
    wanted += [f"更正{len(summary.revisions)}处"] * bool(summary.revisions)
    wanted += [line.new for line in summary.first_revisions]
    bottoms: list[tuple[str, float]] = page.evaluate(BOTTOMS, [words for words in wanted if words])
    assert [(words, bottom) for words, bottom in bottoms if bottom > PHONE[1]] == []


@pytest.mark.parametrize("week", WEEKS)
def test_a_program_that_knows_inline_styles_only_shows_all_of_it(page: Page, week: str) -> None:
    html, blocks = re.subn(r"<style>.*?</style>", "", mail_of(week), flags=re.DOTALL)
    assert blocks == 1
    assert not re.search(r"<(img|svg|script|link)\b", html)
    page.emulate_media(color_scheme="dark")  # which such a program does not know of
    page.set_viewport_size({"width": 360, "height": 700})
    show(page, html.replace('<meta name="color-scheme" content="light dark">', ""))
    assert troubles(page) == []


def test_the_page_with_its_drawings_fits_every_screen_light_and_dark(page: Page) -> None:
    font = chinese_font()
    assert font is not None, "the tests need fonts-wqy-zenhei or fonts-noto-cjk"
    summary = summary_of("rich")
    show(page, render("summary.html.j2", s=summary, charts=draw_svg(summary, font)))
    assert troubles_by_shape(page, "page") == {}
