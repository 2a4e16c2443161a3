"""Looking for cases that mean the same: started by a button, done by a process of its own."""

import streamlit as st

from pages.components import plain, state
from pages.components.state import Current
from pages.components.steps import dismissed_findings, example_findings, vectors
from pages.components.words import plural
from rft_core.examples.similar import prompt_text
from rft_core.jobs import embedding, supervisor
from rft_core.jobs.folder import ACTIVE, JobFolder

ALIKE = {
    "same_meaning", "repeated_meaning", "near_duplicate", "repeated_case", "contradiction",
    "near_contradiction",
}  # fmt: skip
"""Kinds of findings about cases that are alike, by their words or their meaning."""
READ_WORDS = 180
"""About how many words of a case are compared: the first 256 tokens."""
_WATCHED = "meaning-watched"
"""The job that this session has seen going on."""


def show(found: Current) -> None:
    """Offer the look, show how far it is, or say what it was about; nothing for a single case."""
    if sum(bool(e.case_text.strip()) for e in found.examples) < 2:
        return
    many = plural(found.noun)
    job = embedding.latest(found.project.id)
    if job is not None and job.state().status in ACTIVE:
        st.session_state[_WATCHED] = job.id
        st.fragment(_watch, run_every=1)(job, many)
        return
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="meaning"):
        if job is not None and job.state().status == "finished":
            _since(found, job)
        else:
            _offer(found, f"Look for {plural(found.noun)} that mean the same")
    ended = job.state() if job is not None and job.id == st.session_state.get(_WATCHED) else None
    if ended is not None and ended.status != "finished":
        st.warning(f"The {many} could not be compared by their meaning.", icon=":material/error:")
        plain.block(f"{ended.message} {ended.fix}".strip())


def _offer(found: Current, text: str) -> None:
    if st.button(
        text,
        icon=":material/compare_arrows:",
        type="tertiary",
        key="meaning-look",
        help=f"Finds {plural(found.noun)} that say the same in other words. It may take a minute; "
        "nothing leaves this computer.",
    ):
        embedding.start(found.project, found.examples)
        st.rerun()


def _since(found: Current, job: JobFolder) -> None:
    known = vectors(job)
    fresh = sum(prompt_text(e) not in known for e in found.examples if e.case_text.strip())
    if not fresh:
        alike = {f.kind for f in (*example_findings(found), *dismissed_findings(found))} & ALIKE
        told = "what is alike is told above" if alike else "no two stood out as saying the same"
        said = f":green[:material/check:] Compared by their meaning as well: {told}."
        long = sum(len(e.case_text.split()) > READ_WORDS for e in found.examples)
        if long:
            said += f" Of {plural(found.noun, long)} only the first {READ_WORDS} words were read."
        st.caption(said)
        return
    st.caption(f"Compared by their meaning, except for {plural(found.noun, fresh)} written since.")
    _offer(found, "Look again")


def _watch(job: JobFolder, many: str) -> None:
    """Show how far the look is; the whole page runs again when it has ended."""
    with state.errors_as_sentences():
        now = job.state()
        if now.status not in ACTIVE:
            st.rerun()
        if now.stage == "waiting" and supervisor.active("train"):
            st.info("Waiting: a training run is using this computer.")
            return
        with st.container(horizontal=True, vertical_alignment="center", key="meaning-progress"):
            share = now.step / now.steps if now.steps else 0.0
            st.progress(share, f"Comparing the {many} by their meaning", width="stretch")
            if st.button("Stop", icon=":material/stop:", key="meaning-stop"):
                supervisor.end_now(job)
                st.session_state.pop(_WATCHED, None)
                st.rerun()
