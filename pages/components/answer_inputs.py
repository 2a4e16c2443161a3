"""An answer as the parts of the answer form: buttons, marked words, lists, numbers and texts."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from pages.components import field_inputs, model_drafts, plain
from pages.components.state import Current
from pages.components.words import plural
from rft_core.checks.wording import holds
from rft_core.errors import InputError
from rft_core.examples.answer_form import (
    Value,
    Values,
    choices,
    expected_values,
    held_values,
    read_answer,
    write_answer,
)
from rft_core.examples.drafting import ENOUGH, draft
from rft_core.records import AnswerPart, Example
from rft_core.settings import MAX_TEXT_CHARS

LONG = 1_500
"""Characters from which an answer is shown in a box of its own height."""
PREVIEW_PX = 240


class Answer(NamedTuple):
    """What the inputs hold."""

    reference: str | None
    fields: dict[str, Any]
    """All expected values of the case."""
    values: dict[str, Value]
    """By part; empty where the answer is written as text."""
    problem: InputError | None = None
    """Why it cannot be saved yet."""


def show(
    found: Current, case: Example, example: Example, values: Values | None, key: str
) -> Answer:
    """Draw the inputs of the project's form for a case as it is typed; `example` is the saved one.

    `values` are what the parts begin with; None stands for an answer in another layout.
    """
    parts = found.project.answer
    if st.session_state.get(f"{key}-as-text", values is None):
        return _as_text(found, case, values is None, key)
    held, stored = values or {}, held_values(parts, example) or {}
    if not held:
        _offer_draft(found, case, key)
    given = {
        part.field: _input(found, part, case, held.get(part.field), stored.get(part.field), key)
        for part in parts
    }
    fields = field_inputs.show(found, case, key, without={part.field for part in parts})
    if given == {field: stored.get(field, value[:0]) for field, value in given.items()}:
        own = {part.field: example.fields.get(part.field) for part in parts}
        answer = Answer(example.reference, _with(fields, own), given)
    else:
        answer = _written(parts, _with(fields, expected_values(parts, given)), case, given)
    if answer.reference and not answer.problem and len(parts) > 1:
        long = len(answer.reference) > LONG
        with st.container(height=PREVIEW_PX if long else "content", border=long):
            title = "As the model will learn it"
            if case.split == "heldout":
                title = "Kept aside: the model never sees this answer"
            plain.block(answer.reference, title)
    _choose_text(False, key)
    return answer


def written_both_ways(key: str) -> bool:
    """Say whether these inputs were drawn as parts and as text: one of them may be out of date."""
    parts = any(str(name).startswith(_key("", key)) for name in st.session_state)
    return parts and f"{key}-reference" in st.session_state


def _written(
    parts: Sequence[AnswerPart], fields: dict[str, Any], case: Example, given: dict[str, Value]
) -> Answer:
    try:
        return Answer(write_answer(parts, given), fields, given)
    except InputError as error:
        return Answer(case.reference, fields, given, error)


def _as_text(found: Current, case: Example, is_other: bool, key: str) -> Answer:
    """Draw the answer as one text; one in the form's layout brings its expected values."""
    reference = text_input(case, key)
    parts = found.project.answer
    _choose_text(is_other, key)
    fields = field_inputs.show(found, case, key)
    read = read_answer(parts, reference)
    return Answer(reference, _with(fields, expected_values(parts, read)) if read else fields, {})


def text_input(case: Example, key: str) -> str | None:
    """Draw the answer as one text."""
    text = st.text_area(
        "Expert answer", case.reference or "", height="content", max_chars=MAX_TEXT_CHARS,
        key=f"{key}-reference", persist_state="session",
        help="The answer you would give, in the layout the model should learn.",
    )  # fmt: skip
    return text if text.strip() else None


def marks(parts: Sequence[AnswerPart], values: Values | None, key: str) -> dict[str, list[str]]:
    """Return by part the phrases that are marked in the case."""
    return {
        part.field: st.session_state.get(
            _key(part.field, key), "\n".join((values or {}).get(part.field, ()))
        ).split("\n")
        for part in parts
        if part.kind == "quote"
    }


def take(marked: Mapping[str, Sequence[str]], key: str, field: str, phrase: str) -> None:
    """Put a phrase among those of a quotation, before its input is drawn again."""
    kept = [p for p in marked[field] if p.strip() and p.casefold() != phrase.casefold()]
    st.session_state[_key(field, key)] = "\n".join([*kept, phrase])


def _key(field: str, key: str) -> str:
    return f"{key}-part-{field}"


def _choose_text(begins: bool, key: str) -> None:
    if begins:
        st.caption("This answer is not laid out as the answer form says.")
    st.toggle("Write the answer as text", begins, key=f"{key}-as-text", persist_state="session")


def _offer_draft(found: Current, case: Example, key: str) -> None:
    """Offer an answer to begin with, for training cases once there are enough answers."""
    if case.split == "heldout":
        many = plural(found.noun)
        st.caption(f"Test {many} are answered without help, so that the test stays fair.")
        return
    if not case.case_text.strip():
        return
    suggested = draft(found.project.answer, case, found.train)
    if suggested is None:
        return
    with st.container(horizontal=True, key="suggest"):
        alike = st.button(
            "Suggest an answer", icon=":material/auto_awesome:", key=f"{key}-draft",
            help=f"Taken from your answer to the most similar training {found.noun}. Correct it "
            f"before you save. Offered from {ENOUGH} answers on.",
        )  # fmt: skip
        said = model_drafts.answer_to(found, case)
        if said is None:
            model_drafts.offer(found, case)
    if alike:
        _fill(found, suggested.values, key)
        st.caption(
            f":orange[:material/edit:] Taken from {plain.label(suggested.like.id)}, the most "
            f"similar {found.noun}. Please correct it."
        )
    if said is not None:
        _models_answer(found, said, key)


def _models_answer(found: Current, said: str, key: str) -> None:
    values = model_drafts.in_form(found, said)
    plain.block(said, "What the model says")
    if values is None:
        st.caption("It is not laid out as the answer form says, so it cannot be taken over.")
    elif st.button("Take it, and correct it", key=f"{key}-take"):
        _fill(found, values, key)


def _fill(found: Current, values: Values, key: str) -> None:
    """Put values in the inputs, before they are drawn."""
    for part in found.project.answer:
        value = values.get(part.field)
        if value:
            st.session_state[_key(part.field, key)] = _as_held(part, value)


def _as_held(part: AnswerPart, value: Value) -> Any:
    """Return a value as the part's input holds it; of a choice only what can be chosen."""
    if part.kind == "quote":
        return "\n".join(value)
    if part.kind == "ranked":
        return [item for item in value if item in choices(part)][: part.top]
    return value if part.kind != "choice" or value in choices(part) else None


def _input(
    found: Current,
    part: AnswerPart,
    case: Example,
    value: Value | None,
    stored: Value | None,
    key: str,
) -> Value:
    options: dict[str, Any] = {"key": _key(part.field, key), "persist_state": "session"}
    label = plain.label(part.label)
    match part.kind:
        case "choice":
            return _choice(part, label, str(value or ""), str(stored or ""), options)
        case "ranked":
            return _ranked(part, label, tuple(value or ()), tuple(stored or ()), options)
        case "quote":
            return _quote(found, part, label, tuple(value or ()), case, options)
        case "number" | "text":
            return st.text_input(label, _begins(options, str(value or "")) or "", **options)
        case _:
            text = _begins(options, str(value or "")) or ""
            return st.text_area(label, text, height="content", max_chars=MAX_TEXT_CHARS, **options)


def _choice(part: AnswerPart, label: str, value: str, stored: str, options: dict[str, Any]) -> str:
    """Draw the choices; what is saved stays one of them, so that they do not change meanwhile."""
    listed = _listed(part, (stored,))
    begins = value if value in listed else None
    chosen = st.pills(
        label, listed, default=_begins(options, begins), format_func=plain.label, wrap=True,
        **options,
    )  # fmt: skip
    return chosen or ""


def _ranked(
    part: AnswerPart,
    label: str,
    value: tuple[str, ...],
    stored: tuple[str, ...],
    options: dict[str, Any],
) -> tuple[str, ...]:
    listed = _listed(part, stored)
    begins = [item for item in value if item in listed]
    chosen = st.multiselect(
        f"{label} (the best {part.top})" if part.top > 1 else label, listed,
        _begins(options, begins), placeholder="Choose, the first one first", **options,
    )  # fmt: skip
    return tuple(chosen)


def _listed(part: AnswerPart, stored: Sequence[str]) -> list[str]:
    return [*choices(part), *(item for item in stored if item and item not in choices(part))]


def _quote(
    found: Current,
    part: AnswerPart,
    label: str,
    value: tuple[str, ...],
    case: Example,
    options: dict[str, Any],
) -> tuple[str, ...]:
    text = st.text_area(
        f"{label} (one passage a line)", _begins(options, "\n".join(value)) or "",
        height="content",
        placeholder=f"Mark words in the {found.project.case_noun}, or type them", **options,
    )  # fmt: skip
    phrases = tuple(line.strip() for line in text.split("\n") if line.strip())
    for phrase in phrases:
        if not holds(case.case_text, phrase, False):
            st.caption(
                f":orange[:material/warning:] “{plain.label(phrase)}” does not stand in the "
                f"{found.noun} word for word."
            )
    return phrases


def _begins(options: dict[str, Any], value: Any) -> Any:
    """Return what an input begins with; None where it holds something already."""
    return None if options["key"] in st.session_state else value


def _with(fields: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with expected values put in; an empty one is left out."""
    values = dict(fields)
    for name, value in expected.items():
        if value is not None:
            values[name] = value
        else:
            values.pop(name, None)
    return values
