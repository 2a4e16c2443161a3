"""Every test has a home folder of its own; nothing reaches the network."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the app at a fresh home folder."""
    folder = tmp_path / "home"
    monkeypatch.setenv("RFT_HOME", str(folder))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return folder
