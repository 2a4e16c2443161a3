"""Measure the app: seconds until it is healthy, and memory after two visits to every page.

    python benchmarks/app.py

Drives Chromium (/usr/bin/chromium) against the app on a fresh home folder.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from rft_core.models.timing import machine_name

ROOT = Path(__file__).resolve().parent.parent
PORT = 8765
PAGES = ("", "examples", "rubric", "train", "compare", "dashboard", "summary")
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    home = tempfile.mkdtemp(prefix="rft-app-")
    started = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(PORT)],
        cwd=ROOT, env={**os.environ, "RFT_HOME": home},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until_healthy()
        healthy = time.monotonic() - started
        visit_every_page()
        process = psutil.Process(server.pid)
        memory = process.memory_info().rss / 2**20
        torch = any("torch" in m.path for m in process.memory_maps())
    finally:
        server.terminate()
        server.wait()
    print(f"{time.strftime('%Y-%m-%d')}, {machine_name()}")
    print(f"healthy after {healthy:.1f} s; {memory:.0f} MB after two sessions on every page; "
          f"torch loaded: {torch}")  # fmt: skip


def wait_until_healthy() -> None:
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)


def visit_every_page() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS, timeout=60_000
        )
        for session in range(2):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(f"http://127.0.0.1:{PORT}/")
            page.wait_for_selector(READY, timeout=60_000)
            if session == 0:
                page.locator(".st-key-sample-finance button").first.click()
                page.wait_for_timeout(3_000)
            for name in PAGES:
                page.goto(f"http://127.0.0.1:{PORT}/{name}")
                page.wait_for_selector(READY, timeout=60_000)
                page.wait_for_timeout(1_000)
        browser.close()


if __name__ == "__main__":
    main()
