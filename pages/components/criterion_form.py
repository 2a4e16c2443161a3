"""One criterion as a form: the rule, its points, and how it is checked.

The inputs of a check are drawn from its parameters, so that every kind has a form; the words for
kinds and parameters are in `check_words.py`.
"""

from typing import Any, Literal, NamedTuple, get_args, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from pages.components import cost_grid, plain, ways
from pages.components.check_words import KIND_WORDS, OPTION_WORDS, PARAMETER_WORDS, Setting
from pages.components.state import Current
from pages.components.words import title as page_title
from rft_core.checks import KINDS, build
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, content_id
from rft_core.rubric.proposals import Proposal

NEW = ""
"""Id of a criterion that is not saved yet."""
EMPTY = Criterion.model_construct(
    id=NEW, text="", points=1.0, aspect="substance", check=CheckSpec(kind="label"),
    applies_to="answer",
)  # fmt: skip
_DRAFT = "criterion-draft"
_TRIES = "criterion-tries"
_APPLIES = {"answer": "The answer", "reasoning": "The reasoning", "whole": "Both"}
MAX_LABELS = 12
"""A field with more values is not offered as labels."""


def points_of(points: float, sign: bool = True) -> str:
    """Return points as pages show them: +5, −2."""
    text = f"{points:+g}" if sign else f"{points:g}"
    return text.replace("-", "−")


def read_back(spec: CheckSpec) -> str:
    """Return what the check does, in one sentence; what is wrong with it if it cannot."""
    try:
        return build(spec).describe()
    except InputError as error:
        return error.message


def start_afresh(criterion_id: str) -> None:
    """Forget what was typed for a criterion."""
    tries = st.session_state.setdefault(_TRIES, {})
    tries[criterion_id] = tries.get(criterion_id, 0) + 1
    if criterion_id == NEW:
        st.session_state.pop(_DRAFT, None)


def show(found: Current, criterion: Criterion) -> Criterion:
    """Draw the inputs and return the criterion as they have it (not checked yet)."""
    tries = st.session_state.setdefault(_TRIES, {}).get(criterion.id, 0)
    key = f"criterion-{found.project.id}-{criterion.id}-{content_id(criterion)}-{tries}"
    text = st.text_area(
        "The rule, in your words",
        criterion.text,
        height=70,
        max_chars=1000,
        key=f"{key}-text",
        placeholder="Makes the right decision",
        persist_state="session",
    )
    rule = " ".join(text.split())
    if criterion.id == NEW and rule and rule != criterion.text:
        way = ways.choose(found, rule, lambda: start_afresh(NEW))
        if way is not None:
            typed = float(st.session_state.get(f"{key}-points") or criterion.points)
            st.session_state[_DRAFT] = found.project.id, _by(way, criterion, rule, typed)
            st.rerun()
    left, middle, right = st.columns([1, 2, 2])
    points = left.number_input(
        "Points",
        value=float(criterion.points),
        step=1.0,
        format="%g",
        key=f"{key}-points",
        help="Negative for a penalty.",
        persist_state="session",
    )
    aspect = middle.segmented_control(
        "Is about",
        ["substance", "form"],
        default=criterion.aspect,
        format_func=page_title,
        key=f"{key}-aspect",
        required=True,
        persist_state="session",
    )
    applies = criterion.applies_to
    if found.project.answer_style == "reason_then_answer" or applies != "answer":
        applies = right.segmented_control(
            "Looks at",
            list(_APPLIES),
            default=applies,
            format_func=_APPLIES.get,
            key=f"{key}-applies",
            required=True,
            persist_state="session",
        )
    spec = _check(found, criterion.check, points, key)
    st.caption(f":material/record_voice_over: {plain.label(read_back(spec), 500)}")
    return criterion.model_copy(
        update={
            "text": rule,
            "points": points,
            "aspect": aspect,
            "applies_to": applies,
            "check": spec,
        }
    )


def new(found: Current) -> Criterion:
    """Return the criterion that is being written: empty, or with the way of checking chosen."""
    project_id, draft = st.session_state.get(_DRAFT, ("", EMPTY))
    return draft if project_id == found.project.id else EMPTY


def _by(way: Proposal, criterion: Criterion, rule: str, typed: float) -> Criterion:
    points = abs(typed)
    return criterion.model_copy(
        update={
            "text": rule,
            "check": way.check,
            "points": -points if way.is_penalty else points,
            "aspect": "form" if way.is_form else "substance",
        }
    )


def checked(draft: Criterion, criterion_id: str) -> Criterion:
    """Return the criterion, under this id, if it can be used; else raise InputError."""
    if not draft.text:
        raise InputError("The rule has no text.", "Write it in your own words.")
    if draft.points == 0:
        raise InputError("The rule has 0 points.", "Give it points; negative ones for a penalty.")
    build(draft.check)
    return Criterion.model_validate({**draft.model_dump(), "id": criterion_id})


class _Form(NamedTuple):
    """What the inputs of one check have in common."""

    found: Current
    kind: str
    points: float
    """What the criterion is worth."""
    stored: dict[str, Any]
    """Parameters as they were saved."""
    values: dict[str, Any]
    """Parameters as the inputs drawn so far have them."""
    key: str


def _check(found: Current, spec: CheckSpec, points: float, key: str) -> CheckSpec:
    """Draw the kind of check and its parameters."""
    kinds = list(KINDS) if spec.kind in KINDS else [spec.kind, *KINDS]
    left, right = st.columns(2)
    kind = left.selectbox(
        "How it is checked",
        kinds,
        index=kinds.index(spec.kind),
        format_func=lambda k: KIND_WORDS.get(k, k.replace("_", " ").capitalize()),
        key=f"{key}-kind",
        persist_state="session",
    )
    if kind not in KINDS:
        return spec
    stored = spec.parameters if kind == spec.kind else {}
    info = {name: f for name, f in KINDS[kind].model_fields.items() if name != "kind"}
    values: dict[str, Any] = {}
    form = _Form(found, kind, points, stored, values, key)
    main = [n for n in info if not PARAMETER_WORDS.get(n, Setting("")).rare]
    rare = [n for n in info if n not in main]
    for name in sorted(main, key=lambda n: n != "field"):
        with right if name == "field" else st.container():
            values[name] = _parameter(form, name, info[name])
    if rare:
        with st.expander("More settings"):
            for name in rare:
                values[name] = _parameter(form, name, info[name])
    unknown = {n: v for n, v in stored.items() if n not in info}
    changed = {n: v for n, v in values.items() if n in stored or not _is_default(v, info[n])}
    return CheckSpec(kind=kind, **unknown, **changed)


def _parameter(form: _Form, name: str, info: FieldInfo) -> Any:
    """Draw the input that fits the parameter's type and return its value."""
    label, about = PARAMETER_WORDS[name][:2] if name in PARAMETER_WORDS else (_plain(name), "")
    default = None if info.is_required() else info.get_default()
    value = form.stored.get(name, default)
    options: dict[str, Any] = {
        "key": f"{form.key}-{form.kind}-{name}",
        "help": about or None,
        "persist_state": "session",
    }
    kinds = _kinds(info.annotation)
    if name == "field":
        return _field(form.found, label, value, info.is_required(), options)
    if any(get_origin(k) is dict for k in kinds):
        return cost_grid.show(
            label, about, value or {}, form.values.get("labels", []), form.points, options["key"]
        )
    if bool in kinds:
        return st.checkbox(label, bool(value), **options)
    choices = next((get_args(k) for k in kinds if get_origin(k) is Literal), ())
    if choices:
        return st.selectbox(
            label,
            choices,
            index=choices.index(value) if value in choices else 0,
            format_func=lambda choice: OPTION_WORDS.get(str(choice), _plain(str(choice))),
            **options,
        )
    if any(get_origin(k) is tuple for k in kinds):
        return _lines(form.found, label, name, value, form.values, options)
    if int in kinds or float in kinds:
        return _number(label, value, int in kinds, type(None) in kinds, options)
    text = st.text_input(label, value or "", **options)
    return text if text or type(None) not in kinds else None


def _field(
    found: Current, label: str, value: str | None, required: bool, options: dict[str, Any]
) -> str | None:
    known = list(dict.fromkeys(n for e in found.examples for n in e.fields))
    if value and value not in known:
        known.append(value)
    choices = known if required else [None, *known]
    return st.selectbox(
        label,
        choices,
        index=choices.index(value) if value in choices else (0 if choices else None),
        format_func=lambda name: "None" if name is None else name,
        accept_new_options=True,
        placeholder="Type a name, such as decision",
        **options,
    )


def _lines(
    found: Current,
    label: str,
    name: str,
    value: tuple[str, ...] | list[str] | None,
    values: dict[str, Any],
    options: dict[str, Any],
) -> list[str]:
    """Draw one text a line; labels begin with the values that the cases have."""
    if not value and name == "labels" and values.get("field"):
        value = _values_of(found, values["field"])
        options = options | {"key": f"{options['key']}-{values['field']}"}
    text = st.text_area(
        f"{label} (one a line)", "\n".join(value or ()), height="content", **options
    )
    return [line.strip() for line in text.split("\n") if line.strip()]


def _values_of(found: Current, field: str) -> list[str]:
    seen = [e.fields.get(field) for e in found.examples]
    texts = list(dict.fromkeys(v for v in seen if isinstance(v, str) and v.strip()))
    return texts if len(texts) <= MAX_LABELS else []


def _number(
    label: str, value: float | None, whole: bool, optional: bool, options: dict[str, Any]
) -> float | None:
    if optional:
        options = options | {"placeholder": "No limit"}
    if whole:
        return st.number_input(
            label, value=None if value is None else int(value), step=1, min_value=1, **options
        )
    return st.number_input(
        label, value=None if value is None else float(value), min_value=0.0, format="%g", **options
    )


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """Return the types of a union, or the one type."""
    if get_origin(annotation) in (Literal, tuple, dict):
        return (annotation,)
    return get_args(annotation) or (annotation,)


def _is_default(value: Any, info: FieldInfo) -> bool:
    default = info.get_default()
    return value == (list(default) if isinstance(default, tuple) else default)


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
