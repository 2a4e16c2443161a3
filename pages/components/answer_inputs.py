"""An answer as the parts of the answer form: buttons, marked words, lists, numbers and texts."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from pages.components import field_inputs, model_drafts, plain
from pages.components.state import Current
from pages.components.words import plural
from rft_core.checks.wording import holds
from rft_core.errors import InputError
from rft_core.examples.answer_form import (
    LISTS,
    OWN_WORDS,
    Value,
    Values,
    choices,
    expected_values,
    held_values,
    read_answer,
    write_answer,
)
from rft_core.examples.drafting import ENOUGH, draft
from rft_core.examples.typed_answer import as_text, as_values, other_layout
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
    if _is_text(values, key):
        return _as_text(found, case, example, key)
    saved = held_values(parts, example)
    held, stored = values or {}, saved or {}
    if not held:
        _offer_draft(found, case, key)
    given = {
        part.field: _input(found, part, case, held.get(part.field), stored.get(part.field), key)
        for part in parts
    }
    fields = field_inputs.show(found, case, key, without={part.field for part in parts})
    is_saved = given == {field: stored.get(field, value[:0]) for field, value in given.items()}
    if is_saved and saved is not None:
        own = {part.field: example.fields.get(part.field) for part in parts}
        answer = Answer(example.reference, _with(fields, own), given)
    else:
        kept = _with(_without_own_words(parts, fields), expected_values(parts, given))
        answer = _written(parts, kept, case, given)
    if answer.reference and not answer.problem and len(parts) > 1:
        long = len(answer.reference) > LONG
        with st.container(height=PREVIEW_PX if long else "content", border=long):
            title = "As the model will learn it"
            if case.split == "heldout":
                title = "Kept aside: the model never sees this answer"
            plain.block(answer.reference, title)
    _choose_text(parts, example, False, key)
    return answer


def _is_text(values: Values | None, key: str) -> bool:
    return bool(st.session_state.get(f"{key}-as-text", values is None))


def _written(
    parts: Sequence[AnswerPart], fields: dict[str, Any], case: Example, given: dict[str, Value]
) -> Answer:
    try:
        return Answer(write_answer(parts, given), fields, given)
    except InputError as error:
        return Answer(case.reference, fields, given, error)


def _as_text(found: Current, case: Example, example: Example, key: str) -> Answer:
    """Draw the answer as one text; one in the form's layout brings its expected values."""
    parts = found.project.answer
    reference = text_input(case, key)
    if reference and reference != example.reference and read_answer(parts, reference.strip()):
        reference = reference.strip()
    before = "This answer is not laid out as the answer form says."
    why_not = other_layout(parts, reference) if reference else None
    refused = st.session_state.pop(f"{key}-refused", None)
    if refused:
        before = ":orange[:material/warning:] It stays a text, since the form cannot hold it."
    if refused or why_not:
        st.caption(f"{before} {plain.label(plain.curly(refused or why_not), 200)}")
    _choose_text(parts, example, True, key)
    read = read_answer(parts, reference)
    if not read:
        return Answer(reference, field_inputs.show(found, case, key), {})
    own = {part.field for part in parts}
    field_inputs.forget(key, own)
    fields = field_inputs.show(found, case, key, without=own)
    if reference != example.reference:
        fields = _without_own_words(parts, fields)
    return Answer(reference, _with(fields, expected_values(parts, read)), {})


def text_input(case: Example, key: str) -> str | None:
    """Draw the answer as one text."""
    options: dict[str, Any] = {"key": f"{key}-reference", "persist_state": "session"}
    text = st.text_area(
        "Expert answer", _begins(options, case.reference or "") or "", height="content",
        max_chars=MAX_TEXT_CHARS, **options,
        help="The answer you would give, in the layout the model should learn.",
    )  # fmt: skip
    return text if text.strip() else None


def marks(parts: Sequence[AnswerPart], values: Values | None, key: str) -> dict[str, list[str]]:
    """Return by part the phrases that are marked in the case."""
    quotes = [part for part in parts if part.kind == "quote"]
    if _is_text(values, key):
        try:
            read = as_values(parts, st.session_state.get(f"{key}-reference", ""))
        except InputError:
            read = {}
        return {part.field: list(read.get(part.field, ())) for part in quotes}
    return {
        part.field: st.session_state.get(
            _key(part.field, key), "\n".join((values or {}).get(part.field, ()))
        ).split("\n")
        for part in quotes
    }


def take(
    parts: Sequence[AnswerPart], values: Values | None, key: str, field: str, phrase: str
) -> None:
    """Put a phrase among those of a quotation, before its input is drawn again.

    It takes the place of those that are part of it.
    """
    marked = marks(parts, values, key)[field]
    kept = [p for p in marked if p.strip() and not _holds(phrase, p)]
    if not _put(parts, values, key, field, (*kept, phrase)):
        own = [part for part in parts if part.field == field]
        text = st.session_state.get(f"{key}-reference", "")
        text = f"{text}\n{as_text(own, {field: (phrase,)})}".strip()
        st.session_state[f"{key}-reference"] = text


def take_off(
    parts: Sequence[AnswerPart], values: Values | None, key: str, field: str, phrase: str
) -> None:
    """Take a phrase from those of a quotation, before its input is drawn again."""
    kept = [p for p in marks(parts, values, key)[field] if p.strip() and p != phrase]
    _put(parts, values, key, field, kept)


def _holds(phrase: str, shorter: str) -> bool:
    return f" {' '.join(shorter.casefold().split())} " in f" {' '.join(phrase.casefold().split())} "


def _put(
    parts: Sequence[AnswerPart],
    values: Values | None,
    key: str,
    field: str,
    phrases: Sequence[str],
) -> bool:
    """Let a quotation have these phrases, in its input or in the text; False if that cannot be."""
    if not _is_text(values, key):
        st.session_state[_key(field, key)] = "\n".join(phrases)
        return True
    text = st.session_state.get(f"{key}-reference", "")
    try:
        held = {**as_values(parts, text), field: tuple(phrases)}
    except InputError:
        return False
    st.session_state[f"{key}-reference"] = as_text(parts, held)
    return True


def _key(field: str, key: str) -> str:
    return f"{key}-part-{field}"


def _choose_text(parts: Sequence[AnswerPart], example: Example, begins: bool, key: str) -> None:
    options: dict[str, Any] = {"key": f"{key}-as-text", "persist_state": "session"}
    st.toggle(
        "Write the answer as text", bool(_begins(options, begins)), **options,
        on_change=_carry_over, args=(parts, example, key),
    )  # fmt: skip


def _carry_over(parts: Sequence[AnswerPart], example: Example, key: str) -> None:
    """As a callback: write what the form holds as text, or fill the form with what the text says.

    A text that the form cannot hold stays a text.
    """
    stored = held_values(parts, example) or {}
    if st.session_state[f"{key}-as-text"]:
        given = {part.field: _given(part, key) for part in parts}
        is_saved = example.reference and given == stored
        text = example.reference if is_saved else as_text(parts, given)
        st.session_state[f"{key}-reference"] = text
        return
    offering = [_with_stored(part, stored.get(part.field)) for part in parts]
    try:
        values = as_values(offering, st.session_state[f"{key}-reference"])
    except InputError as error:
        st.session_state[f"{key}-as-text"] = True
        st.session_state[f"{key}-refused"] = error.message
        return
    for part in offering:
        empty: Value = () if part.kind in LISTS else ""
        held = _as_held(part, values.get(part.field, empty))
        st.session_state[_key(part.field, key)] = held


def _given(part: AnswerPart, key: str) -> Value:
    """Return what a part's input holds."""
    held = st.session_state.get(_key(part.field, key))
    if part.kind == "quote":
        return _lines(held or "")
    return tuple(held or ()) if part.kind == "ranked" else held or ""


def _with_stored(part: AnswerPart, stored: Value | None) -> AnswerPart:
    """Return a part that offers what is saved as well, as its input does."""
    if part.kind not in ("choice", "ranked") or not stored:
        return part
    listed = _listed(part, stored if isinstance(stored, tuple) else (stored,))
    return part.with_changes(options=tuple(i for i in listed if i not in part.alone))


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
            return _short(part, label, str(value or ""), options)
        case _:
            text = _begins(options, str(value or "")) or ""
            return st.text_area(label, text, height="content", max_chars=MAX_TEXT_CHARS, **options)


def _choice(part: AnswerPart, label: str, value: str, stored: str, options: dict[str, Any]) -> str:
    """Draw the choices; one that is saved and not offered is marked, until another is chosen."""
    now = st.session_state.get(options["key"], value)
    listed = _listed(part, () if now in choices(part) else (stored,))
    begins = value if value in listed else None
    chosen = st.pills(
        label, listed, default=_begins(options, begins), wrap=True,
        format_func=partial(_shown, part), **options,
    )  # fmt: skip
    return chosen or ""


def _short(part: AnswerPart, label: str, value: str, options: dict[str, Any]) -> str:
    """Draw a number or a few words, with buttons that put in what is offered in place of one."""
    if not part.alone:
        return st.text_input(label, _begins(options, value) or "", **options)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(label, _begins(options, value) or "", **options)
        with st.container(horizontal=True, width="content"):
            for none in part.alone:
                st.button(plain.label(none), key=f"{options['key']}-{none}", on_click=_hold,
                          args=(options["key"], [none]))  # fmt: skip
    return text


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
        _begins(options, begins), placeholder="Choose, the first one first",
        **options,
    )  # fmt: skip
    return tuple(chosen)


def _shown(part: AnswerPart, choice: str) -> str:
    """Return a choice as it is shown, with a sign where the form does not offer it."""
    shown = plain.label(choice)
    if choice in choices(part):
        return shown
    return f":orange[:material/warning:] {shown} (not offered)"


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
    phrases = _lines(text)
    lost = [phrase for phrase in phrases if not holds(case.case_text, phrase, False)]
    for phrase in lost:
        st.caption(
            f":orange[:material/warning:] “{plain.label(phrase)}” does not stand in the "
            f"{found.noun} word for word."
        )
    if lost and case.case_text.strip():
        st.button(
            f"Take out what does not stand in the {found.noun}", key=f"{options['key']}-take-out",
            type="tertiary", icon=":material/backspace:",
            on_click=_hold, args=(options["key"], [p for p in phrases if p not in lost]),
        )  # fmt: skip
    return phrases


def _hold(key: str, phrases: Sequence[str]) -> None:
    """As a callback: let an input hold these passages, one a line, and nothing else."""
    st.session_state[key] = "\n".join(phrases)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _begins(options: dict[str, Any], value: Any) -> Any:
    """Return what an input begins with; None where it holds something already."""
    return None if options["key"] in st.session_state else value


def _without_own_words(parts: Sequence[AnswerPart], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields without those of parts that the answer alone holds.

    A table may have brought them, for an answer that was not whole yet.
    """
    own = {part.field for part in parts if part.kind in OWN_WORDS}
    return {name: value for name, value in fields.items() if name not in own}


def _with(fields: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with expected values put in; an empty one is left out."""
    values = dict(fields)
    for name, value in expected.items():
        if value is not None:
            values[name] = value
        else:
            values.pop(name, None)
    return values
