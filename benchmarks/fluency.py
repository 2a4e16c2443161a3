"""How long an expert waits on Examples and Rubric with a thousand cases and twenty criteria.

    PYTHONPATH=. python benchmarks/fluency.py [--repetitions 15] [--cases 1000] [--root DIR ...]

Each root (this checkout where none is named) is served on a fresh home folder and driven in
Chromium, the roots in turn for each repetition, so that other work on the machine falls on all of
them alike. A time runs from the event in the page (click, key, focus lost) to the last change of
the page before its script has ended and nothing has changed or arrived for a quarter of a second;
"shown" is when what was asked for stood there: the word "Saved", the last criterion, the case.
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
  new MutationObserver(() => {
    const m = window.measured;
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
    """Store the project in a fresh home folder and start the app of a checkout on it."""
    environment = {**os.environ, "RFT_HOME": home}
    store = (
        "from benchmarks.thousand import thousand\n"
        "from rft_core.store import Studio, open_database\n"
        f"f = thousand({cases})\n"
        "Studio(open_database()).save_project(f.project, f.examples, f.rubric)\n"
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


def go_through(page, turn, seconds):
    """Do once what an expert does, and note how long each takes."""

    def timed(name, act, shows=None):
        page.evaluate(ARM, shows)
        act()
        settled, shown = page.wait_for_function(SETTLED, polling=20).json_value()
        seconds[name].append(settled)
        if shows:
            seconds[f"{name}, shown"].append(shown)

    def press(selector):
        return lambda: page.locator(selector).first.click()

    def no_toast():  # one that is still there would count as shown
        page.wait_for_selector(TOAST, state="detached")

    def leave():
        return page.keyboard.press("Tab")

    view = ".st-key-examples-view"
    timed("Examples: next case", press(".st-key-case-next button"))
    page.get_by_label("Case", exact=True).last.fill(f"Another text {turn} {time.time()}")
    timed("Examples: text typed, field left", leave)
    no_toast()
    timed("Examples: save", press(".st-key-case-save button"), TOAST)
    timed("Examples: to the overview", press(f"{view} button:has-text('Overview')"))
    timed("Examples: filter by side", press(".st-key-filter-side button:has-text('Test')"))
    page.locator(".st-key-filter-text input").fill("gift")
    timed("Examples: search", lambda: page.keyboard.press("Enter"))
    page.locator(".st-key-filter-text input").fill("")
    timed("Examples: search emptied", lambda: page.keyboard.press("Enter"))
    timed("Examples: all sides", press(".st-key-filter-side button:has-text('All')"))
    timed("Examples: back to one case", press(f"{view} button:has-text('One case')"))
    timed("to Rubric", press("[data-testid=stSidebarNav] a:has-text('Rubric')"), ".st-key-edit-c19")
    timed("Rubric: open a criterion", press(".st-key-edit-c3 button"))
    page.get_by_label("Points", exact=True).fill(str(3 + turn % 5))
    timed("Rubric: points changed, field left", leave)
    no_toast()
    timed("Rubric: save", press(".st-key-criterion-save button"), TOAST)
    to_examples = press("[data-testid=stSidebarNav] a:has-text('Examples')")
    timed("to Examples", to_examples, ".st-key-case-delete")


if __name__ == "__main__":
    main()
