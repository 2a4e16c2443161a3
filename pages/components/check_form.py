"""The inputs of a check, drawn from its parameters, so that every kind has a form.

The words for kinds and parameters are in `rft_core.checks.words`.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from pages.components import code_form, cost_grid, formula_form, json_form, plain, ways
from pages.components.criteria_owner import Owner
from pages.components.state import Current
from rft_core.checks import KINDS, build
from rft_core.checks.words import OPTION_WORDS, PARAMETER_WORDS, SELDOM, Setting, kind_title
from rft_core.errors import InputError
from rft_core.records import CheckSpec
from rft_core.rubric.closed_answers import closed_choice
from rft_core.rubric.from_form import main_part
from rft_core.settings import python_checks_are_on

MAX_LABELS = 12
"""A field with more values is not offered as labels."""

OF_LINES = ("pattern", "question")
"""Parameters that may hold line breaks, which an input of one line would drop."""

NOT_CHOSEN = ""
"""Stands for the kind of a check that nobody has chosen yet."""

CARRIED = (
    "phrases", "line", "field", "labels", "known", "given", "right", "min_words", "max_words",
    "case_sensitive", "ignore_quotes",
)  # fmt: skip
"""Parameters that mean the same in each check that has them: another check begins with them."""

SHARES = ("max_share",)
"""Parameters from 0 to 1 that are shown in percent."""

WITH_THE_ANSWER = ("overlap", "meaning")
"""Checks that compare with the expert's answer where no expected value is named."""


def is_rare(name: str) -> bool:
    """Say whether a parameter of checks is seldom set, and stands under "More settings"."""
    return PARAMETER_WORDS.get(name, Setting("")).rare


class CheckForm:
    """The inputs of one check; the caller draws the rare settings where it wants them."""

    def __init__(self, owner: Owner, spec: CheckSpec, points: float, key: str, own_id: str) -> None:
        self.found = owner.found
        self.rubric = owner.rubric
        """What a formula can be made of."""
        self.own_id = own_id
        """Id of the criterion that the check is of."""
        self.points = points
        """What the criterion is worth."""
        self.key = key
        self._spec = spec
        self.values: dict[str, Any] = {}
        """Parameters as the inputs drawn so far have them."""

    def draw_main(self) -> None:
        """Draw the kind of check and its usual settings."""
        kinds = [kind for kind in KINDS if kind != "python" or python_checks_are_on()]
        if self._spec.kind not in (*kinds, NOT_CHOSEN):
            kinds = [self._spec.kind, *kinds]
        left, right = st.columns(2)
        chosen = left.selectbox(
            "How it is checked",
            kinds,
            index=None if self._spec.kind == NOT_CHOSEN else kinds.index(self._spec.kind),
            format_func=lambda kind: self.found.told(kind_title(kind)),
            placeholder="Not chosen yet",
            key=kind_key(self.key),
            persist_state="session",
            on_change=_carry_over,
            args=(self.key,),
        )
        self.kind = chosen or NOT_CHOSEN
        st.session_state[f"{self.key}-typed"] = self.kind, self.values
        self.stored = self._spec.parameters if self.kind == self._spec.kind else {}
        """Parameters as they were saved."""
        self.begins = self.stored | st.session_state.get(f"{self.key}-carried", {})
        """What the inputs begin with: as saved, or as typed for the check chosen before."""
        fields = KINDS[self.kind].model_fields if self.kind in KINDS else {}
        self.info = {name: field for name, field in fields.items() if name != "kind"}
        self.rare = [name for name in self.info if is_rare(name)]
        main = [name for name in self.info if name not in self.rare]
        with right:
            self.draw([name for name in main if name == "field"])
        if self.kind == "json":
            self.values |= json_form.show(self.stored, f"{self.key}-json")
        else:
            self.draw([name for name in main if name != "field"])
        if self.kind in WITH_THE_ANSWER and not self.values.get("field"):
            _say_alike(self.found)

    def draw(self, names: Sequence[str]) -> None:
        """Draw the inputs of these parameters."""
        for name in names:
            self.values[name] = _parameter(self, name, self.info[name])

    @property
    def spec(self) -> CheckSpec:
        """The check as the inputs have it; parameters that are not known here survive."""
        unknown = {n: v for n, v in self.stored.items() if n not in self.info}
        changed = {
            n: v
            for n, v in self.values.items()
            if n in self.stored or not _is_default(v, self.info[n])
        }
        return CheckSpec(kind=self.kind, **unknown, **changed)


def kind_key(key: str) -> str:
    """Return under which name the session keeps the kind of check that is chosen in a form."""
    return f"{key}-kind"


def _carry_over(key: str) -> None:
    """As a callback: let the check that is chosen now begin with what was typed for the last one.

    What a check needs is no choice of the expert's where another can do without it.
    """
    old, values = st.session_state[f"{key}-typed"]
    new = st.session_state[kind_key(key)]
    if old not in KINDS or new not in KINDS:
        return
    carried = dict(st.session_state.get(f"{key}-carried", {}))
    was, now = KINDS[old].model_fields, KINDS[new].model_fields
    for name in (name for name in CARRIED if name in was and name in values):
        value = _typed(values[name], st.session_state.get(f"{key}-{old}-{name}", values[name]))
        carried.pop(name, None)
        if not _is_default(value, was[name]) and value not in (None, "", []):
            carried[name] = value
    needed = [kind["field"].is_required() for kind in (was, now) if "field" in kind]
    if needed == [True, False]:
        carried.pop("field", None)
    for name in carried.keys() & now.keys():
        st.session_state.pop(f"{key}-{new}-{name}", None)
    st.session_state[f"{key}-carried"] = carried


def _typed(drawn: Any, held: Any) -> Any:
    """Return as a parameter what an input holds by now; `drawn` is what it was drawn as."""
    return _lines_of(held) if isinstance(drawn, list) and isinstance(held, str) else held


def _say_alike(found: Current) -> None:
    """Say where the expert answers are such that wrong ones sound like them."""
    choice = closed_choice(found.train)
    if choice is not None:
        name = plain.label(found.called(choice), 40)
        st.caption(
            ":orange[:material/warning:] Your expert answers are short and choose from a few: all "
            f"such answers sound alike, the wrong ones too. The check “{kind_title('label')}” "
            f"tells them apart by what they give as “{name}”."
        )


def _parameter(form: "CheckForm", name: str, info: FieldInfo) -> Any:
    """Draw the input that fits the parameter's type and return its value."""
    label, about = PARAMETER_WORDS[name][:2] if name in PARAMETER_WORDS else (_plain(name), "")
    label, about = map(form.found.worded, (label, about))
    default = None if info.is_required() else info.get_default()
    value = form.begins.get(name, default)
    options: dict[str, Any] = {
        "key": f"{form.key}-{form.kind}-{name}",
        "help": about or None,
        "persist_state": "session",
    }
    kinds = _kinds(info.annotation)
    if name == "formula":
        return formula_form.show(form.rubric, form.own_id, value or "", options["key"])
    if name == "code":
        return code_form.show(label, about, value or "", options["key"])
    if name == "field":
        return _field(form.found, label, value, _without_field(form.kind, info), options)
    if any(get_origin(k) is dict for k in kinds):
        return cost_grid.show(
            label, about, value or {}, form.values.get("labels", []), form.points, options["key"]
        )
    if bool in kinds:
        return st.checkbox(label, bool(value), **options)
    choices = next((get_args(k) for k in kinds if get_origin(k) is Literal), ())
    if choices:
        choices = tuple(choice for choice in choices if choice not in SELDOM)
        # An option of a newer version stays as it is until another is chosen, as a rare one does.
        choices = choices if value in choices else (*choices, value)
        return st.selectbox(
            label,
            choices,
            index=choices.index(value),
            format_func=lambda choice: form.found.told(
                OPTION_WORDS.get(str(choice), _plain(str(choice)))
            ),
            **options,
        )
    if any(get_origin(k) is tuple for k in kinds):
        return _lines(form.found, label, name, value, form.values, options)
    if name in SHARES:
        return _percent(label, value, options)
    if int in kinds or float in kinds:
        return _number(label, value, int in kinds, type(None) in kinds, options)
    if name == "pattern":
        text = _pattern(form, label, value or "", options)
    elif name in OF_LINES:
        text = st.text_area(label, value or "", height="content", **options)
    else:
        text = st.text_input(label, value or "", **options)
    if name == "line":
        text = text.strip().rstrip(" :：")
    return text if text or type(None) not in kinds else None


def _pattern(form: "CheckForm", label: str, value: str, options: dict[str, Any]) -> str:
    """Say in words what the layout is and draw its signs, folded away once there are some."""
    key, typed = f"{form.key}-{form.kind}-", st.session_state
    with suppress(InputError):
        now = form.stored | {n: typed[f"{key}{n}"] for n in form.info if f"{key}{n}" in typed}
        check = build(CheckSpec(**now, kind=form.kind))
        said = form.found.told(ways.as_worth(check.describe(), form.points < 0))
        st.caption(f":material/record_voice_over: {plain.label(said, 500)}")
    with st.expander("In signs", expanded=not value):
        return str(st.text_area(label, value, height="content", **options))


def _without_field(kind: str, info: FieldInfo) -> str | None:
    """Return what the check does without an expected value; None if it needs one."""
    if info.is_required():
        return None
    return "The expert answer" if kind in WITH_THE_ANSWER else "None"


def _field(
    found: Current, label: str, value: str | None, without: str | None, options: dict[str, Any]
) -> str | None:
    known = list(dict.fromkeys(n for e in found.examples for n in e.fields))
    if value and value not in known:
        known.append(value)
    choices = known if without is None else [None, *known]
    return st.selectbox(
        label,
        choices,
        index=choices.index(value if value in choices else _first(found, choices))
        if choices
        else None,
        format_func=lambda name: without if name is None else _called(found, name, known),
        accept_new_options=True,
        placeholder="Type a name, such as decision",
        **options,
    )


def _called(found: Current, name: str, known: Sequence[str]) -> str:
    """Return what an expected value is called, by its own name where another one is called so."""
    label = found.called(name)
    return name if label in known else label


def _first(found: Current, choices: list[str | None]) -> str | None:
    """Return what a new check compares with: nothing where it can, else the decision."""
    main = main_part(found.project.answer)
    few = [name for name in choices if name is None or _values_of(found, name)]
    wanted = [None, main.field if main else None, "decision", *few, *choices]
    return next(name for name in wanted if name in choices)


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
    return _lines_of(text)


def _lines_of(text: str) -> list[str]:
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


def _percent(label: str, share: float, options: dict[str, Any]) -> float:
    """Draw a share of 1 in percent. What is out of bounds is taken, for the check to refuse: in the
    browser it would only turn red, and the last one within them would be saved."""
    percent = st.number_input(
        f"{label}, in percent", value=round(100 * share, 2), format="%g", **options
    )
    return round(percent / 100, 4)


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
