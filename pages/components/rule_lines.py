"""Rules pasted as lines: looked at before anything is saved."""

from collections.abc import Mapping

import streamlit as st

from pages.components import criterion_form, only_tagged, plain, redraw, saving, steering
from pages.components.state import Current
from pages.components.steps import examples_id
from pages.components.words import plural, points_of
from rft_core.records import AnswerPart, Criterion, Example, ReviewRule, Rubric, content_id
from rft_core.rubric.rules.pasting import Pasted, paste, read_rules

_TEXT = "paste-text"
_CHOICES = {"take": "Check it so", "review": "My own review", "out": "Leave out"}
"""What can become of a pasted rule."""


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
    given = {
        line.text: line.points for line in read_rules(text)[0] if line.points and line.points > 0
    }
    pasted = _chosen(found, pasted, given)
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


def _uncounted(found: Current, rule: ReviewRule, unread: str) -> str:
    """Say what becomes of the points of a rule that is kept for review, and which words of it
    no check looks at."""
    many = "point does" if abs(rule.points) == 1 else "points do"
    points = points_of(rule.points, sign=rule.points < 0)
    said = f"Kept for review: its {points} {many} not count in training."
    if unread:
        words = plain.label(plain.curly(unread), 200)
        cases = plural(found.noun)
        said += (
            f" Every check would leave out “{words}”. Tag such {cases} in the Overview of "
            f"Examples and name the tag in the rule: “Only for {cases} tagged …: …”."
        )
    return f":small[:gray[{said}]]"


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


def _chosen(found: Current, pasted: Pasted, given: Mapping[str, float]) -> Pasted:
    """Show what would become of each rule, and return what the expert takes of them.

    `given` has the points of the rules for which some are given.
    """
    criteria: list[Criterion] = []
    review: list[ReviewRule] = []
    for criterion in pasted.criteria:
        told = criterion_form.read_back(criterion.check, Rubric(), criterion.points)
        only = only_tagged.only_for(found.noun, criterion.tags)
        said = ": ".join(filter(None, (only, plain.label(found.told(told), 300))))
        at_first = "take"
        if same := pasted.known.get(criterion.id):
            at_first = "out"
            said += f" {plain.quoted(same, 100)}, which is there already, is checked alike."
        if criterion.points < 0 and criterion.text in given:
            said += (
                f" You wrote {points_of(given[criterion.text])}: as the rule says what must not "
                "be, it takes points off where it is broken."
            )
        choice = _line(criterion, f":small[:gray[{said}]]", list(_CHOICES), at_first)
        if choice == "take":
            criteria.append(criterion)
        elif choice == "review":
            review.append(ReviewRule(text=criterion.text, points=criterion.points))
    if pasted.review:
        st.markdown("**For your own review**, since no check here can tell:")
    for rule in pasted.review:
        said = _uncounted(found, rule, pasted.left_out.get(rule.text, ""))
        if _line(rule, said, ["review", "out"]) == "review":
            review.append(rule)
    for problem in pasted.problems:
        st.warning(plain.label(plain.curly(problem), 200))
    return Pasted(criteria=tuple(criteria), review=tuple(review), problems=pasted.problems)


def _line(
    rule: Criterion | ReviewRule, said: str, choices: list[str], at_first: str = "review"
) -> str:
    """Show a rule and what is said of it; return what becomes of it."""
    text, choice = st.columns([5, 3.4], vertical_alignment="center")
    text.markdown(f"**{points_of(rule.points)}** {plain.label(rule.text, 200)}  \n{said}")
    chosen: str = choice.segmented_control(
        "What becomes of it", choices, default=at_first, required=True,
        format_func=_CHOICES.get, key=f"paste-line-{content_id(rule)}",
        label_visibility="collapsed",
    )  # fmt: skip
    return chosen
