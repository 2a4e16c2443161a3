"""The frame around the pages: a second app on the same home folder is told who has it."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rft_core.models import endpoint
from rft_core.store import open_database

ROOT = Path(__file__).resolve().parents[2]
HOLDER = (
    "import sys; from rft_core.store import open_database\n"
    "database = open_database(address='http://127.0.0.1:9999')\n"
    "print('open', flush=True); sys.stdin.read(); database.close()"
)


def beside_every_page() -> str:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    return " ".join(c.value for c in app.sidebar.caption).replace("\\", "")


def test_every_page_says_whether_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing is sent anywhere" in beside_every_page()
    monkeypatch.setenv(endpoint.URL, "https://api.example.com/v1")
    monkeypatch.setenv(endpoint.MODEL, "grader-1")
    said = beside_every_page()
    assert "the answer are sent to api.example.com" in said
    assert "Nothing is sent" not in said


def test_a_second_app_is_told_who_has_the_folder(home: Path) -> None:
    open_database().close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=ROOT, env={**os.environ, "RFT_HOME": str(home)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdin is not None and holder.stdout is not None
    with holder, holder.stdin, holder.stdout:
        assert holder.stdout.readline() == b"open\n"
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        said = " ".join(element.value for element in app.main.get("text"))
        assert "Another RFT Studio has this folder open" in said
        assert "http://127.0.0.1:9999" in said
        assert not app.title, "nothing else of the page is shown"
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert again.title[0].value == "RFT Studio"


def test_nothing_of_the_program_text_appears_on_a_page() -> None:
    """A text that stands alone in a script would be shown where Streamlit's magic is on."""
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert config["runner"]["magicEnabled"] is False
