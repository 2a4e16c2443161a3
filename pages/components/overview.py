"""Home with a project: which one, its five steps, its settings and its earlier versions."""

from itertools import groupby
from typing import Any

import streamlit as st

from pages.components import (
    in_view,
    plain,
    project_form,
    samples,
    saving,
    state,
    steering,
    words,
)
from pages.components.state import Current
from pages.components.steps import Step, next_step, steps
from rft_core.reports.changes import changes

_PICK = "home-project"
STEPS = "steps"
"""Key of the container with the project's name and its steps."""
MOST_CHANGES = 100
"""Differences between two versions that are listed."""


def show(found: Current) -> None:
    """Show the project, its steps and the one next thing to do."""
    _choose_project(found)
    with st.container(border=True, key=STEPS):
        st.subheader(plain.label(found.project.name), anchor=False)
        if found.project.purpose:
            st.caption(plain.label(found.project.purpose, 300))
        listed = steps(found)
        following = next_step(listed)
        for number, step in enumerate(listed, start=1):
            _row(number, step, step is following)
        in_view.grant(STEPS)
    samples.offer_recorded(found.project.id, "see-recorded")


def settings(found: Current) -> None:
    """Edit the project's settings."""
    version = state.studio().latest_version(found.project.id).version
    with st.form(f"settings-{found.project.id}-{version}", border=False):
        values = project_form.fields(f"settings-{found.project.id}-{version}", found.project)
        if st.form_submit_button("Save settings"):
            saving.save_project(
                found, project_form.checked(found.project, values), "settings changed"
            )
            st.rerun()


def versions(found: Current) -> None:
    """List the versions of the project and offer to go back to one."""
    known = state.studio().project_versions(found.project.id)
    if len(known) < 2:
        st.caption("This is the first version. Every save adds one, and you can go back to any.")
        return
    st.caption(
        "Every save adds a version. Going back adds one more, so nothing is ever lost. A version "
        f"holds the settings, the {words.plural(found.noun)} and the rubric."
    )
    rows = known.to_dict("records")
    st.dataframe(
        [_version_row(row) for row in rows], hide_index=True, height=min(300, 38 + 35 * len(rows))
    )
    older = {row["version"]: row for row in rows[1:]}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Compare with now, or go back to",
            list(older),
            format_func=lambda number: f"Version {number}",
            key=f"version-{found.project.id}",
            width=260,
        )
        if st.button("Restore this version", key="restore"):
            state.studio().restore_version(found.project.id, chosen)
            saving.say(f"Version {chosen} is back.")
            st.rerun()
    _differences(found, chosen)


def _differences(found: Current, version: int) -> None:
    """Show what changed since a version: what is gone struck, what is new marked."""
    found_changes = changes(state.studio().load_project(found.project.id, version), found)
    if not found_changes:
        st.caption(f"Nothing differs from version {version}.")
        return
    count = words.plural("change", len(found_changes))
    st.markdown(f"**{count} since version {version}**")
    shown = found_changes[:MOST_CHANGES]
    with st.container(height=420 if len(shown) > 3 else "content", border=True, key="changes"):
        for where, parts in groupby(shown, key=lambda change: change.where):
            st.markdown(f"**{plain.label(where, 120)}**")
            for change in parts:
                plain.difference(change.old, change.new, plain.label(change.what))
    if len(found_changes) > len(shown):
        st.caption(f"The first {len(shown)} are shown.")


def _version_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "Version": row["version"],
        "Saved (UTC)": row["at"].strftime("%-d %b %Y, %H:%M"),
        "What was done": row["note"],
        "Training": row["n_train"],
        "Test": row["n_heldout"],
    }


def _choose_project(found: Current) -> None:
    known = state.studio().list_projects()
    if len(known) < 2:
        return
    names = dict(zip(known["project_id"], known["name"], strict=True))
    if st.session_state.get(_PICK) != found.project.id:
        steering.wish(_PICK, found.project.id)
    steering.grant(_PICK, list(names))
    st.selectbox(
        "Project",
        list(names),
        format_func=names.get,
        key=_PICK,
        on_change=lambda: state.choose(st.session_state[_PICK]),
        width=420,
    )


def _row(number: int, step: Step, is_next: bool) -> None:
    mark, name, fact, action = st.columns([0.5, 1.6, 6, 3], vertical_alignment="center")
    mark.markdown(":green[:material/check_circle:]" if step.done else f":gray[**{number}**]")
    name.markdown(f"**{step.title}**")
    fact.markdown(step.fact)
    with action:
        if is_next:
            if st.button(step.action, type="primary", key="next", width="stretch"):
                st.switch_page(step.page)
        else:
            st.page_link(step.page, label="Open", icon=":material/arrow_forward:", width="stretch")
