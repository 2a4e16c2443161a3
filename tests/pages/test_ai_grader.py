"""The AI grader on pages: asked when its button is pressed, never by itself; said where it is."""

from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.components import danger
from rft_core.examples.folder import read_project
from rft_core.models import endpoint
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.settings import samples_folder
from rft_core.store import Studio
from tests.models.grader_server import GraderServer, verdict

Open = Callable[[str], AppTest]
PROJECT = "finance-scam-alerts"
QUESTION = "Does the answer name the kind?"
ASKED = Criterion(
    id="asked", text="Names the kind", points=4, aspect="substance",
    check=CheckSpec(kind="judge", question=QUESTION),
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    """What pages have worked out under another setup is not shown."""
    st.cache_data.clear()


@pytest.fixture
def sample(studio: Studio) -> Studio:
    files = read_project(samples_folder() / "finance")
    studio.save_project(files.project, files.examples, files.rubric)
    return studio


@pytest.fixture
def asking(sample: Studio) -> Studio:
    """Return a store whose rubric has a question for the AI grader."""
    sample.save_rubric(PROJECT, rubric(sample).with_criterion(ASKED), "a question")
    return sample


def rubric(studio: Studio) -> Rubric:
    return studio.load_project(PROJECT)[2]


def examples(studio: Studio) -> tuple[Example, ...]:
    return tuple(studio.load_project(PROJECT)[1])


def said(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.text, page.info, page.warning)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")


def box(page: AppTest, label: str):
    return next(w for w in (*page.text_area, *page.selectbox) if w.label.startswith(label))


def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(endpoint.URL, "https://api.example.com/v1")
    monkeypatch.setenv(endpoint.MODEL, "grader-1")


def test_a_question_is_written_tried_and_saved(
    sample: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    box(page, "The rule").set_value("Names the kind").run()
    box(page, "How it is checked").set_value("judge").run()
    box(page, "The question").set_value(QUESTION).run()
    assert f"Met when an AI grader answers “{QUESTION}” with yes." in said(page)
    assert ai_grader.asked == [], "nothing is asked while typing"
    next(b for b in page.button if b.label == "Ask the AI grader about my answers").click().run()
    asked = [one.answer for one in ai_grader.asked]
    train = [e for e in examples(sample) if e.split == "train"]
    assert sorted(asked) == sorted({e.reference for e in train[:3]})
    assert "The AI grader says yes: Because of its words." in said(page)
    page.run()
    assert "The AI grader says yes" in said(page) and len(ai_grader.asked) == len(asked)
    box(page, "The question").set_value("Is it short?").run()
    assert "The AI grader says" not in said(page), "that was another question"
    box(page, "The question").set_value(QUESTION).run()
    page.button("criterion-save").click().run()
    check = rubric(sample).criteria[-1].check
    assert (check.kind, check.parameters) == ("judge", {"question": QUESTION})
    assert "sent to" not in said(page), "it is on this machine"


def test_an_answer_is_graded_by_it_when_the_button_is_pressed(
    asking: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.text_area(f"trial-answer-{PROJECT}").set_value("Kind: impersonation").run()
    assert "The AI grader is asked in a run, or when you press “Ask the AI grader”." in said(page)
    assert ai_grader.asked == []
    page.button("trial-ask").click().run()
    assert "4 of 4" in said(page)
    assert [one.answer for one in ai_grader.asked] == ["Kind: impersonation"]
    page.text_area(f"trial-answer-{PROJECT}").set_value("Decision: block").run()
    assert "The AI grader is asked in a run" in said(page), "this answer was not asked about"
    assert len(ai_grader.asked) == 1


def test_what_it_writes_is_shown_as_text(
    asking: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    ai_grader.reply = verdict(True, "<img src=x> $x$ :red[no] ![a](http://b.example)")
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.text_area(f"trial-answer-{PROJECT}").set_value("x").run()
    page.button("trial-ask").click().run()
    (shown,) = [c.value for c in page.markdown if "says yes" in c.value]
    assert r"\<img src=x\>" in shown and r"\$x\$ \:red\[no\]" in shown
    assert r"\!\[a\]\(" in shown


def test_without_one_the_criterion_is_kept_and_says_what_to_do(
    asking: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("edit-asked").click().run()
    (box,) = [e for e in page.expander if e.label == "For whoever set up this app"]
    assert not box.proto.expanded and "set RFT_JUDGE_URL to the address" in box.text[0].value
    assert not [b for b in page.button if b.label.startswith("Ask the AI grader")]
    page.button("criterion-save").click().run()
    assert rubric(asking).criteria[-1] == ASKED
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.text_area(f"trial-answer-{PROJECT}").set_value("x").run()
    assert "could not be graded" in said(page) and "No AI grader is set up" in said(page)
    page = open_page("train")
    assert "No AI grader is set up" in said(page), "and before training"
    assert "RFT_" not in "".join(t.value for t in page.text if "No AI grader" in t.value)


def test_a_failure_is_a_sentence_and_no_points(
    asking: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    ai_grader.status = 500
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.text_area(f"trial-answer-{PROJECT}").set_value("Kind: impersonation").run()
    page.button("trial-ask").click().run()
    assert "failed (status 500)" in said(page) and "could not be graded" in said(page)
    ai_grader.status = 200
    page.button("trial-ask").click().run()
    assert "4 of 4" in said(page)


def test_to_whom_cases_are_sent_is_said_before(
    asking: Studio, open_page: Open, monkeypatch: pytest.MonkeyPatch, timed_tiny: str
) -> None:
    elsewhere(monkeypatch)
    sentence = "For the AI grader, alerts and answers are sent to api.example.com."
    page = open_page("rubric")
    assert sentence not in said(page)
    page.button("edit-asked").click().run()
    assert sentence in said(page)
    page = open_page("train")
    page.selectbox(key="model").select(timed_tiny).run()
    assert sentence in said(page)
    assert "asked about" in said(page) and "may cost money" in said(page)


def test_it_is_offered_last_for_a_rule_where_it_is_set_up(
    sample: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    box(page, "The rule").set_value("Is polite").run()
    assert "A question to the AI grader" in said(page) and "Not tried yet" in said(page)
    page.button("way-take-0").click().run()
    assert box(page, "The question").value == "Is polite"
    assert ai_grader.asked == []


def test_tricks_are_put_to_it_when_the_button_is_pressed(
    asking: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    ai_grader.rule = lambda asked: True
    asking.save_rubric(PROJECT, Rubric(criteria=(ASKED,)), "only a question")
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try to fool it").run()
    assert "can be fooled as well" in said(page) and ai_grader.asked == []
    page.button("tricks-ask").click().run()
    assert "tricks would pay" in said(page)
    count = len(ai_grader.asked)
    assert 0 < count <= 8 * 5
    page.run()
    assert "tricks would pay" in said(page) and len(ai_grader.asked) == count


def test_an_own_question_of_a_case_is_tried_there(
    sample: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    first, *rest = examples(sample)
    sample.save_examples(PROJECT, [first.with_changes(criteria=(ASKED,)), *rest])
    page = open_page("examples")
    assert "The AI grader is asked in a run" in said(page)
    page.button("edit-asked").click().run()
    next(b for b in page.button if b.label == "Ask the AI grader about my answers").click().run()
    assert [one.case for one in ai_grader.asked] == [first.prompt]
    assert "The AI grader says yes" in said(page)


def test_what_it_said_of_an_erased_project_is_forgotten(
    asking: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.text_area(f"trial-answer-{PROJECT}").set_value("Kind: x").run()
    page.button("trial-ask").click().run()
    assert endpoint.ENDPOINT._kept
    danger.erase(PROJECT)
    assert not endpoint.ENDPOINT._kept


def test_a_typed_answer_is_put_to_it_when_the_button_is_pressed(
    asking: Studio, ai_grader: GraderServer, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("edit-asked").click().run()
    key = f"draft-trial-{PROJECT}-asked"
    page.session_state[f"{key}-box"] = True
    page.run()
    page.text_area(f"{key}-answer").set_value("I cannot say.").run()
    assert "This answer: :gray[could not be graded]" in said(page) and ai_grader.asked == []
    page.button(f"{key}-ask").click().run()
    assert [one.answer for one in ai_grader.asked] == ["I cannot say."]
    assert "The AI grader says" in said(page)
    page.text_area(f"{key}-answer").set_value("Another.").run()
    assert len(ai_grader.asked) == 1 and "The AI grader says" not in said(page)
