"""How long an expert waits on Examples and Rubric with a thousand cases and twenty criteria.

    PYTHONPATH=. python benchmarks/fluency.py [--repetitions 15] [--cases 1000] [--root DIR ...]

Each root (this checkout where none is named) is served on a fresh home folder and driven in
Chromium, the roots in turn for each repetition, so that other work on the machine falls on all of
them alike. A time runs from the event in the page (click, key, focus lost) to the last change of
the page before its script has ended and nothing has changed or arrived for a quarter of a second.
What lies inside a canvas does not count: that is the copy of a table for screen readers, never
painted, which the table's library writes 200 ms after it has drawn the table. "Shown" is when what
was asked for stood there: the word "Saved", the last criterion, the case.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from rft_core.models.timing import machine_name

ROOT = Path(__file__).resolve().parent.parent
PORT = 8770
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
TOAST = "[data-testid=stToast]"
"""The word "Saved"."""
CLOSE_WORDS = (
    f"document.querySelectorAll('{TOAST} [aria-label=Close]').forEach(button => button.click())"
)
CASE = ".st-key-case-delete"
"""What stands below a stored case and not below a new one."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WATCH = """
  window.measured = {};
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => {
        window.measured.heard = window.measured.sent ? performance.now() : null;
      });
    }
    send(data) { window.measured.sent = true; super.send(data); }
  };
  for (const name of ['pointerdown', 'keydown', 'focusout'])
    addEventListener(name, () => { window.measured.start ??= performance.now(); }, true);
  const unseen = ({target, type}) => {
    const part = target.parentElement?.closest('canvas');
    return part || (target.tagName === 'CANVAS' && type === 'childList');
  };
  new MutationObserver(changes => {
    const m = window.measured;
    if (changes.every(unseen)) return;
    m.last = performance.now();
    if (m.selector && document.querySelector(m.selector)) m.shown ??= m.last;
  }).observe(document,
    {subtree: true, childList: true, attributes: true, characterData: true});
"""
ARM = """selector => {
  window.measured = {start: null, sent: false, heard: null, last: 0, shown: null, selector};
}"""
SETTLED = """() => {
  const m = window.measured, app = document.querySelector('[data-testid=stApp]');
  return m.heard && app.dataset.testScriptState === 'notRunning'
    && performance.now() - Math.max(m.last, m.heard) > 250
    ? [m.last - m.start, m.shown - m.start] : null;
}"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int, default=15)
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--root", type=Path, nargs="*", default=[ROOT])
    chosen = parser.parse_args()
    homes = [tempfile.mkdtemp(prefix="rft-fluency-") for _ in chosen.root]
    servers = [
        serve(root, home, PORT + n, chosen.cases)
        for n, (root, home) in enumerate(zip(chosen.root, homes, strict=True))
    ]
    times = [defaultdict(list) for _ in servers]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=ARGUMENTS
            )
            pages = [open_examples(browser, PORT + n) for n in range(len(servers))]
            for turn in range(-1, chosen.repetitions):  # the first turn warms up
                print(f"turn {turn + 1} of {chosen.repetitions}", file=sys.stderr)
                for page, seconds in zip(pages, times, strict=True):
                    go_through(page, turn, seconds if turn >= 0 else defaultdict(list))
            browser.close()
    finally:
        for server in servers:
            server.terminate()
            server.wait()
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)
    print(
        f"{time.strftime('%Y-%m-%d')}, {machine_name()}, {chosen.cases} cases, "
        f"{chosen.repetitions} repetitions"
    )
    print("milliseconds, median (90th percentile):", ", ".join(map(str, chosen.root)))
    for name in times[0]:
        shown = [f"{median(t[name]):5.0f} ({quantiles(t[name], n=10)[-1]:5.0f})" for t in times]
        print(f"{name:42}", *shown)


def serve(root, home, port, cases):
    """Store the project in a fresh home folder and start the app of a checkout on it.

    The machine is timed there first, or the page Train would do that while others are measured.
    """
    environment = {**os.environ, "RFT_HOME": home}
    store = (
        "import time\n"
        "from benchmarks.thousand import thousand\n"
        "from rft_core.jobs.folder import ACTIVE\n"
        "from rft_core.jobs.submission import start_timing\n"
        "from rft_core.models.catalogue import EMBEDDED_ID\n"
        "from rft_core.store import Studio, open_database\n"
        f"f = thousand({cases})\n"
        "Studio(open_database()).save_project(f.project, f.examples, f.rubric)\n"
        "job = start_timing(EMBEDDED_ID)\n"
        "while job.state().status in ACTIVE:\n"
        "    time.sleep(0.5)\n"
    )
    subprocess.run(
        [sys.executable, "-c", store], cwd=ROOT, check=True, env=environment | {"PYTHONPATH": "."}
    )
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=root, env=environment | {"PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return server
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"The app of {root} did not start.")


def open_examples(browser, port) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(WATCH)
    page.set_default_timeout(60_000)
    page.goto(f"http://127.0.0.1:{port}/examples")
    page.wait_for_selector(".st-key-case-next")
    page.wait_for_selector(READY)
    return page


class Driver:
    """Does what an expert does in a page, and notes how long each takes."""

    def __init__(self, page: Page, turn: int, seconds: dict[str, list[float]]):
        self.page = page
        self.turn = turn
        self.seconds = seconds

    def timed(self, name, act, shows=None):
        self.page.evaluate(ARM, shows)
        act()
        settled, shown = self.page.wait_for_function(SETTLED, polling=20).json_value()
        self.seconds[name].append(settled)
        if shows:
            self.seconds[f"{name}, shown"].append(shown)

    def press(self, name, selector, shows=None):
        self.timed(name, self.page.locator(selector).first.click, shows)

    def saved(self, name, selector):
        """Press what says that something was done; an older word would count as the new one."""
        self.page.evaluate(CLOSE_WORDS)
        self.page.wait_for_selector(TOAST, state="detached")
        self.press(name, selector, TOAST)

    def typed(self, name, place, text):
        place.fill(text)
        self.timed(name, lambda: self.page.keyboard.press("Tab"))

    def searched(self, name, text):
        self.page.locator(".st-key-filter-text input").fill(text)
        self.timed(name, lambda: self.page.keyboard.press("Enter"))

    def view(self, page, name, shows=None):
        key = f".st-key-{page.lower()}-view"
        self.press(f"{page}: to {name}", f"{key} button:has-text('{name}')", shows)

    def to(self, page, shows=None):
        self.press(f"to {page}", f"[data-testid=stSidebarNav] a:has-text('{page}')", shows)

    def menu(self, name, criterion, item):
        """Choose from the menu of a criterion."""
        self.page.locator(f".st-key-more-{criterion} button").click()
        self.saved(name, f"[role=menuitem]:has-text('{item}')")


def go_through(page, turn, seconds):
    """Do once what an expert does, beginning and ending with a case on Examples."""
    driver = Driver(page, turn, seconds)
    one_case(driver)
    overview(driver)
    rubric(driver)
    criteria(driver)
    for name in ("Train", "Compare", "Dashboard", "Summary", "Home"):
        driver.to(name)
    driver.to("Examples", CASE)


def one_case(driver):
    page = driver.page
    driver.press("Examples: next case", ".st-key-case-next button")
    text = page.locator(".st-key-case-text textarea").first
    driver.typed("Examples: text typed, field left", text, f"Another {driver.turn} {time.time()}")
    driver.saved("Examples: save", ".st-key-case-save button")
    driver.typed("Examples: text typed, field left", text, f"A third {driver.turn} {time.time()}")
    driver.saved("Examples: save and next", ".st-key-case-save-next button")
    driver.saved("Examples: undo", ".st-key-undo button")
    driver.saved("Examples: delete", ".st-key-case-delete button")
    driver.saved("Examples: undo", ".st-key-undo button")
    driver.press("Examples: new case", ".st-key-case-new button")
    driver.press("Examples: new case discarded", ".st-key-case-discard button", CASE)
    driver.press("Examples: duplicated", ".st-key-case-duplicate button", ".st-key-case-discard")
    driver.press("Examples: new case discarded", ".st-key-case-discard button", CASE)
    driver.press("Examples: what they can show", ".st-key-worth button")
    driver.press("Examples: what they can show closed", ".st-key-worth button")
    listed = ".st-key-case-id input"
    driver.press("Examples: list of cases", ".st-key-case-list button", listed)
    page.locator(listed).click()
    page.keyboard.type("note-0500")
    driver.timed("Examples: chosen in the list", lambda: page.keyboard.press("Enter"))
    driver.view("Examples", "Answer form")
    driver.view("Examples", "Import")
    driver.press("Examples: pasting", ".st-key-import-way button:has-text('Pasted')")
    rows = "case\tanswer\nThe invoice is late\tcall\nA gift by post\trelease\n"
    driver.typed("Examples: rows pasted", page.locator("textarea").first, rows)
    driver.press("Examples: rows discarded", ".st-key-import-discard button")
    driver.press("Examples: from a file", ".st-key-import-way button:has-text('From a file')")
    driver.view("Examples", "Export")


def overview(driver):
    page = driver.page
    driver.view("Examples", "Overview")
    driver.press("Examples: filter by side", ".st-key-filter-side button:has-text('Test')")
    driver.searched("Examples: search", "gift")
    driver.searched("Examples: search emptied", "")
    driver.press("Examples: all sides", ".st-key-filter-side button:has-text('All')")
    table = page.locator("[data-testid=stDataFrame]").first
    driver.timed("Examples: row ticked", lambda: table.click(position={"x": 18, "y": 52}))
    driver.timed("Examples: row ticked", lambda: table.click(position={"x": 18, "y": 87}))
    page.get_by_role("button", name="Tags").click()
    tags = page.locator(".st-key-bulk-tags input")
    tags.fill(f"tag {driver.turn}")
    driver.timed("Examples: tag typed", lambda: tags.press("Enter"))
    driver.saved("Examples: several cases tagged", ".st-key-bulk-tag-add button")
    driver.press("Examples: what to look at", ".st-key-case-findings summary")
    driver.press("Examples: cases of a finding", "[class*=st-key-show-] button")
    driver.press("Examples: all cases again", ".st-key-list-all button")
    driver.press("Examples: what to look at closed", ".st-key-case-findings summary")
    driver.press("Examples: to One case", ".st-key-examples-view button:has-text('One ')", CASE)


def rubric(driver):
    page = driver.page
    driver.to("Rubric", ".st-key-edit-c19")
    driver.press("Rubric: open a criterion", ".st-key-edit-c3 button")
    points = page.get_by_label("Points", exact=True)
    driver.typed("Rubric: points changed, field left", points, str(3 + driver.turn % 5))
    driver.saved("Rubric: save", ".st-key-criterion-save button")
    driver.view("Rubric", "Try it on an answer")
    answer = page.locator("[class*=st-key-trial-answer] textarea")
    driver.typed("Rubric: answer tried", answer, f"Kind: none\nDecision: call {driver.turn}")
    driver.view("Rubric", "Try it on the model")
    driver.view("Rubric", "Try to fool it", "[data-testid=stMain] table")
    driver.view("Rubric", "Files")
    driver.view("Rubric", "Criteria", ".st-key-edit-c19")


def criteria(driver):
    page = driver.page
    driver.menu("Rubric: moved", "c5", "Move up")
    driver.menu("Rubric: moved", "c5", "Move down")
    driver.menu("Rubric: duplicated", "c5", "Duplicate")
    driver.saved("Rubric: undo", ".st-key-undo button")
    driver.menu("Rubric: deleted", "c5", "Delete")
    driver.saved("Rubric: undo", ".st-key-undo button")
    driver.press("Rubric: what to look at", "[class*=st-key-rubric-findings] summary")
    driver.press("Rubric: what to look at closed", "[class*=st-key-rubric-findings] summary")
    driver.press("Rubric: new criterion", ".st-key-criterion-add button")
    rule = page.get_by_label("The rule, in your words")
    driver.typed("Rubric: rule typed", rule, f"Says at most {20 + driver.turn} words")
    driver.press("Rubric: new criterion cancelled", ".st-key-criterion-cancel button")
    driver.press("Rubric: paste rules", ".st-key-paste summary")
    lines = f"[+2] Makes the right decision\n[+1] At most {30 + driver.turn} words"
    driver.typed("Rubric: rules pasted", page.locator("[class*=st-key-paste-text] textarea"), lines)
    driver.press("Rubric: rules discarded", ".st-key-paste-discard button")
    driver.press("Rubric: paste rules closed", ".st-key-paste summary")
    driver.press(
        "Rubric: templates", ".st-key-templates summary", "[class*=st-key-template-] input"
    )
    driver.press("Rubric: templates closed", ".st-key-templates summary")


if __name__ == "__main__":
    main()
