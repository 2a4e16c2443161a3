"""What an answer is made of: the parts of the answer form, with what follows from them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from pages.components import form_drafts, form_follows, plain, saving, shortcuts, state, steering
from pages.components.state import Current
from pages.components.words import plural
from rft_core.checks.number import NONE
from rft_core.errors import InputError
from rft_core.examples.answer_form import (
    ALONE,
    CANNOT_TELL,
    CHOICES,
    MAY_LACK,
    OUT_OF_SCOPE,
    alone_said,
    check_form,
)
from rft_core.examples.columns import plain_heading
from rft_core.examples.form_layout import with_layout
from rft_core.examples.form_of_cases import MAX_CHOICES, form_of_cases
from rft_core.examples.form_of_values import form_of_values, options_of, value_names
from rft_core.records import AnswerPart, PartKind, Record, content_id
from rft_core.rubric.from_form import is_of_form, main_part, rubric_of_form
from rft_core.rubric.ids import free_id, slug
from rft_core.rubric.new_form import with_form

KINDS: dict[PartKind, str] = {
    "choice": "A choice",
    "quote": "Quoted words",
    "ranked": "A ranked list",
    "number": "A number",
    "text": "A few words",
    "free_text": "Free text",
    "reasoning": "Reasons first",
}
LABELS: dict[PartKind, str] = {
    "choice": "Choice",
    "quote": "Quote",
    "ranked": "Ranking",
    "number": "Number",
    "text": "Note",
    "free_text": "Text",
    "reasoning": "Reasons",
}
"""What a new part is called."""
SHOWN_CHARS = 60
"""Of the name of an expected value in a list."""
NO_SOURCE = "Nothing: I answer it here"


def _part(kind: PartKind, label: str, **more: Any) -> AnswerPart:
    return AnswerPart(kind=kind, label=label, field=slug(label), **more)


QUOTE = _part("quote", "Quote")
DECISION = _part("choice", "Decision", alone=(CANNOT_TELL,))
AMOUNT = _part("number", "Amount", alone=(CANNOT_TELL,))
STARTS: dict[str, tuple[AnswerPart, ...]] = {
    "A decision, with the words that decide": (QUOTE, DECISION),
    "A decision, with the words that decide and a reason": (
        DECISION,
        QUOTE,
        _part("free_text", "Reason"),
    ),
    "Reasons, then a decision": (_part("reasoning", "Reasons"), DECISION),
    "A ranked list": (QUOTE, _part("ranked", "Ranking", alone=(CANNOT_TELL,))),
    "A number": (AMOUNT,),
    "A number, a decision and a reason": (AMOUNT, DECISION, _part("free_text", "Reason")),
    "A text in your own words": (_part("free_text", "Answer"),),
}


_ALONE_HELP = {
    CANNOT_TELL: "So that the model may say that it does not know.",
    OUT_OF_SCOPE: "For what is not your business at all.",
    NONE: "So that the answer may say that there is none.",
}
_PLACE = "answer-form"
"""Names the draft of the form."""


class _Typed(Record):
    """The parts as they were edited and not saved."""

    of: str
    """Content id of the form when it was begun."""
    parts: tuple[AnswerPart, ...]


class _Row(NamedTuple):
    """A part in the editor; its number stays while parts are moved and deleted."""

    number: int
    part: AnswerPart


def show(found: Current) -> None:
    """Edit the parts, and see what the model is told."""
    shortcuts.take_typed_first()
    rows = _rows(found)
    if not rows:
        _start(found)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        edited = [
            _Row(row.number, _edit(found, rows, row, place)) for place, row in enumerate(rows)
        ]
        typed = [row.part for row in edited]
        parts, kept = _with_fields(typed), _keep(found, typed)
        _add(found, edited)
    with right:
        follows = _preview(found, parts)
    _actions(found, parts, follows, kept)


def _brings(found: Current) -> str:
    """Say what becomes of the instruction and the rubric, and that what is there is kept."""
    if found.project.instruction.strip():
        rubric = "" if found.rubric.criteria else ", and a first rubric is written for you"
        return f"Your instruction is kept: how an answer is laid out is added below it{rubric}."
    if found.rubric.criteria:
        return "The instruction is written for you."
    return "The instruction and a first rubric are written for you."


def _start(found: Current) -> None:
    st.markdown(
        f"**What is an answer made of?** Then you answer {plural(found.noun)} with buttons and by "
        f"marking words. {_brings(found)} Everything can be changed."
    )
    answered = any(e.reference for e in found.examples)
    own = form_of_cases(found.train) if answered else form_of_values(found.examples)
    made = f"As in my {plural(found.noun)}" if answered else "Made of my expected values"
    if own and st.button(
        f"{made}: {', '.join(plain.label(part.label) for part in own)}",
        icon=":material/auto_awesome:", type="primary", key="form-own",
    ):  # fmt: skip
        _set(found, [_Row(i, part) for i, part in enumerate(own)])
        st.rerun()
    for number, (title, parts) in enumerate(STARTS.items()):
        if st.button(title, key=f"form-start-{number}", width=340):
            _set(found, [_Row(i, _with_choices(found, part)) for i, part in enumerate(parts)])
            st.rerun()


def _edit(found: Current, rows: Sequence[_Row], row: _Row, place: int) -> AnswerPart:
    """Draw the inputs of one part and return it."""
    part = row.part
    key = f"{_key(found)}-{_turn(found)}-{row.number}"
    with st.container(border=True, key=f"form-part-{place}"):
        name, kind_column, actions = st.columns([4.6, 3.4, 1.6], vertical_alignment="bottom")
        label = name.text_input(
            "Name", part.label, max_chars=40, key=f"{key}-label", persist_state="session",
            on_change=_propose, args=(found, part, key),
        )  # fmt: skip
        kind = kind_column.selectbox(
            "Kind", list(KINDS), list(KINDS).index(part.kind), format_func=KINDS.get,
            key=f"{key}-kind", persist_state="session",
        )  # fmt: skip
        with actions.container(horizontal=True, horizontal_alignment="right", gap="xxsmall"):
            up = st.button("", icon=":material/arrow_upward:", key=f"{key}-up", help="Move up",
                           disabled=not place, type="tertiary")  # fmt: skip
            gone = st.button("", icon=":material/delete:", key=f"{key}-delete",
                             help="Delete this part", type="tertiary")  # fmt: skip
        changes: dict[str, Any] = {"label": " ".join(label.split()) or part.label, "kind": kind}
        changes["field"] = _source(found, part.model_copy(update=changes), key)
        if kind in CHOICES:
            changes["options"] = _options(part, key)
        if kind in MAY_LACK:
            changes["alone"] = _alone(part, kind, key)
        if kind == "ranked":
            changes["top"] = st.number_input(
                "How many are listed",
                1,
                20,
                part.top,
                key=f"{key}-top",
                width=160,
                persist_state="session",
            )
    edited = part.model_copy(update=changes)
    if up or gone:
        others = [r for r in rows if r.number != row.number]
        if up:
            others.insert(place - 1, _Row(row.number, edited))
        _set(found, others)
        st.rerun()
    return edited


def _source(found: Current, part: AnswerPart, key: str) -> str:
    """Say from which expected value the part is filled, or ask; return the part's field."""
    names = _open_values(found)
    if part.kind == "reasoning" or not names:
        return part.field
    own = _called_so(part, names)
    if own is not None:
        count = sum(not e.reference and own in e.fields for e in found.examples)
        st.caption(f"Filled from “{plain.label(own)}” in {plural(found.noun, count)}.")
        return part.field
    chosen = st.selectbox(
        "Take it from", [NO_SOURCE, *names], format_func=_short,
        key=f"{key}-source", persist_state="session", on_change=_propose, args=(found, part, key),
    )  # fmt: skip
    return part.field if chosen == NO_SOURCE else chosen


def _short(name: str) -> str:
    return name if len(name) <= SHOWN_CHARS else f"{name[:SHOWN_CHARS]}…"


def _open_values(found: Current) -> list[str]:
    """Return the expected values of cases without an answer that are no part of the form yet."""
    fields = {part.field for part in found.project.answer}
    unanswered = [example for example in found.examples if not example.reference]
    return [name for name in value_names(unanswered) if name not in fields]


def _called_so(part: AnswerPart, names: Sequence[str]) -> str | None:
    """Return the expected value that is called as the part is, if any is."""
    wanted = [plain_heading(part.label), plain_heading(part.field)]
    found = {plain_heading(name): name for name in names}
    return next((found[name] for name in wanted if name in found), None)


def _with_choices(found: Current, part: AnswerPart) -> AnswerPart:
    """Return a part without choices with those of the expected value that is called so."""
    name = _called_so(part, _open_values(found))
    if part.kind != "choice" or part.options or name is None:
        return part
    return part.model_copy(update={"options": _choices_of(found, name)})


def _choices_of(found: Current, name: str) -> tuple[str, ...]:
    options = options_of(name, [example for example in found.examples if not example.reference])
    return tuple(o for o in options if o not in ALONE) if len(options) <= MAX_CHOICES else ()


def _propose(found: Current, part: AnswerPart, key: str) -> None:
    """Write the choices of the expected value that a part is now filled from, if it has none."""
    names, box = _open_values(found), f"{key}-options"
    label = st.session_state.get(f"{key}-label") or part.label
    own = _called_so(part.model_copy(update={"label": label}), names)
    name = own or st.session_state.get(f"{key}-source")
    written = st.session_state.get(box, "\n".join(part.options))
    if name in names and not written.strip():
        st.session_state[box] = "\n".join(_choices_of(found, name))


def _options(part: AnswerPart, key: str) -> tuple[str, ...]:
    text = st.text_area(
        "Choices (one a line)", "\n".join(part.options), height="content", key=f"{key}-options",
        persist_state="session",
        placeholder="accept\nnegotiate\nescalate",
    )  # fmt: skip
    return tuple(line for text_line in text.split("\n") if (line := " ".join(text_line.split())))


def _alone(part: AnswerPart, kind: PartKind, key: str) -> tuple[str, ...]:
    """Ask what a part offers where there is no answer."""
    with st.container(horizontal=True):
        return tuple(
            choice
            for choice in MAY_LACK[kind]
            if st.checkbox(
                f"Offer “{choice}” as well", choice in part.alone, key=f"{key}-{slug(choice)}",
                persist_state="session",
                help=_ALONE_HELP[choice],
            )
        )  # fmt: skip


def _add(found: Current, rows: Sequence[_Row]) -> None:
    with st.popover("Add a part", icon=":material/add:"):
        for kind, title in KINDS.items():
            if st.button(title, key=f"form-add-{kind}", type="tertiary"):
                label = free_id({row.part.label for row in rows}, LABELS[kind])
                number = max(row.number for row in rows) + 1
                new = AnswerPart(kind=kind, label=label.replace("_", " "), field="new",
                                 alone=alone_said(found.project.instruction, kind))  # fmt: skip
                _set(found, _placed(rows, _Row(number, new)))
                st.rerun()


def _placed(rows: Sequence[_Row], new: _Row) -> list[_Row]:
    """Return the rows with a new one: reasons first, before a free text that ends the answer."""
    if new.part.kind == "reasoning":
        return [new, *rows]
    last = [row for row in rows if row.part.kind == "free_text"]
    return [*(row for row in rows if row not in last), new, *last]


def _with_fields(parts: Sequence[AnswerPart]) -> list[AnswerPart]:
    """Return the parts, new ones with the name of an expected value of their own."""
    used = {part.field for part in parts if part.field != "new"}
    named = []
    for part in parts:
        field = free_id(used, slug(part.label)) if part.field == "new" else part.field
        used.add(field)
        named.append(part.model_copy(update={"field": field}))
    return named


def _preview(found: Current, parts: Sequence[AnswerPart]) -> form_follows.Follows:
    """Show what the model is told and what follows; return what the expert wants to follow."""
    try:
        check_form(parts)
    except InputError as error:
        st.caption(f":orange[:material/warning:] {plain.label(str(error), 300)}")
        return form_follows.Follows()
    told = with_layout(
        found.project.instruction, found.project.answer, parts, found.project.case_noun
    )
    follows = form_follows.ask(found, parts, told, f"{_key(found)}-{_turn(found)}")
    plain.block(told, "The model will be told")
    if not found.project.instruction.strip():
        st.caption("You can put a sentence about the task before it, in the project's settings.")
    rules = rubric_of_form(parts, found.examples)
    criteria = found.rubric.criteria
    if criteria and not is_of_form(criteria, found.project.answer, found.examples):
        st.caption("Your rubric follows where it speaks of these parts. Look whether it fits.")
    elif rules:
        plain.block("\n".join(f"{c.points:+g}  {c.text}" for c in rules), "The first rubric")
        st.caption(_worth_most(parts))
    else:
        st.caption("Nothing in a free text can be looked up. You write the rubric yourself.")
    return follows


def _worth_most(parts: Sequence[AnswerPart]) -> str:
    """Say which part of a form the first rubric pays most for, if it has one that leads."""
    main = main_part(parts)
    if main is None:
        return "Change the points later."
    what = "" if main.kind == "number" else ", the last choice or list,"
    return f"“{plain.label(main.label)}”{what} is worth most. Change the points later."


def _keep(found: Current, parts: Sequence[AnswerPart]) -> bool:
    """Keep the parts as they are edited; return whether they differ and are kept."""
    typed = _Typed(of=_begun_of(found), parts=tuple(parts))
    is_changed = tuple(parts) != found.project.answer
    return form_drafts.keep(found.project.id, _PLACE, typed if is_changed else None)


def _actions(
    found: Current, parts: Sequence[AnswerPart], follows: form_follows.Follows, kept: bool
) -> None:
    if _begun_of(found) != content_id(list(found.project.answer)):
        form_drafts.say_overtaken("The answer form", "discard your changes")
    with st.container(horizontal=True, vertical_alignment="center", key="form-actions"):
        save = st.button("Save the answer form", type="primary", key="form-save")
        cancel = st.button("Discard changes", key="form-cancel")
        remove = found.project.answer and st.button(
            "Answer in plain text instead", key="form-remove"
        )
        if kept:
            st.caption(form_drafts.KEPT)
    if save:
        _save(found, parts, follows)
    if cancel:
        _forget(found)
        st.rerun()
    if remove:
        _forget(found)
        saving.save_project(
            found, found.project.with_changes(answer=()), "answer form removed",
            "Answers are written as text from now on.",
        )  # fmt: skip
        st.rerun()


def _save(found: Current, parts: Sequence[AnswerPart], follows: form_follows.Follows) -> None:
    drafts = state.studio().drafts(found.project.id).values()
    typed = {name for draft in drafts for name in (*draft.case.fields, *(draft.answer or ()))}
    made = with_form(*found, parts, *follows, in_use=typed)
    changed = Current(made.project, made.examples, made.rubric)
    pairs = list(zip(changed.examples, found.examples, strict=True))
    fresh = sum(bool(new.reference and not old.reference) for new, old in pairs)
    count = sum(new.reference != old.reference for new, old in pairs) - fresh
    said = "The answer form is saved."
    said += f" {plural('answer', fresh)} made from your expected values." if fresh else ""
    said += f" {plural('answer', count)} written anew in it." if count else ""
    _forget(found)
    saving.save(found, changed, "answer form changed", said)
    if not found.examples:
        steering.wish("case-id", "")
    steering.wish("examples-view", "One case")
    st.rerun()


def _rows(found: Current) -> list[_Row]:
    """Return the parts as the editor has them: those of the project until something is moved."""
    typed = form_drafts.take_up(found.project.id, _PLACE, _Typed)
    if typed is not None:
        _set(found, [_Row(*row) for row in enumerate(typed.parts)])
        st.session_state[f"{_key(found)}-of"] = typed.of
    held = st.session_state.get(_key(found))
    return held if held is not None else [_Row(*row) for row in enumerate(found.project.answer)]


def _set(found: Current, rows: Sequence[_Row]) -> None:
    st.session_state[_key(found)] = list(rows)


def _forget(found: Current) -> None:
    for memory in (_key(found), f"{_key(found)}-of"):
        st.session_state.pop(memory, None)
    form_drafts.keep(found.project.id, _PLACE, None)
    st.session_state[f"{_key(found)}-turn"] = _turn(found) + 1


def _begun_of(found: Current) -> str:
    """Return the content id that the form had when its draft was begun; now, if there was none."""
    now = content_id(list(found.project.answer))
    return str(st.session_state.get(f"{_key(found)}-of", now))


def _turn(found: Current) -> int:
    turn: int = st.session_state.get(f"{_key(found)}-turn", 0)
    return turn


def _key(found: Current) -> str:
    return f"form-{found.project.id}"
