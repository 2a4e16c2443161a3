"""The compare page: verdict first, mistakes by name, answers as they are, looks noted."""

import html
import os
import re

import pytest

from rft_core.jobs.folder import JobFolder
from rft_core.reports import points
from tests.pages import finished_run as runs
from tests.pages.finished_run import (
    ANSWERS,
    AT_STAKE,
    FILES,
    GOT_WORSE,
    HELDOUT,
    HOSTILE,
    STILL_RELEASED,
)


@pytest.fixture
def project(studio):
    studio.save_project(FILES.project, FILES.examples, FILES.rubric)
    return FILES.project


@pytest.fixture
def finished(project):
    return runs.make_run(FILES, ANSWERS)


def cases_shown(app) -> set[str]:
    return {t.value for t in app.main.text if re.fullmatch(r"fin-\d+", t.value)}


def show(app, key: str):
    next(g for g in app.main.button_group if g.key == "compare-show").set_value(key).run()
    assert not app.exception
    return app


def test_without_a_project_it_points_home(open_page):
    app = open_page("compare")
    assert "There is no project yet" in runs.page_text(app)


def test_without_a_run_it_points_to_train(project, open_page):
    app = open_page("compare")
    assert "There is no run yet" in runs.page_text(app)
    assert runs.links(app) == ["Go to Train"]


def test_the_verdict_comes_first_with_counts_and_range(finished, open_page):
    text = runs.page_text(open_page("compare"))
    assert f"{20 - 4} better, 2 worse, 2 the same" in text
    assert "Better" in text
    assert re.search(
        r"an alert earns [\d.]+ points more than before \(an alert can earn −\d+ to 10\)",
        text,
    )
    assert re.search(r"Likely range: [\d.]+ to [\d.]+ points more", text)


def test_what_one_case_alone_asks_for_is_counted_and_explained_there(studio, open_page):
    check = {"kind": "contains_all", "phrases": ["Decision"]}
    own = {"id": "own", "text": "Names its <i>decision</i>", "points": 3, "aspect": "substance",
           "check": check}  # fmt: skip
    first = HELDOUT[0].id
    cases = [e.with_changes(criteria=(own,)) if e.id == first else e for e in FILES.examples]
    files = FILES.with_changes(examples=cases)
    studio.save_project(files.project, files.examples, files.rubric)
    runs.make_run(files, ANSWERS)
    text = runs.page_text(open_page("compare"))
    assert "Names its &lt;i&gt;decision" in text
    assert re.search(r"\d of 13\b", text) and re.search(r"\d of 10\b", text)
    assert "to 10.15)" in text, "on average over twenty cases, one of which has 3 more"


def test_mistakes_are_named_with_counts(finished, open_page):
    text = runs.page_text(open_page("compare"))
    n = len(AT_STAKE)
    assert (
        f"Releases a payment that should be stopped: before {n} of {n}, taught by your examples "
        f"2 of {n}, practised with your rubric 2 of {n}."
    ) in text


FREQUENCY = f"in-use-{FILES.project.id}-block"


def test_a_frequency_says_what_a_decision_is_worth_in_use(finished, open_page):
    app = open_page("compare")
    assert "Enter a number to see" in runs.page_text(app)
    app.selectbox("in-use-label").set_value("block").run()
    app.number_input(FREQUENCY).set_value(2.0).run()
    text = runs.page_text(app)
    assert re.search(
        r"Of 100 alerts that it marks “block”, about \d+ \(likely \d+ to \d+\) are right", text
    )
    assert text.count("It marked none of the test cases “block”") == 1  # before, all are released
    assert text.count("Of 100 that should be marked so, it marks about") == 2


def test_a_frequency_is_kept_with_the_project_until_it_is_cleared(finished, open_page, studio):
    app = open_page("compare")
    app.selectbox("in-use-label").set_value("block").run()
    app.number_input(FREQUENCY).set_value(2.5).run()
    assert studio.load_project(FILES.project.id)[0].frequencies == {"block": 0.025}
    later = open_page("compare")
    later.selectbox("in-use-label").set_value("block").run()
    assert later.number_input(FREQUENCY).value == 2.5
    assert "Of 100 alerts that it marks “block”" in runs.page_text(later)
    said = runs.page_text(open_page("summary"))
    assert "If 2.5 of 100 alerts call for “block”: Of 100 alerts that it marks" in said
    later.number_input(FREQUENCY).set_value(None).run()
    assert studio.load_project(FILES.project.id)[0].frequencies == {}


@pytest.mark.parametrize("percent", [0.0, 100.0])
def test_a_frequency_that_leaves_nothing_to_tell_apart_is_refused(
    finished, open_page, studio, percent
):
    app = open_page("compare")
    app.selectbox("in-use-label").set_value("block").run()
    app.number_input(FREQUENCY).set_value(percent).run()
    assert not app.exception
    assert "Enter a share above 0 and below 100 percent" in app.main.warning[0].value
    assert studio.load_project(FILES.project.id)[0].frequencies == {}


def test_floors_and_the_prompt_with_examples_have_their_rows(finished, open_page):
    text = runs.page_text(open_page("compare"))
    for row in ("Before, shown four examples", "Always the commonest answer",
                "Copy of the most similar alert", "Picked at random"):  # fmt: skip
        assert row in text


def test_got_worse_shows_exactly_the_worse_cases(finished, open_page):
    app = open_page("compare")
    assert len(cases_shown(app)) == 5
    assert cases_shown(show(app, "worse")) == set(GOT_WORSE)
    assert cases_shown(show(app, "same")) == set(STILL_RELEASED)


def test_pages_of_cases_follow_each_other(finished, open_page):
    app = open_page("compare")
    seen = cases_shown(app)
    for _ in range(3):
        app.main.button(key="compare-next").click().run()
        seen |= cases_shown(app)
    assert seen == {e.id for e in HELDOUT}
    assert app.main.button(key="compare-next").disabled


def test_search_finds_words_of_a_case(finished, open_page):
    app = open_page("compare")
    app.main.text_input(key="compare-search").set_value(HELDOUT[7].case_text[:30]).run()
    assert HELDOUT[7].id in cases_shown(app)
    assert len(cases_shown(app)) < 5


def test_points_and_reasons_are_shown(finished, open_page):
    text = html.unescape(runs.page_text(show(open_page("compare"), "worse")))
    assert "1 of 10" in text
    assert 'Says "block"; expected "release".' in text


def test_opening_it_is_noted_once_a_session(finished, open_page, studio):
    app = open_page("compare")
    app.run()
    looks = studio.looks(FILES.project.id)
    assert list(looks["what"]) == ["Compare"]
    assert list(looks["run_id"]) == [finished.name]


def test_hostile_answers_are_shown_as_they_are(project, open_page):
    runs.make_run(FILES, ANSWERS | {"tuned": lambda e: HOSTILE})
    app = open_page("compare")
    text = runs.page_text(app)
    assert html.escape(HOSTILE) in text
    assert "<script>" not in text
    assert "<img" not in text
    assert not any("evil.example" in m.value for m in app.main.markdown)


def test_a_rubric_changed_after_a_look_makes_it_exploratory(finished, open_page, studio):
    open_page("compare")
    criteria = list(FILES.rubric.criteria)
    criteria[0] = criteria[0].with_changes(points=4)
    changed = FILES.rubric.with_changes(criteria=criteria)
    studio.save_rubric(FILES.project.id, changed)
    text = runs.page_text(open_page("compare"))
    assert "The rubric has been changed since this run." in text
    assert "take this verdict as a hint only" not in text

    runs.make_run(
        FILES, ANSWERS, rubric=changed, run_id="train-2", created_at="2026-12-20T10:00:00+00:00"
    )
    text = runs.page_text(open_page("compare"))
    assert "Exploratory: take this verdict as a hint only." in text
    assert "The rubric was changed after test results of this project were first opened" in text


def test_answers_that_did_not_change_are_called_out(project, open_page):
    runs.make_run(FILES, ANSWERS | {"tuned": runs.releases})
    text = runs.page_text(open_page("compare"))
    assert "100% of the answers after training are word for word those from before" in text
    assert "not enough evidence yet" in text.casefold()


def test_one_decision_for_everything_is_called_out(project, open_page):
    def block(example):
        return runs.says(example, "block", "none")

    runs.make_run(FILES, ANSWERS | {"base": lambda e: "I do not know.", "tuned": block})
    text = html.unescape(runs.page_text(open_page("compare")))
    assert 'the model decided "block" in 20 of 20 test alerts' in text
    assert "which needs no model, gets" in text


def test_a_prompt_with_examples_that_decides_as_well_is_named(project, open_page):
    def right(example):
        return example.reference

    runs.make_run(FILES, ANSWERS | {"few_shot": right, "tuned": right})
    text = runs.page_text(open_page("compare"))
    assert "Careful: it gets 20 of 20 decisions right" in text
    assert "Showing the model before four examples, without training, gets 20." in text


def test_recorded_runs_say_so(project, open_page):
    runs.make_run(FILES, ANSWERS, recorded=True)
    assert "A recorded run that comes with the sample" in runs.page_text(open_page("compare"))


def test_a_failed_run_says_what_to_do(project, open_page):
    job = runs.make_folder(FILES, "train-9", "2026-11-21T10:00:00+00:00")
    at = "2026-11-21T10:05:00+00:00"
    runs.set_state(job.path, "failed", at, "The disk is full.", "Free some space.")
    app = open_page("compare")
    assert "This run failed. The disk is full." in runs.page_text(app)
    assert "Free some space." in runs.page_text(app)
    assert runs.links(app) == ["Go to Train"]


def test_a_running_run_points_to_train_and_notes_no_look(project, open_page, studio):
    job = JobFolder(runs.make_folder(FILES, "train-9", "2026-11-21T10:00:00+00:00").path)
    lock = job.take_lock()
    runs.set_state(job.path, "running", "2026-11-21T10:00:00+00:00")
    app = open_page("compare")
    assert "This run is not finished yet" in runs.page_text(app)
    assert runs.links(app) == ["See how far it is"]
    assert studio.looks(FILES.project.id).empty
    os.close(lock)


def test_the_downloads_are_offered(finished, open_page):
    labels = [b.label for b in open_page("compare").main.download_button]
    assert labels == ["Answers for a spreadsheet (CSV)", "All numbers (JSON)"]


def test_no_jargon(finished, open_page):
    assert runs.jargon(runs.page_text(open_page("compare"))) == []


def test_criteria_that_do_not_count_stay_out_of_the_comparison(project, open_page):
    layout = next(c for c in FILES.rubric.criteria if c.id == "layout")
    tag = HELDOUT[0].tags[0]
    rubric = FILES.rubric.with_criterion(layout.with_changes(tags=(tag,)))
    off = next(c for c in rubric.criteria if c.id == "kind").with_changes(enabled=False)
    runs.make_run(FILES, ANSWERS, rubric=rubric.with_criterion(off))
    app = open_page("compare")
    assert "Answers in exactly three lines" in runs.page_text(app)
    assert off.text not in runs.page_text(app)
    with_tag = sum(tag in case.tags for case in HELDOUT)
    possible = [HELDOUT_POINTS - off.points - layout.points * (tag not in c.tags) for c in HELDOUT]
    assert 0 < with_tag < len(HELDOUT)
    assert f"to {points.exact(sum(possible) / len(possible))})" in runs.page_text(app)


HELDOUT_POINTS = sum(c.points for c in FILES.rubric.criteria if c.points > 0)


def test_healthbenchs_score_gives_the_same_points(project, open_page):
    runs.make_run(FILES, ANSWERS)
    usual = gain(open_page("compare"))
    runs.make_run(
        FILES, ANSWERS, rubric=FILES.rubric.with_changes(scoring="healthbench"),
        run_id="train-000000000002", created_at="2026-11-21T10:00:00+00:00",
    )  # fmt: skip
    assert gain(open_page("compare")) == pytest.approx(usual, abs=0.11), "but for rounding"


def gain(app) -> float:
    found = re.search(r"On average an alert earns ([\d.]+) points more", runs.page_text(app))
    assert found
    return float(found[1])
