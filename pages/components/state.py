"""What pages share: the store, the current project, saving, and errors shown as sentences."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st

from pages.components import in_view, plain, steering
from pages.components.words import as_labelled, in_words_of
from rft_core.errors import RftError, StoreError
from rft_core.jobs import supervisor
from rft_core.jobs.folder import ACTIVE
from rft_core.records import Example, Project, Rubric
from rft_core.store.database import open_database
from rft_core.store.studio import Studio
from rft_core.store.versions import ProjectVersion

CURRENT = "project_id"
VIEWS = ("examples-view", "rubric-view")
"""What the pages with several views keep the chosen one under."""
ADDRESS = "project"
"""Names the project in the page's address, so that a reload shows the same one."""


class Current(NamedTuple):
    """The project that the pages show."""

    project: Project
    examples: tuple[Example, ...]
    rubric: Rubric

    @property
    def has_criteria(self) -> bool:
        """Whether there is anything to grade with: in the rubric, or brought by cases."""
        return bool(self.rubric.criteria) or any(e.criteria for e in self.examples)

    @property
    def noun(self) -> str:
        """What the project calls a case ("clause"), escaped for a label or a sentence."""
        return noun_of(self.project)

    def worded(self, text: str) -> str:
        """Return text of a page that speaks of cases with the project's noun, escaped."""
        return in_words_of(self.noun, text)

    def told(self, message: str) -> str:
        """Return a message of the program as pages say it; it is not escaped yet.

        In the project's words for cases and for values of the answer form, with the quotation
        marks of pages.
        """
        said = as_labelled(message, self.project.answer)
        return plain.curly(in_words_of(self.project.case_noun, said))

    def called(self, name: str) -> str:
        """Return what pages call an expected value: as the answer form labels it, if it does."""
        labels = {part.field: part.label for part in self.project.answer}
        return labels.get(name, name)

    @property
    def train(self) -> tuple[Example, ...]:
        return tuple(e for e in self.examples if e.split == "train")

    @property
    def heldout(self) -> tuple[Example, ...]:
        return tuple(e for e in self.examples if e.split == "heldout")


def noun_of(project: Project | None) -> str:
    """Return what a project, or one that is not there yet, calls a case; escaped."""
    return plain.label(project.case_noun, 30) if project is not None else "case"


@st.cache_resource(show_spinner=False)
def studio() -> Studio:
    """Return the one store of this process; StoreError where another app has the home folder."""
    address = f"http://{st.get_option('server.address')}:{st.get_option('server.port')}"
    return Studio(open_database(address=address))


def current() -> Current | None:
    """Return the chosen project, or the last changed one; None if there is none yet."""
    named = (st.session_state.get(CURRENT), st.query_params.get(ADDRESS))
    chosen = next((name for name in named if name and studio().has_project(name)), None)
    if chosen is None:
        known = studio().list_projects()
        if known.empty:
            return None
        chosen = str(known["project_id"].iloc[0])
    st.session_state[CURRENT] = chosen
    if st.query_params.get(ADDRESS) != chosen:
        st.query_params[ADDRESS] = chosen
    return Current(*studio().load_project(chosen))


def require_project() -> Current:
    """Return the current project; without one, say where to start and end the page."""
    found = current()
    if found is None:
        st.info("There is no project yet. Start one on the Home page.", icon=":material/home:")
        st.page_link("pages/home.py", label="Go to Home", icon=":material/arrow_forward:")
        st.stop()
    return found


def choose(project_id: str) -> None:
    """Make a project the current one; another one begins with the first view of each page."""
    if st.session_state.get(CURRENT) != project_id:
        for key in VIEWS:
            steering.wish(key, None)
    st.session_state[CURRENT] = project_id


def save_examples(found: Current, examples: Sequence[Example], note: str) -> ProjectVersion:
    """Append a version of the project with these examples."""
    return studio().save_examples(found.project.id, examples, note)


def save_rubric(found: Current, rubric: Rubric, note: str) -> ProjectVersion:
    """Append a version of the project with this rubric."""
    return studio().save_rubric(found.project.id, rubric, note)


def take_in_jobs() -> None:
    """Bring the store up to date with the job folders of training runs."""
    known = studio().runs()
    ended = set(known["run_id"][~known["status"].isin(ACTIVE)])
    for job in supervisor.jobs():
        try:
            if job.id not in ended and job.config().get("kind") == "train":
                studio().import_job(job.path)
        except RftError:
            # A job whose project was deleted, or whose folder is damaged, is not shown.
            continue


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Show an expected error as a sentence with its fix, and end the page there."""
    try:
        yield
    except StoreError as error:
        show_error(error)
        st.stop()
    except RftError as error:
        show_error(error)


def show_error(error: RftError, noun: str | None = None) -> None:
    """Show what happened and what to do. Messages may quote user text: shown as plain text.

    `noun` is what a case is called, if not as in the project that is open.
    """
    noun = noun or _noun_here()
    key = f"error-{type(error).__name__}"
    with st.container(border=True, key=key):
        in_view.bring(key)
        st.badge("Please check", icon=":material/error:", color="red")
        st.text(in_words_of(noun, error.message))
        if error.fix:
            st.text(in_words_of(noun, error.fix))
        if error.technical:
            plain.technical(error.technical)


def _noun_here() -> str:
    """Return what the project that is open calls a case; "case" where none can be opened."""
    try:
        found = current()
    except RftError:
        return "case"
    return found.project.case_noun if found else "case"
