"""The untrained model's answers to training cases without one, for the expert to correct."""

from collections.abc import Sequence

import streamlit as st

from pages.components import asking, state
from pages.components.state import Current
from rft_core.evaluation.answering import few_shot_examples
from rft_core.examples.answer_form import Value, read_answer
from rft_core.jobs import submission
from rft_core.jobs.folder import ACTIVE
from rft_core.models.catalogue import EMBEDDED_ID
from rft_core.records import Example

PURPOSE = "model-drafts"
AT_ONCE = 8
"""Cases that the model answers when it is asked: this one and the next without an answer."""
SHOTS = 4
"""Of the expert's answers that the model is shown."""


def answer_to(found: Current, case: Example) -> str | None:
    """Return what the model last said about the case as it is; None if it was not asked."""
    job = asking.latest(found.project, PURPOSE)
    said = asking.answers(job) if job else []
    texts = [text for asked, text in said if asked.id == case.id and asked.prompt == case.prompt]
    return texts[-1] if texts else None


def in_form(found: Current, text: str) -> dict[str, Value] | None:
    """Return the parts of what the model said; None where it is not in the answer form."""
    return read_answer(found.project.answer, text.strip()) or None


def offer(found: Current, case: Example) -> None:
    """Offer to ask the model, and show how far it is."""
    busy = asking.is_busy(found, PURPOSE)
    if not busy and st.button(
        "Ask the model", icon=":material/smart_toy:", key="model-drafts-ask",
        help=f"The model as it came is shown four of your answers and answers this {found.noun} "
        "and the next ones without an answer. It is often wrong: correct it before you save.",
    ):  # fmt: skip
        cases = _next(found.train, case)
        shots = few_shot_examples(found.train, SHOTS)
        asking.ask(
            PURPOSE,
            lambda: submission.answer_config(
                found.project, cases, EMBEDDED_ID, PURPOSE, shots=shots
            ),
        )
        st.rerun()
    if busy:
        st.fragment(_watch, run_every=2)(found)
        return
    job = asking.latest(found.project, PURPOSE)
    if job is not None and job.state().status not in (*ACTIVE, "finished", "stopped"):
        asking.show_failure(found, job.state())


def _watch(found: Current) -> None:
    with state.errors_as_sentences():
        if not asking.advance(found, PURPOSE):
            st.rerun()


def _next(train: Sequence[Example], case: Example) -> list[Example]:
    """Return the case and the next training cases without an answer, in their order."""
    place = next((i for i, e in enumerate(train) if e.id == case.id), 0)
    others = [e for e in (*train[place + 1 :], *train[:place]) if not e.reference]
    return [case, *others][:AT_ONCE]
