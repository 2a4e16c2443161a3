"""A formula over other criteria as a form: what to combine and how, or a formula of one's own."""

import textwrap
from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components import plain
from rft_core.checks import build
from rft_core.checks.expression import FUNCTIONS, NoFormula, parse, written
from rft_core.checks.formula import Part, Shape, formula_of, shape_of
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, Rubric
from rft_core.rubric.ingredients import formula_in, is_penalty
from rft_core.rubric.rule_words import kept

OWN = "own"
SHAPES: dict[Shape | str, tuple[str, str]] = {
    "all": ("All of these must be met", "It earns as much as the least met of them."),
    "best": ("The best of these counts", "It earns as much as the best met of them."),
    "average": ("The average of these", "Each counts the same."),
    OWN: ("A formula of my own", "With + − * / ^, brackets and functions."),
}
MAX_CALLED = 100
_ALONE = "formula-parts-alone"
"""Where the session keeps whether the parts of the formula at hand should earn nothing."""


def show(rubric: Rubric, own_id: str, formula: str, key: str) -> str:
    """Draw the inputs and return the formula as they have it ("" while nothing is chosen)."""
    offered = {c.id: c for c in rubric.criteria if _can_be_part(c, own_id)}
    if not offered:
        st.info("Write the criteria that it combines first; then they can be chosen here.")
        return formula
    shape, parts = _read(formula)
    chosen = st.radio(
        "How they are combined",
        list(SHAPES),
        index=list(SHAPES).index(shape),
        format_func=lambda one: SHAPES[one][0],
        captions=[about for _, about in SHAPES.values()],
        key=f"{key}-shape",
        persist_state="session",
    )
    if chosen == OWN:
        made = _written(offered, formula, key)
    else:
        made = _picked(offered, parts, chosen, key)
    _alone(rubric, formula, made, key)
    return made


def with_parts(rubric: Rubric, criterion: Criterion) -> Rubric:
    """Return the rubric with a criterion that was edited; a formula's parts as its form has it."""
    changed = rubric.with_criterion(criterion)
    formula = formula_in(criterion.check)
    if formula is None or not st.session_state.get(_ALONE):
        return changed
    return changed.with_changes(
        criteria=[
            c.with_changes(points=0.0) if c.id in formula.parts else c for c in changed.criteria
        ]
    )


def _can_be_part(criterion: Criterion, own_id: str) -> bool:
    try:
        written(criterion.id)
    except NoFormula:
        return False
    return criterion.enabled and criterion.id != own_id and criterion.check.kind != "formula"


def _read(formula: str) -> tuple[Shape | str, Sequence[Part]]:
    """Return which ready-made formula it is, and of which parts; an empty one is the first."""
    if not formula:
        return "all", ()
    try:
        return shape_of(parse(formula)) or (OWN, ())
    except NoFormula:
        return OWN, ()


def _picked(offered: Mapping[str, Criterion], parts: Sequence[Part], shape: Shape, key: str) -> str:
    known = {part.name: part for part in parts if part.name in offered}
    ids = st.multiselect(
        "The criteria",
        list(offered),
        default=list(known),
        format_func=lambda i: _called(offered[i], known),
        placeholder="Choose two or more",
        key=f"{key}-parts",
        help="One that finds a fault counts as met where the fault is avoided.",
        persist_state="session",
    )
    picked = [known.get(i) or Part(i, _finds_fault(offered[i])) for i in ids]
    return formula_of(shape, picked) if picked else ""


def _called(offered: Criterion, known: Mapping[str, Part]) -> str:
    part = known.get(offered.id)
    avoided = part.avoided if part else _finds_fault(offered)
    text = textwrap.shorten(offered.text, MAX_CALLED, placeholder="…")
    if not avoided:
        return text
    return kept(offered, text) if is_penalty(offered) else f"Avoided: {text}"


def _finds_fault(criterion: Criterion) -> bool:
    try:
        return criterion.points < 0 or build(criterion.check).finds_fault
    except InputError:
        return criterion.points < 0


def _written(offered: Mapping[str, Criterion], formula: str, key: str) -> str:
    field = f"{key}-text"
    text = st.text_area(
        "The formula",
        formula,
        height=70,
        key=field,
        placeholder="0.5 * decision + 0.5 * decision * quote",
        help="Each name stands for how far that criterion is met: 0 not at all, 1 fully. Known are "
        f"{', '.join(FUNCTIONS)}.",
        persist_state="session",
    )
    st.caption("Click a criterion to put its name at the end:")
    with st.container(horizontal=True, gap="small"):
        for criterion in offered.values():
            st.button(
                plain.label(criterion.text, 60),
                key=f"{key}-add-{criterion.id}",
                type="tertiary",
                icon=":material/add:",
                on_click=_append,
                args=(field, text, criterion.id),
            )
    return text


def _append(field: str, text: str, name: str) -> None:
    st.session_state[field] = f"{text.rstrip()} {written(name)}".strip()


def _alone(rubric: Rubric, formula: str, made: str, key: str) -> None:
    """Ask whether the parts earn points beside the formula; as it is where they have some."""
    earning = {c.id: c.points for c in rubric.criteria if c.points}
    saved, now = (
        formula_in(CheckSpec.model_validate({"kind": "formula", "formula": text}))
        for text in (formula, made)
    )
    alone = st.session_state[_ALONE] = st.checkbox(
        "They earn nothing by themselves, only together",
        saved is None or earning.keys().isdisjoint(saved.parts),
        key=f"{key}-alone",
        help="Saving sets their points to 0. Else they earn their own points as well.",
        persist_state="session",
    )
    worth = sum(max(0.0, earning.get(name, 0.0)) for name in now.parts) if now else 0.0
    if alone and worth:
        can = f"{worth:g} {'point' if worth == 1 else 'points'}"
        st.caption(f"Now they can earn {can}. Give this criterion as many if you like.")
