"""Answers side by side, a few cases at a time: what each model said, what it earned and why."""

import difflib
import html
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.components import charts, plain, tables
from pages.components.words import capital, plural, reason_in_words_of
from rft_core.records import AnswerPart
from rft_core.reports import points
from rft_core.reports.answers import Answer, Case

PAGE = "compare-page"
PER_PAGE = 5
MARKED_FROM = 0.3
"""Share of words in common from which differences are marked."""
SHOWN_FIRST = ("base", "warm_start", "tuned")
FILTERS: dict[str, tuple[str, Callable[[Case], bool]]] = {
    "all": ("All", lambda case: True),
    "worse": ("Got worse", lambda case: case.change() == "worse"),
    "better": ("Got better", lambda case: case.change() == "better"),
    "same": ("The same", lambda case: case.change() == "same"),
    "unscored": ("Could not be graded", lambda case: case.change() == "could not be graded"),
}
MARKS = {
    "reference": "the expert answer",
    "base": "the answer before",
    "none": "nothing",
}
CHANGES = {
    "better": ("Got better", ":material/trending_up:", "green"),
    "worse": ("Got worse", ":material/trending_down:", "red"),
    "same": ("The same", ":material/equal:", "gray"),
    "could not be graded": ("Could not be graded", ":material/help:", "orange"),
}


@st.fragment
def viewer(cases: Sequence[Case], noun: str, form: Sequence[AnswerPart]) -> None:
    """Show cases with filters and a pager; what expected values are called is of the `form`."""
    models = [m for m in charts.MODELS if any(m in case.answers for case in cases)]
    chosen, marks = _controls(cases, models, plural(plain.label(noun)))
    found = _filtered(cases)
    if not found:
        st.info(f"No {plain.label(noun)} matches.")
        return
    number, pages = _pages(found)
    start = number * PER_PAGE
    last = min(start + PER_PAGE, len(found))
    st.caption(f"{capital(plain.label(noun))} {start + 1} to {last} of {len(found)}")
    for case in found[start:last]:
        _case(case, [m for m in models if m in chosen], marks, noun, form)
    _pager(number, pages)


def _controls(cases: Sequence[Case], models: Sequence[str], many: str) -> tuple[list[str], str]:
    counts = {key: sum(test(c) for c in cases) for key, (_, test) in FILTERS.items()}
    st.segmented_control(
        "Show (practised against before)",
        [key for key in FILTERS if counts[key] or key in ("all", "worse")],
        default="all",
        required=True,
        format_func=lambda key: f"{FILTERS[key][0]} ({counts[key]})",
        on_change=_open_page,
        args=(0,),
        key="compare-show",
    )
    tag, search, mark = st.columns(3)
    tags = dict.fromkeys(t for case in cases for t in case.example.tags)
    tag.selectbox(
        "Tag",
        ["", *tags],
        format_func=lambda t: plain.label(t) or "Any",
        on_change=_open_page,
        args=(0,),
        key="compare-tag",
    )
    search.text_input(
        f"Search in {many} and answers", on_change=_open_page, args=(0,), key="compare-search"
    )
    marks = mark.selectbox(
        "Mark words that differ from",
        list(MARKS),
        format_func=lambda key: MARKS[key],
        key="compare-marks",
    )
    chosen = st.pills(
        "Columns",
        models,
        selection_mode="multi",
        default=[m for m in models if m in SHOWN_FIRST],
        format_func=charts.title,
        key="compare-columns",
    )
    return chosen or list(SHOWN_FIRST), str(marks)


def _filtered(cases: Sequence[Case]) -> list[Case]:
    test = FILTERS[st.session_state.get("compare-show") or "all"][1]
    tag = st.session_state.get("compare-tag") or ""
    words = str(st.session_state.get("compare-search") or "").casefold()
    return [
        case
        for case in cases
        if test(case)
        and (not tag or tag in case.example.tags)
        and (not words or words in _searchable(case))
    ]


def _searchable(case: Case) -> str:
    texts = (a.text for m, a in case.answers.items() if m in charts.MODELS)
    example = case.example
    return "\n".join((example.id, example.case_text, example.reference or "", *texts)).casefold()


def _pages(found: Sequence[Case]) -> tuple[int, int]:
    """Return the page that is open, counted from 0, and how many there are."""
    pages = max(1, (len(found) + PER_PAGE - 1) // PER_PAGE)
    return min(int(st.session_state.get(PAGE, 0)), pages - 1), pages


def _pager(number: int, pages: int) -> None:
    """Show buttons to the page before and the page after."""
    if pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for text, icon, target in (
            ("Back", ":material/chevron_left:", number - 1),
            ("Next", ":material/chevron_right:", number + 1),
        ):
            st.button(
                text,
                icon=icon,
                disabled=not 0 <= target < pages,
                on_click=_open_page,
                args=(target,),
                key=f"compare-{text.lower()}",
            )
        st.text(f"Page {number + 1} of {pages}")


def _open_page(number: int) -> None:
    st.session_state[PAGE] = number


def _case(
    case: Case, models: Sequence[str], marks: str, noun: str, form: Sequence[AnswerPart]
) -> None:
    with st.container(border=True):
        _heading(case)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            plain.block(case.example.case_text, capital(plain.label(noun)))
        with right:
            plain.block(case.example.reference or "", "Expert answer")
        for column, model in zip(st.columns(len(models), gap="medium"), models, strict=True):
            with column, st.container(gap="xsmall"):
                _answer(case, model, marks)
        with st.expander("Why these points"):
            _reasons(case, models, noun, form)


def _heading(case: Case) -> None:
    text, icon, colour = CHANGES[case.change()]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(text, icon=icon, color=colour)  # type: ignore[arg-type]
        if case.difference():
            st.text(points.from_to(case))
        st.text(case.example.id)
        if case.example.tags:
            st.text(" · ".join(case.example.tags))


def _answer(case: Case, model: str, marks: str) -> None:
    answer = case.answers.get(model)
    st.html(_title(model))
    if answer is None:
        st.text("No answer.")
        return
    old = _compared_with(case, model, marks)
    if old is None or not _alike(old, answer.text):
        plain.block(answer.text)
    else:
        plain.difference(old, answer.text)
    st.html(_points(answer, case))
    if answer.truncated:
        st.badge("Cut off at the length limit", icon=":material/content_cut:", color="orange")


def _title(model: str) -> str:
    colour = charts.COLOURS[model]
    return (
        f'<div style="border-top:4px solid {colour};padding-top:.35rem;font-weight:600">'
        f"{html.escape(charts.title(model))}</div>"
    )


def _compared_with(case: Case, model: str, marks: str) -> str | None:
    if marks == "reference":
        return case.example.reference
    if marks == "base" and model != "base" and "base" in case.answers:
        return case.answers["base"].text
    return None


def _alike(old: str, new: str) -> bool:
    """Say whether enough words are shared for marked differences to be readable."""
    words = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    return words.ratio() >= MARKED_FROM


def _points(answer: Answer, case: Case) -> str:
    """Return the points and a mark for each criterion, with its text on hover."""
    marks = " ".join(
        f'<span title="{html.escape(c.text, quote=True)}">'
        f"{_coloured(_mark(answer.grade.values.get(c.id), c.points))}</span>"
        for c in case.criteria
    )
    return (
        f'<div style="margin-top:.3rem"><b>{html.escape(answer.points)}</b>'
        f'<span style="margin-left:.8rem;letter-spacing:.15em">{marks}</span></div>'
    )


def _coloured(mark: str) -> str:
    colour = {"✓": charts.BETTER, "✗": charts.WORSE, "!": charts.WORSE}.get(mark)
    return f'<b style="color:{colour}">{mark}</b>' if colour else mark


def _mark(value: float | None, worth: float) -> str:
    if value is None:
        return "?"
    if worth < 0:
        return "!" if value > 0 else "·"
    return "✓" if value >= 1 else "✗" if value <= 0 else "½"


def _reasons(case: Case, models: Sequence[str], noun: str, form: Sequence[AnswerPart]) -> None:
    rows: list[list[Any]] = []
    for criterion in case.criteria:
        row = [f"{criterion.text} ({points.exact(criterion.points)})"]
        for model in models:
            grade = case.answers[model].grade if model in case.answers else None
            value = grade.values.get(criterion.id) if grade else None
            reason = grade.reasons.get(criterion.id, "") if grade else ""
            reason = reason_in_words_of(noun, criterion, reason, form)
            row.append(f"{_mark(value, criterion.points)}  {reason}")
        rows.append(row)
    tables.show(["Criterion", *(charts.title(m) for m in models)], rows, right=False)
    st.caption("✓ met, ½ partly met, ✗ not met, ! penalty, · no penalty, ? could not be graded")
