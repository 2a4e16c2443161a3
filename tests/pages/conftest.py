"""Pages run through AppTest, each test with a store of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rft_core.models import catalogue, timing
from rft_core.models.timing import Timing
from rft_core.store import Studio, open_database
from tests.models.tiny import tiny_folder

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 60


@pytest.fixture(autouse=True)
def fresh_store(home: Path) -> Iterator[None]:
    """Forget the store of the test before, and close this test's database after it."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
    open_database().close()


@pytest.fixture
def studio(fresh_store: None) -> Studio:
    """Return a store on the database that the app of this test uses."""
    return Studio(open_database())


@pytest.fixture
def open_page() -> Callable[[str], AppTest]:
    """Return a function that opens a page ("compare") in a new session."""

    def open_one(name: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.run()
        app.switch_page(f"pages/{name}.py").run()
        assert not app.exception
        return app

    return open_one


@pytest.fixture
def timed_tiny(tmp_path: Path) -> str:
    """Make a tiny model that this machine has been timed with."""
    catalogue.add_local("tiny", tiny_folder(tmp_path / "tiny", window=2048))
    timing.save(
        Timing(
            model_id="local:tiny", machine=timing.machine_name(), device="cpu", threads=1,
            dtype="float32", bf16_speedup=1.0, train_tokens_per_s=3000, decode_tokens_per_s=2500,
            free_gb=8,
        )
    )  # fmt: skip
    return "local:tiny"
