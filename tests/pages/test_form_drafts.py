"""What was typed and not saved comes back after a reload, which is a new session."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rft_core import settings
from rft_core.examples.folder import read_project
from rft_core.store import Studio
from tests.pages.acting import opened

Open = Callable[[str], AppTest]
NAME = "finance-scam-alerts"
KEPT = "Kept as a draft, not saved yet"
DAMAGED: list[Any] = ["text", 5, [], {}, {"text": None}, {"text": ["<b>"], "choices": 3}]


@pytest.fixture
def sample(studio: Studio) -> Studio:
    files = read_project(settings.samples_folder() / "finance")
    studio.save_project(files.project, files.examples, files.rubric)
    return studio


def is_kept(page: AppTest) -> bool:
    return any(KEPT in caption.value for caption in page.caption)


def test_pasted_rules_come_back_with_what_was_chosen_for_them(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("rubric"), "paste")
    page.text_area(f"paste-text-{NAME}").set_value("[+2] At most 40 words\nIs kind").run()
    choice = next(g for g in page.button_group if g.key.startswith("paste-line-"))
    choice.set_value("out").run()
    assert is_kept(page)

    again = open_page("rubric")
    assert again.text_area(f"paste-text-{NAME}").value == "[+2] At most 40 words\nIs kind"
    assert next(g for g in again.button_group if g.key == choice.key).value == "out"
    again.button("paste-discard").click().run()
    assert again.text_area(f"paste-text-{NAME}").value == ""
    assert sample.form_drafts(NAME) == {}
    assert not is_kept(open_page("rubric"))


def test_rules_that_were_added_are_no_draft(sample: Studio, open_page: Open) -> None:
    page = opened(open_page("rubric"), "paste")
    page.text_area(f"paste-text-{NAME}").set_value("At most 40 words").run()
    page.button("paste-add").click().run()
    assert not page.exception
    assert sample.form_drafts(NAME) == {}


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_damaged_draft_is_dropped(sample: Studio, open_page: Open, damaged: Any) -> None:
    for place in ("rules",):
        sample.keep_form_draft(NAME, place, damaged)
    page = open_page("rubric")
    assert not page.exception
    assert page.title[0].value == "Rubric"
    assert not is_kept(page)
