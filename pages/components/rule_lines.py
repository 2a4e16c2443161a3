"""Rules pasted as lines: looked at before anything is saved."""

import streamlit as st

from pages.components import criterion_form, plain, redraw, saving, steering
from pages.components.state import Current
from pages.components.steps import examples_id
from pages.components.words import plural, points_of
from rft_core.records import AnswerPart, Example, ReviewRule, Rubric, content_id
from rft_core.rubric.pasting import Pasted, paste

_TEXT = "paste-text"


def show() -> None:
    """Offer to paste rules; drawn once it is opened."""
    redraw.once_opened("Paste rules", ":material/content_paste:", "paste", _paste_in)


def _paste_in(found: Current) -> None:
    """Take lines, show what would become of each, and add them."""
    st.caption("One rule a line, with its points in front if you like:")
    key = f"{_TEXT}-{found.project.id}"
    steering.grant(key, ())
    text = st.text_area(
        "Rules", key=key, height=140, label_visibility="collapsed",
        placeholder="[+2] Makes the right decision\n[-1] Says “as an AI”\n[+1] At most 40 words",
        persist_state="session",
    )  # fmt: skip
    if not text.strip():
        return
    form = found.project.answer
    ids = examples_id(found), content_id(found.rubric), content_id(list(form))
    pasted = _paste(*ids, text, tuple(found.train), found.rubric, form)
    _preview(pasted)
    total = len(pasted.criteria) + len(pasted.review)
    if total and st.button(f"Add {plural('rule', total)}", type="primary", key="paste-add"):
        add(found, pasted, "rules pasted")
        steering.wish(key, "")
        st.rerun()


def add(found: Current, pasted: Pasted, note: str) -> None:
    """Save rules beside those that are there: criteria, and what is kept for review."""
    criteria = (*found.rubric.criteria, *pasted.criteria)
    changed = found._replace(
        project=found.project.with_changes(review=(*found.project.review, *pasted.review)),
        rubric=found.rubric.with_changes(criteria=criteria),
    )
    total = len(pasted.criteria) + len(pasted.review)
    saving.save(found, changed, note, f"{plural('rule', total)} added.")


def _uncounted(rule: ReviewRule) -> str:
    """Say what becomes of the points of a rule that is kept for review."""
    many = "point does" if abs(rule.points) == 1 else "points do"
    points = points_of(rule.points, sign=rule.points < 0)
    return f":small[:gray[Kept for review: its {points} {many} not count in training.]]"


@st.cache_data(show_spinner=False, max_entries=20)
def _paste(
    train_id: str,
    rubric_id: str,
    form_id: str,
    text: str,
    _train: tuple[Example, ...],
    _rubric: Rubric,
    _form: tuple[AnswerPart, ...],
) -> Pasted:
    return paste(text, _train, _rubric, _form)


def _preview(pasted: Pasted) -> None:
    for criterion in pasted.criteria:
        st.markdown(f"**{points_of(criterion.points)}** {plain.label(criterion.text, 200)}")
        st.caption(
            plain.label(criterion_form.read_back(criterion.check, Rubric(), criterion.points), 300)
        )
    if pasted.review:
        st.markdown("**For your own review**, since no check here can tell:")
        for rule in pasted.review:
            st.markdown(f"- {plain.label(rule.text, 200)}  \n{_uncounted(rule)}")
    for problem in pasted.problems:
        st.warning(plain.label(problem, 200))
