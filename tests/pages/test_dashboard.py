"""The dashboard: all runs, two of them against each other, and who looked when."""

import pandas as pd
import pytest

from pages.components import charts
from tests.pages import finished_run as runs
from tests.pages.finished_run import ANSWERS, FILES


@pytest.fixture
def project(studio):
    studio.save_project(FILES.project, FILES.examples, FILES.rubric)
    return FILES.project


@pytest.fixture
def two_runs(project):
    runs.make_run(FILES, ANSWERS, run_id="train-1")
    better = ANSWERS | {"tuned": runs.right}
    runs.make_run(FILES, better, run_id="train-2", created_at="2026-11-21T10:00:00+00:00")


def metrics(app) -> dict[str, str]:
    return {m.label: m.value for m in app.main.metric}


def test_without_a_project_it_points_home(open_page):
    assert "There is no project yet" in runs.page_text(open_page("dashboard"))


def test_without_a_run_it_points_to_train(project, open_page, studio):
    app = open_page("dashboard")
    assert "There is no run yet" in runs.page_text(app)
    assert studio.looks(project.id).empty


def test_it_lists_runs_with_status_and_verdict(two_runs, open_page):
    at = "2026-11-22T10:00:00+00:00"
    job = runs.make_folder(FILES, "train-3", at)
    runs.set_state(job.path, "failed", at, "The disk is full.")
    app = open_page("dashboard")
    table = app.main.dataframe[0].value
    assert list(table["Status"]) == ["failed", "finished", "finished"]
    assert list(table["Verdict"]) == ["–", "Better", "Better"]
    assert list(table["Rubric used"]) == ["version 1"] * 3
    assert "Project" not in table
    assert metrics(app)["Runs"] == "3"
    assert metrics(app)["Better"] == "2"


def test_points_that_would_hide_each_other_stand_side_by_side():
    days = [pd.Timestamp(2026, 11, day) for day in (20, 21)]
    same, apart = [0.5, 0.9], [0.5, 0.2]
    first, second, third = charts.side_by_side([(days, same), (days, apart), (days, [0.503, None])])
    assert first[0] < second[0] < third[0], "three nearly alike"
    assert second[0] == days[0], "the middle one stays"
    assert (first[1], second[1], third[1]) == (days[1],) * 3, "what is apart stays"
    alone = charts.side_by_side([(days[:1], [0.5]), (days[:1], [0.5])])
    assert alone[0] != alone[1]


def test_two_runs_are_set_against_each_other(two_runs, open_page):
    # The second run answers the four cases right that the first did not.
    text = runs.page_text(open_page("dashboard"))
    assert "**4 better, 0 worse, 16 the same**" in text
    assert "points on average" in text


def test_runs_with_different_rubrics_are_not_compared(two_runs, open_page):
    criteria = list(FILES.rubric.criteria)
    criteria[0] = criteria[0].with_changes(points=4)
    changed = FILES.rubric.with_changes(criteria=criteria, name="Milder")
    at = "2026-11-22T10:00:00+00:00"
    runs.make_run(FILES, ANSWERS, rubric=changed, run_id="train-3", created_at=at)
    app = open_page("dashboard")
    text = runs.page_text(app)
    assert "graded with different rubrics" in text
    assert text.count("Rows: the right decision.") == 2, "their decisions do compare"
    names = app.selectbox("two-new").options
    assert [name for name in names if "Milder" in name] == names[:1]


def test_all_projects_can_be_shown(two_runs, open_page, studio):
    other = FILES.project.with_changes(id="other", name="<b>Other</b> $x$")
    files = FILES.model_copy(update={"project": other})
    studio.save_project(other, FILES.examples, FILES.rubric)
    runs.make_run(files, ANSWERS, run_id="train-7", created_at="2026-11-23T10:00:00+00:00")
    app = open_page("dashboard")
    app.main.button_group[0].set_value("All projects").run()
    assert not app.exception
    names = set(app.main.dataframe[0].value["Project"])
    assert names == {"Scam alerts", "<b>Other</b> $x$"}


def test_openings_are_listed_with_this_one(two_runs, open_page, studio):
    open_page("compare")
    text = runs.page_text(open_page("dashboard"))
    assert list(studio.looks(FILES.project.id)["what"]) == ["Compare", "Dashboard"]
    assert ">Compare<" in text
    assert ">Dashboard<" in text


def test_no_jargon(two_runs, open_page):
    assert runs.jargon(runs.page_text(open_page("dashboard"))) == []
