"""The criteria of the rubric: what they are worth, what is wrong with them, and more of them."""

from collections.abc import Sequence

import streamlit as st

from pages.components import (
    case_findings,
    criteria_list,
    plain,
    redraw,
    review_rules,
    rule_lines,
    rule_templates,
    samples,
    saving,
    scoring,
    state,
    steering,
    to_look_at,
)
from pages.components.criteria_owner import Owner
from pages.components.criterion_drafts import OPEN
from pages.components.state import Current
from pages.components.steps import (
    perfect_points,
    points_range,
    rubric_basis,
    rubric_findings,
    sets_of_criteria,
)
from pages.components.words import an, capital, plural, points_of
from rft_core.records import Criterion
from rft_core.rubric.findings import Finding
from rft_core.rubric.lint_answers import SEE_TRICKS
from rft_core.rubric.lint_own import has_no_check, without_a_check_off
from rft_core.rubric.rules.proposals import first_rubric


def show(found: Current) -> None:
    """Show the criteria, what is wrong with them, and the way to add one."""
    listed = found.rubric.criteria
    suggested = () if listed else first_rubric(found.train, found.project.answer)
    owner = Owner(found)
    criteria_list.begin(owner)
    if found.has_criteria:
        redraw.part(redraw.TOTAL, _total)
        findings = st.container()
    else:
        st.info(
            "There are no criteria yet. A criterion is one rule in your words, with points, such "
            "as “Makes the right decision: 5 points”. A penalty has negative points.",
            icon=":material/checklist:",
        )
    if suggested:
        _suggest(found, suggested)
    _other_rubrics(found)
    criteria_list.show()
    criteria_list.add(not listed and not suggested, (rule_lines.show, rule_templates.show))
    review_rules.show(found, criteria_list.begin_with)
    if listed:
        st.fragment(scoring.show)()
    if found.has_criteria:
        # Last, so that nobody waits for them to see the criteria.
        with findings:
            redraw.part(redraw.RUBRIC_FINDINGS, _findings)


def _suggest(found: Current, suggested: Sequence[Criterion]) -> None:
    """Offer a rubric to begin with, made from the expected values of the training cases."""
    if st.button(
        f"Suggest a rubric from my {plural(found.noun)}", icon=":material/auto_awesome:",
        key="suggest", type="primary",
        help=found.worded(
            "One criterion for each expected value of your cases. Everything can be changed."
        ),
    ):  # fmt: skip
        note = f"rubric suggested from the {plural(found.project.case_noun)}"
        Owner(found).save(suggested, note, "A rubric to begin with.")
        st.rerun()


def _total() -> None:
    """Say what a perfect answer earns; from and to, where that depends on the case."""
    found = _as_stored()
    cases = sets_of_criteria(found)
    worst = min(sum(c.points for c in rules if c.points < 0) for rules in cases)
    says = [
        sum(c.points for c in rules if c.points > 0 and c.aspect == "substance") for rules in cases
    ]
    text = f"**{perfect_points(found)}** for a perfect answer"
    text += f", {points_range(says)} of them for what it says"
    text += f"; penalties down to {points_of(worst)}." if worst else "; no penalties."
    st.markdown(text)
    _own_criteria(found)


def _as_stored() -> Current:
    """Return the project as it is now: another window may have changed it since it was drawn."""
    drawn, now = criteria_list.drawn().found, state.require_project()
    return now if now.project.id == drawn.project.id else drawn


def _own_criteria(found: Current) -> None:
    """Say how many cases bring criteria of their own, which are graded beside the rubric's."""
    own = [e.id for e in found.examples if e.criteria]
    if own:
        brings = "brings criteria of its own" if len(own) == 1 else "bring criteria of their own"
        listed = ", ".join(own[:5]) + (", …" if len(own) > 5 else "")
        st.markdown(
            f"{plural(found.noun, len(own))} ({plain.label(listed, 200)}) {brings}, counted beside "
            "those of the rubric."
        )
        _own_without_check(found)


def _own_without_check(found: Current) -> None:
    """Offer to switch off what of cases' own criteria cannot be graded, in one step."""
    count = sum(has_no_check(c) for e in found.examples for c in e.criteria or ())
    if not count:
        return
    many = "1 of these criteria has" if count == 1 else f"{count} of these criteria have"
    st.caption(
        f":orange[:material/warning:] {many} no check here that can grade them. "
        f"{capital(an(found.noun))} in which such criteria carry more than a fifth of the points "
        "gets no points at all. Give them a check on the Examples page, or do without."
    )
    if st.button(
        "Switch off what cannot be graded", key="own-off",
        help=f"It stays with its {plural(found.noun)}.",
    ):  # fmt: skip
        kept = without_a_check_off(found.examples)
        note = f"own criteria of {plural(found.project.case_noun)} without a check switched off"
        saving.save_examples(found, kept, note, f"Switched off: {count}.")
        st.rerun()


def _findings() -> None:
    """Say how many things are wrong; which, once it is opened."""
    found = _as_stored()
    findings = rubric_findings(found, found.rubric)
    if not findings:
        st.caption(f":green[:material/check:] {_nothing_wrong(found)}")
        return
    stops = any(finding.severity == "stop" for finding in findings)
    icon = to_look_at.STOP if stops else to_look_at.WARN
    box = to_look_at.box(found, len(findings), icon, "rubric-findings", urgent=stops)
    if box.open:
        with box, to_look_at.list_of(findings):
            for position, finding in enumerate(findings):
                _finding(found, finding, position)


def _finding(found: Current, finding: Finding, position: int) -> None:
    """Say one thing that is wrong, with the way to what it is about."""
    text, action = st.columns([6, 2.4], vertical_alignment="center")
    message = plain.label(found.told(finding.message), 600)
    fix = plain.label(found.told(finding.fix), 300)
    text.markdown(f"{to_look_at.MARKS[finding.severity]} {message}  \n:small[:gray[{fix}]]")
    with action.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if any(c.id == finding.criterion_id for c in found.rubric.criteria):
            st.button(
                "Edit it",
                key=f"finding-edit-{position}",
                on_click=criteria_list.edit,
                args=(finding.criterion_id,),
            )
        if finding.fix == SEE_TRICKS and st.button("Try to fool it", key="finding-tricks"):
            steering.wish("rubric-view", "Try to fool it")
            st.rerun()
        if finding.example_ids:
            many = found.noun if len(finding.example_ids) == 1 else plural(found.noun)
            if st.button(f"Show the {many}", key=f"finding-show-{position}"):
                case_findings.wish_for(found, finding)
                st.switch_page("pages/examples.py")


def _nothing_wrong(found: Current) -> str:
    answers, cases = rubric_basis(found)
    if not cases:
        return (
            "Nothing is wrong with the rubric as it is written. On answers it will be tried once "
            f"{plural(found.noun)} have an expert answer."
        )
    said = (
        f"Nothing is wrong with the rubric, as far as can be seen in {plural('answer', answers)}, "
        f"right and wrong ones, to {plural(found.noun, cases)}."
    )
    if any(c.check.kind == "judge" for c in found.rubric.active):
        said += " The AI grader was not asked about them; “Try to fool it” can ask it."
    return said


def _other_rubrics(found: Current) -> None:
    """Offer the other rubrics of the sample, to practise with other priorities."""
    others = samples.other_rubrics(found)
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        others_shown = st.popover("Other rubrics for this sample", icon=":material/swap_horiz:")
        st.caption(f"In use: {plain.label(found.rubric.name)}")
    with others_shown:
        for number, rubric in enumerate(others):
            is_own = rubric.name == found.rubric.name
            st.markdown(f"**{plain.label(rubric.name)}**" + ", as it came" * is_own)
            differs = [c.text for c in rubric.criteria if c not in found.rubric.criteria]
            for text in differs:
                st.caption(plain.label(text, 300))
            if st.button("Use this rubric", key=f"rubric-{number}"):
                st.session_state[OPEN] = None
                said = "This rubric is used from now on."
                saving.save_rubric(found, rubric, f"rubric: {rubric.name}", said)
                st.rerun()
