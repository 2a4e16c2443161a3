"""Every test has a home folder of its own; nothing reaches the network."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rft_core.jobs.folder import JobFolder
from rft_core.models import endpoint
from tests.models.grader_server import GraderServer

# The same examples every time, however slow the machine is at that moment.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")

UNPACKED = "smollm2-135m-instruct"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point the app at a fresh home folder; end the jobs that a test leaves behind."""
    folder = tmp_path / "home"
    monkeypatch.setenv("RFT_HOME", str(folder))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in (endpoint.URL, endpoint.MODEL, endpoint.KEY):
        monkeypatch.delenv(name, raising=False)
    yield folder
    for file in (folder / "jobs").glob("*/pid"):
        if JobFolder(file.parent).is_alive():
            os.kill(int(file.read_text()), signal.SIGKILL)


@pytest.fixture
def ai_grader(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraderServer]:
    """Start an AI grader on this machine and set it up."""
    with GraderServer() as server:
        monkeypatch.setenv(endpoint.URL, server.url)
        monkeypatch.setenv(endpoint.MODEL, "grader-1")
        monkeypatch.setattr(endpoint, "ENDPOINT", endpoint.Endpoint(limit_s=2, retries=0))
        yield server


@pytest.fixture(scope="session")
def unpacked_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the embedded model once for all slow tests."""
    from rft_core.models import embedded

    shared = tmp_path_factory.mktemp("models")
    before = os.environ.get("RFT_HOME")
    os.environ["RFT_HOME"] = str(shared)
    try:
        return embedded.convert()
    finally:
        if before is None:
            del os.environ["RFT_HOME"]
        else:
            os.environ["RFT_HOME"] = before


@pytest.fixture
def embedded_model(home: Path, unpacked_model: Path) -> Path:
    """Put the unpacked embedded model into this test's home folder."""
    target = home / "models" / UNPACKED
    target.parent.mkdir(parents=True)
    shutil.copytree(unpacked_model, target, copy_function=os.link)
    return target
