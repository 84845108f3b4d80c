"""The board in a real browser: behind Airflow's login, in its navigation, from the matrix to a receipt's files."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.e2e.driven_stack import SAMPLES, copy, receipts, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from nuanliu.running.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def answered(stack: Stack) -> Stack:
    """A stack that has answered 金昌's sample."""
    if not _answers(stack):
        copy(stack, next(path for path in SAMPLES if path.parent.name == "620300"), "620300")
    wait_for("the answer to 金昌's file", lambda: _answers(stack), stack)
    return stack


@pytest.fixture(scope="module")
def page(answered: Stack) -> Iterator[Page]:
    """A browser logged in as the administrator."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), headless=True)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{answered.base_url}/nuanliu/")
        page.locator("input[name=username]").fill(answered.username)
        page.locator("input[name=password]").fill(answered.password)
        page.locator("button[type=submit]").click()
        page.wait_for_url(
            f"{answered.base_url}/nuanliu/"
        )  # where the login leads: before that, its navigation is under way
        yield page
        browser.close()


def test_without_a_login_no_page_and_no_file_is_shown(answered: Stack) -> None:
    for path in (
        "/nuanliu/",
        "/nuanliu/receipts/620300-2024W49-001",
        "/nuanliu/receipts/620300-2024W49-001/files/json",
    ):
        answer = httpx.get(f"{answered.base_url}{path}", follow_redirects=False, trust_env=False)
        assert answer.status_code == 303, path
        assert "/login" in answer.headers["location"]
        assert "金昌" not in answer.text


def test_the_board_stands_in_airflows_navigation(page: Page, answered: Stack) -> None:
    page.goto(f"{answered.base_url}/")
    page.get_by_text("暖流看板").first.wait_for()


def test_the_matrix_shows_who_reported_and_leads_to_the_receipt(page: Page, answered: Stack) -> None:
    page.goto(f"{answered.base_url}/nuanliu/")
    row = page.locator("#ledger tbody tr", has_text="金昌市总工会")
    assert row.locator("td").last.inner_text() == "已报"
    assert page.locator("#ledger thead th").count() == 13
    _keep_picture(page, "board-ledger")
    row.locator("a").last.click()
    page.wait_for_url("**/receipts/620300-2024W49-001")
    assert "部分接收" in page.locator("h1").inner_text()
    assert "D9" in page.locator(".findings").first.inner_text()
    assert page.locator("#versions tbody tr").count() == 1
    _keep_picture(page, "board-receipt")


def test_the_receipts_files_can_be_fetched_from_its_page(page: Page, answered: Stack) -> None:
    page.goto(f"{answered.base_url}/nuanliu/receipts/620300-2024W49-001")
    with page.expect_download() as waiting:
        page.get_by_text("JSON", exact=True).click()
    with waiting.value.path().open() as file:
        assert json.load(file)["receipt_no"] == "620300-2024W49-001"


def test_an_unknown_receipt_is_a_clear_page_and_not_a_fault(page: Page, answered: Stack) -> None:
    answer = page.goto(f"{answered.base_url}/nuanliu/receipts/999999-2024W49-001")
    assert answer is not None
    assert answer.status == 404
    assert "没有找到" in page.locator("h1").inner_text()


def test_a_page_asks_nothing_of_other_hosts(page: Page, answered: Stack) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{answered.base_url}/nuanliu/")
    assert asked
    assert all(url.startswith(answered.base_url) for url in asked)


def _answers(stack: Stack) -> list[dict[str, Any]]:
    return [receipt for receipt in receipts(stack) if receipt["union_id"] == "620300"]


def _keep_picture(page: Page, name: str) -> None:
    """For a person to look at: set NUANLIU_TEST_PICTURES to a folder."""
    if folder := os.environ.get("NUANLIU_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
