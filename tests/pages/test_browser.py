"""The expert's way through in Chromium: sample, training with a tiny model, comparison."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from rft_core.models import catalogue
from tests.models.tiny import tiny_folder

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture
def address(home: Path, tmp_path: Path) -> Iterator[str]:
    """Serve the app on a free port, with a tiny model in its home folder."""
    catalogue.add_local("tiny", tiny_folder(tmp_path / "tiny", window=4096))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT, env={**os.environ, "RFT_HOME": str(home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """Open a window of the usual size in Chromium, for the app at this address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        opened.set_default_timeout(60_000)
        expect.set_options(timeout=30_000)
        yield opened
        browser.close()


def wait_until_healthy(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.mark.timeout(300)
def test_what_is_typed_is_saved_by_a_click_and_can_be_undone(page: Page, address: str) -> None:
    heard: list[object] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda it: heard.append(it)))
    page.goto(address)
    page.locator(".st-key-sample-finance button").click()
    page.locator(".st-key-next").wait_for()

    page.get_by_role("link", name="Examples").first.click()
    group = page.get_by_label("Group", exact=True).first
    unsaved = page.get_by_text("Kept as a draft, not saved yet")
    note, undo = page.get_by_test_id("stToast").last, page.locator(".st-key-last-change")
    group.fill("letter 7")  # the field keeps the focus
    page.locator(".st-key-case-save button").click()
    expect(note).to_contain_text("Saved")
    expect(unsaved).to_have_count(0)
    group.fill("letter 8")
    heard.clear()
    page.keyboard.press("Control+s")
    while not heard:  # else the page is left before the app has begun to save
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)
    page.wait_for_selector(READY)
    expect(unsaved).to_have_count(0)
    page.reload()
    expect(group).to_have_value("letter 8")
    group.fill("letter 9")
    page.locator(".st-key-case-save button").click()
    undo.get_by_role("button", name="Undo").click()
    expect(group).to_have_value("letter 8")
    undo.get_by_role("button", name="Redo").click()
    expect(group).to_have_value("letter 9")

    page.get_by_text("Edit the text of the alert").click()
    text = page.get_by_role("textbox", name="Alert", exact=True)
    text.fill(f"{text.input_value()} From 81.2.169.142, by jane@roe-law.co.uk.")
    page.locator(".st-key-case-save button").click()
    page.get_by_text("2 things to look at").click()
    title = page.get_by_role("heading", name="Examples")
    for _ in range(2):  # the case is brought into view each time
        title.scroll_into_view_if_needed()
        expect(title).to_be_in_viewport()
        page.get_by_role("button", name="Show", exact=True).first.click()
        expect(title).not_to_be_in_viewport()
    fine = page.get_by_role("button", name="This is fine")
    fine.first.click()
    expect(page.get_by_text("1 thing to look at")).to_be_visible()
    expect(fine).to_have_count(1)
    expect(fine).to_be_visible()

    page.get_by_role("link", name="Rubric").first.click()
    page.locator(".st-key-edit-decision button").click()
    page.get_by_label("Points", exact=True).fill("17")
    page.locator(".st-key-criterion-save button").click()
    first, second = (page.locator(f".st-key-criterion-{place}") for place in range(2))
    expect(first).to_contain_text("+17")
    expect(page.get_by_label("Points", exact=True)).to_have_count(0)
    expect(page.get_by_text("22 points for a perfect answer")).to_be_visible()
    second.locator("[class*=st-key-more-] button").click()
    page.get_by_role("menuitem", name="Move up").click()
    expect(second).to_contain_text("+17")
    page.reload()
    expect(second).to_contain_text("+17")

    page.locator(".st-key-edit-decision button").click()
    page.get_by_label("Points", exact=True).fill("3")
    other = page.context.new_page()
    other.goto(f"{address}/rubric")
    other.locator(".st-key-edit-decision button").click()
    other.get_by_label("Points", exact=True).fill("5")
    other.locator(".st-key-criterion-save button").click()
    changed = other.locator(".st-key-criterion-1")
    expect(changed).to_contain_text("+5")
    page.locator(".st-key-criterion-save button").click()
    expect(page.get_by_text("changed or deleted in another window")).to_be_visible()
    expect(page.get_by_text("10 points for a perfect answer")).to_be_visible()
    page.locator(".st-key-criterion-cancel button").click()  # what is typed would be a draft else
    expect(page.get_by_label("Points", exact=True)).to_have_count(0)
    other.reload()
    expect(changed).to_contain_text("+5")


@pytest.mark.timeout(300)
def test_a_rule_that_is_being_typed_is_still_there_after_another_page(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.locator(".st-key-sample-finance button").click()
    page.locator(".st-key-next").wait_for()
    page.get_by_role("link", name="Rubric").first.click()
    page.locator(".st-key-criterion-add button").click()
    rule = page.get_by_label("The rule, in your words")
    ways = page.get_by_text("How could that be checked?")
    rule.press_sequentially("Makes the right decision")
    expect(ways).to_be_visible()  # after a pause, with the focus still in the field
    expect(rule).to_be_focused()
    rule.press_sequentially(" on time")
    page.get_by_role("link", name="Examples").first.click()
    expect(page.get_by_role("heading", name="Examples", exact=True)).to_be_visible()
    page.get_by_role("link", name="Rubric").first.click()
    expect(rule).to_have_value("Makes the right decision on time")

    rule.fill("")
    rule.press("Tab")
    expect(ways).to_be_hidden()
    rule.fill("Makes the right decision")
    rule.press("Tab")
    points = page.get_by_label("Points", exact=True)
    points.fill("3")  # while what is offered for the rule is being drawn above
    expect(ways).to_be_visible()
    points.press("Tab")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    expect(points).to_have_value("3")
    page.reload()
    expect(rule).to_have_value("Makes the right decision")
    expect(rule).to_be_in_viewport()  # below the criteria that are there


@pytest.mark.timeout(300)
def test_a_reload_shows_the_same_case_as_typed_and_adds_no_step_to_go_back_over(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.locator(".st-key-sample-finance button").click()
    page.locator(".st-key-next").wait_for()
    page.get_by_role("link", name="Examples").first.click()
    expect(page).to_have_url(re.compile("case=fin-001"))
    steps = page.evaluate("history.length")
    for number in (2, 3, 4):
        page.locator(".st-key-case-next button").click()
        expect(page).to_have_url(re.compile(f"case=fin-00{number}"))
    group = page.locator("input[aria-label='Group']")
    group.fill("a new group")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()  # the cursor is still in the field
    expect(group).to_be_focused()
    page.reload()
    expect(page.locator(".st-key-case-id input")).to_have_value(re.compile("^fin-004 "))
    expect(group).to_have_value("a new group")
    page.get_by_text("Overview", exact=True).click()
    expect(page).to_have_url(re.compile("view=Overview"))
    assert page.evaluate("history.length") == steps


@pytest.mark.timeout(900)
def test_from_the_sample_to_the_comparison(page: Page, address: str) -> None:
    outside: list[str] = []
    page.set_default_timeout(120_000)
    page.on(
        "request",
        lambda r: (
            outside.append(r.url)
            if r.url.startswith("http") and not r.url.startswith(address)
            else None
        ),
    )
    response = page.goto(address)
    assert response is not None
    assert "default-src 'self'" in response.headers["content-security-policy"]
    page.wait_for_selector(READY)
    page.locator(".st-key-sample-finance button").click()
    page.locator(".st-key-next").wait_for()

    page.get_by_role("link", name="Train").first.click()
    page.locator(".st-key-model").get_by_role("combobox").click()
    page.get_by_role("option", name=re.compile("tiny")).click()
    start = page.locator(".st-key-start button")
    start.wait_for(timeout=300_000)  # the machine is measured first
    start.click()
    see = page.get_by_role("button", name="See the comparison")
    see.wait_for(timeout=400_000)
    see.click()

    expect(page.get_by_role("heading", name="Compare", exact=True)).to_be_visible()
    headline = page.get_by_text(re.compile(r"\d+ better, \d+ worse, \d+ the same"))
    expect(headline.first).to_be_visible()
    assert outside == []


@pytest.mark.timeout(300)
def test_words_are_quoted_from_a_text_that_is_being_typed_and_the_next_one_follows(
    page: Page,
    address: str,
) -> None:
    page.goto(address)
    page.locator(".st-key-sample-legal button").click()
    page.locator(".st-key-next").wait_for()
    page.get_by_role("link", name="Examples").first.click()
    page.locator(".st-key-case-new button").click()
    expect(page.locator(".st-key-case-discard")).to_be_visible()
    text = page.locator(".st-key-case-text textarea").first
    text.press_sequentially("Notice is not needed. ")
    text.dblclick(position={"x": 25, "y": 20})
    taking = page.get_by_role("button", name=re.compile("^Take as ")).first
    expect(taking).to_be_visible()
    page.get_by_role("heading", name="Examples").click()
    expect(taking).to_be_hidden()
    text.dblclick(position={"x": 25, "y": 20})
    taking.click()
    expect(page.get_by_label("one passage a line").first).to_have_value("Notice")
    expect(text).to_have_value("Notice is not needed. ")
    for choice in ("accept", "none"):
        page.locator(".st-key-case-answer").get_by_text(choice, exact=True).first.click()
    page.keyboard.press("Alt+Enter")
    expect(text).to_have_value("")
    expect(text).to_be_focused()
