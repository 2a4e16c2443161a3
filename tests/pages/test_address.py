"""The view and the case come back after a reload: the address names them."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rft_core import settings
from rft_core.examples.folder import read_project
from rft_core.store import Studio

ROOT = Path(__file__).resolve().parents[2]
VIEWS = {"examples": ("One case", "Overview"), "rubric": ("Criteria", "Try to fool it")}


@pytest.fixture
def sample(studio: Studio) -> Studio:
    files = read_project(settings.samples_folder() / "finance")
    studio.save_project(files.project, files.examples, files.rubric)
    return studio


def reloaded(name: str, **address: str) -> AppTest:
    """Open a page in a new session by an address."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    page.switch_page(f"pages/{name}.py")
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize("name", VIEWS)
def test_the_view_comes_back(sample: Studio, name: str) -> None:
    first, other = VIEWS[name]
    page = reloaded(name)
    assert page.segmented_control(f"{name}-view").value == first
    again = reloaded(name, view=other)
    assert again.segmented_control(f"{name}-view").value == other


def test_the_case_comes_back_until_another_is_chosen(sample: Studio) -> None:
    page = reloaded("examples")
    page.button("case-next").click().run()
    shown = page.selectbox("case-id").value
    again = reloaded("examples", case=shown)
    assert again.selectbox("case-id").value == shown
    again.button("case-next").click().run()
    assert again.selectbox("case-id").value != shown


def test_the_case_of_the_address_is_shown_before_one_that_is_not_saved(sample: Studio) -> None:
    page = reloaded("examples")
    second = page.selectbox("case-id").options[1].split(" ")[0]
    area = next(a for a in page.text_area if a.key.endswith("-prompt"))
    area.set_value("Typed and not saved").run()
    assert reloaded("examples", case=second).selectbox("case-id").value == second
    assert reloaded("examples").selectbox("case-id").value != second


@pytest.mark.parametrize("hostile", ["", "nobody", "<img src=x onerror=alert(1)>", "x" * 10_000])
@pytest.mark.parametrize("name", VIEWS)
def test_an_address_that_names_nothing_does_nothing(
    sample: Studio, name: str, hostile: str
) -> None:
    page = reloaded(name, view=hostile, case=hostile)
    assert page.segmented_control(f"{name}-view").value == VIEWS[name][0]
