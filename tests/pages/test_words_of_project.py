"""A project's own noun for a case is what every page says."""

import re
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from rft_core.store import Studio
from tests.pages import finished_run as runs

SAID = ("markdown", "caption", "text", "info", "warning", "success", "error", "html", "title",
        "subheader", "metric")  # fmt: skip
CASE = re.compile(r"(?<![\w-])cases?(?![\w-])(?!, question, text)", re.IGNORECASE)


@pytest.fixture
def finished(studio: Studio, timed_tiny: str) -> str:
    files = runs.FILES
    studio.save_project(files.project, files.examples, files.rubric)
    return runs.make_run(files, runs.ANSWERS)


def parts(block: Block) -> Iterator[object]:
    for child in block.children.values():
        yield child
        if isinstance(child, Block):
            yield from parts(child)


def words(page: AppTest) -> Iterator[str]:
    """Yield what a page says by itself: its labels and what explains them, and its texts."""
    for part in parts(page._tree):
        proto = getattr(part, "proto", None)
        for name in ("label", "help", "placeholder"):
            yield str(getattr(proto, name, ""))
        yield from map(str, getattr(proto, "options", ()))
        if getattr(part, "type", "") in SAID:
            yield str(getattr(part, "value", ""))


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("examples", {"case-findings": True}),
        ("examples", {"examples-view": "Overview"}),
        ("examples", {"examples-view": "Answer form"}),
        ("examples", {"examples-view": "Import"}),
        ("examples", {"examples-view": "Export"}),
        ("rubric", {"criterion-open": ((runs.FILES.project.id, ""), "decision")}),
        ("rubric", {"criterion-open": ((runs.FILES.project.id, ""), "")}),
        ("train", {"model": "local:tiny"}),
        ("compare", {}),
        ("dashboard", {}),
        ("summary", {}),
    ],
)
def test_no_page_says_case(
    finished: str, name: str, opened: dict[str, object], open_page: Callable[[str], AppTest]
) -> None:
    page = open_page(name)
    for key, value in opened.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception
    told = list(words(page))
    if name == "rubric":
        assert "The rule, in your words" in told
    assert any("alert" in text for text in told)
    own = [e.case_text for e in runs.FILES.examples]
    assert [t for t in told if CASE.search(t) and not any(text in t for text in own)] == []
