"""The five steps of a project: which are done, and the one thing to do next."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.state import Current
from pages.components.words import plural
from rft_core.checks import build, passing_failures
from rft_core.errors import InputError
from rft_core.examples import quality
from rft_core.examples.meaning import close_pairs
from rft_core.jobs import embedding
from rft_core.jobs.folder import ACTIVE, JobFolder
from rft_core.records import AnswerPart, Criterion, Example, Project, Rubric, content_id
from rft_core.reports import points
from rft_core.rubric import findings
from rft_core.rubric.from_form import is_of_form
from rft_core.rubric.lint import lint, looked_at
from rft_core.rubric.lint_answers import Basis
from rft_core.store.versions import rubric_version_id


class Step(NamedTuple):
    """One step, as Home shows it."""

    title: str
    page: str
    done: bool
    fact: str
    """Where it stands, in one sentence."""
    action: str
    """What the button says when this is the next thing to do."""
    under_way: bool = False
    """Whether it goes on by itself just now, and is what to look at."""


def steps(found: Current) -> list[Step]:
    """Return the five steps in their order."""
    runs = state.studio().runs(found.project.id)
    trained = runs[runs["kind"] == "train"]
    ready = [_examples(found), _rubric(found)]
    return [
        *ready,
        _check(found, all(step.done for step in ready), _is_checked(found, trained)),
        _train(trained),
        _compare(trained, len(state.studio().looks(found.project.id))),
    ]


def note_check(found: Current) -> None:
    """Keep in mind that the verdict on these cases and this rubric was shown before training."""
    _checks()[found.project.id] = _contents(found)


def next_step(listed: Sequence[Step]) -> Step:
    """Return the step that goes on now, else the first that is not done, else the last one."""
    under_way = next((step for step in listed if step.under_way), None)
    return under_way or next((step for step in listed if not step.done), listed[-1])


def example_findings(found: Current) -> list[quality.Finding]:
    """Return what is wrong with the cases and was not said to be fine, stops first."""
    return [f for f in _all_findings(found) if not is_dismissed(found, f)]


def dismissed_findings(found: Current) -> list[quality.Finding]:
    """Return what was found and said to be fine."""
    return [f for f in _all_findings(found) if is_dismissed(found, f)]


def is_dismissed(found: Current, finding: quality.Finding) -> bool:
    """Say whether the expert said that a finding is fine; a stop never is."""
    return finding.severity != "stop" and finding.id in found.project.dismissed


def is_too_few(finding: quality.Finding) -> bool:
    """Say whether a finding is that there are too few cases yet: to be done, but nothing wrong."""
    return finding.kind == "too_few"


def vectors(job: JobFolder | None) -> Mapping[str, embedding.Vector]:
    """Return what a finished look at the meaning of cases brought, by text."""
    if job is None or job.state().status != "finished":
        return {}
    return _vectors(str(job.path))


def rubric_findings(found: Current, rubric: Rubric) -> list[findings.Finding]:
    """Return what is wrong with the rubric, stops first."""
    project = found.project
    parts = content_id([*project.answer, *project.review])
    ids = examples_id(found), content_id(rubric), parts
    return _rubric_findings(
        *ids, passing_failures(), project.instruction, found.examples, rubric, project
    )


def rubric_basis(found: Current) -> Basis:
    """Return how many answers the findings about the rubric rest on, and to how many cases."""
    return _rubric_basis(examples_id(found), content_id(found.rubric), found.examples, found.rubric)


def required_fields(rubric: Rubric) -> dict[str, str]:
    """Return the expected values that every case needs, each with the text of a rule that reads it.

    What only cases with certain tags need is left to the findings of the rubric.
    """
    required: dict[str, str] = {}
    for criterion in (c for c in rubric.active if not c.tags):
        try:
            name = build(criterion.check).reads
        except InputError:
            continue
        if name:
            required.setdefault(name, criterion.text)
    return required


def sets_of_criteria(found: Current) -> list[tuple[Criterion, ...]]:
    """Return the sets of criteria that grade cases: equal tags without own criteria share one."""
    alike = {e.tags: e for e in found.examples if not e.criteria}
    cases = [*alike.values(), *(e for e in found.examples if e.criteria)]
    return [found.rubric.criteria_for(e) for e in cases] or [found.rubric.active]


def perfect_points(found: Current) -> str:
    """Return "10 points" for a perfect answer, "8 to 10 points" where it depends on the case."""
    best = [sum(c.points for c in rules if c.points > 0) for rules in sets_of_criteria(found)]
    return f"{points_range(best)} {'point' if max(best) == 1 else 'points'}"


def points_range(totals: Sequence[float]) -> str:
    """Return "10", or "8 to 10" where the totals differ."""
    low, high = (points.shown(total, 6) for total in (min(totals), max(totals)))
    return low if low == high else f"{low} to {high}"


def examples_id(found: Current) -> str:
    """Return the content id of the cases."""
    return state.studio().example_set_id(found.examples)


def _all_findings(found: Current) -> list[quality.Finding]:
    job = embedding.latest(found.project.id)
    known = vectors(job)
    return _example_findings(
        examples_id(found),
        required_fields(found.rubric),
        found.project.instruction,
        str(job.path) if job and known else "",
        content_id(found.project.answer),
        found.examples,
        known,
        found.project.answer,
    )


@st.cache_data(show_spinner=False, max_entries=20)
def _example_findings(
    examples_id: str,
    required: dict[str, str],
    instruction: str,
    look: str,
    form_id: str,
    _examples: Sequence[Example],
    _vectors: Mapping[str, embedding.Vector],
    _form: Sequence[AnswerPart],
) -> list[quality.Finding]:
    close = close_pairs(_examples, _vectors)
    return quality.check_examples(_examples, required, close, instruction, _form)


@st.cache_resource(show_spinner=False)
def _checks() -> dict[str, tuple[str, str]]:
    """Return by project the cases and the rubric that were checked last, while the app runs."""
    return {}


def _contents(found: Current) -> tuple[str, str]:
    return examples_id(found), rubric_version_id(found.rubric)


def _is_checked(found: Current, trained: pd.DataFrame) -> bool:
    """Say whether the verdict on the present cases and rubric was shown, or a run used them."""
    now = _contents(found)
    used = zip(trained["example_set_id"], trained["rubric_version_id"], strict=True)
    return _checks().get(found.project.id) == now or now in used


@st.cache_resource(show_spinner=False, max_entries=4)
def _vectors(path: str) -> Mapping[str, embedding.Vector]:
    return embedding.read_vectors(JobFolder(Path(path)))


@st.cache_data(show_spinner=False, max_entries=20)
def _rubric_findings(
    examples_id: str,
    rubric_id: str,
    parts_id: str,
    failures: int,
    instruction: str,
    _examples: Sequence[Example],
    _rubric: Rubric,
    _project: Project,
) -> list[findings.Finding]:
    return lint(_rubric, _examples, instruction, _project.answer, _project.review)


@st.cache_data(show_spinner=False, max_entries=20)
def _rubric_basis(
    examples_id: str, rubric_id: str, _examples: Sequence[Example], _rubric: Rubric
) -> Basis:
    return looked_at(_rubric, _examples)


def _stops(listed: Sequence[quality.Finding | findings.Finding]) -> int:
    return sum(finding.severity == "stop" for finding in listed)


def _to_look_at(listed: Sequence[quality.Finding | findings.Finding]) -> str:
    """Say how much was found, as the page itself does, and how much of it stops training."""
    if not listed:
        return ""
    said = f" {plural('thing', len(listed))} to look at"
    stops = _stops(listed)
    if not stops:
        return f"{said}."
    which = "it" if len(listed) == 1 else f"{stops} of them"
    return f"{said}: {which} {'stops' if stops == 1 else 'stop'} training."


def _examples(found: Current) -> Step:
    listed = example_findings(found) if found.examples else []
    stops = _stops(listed) if found.examples else 1
    many = plural(found.noun)
    fact = f"{len(found.train)} training and {len(found.heldout)} test {many}."
    if not found.examples:
        fact = f"No {many} yet."
    only_too_few = bool(listed) and all(map(is_too_few, listed))
    fact += " More are needed." if only_too_few else _to_look_at(listed)
    action = f"Look at the {many}" if found.examples else f"Add {many}"
    return Step("Examples", "pages/examples.py", not stops, fact, action)


def _rubric(found: Current) -> Step:
    criteria = found.rubric.active
    listed = rubric_findings(found, found.rubric) if found.has_criteria else []
    stops = _stops(listed) if found.has_criteria else 1
    off = len(found.rubric.criteria) - len(criteria)
    fact = f"{len(criteria)} {'criterion' if len(criteria) == 1 else 'criteria'}"
    fact += f" ({off} switched off), " if off else ", "
    fact += f"{perfect_points(found)} for a perfect answer."
    if not found.has_criteria:
        fact = "No criteria yet."
    elif not found.rubric.criteria:
        own = sum(bool(e.criteria) for e in found.examples)
        fact = f"{plural(found.noun, own)} with own criteria."
    elif is_of_form(found.rubric.criteria, found.project.answer, found.examples):
        fact += " Made from your answer form: look whether they are what matters to you."
    fact += _to_look_at(listed)
    action = "Look at the rubric" if found.has_criteria else "Write the rubric"
    return Step("Rubric", "pages/rubric.py", not stops, fact, action)


def _check(found: Current, ready: bool, checked: bool) -> Step:
    done = ready and checked
    fact = "Is all there, and how long will it take here? About a minute."
    if done:
        fact = found.worded("Cases and rubric are ready and were checked as they are now.")
    elif not ready:
        fact = f"Comes after the {plural(found.noun)} and the rubric."
    return Step("Check", "pages/train.py", done, fact, "Check before training")


def _train(trained: pd.DataFrame) -> Step:
    compared = _compared(trained)
    going_on = bool(trained["status"].isin(ACTIVE).any())
    fact = f"{plural('run', compared)} finished." if compared else "Not trained yet."
    if going_on:
        fact = "A run is going on."
    action = "Watch the training" if going_on else "Train"
    done = compared > 0 and not going_on
    return Step("Train", "pages/train.py", done, fact, action, under_way=going_on)


def _compare(trained: pd.DataFrame, looks: int) -> Step:
    compared = _compared(trained)
    fact = "Comes after a run."
    if compared:
        fact = "Results have been opened." if looks else "Results are ready to open."
    done = compared > 0 and looks > 0
    return Step("Compare", "pages/compare.py", done, fact, "Did it help? Compare")


def _compared(trained: pd.DataFrame) -> int:
    """Return how many runs came to a comparison, those that were stopped early among them."""
    return int((trained["compared"] | (trained["status"] == "finished")).sum())
